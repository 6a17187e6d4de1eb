/**
 * How people come in: the founding of an organisation, invitations, recovery under its 24 hours, and wake-ups.
 */

import { later, ok } from "@amana/kernel";
import { toHex, type KeyId } from "@amana/log";
import type { RecoveryRequest, RequestOf, ResponseOf } from "@amana/sync";
import { beginAccount } from "./accounts.ts";
import { changeOrganisation, swapIn } from "./control.ts";
import {
  isKeeper,
  millisecondsPerHour,
  newLog,
  refuse,
  sameBytes,
  type Account,
  type Answer,
  type Caller,
  type Recovery,
  type ServerState,
} from "./state.ts";

const recoveryHours = 24;
const recoveryWrapsPerAnswerMax = 100;
const idBytesOfServer = 16;

export const found = (
  server: ServerState,
  { code, account, log: append }: RequestOf<"found">,
): Answer<ResponseOf<"found">> => {
  const codeText = toHex(code);
  if (!server.setUpCodes.has(codeText)) return refuse("NotForYou");
  const usedBy = server.setUpCodes.get(codeText);
  const isAgain = usedBy === account.account && server.logs.get(append.logId)?.tip !== undefined;
  if (usedBy !== undefined) return isAgain ? ok({}) : refuse("AlreadyUsed");
  if (server.logs.has(append.logId) || append.kind !== "organisation" || append.after !== undefined)
    return refuse("NotUnderstood");
  if (append.serving === undefined) return refuse("NotUnderstood");
  const log = newLog(append.logId, "organisation", append.logId);
  const swapped = swapIn(server, log, append, account.account);
  if (!swapped.ok) return swapped;
  if (beginAccount(server, account, append.logId) === "taken") return refuse("AlreadyUsed");
  server.logs.set(append.logId, log);
  server.organisations.set(append.logId, {
    logId: append.logId,
    keepers: new Set([account.receivingKey]),
    teams: new Map(),
  });
  const founder = server.accounts.get(account.account);
  if (founder !== undefined && append.organisation !== undefined)
    changeOrganisation(server, founder, append.organisation);
  server.setUpCodes.set(codeText, account.account);
  return ok({});
};

export const answerInvitationOf = (
  server: ServerState,
  { invitation, answer, account }: RequestOf<"answer-invitation">,
): Answer<ResponseOf<"answer-invitation">> => {
  const open = server.invitations.get(toHex(invitation));
  if (open === undefined) return refuse("NotForYou");
  const { answered } = open;
  if (answered !== undefined) {
    const isSame = answered.account === account.account && sameBytes(answered.answer, answer);
    return isSame ? ok({}) : refuse("AlreadyUsed");
  }
  if (open.expiresAt <= server.now()) return refuse("NotForYou");
  if (beginAccount(server, account, open.organisation) === "taken") return refuse("AlreadyUsed");
  open.answered = { answer, account: account.account };
  return ok({});
};

export const openInvitation = (
  server: ServerState,
  { account }: Caller,
  { invitation, expiresAt }: RequestOf<"open-invitation">,
): Answer<ResponseOf<"open-invitation">> => {
  if (!isKeeper(server, account)) return refuse("NotForYou");
  return openPlace(server, account, { invitation, expiresAt });
};

export const openComeBack = (
  server: ServerState,
  { account }: Caller,
  { code, ...place }: RequestOf<"open-come-back">,
): Answer<ResponseOf<"open-come-back">> => {
  const codeText = toHex(code);
  const isStanding = server.comeBackCodes.has(codeText) && server.comeBackCodes.get(codeText) === undefined;
  return isStanding ? openPlace(server, account, place) : refuse("AlreadyUsed");
};

export const letBack = (
  server: ServerState,
  { account }: Caller,
  { code, receivingKey }: RequestOf<"let-back">,
): Answer<ResponseOf<"let-back">> => {
  const codeText = toHex(code);
  const back = [...server.accounts.values()].find(
    (each) => each.receivingKey === receivingKey && each.organisation === account.organisation && !each.hasLeft,
  );
  if (back === undefined || back.id === account.id) return refuse("NotForYou");
  const usedFor = server.comeBackCodes.get(codeText);
  if (usedFor === receivingKey) return ok({});
  if (!server.comeBackCodes.has(codeText) || usedFor !== undefined) return refuse("AlreadyUsed");
  server.comeBackCodes.set(codeText, receivingKey);
  const [organisation, log] = [server.organisations.get(account.organisation), server.logs.get(account.organisation)];
  if (organisation !== undefined) organisation.keepers = new Set([...organisation.keepers, receivingKey]);
  if (log !== undefined) log.serving = new Set([...log.serving, receivingKey]);
  return ok({});
};

const openPlace = (
  server: ServerState,
  account: Account,
  { invitation, expiresAt }: RequestOf<"open-invitation">,
): Answer<ResponseOf<"open-invitation">> => {
  const known = server.invitations.get(toHex(invitation));
  if (known !== undefined) return known.by === account.id ? ok({}) : refuse("AlreadyUsed");
  server.invitations.set(toHex(invitation), {
    organisation: account.organisation,
    by: account.id,
    expiresAt,
    answered: undefined,
  });
  return ok({});
};

export const closeInvitation = (
  server: ServerState,
  { account }: Caller,
  { invitation }: RequestOf<"close-invitation">,
): Answer<ResponseOf<"close-invitation">> => {
  const known = server.invitations.get(toHex(invitation));
  if (known?.by !== account.id) return refuse("NotForYou");
  server.invitations.delete(toHex(invitation));
  return ok({});
};

export const readAnswers = (server: ServerState, { account }: Caller): Answer<ResponseOf<"read-answers">> => {
  const own = [...server.invitations].filter(([, { by }]) => by === account.id);
  const answers = own.flatMap(([id, { answered }]) =>
    answered === undefined ? [] : [{ invitation: bytesFrom(id), answer: answered.answer }],
  );
  return ok({ answers });
};

const bytesFrom = (hex: string): Recovery["id"] => new Uint8Array(Buffer.from(hex, "hex"));

export const requestRecovery = (
  server: ServerState,
  { account }: Caller,
  { recoveryKey }: RequestOf<"request-recovery">,
): Answer<ResponseOf<"request-recovery">> => {
  if (isReaderKey(server, account, recoveryKey)) return refuse("NotForYou");
  const own = recoveriesOf(server, account).filter((each) => each.recoveryKey === recoveryKey);
  if (own.some(({ isUsed, isForbidden }) => isUsed && !isForbidden)) return refuse("AlreadyUsed");
  const waiting = server.recoveries.find(
    (each) => each.account === account.id && each.recoveryKey === recoveryKey && !each.isForbidden && !each.isUsed,
  );
  if (waiting !== undefined) return ok({ recovery: waiting.id, opensAt: waiting.opensAt });
  const opensAt = later(server.now(), recoveryHours * millisecondsPerHour);
  const recovery: Recovery = {
    id: server.randomness(idBytesOfServer),
    organisation: account.organisation,
    recoveryKey,
    by: account.receivingKey,
    account: account.id,
    requestedAt: server.now(),
    opensAt,
    isForbidden: false,
    isUsed: false,
  };
  server.recoveries.push(recovery);
  return ok({ recovery: recovery.id, opensAt });
};

/** Of a person, or of a team that somebody stands behind: then it is no recovery key. */
const isReaderKey = (server: ServerState, { organisation }: Account, key: KeyId): boolean =>
  (server.organisations.get(organisation)?.teams.get(key)?.size ?? 0) > 0 ||
  [...server.accounts.values()].some((each) => each.organisation === organisation && each.receivingKey === key);

export const readRecoveries = (server: ServerState, { account }: Caller): Answer<ResponseOf<"read-recoveries">> =>
  ok({
    recoveries: recoveriesOf(server, account).map((recovery) => ({
      recovery: recovery.id,
      recoveryKey: recovery.recoveryKey,
      by: recovery.by,
      requestedAt: recovery.requestedAt,
      opensAt: recovery.opensAt,
      state: stateOf(server, recovery),
    })),
  });

const recoveriesOf = (server: ServerState, account: Account): readonly Recovery[] =>
  server.recoveries.filter(({ organisation }) => organisation === account.organisation);

const stateOf = (server: ServerState, { isForbidden, isUsed, opensAt }: Recovery): RecoveryRequest["state"] =>
  isUsed ? "used" : isForbidden ? "forbidden" : opensAt <= server.now() ? "open" : "waiting";

export const forbidRecovery = (
  server: ServerState,
  { account }: Caller,
  { recovery: id }: RequestOf<"forbid-recovery">,
): Answer<ResponseOf<"forbid-recovery">> => {
  const recovery = recoveriesOf(server, account).find((each) => sameBytes(each.id, id));
  const mayEnd = recovery?.account === account.id || isKeeper(server, account);
  if (recovery === undefined || !mayEnd) return refuse("NotForYou");
  recovery.isForbidden = true;
  const isRecoveryKey = !isReaderKey(server, account, recovery.recoveryKey);
  if (recovery.isUsed && isRecoveryKey) destroyWrapsTo(server, account, recovery.recoveryKey);
  return ok({});
};

const destroyWrapsTo = (server: ServerState, { organisation }: Account, key: KeyId): void => {
  for (const log of server.logs.values())
    if (log.organisation === organisation) log.wraps = log.wraps.filter(({ recipient }) => recipient !== key);
};

export const readRecoveryWraps = (
  server: ServerState,
  { account }: Caller,
  { recovery: id, after }: RequestOf<"read-recovery-wraps">,
): Answer<ResponseOf<"read-recovery-wraps">> => {
  const recovery = recoveriesOf(server, account).find((each) => sameBytes(each.id, id));
  if (recovery?.account !== account.id || recovery.isForbidden) return refuse("NotForYou");
  if (recovery.opensAt > server.now()) return refuse("NotNow");
  const all = [...server.logs.values()]
    .filter(({ organisation }) => organisation === account.organisation)
    .flatMap(({ logId, wraps }) =>
      wraps.filter(({ recipient }) => recipient === recovery.recoveryKey).map(({ bytes }) => ({ logId, wrap: bytes })),
    );
  const wraps = all.slice(after, after + recoveryWrapsPerAnswerMax);
  const end = after + wraps.length;
  // Used once all was handed out; it may be read again until then and after, since an answer can be lost.
  recovery.isUsed = end >= all.length;
  return ok({ wraps, next: end < all.length ? end : undefined });
};

export const setWakeUp = (
  _server: ServerState,
  { account }: Caller,
  { subscription }: RequestOf<"set-wake-up">,
): Answer<ResponseOf<"set-wake-up">> => {
  account.wakeUp = subscription?.endpoint;
  return ok({ serverKey: undefined });
};
