/**
 * What the next entry of this device needs: the key of the epoch that stands for certain, and its own last entry from
 * its own memory. What the server hands out decides neither.
 */

import { assert } from "@amana/kernel";
import {
  toHex,
  type Bytes,
  type EntryHash,
  type Header,
  type History,
  type Received,
  addEntries,
  emptyHistory,
} from "@amana/log";
import type { CaseKey, CaseReading, OrganisationReading } from "@amana/vault";
import type { Unlocked } from "../unlocked.ts";
import type { HeldLog } from "./held-log.ts";
import type { OwnEntry } from "./log-record.ts";

/** Nothing under a new device id: its first entry stands alone. */
export const ownLast = ({ deviceVault }: Unlocked, { record: { own } }: HeldLog): OwnEntry | undefined =>
  own?.device === deviceVault().device ? own : undefined;

/** The key of the case's newest epoch; nothing while an unreadable entry may have begun a newer one. */
export const caseSealingKey = (log: HeldLog, reading: CaseReading): CaseKey | undefined => {
  const epoch = reading.epochs.at(-1);
  if (epoch === undefined) return undefined;
  const { controlLine } = reading.review;
  const later = new Set(controlLine.slice(controlLine.indexOf(epoch.entry) + 1));
  const mayHaveBegun = reading.entries.some(
    ({ hash, header, content }) => later.has(hash) && header.keyCommitment !== undefined && content.kind !== "body",
  );
  return mayHaveBegun ? undefined : log.record.keys.get(toHex(epoch.keyCommitment));
};

/** The key of the organisation's own log; nothing while part of the line cannot be read. */
export const organisationSealingKey = (log: HeldLog, reading: OrganisationReading): CaseKey | undefined => {
  if (reading.unreadable.length > 0) return undefined;
  const { review, current } = reading;
  const counted = new Set(review.counted);
  const withoutAuthority = new Set(current.withoutAuthority);
  const begun = review.controlLine.flatMap((hash): readonly Bytes[] => {
    const { keyCommitment } = headerOf(log, hash);
    const isBegun = counted.has(hash) && !withoutAuthority.has(hash);
    return isBegun && keyCommitment !== undefined ? [keyCommitment] : [];
  });
  const last = begun.at(-1);
  assert(last !== undefined, "An organisation was founded without a key.");
  return log.record.keys.get(toHex(last));
};

const headerOf = ({ entries }: HeldLog, hash: EntryHash): Header => {
  const received = entries.find(({ entry }) => entry.hash === hash);
  assert(received?.kind === "entry", "The line of control entries names one that is not held.");
  return received.entry.header;
};

/** Only for links: who verified what does not matter to them. */
export const historyOfLinks = ({ logId, logKind, entries }: HeldLog): History =>
  addEntries(
    emptyHistory(logId, logKind),
    entries.map((received: Received) => ({ received, verdict: "unchecked" })),
  ).history;
