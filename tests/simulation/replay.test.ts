/** A failing seed is only worth its number if it tells the same story again. */

import { describe, expect, it } from "vitest";
import { simulate } from "./simulate.ts";

describe("a simulation", () => {
  it("replays exactly from its seed: the same steps, and the same entries to the last byte", async () => {
    for (const seed of [7, 19]) {
      const [first, second] = [await simulate(seed), await simulate(seed)];
      expect(second.trace).toEqual(first.trace);
      expect(second.digest).toBe(first.digest);
      expect(first.trace.length).toBeGreaterThan(25);
    }
  });

  it("tells another story from another seed", async () => {
    const [one, other] = [await simulate(20), await simulate(21)];
    expect(one.digest).not.toBe(other.digest);
  });
});
