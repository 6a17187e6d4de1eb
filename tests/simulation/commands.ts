/**
 * What people of a simulation want written down: any command of a caseworker's day, on the case as they see it. Some of
 * them are refused, which is as it should be; what is accepted must never be lost.
 *
 * Every text begins with a planted sentence and bears a number of its own, by which it is found again.
 */

import { later, type Instant } from "@amana/kernel";
import { isOpened, waitingProposals, type CaseCommand, type CaseState, type PersonId } from "@amana/casefile";
import {
  assessment,
  closeCase,
  consent,
  digitalItem,
  lawStep,
  recordFact,
  takedown,
  withdraw,
} from "../../packages/casefile/src/testing/commands.ts";
import { codeOf, dateOf, itemOf } from "../../packages/casefile/src/testing/people.ts";
import { waitingOffers } from "../../packages/casefile/src/responsibility/responsibility.ts";
import type { Chooser } from "./chooser.ts";
import { plantedSentences } from "./planted.ts";
import { whatFollows } from "./what-follows.ts";

/** Makes texts that are each their own: `sentence [n]`. */
export type Planter = { readonly plant: () => string; readonly last: () => string };

export const makePlanter = (chooser: Chooser): Planter => {
  let count = 0;
  let last = "";
  return {
    plant: () => {
      last = markOf(++count);
      return `${chooser.oneOf(...plantedSentences)} ${last}`;
    },
    last: () => last,
  };
};

const markOf = (count: number): string => `[${String(count)}]`;

export type Teller = {
  readonly chooser: Chooser;
  readonly planter: Planter;
  readonly state: CaseState;
  readonly now: Instant;
  readonly self: PersonId;
  /** Colleagues, and the teller: to whom a case may be offered. */
  readonly people: readonly PersonId[];
};

export const anyCommand = (teller: Teller): CaseCommand => {
  const { state, chooser } = teller;
  if (!isOpened(state)) return openingCommand(teller);
  const answer = chooser.isOneIn(2)
    ? (chooser.pick(answersToOffers(teller)) ?? chooser.pick(answersToProposals(teller)))
    : undefined;
  const following = answer === undefined && !chooser.isOneIn(3) ? whatFollows(teller) : undefined;
  return answer ?? following ?? writing[chooser.weighted(weights)](teller);
};

const openingCommand = ({ chooser, now }: Teller): CaseCommand => ({
  type: "OpenCase",
  code: codeOf(`KRI-2026-${String(1000 + chooser.below(9000))}`),
  searchedAt: now,
  limits: { kind: "told", wording: "adult", duties: [] },
});

const millisecondsPerHour = 3_600_000;
const itemCount = 4;

const itemFor = (chooser: Chooser, kind: string): ReturnType<typeof itemOf> =>
  itemOf(`${kind}-${String(chooser.below(itemCount))}`);

/** Many are not for the teller, and are refused. */
const answersToProposals = ({ state, planter }: Teller): readonly CaseCommand[] =>
  waitingProposals(state).flatMap(({ kind, mark }): readonly CaseCommand[] => [
    { type: "Approve", proposal: mark.entry, what: kind, because: planter.plant() },
    { type: "RefuseApproval", proposal: mark.entry, what: kind, because: planter.plant() },
  ]);

const answersToOffers = ({ state, planter, self }: Teller): readonly CaseCommand[] =>
  waitingOffers(state)
    .filter(({ value }) => value.to === self)
    .flatMap(({ mark }): readonly CaseCommand[] => [
      { type: "AcceptResponsibility", offer: mark.entry },
      { type: "DeclineResponsibility", offer: mark.entry, because: planter.plant() },
    ]);

type Writing = (teller: Teller) => CaseCommand;

const writing = {
  fact: ({ chooser, now }) =>
    recordFact(
      ...chooser.oneOf<[string, string]>(
        ["age", "adult"],
        ["age", "child"],
        ["immediate-danger", "yes"],
        ["immediate-danger", "no"],
        ["honour-violence-risk", "yes"],
        ["honour-violence-risk", "no"],
        ["online-blackmail", "yes"],
        ["safe-device", "yes"],
        ["guardian-unsafe", "no"],
        ["guardian-unsafe", "yes"],
      ),
      { wasSoAt: now },
    ),
  correctedFact: ({ chooser, planter, now }) =>
    recordFact("honour-violence-risk", chooser.oneOf("yes", "no"), {
      wasSoAt: now,
      correction: { kind: "changed", because: planter.plant() },
    }),
  consent: ({ now }) => consent("store-file", "own-organisation", { givenAt: now }),
  withdrawal: ({ chooser }) =>
    withdraw(
      chooser.oneOf("store-file", "removal", "law", "referral", "evidence"),
      undefined,
      chooser.oneOf("survivor", "child"),
    ),
  limits: ({ chooser }) => ({ type: "TellLimits", wording: chooser.oneOf("adult", "child"), duties: [] }),
  goal: ({ chooser, planter }) => ({
    type: "SetGoal",
    goal: itemFor(chooser, "goal"),
    words: planter.plant(),
    services: ["mental-health"],
    who: "me",
  }),
  note: ({ chooser, planter }) => ({
    type: "WriteNote",
    note: itemOf(`note-${String(chooser.below(1_000_000))}`),
    about: chooser.oneOf("case", "safety", "law"),
    text: planter.plant(),
  }),
  correctedNote: ({ chooser, planter, state }) => ({
    type: "CorrectNote",
    note: itemOf(chooser.pick([...state.notes.saidById.keys()]) ?? "note-0"),
    text: planter.plant(),
    because: "It was written in haste.",
  }),
  risk: () => ({ type: "AssessRisk" }),
  raisedRisk: ({ chooser, planter }) => ({
    type: "RaiseRisk",
    level: chooser.oneOf("medium", "high"),
    because: planter.plant(),
  }),
  loweredRisk: ({ planter }) => ({ type: "ProposeLowerRisk", level: "normal", because: planter.plant() }),
  response: ({ planter }) => ({ type: "RecordRiskResponse", measures: planter.plant() }),
  safetyItem: ({ chooser, planter }) => ({
    type: "SetSafetyItem",
    item: itemFor(chooser, "safety"),
    words: planter.plant(),
    who: "me, my aunt",
    when: "at once",
    area: "shelter",
  }),
  assessment: ({ planter }) => ({ ...assessment("physical-safety"), findings: planter.plant() }),
  detail: ({ planter, chooser }) => ({
    type: "RecordDetail",
    field: chooser.oneOf("name", "phone", "address-area"),
    saidBy: "survivor",
    value: { kind: "given", text: planter.plant() },
  }),
  contact: ({ planter, now }) => ({
    type: "AgreeSafeContact",
    how: "messaging-app",
    reach: planter.plant(),
    when: "weekdays, ten to twelve",
    nameToUse: "the language school",
    mayLeaveMessage: false,
    mustNotKnow: ["her father"],
    validUntilAt: later(now, 60 * 24 * millisecondsPerHour),
  }),
  incident: ({ chooser }) => ({
    type: "RecordIncident",
    incident: itemFor(chooser, "incident"),
    incidentType: chooser.oneOf("emotional_abuse", "sexual_assault"),
    reportedOn: dateOf("2026-11-20"),
    perpetrators: ["unknown"],
  }),
  need: ({ chooser, planter }) => ({
    type: "RecordServiceNeed",
    service: chooser.oneOf("shelter", "legal"),
    need: chooser.oneOf("urgent", "declined-by-survivor"),
    text: planter.plant(),
  }),
  digitalItem: ({ chooser, planter }) =>
    digitalItem("change-passwords", { item: itemFor(chooser, "digital"), words: planter.plant() }),
  takedown: ({ chooser, now }) => takedown("T-insm", now, `takedown-${String(chooser.below(1_000_000))}`),
  preserved: () => ({ type: "RecordEvidencePreserved", kept: ["addresses", "times"] }),
  lawStep: ({ planter, now }) => lawStep({ happenedAt: now, text: planter.plant() }),
  copy: ({ chooser }) => ({ type: "RecordCopy", copy: chooser.oneOf("safety-plan", "case-file") }),
  unsafeContact: ({ planter }) => ({ type: "DeclareContactUnsafe", because: planter.plant() }),
  followUp: ({ chooser, planter, now }) => ({
    type: "PlanFollowUp",
    followUp: itemFor(chooser, "follow-up"),
    about: planter.plant(),
    dueAt: later(now, (1 + chooser.below(200)) * millisecondsPerHour),
  }),
  offer: ({ chooser, planter, people }) => ({
    type: "OfferResponsibility",
    // There is always the teller at least.
    to: chooser.pick(people) as PersonId,
    because: planter.plant(),
  }),
  closing: ({ planter }) => closeCase({ because: planter.plant() }),
} satisfies Readonly<Record<string, Writing>>;

const weights: Readonly<Record<keyof typeof writing, number>> = {
  fact: 6,
  correctedFact: 2,
  consent: 5,
  withdrawal: 2,
  limits: 1,
  goal: 2,
  note: 8,
  correctedNote: 3,
  risk: 3,
  raisedRisk: 3,
  loweredRisk: 3,
  response: 3,
  safetyItem: 8,
  assessment: 3,
  detail: 3,
  incident: 3,
  need: 2,
  digitalItem: 2,
  takedown: 3,
  preserved: 2,
  lawStep: 2,
  copy: 1,
  contact: 3,
  unsafeContact: 2,
  followUp: 4,
  offer: 12,
  closing: 4,
};
