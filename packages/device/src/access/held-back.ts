/**
 * What waits in quarantine: written by somebody who was taken out, and accepted by nobody since; or by a device that said two
 * things at once. The former changes nothing until somebody who reads the case adopts it; of the latter only what is careful
 * counts, and nothing makes the rest count. To decide they have to see it. So has whoever can write it anew what somebody wrote
 * whose say the organisation took back.
 */

import { parseEvent, type StoredEvent } from "@amana/casefile";
import { assert, type Instant } from "@amana/kernel";
import { toHex, type EntryHash, type LogId, type SealedEntry } from "@amana/log";
import { open, type Body, type CaseReading, type OrganisationReading, type PersonId } from "@amana/vault";
import { storedEventOf } from "../case/opened-case.ts";
import { firstSeenIn, holdLog, type HeldLog } from "../logs/held-log.ts";
import { caseReading, organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { authorOf } from "./control-acts.ts";

export type HeldBack = {
  readonly entry: EntryHash;
  /** By whose key it is signed, now or ever; the signature was checked. */
  readonly person: PersonId | undefined;
  /** The author's clock, where it can be opened. */
  readonly recordedAt: Instant | undefined;
  readonly firstSeenAt: Instant | undefined;
  /** Of two things that one device said at once neither can be adopted; whoever holds one true writes it anew. */
  readonly canBeAdopted: boolean;
  /** By somebody who has no say in the organisation as two persons have gone on: this cannot be adopted either. */
  readonly isTakenBack: boolean;
  /** What it says; nothing where this device has no key for it, or cannot read it. */
  readonly events: readonly StoredEvent[] | undefined;
};

export const heldBackEntries = (unlocked: Unlocked, logId: LogId): Promise<readonly HeldBack[]> =>
  unlocked.inTurn(async () => {
    const log = await holdLog(unlocked, logId);
    const reading = await caseReading(unlocked, logId);
    const organisation = await organisationReading(unlocked);
    if (log === undefined || reading === undefined || organisation === undefined) return [];
    const seenAt = firstSeenIn(log);
    const takenBack = new Set(reading.takenBack);
    const found: HeldBack[] = [];
    for (const [hash, { entry }] of reading.history.held) {
      const isTakenBack = takenBack.has(hash);
      if (!isTakenBack && !reading.review.quarantined.has(hash)) continue;
      const body = await bodyOf(unlocked, log, reading, entry);
      found.push({
        entry: hash,
        person: authorOf(reading.history, organisation.current, hash) ?? passedOver(organisation, entry),
        recordedAt: body?.recordedAt,
        firstSeenAt: seenAt.get(hash),
        canBeAdopted: !isTakenBack && !reading.review.saidTwice.has(hash),
        isTakenBack,
        events: body === undefined ? undefined : eventsIn(body),
      });
    }
    return found.sort((one, other) => (one.recordedAt ?? 0) - (other.recordedAt ?? 0));
  });

const passedOver = ({ keysPassedOver }: OrganisationReading, { header }: SealedEntry): PersonId | undefined =>
  keysPassedOver.get(header.author)?.person;

/** Under the key of the epoch that it names; nothing where it was erased, or sealed under another. */
const bodyOf = async (
  { ports }: Unlocked,
  { record }: HeldLog,
  { history }: CaseReading,
  entry: SealedEntry,
): Promise<Body | undefined> => {
  // A control entry that begins no epoch of its own names none either; up the line stands the one it was written under.
  let under: SealedEntry | undefined = entry;
  while (under !== undefined && under.header.keyCommitment === undefined) {
    const next: EntryHash | undefined = under.header.control;
    assert(next !== undefined, "Only the first entry of a log follows none, and that one begins an epoch.");
    under = history.held.get(next)?.entry;
  }
  const commitment = under?.header.keyCommitment;
  const key = commitment === undefined ? undefined : record.keys.get(toHex(commitment));
  if (key === undefined) return undefined;
  const opened = await open(entry, key, ports.deflate);
  return opened.ok ? opened.value : undefined;
};

const eventsIn = ({ events }: Body): readonly StoredEvent[] | undefined => {
  const areAllRead = events.every(({ type, version, data }) => parseEvent([type, version, data]).ok);
  return areAllRead ? events.map(storedEventOf) : undefined;
};
