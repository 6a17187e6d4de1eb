/**
 * A case stays with those who watch over it, and no member closes it for everyone: epochs without its supervisors, epochs whose
 * key nobody is given, and entries that nobody can read.
 */

import { encodeCbor, fromHex, parseEntry, toHex, type EntryHash, type SealedEntry } from "@amana/log";
import { assert } from "@amana/kernel";
import { beforeEach, describe, expect, it } from "vitest";
import {
  commitTo,
  makeCaseKey,
  makeReceivingKey,
  makeTeamId,
  readCaseControlEvent,
  writeCaseControlEvent,
  type CaseReading,
  type EpochMember,
  type KeyOf,
} from "../index.ts";
import {
  beginEpoch,
  control,
  makeWorld,
  memberOf,
  must,
  noted,
  seededRandomness,
  type TestLog,
  type TestPerson,
  type World,
} from "../testing/world.ts";

const randomness = seededRandomness("supervised.test");

let world: World;
let log: TestLog;
beforeEach(async () => {
  world = await makeWorld();
  log = world.openCase("a case");
});

const read = (): Promise<CaseReading> => world.readCase(log);
const onControl = { header: { kind: "control" } } as const;

const begun = async (by: TestPerson, members: readonly EpochMember[]): Promise<boolean> => {
  const event = control({ type: "EpochBegun", members, cut: [], reason: "test" });
  const entry = await log.write(by, event, { beginsEpoch: true });
  return !(await read()).withoutAuthority.includes(entry.hash);
};

const formTeam = async (...supervisors: readonly TestPerson[]) => {
  const key = await makeReceivingKey(randomness);
  const commitment = await commitTo(key.seed, world.organisation.logId);
  const ids = new Set(supervisors.map(({ id }) => id));
  const team = { id: makeTeamId(randomness), receivingKey: key, commitment, supervisors: ids };
  await world.act(world.nour, { type: "TeamFormed", team });
  return { team, member: { kind: "team", keyId: key.keyId } as const };
};

describe("an epoch by a caseworker", () => {
  it("keeps every supervisor who was a member; a supervisor may leave one out", async () => {
    const { nour, azad, rojin, rami } = world;
    expect(await begun(rojin, [nour, azad, rojin, rami].map(memberOf))).toBe(true);
    for (const without of [[rojin, rami], [rojin, rami, nour], [rojin, azad, nour].slice(0, 2)])
      expect(await begun(rojin, without.map(memberOf))).toBe(false);
    expect((await read()).epochs).toHaveLength(1);
    // A colleague who supervises nothing is another matter.
    expect(await begun(rojin, [nour, azad, rojin].map(memberOf))).toBe(true);
    expect(await begun(azad, [azad, rojin].map(memberOf))).toBe(true);
    expect(await begun(rojin, [azad, rojin, rami].map(memberOf))).toBe(true);
  });

  it("keeps the team, under whatever key it has now, and not only its supervisors", async () => {
    const { nour, azad, rojin } = world;
    const { team, member } = await formTeam(nour, azad);
    expect(await begun(rojin, [member, memberOf(rojin)])).toBe(true);
    expect(await begun(rojin, [nour, azad, rojin].map(memberOf))).toBe(false);
    const other = await makeReceivingKey(randomness);
    const proposal = await world.act(nour, { type: "TeamKeyReplaced", team: { ...team, receivingKey: other } });
    await world.act(azad, { type: "Confirmed", proposal: proposal.hash });
    expect(await begun(rojin, [{ kind: "team", keyId: other.keyId }, memberOf(rojin)])).toBe(true);
    expect(await begun(nour, [nour, rojin].map(memberOf))).toBe(true);
  });

  it("keeps a supervisor who reads through their team now, and need not keep one who supervises no more", async () => {
    const { nour, azad, rojin } = world;
    const promoted = await world.act(nour, { type: "RoleGiven", person: world.rami.id, role: "supervisor" });
    await world.act(azad, { type: "Confirmed", proposal: promoted.hash });
    expect(await begun(rojin, [nour, azad, world.rami, rojin].map(memberOf))).toBe(true);
    const { member } = await formTeam(nour, azad);
    await world.act(nour, { type: "RoleTaken", person: world.rami.id, role: "supervisor" });
    expect(await begun(rojin, [member, memberOf(rojin)])).toBe(true);
  });
});

/** What somebody reads who was never given the keys of these entries. */
const readWithout = (...entries: readonly SealedEntry[]): Promise<CaseReading> => {
  const lacking = new Set(entries.map(({ header }) => toHex(must(header.keyCommitment))));
  const keyOf: KeyOf = (commitment) => (lacking.has(toHex(commitment)) ? undefined : log.keyOf(commitment));
  return world.readCase(log, log.entries, keyOf);
};

describe("an epoch whose key others are not given", () => {
  const people = () => [world.nour, world.azad, world.rojin];
  const pass = (by: TestPerson, over: readonly EntryHash[]) =>
    log.write(by, control({ type: "EpochBegun", members: people().map(memberOf), cut: [], reason: "renew", over }), {
      beginsEpoch: true,
    });

  it("closes what rests on knowing everything, until a supervisor who was not given it begins the next", async () => {
    const { nour, azad, rojin } = world;
    await beginEpoch(log, rojin, people());
    const keyless = await beginEpoch(log, nour, people());
    const closed = await readWithout(keyless);
    expect([closed.mustCatchUp, closed.unreadEpochs, closed.heldUpBy]).toEqual([true, [keyless.hash], [keyless.hash]]);
    const next = await pass(azad, [keyless.hash]);
    const note = await log.write(rojin, noted("goes on"));
    const open = await readWithout(keyless);
    expect([open.mustCatchUp, open.unreadEpochs]).toEqual([false, []]);
    expect(open.epochs.at(-1)?.entry).toBe(next.hash);
    expect(must(open.entries.find(({ hash }) => hash === note.hash)).content.kind).toBe("body");
    // Who was given the key reads the same line, and the same last epoch.
    expect((await read()).epochs.map(({ entry }) => entry)).toContain(keyless.hash);
    expect((await read()).epochs.at(-1)?.entry).toBe(next.hash);
  });

  it("holds up nobody by what its maker writes under it, and still by what others do", async () => {
    const { nour, azad, rojin } = world;
    await beginEpoch(log, rojin, people());
    const keyless = await beginEpoch(log, nour, people());
    await log.write(nour, noted("for nobody"));
    await pass(azad, [keyless.hash]);
    expect((await readWithout(keyless)).mustCatchUp).toBe(false);
    const header = { control: keyless.hash, previous: undefined, counter: 1, parents: [] };
    const key = must(log.keyOf(must(keyless.header.keyCommitment)));
    const honest = await log.write(azad, noted("she withdrew her consent"), { header, caseKey: key });
    expect((await readWithout(keyless)).heldUpBy).toEqual([honest.hash]);
  });

  it("is not passed over by an epoch that does not say so, nor for a newcomer who lacks an earlier one", async () => {
    const { nour, azad, rojin } = world;
    const first = await beginEpoch(log, rojin, people());
    const second = await beginEpoch(log, nour, people());
    await beginEpoch(log, rojin, people());
    const lacking = await readWithout(second);
    // What follows can be read, and nothing goes on from it.
    expect([lacking.heldUpBy, lacking.unreadEpochs]).toEqual([[second.hash], [second.hash]]);
    expect(lacking.epochs).toHaveLength(2);
    const third = await beginEpoch(log, nour, people());
    await pass(azad, [third.hash]);
    expect((await readWithout(first, third)).heldUpBy).toEqual([first.hash]);
  });

  it("is passed over by a supervisor only, who it cannot have taken out; where none reads the case, by anybody who does", async () => {
    const { nour, azad, rojin, rami } = world;
    await beginEpoch(log, nour, [nour, azad, rojin, rami]);
    const without = await beginEpoch(log, azad, [nour, azad, rojin]);
    const won = [memberOf(nour), memberOf(azad), memberOf(rojin), memberOf(rami)];
    const over = control({ type: "EpochBegun", members: won, cut: [], reason: "", over: [without.hash] });
    const back = await log.write(rami, over, { beginsEpoch: true });
    const lacking = await readWithout(without);
    expect([lacking.unreadEpochs, [...lacking.passedOver], lacking.mustCatchUp]).toEqual([[without.hash], [], true]);
    expect((await read()).withoutAuthority).toEqual([back.hash]);
    // One supervisor who reads it is enough, though another supervisor does not.
    const third = world.openCase("a third case");
    await beginEpoch(third, nour, [nour, rojin, rami]);
    const hidden = await beginEpoch(third, rami, [nour, rojin, rami]);
    const around = [nour, rojin, rami].map(memberOf);
    const alone = control({ type: "EpochBegun", members: around, cut: [], reason: "", over: [hidden.hash] });
    await third.write(rojin, alone, { beginsEpoch: true });
    const keyOfThird: KeyOf = (commitment) =>
      toHex(commitment) === toHex(must(hidden.header.keyCommitment)) ? undefined : third.keyOf(commitment);
    expect((await world.readCase(third, third.entries, keyOfThird)).unreadEpochs).toEqual([hidden.hash]);
    // Two caseworkers alone have nobody else to ask.
    const other = world.openCase("another case");
    await beginEpoch(other, rojin, [rojin, rami]);
    const kept = await beginEpoch(other, rami, [rojin, rami]);
    await other.write(
      rojin,
      control({ type: "EpochBegun", members: [rojin, rami].map(memberOf), cut: [], reason: "", over: [kept.hash] }),
      { beginsEpoch: true },
    );
    const keyOf: KeyOf = (commitment) =>
      toHex(commitment) === toHex(must(kept.header.keyCommitment)) ? undefined : other.keyOf(commitment);
    expect((await world.readCase(other, other.entries, keyOf)).unreadEpochs).toEqual([]);
  });

  it("is named in a version of the event that says at least one", () => {
    const event = { type: "EpochBegun", members: [memberOf(world.nour)], cut: [], reason: "" } as const;
    const over = ["ab".repeat(32) as EntryHash]; // 64 hexadecimal digits are a hash.
    const written = writeCaseControlEvent({ ...event, over });
    expect(written.version).toBe(2);
    expect(readCaseControlEvent(written)).toEqual({ ...event, over });
    expect(readCaseControlEvent({ ...written, version: 1 })).toBeUndefined();
    expect(readCaseControlEvent(writeCaseControlEvent({ ...event, over: [] }))).toBeUndefined();
    const data = written.data as Record<string, never>; // The event was written as a map.
    expect(readCaseControlEvent({ ...written, data: { ...data, over: [fromHex("ab") ?? null] } })).toBeUndefined();
  });
});

describe("an entry that nobody can read", () => {
  const leaveUnread = (by: TestPerson, ...entries: readonly EntryHash[]) =>
    log.write(by, control({ type: "LeftUnread", entries }), onControl);

  beforeEach(async () => {
    await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin]);
  });

  it("under an organisation that does not exist holds up nobody once a supervisor leaves it unread", async () => {
    const organisationHead = "cd".repeat(32) as EntryHash; // 64 hexadecimal digits are a hash.
    const strange = await log.write(world.rojin, noted("as of nowhere"), { header: { organisationHead } });
    expect((await read()).heldUpBy).toEqual([strange.hash]);
    await leaveUnread(world.azad, strange.hash);
    const reading = await read();
    expect([reading.mustCatchUp, reading.heldUpBy, [...reading.leftUnread]]).toEqual([false, [], [strange.hash]]);
    expect(reading.organisationMissing).toEqual([strange.hash]);
  });

  it("is left unread by a supervisor who opens the case and did not write it", async () => {
    const organisationHead = "cd".repeat(32) as EntryHash; // As above.
    const strange = await log.write(world.azad, noted("as of nowhere"), { header: { organisationHead } });
    const refused = [
      await leaveUnread(world.rojin, strange.hash),
      await leaveUnread(world.rami, strange.hash),
      await log.write(world.azad, control({ type: "LeftUnread", entries: [strange.hash] }), {
        header: { kind: "control", organisationHead: must(world.organisation.entries.at(-1)).entry.hash },
      }),
    ];
    expect((await read()).withoutAuthority).toEqual(refused.map(({ hash }) => hash));
    expect((await read()).mustCatchUp).toBe(true);
    // Nor together with what somebody else wrote.
    const others = await log.write(world.rojin, noted("as of nowhere"), { header: { organisationHead } });
    const both = control({ type: "LeftUnread", entries: [strange.hash, others.hash] });
    const header = { kind: "control", organisationHead: must(world.organisation.entries.at(-1)).entry.hash } as const;
    const together = await log.write(world.azad, both, { header });
    expect((await read()).withoutAuthority).toContain(together.hash);
    expect((await read()).heldUpBy).toEqual([strange.hash, others.hash]);
    await leaveUnread(world.nour, others.hash);
    await leaveUnread(world.nour, strange.hash);
    expect((await read()).mustCatchUp).toBe(false);
  });

  it("of a later version, or that is missing, is left unread by its name", async () => {
    const later = parseEntry(encodeCbor([encodeCbor([2, 1]), new Uint8Array(1), new Uint8Array(64)]));
    assert(later.ok, "A later entry is readable as such.");
    const parents = ["ef".repeat(32) as EntryHash]; // 64 hexadecimal digits are a hash.
    const waiting = await log.write(world.rojin, noted("after what nobody has"), { header: { parents } });
    log.entries.push(later.value);
    const missing = must(parents[0]);
    expect(new Set((await read()).heldUpBy)).toEqual(new Set([later.value.entry.hash, missing]));
    await leaveUnread(world.azad, later.value.entry.hash, missing);
    const reading = await read();
    expect(reading.mustCatchUp).toBe(false);
    expect([...reading.review.waiting]).toEqual([waiting.hash]);
  });

  it("is folded as any other by whoever can read it after all", async () => {
    const note = await log.write(world.rojin, noted("of a later version"));
    await leaveUnread(world.azad, note.hash);
    const entry = must((await read()).entries.find(({ hash }) => hash === note.hash));
    expect([entry.by?.person, entry.content.kind]).toEqual([world.rojin.id, "body"]);
  });
});

describe("an epoch whose entry opens for nobody", () => {
  it("is passed over as well", async () => {
    const { nour, azad, rojin } = world;
    await beginEpoch(log, rojin, [nour, azad, rojin]);
    const rubbish = await beginEpoch(log, nour, [nour, azad, rojin]);
    log.keys.set(toHex(must(rubbish.header.keyCommitment)), makeCaseKey(randomness));
    expect([(await read()).unreadEpochs, (await read()).mustCatchUp]).toEqual([[rubbish.hash], true]);
    const members = [nour, azad, rojin].map(memberOf);
    const event = control({ type: "EpochBegun", members, cut: [], reason: "renew", over: [rubbish.hash] });
    await log.write(azad, event, { beginsEpoch: true });
    expect((await read()).mustCatchUp).toBe(false);
  });
});
