/** One thing at a time. */

import { describe, expect, it } from "vitest";
import { makeTurns } from "./turns.ts";

describe("turns", () => {
  it("come one after the other, and one that fails keeps back no other", async () => {
    const inTurn = makeTurns();
    const order: string[] = [];
    const slow = inTurn(async () => {
      await Promise.resolve();
      order.push("slow");
      throw new Error("Something of ours went wrong.");
    });
    const quick = inTurn(() => {
      order.push("quick");
      return Promise.resolve("done");
    });
    await expect(slow).rejects.toThrow("Something of ours went wrong.");
    expect(await quick).toBe("done");
    expect(order).toEqual(["slow", "quick"]);
  });
});
