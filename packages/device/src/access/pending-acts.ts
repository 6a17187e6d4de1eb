/**
 * Acts in the organisation that wait for the network, and carrying them out: in the order in which they were decided, each
 * judged by the organisation as it is by then.
 *
 * What was decided is durable before anything is tried. Nothing is sealed while there is no line, so that it can be called off.
 * Each is carried out once: its entry is noted in the batch that makes it ready to be sent, and where that entry is in the log
 * the act is done, whatever a colleague has said since.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import { equalBytes, type EntryHash } from "@amana/log";
import type { WireError } from "@amana/sync";
import {
  evolveOrganisation,
  presentPersonOf,
  readOrganisationEvent,
  writeOrganisationEvent,
  type Organisation,
  type OrganisationReading,
} from "@amana/vault";
import { catchUpWith, finishAppending } from "../logs/append-control.ts";
import { appendingIn } from "../logs/appending.ts";
import { holdOrganisation, type HeldLog } from "../logs/held-log.ts";
import { organisationReading } from "../logs/read.ts";
import type { StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import type { Replacing } from "./directory.ts";
import { actInOrganisation, anyHash, isAlreadySo, type ActError, type Acted, type Beside } from "./organisation-act.ts";
import { pendingActsMax, readPendingActs, writePendingActs, type PendingAct } from "./pending-act-record.ts";
import { isPassing } from "./pending.ts";
import { confirmProposal } from "./people.ts";
import { formTeam, replaceTeamKey } from "./teams.ts";
import { nextWaitingNumber } from "./waiting-numbers.ts";
import {
  eventsOf,
  isAboutTheSame,
  standingProvider,
  standingUnder,
  withPlainName,
  type WantedAct,
} from "./wanted-act.ts";
import { whyNot, type WhyNot } from "./why-not.ts";

export type ActRefused =
  | ActError
  | WhyNot
  /** A name or a listing that nobody could read as it was meant. */
  | { readonly type: "NameNotUsable" | "ListingNotUsable" }
  /** Nobody sends themselves away. */
  | { readonly type: "NotOneself" }
  | { readonly type: "TooManyWaiting" };

/** `pending`: nothing of it is so; it waits for the network, here. */
export type ActedOrPending = Acted | { readonly entry: undefined; readonly stands: "pending" };

/** Durable when it answers. Carried out at once where the server can be reached, and with the next sync otherwise. */
export const actOrWait = async (
  unlocked: Unlocked,
  act: WantedAct,
  replacing?: Replacing,
): Promise<Result<ActedOrPending, ActRefused>> => {
  const number = await unlocked.inTurn(() => keepAct(unlocked, withPlainName(act), replacing));
  if (!number.ok) return number;
  const outcome = await outcomeOf(unlocked, number.value);
  // Whoever asked is told at once, and need not find it among what waits.
  if (outcome?.ok === false) await rewrite(unlocked, without(number.value));
  if (outcome !== undefined) return outcome;
  const isWaiting = (await unlocked.inTurn(() => readPendingActs(unlocked))).some(isNumber(number.value));
  if (isWaiting) tellScreens(unlocked);
  return ok({ entry: undefined, stands: isWaiting ? "pending" : "already" });
};

export type PendingActView = PendingAct & {
  /** It was sent, and there is no answer: whether it is done nobody knows here, and it cannot be called off. */
  readonly isOnItsWay: boolean;
};

/** What is done is not among them, from the moment its entry is here. */
export const listPendingActs = (unlocked: Unlocked): Promise<readonly PendingActView[]> =>
  unlocked.inTurn(async () => {
    const log = await holdOrganisation(unlocked);
    return (await readPendingActs(unlocked))
      .filter((each) => !isDone(each, log))
      .map((each) => ({ ...each, isOnItsWay: isOnItsWay(each, log) }));
  });

/** Called off, or seen after it was refused. */
export const dropPendingAct = (
  unlocked: Unlocked,
  number: number,
): Promise<Result<undefined, { readonly type: "OnItsWay" }>> =>
  unlocked.inTurn(async () => {
    const list = await readPendingActs(unlocked);
    const log = await holdOrganisation(unlocked);
    const isTooLate = list.some((each) => each.number === number && (isDone(each, log) || isOnItsWay(each, log)));
    if (isTooLate) return err({ type: "OnItsWay" });
    await write(unlocked, without(number)(list));
    tellScreens(unlocked);
    return ok(undefined);
  });

const isDone = ({ sentAs }: PendingAct, log: HeldLog | undefined): boolean =>
  sentAs !== undefined && log?.hashes.has(sentAs) === true;

const isOnItsWay = ({ sentAs, refusedAs }: PendingAct, log: HeldLog | undefined): boolean => {
  if (sentAs === undefined || refusedAs !== undefined || log === undefined) return false;
  return appendingIn(log.record)?.hash === sentAs;
};

/** Whoever shows what waits reads it again. */
const tellScreens = ({ desk }: Unlocked): void => desk.changed([]);

export type ActOutcome = Result<Acted, ActRefused>;

/** Whoever carries it out: a turn that began before, of a sync or for what was decided beside it, takes it along. */
const outcomeOf = async (unlocked: Unlocked, number: number): Promise<ActOutcome | undefined> => {
  const { actOutcomes } = unlocked.desk;
  await carryOutActs(unlocked);
  const outcome = actOutcomes.get(number);
  actOutcomes.delete(number);
  return outcome;
};

/** All that wait, in order. With each sync, and with each new one. Gives why the rest was not tried. */
export const carryOutActs = (unlocked: Unlocked): Promise<WireError | undefined> =>
  unlocked.desk.inActTurn(async () => {
    const { actOutcomes } = unlocked.desk;
    const list = await unlocked.inTurn(() => readPendingActs(unlocked));
    const numbers = list.flatMap(({ number, refusedAs }) => (refusedAs === undefined ? [number] : []));
    const stoppedBy = numbers.length === 0 ? undefined : await catchUp(unlocked);
    if (stoppedBy !== undefined) return stoppedBy;
    for (const number of numbers) {
      const outcome = await carryOut(unlocked, number);
      if (!outcome.ok && isPassing(outcome.error)) return outcome.error;
      // What holds this one up holds up all: they are of one log.
      if (!outcome.ok && heldUpBy.includes(outcome.error.type)) break;
      if (actOutcomes.has(number)) actOutcomes.set(number, outcome);
      await rewrite(unlocked, outcome.ok ? without(number) : refused(number, nameOf(outcome.error)));
    }
    return undefined;
  });

const takesOut: readonly WantedAct["type"][] = ["PersonLeft", "RoleTaken", "ReplaceTeamKey", "Confirmed"];

/** It waits that somebody reads no more, who does still: what is sent meanwhile would be theirs to read. */
export const isSomebodyToGo = (unlocked: Unlocked): Promise<boolean> =>
  unlocked.inTurn(async () =>
    (await readPendingActs(unlocked)).some(
      ({ act, refusedAs }) => refusedAs === undefined && takesOut.includes(act.type),
    ),
  );

/** None of these says anything of the act. */
const heldUpBy: readonly string[] = ["OutrunByOthers", "UpdateFirst", "ServerContradicts"];

const nameOf = (error: ActRefused): string => (error.type === "Refused" ? error.code : error.type);

/** Nothing is made ready to be sent before the server has answered, and what it has is here. */
const catchUp = async (unlocked: Unlocked): Promise<WireError | undefined> => {
  const logId = unlocked.organisation()?.logId;
  assert(logId !== undefined, "Something waits for an organisation that this device has not met.");
  const finished = await finishAppending(unlocked, logId);
  if (!finished.ok && isPassing(finished.error)) return finished.error;
  const caughtUp = await catchUpWith(unlocked, logId);
  return caughtUp.ok ? undefined : caughtUp.error;
};

const carryOut = async (unlocked: Unlocked, number: number): Promise<ActOutcome> => {
  const pending = (await unlocked.inTurn(() => readPendingActs(unlocked))).find(isNumber(number));
  if (pending === undefined) return ok({ entry: undefined, stands: "already" });
  const { act, over } = pending;
  const outcome = await perform(unlocked, act, {
    isStillMeant: (current) => equalBytes(standingUnder(current, act), over),
    once: {
      isToDo: async (log) => isToDo((await readPendingActs(unlocked)).find(isNumber(number)), log),
      noted: (entry) => noteEntry(unlocked, number, entry),
    },
  });
  if (outcome.ok || outcome.error.type !== "NotAllowed") return outcome;
  return err((await unlocked.inTurn(() => whyNotNow(unlocked, act))) ?? outcome.error);
};

const isToDo = (pending: PendingAct | undefined, log: HeldLog): boolean =>
  pending !== undefined && !isDone(pending, log);

const noteEntry = async (unlocked: Unlocked, number: number, entry: EntryHash): Promise<readonly StoreChange[]> => {
  const list = await readPendingActs(unlocked);
  return writePendingActs(
    unlocked,
    list.map((each) => (each.number === number ? { ...each, sentAs: entry } : each)),
  );
};

const perform = (unlocked: Unlocked, act: WantedAct, beside: Beside): Promise<ActOutcome> => {
  switch (act.type) {
    case "FormTeam": {
      const { team, name, supervisors } = act;
      return formTeam(unlocked, team, supervisors, { ...beside, also: { type: "TeamNamed", team, name } });
    }
    case "ReplaceTeamKey":
      return replaceTeamKey(unlocked, act.team, act.supervisors, beside);
    case "Confirmed":
      return confirmProposal(unlocked, act.proposal, beside);
    default:
      return actInOrganisation(unlocked, act, beside);
  }
};

/** Called in turn. What this device knows to be impossible is refused before it waits. */
const keepAct = async (
  unlocked: Unlocked,
  act: WantedAct,
  replacing: Replacing | undefined,
): Promise<Result<number, ActRefused>> => {
  const reading = await organisationReading(unlocked);
  if (reading === undefined) return err({ type: "OrganisationUnknown" });
  const unusable = await unusableIn(act);
  if (unusable !== undefined) return err(unusable);
  const reason = await whyNotNow(unlocked, act);
  if (reason !== undefined) return err(reason);
  const list = await readPendingActs(unlocked);
  const others = list.filter((each) => !isReplaced(each, act));
  if (others.length >= pendingActsMax) return err({ type: "TooManyWaiting" });
  const { actOutcomes } = unlocked.desk;
  const number = nextWaitingNumber(unlocked, list);
  const over = replacing === undefined ? standingUnder(reading.current, act) : standingProvider(replacing.replaces);
  const pending = { number, act, askedAt: unlocked.now(), over, sentAs: undefined, refusedAs: undefined };
  await write(unlocked, [...others, pending]);
  actOutcomes.set(number, undefined);
  return ok(number);
};

const isReplaced = (pending: PendingAct, act: WantedAct): boolean =>
  isAboutTheSame(pending.act, act) && (pending.sentAs === undefined || pending.refusedAs !== undefined);

const unusableIn = async (act: WantedAct): Promise<ActRefused | undefined> => {
  if (act.type === "ReplaceTeamKey") return undefined;
  const { type } = act;
  const event = type === "FormTeam" ? ({ type: "TeamNamed", team: act.team, name: act.name } as const) : act;
  if ((await readOrganisationEvent(writeOrganisationEvent(event))) !== undefined) return undefined;
  return { type: event.type === "PersonNamed" || event.type === "TeamNamed" ? "NameNotUsable" : "ListingNotUsable" };
};

/** Called in turn. Nothing where it counts, or is so already. */
const whyNotNow = async (unlocked: Unlocked, act: WantedAct): Promise<ActRefused | undefined> => {
  const reading = await organisationReading(unlocked);
  let before = reading === undefined ? undefined : judgingOf(reading, act);
  const me = before === undefined ? undefined : presentPersonOf(before, unlocked.own.identityKey.keyId);
  if (before === undefined || me === undefined) return { type: "OrganisationUnknown" };
  if (act.type === "PersonLeft" && act.person === me.id) return { type: "NotOneself" };
  for (const event of eventsOf(act, me)) {
    if (isAlreadySo(unlocked, before, event)) continue;
    const reason = whyNot(before, event, me);
    if (reason !== undefined) return reason;
    before = evolveOrganisation(before, { hash: anyHash, event, by: me });
  }
  return undefined;
};

/** Going on over an epoch is judged by the organisation as it was before it. */
const judgingOf = ({ current, passings }: OrganisationReading, act: WantedAct): Organisation =>
  act.type === "Confirmed" ? (passings.get(act.proposal)?.organisation ?? current) : current;

type Rewriting = (list: readonly PendingAct[]) => readonly PendingAct[];

const isNumber =
  (number: number) =>
  (each: PendingAct): boolean =>
    each.number === number;

const without =
  (number: number): Rewriting =>
  (list) =>
    list.filter((each) => each.number !== number);

const refused =
  (number: number, refusedAs: string): Rewriting =>
  (list) =>
    list.map((each) => (each.number === number ? { ...each, refusedAs } : each));

const rewrite = async (unlocked: Unlocked, change: Rewriting): Promise<void> => {
  await unlocked.inTurn(async () => write(unlocked, change(await readPendingActs(unlocked))));
  tellScreens(unlocked);
};

/** Called in turn. */
const write = async (unlocked: Unlocked, list: readonly PendingAct[]): Promise<void> => {
  const changes = [...(await writePendingActs(unlocked, list)), ...(await unlocked.floorChanges())];
  await unlocked.ports.store.write(changes);
};
