/** A case of the case file's own tests, as a person looks at it on a device with the shipped guidance. */

import { join } from "node:path";
import { type CaseState, due } from "@amana/casefile";
import { assert, type Instant } from "@amana/kernel";
import { compilePack, readPack } from "@amana/proof";
import type { Act, SectionView } from "../../apps/casework/src/case/screen.ts";
import type { Seen } from "../../apps/casework/src/worker/views/seen.ts";
import { adviceOn } from "../../packages/device/src/case/advice.ts";
import { guidanceOf } from "../../packages/device/src/guidance.ts";
import type { Author } from "../../packages/casefile/src/testing/people.ts";
import { newWorld, stateOf, type World } from "../../packages/casefile/src/testing/world.ts";

const read = readPack(join(import.meta.dirname, "../../packs/iraq-online-violence"));
assert(read.ok, "The shipped pack must be readable.");
export const tables = read.value.tables;
export const pack = compilePack(read.value);
const guidance = guidanceOf(pack);
const groups = Object.fromEntries(tables.facts.map(({ id, group }) => [id, group]));

export const worldWith = (fill: (world: World) => void): World => {
  const world = newWorld();
  world.adviser = (state, now) => adviceOn(guidance, state, now);
  fill(world);
  return world;
};

export const seenBy = (world: World, author: Author, isUnreadLeft = false): Seen =>
  seenIn(stateOf(world, author), world.now, author, isUnreadLeft);

export const seenIn = (state: CaseState, now: Instant, author: Author, isUnreadLeft = false): Seen => ({
  log: "log",
  state,
  now,
  actor: { person: author.person, roles: author.roles },
  advice: adviceOn(guidance, state, now),
  pack,
  groups,
  due: due(state, now),
  isUnreadLeft,
  isShredded: false,
  access: {
    ...{ readers: [], byThemselves: [], teams: [], hasRecoveryKey: false, waitsForEpoch: false, isAlone: false },
    ...{ pending: [], history: [] },
  },
  leftOut: [],
  drafts: new Set(),
  firstNames: new Map(),
});

/** All that a section offers to be done, wherever on it that stands. */
export const actsIn = (view: SectionView): readonly Act[] => {
  const blocks = "blocks" in view ? view.blocks : [];
  return [
    ...blocks.flatMap(({ acts, cards }) => [...acts, ...cards.flatMap((card) => card.acts)]),
    ...("acts" in view ? view.acts : []),
    ...(view.kind === "content" ? view.tools.map(({ act }) => act) : []),
    ...(view.kind === "consent" ? view.rows.flatMap(({ acts }) => acts) : []),
  ];
};
