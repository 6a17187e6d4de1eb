/**
 * Verifies as few signatures as tell whose word each entry is. An entry vouches for the one before it of the same author
 * and device, so the last of each such chain is asked first, and one before it only where nothing after it holds.
 *
 * Which entries are authentic is the same as if every signature had been verified: docs/formats/entry.md §5.
 */

import { precedes, toHex, type Arrival, type EntryHash, type SealedEntry, type Verdict } from "@amana/log";
import { inBatches } from "../batches.ts";
import type { PublicKey } from "../identity.ts";
import { verifyEntry } from "../seal.ts";
import type { CaseSource } from "./content.ts";
import { isWrittenMeanwhile } from "./meanwhile.ts";

/** Each entry with what is known of its signature: `unchecked` where another vouches for it, or its author is not known. */
export const arrivalsOf = async (source: CaseSource): Promise<readonly Arrival[]> => {
  const chains = chainsOf(source);
  for (let asked = firstAsked(chains); asked.length > 0;) {
    const answers = await inBatches(asked, (hash) => verifyCopies(chains, hash, source));
    asked = asked.filter((_, index) => answers[index] === false).flatMap((hash) => nextAsked(chains, hash));
  }
  return source.entries.map((received) => ({
    received,
    verdict: (received.kind === "entry" ? chains.verdicts.get(received.entry) : undefined) ?? "unchecked",
  }));
};

type Chains = {
  /** The same entry may come more than once, with another signature. */
  readonly copies: ReadonlyMap<EntryHash, readonly SealedEntry[]>;
  /** How many that follow an entry in its chain might still vouch for it. */
  readonly followersLeft: Map<EntryHash, number>;
  readonly vouchedFor: Set<EntryHash>;
  readonly verdicts: Map<SealedEntry, Verdict>;
};

const chainsOf = ({ entries }: CaseSource): Chains => {
  const copies = new Map<EntryHash, SealedEntry[]>();
  for (const { kind, entry } of entries) {
    if (kind !== "entry") continue;
    const known = copies.get(entry.hash);
    if (known === undefined) copies.set(entry.hash, [entry]);
    else known.push(entry);
  }
  const chains = { copies, followersLeft: new Map(), vouchedFor: new Set<EntryHash>(), verdicts: new Map() };
  for (const hash of copies.keys()) {
    const before = beforeOf(chains, hash);
    if (before !== undefined) chains.followersLeft.set(before, followersLeftOf(chains, before) + 1);
  }
  return chains;
};

const followersLeftOf = ({ followersLeft }: Pick<Chains, "followersLeft">, hash: EntryHash): number =>
  followersLeft.get(hash) ?? 0;

/** The entry that this one vouches for. */
const beforeOf = ({ copies }: Pick<Chains, "copies">, hash: EntryHash): EntryHash | undefined => {
  const [entry] = copies.get(hash) ?? [];
  const previous = entry?.header.previous;
  const [before] = previous === undefined ? [] : (copies.get(previous) ?? []);
  return entry !== undefined && before !== undefined && precedes(before, entry) ? before.hash : undefined;
};

/** The last of each chain; and what came in copies that differ, so that the one that verifies is kept. */
const firstAsked = (chains: Chains): readonly EntryHash[] =>
  [...chains.copies]
    .filter(([hash, copies]) => followersLeftOf(chains, hash) === 0 || isDoubtful(copies))
    .map(([hash]) => hash);

const isDoubtful = (copies: readonly SealedEntry[]): boolean =>
  new Set(copies.map(({ signature }) => toHex(signature))).size > 1;

/** Whether the entry is its author's, by the signature of any copy. If so, everything before it in its chain is too. */
const verifyCopies = async (chains: Chains, hash: EntryHash, source: CaseSource): Promise<boolean> => {
  const copies = chains.copies.get(hash) ?? [];
  for (const copy of copies) chains.verdicts.set(copy, await verdictOf(copy, source));
  const isAuthentic = copies.some((copy) => chains.verdicts.get(copy) === "verified");
  for (let each = isAuthentic ? hash : undefined; each !== undefined && !chains.vouchedFor.has(each);) {
    chains.vouchedFor.add(each);
    each = beforeOf(chains, each);
  }
  return isAuthentic;
};

/** When an entry does not hold, the one before it is asked itself, once nothing else can vouch for it. */
const nextAsked = (chains: Chains, hash: EntryHash): readonly EntryHash[] => {
  const before = beforeOf(chains, hash);
  if (before === undefined) return [];
  const left = followersLeftOf(chains, before) - 1;
  chains.followersLeft.set(before, left);
  const [copy] = chains.copies.get(before) ?? [];
  const isAnswered = chains.vouchedFor.has(before) || (copy !== undefined && chains.verdicts.has(copy));
  return left === 0 && !isAnswered ? [before] : [];
};

const verdictOf = async (entry: SealedEntry, { organisation, verifiedBefore }: CaseSource): Promise<Verdict> => {
  if (verifiedBefore?.has(entry.hash) === true) return "verified";
  const author = identityKeyOf(organisation, entry);
  if (author === undefined) return "unchecked";
  return (await verifyEntry(entry, author)) ? "verified" : "refused";
};

/** The author's; of somebody whom the organisation has passed over since, for what they wrote before anybody could know. */
const identityKeyOf = (organisation: CaseSource["organisation"], { header }: SealedEntry): PublicKey | undefined => {
  const { current, keysPassedOver } = organisation;
  const known = current.personByKeyEver.get(header.author);
  return (known ?? (isWrittenMeanwhile(organisation, header) ? keysPassedOver.get(header.author) : undefined))?.key;
};
