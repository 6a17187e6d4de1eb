/**
 * The organisation's log is written by all its people, and read by all before anything else: nobody who keeps nothing spoils it
 * for the others, and what a device merely cannot read yet is never taken for spoiled.
 */

import { huskOf, toHex, type Received, type SealedEntry } from "@amana/log";
import { beforeEach, expect, it } from "vitest";
import { makeCaseKey, platformDeflate, readOrganisation, type KeyOf, type OrganisationReading } from "../index.ts";
import { keysOf, makePerson, makeWorld, must, seededRandomness, type World } from "../testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const ownKey = () => makeCaseKey(seededRandomness("a key of one's own"));
const spoil = () => world.act(world.rami, { type: "PersonMet", person: world.hevi.id }, { caseKey: ownKey() });
const enrol = async () =>
  world.act(world.nour, { type: "PersonEnrolled", role: "caseworker", ...keysOf(await makePerson("Dilan")) });

const readWith = (entries: readonly Received[], keyOf: KeyOf): Promise<OrganisationReading> => {
  const { logId } = world.organisation;
  return readOrganisation({ logId, root: world.root, entries, keyOf }, platformDeflate);
};
const without =
  (...lacking: readonly SealedEntry[]): KeyOf =>
  (commitment) =>
    lacking.some(({ header }) => toHex(must(header.keyCommitment)) === toHex(commitment))
      ? undefined
      : world.organisation.keyOf(commitment);

it("an entry that its author spoiled is worthless, and what follows counts", async () => {
  const spoiled = await spoil();
  await enrol();
  const { current, unreadable } = await world.readOrganisation();
  expect([unreadable, current.withoutAuthority]).toEqual([[], [spoiled.hash]]);
  expect(current.people.size).toBe(6);
});

it("a key begun by who keeps nothing is worthless, read or not, and the one before goes on", async () => {
  const begun = await world.act(world.rami, { type: "PersonMet", person: world.hevi.id }, { beginsEpoch: true });
  for (const keyOf of [world.organisation.keyOf, without(begun)]) {
    const { current, unreadable, epochBegunBy } = await readWith(world.organisation.entries, keyOf);
    expect([unreadable, current.withoutAuthority, epochBegunBy]).toEqual([[], [begun.hash], world.root]);
  }
});

it("what is not here yet is not taken for spoiled: a key, a body, nor anything after either", async () => {
  const begun = await world.act(
    world.nour,
    { type: "EpochBegun", members: [], cut: [], reason: "left" },
    { beginsEpoch: true },
  );
  const later = await enrol();
  const lacking = await readWith(world.organisation.entries, without(begun));
  expect([lacking.unreadable, lacking.current.withoutAuthority]).toEqual([[begun.hash, later.hash], []]);
  const husks = world.organisation.entries.map((received): Received =>
    received.kind === "entry" && received.entry.hash === later.hash
      ? { kind: "entry", entry: huskOf(received.entry) }
      : received,
  );
  const left = await readWith(husks, world.organisation.keyOf);
  expect([left.unreadable, left.current.withoutAuthority]).toEqual([[later.hash], []]);
});
