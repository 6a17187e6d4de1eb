/**
 * An epoch of the organisation's log whose key others are not given is gone on over by two persons, and from then on those who
 * were given it and those who were not hold the same organisation to be so.
 */

import { toHex, type EntryHash, type SealedEntry } from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import {
  platformDeflate,
  presentPeople,
  readOrganisation,
  readOrganisationEvent,
  writeOrganisationEvent,
  type KeyOf,
  type OrganisationEvent,
  type OrganisationReading,
} from "../index.ts";
import {
  keysOf,
  makeLog,
  makePerson,
  makeWorld,
  must,
  type TestLog,
  type TestPerson,
  type World,
  type Writing,
} from "../testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const begins = { beginsEpoch: true } as const;
const plain: OrganisationEvent = { type: "EpochBegun", members: [], cut: [], reason: "left" };
const overEvent = (...over: readonly EntryHash[]): OrganisationEvent => ({ ...plain, over });

const write = (by: TestPerson, events: readonly OrganisationEvent[], fields?: Writing) =>
  world.organisation.write(by, events.map(writeOrganisationEvent), fields);
const over = (by: TestPerson, ...entries: readonly SealedEntry[]) =>
  write(by, [overEvent(...entries.map(({ hash }) => hash))], begins);
const confirm = (by: TestPerson, { hash: proposal }: SealedEntry) => write(by, [{ type: "Confirmed", proposal }]);

/** In somebody's name, and not signed by them. */
const forge = async (by: TestPerson, events: readonly OrganisationEvent[]): Promise<void> => {
  const entry = await world.organisation.write(by, events.map(writeOrganisationEvent), { isKeptBack: true });
  const signature = entry.signature.map((byte) => byte ^ 1);
  world.organisation.entries.push({ kind: "entry", entry: { ...entry, signature } });
};

const readIn = (
  { logId, entries, keyOf: given }: TestLog,
  root: EntryHash,
  ...lacking: readonly SealedEntry[]
): Promise<OrganisationReading> => {
  const lacks = new Set(lacking.map(({ header }) => toHex(must(header.keyCommitment))));
  const keyOf: KeyOf = (commitment) => (lacks.has(toHex(commitment)) ? undefined : given(commitment));
  return readOrganisation({ logId, root, entries, keyOf }, platformDeflate);
};
const read = (...lacking: readonly SealedEntry[]) => readIn(world.organisation, world.root, ...lacking);

/** What those hold to be so who were given the keys of these entries, and those who were not. */
const bothRead = async (...kept: readonly SealedEntry[]) => [await read(), await read(...kept)] as const;
const expectSame = ([one, other]: Awaited<ReturnType<typeof bothRead>>): void => {
  expect(one.current).toEqual(other.current);
  expect([...one.asOf]).toEqual([...other.asOf]);
  expect([one.unreadable, one.epochBegunBy]).toEqual([other.unreadable, other.epochBegunBy]);
};

describe("an epoch of the organisation's log whose key others are not given", () => {
  it("counts for nothing, with all that was written since, once two persons have gone on over it", async () => {
    const { nour, azad, rami, hevi } = world;
    const before = (await read()).current;
    const kept = await write(hevi, [{ type: "RoleTaken", person: rami.id, role: "caseworker" }, plain], begins);
    const friend = await makePerson("a friend");
    await write(hevi, [{ type: "PersonEnrolled", role: "administrator", ...keysOf(friend) }]);
    expect((await read()).current.people.size).toBe(before.people.size + 1);
    const going = await over(azad, kept);
    await write(hevi, [{ type: "PersonLeft", person: nour.id }], { caseKey: must(keyOfEpoch(kept)) });
    const waiting = await read(kept);
    expect(waiting.unreadable).toContain(kept.hash);
    expect(waiting.current.proposals.get(going.hash)).toMatchObject({ by: azad.id, about: hevi.id });
    const word = await confirm(nour, going);
    const readings = await bothRead(kept);
    expectSame(readings);
    const { current, unreadable, epochBegunBy, passedOver } = readings[1];
    expect([current.people, current.proposals]).toEqual([before.people, before.proposals]);
    expect([unreadable, epochBegunBy]).toEqual([[], going.hash]);
    expect(passedOver.size).toBe(3);
    expect(passedOver.has(word.hash) || passedOver.has(going.hash)).toBe(false);
    // Whoever acted as of one of these acted in the organisation as it was before.
    expect(readings[0].asOf.get(kept.hash)?.organisation.people).toEqual(before.people);
    expect(current.withoutAuthority).toEqual([...before.withoutAuthority, ...passedOver]);
    // And it goes on: its maker can be sent away.
    await write(nour, [{ type: "PersonLeft", person: hevi.id }, plain], begins);
    const after = await bothRead(kept);
    expectSame(after);
    expect(after[1].current.people.get(hevi.id)?.hasLeft).toBe(true);
  });

  it("is gone on over by a keeper who did not begin it, and confirmed by another supervisor", async () => {
    const { nour, azad, rojin, rami, hevi } = world;
    await write(azad, [{ type: "PersonMet", person: hevi.id }]);
    const kept = await write(nour, [plain], begins);
    const refused = [await over(nour, kept), await over(rami, kept), await over(azad, must(await rootEntry()))];
    for (const reading of await bothRead(kept))
      for (const { hash } of refused) expect(reading.current.proposals.has(hash)).toBe(false);
    // With anything else in the same entry it is none, and begins nothing.
    const mixed = await write(hevi, [overEvent(kept.hash), { type: "PersonMet", person: rojin.id }], begins);
    expect((await read(kept)).current.withoutAuthority).toContain(mixed.hash);
    await over(hevi, kept);
    const going = await over(hevi, kept);
    expect([...(await read(kept)).passings.keys()]).toEqual([going.hash]);
    // Its maker, whoever proposes it, and a caseworker while Azad could.
    for (const by of [nour, hevi, rojin]) await confirm(by, going);
    expect((await read(kept)).unreadable).toContain(kept.hash);
    await confirm(azad, going);
    expectSame(await bothRead(kept));
    expect((await read(kept)).unreadable).toEqual([]);
  });

  it("is confirmed by whoever has a part in cases, where every supervisor proposes it or began it", async () => {
    const { nour, azad, rojin } = world;
    await write(azad, [{ type: "PersonMet", person: rojin.id }]);
    const kept = await write(nour, [plain], begins);
    const going = await over(azad, kept);
    await confirm(rojin, going);
    expectSame(await bothRead(kept));
    expect((await read(kept)).epochBegunBy).toBe(going.hash);
  });

  it("is gone on over by an only supervisor alone while nobody else could confirm it", async () => {
    const [nour, hevi, rojin] = [world.nour, world.hevi, world.rojin];
    const small = makeLog("a small organisation", "organisation", () => undefined);
    const act = (by: TestPerson, event: OrganisationEvent, fields?: Writing) =>
      small.write(by, [writeOrganisationEvent(event)], fields);
    const { hash: root } = await act(nour, { type: "OrganisationFounded", ...keysOf(nour) });
    await act(nour, { type: "PersonEnrolled", role: "administrator", ...keysOf(hevi) });
    const first = await act(hevi, plain, begins);
    const alone = await act(nour, overEvent(first.hash), begins);
    expect(await readIn(small, root, first)).toMatchObject({ unreadable: [], epochBegunBy: alone.hash });
    await act(nour, { type: "PersonEnrolled", role: "caseworker", ...keysOf(rojin) });
    await act(nour, { type: "RoleGiven", person: hevi.id, role: "caseworker" });
    const second = await act(hevi, plain, begins);
    // Rojin counts as one with Nour, who brought her, and Hêvî began it.
    const again = await act(nour, overEvent(second.hash), begins);
    expect(await readIn(small, root, first, second)).toMatchObject({ unreadable: [], epochBegunBy: again.hash });
    await act(hevi, { type: "PersonMet", person: rojin.id });
    const third = await act(hevi, plain, begins);
    const waiting = await act(nour, overEvent(third.hash), begins);
    expect((await readIn(small, root, third)).unreadable).toEqual([third.hash]);
    await act(rojin, { type: "Confirmed", proposal: waiting.hash });
    expect(await readIn(small, root, third)).toMatchObject({ unreadable: [], epochBegunBy: waiting.hash });
  });

  it("that took somebody out is not taken back by them: not alone, and not once anybody else has written since", async () => {
    const { nour, azad, rami, hevi } = world;
    const honest = await write(nour, [{ type: "PersonLeft", person: hevi.id }, plain], begins);
    const back = await over(hevi, honest);
    expect(presentPeople((await read()).current).map(({ id }) => id)).not.toContain(hevi.id);
    expect((await read(honest)).unreadable).toContain(honest.hash);
    // Nobody confirms what they propose, and in another's name it is nobody's word.
    await confirm(hevi, back);
    await forge(azad, [{ type: "Confirmed", proposal: back.hash }]);
    expect(presentPeople((await read()).current).map(({ id }) => id)).not.toContain(hevi.id);
    await write(rami, [{ type: "PersonMet", person: azad.id }], { caseKey: must(keyOfEpoch(honest)) });
    const late = await over(hevi, honest);
    await confirm(azad, late);
    // Nor by what they proposed while nobody had.
    await write(azad, [{ type: "Confirmed", proposal: back.hash }], { caseKey: must(keyOfEpoch(back)) });
    for (const reading of await bothRead(honest)) {
      expect(reading.current.proposals.has(late.hash)).toBe(false);
      expect(reading.passedOver.size).toBe(0);
    }
  });

  it("is held to be settled by nobody whose word is forged", async () => {
    const { nour, azad, rami, hevi } = world;
    const kept = await write(hevi, [plain], begins);
    await forge(rami, [{ type: "PersonMet", person: azad.id }]);
    const going = await over(azad, kept);
    await confirm(nour, going);
    expect((await read(kept)).unreadable).toEqual([]);
  });

  it("is named in a version of the event that says at least one", async () => {
    const written = writeOrganisationEvent(overEvent(world.root));
    expect(written.version).toBe(2);
    expect(await readOrganisationEvent(written)).toEqual(overEvent(world.root));
    expect(await readOrganisationEvent({ ...written, version: 1 })).toBeUndefined();
    expect(await readOrganisationEvent(writeOrganisationEvent(overEvent()))).toBeUndefined();
  });
});

const keyOfEpoch = ({ header }: SealedEntry) => world.organisation.keyOf(must(header.keyCommitment));

const rootEntry = (): Promise<SealedEntry> => {
  const [first] = world.organisation.entries;
  if (first?.kind !== "entry") throw new Error("The organisation was founded.");
  return Promise.resolve(first.entry);
};
