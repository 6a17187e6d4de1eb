/**
 * Entries that nobody vouches for: signed by nobody, or of a later version, of which that cannot be known here. Whoever runs a server can
 * add as many as a log holds to any log that a device knows.
 *
 * What must stay true: what somebody has signed is kept, and so is what it names. Of the rest a few are. As long as there are any that
 * nobody has signed, the log is followed again from the first of them after each unlocking (`ask-again.ts`), so that what was signed by
 * somebody of whom this device hears only then, or came spoiled, comes late at worst. Of a later version some are left only while others
 * hold up what rests on knowing everything; that there are more is remembered, and holds up the same, until they were asked for again.
 * Why: docs/decisions/2026-11-23-a-device-keeps-no-log-of-nobody.md.
 */

import { entryBytesMax, entrySize, linksOf, type EntryHash, type Received, type Review } from "@amana/log";
import type { CaseReading } from "@amana/vault";
import type { Unlocked } from "../unlocked.ts";
import type { HeldLog } from "./held-log.ts";
import { caseReading, readCaseLog, readOrganisationLog } from "./read.ts";

/** More than ever came spoiled or too early. */
export const unsignedMax = 256;
/** What is of a later version is of no use before the program is updated, and then it is asked for again. */
export const newerMax = 256;
/** Of either: more than one pull brings. */
export const unverifiedBytesMax = 524_288;

/** What of these is not kept, where the log would hold them all. Called in turn. */
export const leftOfUnsigned = async (
  unlocked: Unlocked,
  log: HeldLog,
  arrived: readonly Received[],
): Promise<readonly Received[]> => {
  const { unverified } = log.record;
  if (
    isWithin(
      log.entries.filter(({ entry }) => unverified.has(entry.hash)),
      unsignedMax,
    )
  )
    return [];
  const ahead = await readAhead(unlocked, log);
  if (ahead === undefined) return [];
  const { review, aside } = ahead;
  const named = namedIn(log, review);
  const came = new Set(arrived.filter(({ entry }) => !named.has(entry.hash)));
  const unsigned = log.entries.filter(({ kind, entry }) => kind === "entry" && review.unauthentic.has(entry.hash));
  return [...beyond(unsigned, came, unsignedMax), ...beyond(newerIn(log, aside), came, newerMax)];
};

/** Whether something of a later version that was left would have room now, or something signed names what is not here. Called in turn. */
export const hasRoomForNewer = async (unlocked: Unlocked, log: HeldLog): Promise<boolean> => {
  const reading = log.logKind === "case" ? await caseReading(unlocked, log.logId) : undefined;
  if ((reading?.review.missing.size ?? 0) > 0) return true;
  const newer = newerIn(log, reading?.leftUnread ?? log.record.notListed);
  return newer.length < newerMax && bytesOf(newer) + entryBytesMax <= unverifiedBytesMax;
};

/** Only those that hold something up. */
const newerIn = ({ entries }: HeldLog, aside: ReadonlySet<EntryHash>): readonly Received[] =>
  entries.filter(({ kind, entry }) => kind === "newer" && !aside.has(entry.hash));

const isWithin = (entries: readonly Received[], countMax: number): boolean =>
  entries.length <= countMax && bytesOf(entries) <= unverifiedBytesMax;

const bytesOf = (entries: readonly Received[]): number => entries.reduce((sum, each) => sum + entrySize(each), 0);

/** Of those that came, in their order, what has no room beside the others. */
const beyond = (entries: readonly Received[], came: ReadonlySet<Received>, countMax: number): readonly Received[] => {
  const kept = entries.filter((each) => !came.has(each));
  let [count, bytes] = [kept.length, bytesOf(kept)];
  return entries.filter((each) => {
    if (!came.has(each)) return false;
    const size = entrySize(each);
    if (count >= countMax || bytes + size > unverifiedBytesMax) return true;
    count++;
    bytes += size;
    return false;
  });
};

/** How it reads with all that came, and what of a later version holds up nothing in it. */
type Ahead = { readonly review: Review; readonly aside: ReadonlySet<EntryHash> };

const readAhead = async (unlocked: Unlocked, log: HeldLog): Promise<Ahead | undefined> => {
  if (log.logKind === "organisation") return organisationAhead(unlocked, log);
  const reading = await caseAhead(unlocked, log);
  return reading && { review: reading.review, aside: reading.leftUnread };
};

/** Nothing while this device cannot read who anybody is: then nobody's signature can be looked at. */
const organisationAhead = async (unlocked: Unlocked, log: HeldLog): Promise<Ahead | undefined> => {
  const known = unlocked.organisation();
  const reading = known && (await readOrganisationLog(unlocked, log, known.root));
  if (reading === undefined || reading.current.personByKeyEver.size === 0) return undefined;
  return { review: reading.review, aside: log.record.notListed };
};

/** Of a log that is held what was read last stays open: by that it is known what of this is new to people. */
const caseAhead = async (unlocked: Unlocked, log: HeldLog): Promise<CaseReading | undefined> => {
  const { caseReads } = unlocked.desk;
  const before = caseReads.get(log.logId);
  const reading = await readCaseLog(unlocked, log);
  if (unlocked.held.has(log.logId)) {
    if (before === undefined) caseReads.delete(log.logId);
    else caseReads.set(log.logId, before);
  }
  return reading;
};

const namedIn = ({ entries }: HeldLog, { unauthentic }: Review): ReadonlySet<EntryHash> =>
  new Set(
    entries.flatMap(({ kind, entry }) => (kind === "entry" && !unauthentic.has(entry.hash) ? linksOf(entry) : [])),
  );
