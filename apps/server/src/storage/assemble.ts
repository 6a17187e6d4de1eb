/** Makes the contract out of the two ways in which a store runs an operation. */

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

export const storageFrom = ({ read, write, watch, openSnapshot, close }: Store): Storage => {
  const questions = Object.keys(reads).map((name) => [
    name,
    // The keys of the table are its names and nothing else.
    (question: unknown) => read(name as ReadName, question),
  ]);
  const orders = Object.keys(writes).map((name) => [
    name,
    // The keys of the table are its names and nothing else.
    (question: unknown) => write(name as WriteName, question),
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
