/** The devices of an account: which are signed in, and how one is put out. */

import { assert, ok, type Instant, type Result } from "@amana/kernel";
import type { Bytes, DeviceId } from "@amana/log";
import type { WireError } from "@amana/sync";
import { clearSecret, kitDigits } from "@amana/vault";
import type { Unlocked } from "../unlocked.ts";
import { readStanding } from "./account-record.ts";
import { askServer, forgetToken } from "./sign-in.ts";

export type OwnDevice = {
  readonly device: DeviceId;
  readonly signedInAt: Instant;
  readonly lastSeenAt: Instant;
  readonly isThis: boolean;
};

export const listDevices = async (unlocked: Unlocked): Promise<Result<readonly OwnDevice[], WireError>> => {
  const answer = await askServer(unlocked, "list-devices", {});
  return answer.ok ? ok(answer.value.devices) : answer;
};

/** At once. It keeps what it holds, sealed; what it may fetch is over until its password was typed on it again. */
export const signOut = async (
  unlocked: Unlocked,
  device: DeviceId | "everywhere",
): Promise<Result<undefined, WireError>> => {
  const answer = await askServer(unlocked, "sign-out", { device: device === "everywhere" ? undefined : device });
  if (!answer.ok) return answer;
  if (device === "everywhere" || device === unlocked.deviceVault().device) await forgetToken(unlocked);
  return ok(undefined);
};

export type WakeUpPlace = {
  readonly endpoint: string;
  readonly publicKey: Bytes;
  readonly authentication: Bytes;
};

/**
 * Lets the server wake this device at its fixed moments of the day with an empty message, or no longer: with nothing. Gives the
 * key that a push service asks for; nothing where whoever runs the server has not switched it on (SECURITY §4).
 */
export const setWakeUp = async (
  unlocked: Unlocked,
  place: WakeUpPlace | undefined,
): Promise<Result<Bytes | undefined, WireError>> => {
  const answer = await askServer(unlocked, "set-wake-up", { subscription: place });
  return answer.ok ? ok(answer.value.serverKey) : answer;
};

/** The printed kit again: for whoever has not printed it yet, or has lost it. */
export const readKit = async ({ ports }: Unlocked): Promise<string> => {
  const standing = await readStanding(ports.store);
  assert(standing.kind === "locked", "An unlocked device has no account.");
  const digits = kitDigits(standing.record.accountSecret);
  clearSecret(standing.record.accountSecret);
  return digits;
};
