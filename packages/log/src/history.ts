/**
 * The entries of one log that a device holds: a set that only grows, the same in whatever order it grew.
 *
 * Adding judges an entry by itself alone. What entries say of one another is found by `review`, afresh and
 * from the set, so that one by one and in batches cannot end differently.
 */

import type { NewerEntry, Received, SealedEntry } from "./entry.ts";
import { toHex } from "./bytes.ts";
import type { LogKind } from "./header.ts";
import type { EntryHash, LogId } from "./ids.ts";
import { entriesPerLogMax } from "./limits.ts";

/**
 * What whoever holds the author's public key says of the signature. This package verifies nothing.
 * `unchecked`: the author's key is not known yet.
 */
export type Verdict = "verified" | "unchecked" | "refused";

export type Held = { readonly entry: SealedEntry; readonly verdict: Verdict };

export type History = {
  readonly logId: LogId;
  readonly logKind: LogKind;
  readonly held: ReadonlyMap<EntryHash, Held>;
  readonly newer: ReadonlyMap<EntryHash, NewerEntry>;
};

export type Arrival = { readonly received: Received; readonly verdict: Verdict };

export type Refusal = { readonly hash: EntryHash; readonly why: "OtherLog" | "LogFull" };

export const emptyHistory = (logId: LogId, logKind: LogKind): History => ({
  logId,
  logKind,
  held: new Map(),
  newer: new Map(),
});

/** Each arrival is kept or refused by itself; the same entry again changes nothing but may bring a better signature. */
export const addEntries = (
  history: History,
  arrivals: readonly Arrival[],
): { readonly history: History; readonly refused: readonly Refusal[] } => {
  const held = new Map(history.held);
  const newer = new Map(history.newer);
  const refused: Refusal[] = [];
  for (const { received, verdict } of arrivals) {
    const { hash } = received.entry;
    if (received.kind === "entry" && !isOfLog(received.entry, history)) refused.push({ hash, why: "OtherLog" });
    else if (!held.has(hash) && !newer.has(hash) && held.size + newer.size >= entriesPerLogMax)
      refused.push({ hash, why: "LogFull" });
    else if (received.kind === "newer") newer.set(hash, received.entry);
    else held.set(hash, better(held.get(hash), { entry: received.entry, verdict }));
  }
  return { history: { ...history, held, newer }, refused };
};

const isOfLog = ({ header }: SealedEntry, history: History): boolean =>
  header.logId === history.logId && header.logKind === history.logKind;

const rank = { refused: 0, unchecked: 1, verified: 2 } as const satisfies Record<Verdict, number>;

// [Note: Signatures are outside of the hash] Two copies of an entry may differ in their signature, and in
// whether the body is there. Which copy came first must not matter, so the better of each part is kept: a body
// over none, a verified signature over another, and of equals the smaller.
const better = (one: Held | undefined, other: Held): Held => {
  if (one === undefined) return other;
  const isOneBetter =
    rank[one.verdict] === rank[other.verdict]
      ? toHex(one.entry.signature) <= toHex(other.entry.signature)
      : rank[one.verdict] > rank[other.verdict];
  const kept = isOneBetter ? one : other;
  return { ...kept, entry: { ...kept.entry, ciphertext: one.entry.ciphertext ?? other.entry.ciphertext } };
};

/** Everything an entry names, once: what precedes it. */
export const linksOf = ({ header }: SealedEntry): readonly EntryHash[] => {
  const { control, previous, parents } = header;
  return [control, previous === control ? undefined : previous, ...parents].filter((hash) => hash !== undefined);
};

/** These entries and everything that precedes them, as far as it is held. */
export const pastOf = (history: History, hashes: Iterable<EntryHash>): ReadonlySet<EntryHash> => {
  const past = new Set<EntryHash>();
  const open = [...hashes];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    const known = history.held.get(hash);
    if (known === undefined || past.has(hash)) continue;
    past.add(hash);
    for (const link of linksOf(known.entry)) open.push(link);
  }
  return past;
};
