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
  /** Of those, what one device said together with something else under one counter: nothing lets all of it count again. */
  readonly saidTwice: ReadonlySet<EntryHash>;
  /**
   * Contents of a case that are set aside, in causal order, of which what is careful may count all the same: said twice and set aside
   * for nothing else, or set aside in doubt.
   */
  readonly asideInOrder: readonly EntryHash[];
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
  /** What precedes none of the others, counted or said twice in a case: what the next entry names. What counts comes first. */
  readonly heads: readonly EntryHash[];
  readonly controlLine: readonly EntryHash[];
  readonly forks: readonly ControlFork[];
  readonly equivocations: readonly Equivocation[];
  /** Of a version of the future: held, unread. While there is one, "update first". */
  readonly newer: readonly EntryHash[];
  /** Of what the caller named so: what this device has verified, or somebody's word leads to. */
  readonly ofNobody: ReadonlySet<EntryHash>;
};

export type ReviewSettings = {
  /** The last control entry this device had accepted before: decides at a fork of the line. */
  readonly accepted?: EntryHash | undefined;
  /** What waits in quarantine beyond a cut; only whoever can open epochs knows. */
  readonly setAside?: ReadonlySet<EntryHash>;
  /** Of these, what whoever drew the cut may have accepted for all that this device can follow. */
  readonly inDoubt?: ReadonlySet<EntryHash>;
  /** Signed with keys that are nobody's any more, and that some devices never learned. */
  readonly ofNobody?: ReadonlySet<EntryHash>;
};

// [Note: Of nobody any more] Where two persons have gone on over an epoch of the organisation, whoever it had brought is nobody. A
// device that had known them has verified what they wrote, another never can. So for all alike these entries count for nothing
// and bar nobody: a colleague who had read one goes on with what they wrote after it. They keep what follows them in order, and
// one begins its part of the line only where a content that somebody signed was written under it.

export const review = (history: History, settings: ReviewSettings = {}): Review => {
  const authentic = authenticIn(history);
  const equivocations = equivocationsIn(history, authentic);
  const ofNobody = settings.ofNobody ?? new Set<EntryHash>();
  const known: Known = { authentic, ofNobody };
  const reached = reachedIn(history, known);
  const control = controlLineIn(history, lineStartsIn(history, known), settings.accepted);
  const findings = findingsIn(history, authentic, control);
  const { barred, voided } = worthlessIn(history, known, findings, control);
  const placed = causalOrder(history, (entry) => dependenciesOf(entry, known, barred, control));
  const placedSet = new Set(placed);
  const standing = control.line.filter((hash) => authentic.has(hash) && !voided.has(hash));
  const repeated = repeatedIn(standing.flatMap((hash) => history.held.get(hash)?.entry ?? []));
  const saidTwice = new Set([...equivocated(history, equivocations), ...repeated]);
  const beyondCut = settings.setAside ?? new Set<EntryHash>();
  const setAside = new Set([...saidTwice, ...beyondCut]);
  const isCounted = (hash: EntryHash): boolean => !setAside.has(hash) && !voided.has(hash) && !ofNobody.has(hash);
  const isSaidTwiceOnly = (hash: EntryHash): boolean =>
    saidTwice.has(hash) && !beyondCut.has(hash) && !ofNobody.has(hash) && isCaseContent(history, hash);
  const isInDoubt = (hash: EntryHash): boolean => settings.inDoubt?.has(hash) === true && isCaseContent(history, hash);
  const authenticWhere = (test: (hash: EntryHash) => boolean): ReadonlySet<EntryHash> =>
    new Set([...authentic].filter(test));
  return {
    counted: placed.filter(isCounted),
    quarantined: authenticWhere((hash) => setAside.has(hash)),
    saidTwice: authenticWhere((hash) => saidTwice.has(hash)),
    asideInOrder: placed.filter((hash) => isSaidTwiceOnly(hash) || isInDoubt(hash)),
    voided,
    waiting: authenticWhere((hash) => !placedSet.has(hash) && !barred.has(hash) && !ofNobody.has(hash)),
    barred: authenticWhere((hash) => barred.has(hash)),
    unauthentic: new Set([...history.held.keys()].filter((hash) => !authentic.has(hash))),
    findings,
    missing: missingIn(history, reached),
    heads: headsOf(history, placed, isCounted, isSaidTwiceOnly),
    controlLine: control.line.filter((hash) => placedSet.has(hash)),
    forks: control.forks,
    equivocations,
    newer: [...history.newer.keys()].sort(),
    ofNobody: new Set([...ofNobody].filter((hash) => reached.has(hash) || authentic.has(hash))),
  };
};

/** `ofNobody` is the caller's; what is authentic may be among it. */
type Known = { readonly authentic: ReadonlySet<EntryHash>; readonly ofNobody: ReadonlySet<EntryHash> };

/** Whose place in the line nobody disputes: each makes those before it part of the line too. */
const lineStartsIn = (history: History, { authentic, ofNobody }: Known): ReadonlySet<EntryHash> => {
  if (ofNobody.size === 0) return authentic;
  const starts = new Set([...authentic].filter((hash) => !ofNobody.has(hash)));
  for (const hash of [...starts]) {
    const header = history.held.get(hash)?.entry.header;
    if (header?.kind === "content" && header.control !== undefined && ofNobody.has(header.control))
      starts.add(header.control);
  }
  return starts;
};

/** In a case alone something of what was said twice may count. */
const isCaseContent = (history: History, hash: EntryHash): boolean => {
  const header = history.held.get(hash)?.entry.header;
  return header?.logKind === "case" && header.kind === "content";
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
  { authentic, ofNobody }: Known,
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
    if (ofNobody.has(entry.hash)) continue;
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
  { authentic, ofNobody }: Known,
  barred: ReadonlySet<EntryHash>,
  { places }: ControlLine,
): readonly EntryHash[] | undefined => {
  if (places.has(entry.hash)) return linksOf(entry).filter((hash) => !barred.has(hash));
  const isContent = entry.header.kind === "content";
  const isPlaceable = authentic.has(entry.hash) || ofNobody.has(entry.hash);
  return isContent && isPlaceable && !barred.has(entry.hash) ? linksOf(entry) : undefined;
};

/** Somebody's words, and the entries of nobody that these lead to. */
const reachedIn = (history: History, { authentic, ofNobody }: Known): ReadonlySet<EntryHash> => {
  if (ofNobody.size === 0) return authentic;
  const reached = new Set([...authentic].filter((hash) => !ofNobody.has(hash)));
  // What is added while it is walked is walked as well.
  for (const hash of reached) for (const link of linksHeld(history, hash)) if (ofNobody.has(link)) reached.add(link);
  return reached;
};

const missingIn = (history: History, reached: ReadonlySet<EntryHash>): ReadonlySet<EntryHash> => {
  const missing = new Set<EntryHash>();
  for (const hash of reached)
    for (const link of linksHeld(history, hash))
      if (!history.held.has(link) && !history.newer.has(link)) missing.add(link);
  return missing;
};

const linksHeld = (history: History, hash: EntryHash): readonly EntryHash[] => {
  const known = history.held.get(hash);
  return known === undefined ? [] : linksOf(known.entry);
};

/**
 * Goes backwards, so that what precedes a head through an entry that is none is no head either. What counts comes first: no number
 * of things said twice keeps it out of a list that has an end.
 */
const headsOf = (
  history: History,
  placed: readonly EntryHash[],
  isCounted: (hash: EntryHash) => boolean,
  isSaidTwiceOnly: (hash: EntryHash) => boolean,
): readonly EntryHash[] => {
  const preceding = new Set<EntryHash>();
  const heads: EntryHash[] = [];
  for (const hash of [...placed].reverse()) {
    const isNamed = isCounted(hash) || isSaidTwiceOnly(hash);
    if (!isNamed && !preceding.has(hash)) continue;
    if (!preceding.has(hash)) heads.push(hash);
    for (const link of linksHeld(history, hash)) preceding.add(link);
  }
  const inOrder = heads.sort();
  return [...inOrder.filter(isCounted), ...inOrder.filter((hash) => !isCounted(hash))];
};
