/**
 * Opens a case: from what is already open, from its snapshot, or by reading the log. Called in turn.
 */

import type { CaseRole } from "@amana/casefile";
import type { LogId } from "@amana/log";
import { presentPersonOf, type OrganisationReading } from "@amana/vault";
import type { Waiting } from "../desk.ts";
import { firstSeenIn, holdLog, type HeldLog } from "../logs/held-log.ts";
import { loadOutbox, waitingIn } from "../logs/outbox.ts";
import {
  isSameRead,
  organisationAsRead,
  organisationReading,
  passedOverNow,
  readCaseLog,
  readFrom,
} from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { caseRowOf, type CaseRow } from "./case-row.ts";
import { draftsOf, type Draft } from "./draft.ts";
import { ownDuePolicy } from "./due-policy.ts";
import {
  caseRoles,
  foldOpenedCase,
  nothingOpened,
  openCaseReading,
  shreddedCase,
  type FoldedCase,
  type OpenedCase,
  type OwnHand,
} from "./opened-case.ts";
import { openSnapshot } from "./snapshot.ts";

/** Nothing for a log that this device does not hold, and before it knows who its person is. */
export const openCaseFile = async (unlocked: Unlocked, logId: LogId): Promise<FoldedCase | undefined> => {
  const log = await holdLog(unlocked, logId);
  const hand = await ownHand(unlocked);
  if (log?.logKind !== "case" || hand === undefined) return undefined;
  const opened = asInPart(log, await openedCaseOf(unlocked, log));
  return foldOpenedCase(opened, await draftsOf(unlocked, logId), hand);
};

/**
 * Of a case that was spoiled here not all is back, or there was no room for all of it: it is said beside, because what is kept of the case
 * says what it holds.
 */
const asInPart = ({ record }: HeldLog, opened: OpenedCase): OpenedCase => {
  if (opened.isShredded || record.newerLeft === undefined)
    return record.isMending ? { ...opened, isBehind: true } : opened;
  return { ...opened, isBehind: true, waitsForOrganisation: true };
};

/** As it is, or as it would be when log and outbox stand so. */
export const openedCaseOf = async (
  unlocked: Unlocked,
  log: HeldLog,
  outbox?: readonly Waiting[],
): Promise<OpenedCase> => {
  if (log.record.isShredded) return shreddedCase;
  const waiting = waitingIn(outbox ?? (await loadOutbox(unlocked)), log.logId);
  const from = readFrom(log, waiting, await organisationAsRead(unlocked));
  const known = unlocked.desk.openedCases.get(log.logId);
  const isKnown = known !== undefined && isSameRead(known.from, from);
  if (isKnown && !known.opened.waitsForOrganisation) return known.opened;
  const kept = await openSnapshot(unlocked, log.logId, from);
  const opened = kept ?? (await openedByReading(unlocked, log, waiting));
  unlocked.desk.openedCases.set(log.logId, { from, opened });
  return opened;
};

const openedByReading = async (unlocked: Unlocked, log: HeldLog, waiting: readonly Waiting[]): Promise<OpenedCase> => {
  const organisation = await organisationReading(unlocked);
  const reading = await readCaseLog(unlocked, log, waiting);
  // Before the organisation is known nothing can be opened; once it is, everything is opened again.
  return organisation === undefined || reading === undefined
    ? { ...nothingOpened, waitsForOrganisation: true }
    : openCaseReading(reading, organisation);
};

/** Asked beside each case: it is no property of the case, and changes without it. */
export const areEntriesUnread = ({ unreadable }: OrganisationReading): boolean => unreadable.length > 0;

/** Nothing before the organisation's log says who this person is. */
export const ownHand = async (unlocked: Unlocked): Promise<OwnHand | undefined> => {
  const organisation = await organisationReading(unlocked);
  const person = organisation?.current.personByKeyEver.get(unlocked.own.identityKey.keyId)?.person;
  if (organisation === undefined || person === undefined) return undefined;
  return { person, device: unlocked.deviceVault().device, roles: ownRoles(unlocked, organisation) };
};

/** None for somebody who has left, or whose key was replaced. */
const ownRoles = ({ own }: Unlocked, { current }: OrganisationReading): readonly CaseRole[] => {
  const present = presentPersonOf(current, own.identityKey.keyId);
  return present === undefined ? [] : caseRoles(present.roles);
};

/** The row of a case as it would stand with this log, outbox and these drafts. */
export const rowFor = async (
  unlocked: Unlocked,
  log: HeldLog,
  outbox: readonly Waiting[],
  drafts: readonly Draft[],
): Promise<CaseRow | undefined> => {
  const hand = await ownHand(unlocked);
  if (hand === undefined) return undefined;
  const folded = foldOpenedCase(asInPart(log, await openedCaseOf(unlocked, log, outbox)), drafts, hand);
  const seenAt = firstSeenIn(log);
  const waiting = waitingIn(outbox, log.logId).length;
  const policy = await ownDuePolicy(unlocked);
  return caseRowOf(log.logId, folded, {
    now: unlocked.now(),
    policy,
    waiting,
    firstSeenAt: (entry) => seenAt.get(entry),
    guidance: unlocked.ports.guidance,
    passedOver: await passedOverNow(unlocked),
  });
};
