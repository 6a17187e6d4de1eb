/** Of a device that signed one counter twice what is careful counts: so what cannot be read of it may be a no, and closes as any other. */

import { hashesPerListMax, huskOf, type Received, type SealedEntry } from "@amana/log";
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

const withdrawn: SealedEvent = {
  type: "ConsentWithdrawn",
  version: 1,
  data: { whose: "survivor", purpose: "removal" },
};

const asHusk = (entries: readonly Received[], { hash }: SealedEntry): readonly Received[] =>
  entries.map((each) =>
    each.kind === "entry" && each.entry.hash === hash ? { kind: "entry", entry: huskOf(each.entry) } : each,
  );

/** Rami's, and another thing under the same counter. */
const saidTwice = async (): Promise<SealedEntry> => {
  const said = await log.write(world.rami, [withdrawn]);
  const { counter, previous, parents } = said.header;
  await log.write(world.rami, noted("Something else."), { header: { counter, previous, parents } });
  return said;
};

describe("what a device said twice", () => {
  it("closes what rests on consent where the server keeps its body back, until a supervisor leaves it unread", async () => {
    const said = await saidTwice();
    const whole = await world.readCase(log);
    expect([whole.heldUpBy, whole.aside.map(({ hash }) => hash).includes(said.hash)]).toEqual([[], true]);
    const kept = await world.readCase(log, asHusk(log.entries, said));
    expect([kept.heldUpBy, kept.mustCatchUp]).toEqual([[said.hash], true]);
    await log.write(world.azad, control({ type: "LeftUnread", entries: [said.hash] }), {
      header: { kind: "control", parents: [] },
    });
    const left = await world.readCase(log, asHusk(log.entries, said));
    expect([left.heldUpBy, left.mustCatchUp]).toEqual([[], false]);
  });

  it("is asked for what is careful also where its author left no room for it in the cut of whoever takes them out", async () => {
    const { nour, azad, rojin, rami } = world;
    const said = await saidTwice();
    const { counter, previous, parents } = said.header;
    // The word behind something of a name that comes last, and beside it more things than a cut holds.
    const behind = { counter: counter + 1, previous: said.hash, parents: [] };
    let last = await log.write(rami, noted("0"), { isKeptBack: true, header: behind });
    for (let count = 1; count < hashesPerListMax; count++) {
      const next = await log.write(rami, noted(`${count}`), { isKeptBack: true, header: behind });
      if (next.hash > last.hash) last = next;
      await log.write(rami, noted(`${count}`), { header: { counter, previous, parents } });
    }
    log.entries.push({ kind: "entry", entry: last });
    const { heads } = (await world.readCase(log)).review;
    const cut = heads.slice(0, hashesPerListMax);
    expect(cut).not.toContain(last.hash);
    const members = [nour, azad, rojin].map(memberOf);
    await log.write(nour, control({ type: "EpochBegun", members, cut, reason: "take" }), { beginsEpoch: true });
    const { aside } = await world.readCase(log);
    expect(aside.map(({ hash }) => hash)).toContain(said.hash);
  });
});
