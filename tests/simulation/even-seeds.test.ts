/** Every even seed (SECURITY §6.7). The two halves run beside each other. */

import { beforeAll, describe, expect, it } from "vitest";
import { type Run, runOf, seedsForEveryCommandMin, seedsOfHalf, simulationTimeoutMilliseconds } from "./seeds.ts";

describe("people on several devices, with a server that is honest, failing or hostile by turns", () => {
  const seeds = seedsOfHalf(0);
  let run: Run;
  beforeAll(async () => void (run = await runOf(seeds)), simulationTimeoutMilliseconds);

  it("property: end of one mind, with nothing lost, nothing read by strangers, and nothing seen by the server (even seeds)", () => {
    expect(run.failures).toEqual([]);
  });

  it.runIf(seeds.length >= seedsForEveryCommandMin)(
    "and tell a case everything that can be told of one, some time or another (even seeds)",
    () => {
      expect(run.neverAccepted).toEqual([]);
    },
  );
});
