/** What says of a shredded case that it was shredded, for whoever lacks its keys: by whom it counts, and what it opens. */

import { fromHex, toHex, type CborMap, type EntryHash, type SealedEntry } from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import {
  commitTo,
  conceal,
  entryKeyOf,
  exposeSecret,
  makeCaseKey,
  readCaseControlEvent,
  shreddingKey,
  writeCaseControlEvent,
  type CaseControlEvent,
  type CaseReading,
} from "../index.ts";
import {
  beginEpoch,
  control,
  logIdFor,
  makeWorld,
  must,
  noted,
  seededRandomness,
  type TestLog,
  type TestPerson,
  type World,
} from "../testing/world.ts";

const organisationKey = makeCaseKey(seededRandomness("key of the organisation"));

let world: World;
let log: TestLog;
let first: SealedEntry;
let note: SealedEntry;
beforeEach(async () => {
  world = await makeWorld();
  log = world.openCase("a case");
  first = await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin]);
  note = await log.write(world.rojin, noted("a name"));
});

const act = (by: TestPerson, event: CaseControlEvent): Promise<SealedEntry> =>
  log.write(by, control(event), { header: { kind: "control" } });

/** Proposed by one, confirmed by another. */
const shred = async (
  by = world.nour,
  confirmedBy = world.azad,
  entries: readonly EntryHash[] = [],
): Promise<{ readonly proposal: SealedEntry; readonly confirmation: SealedEntry }> => {
  const proposal = await act(by, { type: "ErasureProposed", entries });
  const confirmation = await act(confirmedBy, { type: "ErasureConfirmed", proposal: proposal.hash });
  return { proposal, confirmation };
};

/** With the keys of these entries, all of the first epoch. */
const tell = async (
  by: TestPerson,
  confirmation: SealedEntry,
  told: readonly SealedEntry[],
  isUnderOwnKey = true,
): Promise<SealedEntry> => {
  const caseKey = must(log.keyOf(must(first.header.keyCommitment)));
  const keys = await Promise.all(
    told.map(async (entry) => ({ entry: entry.hash, key: await entryKeyOf(entry, caseKey) })),
  );
  const event = control({ type: "ShreddingTold", confirmation: confirmation.hash, keys });
  if (!isUnderOwnKey) return log.write(by, event, { header: { kind: "control" } });
  return log.write(by, event, { beginsEpoch: true, caseKey: await shreddingKey(organisationKey, log.logId) });
};

/** As on a device that has the organisation's key and none of the case's. */
const readSince = async (): Promise<CaseReading> => {
  const key = await shreddingKey(organisationKey, log.logId);
  const commitment = toHex(await commitTo(key, log.logId));
  return world.readCase(log, log.entries, (asked) => (toHex(asked) === commitment ? key : undefined));
};

/** What two people are seen to have confirmed. */
const confirmedIn = ({ entries, withoutAuthority }: CaseReading): readonly EntryHash[] =>
  entries.flatMap(({ hash, by, content }) => {
    const events = content.kind === "body" ? content.body.events.map(readCaseControlEvent) : [];
    const isConfirmed = events.some((event) => event?.type === "ErasureConfirmed");
    return isConfirmed && by !== undefined && !withoutAuthority.includes(hash) ? [hash] : [];
  });

describe("a shredding that is told", () => {
  it("is seen, with who agreed to it, without any key of the case, and nothing else of the case is", async () => {
    const { proposal, confirmation } = await shred();
    expect(confirmedIn(await readSince())).toEqual([]);
    const told = await tell(world.azad, confirmation, [first, proposal, confirmation]);
    const since = await readSince();
    expect(confirmedIn(since)).toEqual([confirmation.hash]);
    expect(since.withoutAuthority).toEqual([]);
    expect(since.epochs.map(({ entry }) => entry)).toEqual([first.hash]);
    expect(since.entries.find(({ hash }) => hash === note.hash)?.content).toEqual({ kind: "no-key" });
    // To those who have the keys it is one more entry that counts, and begins nothing.
    const reading = await world.readCase(log);
    expect(reading.withoutAuthority).toEqual([]);
    expect(reading.epochs).toHaveLength(1);
    expect(reading.entries.find(({ hash }) => hash === told.hash)?.by?.person).toBe(world.azad.id);
  });

  it("counts from whoever confirmed it, and from nobody else who reads the case", async () => {
    const { proposal, confirmation } = await shred();
    const told = await tell(world.nour, confirmation, [first, proposal, confirmation]);
    expect(confirmedIn(await readSince())).toEqual([]);
    expect((await world.readCase(log)).withoutAuthority).toEqual([told.hash]);
  });

  it.each(["nour", "rami"] as const)(
    "is not believed where nobody agreed who reads the case and is another: %s",
    async (name) => {
      const { proposal, confirmation } = await shred(world.nour, world[name]);
      await tell(world[name], confirmation, [first, proposal, confirmation]);
      expect(confirmedIn(await readSince())).toEqual([]);
    },
  );

  it("is only ever of the whole case, and only under the key that is made for it", async () => {
    const { proposal, confirmation } = await shred();
    const plain = await tell(world.azad, confirmation, [first, proposal, confirmation], false);
    const erased = await shred(world.nour, world.azad, [note.hash]);
    const ofOne = await tell(world.azad, erased.confirmation, [first, erased.proposal, erased.confirmation]);
    expect((await world.readCase(log)).withoutAuthority).toEqual([plain.hash, ofOne.hash]);
  });

  it("goes behind the keys that are here: who has them reads what they say, whatever was told", async () => {
    const { confirmation } = await shred();
    const wrong = { entry: first.hash, key: conceal("entry-key", new Uint8Array(32)) };
    const event = control({ type: "ShreddingTold", confirmation: confirmation.hash, keys: [wrong] });
    const caseKey = await shreddingKey(organisationKey, log.logId);
    await log.write(world.azad, event, { beginsEpoch: true, caseKey });
    expect(confirmedIn(await readSince())).toEqual([]);
    // Of all keys, only that of an epoch which somebody has begun since is not here.
    const kept = new Map(log.keys);
    await beginEpoch(log, world.nour, [world.nour, world.azad]);
    const byOwnKeys = await world.readCase(log, log.entries, (asked) => kept.get(toHex(asked)));
    expect(confirmedIn(byOwnKeys)).toEqual([confirmation.hash]);
  });
});

describe("the key a shredding is told under", () => {
  it("follows from one of the organisation's and from the log, in these bytes", async () => {
    const secret = conceal("case-key", must(fromHex("11".repeat(32))));
    const key = await shreddingKey(secret, logIdFor("a case"));
    // Computed by another library.
    const expected = "de4def79851d705fad8fbbdb851c999c2fc7185c61bdaa4909f463fb7e6ef2d8";
    expect(toHex(exposeSecret(key))).toBe(expected);
    expect(toHex(exposeSecret(await shreddingKey(secret, logIdFor("another"))))).not.toBe(toHex(exposeSecret(key)));
  });
});

describe("the event that tells", () => {
  it("reads back as it was written, and nothing else is one", () => {
    const hash = logIdFor("a").repeat(2) as unknown as EntryHash;
    const keys = [{ entry: hash, key: conceal("entry-key", new Uint8Array(32).fill(7)) }];
    const written = writeCaseControlEvent({ type: "ShreddingTold", confirmation: hash, keys });
    const read = readCaseControlEvent(written);
    expect(read).toMatchObject({ type: "ShreddingTold", confirmation: hash, keys: [{ entry: hash }] });
    if (read?.type !== "ShreddingTold") throw new Error("It reads as what it is.");
    expect(read.keys.map(({ key }) => toHex(exposeSecret(key)))).toEqual(["07".repeat(32)]);
    const data = written.data as CborMap;
    for (const wrong of [
      { ...data, more: 1 },
      { ...data, confirmation: 1 },
      { ...data, keys: 1 },
      { ...data, keys: [1] },
      { ...data, keys: [{ entry: new Uint8Array(32), key: new Uint8Array(31) }] },
      { ...data, keys: [{ entry: new Uint8Array(31), key: new Uint8Array(32) }] },
    ])
      expect(readCaseControlEvent({ ...written, data: wrong })).toBeUndefined();
    expect(readCaseControlEvent({ ...written, version: 2 })).toBeUndefined();
  });
});
