/** A case of the case file's own tests, as a person looks at it on a device with the shipped guidance. */

import { join } from "node:path";
import { due, factsOf } from "@amana/casefile";
import { assert } from "@amana/kernel";
import { assess, preparePack } from "@amana/pathway";
import { compilePack, readPack } from "@amana/proof";
import type { Seen } from "../../apps/casework/src/worker/views/seen.ts";
import type { Author } from "../../packages/casefile/src/testing/people.ts";
import { newWorld, stateOf, type World } from "../../packages/casefile/src/testing/world.ts";

const read = readPack(join(import.meta.dirname, "../../packs/iraq-online-violence"));
assert(read.ok, "The shipped pack must be readable.");
export const tables = read.value.tables;
export const pack = compilePack(read.value);
const prepared = preparePack(pack);
const groups = Object.fromEntries(tables.facts.map(({ id, group }) => [id, group]));

export const worldWith = (fill: (world: World) => void): World => {
  const world = newWorld();
  world.adviser = (state, now) => {
    const facts = factsOf(state, now);
    return { facts, answer: assess(prepared, facts) };
  };
  fill(world);
  return world;
};

export const seenBy = (world: World, author: Author, isUnreadLeft = false): Seen => {
  const state = stateOf(world, author);
  const facts = factsOf(state, world.now);
  return {
    log: "log",
    state,
    now: world.now,
    actor: { person: author.person, roles: author.roles },
    advice: { facts, answer: assess(prepared, facts) },
    pack,
    groups,
    due: due(state, world.now),
    isUnreadLeft,
    isShredded: false,
    access: { readers: [], byThemselves: [], teams: [], hasRecoveryKey: false, waitsForEpoch: false, pending: [] },
    drafts: new Set(),
  };
};
