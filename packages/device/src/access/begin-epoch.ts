/**
 * Beginning an epoch of a case: a fresh key, wrapped to everybody who reads from now on, and the list of whom the server
 * serves. Fewer than two openers never.
 */

import { err, ok, type Result } from "@amana/kernel";
import { hashesPerListMax, type EntryHash } from "@amana/log";
import {
  keepsSupervisors,
  makeCaseKey,
  mayPassOver,
  openersMin,
  openersOf,
  presentPersonOf,
  wrap,
  writeCaseControlEvent,
  type CaseKey,
  type CaseReading,
  type PublicKey,
  type Wrap,
} from "@amana/vault";
import type { ControlMade, ControlStanding } from "../logs/append-control.ts";
import type { Unlocked } from "../unlocked.ts";
import { keyOfReader, membershipFor, type Reader } from "./readers.ts";

export type EpochError =
  /** No case has a single opener: a second person with a part in cases is needed first. */
  | { readonly type: "SecondOpenerMissing" }
  /** Somebody who has left, has no part in cases, or is not known here. */
  | { readonly type: "ReaderUnknown" }
  /** This person is none of those who open the case. */
  | { readonly type: "NotAnOpener" }
  /** Only a supervisor takes a team out of a case, or a colleague who supervises, and goes on over an epoch that cannot be read. */
  | { readonly type: "SupervisorNeeded" }
  | { readonly type: "TooManyReaders" };

/** People and teams of one case; a wrap for each goes with the entry that begins an epoch. */
export const recipientsMax = 100;

export type EpochWanted = {
  readonly readers: readonly Reader[];
  readonly reason: string;
  /** Made already, when the case was opened without the network. */
  readonly caseKey?: CaseKey;
  /** Epochs whose keys this device was never given. */
  readonly over?: readonly EntryHash[];
};

export const makeEpoch = async (
  unlocked: Unlocked,
  { log, organisation, reading, heads }: ControlStanding,
  { readers, reason, caseKey: given, over }: EpochWanted,
): Promise<Result<ControlMade, EpochError>> => {
  const { current } = organisation;
  const { members, recipients } = membershipFor(readers, organisation);
  const openers = openersOf(members, current);
  if (openers === undefined || readers.some((reader) => keyOfReader(reader, current) === undefined))
    return err({ type: "ReaderUnknown" });
  const author = presentPersonOf(current, unlocked.own.identityKey.keyId);
  const before = reading?.epochs.at(-1);
  const openersBefore = before?.openers ?? openers;
  // Whoever makes a key has it: nobody begins an epoch that they are not an opener of themselves.
  const isOpener = author !== undefined && openersBefore.has(author.id) && openers.has(author.id);
  if (!isOpener) return err({ type: "NotAnOpener" });
  if (openers.size < openersMin) return err({ type: "SecondOpenerMissing" });
  if (recipients.length > recipientsMax) return err({ type: "TooManyReaders" });
  if (!author.roles.has("supervisor") && !keepsSupervisors(members, current, before))
    return err({ type: "SupervisorNeeded" });
  if (over !== undefined && !mayPassOver(author, current, before)) return err({ type: "SupervisorNeeded" });
  const passed = [...(over ?? []), ...worthlessSince(reading)];
  const caseKey = given ?? makeCaseKey(unlocked.ports.randomness);
  const event = writeCaseControlEvent({
    type: "EpochBegun",
    members,
    cut: heads.slice(0, hashesPerListMax),
    reason,
    ...(passed.length === 0 ? {} : { over: passed.slice(0, hashesPerListMax) }),
  });
  return ok({
    events: [event],
    begins: caseKey,
    wraps: await wrapsFor(unlocked, log.logId, caseKey, recipients),
    serving: { keys: recipients.map(({ keyId }) => keyId) },
    organisation: undefined,
  });
};

/**
 * Keys that somebody without authority began since the last epoch: whoever was not given such a key cannot tell that it is
 * worthless, and goes on by this.
 */
export const worthlessSince = (reading: CaseReading | undefined): readonly EntryHash[] => {
  const last = reading?.epochs.at(-1);
  if (reading === undefined || last === undefined) return [];
  const { history, review, withoutAuthority } = reading;
  const since = review.controlLine.slice(review.controlLine.indexOf(last.entry) + 1);
  return since.filter(
    (hash) => withoutAuthority.includes(hash) && history.held.get(hash)?.entry.header.keyCommitment !== undefined,
  );
};

export const wrapsFor = (
  { own, ports }: Unlocked,
  logId: ControlStanding["log"]["logId"],
  key: CaseKey,
  recipients: readonly PublicKey[],
): Promise<readonly Wrap[]> =>
  Promise.all(
    recipients.map((recipient) =>
      wrap({ purpose: "key-wrap", logId, key, recipient, author: own.identityKey }, ports.randomness),
    ),
  );
