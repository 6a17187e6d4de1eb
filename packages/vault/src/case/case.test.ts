/** Who can read a case and whose acts count in it, against hostile members and a hostile server. */

import { assert } from "@amana/kernel";
import {
  encodeCbor,
  huskOf,
  label,
  parseEntry,
  sha256,
  type CborMap,
  type EntryHash,
  type Received,
  type SealedEntry,
} from "@amana/log";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  combineSheets,
  commitTo,
  exposeSecret,
  makeCaseKey,
  makeReceivingKey,
  makeRecoveryKey,
  makeTeamId,
  openersOf,
  platformDeflate,
  readCase,
  readCaseControlEvent,
  readOrganisation,
  receivingKeyFrom,
  removedIn,
  unwrap,
  wrap,
  writeCaseControlEvent,
  type CaseControlEvent,
  type CaseReading,
} from "../index.ts";
import {
  beginEpoch,
  control,
  logIdFor,
  makePerson,
  makeWorld,
  memberOf,
  must,
  noted,
  seededRandomness,
  type TestLog,
  type TestPerson,
  type World,
} from "../testing/world.ts";

const randomness = seededRandomness("case.test");

let world: World;
let log: TestLog;
let first: SealedEntry;
beforeEach(async () => {
  world = await makeWorld();
  log = world.openCase("a case");
  first = await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin]);
});

const read = (): Promise<CaseReading> => world.readCase(log);
const find = (reading: CaseReading, entry: SealedEntry) =>
  must(reading.entries.find(({ hash }) => hash === entry.hash));
const hashesIn = (reading: CaseReading): readonly EntryHash[] => reading.entries.map(({ hash }) => hash);
const whoIn = (reading: CaseReading, entry: SealedEntry) => find(reading, entry).by?.person;

describe("a case", () => {
  it("is read by those it is wrapped to, each entry with its author from the envelope", async () => {
    const note = await log.write(world.rojin, noted("I am Nour"));
    const reading = await read();
    expect(find(reading, note)).toMatchObject({
      by: { person: world.rojin.id },
      content: { kind: "body", body: { events: noted("I am Nour") } },
    });
    expect([...must(reading.epochs[0]).openers].sort()).toEqual(
      [world.nour, world.azad, world.rojin].map(({ id }) => id).sort(),
    );
    expect(reading.mustCatchUp).toBe(false);
    expect(reading.withoutAuthority).toEqual([]);
  });

  it("is read the same when this device remembers whose signatures it has verified", async () => {
    await log.write(world.rojin, noted("one"));
    const whole = await read();
    const verifiedBefore = new Set(hashesIn(whole));
    const spoiled = log.entries.map((each): Received =>
      each.kind === "entry" ? { kind: "entry", entry: { ...each.entry, signature: new Uint8Array(64) } } : each,
    );
    const organisation = await readOrganisation(
      {
        logId: world.organisation.logId,
        root: world.root,
        entries: world.organisation.entries,
        keyOf: world.organisation.keyOf,
        verifiedBefore: new Set(world.organisation.entries.map(({ entry }) => entry.hash)),
      },
      platformDeflate,
    );
    const source = { logId: log.logId, entries: spoiled, organisation, keyOf: log.keyOf };
    expect((await readCase({ ...source, verifiedBefore }, platformDeflate)).entries).toEqual(whole.entries);
    expect((await readCase(source, platformDeflate)).entries).toEqual([]);
  });

  it("says ordinarily that there is no key, and closes what rests on knowing everything", async () => {
    const reading = await world.readCase(log, log.entries, () => undefined);
    expect(reading.entries.map(({ content }) => content.kind)).toEqual(["no-key"]);
    expect(reading.mustCatchUp).toBe(true);
  });

  it("has no single opener", async () => {
    for (const members of [[world.nour], []]) {
      const alone = world.openCase("alone");
      const entry = await beginEpoch(alone, world.nour, members);
      const reading = await world.readCase(alone);
      expect(reading.withoutAuthority).toEqual([entry.hash]);
      expect(reading.epochs).toEqual([]);
    }
  });

  it("is begun only by someone who opens it, and never by an administrator as such", async () => {
    for (const [by, members] of [
      [world.rami, [world.nour, world.azad]],
      [world.hevi, [world.nour, world.azad]],
      [world.hevi, [world.hevi, world.nour, world.azad]],
    ] as const) {
      const other = world.openCase("begun");
      const entry = await beginEpoch(other, by, members);
      expect((await world.readCase(other)).withoutAuthority).toEqual([entry.hash]);
    }
  });

  it("has its author among its openers: whoever leaves themselves out would still have the key", async () => {
    const other = world.openCase("left out");
    await beginEpoch(other, world.rojin, [world.rojin, world.nour, world.azad]);
    const entry = await beginEpoch(other, world.rojin, [world.nour, world.azad]);
    const reading = await world.readCase(other);
    expect(reading.withoutAuthority).toEqual([entry.hash]);
    expect(reading.epochs.length).toBe(1);
  });

  it("is wrapped to teams and the recovery key of the organisation, and to nobody unknown", async () => {
    const key = await makeReceivingKey(randomness);
    const commitment = await commitTo(key.seed, world.organisation.logId);
    const team = {
      id: makeTeamId(randomness),
      receivingKey: key,
      commitment,
      supervisors: new Set([world.nour.id, world.azad.id]),
    };
    await world.act(world.nour, { type: "TeamFormed", team });
    const { recoveryKey } = await makeRecoveryKey(2, 3, randomness);
    const proposal = await world.act(world.nour, { type: "RecoveryKeySet", recoveryKey });
    await world.act(world.azad, { type: "Confirmed", proposal: proposal.hash });
    const { current } = await world.readOrganisation();
    const recovery = { kind: "recovery", keyId: recoveryKey.receivingKey.keyId } as const;
    const ofTeam = { kind: "team", keyId: key.keyId } as const;
    expect(openersOf([ofTeam, recovery, memberOf(world.rojin)], current)?.size).toBe(3);
    const stranger = await makePerson("stranger");
    for (const unknown of [
      memberOf(stranger),
      { ...recovery, keyId: key.keyId },
      { ...ofTeam, keyId: recovery.keyId },
      memberOf(world.hevi),
    ])
      expect(openersOf([ofTeam, unknown], current)).toBeUndefined();
  });

  it("goes to its reader as a wrap, and comes out as the key its epoch commits to", async () => {
    const caseKey = must([...log.keys.values()][0]);
    const author = world.nour.identityKey;
    const given = await wrap(
      { purpose: "key-wrap", logId: log.logId, key: caseKey, recipient: world.rojin.receivingKey, author },
      randomness,
    );
    const keyCommitment = must(first.header.keyCommitment);
    const asked = {
      wrap: given,
      purpose: "key-wrap",
      logId: log.logId,
      keyCommitment,
      recipient: world.rojin.receivingKey,
      author,
    } as const;
    const unwrapped = await unwrap("case-key", asked);
    expect(unwrapped.ok && exposeSecret(unwrapped.value)).toEqual(exposeSecret(caseKey));
  });
});

describe("a case wrapped to a team and to the recovery key", () => {
  it("opens for the team's supervisors, and for enough sheets in different hands", async () => {
    const { logId } = log;
    const caseKey = must([...log.keys.values()][0]);
    const author = world.nour.identityKey;
    const team = await makeReceivingKey(randomness);
    const teamCommitment = await commitTo(team.seed, world.organisation.logId);
    const toAzad = {
      purpose: "team-wrap",
      logId: world.organisation.logId,
      recipient: world.azad.receivingKey,
      author,
    } as const;
    const teamWrap = await wrap({ ...toAzad, key: team.seed }, randomness);
    const azads = await unwrap("receiving-seed", { ...toAzad, wrap: teamWrap, keyCommitment: teamCommitment });
    assert(azads.ok, "A supervisor opens the team's key.");
    const asTeam = await receivingKeyFrom(azads.value);
    const { recoveryKey, sheets } = await makeRecoveryKey(2, 3, randomness);
    const asRecovery = await combineSheets(sheets.slice(1), recoveryKey);
    assert(asRecovery.ok, "Two of three sheets are enough.");
    const keyCommitment = must(first.header.keyCommitment);
    for (const recipient of [asTeam, asRecovery.value]) {
      const asked = { purpose: "key-wrap", logId, recipient, author } as const;
      const given = await wrap({ ...asked, key: caseKey }, randomness);
      const unwrapped = await unwrap("case-key", { ...asked, wrap: given, keyCommitment });
      expect(unwrapped.ok && exposeSecret(unwrapped.value)).toEqual(exposeSecret(caseKey));
    }
  });
});

describe("a member who is left out", () => {
  const leaveOutRojin = async (cut: readonly EntryHash[]) => beginEpoch(log, world.azad, [world.nour, world.azad], cut);

  it("keeps what was accepted, and what nobody had accepted waits until someone adopts it", async () => {
    const before = await log.write(world.rojin, noted("before"));
    await leaveOutRojin([before.hash]);
    const links = { control: first.hash, previous: before.hash, counter: 2, parents: [] };
    const caseKey = must([...log.keys.values()][0]);
    const late = await log.write(world.rojin, noted("late"), { header: links, caseKey });
    const reading = await read();
    expect(whoIn(reading, before)).toBe(world.rojin.id);
    expect(hashesIn(reading)).not.toContain(late.hash);
    expect([...reading.review.quarantined]).toEqual([late.hash]);
    expect(reading.review.heads).not.toContain(late.hash);
    expect(reading.mustCatchUp).toBe(false);

    await log.write(world.nour, control({ type: "Adopted", entries: [late.hash] }), { header: { kind: "control" } });
    const adopted = await read();
    expect(whoIn(adopted, late)).toBe(world.rojin.id);
    expect(adopted.review.quarantined.size).toBe(0);
  });

  it("keeps what the epoch's own entry follows, though its writer left it out of the cut", async () => {
    const before = await log.write(world.rojin, noted("before"));
    await leaveOutRojin([]);
    expect(whoIn(await read(), before)).toBe(world.rojin.id);
  });

  it("cannot read what is written after, though they keep every key they had", async () => {
    await leaveOutRojin([]);
    const secret = await log.write(world.nour, noted("after"));
    const had = must(first.header.keyCommitment);
    const keyOf = (commitment: typeof had) =>
      commitment.every((byte, at) => byte === had[at]) ? log.keyOf(had) : undefined;
    const reading = await world.readCase(log, log.entries, keyOf);
    expect(find(reading, secret).content).toEqual({ kind: "no-key" });
  });

  it("has no say after, not by a control entry, not by adopting themselves, not by an older organisation", async () => {
    const seen = must(world.organisation.entries.at(-1)).entry.hash;
    await leaveOutRojin([]);
    const caseKey = must([...log.keys.values()][1]);
    const act = await log.write(world.rojin, control({ type: "Adopted", entries: [first.hash] }), {
      header: { kind: "control", organisationHead: seen },
      caseKey,
    });
    const epoch = await log.write(
      world.rojin,
      control({ type: "EpochBegun", members: [world.rojin, world.nour].map(memberOf), cut: [], reason: "" }),
      { beginsEpoch: true, isKeptBack: false },
    );
    const reading = await read();
    expect(reading.withoutAuthority).toEqual([act.hash, epoch.hash]);
    expect(reading.epochs).toHaveLength(2);
    expect(whoIn(reading, act)).toBeUndefined();
  });

  it("is a member again when a later epoch brings them back", async () => {
    await leaveOutRojin([]);
    const caseKey = must([...log.keys.values()][0]);
    const late = await log.write(world.rojin, noted("late"), {
      header: { control: first.hash, previous: undefined, counter: 1, parents: [] },
      caseKey,
    });
    expect((await read()).review.quarantined.size).toBe(1);
    await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin], []);
    const reading = await read();
    expect(removedIn(reading.epochs).size).toBe(0);
    expect(whoIn(reading, late)).toBe(world.rojin.id);
  });
});

describe("a present member's entry of an earlier epoch", () => {
  it("is accepted, as of a device that was offline", async () => {
    await beginEpoch(log, world.azad, [world.nour, world.azad, world.rojin]);
    const caseKey = must([...log.keys.values()][0]);
    const late = await log.write(world.rojin, noted("offline"), {
      header: { control: first.hash, previous: undefined, counter: 1, parents: [] },
      caseKey,
    });
    const reading = await read();
    expect(find(reading, late)).toMatchObject({ by: { person: world.rojin.id }, content: { kind: "body" } });
  });
});

describe("a key that was replaced after its phone was lost", () => {
  it("writes nothing more in its owner's name once an epoch has begun that knows of it", async () => {
    const seen = must(world.organisation.entries.at(-1)).entry.hash;
    const before = await log.write(world.rojin, noted("before it was lost"));
    const { identityKey, receivingKey } = await makePerson("Rojin's new phone");
    const proposal = await world.act(world.nour, {
      type: "KeysReplaced",
      person: world.rojin.id,
      identityKey,
      receivingKey,
    });
    await world.act(world.azad, { type: "Confirmed", proposal: proposal.hash });
    const caseKey = must([...log.keys.values()][0]);
    const renewed = { ...world.rojin, identityKey, receivingKey };
    await beginEpoch(log, world.nour, [world.nour, world.azad, renewed], [before.hash]);
    const header = { control: first.hash, previous: before.hash, counter: 2, parents: [], organisationHead: seen };
    const thiefs = await log.write(world.rojin, noted("she withdrew her consent"), { header, caseKey });
    const own = await log.write(renewed, noted("it is me again"), { header: { previous: undefined, counter: 1 } });
    const reading = await read();
    expect([...reading.review.quarantined]).toEqual([thiefs.hash]);
    expect(whoIn(reading, before)).toBe(world.rojin.id);
    expect(whoIn(reading, own)).toBe(world.rojin.id);
  });
});

describe("a supervisor who is one no more", () => {
  it("stays a member, and makes no late approval as of the time when they still were", async () => {
    const seen = must(world.organisation.entries.at(-1)).entry.hash;
    const inTime = await log.write(world.azad, noted("approved in time"));
    const promoted = await world.act(world.nour, { type: "RoleGiven", person: world.rojin.id, role: "supervisor" });
    await world.act(world.azad, { type: "Confirmed", proposal: promoted.hash });
    await world.act(world.nour, { type: "RoleTaken", person: world.azad.id, role: "supervisor" });
    const caseKey = must([...log.keys.values()][0]);
    await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin], [inTime.hash]);
    const header = { control: first.hash, previous: inTime.hash, counter: 2, parents: [], organisationHead: seen };
    const late = await log.write(world.azad, noted("approved"), { header, caseKey });
    const reading = await read();
    expect(find(reading, inTime).by?.roles).toEqual(new Set(["caseworker", "supervisor"]));
    expect(find(reading, late).by?.roles).toEqual(new Set(["caseworker"]));
  });
});

describe("erasure", () => {
  const husked = (entry: SealedEntry): readonly Received[] =>
    log.entries.map((each) =>
      each.kind === "entry" && each.entry.hash === entry.hash ? { kind: "entry", entry: huskOf(each.entry) } : each,
    );

  it("by two people makes a missing body right; without them it is damage", async () => {
    const note = await log.write(world.rojin, noted("a name"));
    const damaged = await world.readCase(log, husked(note));
    expect(find(damaged, note).content).toEqual({ kind: "damaged" });
    expect(damaged.mustCatchUp).toBe(true);
    const proposal = await log.write(world.nour, control({ type: "ErasureProposed", entries: [note.hash] }), {
      header: { kind: "control" },
    });
    expect(find(await world.readCase(log, husked(note)), note).content).toEqual({ kind: "damaged" });
    await log.write(world.azad, control({ type: "ErasureConfirmed", proposal: proposal.hash }), {
      header: { kind: "control" },
    });
    const reading = await world.readCase(log, husked(note));
    expect(find(reading, note)).toMatchObject({ by: { person: world.rojin.id }, content: { kind: "erased" } });
    expect([...reading.erased]).toEqual([note.hash]);
    expect(reading.mustCatchUp).toBe(false);
    // A copy that somebody held back or sends again says no more than the husk.
    expect(find(await read(), note).content).toEqual({ kind: "erased" });
  });

  it("is not confirmed by who proposed it, nor by who is no opener, nor without a proposal", async () => {
    const note = await log.write(world.rojin, noted("a name"));
    const proposal = await log.write(world.nour, control({ type: "ErasureProposed", entries: [note.hash] }), {
      header: { kind: "control" },
    });
    for (const [by, event] of [
      [world.nour, { type: "ErasureConfirmed", proposal: proposal.hash }],
      [world.rami, { type: "ErasureConfirmed", proposal: proposal.hash }],
      [world.azad, { type: "ErasureConfirmed", proposal: note.hash }],
    ] as const) {
      const entry = await log.write(by, control(event), { header: { kind: "control" } });
      expect((await read()).withoutAuthority).toContain(entry.hash);
    }
    expect((await read()).erased.size).toBe(0);
  });
});

describe("a hostile member", () => {
  it("has no effect in a case they are not a member of, but a mark", async () => {
    const intruding = await log.write(world.rami, noted("approved by a supervisor"));
    const reading = await read();
    expect(find(reading, intruding).by).toBeUndefined();
    expect(reading.mustCatchUp).toBe(false);
  });

  it("adds no reader: an epoch by someone who does not open the case has no authority", async () => {
    const entry = await log.write(
      world.rami,
      control({ type: "EpochBegun", members: [world.rami, world.nour].map(memberOf), cut: [], reason: "" }),
      { beginsEpoch: true },
    );
    const reading = await read();
    expect(reading.withoutAuthority).toEqual([entry.hash]);
    expect(reading.epochs).toHaveLength(1);
  });

  it("writes in nobody else's name", async () => {
    const forged = await log.write(world.rojin, noted("approved"), {
      header: {},
      signedBy: world.rami.identityKey,
      isKeptBack: true,
    });
    const asNour = { ...forged, header: { ...forged.header, author: world.nour.identityKey.keyId } };
    const reading = await world.readCase(log, [...log.entries, { kind: "entry", entry: asNour }]);
    expect([...reading.review.unauthentic]).toEqual([forged.hash]);
    expect(hashesIn(reading)).not.toContain(forged.hash);
  });

  it("goes back to no earlier organisation in which they had more say", async () => {
    const early = must(world.organisation.entries.at(-1)).entry.hash;
    await world.act(world.nour, { type: "PolicySet", policy: { a: 1 } });
    const note = await log.write(world.rojin, noted("seen the policy"));
    const back = await log.write(world.rojin, noted("as before"), { header: { organisationHead: early } });
    const reading = await read();
    expect(find(reading, note).by?.person).toBe(world.rojin.id);
    expect(find(reading, back).by).toBeUndefined();
  });

  it("seals no two texts under one name: another key than the epoch's opens nothing", async () => {
    const { caseKey } = { caseKey: makeCaseKey(randomness) };
    const entry = await log.write(world.rojin, noted("for some eyes"), { caseKey });
    const reading = await read();
    expect(find(reading, entry).content).toEqual({ kind: "damaged" });
    expect(reading.mustCatchUp).toBe(false);
  });

  it("who equivocates loses that device, and the case goes on", async () => {
    const one = await log.write(world.rojin, noted("to Nour"), { isKeptBack: true });
    const two = await log.write(world.rojin, noted("to Azad"));
    log.entries.push({ kind: "entry", entry: one });
    const after = await log.write(world.nour, noted("going on"), { header: { parents: [two.hash] } });
    const reading = await read();
    expect(reading.review.quarantined).toEqual(new Set([one.hash, two.hash]));
    expect(hashesIn(reading)).toContain(after.hash);
    expect(reading.mustCatchUp).toBe(false);
  });

  it("stops no control line with a worthless entry", async () => {
    const bad = await log.write(world.rami, noted("this is no control event"), { header: { kind: "control" } });
    const two = [...control({ type: "Adopted", entries: [] }), ...control({ type: "Adopted", entries: [] })];
    const double = await log.write(world.nour, two, { header: { kind: "control" } });
    const wrong = await log.write(world.nour, control({ type: "Adopted", entries: [] }), { beginsEpoch: true });
    const epoch = await beginEpoch(log, world.nour, [world.nour, world.azad]);
    const reading = await read();
    expect(reading.withoutAuthority).toEqual([bad.hash, double.hash, wrong.hash]);
    expect(reading.epochs.map(({ entry }) => entry)).toEqual([first.hash, epoch.hash]);
    for (const entry of [bad, double, wrong]) expect(find(reading, entry).by).toBeUndefined();
  });

  it("does one thing in a control entry, and nothing beside what nobody knows", async () => {
    const unknown = [...control({ type: "Adopted", entries: [first.hash] }), ...noted("and this")];
    const entry = await log.write(world.nour, unknown, { header: { kind: "control" } });
    expect((await read()).withoutAuthority).toEqual([entry.hash]);
  });

  it("has no say in the line once they have left, nor as of an organisation that does not exist", async () => {
    const organisationHead = "cd".repeat(32) as EntryHash; // Only a name of nothing.
    const act = control({ type: "Adopted", entries: [first.hash] });
    const nowhere = await log.write(world.nour, act, { header: { kind: "control", organisationHead } });
    await world.act(world.nour, { type: "PersonLeft", person: world.rojin.id });
    const gone = await log.write(world.rojin, act, { header: { kind: "control" } });
    expect((await read()).withoutAuthority).toEqual([nowhere.hash, gone.hash]);
  });

  it("poisons nobody: hostile data is data, or damage", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const data = JSON.parse(JSON.stringify(value)) as CborMap;
        for (const type of ["EpochBegun", "Adopted", "LeftUnread", "ErasureProposed", "ErasureConfirmed", "Unknown"])
          expect(readCaseControlEvent({ type, version: 1, data })).toBeUndefined();
        await Promise.resolve();
      }),
      { numRuns: 50 },
    );
  });
});

describe("a hostile server", () => {
  it("cannot hide, reorder, repeat or roll back without being seen, or without effect", async () => {
    const one = await log.write(world.nour, noted("one"));
    const two = await log.write(world.nour, noted("two"));
    const whole = await read();
    expect((await world.readCase(log, log.entries.toReversed())).entries).toEqual(whole.entries);
    expect((await world.readCase(log, [...log.entries, ...log.entries])).entries).toEqual(whole.entries);
    const withoutOne = await world.readCase(
      log,
      log.entries.filter(({ entry }) => entry.hash !== one.hash),
    );
    expect([...withoutOne.review.missing]).toEqual([one.hash]);
    expect([...withoutOne.review.waiting]).toEqual([two.hash]);
    expect(withoutOne.mustCatchUp).toBe(true);
  });

  it("cannot swap parts between entries", async () => {
    const one = await log.write(world.nour, noted("one"));
    const two = await log.write(world.nour, noted("two"));
    for (const swapped of [
      { ...one, ciphertext: two.ciphertext, bodyDigest: two.bodyDigest },
      { ...one, signature: two.signature },
      { ...one, header: two.header, headerBytes: two.headerBytes },
    ]) {
      const bytes = encodeCbor([swapped.headerBytes, must(swapped.ciphertext), swapped.signature]);
      const parsed = parseEntry(bytes);
      assert(parsed.ok, "Its shape is right.");
      const reading = await world.readCase(log, [must(log.entries[0]), parsed.value]);
      expect(reading.entries).toHaveLength(1);
    }
  });

  it("that shows a stale organisation is seen by what members have written", async () => {
    await world.act(world.nour, { type: "PolicySet", policy: { a: 1 } });
    const note = await log.write(world.rojin, noted("under the new policy"));
    const organisation = await readOrganisation(
      {
        logId: world.organisation.logId,
        root: world.root,
        entries: world.organisation.entries.slice(0, -1),
        keyOf: world.organisation.keyOf,
      },
      platformDeflate,
    );
    const reading = await readCase(
      { logId: log.logId, entries: log.entries, organisation, keyOf: log.keyOf },
      platformDeflate,
    );
    expect(reading.organisationMissing).toEqual([note.hash]);
    expect(reading.mustCatchUp).toBe(true);
    expect(find(reading, note).by).toBeUndefined();
  });

  it("closes what rests on knowing everything while something of the organisation cannot be read", async () => {
    const newer = parseEntry(encodeCbor([encodeCbor([2, 1]), new Uint8Array(1), new Uint8Array(64)]));
    assert(newer.ok, "A newer entry is readable as such.");
    const { logId, keyOf, entries } = world.organisation;
    const mustCatchUp = async (given: readonly Received[]): Promise<boolean> => {
      const organisation = await readOrganisation({ logId, root: world.root, entries: given, keyOf }, platformDeflate);
      const source = { logId: log.logId, entries: log.entries, organisation, keyOf: log.keyOf };
      return (await readCase(source, platformDeflate)).mustCatchUp;
    };
    expect(await mustCatchUp(entries)).toBe(false);
    // It may say that somebody is out: who was left in this case is not known.
    expect(await mustCatchUp([...entries, newer.value])).toBe(true);
  });

  it("forks no line unseen", async () => {
    const mine = await beginEpoch(log, world.nour, [world.nour, world.azad]);
    const header = { kind: "control", control: first.hash, parents: [] } as const;
    const theirs = await log.write(world.azad, control({ type: "Adopted", entries: [] }), {
      header,
      isKeptBack: true,
      caseKey: must([...log.keys.values()][0]),
    });
    const both: readonly Received[] = [...log.entries, { kind: "entry", entry: theirs }];
    const organisation = await world.readOrganisation();
    const source = { logId: log.logId, entries: both, organisation, keyOf: log.keyOf };
    expect((await readCase(source, platformDeflate)).review.forks).toHaveLength(1);
    const kept = await readCase({ ...source, accepted: mine.hash }, platformDeflate);
    expect(kept.epochs).toHaveLength(2);
    expect(kept.mustCatchUp).toBe(true);
  });

  it("passes no entry of another case for one of this", async () => {
    const other = world.openCase("another");
    await beginEpoch(other, world.nour, [world.nour, world.azad]);
    const reading = await world.readCase(log, [...log.entries, ...other.entries]);
    expect(reading.entries).toHaveLength(1);
  });

  it("downgrades nothing: a version or suite it invents is kept sealed and named", async () => {
    const made = encodeCbor([encodeCbor([1, 0, 0]), new Uint8Array(272), new Uint8Array(64)]);
    const parsed = parseEntry(made);
    assert(parsed.ok && parsed.value.kind === "newer", "An unknown suite is newer.");
    const reading = await world.readCase(log, [...log.entries, parsed.value]);
    expect(reading.review.newer).toEqual([parsed.value.entry.hash]);
    expect(reading.mustCatchUp).toBe(true);
    expect(reading.entries).toHaveLength(1);
  });
});

type Step = { readonly who: number; readonly act: number; readonly hidden: number };

describe("property: any case of four people, one of them an intruder", () => {
  const anySteps = fc.array(fc.record({ who: fc.nat(3), act: fc.nat(9), hidden: fc.nat(5) }), {
    minLength: 1,
    maxLength: 12,
  });

  /** Who really wrote each entry of a random case. */
  const writeRandomly = async (steps: readonly Step[]): Promise<ReadonlyMap<EntryHash, TestPerson>> => {
    const people = [world.nour, world.azad, world.rojin, world.rami];
    const writers = new Map<EntryHash, TestPerson>([[first.hash, world.nour]]);
    for (const { who, act, hidden } of steps) {
      const by = must(people[who]);
      const entry = await writeOne(by, act);
      writers.set(entry.hash, by);
      // Now and then a copy of the entry before with a spoiled signature, or the same entry again.
      const last = must(log.entries.at(-1));
      if (hidden === 0 && last.kind === "entry")
        log.entries.push({ kind: "entry", entry: { ...last.entry, signature: new Uint8Array(64) } });
      if (hidden === 1) log.entries.push(last);
    }
    return writers;
  };

  const writeOne = (by: TestPerson, act: number): Promise<SealedEntry> => {
    if (act === 0) return beginEpoch(log, by, [world.nour, world.azad]);
    if (act === 1) return beginEpoch(log, by, [world.nour, world.azad, world.rojin]);
    if (act === 2)
      return log.write(by, control({ type: "Adopted", entries: [first.hash] }), { header: { kind: "control" } });
    if (act === 3) return log.write(by, noted("false key"), { caseKey: makeCaseKey(randomness) });
    return log.write(by, noted(`${by.name} ${act}`));
  };

  it("is read the same from any order, counts nobody's act as another's, and never the intruder's", async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, fc.nat(1000), async (steps, seed) => {
        log = world.openCase(`random ${seed}`);
        first = await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin]);
        const writers = await writeRandomly(steps);
        const reading = await read();
        const shuffled = [...log.entries]
          .map((each, index) => ({ each, key: Math.sin(seed * 97 + index * 7919) }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        const other = await world.readCase(log, shuffled);
        expect(other.entries).toEqual(reading.entries);
        expect(other.review).toEqual(reading.review);
        expect(other.epochs).toEqual(reading.epochs);
        for (const { hash, by } of reading.entries) {
          if (by !== undefined) expect(by.person).toBe(writers.get(hash)?.id);
          if (writers.get(hash) === world.rami) expect(by).toBeUndefined();
        }
        for (const { openers } of reading.epochs) expect(openers.has(world.rami.id)).toBe(false);
      }),
      { numRuns: 25 },
    );
  });
});

describe("control events of a case", () => {
  const hash = (name: string): EntryHash => logIdFor(name).repeat(2) as unknown as EntryHash;
  const people = async (): Promise<readonly TestPerson[]> => Promise.all(["a", "b"].map((name) => makePerson(name)));

  it("read back what was written, and nothing else", async () => {
    const events: readonly CaseControlEvent[] = [
      { type: "EpochBegun", members: (await people()).map(memberOf), cut: [hash("a")], reason: "left" },
      { type: "Adopted", entries: [hash("a"), hash("b")] },
      { type: "LeftUnread", entries: [hash("a")] },
      { type: "ErasureProposed", entries: [hash("a")] },
      { type: "ErasureConfirmed", proposal: hash("a") },
    ];
    for (const event of events) {
      const written = writeCaseControlEvent(event);
      expect(readCaseControlEvent(written)).toEqual(event);
      expect(readCaseControlEvent({ ...written, version: 2 })).toBeUndefined();
      expect(readCaseControlEvent({ ...written, type: "Other" })).toBeUndefined();
      for (const data of [null, [], { ...(written.data as CborMap), more: 1 }])
        expect(readCaseControlEvent({ ...written, data })).toBeUndefined();
      for (const name of Object.keys(written.data as CborMap))
        for (const wrong of [
          null,
          1,
          [1],
          [{ kind: "person" }],
          [{ kind: "x", key: new Uint8Array(32) }],
          new Uint8Array(3),
        ])
          expect(
            readCaseControlEvent({ ...written, data: { ...(written.data as CborMap), [name]: wrong } }),
          ).toBeUndefined();
    }
    const many = Array.from({ length: 257 }, () => new Uint8Array(32));
    expect(readCaseControlEvent({ type: "Adopted", version: 1, data: { entries: many } })).toBeUndefined();
    expect(label("entry-hash")).not.toEqual(sha256(label("entry-hash")));
  });
});
