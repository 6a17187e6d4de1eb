/**
 * Keys of the organisation's log, and of its teams, for whoever comes to read it: a person who was enrolled or has new
 * keys, and the recovery key.
 */

import { assert } from "@amana/kernel";
import { toHex, type Bytes, type KeyId } from "@amana/log";
import { wrap, type Organisation, type PublicKey, type Wrap } from "@amana/vault";
import type { ControlStanding } from "../logs/append-control.ts";
import { holdLog, type HeldLog } from "../logs/held-log.ts";
import { organisationSealingKey } from "../logs/sealing.ts";
import type { Unlocked } from "../unlocked.ts";
import { wrapsFor } from "./begin-epoch.ts";
import { recipientsOf } from "./organisation-serving.ts";

export const newcomersTo = (before: Organisation, after: Organisation): readonly PublicKey[] => {
  const known = new Set<KeyId>(recipientsOf(before).map(({ keyId }) => keyId));
  return recipientsOf(after).filter(({ keyId }) => !known.has(keyId));
};

/** The key the act itself is sealed under, where no new epoch begins. */
export const newestKeyWraps = async (
  unlocked: Unlocked,
  { log, organisation }: ControlStanding,
  before: Organisation,
  after: Organisation,
): Promise<readonly Wrap[]> => {
  const key = organisationSealingKey(log, organisation);
  return key === undefined ? [] : wrapsFor(unlocked, log.logId, key, newcomersTo(before, after));
};

/** Every key of the log that this device has, for newcomers: they read it from its root on. Called in turn. */
export const earlierKeyWraps = async (
  unlocked: Unlocked,
  before: Organisation,
  after: Organisation,
): Promise<readonly Wrap[]> => {
  const organisation = unlocked.organisation();
  assert(organisation !== undefined, "Something was done in an organisation that is not known here.");
  const log = await holdLog(unlocked, organisation.logId);
  assert(log !== undefined, "Something was done in an organisation whose log is not held.");
  const newcomers = newcomersTo(before, after);
  const commitments = epochCommitments(log);
  // The newest goes with the act itself, unless a key is replaced: then a new epoch begins, and it is an earlier one.
  const isNewestAlone = commitments.length === 1 && !isReplacing(before, after);
  if (newcomers.length === 0 || isNewestAlone) return [];
  const wraps: Wrap[] = [];
  for (const commitment of commitments) {
    const key = log.record.keys.get(toHex(commitment));
    if (key !== undefined) wraps.push(...(await wrapsFor(unlocked, log.logId, key, newcomers)));
  }
  return wraps;
};

const isReplacing = (before: Organisation, after: Organisation): boolean =>
  [...before.people].some(([id, { receivingKey }]) => after.people.get(id)?.receivingKey.keyId !== receivingKey.keyId);

const epochCommitments = ({ entries }: HeldLog): readonly Bytes[] =>
  entries.flatMap((received) =>
    received.kind === "entry" && received.entry.header.keyCommitment !== undefined
      ? [received.entry.header.keyCommitment]
      : [],
  );

/** A supervisor with new keys gets the keys of their teams from whoever holds them. */
export const teamWrapsForNewcomers = async (
  { own, ports }: Unlocked,
  { logId, record }: HeldLog,
  before: Organisation,
  after: Organisation,
): Promise<readonly Wrap[]> => {
  const newcomers = new Set(newcomersTo(before, after).map(({ keyId }) => keyId));
  const wraps: Wrap[] = [];
  for (const { commitment, supervisors } of after.teams.values()) {
    const seed = record.keys.get(toHex(commitment));
    for (const person of supervisors) {
      const recipient = after.people.get(person)?.receivingKey;
      if (seed === undefined || recipient === undefined || !newcomers.has(recipient.keyId)) continue;
      const wrapFor = { purpose: "team-wrap", logId, key: seed, recipient, author: own.identityKey } as const;
      wraps.push(await wrap(wrapFor, ports.randomness));
    }
  }
  return wraps;
};
