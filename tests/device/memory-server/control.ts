/**
 * What changes who can read: control entries by compare-and-swap with their wraps and the list they serve, wraps,
 * erasure, shredding. One answer is one transaction.
 */

import { later, ok } from "@amana/kernel";
import { scopeOfConfirmation, scopeOfProposal, type Bytes, type EntryHash, type KeyId, type LogId } from "@amana/log";
import type { AccountId, BeginResult, ControlAppend, OrganisationChange, RequestOf, ResponseOf } from "@amana/sync";
import { parseWrap } from "@amana/vault";
import { signOutWhere } from "./accounts.ts";
import { areLinksHere, entryIn, isHeadKnown, toHusk, wrapsServed } from "./exchange.ts";
import {
  appendTo,
  isKeeper,
  keysOfAccount,
  millisecondsPerHour,
  newLog,
  refuse,
  sameBytes,
  servedLog,
  type Account,
  type Answer,
  type Caller,
  type ServerState,
  type StoredLog,
  type StoredWrap,
} from "./state.ts";

const backupDays = 14;

export const appendControl = (
  server: ServerState,
  caller: Caller,
  append: ControlAppend,
): Answer<ResponseOf<"append-control">> => {
  const { logId, kind, organisation } = append;
  const isNew = !server.logs.has(logId);
  // Nobody begins a second organisation log beside the one an account was begun in.
  if (isNew && (append.after !== undefined || kind !== "case" || append.serving === undefined))
    return refuse("NotForYou");
  const log = isNew ? newLog(logId, kind, caller.account.organisation) : servedLog(server, caller, logId);
  if (log?.kind !== kind) return refuse("NotForYou");
  const isOrganisationChange = organisation !== undefined;
  if (isOrganisationChange && (kind !== "organisation" || !isKeeper(server, caller.account)))
    return refuse("NotForYou");
  const answer = swapIn(server, log, append, caller.account.id, servingAfter(server, caller.account, log, append));
  if (!answer.ok || answer.value !== "appended") {
    const isAppended = answer.ok && answer.value === "known";
    return answer.ok ? ok({ isAppended, tip: log.tip }) : answer;
  }
  if (isNew) server.logs.set(logId, log);
  if (organisation !== undefined) changeOrganisation(server, caller.account, organisation);
  return ok({ isAppended: true, tip: log.tip });
};

/** Each as it would be begun alone. */
export const beginLogs = (
  server: ServerState,
  caller: Caller,
  { logs }: RequestOf<"begin-logs">,
): Answer<ResponseOf<"begin-logs">> =>
  ok({
    results: logs.map((log): BeginResult => {
      const append = { ...log, kind: "case", after: undefined, organisation: undefined } as const;
      const appended = appendControl(server, caller, append);
      if (appended.ok) return appended.value.isAppended ? "begun" : "not-for-you";
      if (appended.error === "NotUnderstood") return "malformed";
      return appended.error === "NotNow" ? "not-now" : "not-for-you";
    }),
  });

/** Compare and swap. Nothing has changed unless the answer is `appended`. */
export const swapIn = (
  server: ServerState,
  log: StoredLog,
  append: ControlAppend,
  by: AccountId,
  serving: ReadonlySet<KeyId> | "not-theirs" = new Set(append.serving?.keys),
): Answer<"appended" | "known" | "moved"> => {
  const entry = entryIn(log, append.entry);
  const wraps = wrapsIn(log, append.wraps);
  if (entry?.header.kind !== "control" || wraps === undefined) return refuse("NotUnderstood");
  if (entry.header.control !== append.after) return refuse("NotUnderstood");
  if (log.places.has(entry.hash)) return ok("known");
  if (log.tip !== append.after) return ok("moved");
  // A shredded case gets no keys again.
  if (log.isShredded && wraps.length > 0) return refuse("NotForYou");
  if (!areLinksHere(log, entry) || !isHeadKnown(server, log, entry)) return refuse("NotNow");
  if (serving === "not-theirs") return refuse("NotForYou");
  appendTo(log, entry);
  log.tip = entry.hash;
  log.senders.set(entry.hash, by);
  log.serving = serving;
  keepWraps(log, wraps);
  return ok("appended");
};

const isOn = (server: ServerState, account: Account, keys: ReadonlySet<KeyId>): boolean =>
  [...keysOfAccount(server, account)].some((key) => keys.has(key));

/** Whoever sends a list stays on it or leaves with it, and only a keeper takes a keeper off: the others of them stay as well. */
const servingAfter = (
  server: ServerState,
  by: Account,
  log: StoredLog,
  { serving, organisation }: ControlAppend,
): ReadonlySet<KeyId> | "not-theirs" => {
  if (serving === undefined) return log.serving;
  const keys = new Set(serving.keys);
  const isLeaving = organisation?.leavers.includes(by.receivingKey) === true;
  if (keys.size === 0 || !(isLeaving || isOn(server, by, keys))) return "not-theirs";
  const keepers = [...server.accounts.values()].filter(
    (account) => account.organisation === by.organisation && !account.hasLeft && isKeeper(server, account),
  );
  const stay = isKeeper(server, by) ? [] : keepers.filter((keeper) => isOn(server, keeper, log.serving));
  const takenOff = stay.filter((keeper) => !isOn(server, keeper, keys));
  return new Set([...keys, ...takenOff.map(({ receivingKey }) => receivingKey)]);
};

/** Nothing when one of them is no wrap of this log. */
const wrapsIn = (log: StoredLog, listed: readonly Bytes[]): readonly StoredWrap[] | undefined => {
  const wraps: StoredWrap[] = [];
  for (const bytes of listed) {
    const parsed = parseWrap(bytes);
    if (!parsed.ok || parsed.value.logId !== log.logId) return undefined;
    wraps.push({ bytes, recipient: parsed.value.recipient });
  }
  return wraps;
};

const keepWraps = (log: StoredLog, wraps: readonly StoredWrap[]): void => {
  for (const wrap of wraps) if (!log.wraps.some(({ bytes }) => sameBytes(bytes, wrap.bytes))) log.wraps.push(wrap);
};

export const changeOrganisation = (server: ServerState, by: Account, change: OrganisationChange): void => {
  const organisation = server.organisations.get(by.organisation);
  if (organisation === undefined) return;
  for (const { team, people } of change.teams) organisation.teams.set(team, new Set(people));
  if (change.keepers !== undefined) organisation.keepers = new Set(change.keepers);
  for (const account of server.accounts.values()) {
    const isLeaving = account.organisation === by.organisation && change.leavers.includes(account.receivingKey);
    if (!isLeaving) continue;
    account.hasLeft = true;
    signOutWhere(server, account.id, () => true);
  }
};

export const readWraps = (
  server: ServerState,
  caller: Caller,
  { logs }: RequestOf<"read-wraps">,
): Answer<ResponseOf<"read-wraps">> => {
  const served = logs.filter((logId) => servedLog(server, caller, logId) !== undefined);
  return ok({ logs: served.map((logId) => ({ logId, wraps: wrapsServed(server, caller, logId) })) });
};

export const addWraps = (
  server: ServerState,
  caller: Caller,
  { logId, wraps: listed }: RequestOf<"add-wraps">,
): Answer<ResponseOf<"add-wraps">> => {
  const log = servedLog(server, caller, logId);
  if (log === undefined || log.isShredded) return refuse("NotForYou");
  const wraps = wrapsIn(log, listed);
  if (wraps === undefined) return refuse("NotUnderstood");
  keepWraps(log, wraps);
  return ok({});
};

type Agreed = Pick<RequestOf<"erase">, "proposal" | "confirmation" | "entries">;

/**
 * Two control entries in the log, one after the other, by two authors and sent by two accounts, that say in their headers what is
 * asked for here. What else they say is sealed.
 */
const areAgreed = (log: StoredLog, { proposal, confirmation, entries }: Agreed): boolean => {
  const [at, confirmedAt] = [log.places.get(proposal) ?? -1, log.places.get(confirmation) ?? -1];
  const [one, other] = [log.entries[at]?.header, log.entries[confirmedAt]?.header];
  const scope = { logId: log.logId, entries };
  const areNamed =
    isSaid(one?.destroys, scopeOfProposal(scope)) && isSaid(other?.destroys, scopeOfConfirmation(scope, proposal));
  const areTwo = one?.author !== other?.author && log.senders.get(proposal) !== log.senders.get(confirmation);
  return areNamed && areTwo && at < confirmedAt;
};

const isSaid = (destroys: Bytes | undefined, wanted: Bytes): boolean =>
  destroys !== undefined && sameBytes(destroys, wanted);

export const erase = (
  server: ServerState,
  caller: Caller,
  { logId, proposal, confirmation, entries }: RequestOf<"erase">,
): Answer<ResponseOf<"erase">> => {
  const log = servedLog(server, caller, logId);
  if (log === undefined || !areAgreed(log, { proposal, confirmation, entries })) return refuse("NotForYou");
  eraseIn(log, entries);
  return ok({ goneFromBackupsAt: remember(server, logId, entries) });
};

const eraseIn = (log: StoredLog, entries: readonly EntryHash[]): void => {
  for (const hash of entries) {
    const entry = log.entries[log.places.get(hash) ?? -1];
    if (entry !== undefined) toHusk(entry);
  }
};

export const shred = (
  server: ServerState,
  caller: Caller,
  { logId, proposal, confirmation }: RequestOf<"shred">,
): Answer<ResponseOf<"shred">> => {
  const log = servedLog(server, caller, logId);
  if (log?.kind !== "case" || !areAgreed(log, { proposal, confirmation, entries: [] })) return refuse("NotForYou");
  log.wraps = [];
  log.isShredded = true;
  return ok({ goneFromBackupsAt: remember(server, logId, "all-wraps") });
};

const remember = (
  server: ServerState,
  logId: LogId,
  entries: readonly EntryHash[] | "all-wraps",
): ReturnType<typeof later> => {
  server.ledger.push({ logId, entries });
  return later(server.now(), backupDays * 24 * millisecondsPerHour);
};
