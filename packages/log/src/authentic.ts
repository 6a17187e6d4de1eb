/**
 * Whose word an entry is: its own signature verified, or an authentic entry of the same author and device,
 * with the next counter, names it as the one before. Parents vouch for nothing.
 */

import type { SealedEntry } from "./entry.ts";
import type { History } from "./history.ts";
import type { DeviceId, EntryHash, KeyId } from "./ids.ts";

export type Equivocation = {
  readonly author: KeyId;
  readonly device: DeviceId;
  /** The first counter that stands twice. */
  readonly counter: number;
  readonly entries: readonly EntryHash[];
};

/** Whether one entry is the direct predecessor of the other in the chain of one author's device. */
export const precedes = (one: SealedEntry, other: SealedEntry): boolean =>
  one.header.author === other.header.author &&
  one.header.device === other.header.device &&
  one.header.counter + 1 === other.header.counter;

export const authenticIn = (history: History): ReadonlySet<EntryHash> => {
  const authentic = new Set<EntryHash>();
  for (const { entry, verdict } of history.held.values()) {
    if (verdict !== "verified") continue;
    // Follows the chain backwards until it meets what is known already.
    for (let each: SealedEntry | undefined = entry; each !== undefined && !authentic.has(each.hash);) {
      authentic.add(each.hash);
      const before: SealedEntry | undefined =
        each.header.previous === undefined ? undefined : history.held.get(each.header.previous)?.entry;
      each = before !== undefined && precedes(before, each) ? before : undefined;
    }
  }
  return authentic;
};

// [Note: Equivocation and the line] Whoever signs one counter twice must hurt nobody else: were their control entries set
// aside for it, a member could take back an epoch in which others have written since, or who was enrolled and who has
// left, years later and by a single signature. The line is the same for everyone, so nothing in it can be shown to some
// and not to others; of two of its entries with one counter the earlier stands. And a server that says no to a control
// entry and keeps it must not be able to turn it, later, against what the same device wrote with that counter instead.

/** One device, one counter, two authentic contents. A forged entry proves nothing against a device. */
export const equivocationsIn = (history: History, authentic: ReadonlySet<EntryHash>): readonly Equivocation[] => {
  const byPlace = new Map<string, SealedEntry[]>();
  for (const { entry } of history.held.values()) {
    if (entry.header.kind === "control" || !authentic.has(entry.hash)) continue;
    const place = `${chainOf(entry)}/${entry.header.counter}`;
    const known = byPlace.get(place);
    if (known === undefined) byPlace.set(place, [entry]);
    else known.push(entry);
  }
  const firstByChain = new Map<string, Equivocation>();
  for (const entries of byPlace.values()) {
    const [first, second] = entries;
    if (first === undefined || second === undefined) continue;
    const known = firstByChain.get(chainOf(first));
    if (known !== undefined && known.counter < first.header.counter) continue;
    const { author, device, counter } = first.header;
    firstByChain.set(chainOf(first), { author, device, counter, entries: entries.map(({ hash }) => hash).sort() });
  }
  return [...firstByChain.values()].sort((one, other) =>
    one.author + one.device < other.author + other.device ? -1 : 1,
  );
};

/** What an equivocation sets aside: that device's contents, from the doubled counter on. */
export const equivocated = (history: History, equivocations: readonly Equivocation[]): ReadonlySet<EntryHash> => {
  const fromByChain = new Map(equivocations.map((each) => [`${each.author}/${each.device}`, each.counter]));
  const setAside = new Set<EntryHash>();
  for (const { entry } of history.held.values()) {
    const from = fromByChain.get(chainOf(entry));
    const isContent = entry.header.kind === "content";
    if (isContent && from !== undefined && entry.header.counter >= from) setAside.add(entry.hash);
  }
  return setAside;
};

/** Control entries whose counter an earlier one in the line has used or passed already. `line` holds authentic ones alone. */
export const repeatedIn = (line: readonly SealedEntry[]): ReadonlySet<EntryHash> => {
  const lastByChain = new Map<string, number>();
  const repeated = new Set<EntryHash>();
  for (const entry of line) {
    const last = lastByChain.get(chainOf(entry)) ?? 0;
    if (entry.header.counter <= last) repeated.add(entry.hash);
    lastByChain.set(chainOf(entry), Math.max(last, entry.header.counter));
  }
  return repeated;
};

/** The chain is the author's as well as the device's: nobody spoils a colleague's device by using its id. */
const chainOf = ({ header }: SealedEntry): string => `${header.author}/${header.device}`;
