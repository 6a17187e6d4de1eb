/** A case against hostile members, an intruder and a hostile server: what they write counts for nothing, what they hide is seen. */

import { assert } from "@amana/kernel";
import { encodeCbor, parseEntry, type CborMap, type EntryHash, type Received, type SealedEntry } from "@amana/log";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { makeCaseKey, platformDeflate, readCase, readCaseControlEvent, readOrganisation } from "../index.ts";
import {
  beginEpoch,
  control,
  find,
  hashesIn,
  makeWorldWithCase,
  memberOf,
  must,
  noted,
  seededRandomness,
  type TestLog,
  type TestPerson,
  type World,
} from "../testing/world.ts";

const randomness = seededRandomness("hostile.test");

let world: World;
let log: TestLog;
let first: SealedEntry;
beforeEach(async () => {
  ({ world, log, first } = await makeWorldWithCase());
});

describe("a hostile member", () => {
  it("has no effect in a case they are not a member of, but a mark", async () => {
    const intruding = await log.write(world.rami, noted("approved by a supervisor"));
    const reading = await world.readCase(log);
    expect(find(reading, intruding).by).toBeUndefined();
    expect(reading.mustCatchUp).toBe(false);
  });

  it("adds no reader: an epoch by someone who does not open the case has no authority", async () => {
    const entry = await log.write(
      world.rami,
      control({ type: "EpochBegun", members: [world.rami, world.nour].map(memberOf), cut: [], reason: "" }),
      { beginsEpoch: true },
    );
    const reading = await world.readCase(log);
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
    const reading = await world.readCase(log);
    expect(find(reading, note).by?.person).toBe(world.rojin.id);
    expect(find(reading, back).by).toBeUndefined();
  });

  it("seals no two texts under one name: another key than the epoch's opens nothing", async () => {
    const caseKey = makeCaseKey(randomness);
    const entry = await log.write(world.rojin, noted("for some eyes"), { caseKey });
    const reading = await world.readCase(log);
    expect(find(reading, entry).content).toEqual({ kind: "damaged" });
    expect(reading.mustCatchUp).toBe(false);
  });

  it("who equivocates loses that device, and the case goes on", async () => {
    const one = await log.write(world.rojin, noted("to Nour"), { isKeptBack: true });
    const two = await log.write(world.rojin, noted("to Azad"));
    log.entries.push({ kind: "entry", entry: one });
    const after = await log.write(world.nour, noted("going on"), { header: { parents: [two.hash] } });
    const reading = await world.readCase(log);
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
    const reading = await world.readCase(log);
    expect(reading.withoutAuthority).toEqual([bad.hash, double.hash, wrong.hash]);
    expect(reading.epochs.map(({ entry }) => entry)).toEqual([first.hash, epoch.hash]);
    for (const entry of [bad, double, wrong]) expect(find(reading, entry).by).toBeUndefined();
  });

  it("does one thing in a control entry, and nothing beside what nobody knows", async () => {
    const unknown = [...control({ type: "Adopted", entries: [first.hash] }), ...noted("and this")];
    const entry = await log.write(world.nour, unknown, { header: { kind: "control" } });
    expect((await world.readCase(log)).withoutAuthority).toEqual([entry.hash]);
  });

  it("has no say in the line once they have left, nor as of an organisation that does not exist", async () => {
    const organisationHead = "cd".repeat(32) as EntryHash; // Only a name of nothing.
    const act = control({ type: "Adopted", entries: [first.hash] });
    const nowhere = await log.write(world.nour, act, { header: { kind: "control", organisationHead } });
    await world.act(world.nour, { type: "PersonLeft", person: world.rojin.id });
    const gone = await log.write(world.rojin, act, { header: { kind: "control" } });
    expect((await world.readCase(log)).withoutAuthority).toEqual([nowhere.hash, gone.hash]);
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
    const whole = await world.readCase(log);
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
        const reading = await world.readCase(log);
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
