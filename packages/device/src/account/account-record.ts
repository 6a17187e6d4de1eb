/**
 * The account record: all that a device keeps in clear. Which account, its secret, how often unlocking failed, and the
 * language of the screen that asks for the password.
 *
 * After ten failures the account secret is gone from it, and with its 128 bits every way to guess. What waits to be sent
 * stays sealed, and opens again with the kit. Format: docs/formats/device-store.md.
 */

import { bytesOf, decodeCbor, encodeCbor, isCborArray, type Bytes } from "@amana/log";
import { clearSecret, conceal, exposeSecret, type AccountSecret } from "@amana/vault";
import type { DeviceStore, StoreChange } from "../ports.ts";
import { accountName, accountVaultName, nextDeviceVaultName } from "../store/names.ts";

export type AccountRecord = {
  readonly accountId: Bytes;
  /** Whoever has read the record clears it. */
  readonly accountSecret: AccountSecret;
  readonly failures: number;
  readonly language: string;
  /** `enrolling` until the server has said that the account is there. */
  readonly stage: "enrolling" | "enrolled";
};

/** What a device that nobody has unlocked can say of itself. */
export type Standing =
  | { readonly kind: "new" }
  /** Ten failures, or a record that cannot be read: the kit opens it again. */
  | { readonly kind: "emptied"; readonly language: string }
  | { readonly kind: "locked"; readonly record: AccountRecord };

export const failuresMax = 10;

const version = 1;
const stages = ["enrolling", "enrolled"] as const satisfies readonly AccountRecord["stage"][];
const languageLengthMax = 35;

export const readStanding = async (store: DeviceStore): Promise<Standing> => {
  const bytes = await store.read(accountName);
  return bytes === undefined ? { kind: "new" } : standingIn(bytes);
};

export const accountChange = (record: AccountRecord): StoreChange => {
  const secret = exposeSecret(record.accountSecret);
  const stage = stages.indexOf(record.stage);
  const value = encodeCbor([version, record.accountId, secret, record.failures, record.language, stage]);
  return { name: accountName, value };
};

/** The account secret is gone from this device, and the account vault, which it would open, with it. */
export const emptyingChanges = ({ accountId, failures, language, stage }: AccountRecord): readonly StoreChange[] => [
  { name: accountName, value: encodeCbor([version, accountId, null, failures, language, stages.indexOf(stage)]) },
  { name: accountVaultName, value: undefined },
];

export const readLanguage = async (store: DeviceStore): Promise<string | undefined> =>
  (await firstLookAt(store)).language;

/** What the first screen asks of a device that nobody has unlocked: it needs no key, and none is left behind by it. */
export type FirstLook = {
  readonly phase: Standing["kind"];
  readonly language: string | undefined;
  /** Nobody knows yet whether the server has the new password: either opens this device. */
  readonly isChangingPassword: boolean;
};

export const firstLookAt = async (store: DeviceStore): Promise<FirstLook> => {
  const standing = await readStanding(store);
  if (standing.kind === "new") return { phase: "new", language: undefined, isChangingPassword: false };
  if (standing.kind === "emptied") return { phase: "emptied", language: standing.language, isChangingPassword: false };
  clearSecret(standing.record.accountSecret);
  const isChangingPassword = (await store.read(nextDeviceVaultName)) !== undefined;
  return { phase: "locked", language: standing.record.language, isChangingPassword };
};

/** Nothing to change on a device without an account: it has no language of its own yet. */
export const setLanguage = async (store: DeviceStore, language: string): Promise<void> => {
  const standing = await readStanding(store);
  if (standing.kind !== "locked") return;
  await store.write([accountChange({ ...standing.record, language })]);
  clearSecret(standing.record.accountSecret);
};

const standingIn = (bytes: Bytes): Standing => {
  const decoded = decodeCbor(bytes);
  const fields = decoded.ok && isCborArray(decoded.value) ? decoded.value : [];
  const accountId = bytesOf(fields[1], 16);
  const secret = bytesOf(fields[2], 16);
  const language = isLanguage(fields[4]) ? fields[4] : "";
  const failures = fields[3];
  const stage = typeof fields[5] === "number" ? stages[fields[5]] : undefined;
  const isWhole = fields.length === 6 && fields[0] === version && stage !== undefined;
  if (!isWhole || accountId === undefined || secret === undefined || !isCount(failures))
    return { kind: "emptied", language };
  const accountSecret = conceal("account-secret", secret);
  secret.fill(0);
  bytes.fill(0);
  return { kind: "locked", record: { accountId, accountSecret, failures, language, stage } };
};

const isLanguage = (value: unknown): value is string => typeof value === "string" && value.length <= languageLengthMax;
const isCount = (value: unknown): value is number => typeof value === "number" && value >= 0;
