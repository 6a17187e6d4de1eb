/**
 * Control entries: made on what is newest, sealed, and appended by compare-and-swap. Whoever lost the race makes the entry
 * anew on what the other wrote; whoever lost the answer sends the same bytes again.
 *
 * The entry and its request are durable before they are sent. Until the server has answered, nothing else of this log is
 * sealed here, so that this device never writes two entries with one counter without the server having said no to the first.
 * So one is appended at a time: of two at once the later would take the place of the earlier, and both be told as done.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import {
  encodeEntry,
  nextLinks,
  nonceBytes,
  toHex,
  type Bytes,
  type EntryHash,
  type LogId,
  type SealedEntry,
} from "@amana/log";
import { wire, type ControlAppend, type OrganisationChange, type Serving, type WireError } from "@amana/sync";
import {
  commitTo,
  encodeWrap,
  seal,
  type CaseKey,
  type CaseReading,
  type OrganisationReading,
  type SealedEvent,
  type Wrap,
} from "@amana/vault";
import { commit } from "../commit.ts";
import type { StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import { appendingRequestIn, entryOf } from "./appending.ts";
import { holdLog, recordChanges, withEntries, putOnDesk, type HeldLog } from "./held-log.ts";
import { fetchKeys } from "./keys.ts";
import { positionOf } from "./positions.ts";
import { isContradicted, organisationReading, readCaseLog } from "./read.ts";
import { pullLogs } from "./pull.ts";
import { pushLogs } from "./push.ts";
import { caseSealingKey, historyOfLinks, organisationSealingKey, ownLast } from "./sealing.ts";
import { tellingOfChanges } from "./tell-changes.ts";

/** What is newest here, for whoever makes a control entry of it. */
export type ControlStanding = {
  readonly log: HeldLog;
  readonly organisation: OrganisationReading;
  /** Nothing in the organisation's own log. */
  readonly reading: CaseReading | undefined;
  /** What the writer of an epoch accepts (the cut). */
  readonly heads: readonly EntryHash[];
};

export type ControlMade = {
  readonly events: readonly SealedEvent[];
  /** The entry begins an epoch with this key. It is kept with the entry, before anything is sent. */
  readonly begins: CaseKey | undefined;
  /** It is sealed under this key and not under the one that stands: of an epoch that somebody would go on with. */
  readonly under?: CaseKey;
  /** What it would have destroyed, of a proposal or confirmation of an erasure: it stands in the header. */
  readonly destroys?: Bytes;
  /** What is written in one batch with the sealed entry, before it is sent. Called in turn. */
  readonly noted?: (entry: EntryHash) => Promise<readonly StoreChange[]>;
  readonly wraps: readonly Wrap[];
  /** Who is served from now on; nothing leaves the list as it is. The first entry of a log always says it. */
  readonly serving: Serving | undefined;
  readonly organisation: OrganisationChange | undefined;
};

export type AppendError =
  | WireError
  /** Somebody else was quicker each time. */
  | { readonly type: "OutrunByOthers" }
  /** This device cannot read all of the log's line, or not the key that stands: update first. */
  | { readonly type: "UpdateFirst" }
  /** The server has shown two lines: nothing more is written to this log. */
  | { readonly type: "ServerContradicts" }
  | { readonly type: "TooLong" };

const appendTriesMax = 5;

/**
 * Makes, seals and appends one control entry; gives its hash. `make` is called in turn, once for each try, with what is
 * newest then. Takes turns of its own.
 */
export const appendControl = <E>(
  unlocked: Unlocked,
  logId: LogId,
  make: (standing: ControlStanding) => Promise<Result<ControlMade, E>>,
): Promise<Result<EntryHash, E | AppendError>> => unlocked.desk.inAppendTurn(() => appendAlone(unlocked, logId, make));

const appendAlone = async <E>(
  unlocked: Unlocked,
  logId: LogId,
  make: (standing: ControlStanding) => Promise<Result<ControlMade, E>>,
): Promise<Result<EntryHash, E | AppendError>> => {
  let before = await finish(unlocked, logId);
  for (let tries = 0; tries < appendTriesMax && before.ok; tries++) {
    // What this device wrote before must be there before what names it.
    const pushed = await pushLogs(unlocked, [logId]);
    if (!pushed.ok) return pushed;
    const servedTip = before.value.tip;
    const sealed = await unlocked.inTurn(() => prepareControl(unlocked, logId, make, servedTip));
    if (!sealed.ok) return sealed;
    before = await finish(unlocked, logId);
    if (before.ok && before.value.appended !== undefined) return ok(before.value.appended);
    // What the other wrote may have begun an epoch, and is to be read before anything is made on it.
    const caughtUp = await catchUpWith(unlocked, logId);
    if (!caughtUp.ok) return caughtUp;
  }
  return before.ok ? err({ type: "OutrunByOthers" }) : before;
};

/** Fetches what a log has grown by, with its keys. Takes turns of its own. */
export const catchUpWith = (unlocked: Unlocked, logId: LogId): Promise<Result<unknown, WireError>> =>
  tellingOfChanges(unlocked, async () => {
    const pulled = await pullLogs(unlocked, [logId]);
    return pulled.ok ? fetchKeys(unlocked, [logId]) : pulled;
  });

export type Finished = {
  /** Nothing when it will never be in the log, or nothing was on its way. */
  readonly appended: EntryHash | undefined;
  /** The end of the line as the server has it. */
  readonly tip: EntryHash | undefined;
};

/** Sends what waits for an answer. Takes turns of its own. */
export const finishAppending = (unlocked: Unlocked, logId: LogId): Promise<Result<Finished, WireError>> =>
  unlocked.desk.inAppendTurn(() => finish(unlocked, logId));

const finish = async (unlocked: Unlocked, logId: LogId): Promise<Result<Finished, WireError>> => {
  const request = await unlocked.inTurn(() => appendingOf(unlocked, logId));
  if (request === undefined) return ok({ appended: undefined, tip: undefined });
  const answer = await unlocked.ask("append-control", request);
  if (!answer.ok && !isFinal(answer.error)) return answer;
  const isAppended = answer.ok && answer.value.isAppended;
  const appended = await unlocked.inTurn(() => settleAppending(unlocked, logId, request, isAppended));
  return answer.ok ? ok({ appended, tip: answer.value.tip }) : answer;
};

/** The server has understood and will never take these bytes: they were not appended. */
const isFinal = (error: WireError): boolean =>
  error.type === "Refused" && (error.code === "NotForYou" || error.code === "NotUnderstood");

/** What waits for an answer. Called in turn. */
export const appendingOf = async (unlocked: Unlocked, logId: LogId): Promise<ControlAppend | undefined> => {
  const log = await holdLog(unlocked, logId);
  return log === undefined ? undefined : appendingRequestIn(log.record);
};

/** Called in turn. */
export const settleAppending = async (
  unlocked: Unlocked,
  logId: LogId,
  request: ControlAppend,
  isAppended: boolean,
): Promise<EntryHash | undefined> => {
  const log = await holdLog(unlocked, logId);
  assert(log !== undefined, "A log was let go of while its control entry was on its way.");
  const entry = entryOf(request);
  const settled = { ...log, record: { ...log.record, appending: undefined } };
  // It came back by itself already: the answer to an earlier try was lost.
  const isHeld = log.hashes.has(entry.hash);
  if (!isAppended && !isHeld) {
    await commit(unlocked, { logs: [{ log: settled, changes: [] }] });
    return undefined;
  }
  const { log: grown, changes } = withEntries(settled, [{ kind: "entry", entry }], unlocked.now());
  const own = { device: entry.header.device, hash: entry.hash, counter: entry.header.counter };
  const position = await positionOf(unlocked, logId, log.logKind);
  const awaited = isHeld ? position.awaited : [...position.awaited, entry.hash];
  await commit(unlocked, {
    logs: [{ log: { ...grown, record: { ...grown.record, own } }, changes, position: { ...position, awaited } }],
  });
  return entry.hash;
};

/** Made, sealed and durable, and not sent yet. Called in turn, and only where nothing waits for an answer. */
export const prepareControl = async <E>(
  unlocked: Unlocked,
  logId: LogId,
  make: (standing: ControlStanding) => Promise<Result<ControlMade, E>>,
  servedTip: EntryHash | undefined,
): Promise<Result<undefined, E | AppendError>> => {
  const log = await holdLog(unlocked, logId);
  const organisation = await organisationReading(unlocked);
  if (log === undefined || organisation === undefined) return err({ type: "UpdateFirst" });
  const reading = log.logKind === "case" ? await readCaseLog(unlocked, log) : undefined;
  const reviewed = (reading ?? organisation).review;
  if (isContradicted({ review: reviewed })) return err({ type: "ServerContradicts" });
  const made = await make({ log, organisation, reading, heads: reviewed.heads });
  if (!made.ok) return made;
  const standing = { log, organisation, reading };
  const sealed = await sealControl(unlocked, standing, made.value, servedTip);
  if (!sealed.ok) return sealed;
  const { begins, wraps, serving, organisation: change, noted } = made.value;
  const appending = wire["append-control"].encodeRequest({
    logId,
    kind: log.logKind,
    after: sealed.value.header.control,
    entry: encodeEntry(sealed.value),
    wraps: wraps.map(encodeWrap),
    serving,
    organisation: change,
  });
  const commitment = sealed.value.header.keyCommitment;
  const keys = begins === undefined || commitment === undefined ? log.record.keys : keysWith(log, commitment, begins);
  const prepared = { ...log, record: { ...log.record, appending, keys } };
  await unlocked.ports.store.write([
    ...(await recordChanges(unlocked, prepared)),
    ...((await noted?.(sealed.value.hash)) ?? []),
    ...(await unlocked.floorChanges()),
  ]);
  putOnDesk(unlocked, prepared);
  return ok(undefined);
};

const keysWith = ({ record: { keys } }: HeldLog, commitment: Bytes, key: CaseKey): HeldLog["record"]["keys"] =>
  keys.has(toHex(commitment)) ? keys : new Map([...keys, [toHex(commitment), key]]);

const sealControl = async (
  unlocked: Unlocked,
  { log, organisation, reading }: Omit<ControlStanding, "heads">,
  { events, begins, under, destroys }: ControlMade,
  servedTip: EntryHash | undefined,
): Promise<Result<SealedEntry, AppendError>> => {
  const standingKey = reading === undefined ? organisationSealingKey(log, organisation) : caseSealingKey(log, reading);
  const caseKey = begins ?? under ?? standingKey;
  if (caseKey === undefined) return err({ type: "UpdateFirst" });
  const history = reading?.history ?? historyOfLinks(log);
  const own = ownLast(unlocked, log);
  const links = nextLinks(history, (reading ?? organisation).review, own?.hash, servedTip);
  const header = {
    ...links,
    counter: (own?.counter ?? 0) + 1,
    kind: "control",
    logKind: log.logKind,
    logId: log.logId,
    organisationHead: log.logKind === "case" ? organisation.review.controlLine.at(-1) : undefined,
    device: unlocked.deviceVault().device,
    nonce: unlocked.ports.randomness(nonceBytes),
    keyCommitment: begins === undefined ? undefined : await commitTo(begins, log.logId),
    ...(destroys === undefined ? {} : { destroys }),
  } as const;
  const body = { recordedAt: unlocked.now(), events };
  return seal({ header, body, author: unlocked.own.identityKey, caseKey }, unlocked.ports.deflate);
};
