/** What an older device holds of a case when something of a newer version stands before what it can read. */

import { encodeCbor, parseEntry, type EntryHash, type Received } from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import type { SealedEvent } from "../index.ts";
import { beginEpoch, control, makeWorld, memberOf, noted, type TestLog, type World } from "../testing/world.ts";

let world: World;
let log: TestLog;
beforeEach(async () => {
  world = await makeWorld();
  const { nour, azad, rojin, rami } = world;
  log = world.openCase("a case");
  await beginEpoch(log, nour, [nour, azad, rojin, rami]);
});

const raised: SealedEvent = { type: "RiskRaised", version: 1, data: { level: "high", because: "He is at the door." } };

/** By a colleague whose device was updated: this one knows its name alone. */
const newer = (name: string): Received & { readonly kind: "newer" } => {
  const parsed = parseEntry(encodeCbor([encodeCbor([2, 1, name]), new Uint8Array(272), new Uint8Array(64)]));
  if (!parsed.ok || parsed.value.kind !== "newer") throw new Error("The test's own entry must be of the future.");
  return parsed.value;
};

/** Nour takes Rami out, and accepts what these stand for. */
const takeOut = (...accepted: readonly EntryHash[]) => {
  const { nour, azad, rojin } = world;
  const members = [nour, azad, rojin].map(memberOf);
  const event = control({ type: "EpochBegun", members, cut: accepted, reason: "take" });
  return log.write(nour, event, { beginsEpoch: true, header: { parents: [] } });
};

describe("what somebody wrote before they were taken out", () => {
  it("may have been accepted where something newer stands in the cut: what is careful in it counts until this device can tell", async () => {
    const word = await log.write(world.rami, [raised, ...noted("Beside it.")]);
    const between = newer("Azad's, after Rami's");
    log.entries.push(between);
    await takeOut(between.entry.hash);
    const { aside, review, entries, mustCatchUp } = await world.readCase(log);
    expect(aside).toMatchObject([{ hash: word.hash, by: { person: world.rami.id }, content: { kind: "body" } }]);
    expect([review.quarantined.has(word.hash), mustCatchUp]).toEqual([true, true]);
    expect(entries.map(({ hash }) => hash)).not.toContain(word.hash);
    // It is told only by what is careful: nobody's acceptance is made up for them.
    expect(review.heads).not.toContain(word.hash);
  });

  it("may have been accepted as well where the newer stands behind what the cut names", async () => {
    const word = await log.write(world.rami, [raised]);
    const between = newer("Azad's, after Rami's");
    log.entries.push(between);
    const after = await log.write(world.azad, noted("She goes on."), { header: { parents: [between.entry.hash] } });
    await takeOut(after.hash);
    const { aside, review } = await world.readCase(log);
    expect([aside.map(({ hash }) => hash), review.quarantined.has(word.hash)]).toEqual([[word.hash], true]);
  });

  it("was not accepted where nothing newer stands in the cut, wherever else it does: nothing of it counts", async () => {
    const word = await log.write(world.rami, [raised]);
    log.entries.push(newer("elsewhere"));
    await takeOut();
    const { aside, review } = await world.readCase(log);
    expect([aside, review.quarantined.has(word.hash)]).toEqual([[], true]);
  });
});
