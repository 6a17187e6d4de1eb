/**
 * One exchange with the server: compare, fetch what is new with its keys, carry out what was decided about access, seal
 * the drafts, send them. It may stop anywhere, and what is repeated is the same bytes again.
 *
 * The network is waited for outside of turns, so that nobody who writes something down ever waits for it.
 */

import { ok, type Instant, type Result } from "@amana/kernel";
import type { LogId } from "@amana/log";
import type { WireError } from "@amana/sync";
import { readPendingActs } from "../access/pending-act-record.ts";
import { readPending } from "../access/pending-record.ts";
import { logsWithDrafts, sealDrafts } from "../case/seal-drafts.ts";
import { loadDrafts } from "../case/draft.ts";
import { loadRows, refreshRows } from "../case/refresh.ts";
import { recordName } from "../store/names.ts";
import { isStoreFull } from "../store/store-full.ts";
import type { Unlocked } from "../unlocked.ts";
import { finishAppending } from "./append-control.ts";
import { casesToAskAgain, endLooking } from "./ask-again.ts";
import { differingLogs } from "./compare.ts";
import { endsExchange } from "./ends-exchange.ts";
import { casesAtOnce, followCases } from "./follow-cases.ts";
import { fetchKeys } from "./keys.ts";
import { loadOutbox } from "./outbox.ts";
import { followOrganisation, organisationLogs } from "./own-organisation.ts";
import { askForLogs, type Answered } from "./pull.ts";
import { pushLogs } from "./push.ts";
import { instantFrom } from "./own-values.ts";
import { tellOfReaders } from "./tell-readers.ts";

/** What is to be done about access while there is a network. Each takes turns of its own. */
export type AccessSteps = {
  /** What was decided and waits for the network. */
  readonly carryOut: (unlocked: Unlocked) => Promise<Result<unknown, WireError>>;
  /** Whether nothing is sent before that is done, where the server does not take it now. */
  readonly keepsBack: (unlocked: Unlocked) => Promise<boolean>;
  /** A case whose readers have changed begins a new epoch before anything more is sealed. While it cannot, nothing is. */
  readonly renew: (unlocked: Unlocked, logId: LogId) => Promise<Result<unknown, { readonly type: string }>>;
};

export type SyncState = {
  /** Nothing while this device has never been in step with the server. */
  readonly syncedAt: Instant | undefined;
  /** What others do not know yet: drafts, what waits in the outbox, and what was decided about the organisation and about who reads a case. */
  readonly unsent: number;
  /** Of how many cases the server has more than is here; 0 where it has not been asked. */
  readonly stillToFetch: number;
};

/** Others may write while this device reads; who is quicker each time is caught up with next time. */
const roundsMax = 3;

/** Takes turns of its own. One at a time: whoever calls sees to it. Rejects with a `StoreFull` once what was sealed before is sent. */
export const sync = async (unlocked: Unlocked, access: AccessSteps): Promise<Result<SyncState, WireError>> => {
  try {
    return await exchange(unlocked, access);
  } catch (reason) {
    if (isStoreFull(reason) && !(await access.keepsBack(unlocked))) await pushLogs(unlocked);
    throw reason;
  }
};

const exchange = async (unlocked: Unlocked, access: AccessSteps): Promise<Result<SyncState, WireError>> => {
  const fetched = await fetchAll(unlocked);
  if (!fetched.ok) return fetched;
  const carried = await access.carryOut(unlocked);
  if (!carried.ok && (endsExchange(carried.error) || (await access.keepsBack(unlocked)))) return carried;
  const sent = await sealAndSend(unlocked, access);
  if (!sent.ok) return sent;
  // What the server does not take now keeps back nobody's work, and is told.
  if (!carried.ok) return carried;
  await unlocked.inTurn(() => noteSynced(unlocked));
  return ok(await unlocked.inTurn(() => syncState(unlocked)));
};

const fetchAll = async (unlocked: Unlocked): Promise<Result<undefined, WireError>> => {
  for (let round = 0; round < roundsMax; round++) {
    const differing = await differingLogs(unlocked);
    if (!differing.ok) return differing;
    const own = await organisationLogs(unlocked, differing.value);
    const cases = differing.value.filter(({ kind }) => kind === "case").map(({ logId }) => logId);
    const ahead = await askAhead(unlocked, own, cases);
    if (!ahead.ok) return ahead;
    const organisation = await followOrganisation(unlocked, own, ahead.value);
    if (!organisation.ok) return organisation;
    const again = await casesToAskAgain(unlocked);
    const pulled = await followCases(
      unlocked,
      [...cases, ...again.filter((logId) => !cases.includes(logId))],
      ahead.value,
    );
    if (!pulled.ok) return pulled;
    const behind = await unlocked.inTurn(() => logsBehind(unlocked));
    const keys = await fetchKeys(unlocked, behind);
    if (!keys.ok) return keys;
    await tellOfReaders(unlocked, behind);
    await refreshRows(unlocked);
    if (differing.value.length > 0) continue;
    if (again.length + own.length === 0)
      for (const logId of [...behind, ...ownLog(unlocked)]) await unlocked.inTurn(() => endLooking(unlocked, logId));
    return ok(undefined);
  }
  return ok(undefined);
};

const ownLog = (unlocked: Unlocked): readonly LogId[] => {
  const known = unlocked.organisation();
  return known === undefined ? [] : [known.logId];
};

/** A key may come after the entries it opens, and its answer may have been lost: it is asked for until it is here. */
const logsBehind = async (unlocked: Unlocked): Promise<readonly LogId[]> =>
  [...(await loadRows(unlocked)).values()].filter(({ isBehind }) => isBehind).map(({ logId }) => logId);

/**
 * On a line where each answer takes a second the organisation's log and the first cases are asked for together. They are still
 * taken one after the other: nothing of a case is looked at before the organisation was followed.
 */
const askAhead = async (
  unlocked: Unlocked,
  organisation: readonly LogId[],
  cases: readonly LogId[],
): Promise<Result<Answered | undefined, WireError>> =>
  organisation.length === 0 || cases.length === 0
    ? ok(undefined)
    : askForLogs(unlocked, [...organisation, ...cases.slice(0, casesAtOnce)]);

/** Some cases at a time, sealed and sent while they still lie open. */
const sealAndSend = async (unlocked: Unlocked, access: AccessSteps): Promise<Result<undefined, WireError>> => {
  const logIds = await unlocked.inTurn(() => logsWithDrafts(unlocked));
  for (let at = 0; at < logIds.length; at += casesAtOnce) {
    const some = logIds.slice(at, at + casesAtOnce);
    const ready = await readyToSeal(unlocked, access, some);
    if (!ready.ok) return ready;
    await sealCases(unlocked, ready.value);
    const pushed = await pushLogs(unlocked, some);
    if (!pushed.ok) return pushed;
  }
  // What was sealed another time.
  return pushLogs(unlocked);
};

const readyToSeal = async (
  unlocked: Unlocked,
  { renew }: AccessSteps,
  logIds: readonly LogId[],
): Promise<Result<readonly LogId[], WireError>> => {
  const ready: LogId[] = [];
  for (const logId of logIds) {
    const finished = await finishAppending(unlocked, logId);
    if (!finished.ok && finished.error.type === "Unreachable") return finished;
    // One case that cannot be renewed keeps back no other.
    if ((await renew(unlocked, logId)).ok) ready.push(logId);
  }
  return ok(ready);
};

const sealCases = async (unlocked: Unlocked, logIds: readonly LogId[]): Promise<void> => {
  let open = logIds;
  while (open.length > 0) {
    const sealed = await unlocked.inTurn(() => sealDrafts(unlocked, open));
    for (const [logId, says] of sealed)
      if (says === "cannot-be-sent") unlocked.tellPerson({ type: "CannotSend", logId });
    open = open.filter((logId) => sealed.get(logId) === "more");
  }
};

const syncedAtName = recordName("synced-at");

const noteSynced = async (unlocked: Unlocked): Promise<void> => {
  const at = unlocked.now();
  await unlocked.ports.store.write([
    ...(await unlocked.records.changes(syncedAtName, at)),
    ...(await unlocked.floorChanges()),
  ]);
};

/** Called in turn. */
export const syncState = async (unlocked: Unlocked): Promise<SyncState> => {
  const written = await unlocked.records.read(syncedAtName);
  const drafts = [...(await loadDrafts(unlocked)).values()].reduce((sum, each) => sum + each.length, 0);
  const { length: waiting } = await loadOutbox(unlocked);
  const acts = (await readPendingActs(unlocked)).filter(({ refusedAs }) => refusedAs === undefined).length;
  // A case that was opened here is counted by its entries. What was refused is not sent: it waits to be seen.
  const changes = (await readPending(unlocked)).filter(
    ({ change, refusedAs }) => change.kind !== "open" && refusedAs === undefined,
  ).length;
  const unsent = drafts + waiting + acts + changes;
  const { stillToFetch } = unlocked.desk;
  return { syncedAt: written === undefined ? undefined : instantFrom(written), unsent, stillToFetch };
};
