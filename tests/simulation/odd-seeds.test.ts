/** Every odd seed (SECURITY §6.7). The two halves run beside each other. */

import { describe, expect, it } from "vitest";
import { failuresOf, seedsOfHalf, simulationTimeoutMilliseconds } from "./seeds.ts";

describe("people on several devices, with a server that is honest, failing or hostile by turns", () => {
  it(
    "property: end of one mind, with nothing lost, nothing read by strangers, and nothing seen by the server (odd seeds)",
    async () => {
      expect(await failuresOf(seedsOfHalf(1))).toEqual([]);
    },
    simulationTimeoutMilliseconds,
  );
});
