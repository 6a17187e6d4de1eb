/** What a member who signs one counter twice, or who names people, does to others: nothing but a mark. */

import { beforeEach, describe, expect, it } from "vitest";
import { encodeHeader, hashEntry, type EntryHash, type Header, type SealedEntry } from "@amana/log";
import {
  beginEpoch,
  keysOf,
  makePerson,
  makeWorld,
  noted,
  type World,
} from "../../packages/vault/src/testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await makeWorld();
});

/** The place in its device's chain that another entry has taken already. */
const samePlaceAs = ({ header }: SealedEntry): Partial<Header> => ({
  counter: header.counter,
  previous: header.previous,
});

/** The same under another header, with a signature that is of the header before. */
const forgedFrom = (entry: SealedEntry, fields: Partial<Header>): SealedEntry => {
  const header = { ...entry.header, ...fields };
  const headerBytes = encodeHeader(header);
  return { ...entry, header, headerBytes, hash: hashEntry(headerBytes, entry.bodyDigest) };
};

describe("a member who signs one counter twice", () => {
  it("makes no epoch vanish in which a colleague has written since", async () => {
    const log = world.openCase("epoch twice");
    await beginEpoch(log, world.nour, [world.nour, world.azad, world.rojin]);
    const epoch = await beginEpoch(log, world.azad, [world.nour, world.azad]);
    const note = await log.write(world.nour, noted("under Azad's epoch"));
    const double = await log.write(world.azad, noted("twice"), { header: samePlaceAs(epoch) });
    await beginEpoch(log, world.nour, [world.nour, world.azad]);
    const { epochs, entries, mustCatchUp } = await world.readCase(log);
    expect(epochs).toHaveLength(3);
    expect(entries.find(({ hash }) => hash === note.hash)?.content.kind).toBe("body");
    expect(entries.map(({ hash }) => hash)).toContain(double.hash);
    expect(mustCatchUp).toBe(false);
  });

  it("undoes nothing in the organisation: who left is gone, who was enrolled is there", async () => {
    const tara = await makePerson("Tara");
    const enrolled = await world.act(world.hevi, { type: "PersonEnrolled", role: "caseworker", ...keysOf(tara) });
    await world.act(world.hevi, { type: "PersonLeft", person: world.rami.id });
    const named = { type: "PersonNamed", person: tara.id, name: "Tara" } as const;
    const double = await world.act(world.hevi, named, { header: samePlaceAs(enrolled) });
    const { current, review } = await world.readOrganisation();
    expect(current.people.get(world.rami.id)?.hasLeft).toBe(true);
    expect(current.people.has(tara.id)).toBe(true);
    expect(review.quarantined).toEqual(new Set([double.hash]));
    expect(current.namesById.get(tara.id)).toBeUndefined();
  });

  it("takes no say from a colleague whose counters somebody has forged to the highest", async () => {
    const { author, device } = { author: world.nour.identityKey.keyId, device: world.nour.device };
    const named = { type: "PersonNamed", person: world.rami.id, name: "Rami" } as const;
    const written = await world.act(world.rami, named, { isKeptBack: true });
    const forged = forgedFrom(written, { author, device, counter: 2 ** 32 - 1, previous: world.root });
    world.organisation.entries.push({ kind: "entry", entry: forged });
    await world.act(world.nour, { type: "PersonLeft", person: world.rami.id });
    const { current, review } = await world.readOrganisation();
    expect(review.voided).toEqual(new Set([forged.hash]));
    expect(current.people.get(world.rami.id)?.hasLeft).toBe(true);
  });
});

describe("an administrator who names people", () => {
  it.each([
    ["the letters of another keyboard", "نور علی", "نور علي"],
    ["marks that nobody writes", "محمد کریم", "مُحَمَّد کریم"],
    ["capitals", "Nour Ali", "nour ali"],
    ["the digits of another language", "Nour 2", "Nour ٢"],
    ["letters of another writing", "Rami", "Rаmi"],
  ])("gives nobody a name that looks like a colleague's: %s", async (_how, name, likeIt) => {
    await world.act(world.nour, { type: "PersonNamed", person: world.nour.id, name });
    await world.act(world.hevi, { type: "PersonNamed", person: world.rami.id, name: likeIt });
    const { namesById } = (await world.readOrganisation()).current;
    expect(namesById.get(world.nour.id)).toBe(name);
    expect(namesById.get(world.rami.id)).toBeUndefined();
  });

  it("keeps apart names that only resemble each other", async () => {
    await world.act(world.nour, { type: "PersonNamed", person: world.nour.id, name: "نور علی" });
    await world.act(world.hevi, { type: "PersonNamed", person: world.rami.id, name: "نور عومەر" });
    expect((await world.readOrganisation()).current.namesById.get(world.rami.id)).toBe("نور عومەر");
  });
});

describe("an entry that nobody signed", () => {
  it("closes no case, whatever organisation it says it had seen", async () => {
    const log = world.openCase("made up");
    await beginEpoch(log, world.nour, [world.nour, world.azad]);
    const written = await log.write(world.nour, noted("made up"), { isKeptBack: true });
    const entry = forgedFrom(written, { organisationHead: "ab".repeat(32) as EntryHash }); // 64 hexadecimal digits are a hash.
    log.entries.push({ kind: "entry", entry });
    const reading = await world.readCase(log);
    expect(reading.review.unauthentic).toEqual(new Set([entry.hash]));
    expect(reading.mustCatchUp).toBe(false);
  });
});
