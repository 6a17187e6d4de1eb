/**
 * An honest server in memory: every request of the wire, by wire bytes, with the rules that the real one keeps. It holds
 * sealed bytes and random ids, and remembers every byte it was ever sent, so that a test can search them.
 *
 * Its clock is handed in. What it leaves out are quotas and rates, which no device rests on.
 */

import { err, ok, type Instant, type Result } from "@amana/kernel";
import { concat, sha256, toHex, type Bytes } from "@amana/log";
import { wire, type RequestName, type RequestOf, type ResponseOf, type WireError } from "@amana/sync";
import type { Randomness } from "@amana/vault";
import {
  beginSignIn,
  callerOf,
  changePasswordOf,
  listDevices,
  readVault,
  repeatPasswordChange,
  signInWith,
  signOut,
} from "./memory-server/accounts.ts";
import { addWraps, appendControl, beginLogs, erase, readWraps, shred } from "./memory-server/control.ts";
import { compare, listHashes, pull, push } from "./memory-server/exchange.ts";
import {
  answerInvitationOf,
  closeInvitation,
  forbidRecovery,
  found,
  letBack,
  openComeBack,
  openInvitation,
  readAnswers,
  readRecoveries,
  readRecoveryWraps,
  requestRecovery,
  setWakeUp,
} from "./memory-server/people.ts";
import { copyOfServer, emptyServer, type Answer, type Caller, type ServerState } from "./memory-server/state.ts";

/** What carries bytes: the honest server, the real one over HTTP, or a hostile one around either. */
export type Carrier = {
  readonly call: (name: RequestName, token: Bytes | undefined, bytes: Bytes) => Promise<Result<Bytes, WireError>>;
};

export type MemoryServer = Carrier & {
  readonly state: ServerState;
  /** Every request body and token it was ever sent. */
  readonly heard: readonly Bytes[];
  /** A code that founds one organisation, as the operator would print it. */
  readonly makeSetUpCode: () => Bytes;
  /** A code by which somebody who was the only keeper is let back. */
  readonly makeComeBackCode: () => Bytes;
};

export type MemoryServerPorts = {
  readonly clock: () => Instant;
  readonly randomness: Randomness;
  readonly origin: string;
  /** What another server held, to go on from; it is copied. */
  readonly copied?: ServerState;
};

export const makeMemoryServer = ({ clock, randomness, origin, copied }: MemoryServerPorts): MemoryServer => {
  const ports = { now: clock, randomness, origin };
  const state = copied === undefined ? emptyServer(ports) : copyOfServer(copied, ports);
  const heard: Bytes[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    state,
    heard,
    makeSetUpCode: () => {
      const code = randomness(32);
      state.setUpCodes.set(toHex(code), undefined);
      return code;
    },
    makeComeBackCode: () => {
      const code = randomness(32);
      state.comeBackCodes.set(toHex(code), undefined);
      return code;
    },
    call: (name, token, bytes) => {
      heard.push(token === undefined ? bytes : concat(token, bytes));
      // One answer after the other: each is one transaction.
      const answer = last.then(() => answerTo(state, name, token, bytes));
      last = answer;
      return answer;
    },
  };
};

type ToAnyone = "begin-sign-in" | "sign-in" | "found" | "answer-invitation" | "repeat-password-change";
type ToSignedIn = Exclude<RequestName, ToAnyone>;
type Answering<Name extends RequestName> = Answer<ResponseOf<Name>> | Promise<Answer<ResponseOf<Name>>>;

const answersToAnyone: {
  readonly [Name in ToAnyone]: (server: ServerState, request: RequestOf<Name>) => Answering<Name>;
} = {
  "begin-sign-in": beginSignIn,
  "sign-in": signInWith,
  found,
  "answer-invitation": answerInvitationOf,
  "repeat-password-change": repeatPasswordChange,
};

const answersToSignedIn: {
  readonly [Name in ToSignedIn]: (server: ServerState, caller: Caller, request: RequestOf<Name>) => Answering<Name>;
} = {
  "read-vault": readVault,
  "change-password": changePasswordOf,
  "list-devices": listDevices,
  "sign-out": signOut,
  compare,
  pull,
  "list-hashes": listHashes,
  push,
  "append-control": appendControl,
  "begin-logs": beginLogs,
  "read-wraps": readWraps,
  "add-wraps": addWraps,
  erase,
  shred,
  "open-invitation": openInvitation,
  "open-come-back": openComeBack,
  "let-back": letBack,
  "close-invitation": closeInvitation,
  "read-answers": readAnswers,
  "request-recovery": requestRecovery,
  "read-recoveries": readRecoveries,
  "forbid-recovery": forbidRecovery,
  "read-recovery-wraps": readRecoveryWraps,
  "set-wake-up": setWakeUp,
};

const isToAnyone = (name: RequestName): name is ToAnyone => Object.hasOwn(answersToAnyone, name);

const answerTo = async (
  server: ServerState,
  name: RequestName,
  token: Bytes | undefined,
  bytes: Bytes,
): Promise<Result<Bytes, WireError>> =>
  isToAnyone(name) ? toAnyone(server, name, bytes) : toSignedIn(server, name, token, bytes);

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- one name ties the request to its own answer.
const toAnyone = async <Name extends ToAnyone>(
  server: ServerState,
  name: Name,
  bytes: Bytes,
): Promise<Result<Bytes, WireError>> => {
  const request = wire[name].decodeRequest(bytes);
  if (request === undefined) return refused("NotUnderstood");
  const answer: Answer<ResponseOf<Name>> = await answersToAnyone[name](server, request);
  return answer.ok ? ok(wire[name].encodeResponse(answer.value)) : refused(answer.error);
};

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- one name ties the request to its own answer.
const toSignedIn = async <Name extends ToSignedIn>(
  server: ServerState,
  name: Name,
  token: Bytes | undefined,
  bytes: Bytes,
): Promise<Result<Bytes, WireError>> => {
  const caller = callerOf(server, token);
  if (caller === undefined) return refused("NotSignedIn");
  const request = wire[name].decodeRequest(bytes);
  if (request === undefined) return refused("NotUnderstood");
  const answer: Answer<ResponseOf<Name>> = await answersToSignedIn[name](server, caller, request);
  return answer.ok ? ok(wire[name].encodeResponse(answer.value)) : refused(answer.error);
};

const refused = (code: (WireError & { type: "Refused" })["code"]): Result<Bytes, WireError> =>
  err({ type: "Refused", code, afterSeconds: undefined });

/** Holds from now on what another server holds, as after a restore of its backup. */
export const restoreServer = (server: MemoryServer, from: MemoryServer): void => {
  const { now: _now, randomness: _randomness, origin: _origin, ...held } = from.state;
  const { recoveries, ledger, ...maps } = structuredClone(held);
  for (const [name, map] of Object.entries(maps)) {
    const own: Map<unknown, unknown> = server.state[name as keyof typeof maps]; // Both are the state of a server.
    own.clear();
    for (const [key, value] of map) own.set(key, value);
  }
  server.state.recoveries.splice(0, Infinity, ...recoveries);
  server.state.ledger.splice(0, Infinity, ...ledger);
};

/** What the logs hold, in one digest: two runs that are the same end in the same. */
export const digestOfLogs = ({ state }: MemoryServer): string =>
  toHex(sha256(concat(...[...state.logs.values()].map(({ digests }) => digests.at(-1) ?? new Uint8Array()))));
