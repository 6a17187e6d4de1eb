/**
 * The recovery key and its sheets: how it is made and proposed, and how cases are opened again with it. Everyone sees a
 * request; the server hands out nothing for 24 hours, and any supervisor can forbid it.
 *
 * The secret half is on paper only. It is put together for as long as the wraps are opened, and cleared.
 */

import { err, ok, type Instant, type Result } from "@amana/kernel";
import { idBytes, isCborArray, keyIdOf, toHex, type Bytes, type KeyId, type LogId } from "@amana/log";
import type { RecoveryRequest, ResponseOf, WireError } from "@amana/sync";
import {
  clearSecret,
  combineSheets,
  makeRecoveryKey,
  parseSheet,
  parseWrap,
  sheetDigits,
  unwrap,
  type CaseKey,
  type OrganisationReading,
  type ReceivingKey,
  type RecoveryError,
  type RecoveryKey,
  type Sheet,
  type SheetError,
} from "@amana/vault";
import { commit } from "../commit.ts";
import { holdLog, newLog } from "../logs/held-log.ts";
import { organisationReading } from "../logs/read.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";
import { actInOrganisation, type ActError, type Acted } from "./organisation-act.ts";
import { addPending } from "./pending.ts";

/** 3 of 5, or 2 of 3 for the smallest organisations. */
export const isOffered = (k: number, n: number): boolean => (k === 3 && n === 5) || (k === 2 && n === 3);

/**
 * A new recovery key: the public half to propose, and the sheets to print, 102 digits each. They are printed before it is
 * proposed, so that no recovery key ever stands whose sheets nobody has.
 */
export const makeSheets = async (
  { ports }: Unlocked,
  k: number,
  n: number,
): Promise<{ readonly recoveryKey: RecoveryKey; readonly sheets: readonly string[] }> => {
  const { recoveryKey, sheets } = await makeRecoveryKey(k, n, ports.randomness);
  const printed = sheets.map(sheetDigits);
  for (const { share } of sheets) clearSecret(share);
  return { recoveryKey, sheets: printed };
};

/** Undefined: the organisation chooses none. It waits for a second person. */
export const proposeRecoveryKey = (
  unlocked: Unlocked,
  recoveryKey: RecoveryKey | undefined,
): Promise<Result<Acted, ActError>> => actInOrganisation(unlocked, { type: "RecoveryKeySet", recoveryKey });

export type RecoverError =
  | WireError
  | RecoveryError
  | SheetError
  /** The organisation has chosen none, or this device has not met its log. */
  | { readonly type: "NoRecoveryKey" }
  /** Nobody has asked on this device. */
  | { readonly type: "NotRequested" };

const requestName = recordName("recovery");

/** Everyone is shown it from now on. Gives when it opens. */
export const requestRecovery = async (
  unlocked: Unlocked,
): Promise<Result<{ readonly opensAt: Instant }, RecoverError>> => {
  const recoveryKey = await standingKey(unlocked);
  if (recoveryKey === undefined) return err({ type: "NoRecoveryKey" });
  const answer = await unlocked.ask("request-recovery", { recoveryKey: recoveryKey.receivingKey.keyId });
  if (!answer.ok) return answer;
  await unlocked.inTurn(() => unlocked.records.write(requestName, answer.value.recovery));
  return ok({ opensAt: answer.value.opensAt });
};

export const listRecoveries = async (unlocked: Unlocked): Promise<Result<readonly RecoveryRequest[], WireError>> => {
  const answer = await unlocked.ask("read-recoveries", {});
  return answer.ok ? ok(answer.value.recoveries) : answer;
};

export const forbidRecovery = async (unlocked: Unlocked, recovery: Bytes): Promise<Result<undefined, WireError>> => {
  const answer = await unlocked.ask("forbid-recovery", { recovery });
  return answer.ok ? ok(undefined) : answer;
};

export type Recovered = {
  /** Cases whose keys are here again. Each begins a new epoch with the next sync. */
  readonly cases: readonly LogId[];
  /** Whoever sent the recovery key something that is not the key it says. */
  readonly falseKeysFrom: readonly KeyId[];
};

/**
 * After 24 hours: opens what is wrapped to the recovery key. Can be called again, also after an answer was lost. The
 * organisation needs a new recovery key afterwards, because this one was whole in one place.
 */
export const recoverWithSheets = async (
  unlocked: Unlocked,
  digits: readonly string[],
): Promise<Result<Recovered, RecoverError>> => {
  const request = await unlocked.inTurn(() => readRequest(unlocked));
  if (request === undefined) return err({ type: "NotRequested" });
  const recoveryKey = await combined(unlocked, digits);
  if (!recoveryKey.ok) return recoveryKey;
  const opened = await openAll(unlocked, request.recovery, recoveryKey.value);
  clearSecret(recoveryKey.value.seed);
  if (!opened.ok) return opened;
  const cases: LogId[] = [];
  for (const [logId, keys] of opened.value.keysByLog) {
    if (!(await unlocked.inTurn(() => keepKeys(unlocked, logId, keys)))) continue;
    cases.push(logId);
    await addPending(unlocked, logId, { kind: "renew" });
  }
  const used = [request.recovery, idBytes(recoveryKey.value.keyId)];
  await unlocked.inTurn(() => unlocked.records.write(requestName, used));
  return ok({ cases, falseKeysFrom: opened.value.falseKeysFrom });
};

/**
 * With each sync, after what waited was carried out: once the organisation has another recovery key, or none, the one that was
 * used is ended, and the server destroys what its sheets could open. A server that cannot now is asked again next time.
 */
export const endUsedRecovery = async (unlocked: Unlocked): Promise<Result<undefined, WireError>> => {
  const { recovery, usedKey } = (await unlocked.inTurn(() => readRequest(unlocked))) ?? {};
  if (recovery === undefined || usedKey === undefined) return ok(undefined);
  if ((await standingKey(unlocked))?.receivingKey.keyId === usedKey) return ok(undefined);
  const ended = await unlocked.ask("forbid-recovery", { recovery });
  // One that is not this person's to end any more is left to the supervisors, who see it.
  const isOver = ended.ok || (ended.error.type === "Refused" && ended.error.code === "NotForYou");
  if (isOver) await unlocked.inTurn(() => unlocked.records.remove(requestName));
  else if (ended.error.type === "Unreachable") return ended;
  return ok(undefined);
};

/** What this device asked for: the id of the request, and once it was used, of which key. */
type OwnRequest = { readonly recovery: Bytes; readonly usedKey: KeyId | undefined };

const readRequest = async ({ records }: Unlocked): Promise<OwnRequest | undefined> => {
  const content = await records.read(requestName);
  const [recovery, key] = content !== undefined && isCborArray(content) ? content : [content];
  if (!(recovery instanceof Uint8Array)) return undefined;
  return { recovery, usedKey: key instanceof Uint8Array ? keyIdOf(key) : undefined };
};

const standingKey = async (unlocked: Unlocked): Promise<RecoveryKey | undefined> =>
  (await unlocked.inTurn(() => organisationReading(unlocked)))?.current.recoveryKey;

/** Once enough are typed, before the day of waiting is over: whether they are this organisation's together. */
export const checkSheets = async (
  unlocked: Unlocked,
  digits: readonly string[],
): Promise<Result<undefined, RecoverError>> => {
  const recoveryKey = await combined(unlocked, digits);
  if (!recoveryKey.ok) return recoveryKey;
  clearSecret(recoveryKey.value.seed);
  return ok(undefined);
};

const combined = async (unlocked: Unlocked, digits: readonly string[]): Promise<Result<ReceivingKey, RecoverError>> => {
  const recoveryKey = await standingKey(unlocked);
  if (recoveryKey === undefined) return err({ type: "NoRecoveryKey" });
  const sheets: Sheet[] = [];
  for (const text of digits) {
    const sheet = parseSheet(text);
    if (!sheet.ok) return sheet;
    sheets.push(sheet.value);
  }
  const key = await combineSheets(sheets, recoveryKey);
  for (const { share } of sheets) clearSecret(share);
  return key;
};

type Keys = ReadonlyMap<string, CaseKey>;
type Opened = { readonly keysByLog: ReadonlyMap<LogId, Keys>; readonly falseKeysFrom: readonly KeyId[] };

const openAll = async (
  unlocked: Unlocked,
  recovery: Bytes,
  recipient: ReceivingKey,
): Promise<Result<Opened, WireError>> => {
  const organisation = await unlocked.inTurn(() => organisationReading(unlocked));
  const keysByLog = new Map<LogId, Map<string, CaseKey>>();
  const falseKeysFrom = new Set<KeyId>();
  let after: number | undefined = 0;
  for (let pages = 0; after !== undefined; pages++) {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(unlocked, recovery, after);
    if (!page.ok) return page;
    if (pages === pagesMax || !isOnward(page.value, after)) return err({ type: "Unreachable" });
    for (const { logId, wrap } of page.value.wraps) {
      const opened = await openWrap(logId, wrap, recipient, organisation);
      if (opened === undefined) continue;
      if (opened.kind === "false") falseKeysFrom.add(opened.from);
      else keysByLog.set(logId, new Map([...(keysByLog.get(logId) ?? []), [opened.commitment, opened.caseKey]]));
    }
    after = page.value.next;
  }
  return ok({ keysByLog, falseKeysFrom: [...falseKeysFrom] });
};

/** A million wraps; more would be a server that plays. */
const pagesMax = 4096;

/** An honest server goes on only from a page that holds something, and never back. */
const isOnward = ({ wraps, next }: ResponseOf<"read-recovery-wraps">, after: number): boolean =>
  next === undefined || (wraps.length > 0 && next > after);

const readPage = (unlocked: Unlocked, recovery: Bytes, after: number) =>
  unlocked.ask("read-recovery-wraps", { recovery, after });

type OpenedWrap =
  | { readonly kind: "key"; readonly commitment: string; readonly caseKey: CaseKey }
  | { readonly kind: "false"; readonly from: KeyId };

/** Nothing for what is somebody else's, damaged, or signed by nobody of the organisation. */
const openWrap = async (
  logId: LogId,
  bytes: Bytes,
  recipient: ReceivingKey,
  organisation: OrganisationReading | undefined,
): Promise<OpenedWrap | undefined> => {
  const wrap = parseWrap(bytes);
  if (!wrap.ok) return undefined;
  const { author, keyCommitment } = wrap.value;
  const known = organisation?.current.personByKeyEver.get(author)?.key;
  if (known === undefined) return undefined;
  const asked = { wrap: wrap.value, purpose: "key-wrap", logId, keyCommitment, recipient, author: known } as const;
  const caseKey = await unwrap("case-key", asked);
  if (caseKey.ok) return { kind: "key", commitment: toHex(keyCommitment), caseKey: caseKey.value };
  return caseKey.error.type === "FalseKey" ? { kind: "false", from: caseKey.error.from } : undefined;
};

/** Whether it is a case; the organisation's own log is read again anyhow. Called in turn. */
const keepKeys = async (unlocked: Unlocked, logId: LogId, keys: Keys): Promise<boolean> => {
  const isOrganisation = logId === unlocked.organisation()?.logId;
  // The organisation's own log is held: it says which recovery key there is.
  const log = (await holdLog(unlocked, logId)) ?? newLog(logId, "case");
  if (log.record.isShredded) return false;
  const all = new Map([...keys, ...log.record.keys]);
  await commit(unlocked, { logs: [{ log: { ...log, record: { ...log.record, keys: all } }, changes: [] }] });
  return !isOrganisation;
};
