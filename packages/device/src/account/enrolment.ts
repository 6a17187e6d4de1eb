/**
 * The last step of founding and of accepting an invitation: the server is told of the new account.
 *
 * Everything is durable on the device before the server hears of it, and the same bytes are sent until it has answered.
 * So an answer that is lost loses no account, and no key is ever made twice.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { wire, type WireError, type WireRefusal } from "@amana/sync";
import { clearSecret, kitDigits, type AccountSecret } from "@amana/vault";
import { listFrom } from "../logs/own-values.ts";
import type { DevicePorts, StoreChange } from "../ports.ts";
import { accountVaultName, recordName } from "../store/names.ts";
import { makeRecords, type Records } from "../store/records.ts";
import { accountChange, readStanding } from "./account-record.ts";
import { keepAnswer } from "./come-again.ts";
import { deviceVaultChange, openedDevice } from "./opened-device.ts";
import type { OpenedDevice, Opening, TellPerson } from "./opened-device.ts";
import { eraseDevice } from "./erase-device.ts";
import { ensureSignedIn } from "./sign-in.ts";

export type Enrolled = {
  readonly device: OpenedDevice;
  /** The printed kit, 54 digits: whoever loses it and every device loses the account. */
  readonly kit: string;
  /** `waiting`: no answer yet. `finishEnrolment` sends the same again. */
  readonly enrolment: "done" | "waiting";
};

/** Final: the same request will never be taken. */
export type EnrolmentRefused = { readonly type: "EnrolmentRefused"; readonly code: WireRefusal };

export type EnrolmentRequest = { readonly name: "found" | "answer-invitation"; readonly body: Bytes };

export type Enrolling = {
  readonly opening: Opening;
  readonly accountSecret: AccountSecret;
  readonly language: string;
  readonly accountVault: Bytes;
  readonly request: EnrolmentRequest;
  /** What else this way of enrolling leaves on the device. */
  readonly records: (records: Records) => Promise<readonly StoreChange[]>;
};

const requestName = recordName("enrolment");

/** Whatever an earlier account has left is erased first: nothing of it could be opened. */
export const enrol = async (
  ports: DevicePorts,
  enrolling: Enrolling,
  tellPerson: TellPerson,
): Promise<Result<Enrolled, EnrolmentRefused>> => {
  await eraseDevice(ports.store);
  await ports.store.write(await firstChanges(ports, enrolling));
  const kit = kitDigits(enrolling.accountSecret);
  clearSecret(enrolling.accountSecret);
  const device = await openedDevice(ports, enrolling.opening, tellPerson);
  const sent = await send(device, enrolling.request);
  if (sent.ok) return ok({ device, kit, enrolment: sent.value });
  device.lock();
  await eraseDevice(ports.store);
  return sent;
};

/** Sends again what was not answered. Erases nothing: whoever gives up on the account says so. */
export const finishEnrolment = async (device: OpenedDevice): Promise<Result<"done" | "waiting", EnrolmentRefused>> => {
  const request = await readRequest(device.unlocked.records);
  if (request === undefined) return ok("done");
  return send(device, request);
};

const firstChanges = async (ports: DevicePorts, enrolling: Enrolling): Promise<readonly StoreChange[]> => {
  const { opening, accountSecret, language, accountVault, request } = enrolling;
  const { accountId } = opening.account;
  const records = makeRecords(ports.store, opening.deviceVault.storageKey, ports);
  return [
    accountChange({ accountId, accountSecret, failures: 0, language, stage: "enrolling" }),
    await deviceVaultChange(ports, opening.deviceVault, opening.account),
    { name: accountVaultName, value: accountVault },
    ...(await records.changes(requestName, [request.name, request.body])),
    ...(await enrolling.records(records)),
  ];
};

const readRequest = async (records: Records): Promise<EnrolmentRequest | undefined> => {
  const content = await records.read(requestName);
  if (content === undefined) return undefined;
  const [name, body] = listFrom(content);
  assert(
    (name === "found" || name === "answer-invitation") && body instanceof Uint8Array,
    "Not a request for an account.",
  );
  return { name, body };
};

type Sent = Result<"done" | "waiting", EnrolmentRefused>;

const send = async (device: OpenedDevice, { name, body }: EnrolmentRequest): Promise<Sent> => {
  const answer = await device.unlocked.ports.transport.call(name, undefined, body);
  if (answer.ok) return wire[name].decodeResponse(answer.value) === undefined ? ok("waiting") : finish(device);
  // The place may be taken by this very account, when the answer to an earlier sending was lost.
  return answer.error.type === "Refused" && answer.error.code === "AlreadyUsed"
    ? claim(device)
    : afterError(answer.error);
};

const passing: readonly WireRefusal[] = ["TooManyRequests", "QuotaReached", "NotNow", "OurMistake"];

const afterError = (error: WireError): Sent =>
  error.type === "Unreachable" || passing.includes(error.code)
    ? ok("waiting")
    : err({ type: "EnrolmentRefused", code: error.code });

const claim = async (device: OpenedDevice): Promise<Sent> => {
  const signedIn = await ensureSignedIn(device.unlocked);
  if (!signedIn.ok) {
    const sent = afterError(signedIn.error);
    return sent.ok ? sent : err({ type: "EnrolmentRefused", code: "AlreadyUsed" });
  }
  return finish(device);
};

const finish = async ({ unlocked }: OpenedDevice): Promise<Sent> => {
  const standing = await readStanding(unlocked.ports.store);
  assert(standing.kind === "locked", "An account was enrolled on a device that has none.");
  const enrolled = accountChange({ ...standing.record, stage: "enrolled" });
  const { inTurn, ports, records } = unlocked;
  await inTurn(async () => {
    const request = await readRequest(records);
    const kept = request?.name === "answer-invitation" ? await keepAnswer(records, request.body) : [];
    await ports.store.write([enrolled, ...(await records.changes(requestName, undefined)), ...kept]);
  });
  clearSecret(standing.record.accountSecret);
  return ok("done");
};
