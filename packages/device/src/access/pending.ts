/**
 * Carries out the changes of access that wait: each one control entry, made on what is newest, until the server has it.
 *
 * Each can be tried again at any point: what is so already is not done twice. One that is refused stays, says why, and
 * keeps back no other.
 */

import { assert, err, exhausted, ok, type Result } from "@amana/kernel";
import type { WireError } from "@amana/sync";
import {
  areTwoPersons,
  encodeWrap,
  presentPersonOf,
  presentSupervisors,
  writeCaseControlEvent,
  type CaseControlEvent,
  type CaseReading,
  type OrganisationReading,
  type PersonId,
} from "@amana/vault";
import { equalBytes, scopeOfConfirmation, scopeOfProposal, toHex, type EntryHash, type LogId } from "@amana/log";
import { loadRows } from "../case/refresh.ts";
import { appendControl, type AppendError, type ControlMade, type ControlStanding } from "../logs/append-control.ts";
import { endsExchange } from "../logs/ends-exchange.ts";
import { holdLog } from "../logs/held-log.ts";
import { caseReading, organisationReading } from "../logs/read.ts";
import { sendWraps } from "../logs/send-wraps.ts";
import type { Unlocked } from "../unlocked.ts";
import { keepBackupDate } from "./backup-dates.ts";
import { beginTogether } from "./begin-together.ts";
import { makeEpoch, worthlessSince, wrapsFor, type EpochError } from "./begin-epoch.ts";
import { authorOf, erasuresIn, isAdopted } from "./control-acts.ts";
import { forgetShreddedCase } from "./forget-shredded.ts";
import { pendingChangesMax, readPending, writePending } from "./pending-record.ts";
import type { AccessChange, PendingChange } from "./pending-record.ts";
import {
  membershipFor,
  newcomersOf,
  presentReaders,
  readersOf,
  waitsForEpoch,
  withoutReader,
  withReader,
} from "./readers.ts";
import { makeShreddingTold } from "./tell-shredding.ts";
import { nextWaitingNumber } from "./waiting-numbers.ts";

export type AccessError =
  | EpochError
  /** Nothing of this case is here yet. */
  | { readonly type: "CaseUnknown" }
  /** No such proposal stands, or this person made it. */
  | { readonly type: "NotToConfirm" }
  /** One of the two has brought the other, and nobody else has met them yet: they count as one. */
  | { readonly type: "NotTwoPersons" }
  /** Only a supervisor leaves entries unread, and never their own. */
  | { readonly type: "NotToLeaveUnread" }
  /** Who reads was changed last by an entry that cannot be read here: somebody passes over it first. */
  | { readonly type: "EpochUnread" }
  /** Without these entries something stood again that is less careful: it is recorded anew first (G-CONS-2). */
  | { readonly type: "WouldBeLessCareful" }
  | { readonly type: "TooManyWaiting" };

type AlreadySo = { readonly type: "AlreadySo" };
/** Somebody has given it up since it was this one's turn. */
type CalledOff = { readonly type: "CalledOff" };

/** Durable when it answers; carried out with the next sync. */
export const addPending = (
  unlocked: Unlocked,
  logId: LogId,
  change: AccessChange,
): Promise<Result<number, AccessError>> =>
  unlocked.inTurn(async () => {
    const list = await readPending(unlocked);
    if (list.length >= pendingChangesMax) return err({ type: "TooManyWaiting" });
    const number = nextWaitingNumber(unlocked, list);
    await unlocked.ports.store.write(
      await writePending(unlocked, [...list, { number, logId, change, refusedAs: undefined }]),
    );
    // Whoever shows what waits reads it again.
    unlocked.desk.changed([]);
    return ok(number);
  });

export const listPending = (unlocked: Unlocked): Promise<readonly PendingChange[]> =>
  unlocked.inTurn(() => readPending(unlocked));

/** Somebody gives up on a change that cannot be carried out. */
export const dropPending = (unlocked: Unlocked, number: number): Promise<void> =>
  rewrite(unlocked, (list) => list.filter((each) => each.number !== number));

/**
 * All that wait, in order; called with each sync, before drafts are sealed. Stops where the server cannot be reached. What it refuses now
 * and may take another time waits on, keeps back no other, and is what is answered.
 */
export const carryOutPending = async (unlocked: Unlocked): Promise<Result<undefined, WireError>> => {
  const begun = await beginOpened(unlocked);
  if (!begun.ok) return begun;
  let refusedNow: WireError | undefined;
  for (const pending of await listPending(unlocked)) {
    const carried = await carryOut(unlocked, pending);
    if (carried.ok) await dropPending(unlocked, pending.number);
    else if (!isPassing(carried.error)) await markRefused(unlocked, pending.number, nameOf(carried.error));
    else if (endsExchange(carried.error)) return err(carried.error);
    else refusedNow ??= carried.error;
  }
  await forgetShredded(unlocked);
  return refusedNow === undefined ? ok(undefined) : err(refusedNow);
};

/** A single one needs no request of its own kind. */
const openedMin = 2;

/** Cases that were opened here, together; what is not begun by that is carried out alone. */
const beginOpened = async (unlocked: Unlocked): Promise<Result<undefined, WireError>> => {
  const pending = await listPending(unlocked);
  const opened = pending.filter(({ change, refusedAs }) => change.kind === "open" && refusedAs === undefined);
  if (opened.length < openedMin) return ok(undefined);
  const changes = new Map(opened.map(({ logId, change }) => [logId, change]));
  return beginTogether(unlocked, [...changes.keys()], async (standing, logId) => {
    const change = changes.get(logId);
    assert(change !== undefined, "A case was to be begun that nobody has opened.");
    return makeChange(unlocked, standing, change);
  });
};

/** What two people have agreed to destroy is destroyed here as well, whoever they were. */
const forgetShredded = async (unlocked: Unlocked): Promise<void> => {
  const { desk } = unlocked;
  const pending = await listPending(unlocked);
  const rows = await unlocked.inTurn(() => loadRows(unlocked));
  for (const { logId, stage } of rows.values()) {
    if (stage !== "shredded" || desk.forgotten.has(logId)) continue;
    // While this device itself has yet to tell the server, it still needs to know what was confirmed.
    const isToTell = pending.some((each) => isStillToTell(each, logId));
    if (!isToTell && (await forgetShreddedCase(unlocked, logId))) desk.forgotten.add(logId);
  }
};

const isStillToTell = ({ logId, change, refusedAs }: PendingChange, asked: LogId): boolean =>
  logId === asked && change.kind === "confirm-erasure" && refusedAs === undefined;

/**
 * Called before drafts of a case are sealed: a case whose readers have changed begins a new epoch first, so that whoever
 * has left reads nothing written after. While it cannot, nothing is sealed.
 */
export const renewIfWaiting = async (
  unlocked: Unlocked,
  logId: LogId,
): Promise<Result<undefined, AccessError | AppendError>> => {
  const isWaiting = await unlocked.inTurn(async () => isCaseWaiting(unlocked, await caseReading(unlocked, logId)));
  if (!isWaiting) return ok(undefined);
  const known = (await listPending(unlocked)).find((each) => each.logId === logId && each.change.kind === "renew");
  const number = known === undefined ? await addPending(unlocked, logId, { kind: "renew" }) : ok(known.number);
  if (!number.ok) return number;
  const carried = await carryOut(unlocked, {
    number: number.value,
    logId,
    change: { kind: "renew" },
    refusedAs: undefined,
  });
  if (carried.ok) await dropPending(unlocked, number.value);
  return carried;
};

export const isCaseWaiting = async (unlocked: Unlocked, reading: CaseReading | undefined): Promise<boolean> => {
  const organisation = await organisationReading(unlocked);
  return organisation !== undefined && reading !== undefined && isToRenew(unlocked, organisation, reading);
};

/** Also where somebody without authority would have begun an epoch: colleagues who cannot tell go on once a supervisor has named it. */
const isToRenew = ({ own }: Unlocked, organisation: OrganisationReading, reading: CaseReading): boolean => {
  const epoch = reading.epochs.at(-1);
  if (epoch === undefined) return false;
  const isSupervisor = presentPersonOf(organisation.current, own.identityKey.keyId)?.roles.has("supervisor") === true;
  return waitsForEpoch(epoch, organisation) || (isSupervisor && worthlessSince(reading).length > 0);
};

const rewrite = (
  unlocked: Unlocked,
  change: (list: readonly PendingChange[]) => readonly PendingChange[],
): Promise<void> =>
  unlocked.inTurn(async () => {
    await unlocked.ports.store.write(await writePending(unlocked, change(await readPending(unlocked))));
  });

const markRefused = (unlocked: Unlocked, number: number, refusedAs: string): Promise<void> =>
  rewrite(unlocked, (list) => list.map((each) => (each.number === number ? { ...each, refusedAs } : each)));

/** Another time it may be possible; everything else will be the same tomorrow. */
export const isPassing = (error: { readonly type: string }): error is WireError =>
  error.type === "Unreachable" || (isRefusal(error) && !["NotForYou", "NotUnderstood"].includes(error.code));

const isRefusal = (error: { readonly type: string }): error is Extract<WireError, { readonly type: "Refused" }> =>
  error.type === "Refused";

const nameOf = (error: AccessError | AppendError): string => (error.type === "Refused" ? error.code : error.type);

const carryOut = async (
  unlocked: Unlocked,
  { number, logId, change }: PendingChange,
): Promise<Result<undefined, AccessError | AppendError>> => {
  const appended = await appendControl<AccessError | AlreadySo | CalledOff>(unlocked, logId, async (standing) =>
    (await isStillWanted(unlocked, number)) ? makeChange(unlocked, standing, change) : err({ type: "CalledOff" }),
  );
  if (!appended.ok) {
    const { error } = appended;
    if (error.type === "CalledOff") return ok(undefined);
    if (error.type !== "AlreadySo") return err(error);
  }
  switch (change.kind) {
    case "confirm-erasure":
      return destroy(unlocked, logId, change.proposal);
    case "adopt":
    case "leave-unread":
    case "propose-erasure":
      return ok(undefined);
    default:
      return sendEarlierKeys(unlocked, logId);
  }
};

const isStillWanted = async (unlocked: Unlocked, number: number): Promise<boolean> =>
  (await readPending(unlocked)).some((each) => each.number === number);

const makeChange = async (
  unlocked: Unlocked,
  standing: ControlStanding,
  change: AccessChange,
): Promise<Result<ControlMade, AccessError | AlreadySo>> => {
  const { reading } = standing;
  if (reading === undefined) return err({ type: "CaseUnknown" });
  const epoch = reading.epochs.at(-1);
  const person = standing.organisation.current.personByKeyEver.get(unlocked.own.identityKey.keyId)?.person;
  if (change.kind === "open") return openFirst(unlocked, standing, reading.epochs, change);
  if (epoch === undefined) return err({ type: "CaseUnknown" });
  const { current } = standing.organisation;
  const readers = presentReaders(readersOf(epoch), current);
  const isWaiting = isToRenew(unlocked, standing.organisation, reading);
  // An epoch after one that is not known would take back what that one changed. A person says so, not a program.
  const { unreadEpochs: over } = reading;
  if (over.length > 0 && change.kind !== "pass-over") return err({ type: "EpochUnread" });
  switch (change.kind) {
    case "give":
    case "take": {
      const wanted = (change.kind === "give" ? withReader : withoutReader)(readers, change.reader);
      if (wanted.length === readers.length && !isWaiting) return err({ type: "AlreadySo" });
      return makeEpoch(unlocked, standing, { readers: wanted, reason: change.kind });
    }
    case "renew":
      if (!isWaiting) return err({ type: "AlreadySo" });
      return makeEpoch(unlocked, standing, { readers, reason: "renew" });
    case "pass-over":
      if (over.length === 0) return err({ type: "AlreadySo" });
      return makeEpoch(unlocked, standing, { readers, reason: "renew", over });
    case "adopt":
      if (isAdopted(reading, change.entries)) return err({ type: "AlreadySo" });
      return ok(oneEvent({ type: "Adopted", entries: change.entries }));
    case "leave-unread":
      return leaveUnread(standing, reading, change.entries, person);
    case "propose-erasure": {
      const isProposed = erasuresIn(reading).some(
        ({ entries, proposedBy }) => proposedBy === person && entries.join() === change.entries.join(),
      );
      return isProposed
        ? err({ type: "AlreadySo" })
        : ok({
            ...oneEvent({ type: "ErasureProposed", entries: change.entries }),
            destroys: scopeOfProposal({ logId: standing.log.logId, entries: change.entries }),
          });
    }
    case "confirm-erasure":
      return confirmErasure(standing, reading, change.proposal, person);
    default:
      return exhausted(change);
  }
};

const confirmErasure = (
  { log: { logId }, organisation: { current } }: ControlStanding,
  reading: CaseReading,
  proposal: EntryHash,
  person: PersonId | undefined,
): Result<ControlMade, AccessError | AlreadySo> => {
  const erasure = erasuresIn(reading).find((each) => each.proposal === proposal);
  if (erasure === undefined || erasure.proposedBy === person) return err({ type: "NotToConfirm" });
  const scope = { logId, entries: erasure.entries };
  // Whose header says something else than its body asks for something else than it shows.
  const destroys = reading.history.held.get(proposal)?.entry.header.destroys;
  if (destroys === undefined || !equalBytes(destroys, scopeOfProposal(scope))) return err({ type: "NotToConfirm" });
  if (erasure.confirmation !== undefined) return err({ type: "AlreadySo" });
  if (person === undefined || !areTwoPersons(current, erasure.proposedBy, person))
    return err({ type: "NotTwoPersons" });
  const made = oneEvent({ type: "ErasureConfirmed", proposal });
  return ok({ ...made, destroys: scopeOfConfirmation(scope, proposal) });
};

const leaveUnread = (
  { organisation: { current } }: ControlStanding,
  { leftUnread, history }: CaseReading,
  entries: readonly EntryHash[],
  person: PersonId | undefined,
): Result<ControlMade, AccessError | AlreadySo> => {
  if (entries.every((hash) => leftUnread.has(hash))) return err({ type: "AlreadySo" });
  const isOwn = entries.some((hash) => authorOf(history, current, hash) === person);
  const isSupervisor = presentSupervisors(current).some(({ id }) => id === person);
  return isOwn || !isSupervisor ? err({ type: "NotToLeaveUnread" }) : ok(oneEvent({ type: "LeftUnread", entries }));
};

/** The case key was made when the case was opened, and is the only one this log has. */
const openFirst = (
  unlocked: Unlocked,
  standing: ControlStanding,
  epochs: CaseReading["epochs"],
  { readers }: AccessChange & { readonly kind: "open" },
): Promise<Result<ControlMade, AccessError | AlreadySo>> | Result<never, AlreadySo> => {
  if (epochs.length > 0) return err({ type: "AlreadySo" });
  const [caseKey] = standing.log.record.keys.values();
  assert(caseKey !== undefined, "A case was opened on this device, and its key is not here.");
  // Somebody may have left since it was opened on this device.
  const present = presentReaders(readers, standing.organisation.current);
  return makeEpoch(unlocked, standing, { readers: present, reason: "open", caseKey });
};

const oneEvent = (event: CaseControlEvent): ControlMade => ({
  events: [writeCaseControlEvent(event)],
  begins: undefined,
  wraps: [],
  serving: undefined,
  organisation: undefined,
});

/** Whoever reads from the last epoch on and did not before is sent the keys of all that was. */
const sendEarlierKeys = async (unlocked: Unlocked, logId: LogId): Promise<Result<undefined, AppendError>> => {
  const wraps = await unlocked.inTurn(() => earlierWraps(unlocked, logId));
  return sendWraps(unlocked, logId, wraps);
};

const earlierWraps = async (unlocked: Unlocked, logId: LogId): Promise<readonly ReturnType<typeof encodeWrap>[]> => {
  const log = await holdLog(unlocked, logId);
  const reading = await caseReading(unlocked, logId);
  const organisation = await organisationReading(unlocked);
  const last = reading?.epochs.at(-1);
  assert(log !== undefined && organisation !== undefined, "A log was let go of while its readers were changed.");
  assert(reading !== undefined && last !== undefined, "The readers of a case were changed that has never begun.");
  const newcomers = newcomersOf(reading.epochs);
  const readers = presentReaders(readersOf(last), organisation.current);
  const recipients = membershipFor(readers, organisation).recipients.filter(({ keyId }) => newcomers.has(keyId));
  const wraps = [];
  for (const { keyCommitment } of reading.epochs.slice(0, -1)) {
    const caseKey = log.record.keys.get(toHex(keyCommitment));
    if (caseKey !== undefined) wraps.push(...(await wrapsFor(unlocked, logId, caseKey, recipients)));
  }
  return wraps.map(encodeWrap);
};

/** What two people have agreed on is done by the server, and by each device for itself. */
const destroy = async (
  unlocked: Unlocked,
  logId: LogId,
  proposal: Parameters<typeof confirmedErasure>[2],
): Promise<Result<undefined, AccessError | AppendError>> => {
  const erasure = await unlocked.inTurn(() => confirmedErasure(unlocked, logId, proposal));
  assert(erasure?.confirmation !== undefined, "An erasure was confirmed, and its confirmation is not held.");
  const { confirmation, entries } = erasure;
  const told = entries.length > 0 ? ok(undefined) : await tellShredding(unlocked, logId, proposal);
  if (!told.ok) return told;
  const answer =
    entries.length === 0
      ? await unlocked.ask("shred", { logId, proposal, confirmation })
      : await unlocked.ask("erase", { logId, proposal, confirmation, entries });
  if (!answer.ok) return answer;
  const { goneFromBackupsAt } = answer.value;
  await unlocked.inTurn(() => keepBackupDate(unlocked, { logId, proposal, goneFromBackupsAt }));
  return ok(undefined);
};

/** What cannot be told keeps back no shredding, but where the server cannot be reached: then both are tried again. */
const tellShredding = async (
  unlocked: Unlocked,
  logId: LogId,
  proposal: EntryHash,
): Promise<Result<undefined, WireError>> => {
  const told = await appendControl(unlocked, logId, (standing) => makeShreddingTold(unlocked, standing, proposal));
  if (told.ok || told.error.type === "AlreadySo" || !isPassing(told.error)) return ok(undefined);
  return err(told.error);
};

const confirmedErasure = async (
  unlocked: Unlocked,
  logId: LogId,
  proposal: ReturnType<typeof erasuresIn>[number]["proposal"],
): Promise<ReturnType<typeof erasuresIn>[number] | undefined> => {
  const reading = await caseReading(unlocked, logId);
  assert(reading !== undefined, "A log was let go of while an erasure in it was confirmed.");
  return erasuresIn(reading).find((each) => each.proposal === proposal);
};
