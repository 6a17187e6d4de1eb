/** What adopting an entry does, and what it does not: it brings back what was said, never the say of whoever said it. */

import { toHex, type EntryHash, type SealedEntry } from "@amana/log";
import { beforeEach, expect, it } from "vitest";
import type { CaseReading } from "../index.ts";
import {
  beginEpoch,
  control,
  makeWorld,
  must,
  noted,
  type TestLog,
  type TestPerson,
  type World,
} from "../testing/world.ts";

let world: World;
let log: TestLog;
let first: SealedEntry;

beforeEach(async () => {
  world = await makeWorld();
  log = world.openCase("a case");
  const { nour, azad, rojin } = world;
  first = await beginEpoch(log, nour, [nour, azad, rojin]);
});

const read = (): Promise<CaseReading> => world.readCase(log);
const byIn = ({ entries }: CaseReading, { hash }: SealedEntry) => entries.find((entry) => entry.hash === hash)?.by;

/** As of the time of the first epoch, by a client that says it had been offline since. */
const lateBy = async (person: TestPerson, seen: EntryHash): Promise<SealedEntry> => {
  const header = { control: first.hash, previous: undefined, counter: 1, parents: [], organisationHead: seen };
  const caseKey = must(log.keys.get(toHex(must(first.header.keyCommitment))));
  return log.write(person, noted("approved"), { header, caseKey });
};

const adopt = (by: TestPerson, entry: SealedEntry) =>
  log.write(by, control({ type: "Adopted", entries: [entry.hash] }), { header: { kind: "control" } });

/** Azad supervises no more, and Rojin in his place; an epoch knows of it. */
const demoteAzad = async (people: readonly TestPerson[]): Promise<EntryHash> => {
  const { nour, azad, rojin } = world;
  const seen = must(world.organisation.entries.at(-1)).entry.hash;
  const promoted = await world.act(nour, { type: "RoleGiven", person: rojin.id, role: "supervisor" });
  await world.act(azad, { type: "Confirmed", proposal: promoted.hash });
  await world.act(nour, { type: "RoleTaken", person: azad.id, role: "supervisor" });
  await beginEpoch(log, nour, people);
  return seen;
};

it("a supervisor who is one no more is none again by adopting what they wrote as of then", async () => {
  const { nour, azad, rojin } = world;
  const late = await lateBy(azad, await demoteAzad([nour, azad, rojin]));
  expect(byIn(await read(), late)?.roles).toEqual(new Set(["caseworker"]));
  await adopt(azad, late);
  expect(byIn(await read(), late)?.roles).toEqual(new Set(["caseworker"]));
});

it("somebody who was taken out, and supervises no more, has no supervisor's say in what a colleague adopts", async () => {
  const { nour, azad, rojin } = world;
  const late = await lateBy(azad, await demoteAzad([nour, rojin]));
  expect(byIn(await read(), late)).toBeUndefined();
  await adopt(rojin, late);
  expect(byIn(await read(), late)).toEqual({ person: azad.id, roles: new Set(["caseworker"]) });
});

it("a supervisor who has left has no supervisor's say in what a colleague adopts; it is their word still", async () => {
  const { nour, azad, rojin } = world;
  const seen = must(world.organisation.entries.at(-1)).entry.hash;
  const promoted = await world.act(nour, { type: "RoleGiven", person: rojin.id, role: "supervisor" });
  await world.act(azad, { type: "Confirmed", proposal: promoted.hash });
  await world.act(nour, { type: "PersonLeft", person: azad.id });
  await beginEpoch(log, nour, [nour, rojin]);
  const late = await lateBy(azad, seen);
  expect(byIn(await read(), late)).toBeUndefined();
  await adopt(rojin, late);
  expect(byIn(await read(), late)).toEqual({ person: azad.id, roles: new Set(["caseworker"]) });
});

it("a supervisor keeps their say in what is adopted while they are one, though they were taken out of the case", async () => {
  const { nour, azad, rojin } = world;
  const seen = must(world.organisation.entries.at(-1)).entry.hash;
  await beginEpoch(log, nour, [nour, rojin]);
  const late = await lateBy(azad, seen);
  await adopt(rojin, late);
  expect(byIn(await read(), late)?.roles).toEqual(new Set(["caseworker", "supervisor"]));
});
