/**
 * Founding an organisation: its first person makes an account, the organisation's log and its first key. There is no
 * second person yet, so nothing but inviting them can be done.
 */

import { assert, err, type Result } from "@amana/kernel";
import {
  encodeEntry,
  logIdBytes,
  logIdOf,
  nonceBytes,
  toHex,
  type Bytes,
  type LogId,
  type SealedEntry,
} from "@amana/log";
import { wire, type ControlAppend } from "@amana/sync";
import {
  commitTo,
  deriveAccount,
  encodeWrap,
  makeAccountSecret,
  makeAccountVault,
  makeCaseKey,
  makeDeviceVault,
  makePersonId,
  seal,
  sealAccountVault,
  wrap,
  writeOrganisationEvent,
  type AccountVault,
  type CaseKey,
  type DeviceVault,
  type PersonId,
} from "@amana/vault";
import { encodeLogRecord, newLogRecord } from "../logs/log-record.ts";
import { logRecordName } from "../logs/names.ts";
import type { DevicePorts } from "../ports.ts";
import { readStanding } from "./account-record.ts";
import { enrol, type Enrolled, type EnrolmentRefused } from "./enrolment.ts";
import type { TellPerson } from "./opened-device.ts";
import { writeOwnOrganisation } from "./own-organisation.ts";
import type { PasswordRule, WeakPassword } from "./password-rule.ts";

export type Founding = {
  /** From whoever runs the server: it founds one organisation, once. */
  readonly code: Bytes;
  readonly password: string;
  readonly language: string;
};

/** This device has an account already; it is erased first, or used. */
export type AlreadyEnrolled = { readonly type: "AlreadyEnrolled" };

export type FoundError = AlreadyEnrolled | WeakPassword | EnrolmentRefused;

export const found = async (
  ports: DevicePorts,
  rule: PasswordRule,
  founding: Founding,
  tellPerson: TellPerson,
): Promise<Result<Enrolled, FoundError>> => {
  const allowed = await mayEnrol(ports, rule, founding.password);
  if (!allowed.ok) return allowed;
  const accountSecret = makeAccountSecret(ports.randomness);
  const account = await deriveAccount(accountSecret, founding.password, ports.kdf);
  const made = await makeAccountVault(ports.randomness);
  const deviceVault = makeDeviceVault(ports.randomness, 1);
  const first = await firstEntry(ports, made, deviceVault);
  const root = first.entry.hash;
  const own = { ...made, root };
  const accountVault = await sealAccountVault(own, account, 1, ports);
  const body = wire.found.encodeRequest({
    code: founding.code,
    account: {
      account: toHex(account.accountId),
      loginPublic: account.loginKey.publicKey,
      receivingKey: own.receivingKey.keyId,
      vault: accountVault,
    },
    log: first.append,
  });
  const { logId, person } = first;
  const written = { device: deviceVault.device, hash: root, counter: 1 };
  const keys = new Map([[toHex(first.commitment), first.caseKey]]);
  const logRecord = { ...newLogRecord("organisation"), own: written, keys };
  return enrol(
    ports,
    {
      opening: { account, own, deviceVault },
      accountSecret,
      accountVault,
      language: founding.language,
      request: { name: "found", body },
      records: async (records) => [
        ...(await writeOwnOrganisation(records, { root, logId, person })),
        ...(await records.changes(logRecordName(logId), encodeLogRecord(logRecord))),
      ],
    },
    tellPerson,
  );
};

/** Whether this device is free, and the password one that stands. */
export const mayEnrol = async (
  { store }: DevicePorts,
  rule: PasswordRule,
  password: string,
): Promise<Result<undefined, AlreadyEnrolled | WeakPassword>> => {
  const standing = await readStanding(store);
  return standing.kind === "new" ? rule.check(password) : err({ type: "AlreadyEnrolled" });
};

type FirstEntry = {
  readonly logId: LogId;
  readonly person: PersonId;
  readonly entry: SealedEntry;
  readonly caseKey: CaseKey;
  readonly commitment: Bytes;
  readonly append: ControlAppend;
};

const firstEntry = async (ports: DevicePorts, keys: AccountVault, { device }: DeviceVault): Promise<FirstEntry> => {
  const { randomness, deflate, clock } = ports;
  const logId = logIdOf(randomness(logIdBytes));
  assert(logId !== undefined, "Randomness gave another length than it was asked for.");
  const person = makePersonId(randomness);
  const caseKey = makeCaseKey(randomness);
  const commitment = await commitTo(caseKey, logId);
  const { identityKey, receivingKey } = keys;
  const event = writeOrganisationEvent({ type: "OrganisationFounded", person, identityKey, receivingKey });
  const header = {
    kind: "control",
    logKind: "organisation",
    logId,
    control: undefined,
    organisationHead: undefined,
    device,
    counter: 1,
    previous: undefined,
    parents: [],
    nonce: randomness(nonceBytes),
    keyCommitment: commitment,
  } as const;
  const body = { recordedAt: clock(), events: [event] };
  const sealed = await seal({ header, body, author: identityKey, caseKey }, deflate);
  assert(sealed.ok, "The first entry of an organisation always fits.");
  const wrapFor = { purpose: "key-wrap", logId, key: caseKey, recipient: receivingKey, author: identityKey } as const;
  const append: ControlAppend = {
    logId,
    kind: "organisation",
    after: undefined,
    entry: encodeEntry(sealed.value),
    wraps: [encodeWrap(await wrap(wrapFor, randomness))],
    serving: { keys: [receivingKey.keyId] },
    organisation: { teams: [], leavers: [], keepers: [receivingKey.keyId] },
  };
  return { logId, person, entry: sealed.value, caseKey, commitment, append };
};
