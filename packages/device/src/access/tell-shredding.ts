/**
 * Says of a case that it was shredded, so that a device that comes later can tell: whoever confirmed the shredding adds the keys of
 * the few control entries that say so, sealed under a key that follows from the organisation's own.
 *
 * Written before the server is asked to destroy the wraps. What cannot be said keeps back no shredding.
 */

import { err, ok, type Result } from "@amana/kernel";
import { toHex, type EntryHash } from "@amana/log";
import {
  entryKeyOf,
  shreddingKey,
  writeCaseControlEvent,
  type CaseReading,
  type Epoch,
  type EntryKey,
} from "@amana/vault";
import type { ControlMade, ControlStanding } from "../logs/append-control.ts";
import { holdOrganisation, type HeldLog } from "../logs/held-log.ts";
import { organisationSealingKey } from "../logs/sealing.ts";
import type { Unlocked } from "../unlocked.ts";
import { controlActs, erasuresIn } from "./control-acts.ts";

type NothingToTell = { readonly type: "AlreadySo" };

/** Called in turn, for each try to append it. */
export const makeShreddingTold = async (
  unlocked: Unlocked,
  { log, organisation, reading }: ControlStanding,
  proposal: EntryHash,
): Promise<Result<ControlMade, NothingToTell>> => {
  const confirmation = reading === undefined ? undefined : ownShredding(unlocked, reading, proposal);
  const organisationLog = await holdOrganisation(unlocked);
  const organisationKey =
    organisationLog === undefined ? undefined : organisationSealingKey(organisationLog, organisation);
  if (reading === undefined || confirmation === undefined || organisationKey === undefined)
    return err({ type: "AlreadySo" });
  const keys = await keysToTell(log, reading, [proposal, confirmation]);
  return ok({
    events: [writeCaseControlEvent({ type: "ShreddingTold", confirmation, keys })],
    begins: await shreddingKey(organisationKey, log.logId),
    wraps: [],
    serving: undefined,
    organisation: undefined,
  });
};

/** The confirmation, where this person wrote it, it destroys the whole case, and nothing was told of it yet. */
const ownShredding = ({ own }: Unlocked, reading: CaseReading, proposal: EntryHash): EntryHash | undefined => {
  const erasure = erasuresIn(reading).find((each) => each.proposal === proposal);
  const confirmation = erasure?.confirmation;
  if (erasure === undefined || confirmation === undefined || erasure.entries.length > 0) return undefined;
  const isOwn = reading.history.held.get(confirmation)?.entry.header.author === own.identityKey.keyId;
  const isTold = controlActs(reading).some(
    ({ event }) => event.type === "ShreddingTold" && event.confirmation === confirmation,
  );
  return isOwn && !isTold ? confirmation : undefined;
};

/** Of each of these, and of the epoch it was written in: so many as it takes to judge that two people who read the case agreed. */
const keysToTell = async (
  { record }: HeldLog,
  reading: CaseReading,
  acts: readonly EntryHash[],
): Promise<readonly { readonly entry: EntryHash; readonly key: EntryKey }[]> => {
  const keys = new Map<EntryHash, EntryKey>();
  for (const act of acts) {
    const epoch = epochAt(reading, act);
    const caseKey = epoch === undefined ? undefined : record.keys.get(toHex(epoch.keyCommitment));
    if (epoch === undefined || caseKey === undefined) continue;
    for (const hash of [epoch.entry, act]) {
      const entry = reading.history.held.get(hash)?.entry;
      if (entry !== undefined) keys.set(hash, await entryKeyOf(entry, caseKey));
    }
  }
  return [...keys].map(([entry, key]) => ({ entry, key }));
};

const epochAt = ({ epochs, review: { controlLine } }: CaseReading, act: EntryHash): Epoch | undefined => {
  const place = controlLine.indexOf(act);
  return epochs.findLast(({ entry }) => controlLine.indexOf(entry) <= place);
};
