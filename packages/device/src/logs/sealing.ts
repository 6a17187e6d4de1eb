/**
 * What the next entry of this device needs: the key of the epoch that stands for certain, and its own last entry from
 * its own memory. What the server hands out decides neither.
 */

import { assert } from "@amana/kernel";
import { toHex, type History, type Received, addEntries, emptyHistory } from "@amana/log";
import type { CaseKey, CaseReading, OrganisationReading } from "@amana/vault";
import type { Unlocked } from "../unlocked.ts";
import type { HeldLog } from "./held-log.ts";
import type { OwnEntry } from "./log-record.ts";

/** Nothing under a new device id: its first entry stands alone. */
export const ownLast = ({ deviceVault }: Unlocked, { record: { own } }: HeldLog): OwnEntry | undefined =>
  own?.device === deviceVault().device ? own : undefined;

/**
 * The key of the case's newest epoch. Nothing while there is one that cannot be read and nobody passed over: whoever began the newest
 * may be whom that one took out.
 */
export const caseSealingKey = (
  { record }: HeldLog,
  { epochs, unreadEpochs }: Pick<CaseReading, "epochs" | "unreadEpochs">,
): CaseKey | undefined => {
  const epoch = epochs.at(-1);
  return epoch === undefined || unreadEpochs.length > 0 ? undefined : record.keys.get(toHex(epoch.keyCommitment));
};

/** The key of the organisation's own log; nothing while part of the line cannot be read. */
export const organisationSealingKey = (
  { record, entries }: HeldLog,
  { unreadable, epochBegunBy }: OrganisationReading,
): CaseKey | undefined => {
  if (unreadable.length > 0) return undefined;
  const begun = entries.find(({ entry }) => entry.hash === epochBegunBy);
  assert(begun?.kind === "entry", "An organisation was founded without a key.");
  const { keyCommitment } = begun.entry.header;
  return keyCommitment === undefined ? undefined : record.keys.get(toHex(keyCommitment));
};

/** Only for links: who verified what does not matter to them. */
export const historyOfLinks = ({ logId, logKind, entries }: HeldLog): History =>
  addEntries(
    emptyHistory(logId, logKind),
    entries.map((received: Received) => ({ received, verdict: "unchecked" })),
  ).history;
