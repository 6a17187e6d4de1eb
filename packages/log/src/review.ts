/**
 * What a set of entries says when it is read as one log: which entries count, in which order, and what is wrong
 * with the others. It depends on the set alone, never on the order of arrival.
 */

import { authenticIn, equivocated, equivocationsIn, repeatedIn, type Equivocation } from "./authentic.ts";
import { controlLineIn, findingOf, type ControlFork, type ControlLine, type Finding } from "./control-line.ts";
import { linksOf, type History } from "./history.ts";
import type { SealedEntry } from "./entry.ts";
import type { EntryHash } from "./ids.ts";
import { causalOrder } from "./order.ts";

export type Review = {
  /** What may be folded, in causal order; of entries that neither precedes, the smaller hash first. */
  readonly counted: readonly EntryHash[];
  /** Set aside by equivocation or by the caller (beyond a cut). Those who name them still count. */
  readonly quarantined: ReadonlySet<EntryHash>;
  /** Of those, what one device said together with something else under one counter: nothing lets it count again. */
  readonly saidTwice: ReadonlySet<EntryHash>;
  /** Control entries that hold their place in the line and count for nothing. */
  readonly voided: ReadonlySet<EntryHash>;
  /** Authentic, but something they name is not here yet. */
  readonly waiting: ReadonlySet<EntryHash>;
  /** Authentic, but they name what never counts: a forged entry, one with a finding, or another branch of the line. */
  readonly barred: ReadonlySet<EntryHash>;
  /** Without a signature that vouches for them. */
  readonly unauthentic: ReadonlySet<EntryHash>;
  readonly findings: ReadonlyMap<EntryHash, Finding>;
  /** Named by authentic entries and not held: what to ask for. */
  readonly missing: ReadonlySet<EntryHash>;
  /** Counted entries that precede no other counted one: what the next entry names. */
  readonly heads: readonly EntryHash[];
  readonly controlLine: readonly EntryHash[];
  readonly forks: readonly ControlFork[];
  readonly equivocations: readonly Equivocation[];
  /** Of a version of the future: held, unread. While there is one, "update first". */
  readonly newer: readonly EntryHash[];
};

export type ReviewSettings = {
  /** The last control entry this device had accepted before: decides at a fork of the line. */
  readonly accepted?: EntryHash | undefined;
  /** What waits in quarantine beyond a cut; only whoever can open epochs knows. */
  readonly setAside?: ReadonlySet<EntryHash>;
};

export const review = (history: History, settings: ReviewSettings = {}): Review => {
  const authentic = authenticIn(history);
  const equivocations = equivocationsIn(history, authentic);
  const control = controlLineIn(history, authentic, settings.accepted);
  const findings = findingsIn(history, authentic, control);
  const { barred, voided } = worthlessIn(history, authentic, findings, control);
  const placed = causalOrder(history, (entry) => dependenciesOf(entry, authentic, barred, control));
  const placedSet = new Set(placed);
  const standing = control.line.filter((hash) => authentic.has(hash) && !voided.has(hash));
  const repeated = repeatedIn(standing.flatMap((hash) => history.held.get(hash)?.entry ?? []));
  const saidTwice = new Set([...equivocated(history, equivocations), ...repeated]);
  const setAside = new Set([...saidTwice, ...(settings.setAside ?? [])]);
  const isCounted = (hash: EntryHash): boolean => !setAside.has(hash) && !voided.has(hash);
  const authenticWhere = (test: (hash: EntryHash) => boolean): ReadonlySet<EntryHash> =>
    new Set([...authentic].filter(test));
  return {
    counted: placed.filter(isCounted),
    quarantined: authenticWhere((hash) => setAside.has(hash)),
    saidTwice: authenticWhere((hash) => saidTwice.has(hash)),
    voided,
    waiting: authenticWhere((hash) => !placedSet.has(hash) && !barred.has(hash)),
    barred: authenticWhere((hash) => barred.has(hash)),
    unauthentic: new Set([...history.held.keys()].filter((hash) => !authentic.has(hash))),
    findings,
    missing: missingIn(history, authentic),
    heads: headsOf(history, placed, isCounted),
    controlLine: control.line.filter((hash) => placedSet.has(hash)),
    forks: control.forks,
    equivocations,
    newer: [...history.newer.keys()].sort(),
  };
};

const findingsIn = (
  history: History,
  authentic: ReadonlySet<EntryHash>,
  control: ControlLine,
): ReadonlyMap<EntryHash, Finding> => {
  const findings = new Map<EntryHash, Finding>();
  for (const { entry } of history.held.values()) {
    const finding = authentic.has(entry.hash) ? findingOf(history, entry, control.places) : undefined;
    if (finding !== undefined) findings.set(entry.hash, finding);
  }
  return findings;
};

/** Outside of the line, what names something worthless is barred; inside, it is void and those after it go on. */
const worthlessIn = (
  history: History,
  authentic: ReadonlySet<EntryHash>,
  findings: ReadonlyMap<EntryHash, Finding>,
  { places }: ControlLine,
): { readonly barred: ReadonlySet<EntryHash>; readonly voided: ReadonlySet<EntryHash> } => {
  const barred = new Set<EntryHash>();
  const voided = new Set<EntryHash>();
  const followers = new Map<EntryHash, EntryHash[]>();
  const open: EntryHash[] = [];
  for (const { entry } of history.held.values()) {
    for (const link of linksOf(entry)) {
      const known = followers.get(link);
      if (known === undefined) followers.set(link, [entry.hash]);
      else known.push(entry.hash);
    }
    const isOutside = entry.header.kind === "control" && !places.has(entry.hash);
    const isLost = isOutside && hasPlacedControl(entry, places);
    if (!authentic.has(entry.hash) || findings.has(entry.hash) || isLost) open.push(entry.hash);
  }
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    const worthless = places.has(hash) ? voided : barred;
    if (worthless.has(hash)) continue;
    worthless.add(hash);
    if (worthless === barred) for (const follower of followers.get(hash) ?? []) open.push(follower);
  }
  return { barred, voided };
};

/** Whether the entry would stand in the line, had it not been for another after the same one. */
const hasPlacedControl = ({ header }: SealedEntry, places: ReadonlyMap<EntryHash, number>): boolean =>
  header.control === undefined || places.has(header.control);

/** What must be placed before an entry; nothing for one that is never placed. */
const dependenciesOf = (
  entry: SealedEntry,
  authentic: ReadonlySet<EntryHash>,
  barred: ReadonlySet<EntryHash>,
  { places }: ControlLine,
): readonly EntryHash[] | undefined => {
  if (places.has(entry.hash)) return linksOf(entry).filter((hash) => !barred.has(hash));
  const isContent = entry.header.kind === "content";
  return isContent && authentic.has(entry.hash) && !barred.has(entry.hash) ? linksOf(entry) : undefined;
};

const missingIn = (history: History, authentic: ReadonlySet<EntryHash>): ReadonlySet<EntryHash> => {
  const missing = new Set<EntryHash>();
  for (const { entry } of history.held.values()) {
    if (!authentic.has(entry.hash)) continue;
    for (const hash of linksOf(entry)) if (!history.held.has(hash) && !history.newer.has(hash)) missing.add(hash);
  }
  return missing;
};

/** Goes backwards, so that what precedes a counted entry through one that is not is no head either. */
const headsOf = (
  history: History,
  placed: readonly EntryHash[],
  isCounted: (hash: EntryHash) => boolean,
): readonly EntryHash[] => {
  const preceding = new Set<EntryHash>();
  const heads: EntryHash[] = [];
  for (const hash of [...placed].reverse()) {
    if (!isCounted(hash) && !preceding.has(hash)) continue;
    if (!preceding.has(hash)) heads.push(hash);
    const known = history.held.get(hash);
    for (const link of known === undefined ? [] : linksOf(known.entry)) preceding.add(link);
  }
  return heads.sort();
};
