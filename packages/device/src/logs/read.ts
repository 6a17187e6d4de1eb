/**
 * Reads what is held: the organisation, and each case in it. What was read is kept open until something of it changes.
 *
 * Called in turn. Reading never waits for the network, and never stops because the server misbehaves.
 */

import { toHex, type EntryHash, type LogId, type Received } from "@amana/log";
import { readCase, readOrganisation, type CaseReading, type KeyOf, type OrganisationReading } from "@amana/vault";
import type { Waiting } from "../desk.ts";
import type { Unlocked } from "../unlocked.ts";
import { holdLog, holdOrganisation, type HeldLog } from "./held-log.ts";
import { loadOutbox, waitingIn } from "./outbox.ts";

/** Nothing before this device holds anything of its organisation's log. */
export const organisationReading = async (unlocked: Unlocked): Promise<OrganisationReading | undefined> => {
  const organisation = unlocked.organisation();
  const log = await holdOrganisation(unlocked);
  if (organisation === undefined || log === undefined) return undefined;
  const known = unlocked.desk.organisationRead;
  // Asked several times with each letter of a search: the very log that was read is not looked through again.
  if (known?.log === log) return known.reading;
  const from = readFrom(log, []);
  const isKnown = known !== undefined && isSameRead(known.from, from);
  const reading = isKnown ? known.reading : await readOrganisationLog(unlocked, log, organisation.root);
  unlocked.desk.organisationRead = { log, from, reading };
  return reading;
};

/** As it was read last: every write of its log reads it anew. */
export const organisationAsRead = async (unlocked: Unlocked): Promise<OrganisationReading | undefined> =>
  unlocked.desk.organisationRead?.reading ?? organisationReading(unlocked);

/** What of the organisation's log counts for nothing any more, as it was read last. */
export const passedOverNow = async (unlocked: Unlocked): Promise<OrganisationReading["passedOver"]> =>
  (await organisationAsRead(unlocked))?.passedOver ?? new Set();

export const readOrganisationLog = async (
  { ports }: Unlocked,
  log: HeldLog,
  root: EntryHash,
): Promise<OrganisationReading> => {
  const { logId, record } = log;
  const source = { logId, root, entries: entriesRead(log), keyOf: keyOf(log), accepted: record.accepted };
  const reading = await readOrganisation({ ...source, verifiedBefore: vouchedFor(log) }, ports.deflate);
  return record.newerLeft === undefined
    ? reading
    : { ...reading, unreadable: [...reading.unreadable, record.newerLeft] };
};

/** All but what stands aside (`LogRecord.notListed`). */
const entriesRead = ({ entries, record: { notListed } }: HeldLog): HeldLog["entries"] =>
  notListed.size === 0 ? entries : entries.filter(({ kind, entry }) => kind === "entry" || !notListed.has(entry.hash));

/** Nothing for a log that is not held, and before the organisation can be read. */
export const caseReading = async (unlocked: Unlocked, logId: LogId): Promise<CaseReading | undefined> => {
  const log = await holdLog(unlocked, logId);
  return log === undefined ? undefined : readCaseLog(unlocked, log);
};

/** As it reads, or would read, when log and outbox stand so. */
export const readCaseLog = async (
  unlocked: Unlocked,
  log: HeldLog,
  outbox?: readonly Waiting[],
): Promise<CaseReading | undefined> => {
  const organisation = await organisationReading(unlocked);
  if (organisation === undefined) return undefined;
  const waiting = waitingIn(outbox ?? (await loadOutbox(unlocked)), log.logId);
  const from = readFrom(log, waiting, organisation);
  const known = unlocked.desk.caseReads.get(log.logId);
  const isKnown = known !== undefined && isSameRead(known.from, from);
  if (isKnown && isAsGood(known.reading, known.organisation, organisation)) return known.reading;
  const sealed = waiting.map(({ entry }): Received => ({ kind: "entry", entry }));
  const reading = await readCase(
    {
      logId: log.logId,
      entries: [...log.entries, ...sealed],
      // Whether the organisation's own log can be read is asked of it alone, beside each case.
      organisation: { ...organisation, unreadable: [] },
      keyOf: keyOf(log),
      accepted: log.record.accepted,
      verifiedBefore: new Set([...vouchedFor(log), ...waiting.map(({ entry }) => entry.hash)]),
    },
    unlocked.ports.deflate,
  );
  unlocked.desk.caseReads.set(log.logId, { from, organisation, reading });
  return reading;
};

/**
 * Of what a reading was made: the same entries, wherever they stand, and the same keys; and of the organisation, what counts for
 * nothing any more. All else that is new there changes no case that named nothing unknown.
 */
export type ReadFrom = { readonly names: string; readonly keys: HeldLog["record"]["keys"] };

export const readFrom = (log: HeldLog, waiting: readonly Waiting[], organisation?: OrganisationReading): ReadFrom => ({
  names: [
    ...namesOf(log),
    ...waiting.map(({ entry }) => entry.hash),
    ...[...(organisation?.passedOver ?? [])].map((hash) => `over ${hash}`),
    ...(log.record.newerLeft === undefined ? [] : [`left ${log.record.newerLeft}`]),
  ]
    .sort()
    .join(),
  keys: log.record.keys,
});

/** Of what is held in several copies, each is told by its signature: another one in the place of the last may be the good one. */
const namesOf = (log: HeldLog): readonly string[] => {
  const isEachOnce = log.hashes.size === log.entries.length;
  return entriesRead(log).map((received) =>
    isEachOnce || received.kind === "newer"
      ? nameOf(received)
      : `${nameOf(received)} ${toHex(received.entry.signature)}`,
  );
};

/** A husk reads otherwise than the body it was. */
const nameOf = ({ kind, entry }: Received): string =>
  kind === "entry" && entry.ciphertext === undefined ? `${entry.hash}-` : entry.hash;

export const isSameRead = (one: ReadFrom, other: ReadFrom): boolean =>
  one.keys === other.keys && one.names === other.names;

/** More of the organisation's log changes nothing in a case that named nothing unknown. */
const isAsGood = (reading: CaseReading, before: OrganisationReading, now: OrganisationReading): boolean =>
  before === now || !waitsForOrganisation(reading, before);

/** Also where a copy that somebody spoiled on the way may be followed by a good one. */
export const waitsForOrganisation = (reading: CaseReading, organisation: OrganisationReading): boolean =>
  reading.organisationMissing.length > 0 ||
  reading.review.unauthentic.size > 0 ||
  (isNotReadWhole(organisation) && isSomebodyWithoutSay(reading)) ||
  isBodyMissing(reading);

const isNotReadWhole = ({ unreadable, review }: OrganisationReading): boolean =>
  unreadable.length > 0 || review.unauthentic.size > 0;

/** Of an organisation that is not read whole, what cannot be read may be what gave them their say, or a good copy of what was spoiled. */
const isSomebodyWithoutSay = ({ withoutAuthority, entries }: CaseReading): boolean =>
  withoutAuthority.length > 0 || entries.some(({ by }) => by === undefined);

const isBodyMissing = ({ history, erased }: CaseReading): boolean =>
  [...history.held.values()].some(({ entry }) => entry.ciphertext === undefined && !erased.has(entry.hash));

const keyOf =
  ({ record }: HeldLog): KeyOf =>
  (commitment) =>
    record.keys.get(toHex(commitment));

/** What this device has verified before, by its own record. */
export const vouchedFor = ({ hashes, record }: HeldLog): ReadonlySet<EntryHash> =>
  new Set([...hashes].filter((hash) => !record.unverified.has(hash)));

/**
 * What reading found out, for the record: so that nothing is verified twice, and a fork is decided as before. What is of a later version
 * nobody has verified, and a later version of this program finds it under the same name.
 */
export const withReading = (log: HeldLog, reading: OrganisationReading | CaseReading): HeldLog => {
  const { review } = reading;
  const bare = withoutBody(log, "erased" in reading ? reading.erased : new Set());
  const newer = new Set(log.entries.flatMap(({ kind, entry }) => (kind === "newer" ? [entry.hash] : [])));
  const isUnverified = (hash: EntryHash): boolean => review.unauthentic.has(hash) || bare.has(hash) || newer.has(hash);
  const unverified = new Set([...log.hashes].filter(isUnverified));
  const accepted = review.controlLine.at(-1) ?? log.record.accepted;
  return { ...log, record: { ...log.record, unverified, accepted } };
};

/** Whose body somebody left out, and nobody has erased: another copy with the body is taken when it comes. */
const withoutBody = ({ entries }: HeldLog, erased: ReadonlySet<EntryHash>): ReadonlySet<EntryHash> => {
  const bare = new Set<EntryHash>();
  for (const { kind, entry } of entries)
    if (kind === "entry" && entry.ciphertext === undefined && !erased.has(entry.hash)) bare.add(entry.hash);
  for (const { kind, entry } of entries)
    if (kind === "entry" && entry.ciphertext !== undefined) bare.delete(entry.hash);
  return bare;
};

/** Two control entries after one: syncing of this log stops. */
export const isContradicted = ({ review }: Pick<CaseReading, "review">): boolean => review.forks.length > 0;
