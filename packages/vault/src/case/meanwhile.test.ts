/**
 * Two persons take back an honest epoch of the organisation's log: what cases wrote since under the people it had brought is not
 * lost with it, and those who were given that epoch's key hold the same to be so as those who were not.
 */

import { assert } from "@amana/kernel";
import { toHex, type EntryHash, type SealedEntry } from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import {
  platformDeflate,
  readCase,
  readOrganisation,
  writeOrganisationEvent,
  type CaseReading,
  type KeyOf,
  type OrganisationEvent,
  type SealedEvent,
} from "../index.ts";
import {
  beginEpoch,
  control,
  keysOf,
  makePerson,
  makeWorld,
  memberOf,
  must,
  noted,
  type TestLog,
  type TestPerson,
  type World,
} from "../testing/world.ts";

let world: World;
let log: TestLog;
let dilan: TestPerson;
/** Nour's honest epoch, which brings Dilan. */
let brought: SealedEntry;
beforeEach(async () => {
  world = await makeWorld();
  const { nour, azad, rojin, rami } = world;
  await world.act(azad, { type: "PersonMet", person: rami.id });
  log = world.openCase("a case");
  await beginEpoch(log, nour, [nour, azad, rojin]);
  dilan = await makePerson("Dilan");
  brought = await write(nour, [{ type: "PersonEnrolled", role: "caseworker", ...keysOf(dilan) }, left], true);
});

const left: OrganisationEvent = { type: "EpochBegun", members: [], cut: [], reason: "left" };
const write = (by: TestPerson, events: readonly OrganisationEvent[], beginsEpoch = false) =>
  world.organisation.write(by, events.map(writeOrganisationEvent), { beginsEpoch });

/** Azad and Rami, bribed, take back what nobody else has gone on from in the organisation's log. */
const takeBack = async (): Promise<void> => {
  const { azad, rami } = world;
  const going = await write(azad, [{ ...left, over: [brought.hash] }], true);
  await write(rami, [{ type: "Confirmed", proposal: going.hash }]);
};

const readWith = async (keyOf: KeyOf, caseLog: TestLog): Promise<CaseReading> => {
  const { logId, entries } = world.organisation;
  const organisation = await readOrganisation({ logId, root: world.root, entries, keyOf }, platformDeflate);
  expect(organisation.passedOver.size).toBeGreaterThan(0);
  return readCase(
    { logId: caseLog.logId, entries: caseLog.entries, organisation, keyOf: caseLog.keyOf },
    platformDeflate,
  );
};

const whatCounts = ({ entries }: CaseReading): readonly (readonly [EntryHash, string | undefined, string])[] =>
  entries.map(({ hash, by, content }) => [hash, by?.person, content.kind]);

/** On a device that was given the key of what was passed over, and on one that never was. */
const readBoth = async (caseLog = log): Promise<readonly [CaseReading, CaseReading]> => {
  const { keyOf } = world.organisation;
  const lost = toHex(must(brought.header.keyCommitment));
  const [knowing, other] = [
    await readWith(keyOf, caseLog),
    await readWith((commitment) => (toHex(commitment) === lost ? undefined : keyOf(commitment)), caseLog),
  ];
  expect(whatCounts(other)).toEqual(whatCounts(knowing));
  expect(other.epochs.map(({ entry, openers }) => [entry, openers])).toEqual(
    knowing.epochs.map(({ entry, openers }) => [entry, openers]),
  );
  expect([other.review.heads, other.review.controlLine]).toEqual([knowing.review.heads, knowing.review.controlLine]);
  return [knowing, other];
};

const findIn = ({ entries }: CaseReading, { hash }: SealedEntry) => entries.find((entry) => entry.hash === hash);
const openersIn = ({ epochs }: CaseReading): readonly string[] => [...must(epochs.at(-1)).openers].sort();
const idsOf = (...people: readonly TestPerson[]): readonly string[] => people.map(({ id }) => id).sort();
const raised: SealedEvent = { type: "RiskRaised", version: 1, data: { level: "high", because: "He is at the door." } };

describe("an honest epoch of the organisation that two persons take back", () => {
  it("takes with it no word of a colleague, under an epoch that names whom it had brought or after their words", async () => {
    const { nour, azad, rojin } = world;
    const epoch = await beginEpoch(log, rojin, [nour, azad, rojin, dilan]);
    const hers = await log.write(dilan, [raised]);
    const after = await log.write(rojin, noted("After hers."));
    expect(after.header.parents).toContain(hers.hash);
    await takeBack();
    const [knowing, other] = await readBoth();
    expect(findIn(knowing, after)).toMatchObject({ by: { person: rojin.id }, content: { kind: "body" } });
    expect([knowing.epochs.at(-1)?.entry, openersIn(knowing)]).toEqual([epoch.hash, idsOf(nour, azad, rojin)]);
    expect([findIn(knowing, hers), knowing.withoutAuthority]).toEqual([undefined, []]);
    // Her own words change nothing, are verified where she was known, and are found on both.
    expect([knowing.review.unauthentic.size, other.review.unauthentic.size]).toEqual([0, 1]);
    expect([knowing.takenBack, other.takenBack]).toEqual([[hers.hash], [hers.hash]]);
  });

  it("takes with it no word of a colleague after hers that named an organisation before her", async () => {
    const { nour, azad, rojin } = world;
    await beginEpoch(log, rojin, [nour, azad, rojin, dilan]);
    const [, earlier] = world.organisation.entries;
    const older = await log.write(dilan, noted("As of before."), {
      header: { organisationHead: must(earlier).entry.hash, control: must(log.entries[0]).entry.hash, parents: [] },
    });
    const after = await log.write(rojin, [raised]);
    expect(after.header.parents).toContain(older.hash);
    // What she writes after it vouches for it, where she was known.
    await log.write(dilan, noted("As of now."));
    await takeBack();
    const [knowing, other] = await readBoth();
    expect(findIn(other, after)).toMatchObject({ by: { person: rojin.id }, content: { kind: "body" } });
    expect([findIn(knowing, older), findIn(other, older)]).toEqual([undefined, undefined]);
    // Found on both: it may have been a no.
    for (const reading of [knowing, other]) expect(reading.takenBack).toContain(older.hash);
  });

  it("closes what rests on consent until a supervisor has left the words that it took with it: one may be a no", async () => {
    const { nour, azad, rojin } = world;
    await beginEpoch(log, rojin, [nour, azad, rojin, dilan]);
    const hers = await log.write(dilan, noted("She says no."));
    await log.write(rojin, noted("After hers."));
    await takeBack();
    for (const reading of await readBoth())
      expect([reading.mustCatchUp, reading.heldUpBy]).toEqual([true, [hers.hash]]);
    await log.write(nour, control({ type: "LeftUnread", entries: [hers.hash] }), { header: { kind: "control" } });
    for (const reading of await readBoth()) expect([reading.mustCatchUp, reading.heldUpBy]).toEqual([false, []]);
  });

  it("takes with it no word that a colleague wrote under a key that somebody it had brought began", async () => {
    const { nour, azad, rojin } = world;
    await beginEpoch(log, rojin, [nour, azad, rojin, dilan]);
    const hers = await beginEpoch(log, dilan, [nour, azad, rojin, dilan]);
    const after = await log.write(rojin, noted("Under her key."));
    expect(after.header.control).toBe(hers.hash);
    await takeBack();
    const [knowing] = await readBoth();
    expect(findIn(knowing, after)).toMatchObject({ by: { person: rojin.id }, content: { kind: "body" } });
    expect(knowing.epochs.map(({ entry }) => entry)).not.toContain(hers.hash);
    // Whoever goes on writes under the last key that somebody with a say began.
    const key = must(log.keyOf(must(knowing.epochs.at(-1)).keyCommitment));
    const later = await log.write(azad, noted("After it was taken back."), { caseKey: key });
    expect(findIn((await readBoth())[0], later)).toMatchObject({ by: { person: azad.id }, content: { kind: "body" } });
  });

  it("takes with it no word of a colleague who could not read it, and wrote under the key before", async () => {
    const { nour, azad, rojin } = world;
    const known = must(
      log.keyOf(must(log.entries[0]?.kind === "entry" ? log.entries[0].entry.header.keyCommitment : undefined)),
    );
    // To Rojin, who has no key of what brought Dilan, this epoch names a stranger: it begins nothing.
    const epoch = await beginEpoch(log, nour, [nour, azad, rojin, dilan]);
    const word = await log.write(rojin, noted("Under the key before."), { caseKey: known });
    expect(word.header.control).toBe(epoch.hash);
    await takeBack();
    const [knowing] = await readBoth();
    expect(knowing.epochs.at(-1)?.entry).toBe(epoch.hash);
    expect(findIn(knowing, word)).toMatchObject({ by: { person: rojin.id }, content: { kind: "body" } });
  });

  it("keeps a case open that was opened meanwhile with whom it had brought", async () => {
    const { nour, rojin } = world;
    const fresh = world.openCase("opened meanwhile");
    await beginEpoch(fresh, rojin, [nour, rojin, dilan]);
    const note = await fresh.write(rojin, noted("Its first words."));
    await takeBack();
    const [knowing] = await readBoth(fresh);
    expect(openersIn(knowing)).toEqual(idsOf(nour, rojin));
    expect(findIn(knowing, note)).toMatchObject({ by: { person: rojin.id }, content: { kind: "body" } });
  });

  it("lets nobody in by naming it afterwards, and no single opener", async () => {
    const { nour, azad, rojin } = world;
    const named = { organisationHead: brought.hash };
    await takeBack();
    const friend = await makePerson("a friend");
    const alone = world.openCase("alone");
    const members = [rojin, friend].map(({ receivingKey }) => ({ kind: "person", keyId: receivingKey.keyId }) as const);
    const event = control({ type: "EpochBegun", members, cut: [], reason: "test" });
    const first = await alone.write(rojin, event, { beginsEpoch: true, header: named });
    const [without] = await readBoth(alone);
    expect([without.epochs, without.withoutAuthority]).toEqual([[], [first.hash]]);
    // Nor does a caseworker take a supervisor out by it.
    const out = await log.write(
      rojin,
      control({ type: "EpochBegun", members: [...members, ...[nour].map(memberOf)], cut: [], reason: "test" }),
      {
        beginsEpoch: true,
        header: named,
      },
    );
    const his = await log.write(friend, noted("By nobody."), { header: named });
    const [knowing] = await readBoth();
    expect([openersIn(knowing), knowing.withoutAuthority]).toEqual([idsOf(nour, azad, rojin), [out.hash]]);
    expect(findIn(knowing, his)).toBeUndefined();
    assert(knowing.review.unauthentic.has(his.hash), "Nobody has ever known that key.");
    expect(knowing.mustCatchUp).toBe(false);
    // Nor is she heard who was brought, once she acts as of what came after.
    const late = await log.write(dilan, noted("As if she were here."));
    // Her key verifies only what was written meanwhile.
    expect((await readBoth())[0].review.unauthentic.has(late.hash)).toBe(true);
  });
});
