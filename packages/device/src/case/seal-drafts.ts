/**
 * Seals the drafts of cases, late and once: in their order, on the newest control entry and organisation head this device
 * has accepted, naming what their author had seen when they wrote and nothing that came after.
 *
 * The sealed bytes stand in the outbox and the drafts are gone in one write. Called in turn.
 */

import { assert } from "@amana/kernel";
import { nonceBytes, parentsMax, type EntryHash, type LogId, type SealedEntry } from "@amana/log";
import { seal, type CaseKey, type CaseReading, type OrganisationReading } from "@amana/vault";
import { commit, type LogChange } from "../commit.ts";
import type { Waiting } from "../desk.ts";
import { holdLog, type HeldLog } from "../logs/held-log.ts";
import { addWaitingChange, loadOutbox, nextNumber } from "../logs/outbox.ts";
import { isContradicted, organisationReading, readCaseLog } from "../logs/read.ts";
import { caseSealingKey, ownLast } from "../logs/sealing.ts";
import type { Unlocked } from "../unlocked.ts";
import { draftsOf, loadDrafts, removeDraftChange, renamed, sealedEventOf, type Draft } from "./draft.ts";
import { ownHand } from "./open-case.ts";
import { makeSeen, seenLinksOf, seenNodes, type Seen } from "./seen.ts";

/** In one write; the rest follows in the next. */
const draftsSealedAtOnce = 32;
/** What a screen still knows by its old name is found for so long. */
const namesKeptMax = 256;

/** Logs with work that is not sealed. */
export const logsWithDrafts = async (unlocked: Unlocked): Promise<readonly LogId[]> =>
  [...(await loadDrafts(unlocked))].filter(([, drafts]) => drafts.length > 0).map(([logId]) => logId);

export type SealedDrafts =
  /** All of them, or none was there. */
  | "sealed"
  /** There are more. */
  | "more"
  /** Not yet: the case has not begun on the server, an append is on its way, or something must be read first. */
  | "waits"
  /** The author can open the case no more, or the server has shown two lines. The drafts stay, and are shown. */
  | "cannot-be-sent";

/** Of these logs as many as go in one write. */
export const sealDrafts = async (
  unlocked: Unlocked,
  logIds: readonly LogId[],
): Promise<ReadonlyMap<LogId, SealedDrafts>> => {
  const outbox = [...(await loadOutbox(unlocked))];
  const logs: LogChange[] = [];
  const says = new Map<LogId, SealedDrafts>();
  let room = draftsSealedAtOnce;
  for (const logId of logIds) {
    const sealed = room === 0 ? "more" : await sealCase(unlocked, logId, nextNumber(outbox), room);
    says.set(logId, typeof sealed === "string" ? sealed : sealed.says);
    if (typeof sealed === "string") continue;
    logs.push(sealed.change);
    outbox.push(...sealed.waiting);
    room -= sealed.waiting.length;
  }
  if (logs.length > 0) await commit(unlocked, { logs, outbox });
  return says;
};

type SealedCase = {
  readonly says: SealedDrafts;
  readonly change: LogChange;
  readonly waiting: readonly Waiting[];
};

const sealCase = async (
  unlocked: Unlocked,
  logId: LogId,
  from: number,
  atOnceMax: number,
): Promise<SealedCase | SealedDrafts> => {
  const drafts = await draftsOf(unlocked, logId);
  if (drafts.length === 0) return "sealed";
  const log = await holdLog(unlocked, logId);
  const organisation = await organisationReading(unlocked);
  assert(log !== undefined, "A draft was kept for a log that is not held.");
  const reading = await readCaseLog(unlocked, log);
  assert(organisation !== undefined && reading !== undefined, "A draft was kept before the organisation was known.");
  const ground = await groundFor(unlocked, log, organisation, reading);
  if (typeof ground === "string") return ground;
  const batch = drafts.slice(0, atOnceMax);
  const rest = drafts.slice(batch.length);
  const { entries, names } = await sealAll(unlocked, ground, batch);
  const waiting = entries.map((entry, index): Waiting => ({ number: from + index, logId, entry }));
  const changes = [...waiting.map(addWaitingChange), ...batch.map(removeDraftChange)];
  const change = { log: withSealed(log, entries, names), changes, drafts: rest };
  return { says: rest.length > 0 ? "more" : "sealed", change, waiting };
};

/** What every entry of this log is sealed on now. */
type Ground = {
  readonly log: HeldLog;
  readonly reading: CaseReading;
  readonly control: EntryHash;
  readonly organisationHead: EntryHash;
  readonly caseKey: CaseKey;
  /** What may be named: held, and of an organisation that is known here. */
  readonly mayName: (hash: EntryHash) => boolean;
};

const groundFor = async (
  unlocked: Unlocked,
  log: HeldLog,
  organisation: OrganisationReading,
  reading: CaseReading,
): Promise<Ground | "waits" | "cannot-be-sent"> => {
  if (isContradicted(reading)) return "cannot-be-sent";
  const control = reading.review.controlLine.at(-1);
  const organisationHead = organisation.review.controlLine.at(-1);
  // Until an append is answered its counter is taken, and nobody knows by what.
  if (control === undefined || organisationHead === undefined || log.record.appending !== undefined) return "waits";
  const hand = await ownHand(unlocked);
  const caseKey = caseSealingKey(log, reading);
  const isOpener = hand !== undefined && reading.epochs.at(-1)?.openers.has(hand.person) === true;
  // Keys were asked for just now: who has none is no reader of the newest epoch.
  if (caseKey === undefined || !isOpener || hand.roles.length === 0) return "cannot-be-sent";
  const missing = new Set(reading.organisationMissing);
  const mayName = (hash: EntryHash): boolean => reading.history.held.has(hash) && !missing.has(hash);
  return mayName(control) ? { log, reading, control, organisationHead, caseKey, mayName } : "waits";
};

type Sealed = { readonly entries: readonly SealedEntry[]; readonly names: ReadonlyMap<EntryHash, EntryHash> };

const sealAll = async (unlocked: Unlocked, ground: Ground, drafts: readonly Draft[]): Promise<Sealed> => {
  const seen = makeSeen(seenNodes(ground.reading.history));
  const names = new Map(ground.log.record.sealedAs);
  const entries: SealedEntry[] = [];
  for (const draft of drafts) {
    const entry = await sealOne(unlocked, ground, { draft, seen, names, before: entries.at(-1) });
    seen.add({ hash: entry.hash, links: seenLinksOf(entry.header) });
    names.set(draft.name, entry.hash);
    entries.push(entry);
  }
  return { entries, names };
};

type Next = {
  readonly draft: Draft;
  readonly seen: Seen;
  readonly names: ReadonlyMap<EntryHash, EntryHash>;
  /** Sealed just before, and not in the log's record yet. */
  readonly before: SealedEntry | undefined;
};

const sealOne = async (unlocked: Unlocked, ground: Ground, next: Next): Promise<SealedEntry> => {
  const { draft, names, before } = next;
  const own = ownLast(unlocked, ground.log);
  const last = before === undefined ? own : { hash: before.hash, counter: before.header.counter };
  const header = {
    kind: "content",
    logKind: "case",
    logId: draft.logId,
    control: ground.control,
    organisationHead: ground.organisationHead,
    device: unlocked.deviceVault().device,
    counter: (last?.counter ?? 0) + 1,
    previous: last?.hash,
    parents: parentsFor(ground, next, last?.hash),
    nonce: unlocked.ports.randomness(nonceBytes),
    keyCommitment: undefined,
  } as const;
  const events = renamed(draft.events, resolvedNames(names)).map(sealedEventOf);
  const body = { recordedAt: draft.recordedAt, events };
  const { caseKey } = ground;
  const sealed = await seal({ header, body, author: unlocked.own.identityKey, caseKey }, unlocked.ports.deflate);
  assert(sealed.ok, "A draft was kept that does not fit an entry.");
  return sealed.value;
};

/** The heads its author saw, as they are called now, less what the entry before already stands for. */
const parentsFor = (
  { control, mayName }: Ground,
  { draft, seen, names }: Next,
  previous: EntryHash | undefined,
): readonly EntryHash[] => {
  const past = seen.pastOf(previous === undefined ? [] : [previous]);
  const heads = draft.heads.map((hash) => resolved(hash, names));
  const isNew = (hash: EntryHash): boolean => hash !== previous && hash !== control && !past.has(hash);
  const named = [...new Set(heads)].filter((hash) => isNew(hash) && mayName(hash));
  // What this very entry answers comes first: a head that does not fit is named by the entry after.
  const answered = new Set(JSON.stringify(renamed(draft.events, resolvedNames(names))).match(/[0-9a-f]{64}/g) ?? []);
  const answers = (hash: EntryHash): boolean =>
    [...answered].some((each) => each === hash || leadsTo(seen, hash, each));
  return [...named.filter(answers), ...named.filter((hash) => !answers(hash))].slice(0, parentsMax).sort();
};

// A text of 64 hexadecimal digits in an event is the name of an entry, or of none that is held.
const leadsTo = (seen: Seen, head: EntryHash, name: string): boolean => seen.pastOf([head]).has(name as EntryHash);

/** A draft that was sealed, taken back and sealed again has had several names. */
const resolved = (hash: EntryHash, names: ReadonlyMap<EntryHash, EntryHash>): EntryHash => {
  let name = hash;
  for (let next = names.get(name); next !== undefined && next !== hash; next = names.get(name)) name = next;
  return name;
};

/** What it was called first, of each entry that was a draft of this device not long ago. */
export const firstNames = (names: ReadonlyMap<EntryHash, EntryHash>): ReadonlyMap<EntryHash, EntryHash> => {
  const later = new Set(names.values());
  return new Map([...resolvedNames(names)].filter(([name]) => !later.has(name)).map(([name, now]) => [now, name]));
};

export const resolvedNames = (names: ReadonlyMap<EntryHash, EntryHash>): ReadonlyMap<EntryHash, EntryHash> =>
  new Map([...names.keys()].map((name) => [name, resolved(name, names)]));

const withSealed = (log: HeldLog, entries: Sealed["entries"], names: Sealed["names"]): HeldLog => {
  const last = entries.at(-1);
  assert(last !== undefined, "Drafts were sealed, and nothing came of it.");
  const own = { device: last.header.device, hash: last.hash, counter: last.header.counter };
  return { ...log, record: { ...log.record, own, sealedAs: new Map([...names].slice(-namesKeptMax)) } };
};
