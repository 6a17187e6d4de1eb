/**
 * Opening a case: its log and its first key are made at once, with or without the network. The first control entry waits
 * to be sent before anything else of the case is.
 *
 * A case that only one person could open is not begun.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import { logIdBytes, logIdOf, toHex, type LogId } from "@amana/log";
import { commitTo, makeCaseKey, openersMin, openersOf, presentPersonOf, presentSupervisors } from "@amana/vault";
import type { Organisation, PersonId } from "@amana/vault";
import { newLog, type HeldLog } from "../logs/held-log.ts";
import { organisationReading } from "../logs/read.ts";
import type { StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import type { EpochError } from "./begin-epoch.ts";
import { pendingChangesMax, readPending, writePending } from "./pending-record.ts";
import { keyOfReader, membershipFor, withReader, type Reader } from "./readers.ts";
import { nextWaitingNumber } from "./waiting-numbers.ts";

export type NewCase = {
  readonly logId: LogId;
  /** With its case key; nothing of it is on the server yet. */
  readonly log: HeldLog;
  /** To be written in one batch with the log and with what is told first. */
  readonly changes: readonly StoreChange[];
};

export type NewCaseError =
  | EpochError
  | { readonly type: "TooManyWaiting" }
  /** The organisation has not confirmed this person yet, or this device has not met its log. */
  | { readonly type: "OrganisationUnknown" };

/** Called in turn. Without readers: this person and their teams, or in an organisation without teams its supervisors. */
export const prepareCase = async (
  unlocked: Unlocked,
  wanted?: readonly Reader[],
): Promise<Result<NewCase, NewCaseError>> => {
  const reading = await organisationReading(unlocked);
  if (reading === undefined) return err({ type: "OrganisationUnknown" });
  const { current } = reading;
  const author = presentPersonOf(current, unlocked.own.identityKey.keyId);
  if (author === undefined) return err({ type: "OrganisationUnknown" });
  const readers = withReader(wanted ?? usualReaders(current, author.id), { kind: "person", person: author.id });
  const openers = openersOf(membershipFor(readers, reading).members, current);
  if (openers === undefined || readers.some((reader) => keyOfReader(reader, current) === undefined))
    return err({ type: "ReaderUnknown" });
  if (openers.size < openersMin) return err({ type: "SecondOpenerMissing" });
  const list = await readPending(unlocked);
  if (list.length >= pendingChangesMax) return err({ type: "TooManyWaiting" });
  const logId = logIdOf(unlocked.ports.randomness(logIdBytes));
  assert(logId !== undefined, "Randomness gave another length than it was asked for.");
  const caseKey = makeCaseKey(unlocked.ports.randomness);
  const log = newLog(logId, "case", new Map([[toHex(await commitTo(caseKey, logId)), caseKey]]));
  const opening = {
    number: nextWaitingNumber(unlocked, list),
    logId,
    change: { kind: "open", readers },
    refusedAs: undefined,
  } as const;
  return ok({ logId, log, changes: await writePending(unlocked, [...list, opening]) });
};

const usualReaders = (organisation: Organisation, person: PersonId): readonly Reader[] => {
  const own: Reader = { kind: "person", person };
  const teams = [...organisation.teams.values()].filter(
    ({ members, supervisors }) => members.has(person) || supervisors.has(person),
  );
  if (teams.length > 0) return [own, ...teams.map(({ id }): Reader => ({ kind: "team", team: id }))];
  const supervisors = presentSupervisors(organisation).map(({ id }): Reader => ({ kind: "person", person: id }));
  return supervisors.reduce(withReader, [own]);
};
