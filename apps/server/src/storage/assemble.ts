/**
 * Makes the contract out of the two ways in which a store runs an operation.
 *
 * What must stay true: whatever an organisation asks, some connections of the store are free for the others. All that it writes waits
 * for the row of its own, so that by asking for much at once it would have every connection wait.
 */

import { makeQueues, type Queues } from "../bounds/queues.ts";
import { reads, writes, type ReadName, type WriteName } from "./operations.ts";
import type { Change, Snapshot, Storage } from "./storage.ts";

/** What each store does in its own way. */
export type Store = {
  readonly read: (name: ReadName, question: unknown) => Promise<unknown>;
  readonly write: (name: WriteName, question: unknown) => Promise<unknown>;
  readonly watch: Watch;
  readonly openSnapshot: () => Promise<Snapshot>;
  readonly close: () => Promise<void>;
};

/** Gives back what ends it. */
export type Watch = (listener: (change: Change) => void) => () => void;

/** Of one organisation; the rest waits in the order in which it came. */
const atOnceMax = 4;

export const storageFrom = ({ read, write, watch, openSnapshot, close }: Store): Storage => {
  const inQueue = makeQueues(atOnceMax);
  const questions = Object.keys(reads).map((name) => [
    name,
    // The keys of the table are its names and nothing else.
    (question: unknown) => inTurn(inQueue, question, () => read(name as ReadName, question)),
  ]);
  const orders = Object.keys(writes).map((name) => [
    name,
    (question: unknown) => {
      // The keys of the table are its names and nothing else.
      const order = (): Promise<unknown> => write(name as WriteName, question);
      return isGathered(name) ? order() : inTurn(inQueue, question, order);
    },
  ]);
  // The tables of operations have every name of the contract with its types; the compiler holds them to it there.
  return Object.fromEntries([
    ...questions,
    ...orders,
    ["watch", watch],
    ["openSnapshot", openSnapshot],
    ["close", close],
  ]) as Storage;
};

/** Each store gathers those of one organisation that wait, and writes them together: the more of them, the better. */
const isGathered = (name: string): boolean => name === "appendEntries";

/** Who is asked about before it is known of which organisation they are waits for nobody. */
const inTurn = (inQueue: Queues, question: unknown, work: () => Promise<unknown>): Promise<unknown> => {
  const organisation = organisationIn(question);
  return organisation === undefined ? work() : inQueue(organisation, work);
};

const organisationIn = (question: unknown): string | undefined => {
  if (typeof question !== "object" || question === null) return undefined;
  if ("organisation" in question && typeof question.organisation === "string") return question.organisation;
  return "by" in question ? organisationIn(question.by) : undefined;
};

export type Watchers = {
  readonly watch: Watch;
  readonly tell: (changes: readonly Change[]) => void;
};

export const makeWatchers = (): Watchers => {
  const listeners = new Set<(change: Change) => void>();
  return {
    watch: (listener) => {
      // A function of its own, so that one listener may watch twice and end each by itself.
      const each = (change: Change): void => listener(change);
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    tell: (changes) => {
      for (const change of changes) for (const listener of listeners) listener(change);
    },
  };
};
