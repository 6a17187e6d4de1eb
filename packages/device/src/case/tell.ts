/**
 * Telling a case something: the command is decided on everything this device holds, its own drafts included, and what
 * follows is durable before the answer is given. No network is needed, and none is waited for.
 *
 * Called in turn.
 */

import {
  decide,
  isOpenWhileUnread,
  encodeEvent,
  type CaseCommand,
  type CaseError,
  type CaseEvent,
} from "@amana/casefile";
import { assert, err, ok, type Result } from "@amana/kernel";
import type { EntryHash, LogId } from "@amana/log";
import { encodeBody, hasCaseRole, type Organisation } from "@amana/vault";
import { commit, type LogChange } from "../commit.ts";
import { holdLog, type HeldLog } from "../logs/held-log.ts";
import { organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { adviceOn } from "./advice.ts";
import { draftChange, draftsOf, makeDraftName, renamed, sealedEventOf, type Draft } from "./draft.ts";
import { areEntriesUnread, openCaseFile, ownHand } from "./open-case.ts";
import { foldOpenedCase, nothingOpened, type FoldedCase, type OwnHand } from "./opened-case.ts";
import { resolvedNames } from "./seal-drafts.ts";

export type TellError =
  | CaseError
  /** The device holds no such case or no longer holds it, or does not know its own organisation yet. */
  | { readonly type: "CaseNotHeld" }
  /** The case holds something this device cannot read: what rests on consent, access or risk waits until it can. */
  | { readonly type: "UpdateFirst" }
  /** Longer than one entry can be. */
  | { readonly type: "TooLong" }
  /** More waits on this device than any day brings: sync first. */
  | { readonly type: "TooManyDrafts" };

/** Of one case. They are folded anew with each command. */
export const draftsPerCaseMax = 500;

export type Told = { readonly entry: EntryHash; readonly events: readonly CaseEvent[] };

export const tell = async (
  unlocked: Unlocked,
  logId: LogId,
  command: CaseCommand,
): Promise<Result<Told, TellError>> => {
  const log = await holdLog(unlocked, logId);
  const hand = await ownHand(unlocked);
  const folded = await openCaseFile(unlocked, logId);
  if (log === undefined || hand === undefined || folded === undefined) return err({ type: "CaseNotHeld" });
  if (folded.opened.isShredded) return err({ type: "CaseNotHeld" });
  const organisation = await organisationReading(unlocked);
  const isBehind = folded.opened.isBehind || (organisation !== undefined && areEntriesUnread(organisation));
  const named = renamed(command, resolvedNames(log.record.sealedAs));
  if (isBehind && !isOpenWhileUnread(named)) return err({ type: "UpdateFirst" });
  if (isForNobody(named, organisation?.current)) return err({ type: "NotThere" });
  const drafted = await draftOf(unlocked, log, folded, hand, named);
  if (!drafted.ok) return drafted;
  const { change, told } = drafted.value;
  await commit(unlocked, { logs: [change] });
  return ok(told);
};

/** A case that is offered to somebody who is not here, or carries none, would be nobody's. */
const isForNobody = (command: CaseCommand, organisation: Organisation | undefined): boolean => {
  if (command.type !== "OfferResponsibility") return false;
  const person = organisation?.people.get(command.to);
  return person === undefined || person.hasLeft || !hasCaseRole(person);
};

/**
 * The first command of a case whose log was only just made here: nothing is written yet, so that whoever opens the case
 * writes log, draft and who shall read it at once.
 */
export const tellNewCase = async (
  unlocked: Unlocked,
  log: HeldLog,
  command: CaseCommand,
): Promise<Result<{ readonly change: LogChange; readonly told: Told }, TellError>> => {
  const hand = await ownHand(unlocked);
  assert(hand !== undefined, "A case was opened before this device knew whose it is.");
  return draftOf(unlocked, log, foldOpenedCase(nothingOpened, [], hand), hand, command);
};

const draftOf = async (
  unlocked: Unlocked,
  log: HeldLog,
  folded: FoldedCase,
  hand: OwnHand,
  command: CaseCommand,
): Promise<Result<{ readonly change: LogChange; readonly told: Told }, TellError>> => {
  const { ports } = unlocked;
  const now = unlocked.now();
  const context = { now, actor: hand, advice: adviceOn(ports.guidance, folded.state, now) };
  const decision = decide(command, folded.state, context);
  if (!decision.ok) return decision;
  const drafts = await draftsOf(unlocked, log.logId);
  if (drafts.length >= draftsPerCaseMax) return err({ type: "TooManyDrafts" });
  const draft: Draft = {
    logId: log.logId,
    number: (drafts.at(-1)?.number ?? 0) + 1,
    name: makeDraftName(ports.randomness),
    recordedAt: now,
    heads: folded.heads,
    events: decision.value.map(encodeEvent),
  };
  const written = (await fitsEntry(unlocked, draft)) ? await draftChange(unlocked, draft) : undefined;
  if (written === undefined) return err({ type: "TooLong" });
  return ok({
    told: { entry: draft.name, events: decision.value },
    change: { log, changes: [written], drafts: [...drafts, draft] },
  });
};

/** Found out now, while the person can still write it in two. */
const fitsEntry = async ({ ports }: Unlocked, { recordedAt, events }: Draft): Promise<boolean> =>
  (await encodeBody({ recordedAt, events: events.map(sealedEventOf) }, ports.deflate)) !== undefined;
