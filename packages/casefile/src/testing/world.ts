/**
 * Several devices and one case: each decides on what it holds, writes entries that follow it, and passes them on.
 *
 * It stands for what `device`, `vault` and `log` do around this package: entries, envelopes, what precedes what.
 */

import type { Instant } from "@amana/kernel";
import type { CaseCommand } from "../command.ts";
import type { Advice, Decision } from "../context.ts";
import { decide } from "../decide.ts";
import type { CaseEvent } from "../event.ts";
import { type CaseEntry, foldCase } from "../evolve.ts";
import type { DeviceId, EntryHash } from "../ids.ts";
import type { CaseState } from "../state.ts";
import { due } from "../views/due.ts";
import { factsOf } from "../views/facts-of.ts";
import { adviceFor } from "./advice.ts";
import { type Author, hashOf, startAt } from "./people.ts";

export type World = {
  readonly entries: CaseEntry[];
  /** What each device holds. While the devices are together, all hold everything. */
  readonly heldByDevice: Map<DeviceId, Set<EntryHash>>;
  /** What each device has folded already, where a world is one in which no device ever forgets. */
  readonly foldedByDevice?: Map<DeviceId, Folded>;
  isTogether: boolean;
  now: Instant;
  /** The pathway; a test may put another one in its place. */
  adviser: (state: CaseState, now: Instant) => Advice | undefined;
  /** The next entry's hash. */
  nextHash: (count: number) => EntryHash;
};

/** The case of the entries that a device held when it last looked. */
export type Folded = { readonly held: ReadonlySet<EntryHash>; readonly state: CaseState };

export const newWorld = (): World => ({
  entries: [],
  heldByDevice: new Map(),
  isTogether: true,
  now: startAt,
  adviser: (state, now) => {
    const facts = factsOf(state, now);
    return { answer: adviceFor(facts), facts };
  },
  // Scattered, so that the order of hashes tells nothing of the order of writing.
  nextHash: (count) => hashOf(((count + 1) * 2_654_435_761) % 4_294_967_291),
});

export const heldBy = (world: World, device: DeviceId): Set<EntryHash> => {
  const held = world.heldByDevice.get(device) ?? new Set<EntryHash>();
  world.heldByDevice.set(device, held);
  return world.isTogether ? new Set(world.entries.map(({ envelope }) => envelope.entry)) : held;
};

/** The case as this person's device has it. */
export const stateOf = (world: World, author: Author): CaseState => {
  const held = heldBy(world, author.device);
  const folded = world.foldedByDevice?.get(author.device);
  const isNew = ({ envelope: { entry } }: CaseEntry): boolean => held.has(entry) && folded?.held.has(entry) !== true;
  const state = foldCase(world.entries.filter(isNew), folded?.state);
  world.foldedByDevice?.set(author.device, { held: new Set(held), state });
  return state;
};

/** The whole case, when everyone has everything. */
export const wholeCase = (world: World): CaseState => foldCase(world.entries);

/** From here on every device is alone with what it holds. */
export const part = (world: World, ...authors: readonly Author[]): void => {
  for (const { device } of authors) world.heldByDevice.set(device, heldBy(world, device));
  world.isTogether = false;
};

export const meet = (world: World): void => {
  world.isTogether = true;
  world.heldByDevice.clear();
};

/** Puts events into an entry without asking `decide`: what a client of somebody's own making can do. */
export const write = (world: World, author: Author, ...events: readonly CaseEvent[]): EntryHash => {
  const past = new Set(heldBy(world, author.device));
  const entry = world.nextHash(world.entries.length);
  const { person, device, roles } = author;
  const envelope = { entry, author: person, device, roles, recordedAt: world.now, past };
  world.entries.push({ envelope, events });
  world.heldByDevice.set(device, new Set([...past, entry]));
  return entry;
};

/** Decides, and writes what was decided. */
export const tell = (world: World, author: Author, command: CaseCommand): Decision => {
  const state = stateOf(world, author);
  const advice = world.adviser(state, world.now);
  const actor = { person: author.person, roles: author.roles };
  const decision = decide(command, state, { now: world.now, actor, ...(advice === undefined ? {} : { advice }) });
  if (decision.ok) write(world, author, ...decision.value);
  return decision;
};

/** Tells, and stops the test if it is refused. Gives the entry's hash. */
export const must = (world: World, author: Author, command: CaseCommand): EntryHash => {
  const decision = tell(world, author, command);
  const last = world.entries.at(-1);
  if (!decision.ok || last === undefined) {
    throw new Error(`${command.type} was refused: ${decision.ok ? "" : JSON.stringify(decision.error)}`);
  }
  return last.envelope.entry;
};

/** The type of the refusal, or "accepted". */
export const refusal = (world: World, author: Author, command: CaseCommand): string => {
  const before = world.entries.length;
  const decision = tell(world, author, command);
  world.entries.length = before;
  return decision.ok ? "accepted" : decision.error.type;
};

/** The refusal with all that it says, or "accepted". */
export const errorOf = (world: World, author: Author, command: CaseCommand): unknown => {
  const decision = tell(world, author, command);
  return decision.ok ? "accepted" : decision.error;
};

/** What is due in the whole case at a moment, each by its kind. */
export const dueKinds = (world: World, at = world.now): readonly string[] =>
  due(wholeCase(world), at).map(({ kind }) => kind);
