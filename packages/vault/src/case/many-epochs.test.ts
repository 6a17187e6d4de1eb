/** What it costs to read a case in which somebody began very many epochs: nobody's device stands still for it (SECURITY §6.2). */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { platformDeflate, readCase, type CaseReading } from "../index.ts";
import { beginEpoch, makeWorld, noted, type TestLog, type World } from "../testing/world.ts";

const epochs = 60;

let world: World;
let log: TestLog;
beforeEach(async () => {
  world = await makeWorld();
  const { nour, azad } = world;
  log = world.openCase("a case");
  await beginEpoch(log, nour, [nour, azad]);
  for (let count = 1; count < epochs; count++) {
    await log.write(azad, noted("Under each."));
    await beginEpoch(log, nour, [nour, azad]);
  }
});

/** With how often anything was put into a set on the way. */
const readCounting = async (): Promise<{ readonly reading: CaseReading; readonly added: number }> => {
  const organisation = await world.readOrganisation();
  const { logId, entries, keyOf } = log;
  const spy = vi.spyOn(Set.prototype, "add");
  try {
    const reading = await readCase({ logId, entries, organisation, keyOf }, platformDeflate);
    return { reading, added: spy.mock.calls.length };
  } finally {
    spy.mockRestore();
  }
};

describe("a case of very many epochs", () => {
  it("is read in one walk, and not in one for each of them", async () => {
    const { reading, added } = await readCounting();
    expect([reading.epochs.length, reading.entries.length]).toEqual([epochs, 2 * epochs - 1]);
    // A few times for each entry, however many there are.
    expect(added).toBeLessThanOrEqual(20 * log.entries.length);
  });
});
