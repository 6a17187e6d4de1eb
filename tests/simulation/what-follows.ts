/**
 * What can only come after something that stands in a case already, and names it: whether help came, what became of a plan, a
 * referral or material that was received, who was told of what changed.
 */

import { later } from "@amana/kernel";
import {
  emergenciesOf,
  evidenceItems,
  isApproved,
  isClosed,
  narrowingsToTell,
  referralsOf,
  takedownsOf,
  transfersOf,
  type CaseCommand,
  type ItemId,
} from "@amana/casefile";
import { openFollowUps } from "../../packages/casefile/src/follow-ups/follow-ups.ts";
import { itemOf } from "../../packages/casefile/src/testing/people.ts";
import { agreement } from "./acts.ts";
import type { Teller } from "./commands.ts";

type Following = (teller: Teller) => readonly CaseCommand[];

/** Whatever of it is possible is told sooner or later; some of it is refused. */
export const whatFollows = (teller: Teller): CaseCommand | undefined => {
  const { chooser, state, planter } = teller;
  // Little else is possible in a closed case.
  if (isClosed(state) && chooser.isOneIn(2)) return { type: "ReopenCase", because: planter.plant() };
  const each = followings.map((following) => following(teller)).filter((commands) => commands.length > 0);
  return chooser.pick(chooser.pick(each) ?? []);
};

const emergencies: Following = ({ state, chooser, planter }) =>
  emergenciesOf(state).map(({ mark }) => ({
    type: "RecordEmergencyFollowUp",
    emergency: mark.entry,
    help: chooser.oneOf("came", "awaited", "did-not-come", "not-needed"),
    ...(chooser.isOneIn(2) ? { personTold: "told" } : {}),
    ...(chooser.isOneIn(2) ? { text: planter.plant() } : {}),
  }));

const received: Following = ({ state, chooser, now }) =>
  state.evidence.exceptions
    .filter(({ mark }) => isApproved(state, mark.entry))
    .map(({ mark }) => ({
      ...{ type: "RecordEvidenceReceived", item: itemOf(`evidence-${String(chooser.below(4))}`) },
      ...{ exception: mark.entry, what: "messages", receivedAt: now },
    }));

const returned: Following = ({ state, planter, now }) =>
  evidenceItems(state, now)
    .filter(({ stage }) => stage !== "returned")
    .map(({ item }) => ({ type: "RecordEvidenceReturned", item: itemOf(item), because: planter.plant() }));

const referrals: Following = ({ state, chooser, planter, now }) =>
  referralsOf(state, now).flatMap(({ referral, stage, isWithProvider }): readonly CaseCommand[] => [
    ...(isWithProvider ? [{ type: "RecordReferralStopped", referral, text: planter.plant() } as const] : []),
    ...(["sent", "accepted"].includes(stage)
      ? [
          { type: "RecordSurvivorDeclined", referral, text: planter.plant() } as const,
          { type: "RecordReferralAnswer", referral, answer: chooser.oneOf("accepted", "unavailable") } as const,
          { type: "RecordCopy", copy: "referral-letter", referral } as const,
        ]
      : [{ type: "CloseReferral", referral, because: planter.plant() } as const]),
    ...(stage === "accepted" ? [{ type: "RecordReferralDone", referral, given: planter.plant() } as const] : []),
  ]);

/** The case is handed to a provider, or a provider allowed less; then they are told so, or told to stop. */
const sharing: Following = (teller) => {
  const { state, planter, now } = teller;
  const narrowed = narrowingsToTell(state, now).map(({ recipient }): CaseCommand => {
    return { type: "RecordSharingNarrowed", recipient, text: planter.plant() };
  });
  if (narrowed.length > 0) return narrowed;
  const sent = [...state.sharing.saidByRecipient.values()].flatMap((register) =>
    register.flatMap(({ value }) => (value.type === "ReferralSent" ? [value] : [])),
  );
  return [
    ...sent.flatMap(({ recipient, fields }): readonly CaseCommand[] => [
      { type: "TransferCase", recipient, fields, because: planter.plant() },
      ...agreement(teller, "referral", recipient).slice(0, 1),
    ]),
    ...transfersOf(state)
      .filter(({ isStopped }) => !isStopped)
      .map(({ value: { recipient } }): CaseCommand => {
        return { type: "RecordTransferStopped", recipient, text: planter.plant() };
      }),
  ];
};

const itemsIn = (map: ReadonlyMap<string, unknown>): readonly ItemId[] => [...map.keys()].map(itemOf);

const plans: Following = ({ state, chooser, planter }) => [
  ...itemsIn(state.safetyPlan.wordsByItem).map((item): CaseCommand => {
    return { type: "MarkSafetyItem", item, outcome: chooser.oneOf("done", "not-possible"), text: planter.plant() };
  }),
  ...itemsIn(state.digitalPlan.wordsByItem).map((item): CaseCommand => {
    return { type: "MarkDigitalItem", item, outcome: chooser.oneOf("done", "dropped"), text: planter.plant() };
  }),
  ...itemsIn(state.casePlan.goalsById).map((goal): CaseCommand => {
    return { type: "MarkGoal", goal, outcome: chooser.oneOf("met", "not-met"), text: planter.plant() };
  }),
];

const reviews: Following = ({ state, chooser, planter }) => {
  const review = { madeWithSurvivor: true, stillFits: chooser.isOneIn(2), text: planter.plant() };
  return [
    ...(state.safetyPlan.wordsByItem.size > 0 ? [{ type: "ReviewSafetyPlan", ...review } as const] : []),
    ...(state.digitalPlan.wordsByItem.size > 0 ? [{ type: "ReviewDigitalPlan", ...review } as const] : []),
  ];
};

const contacts: Following = ({ state, chooser, planter, now }) =>
  itemsIn(state.followUps.saidById).map((followUp) => ({
    ...{ type: "RecordFollowUp", followUp, doneAt: now, text: planter.plant() },
    progress: {
      ...{ safety: chooser.oneOf("better", "same", "worse"), health: "same", psychosocial: "same" },
      ...{ justice: "not-discussed", other: "same" },
    },
  }));

const requests: Following = ({ state, chooser, now }) =>
  takedownsOf(state, now).map(({ takedown }) => ({
    ...{ type: "RecordTakedownCheck", takedown, checkedAt: now },
    outcome: chooser.oneOf("waiting", "removed", "reappeared"),
  }));

const missed: Following = ({ state, planter, now }) =>
  openFollowUps(state).map(({ followUp }) => ({
    ...{ type: "RecordMissedFollowUp", followUp, because: planter.plant() },
    nextDueAt: later(now, 48 * 3_600_000),
  }));

const outdated: Following = ({ state, planter }) => [
  ...(state.assessments.saidByAssessment.has("physical-safety")
    ? [{ type: "OutdateAssessment", assessment: "physical-safety", because: planter.plant() } as const]
    : []),
  ...(state.law.assessed.length > 0 ? [{ type: "OutdateLegalRisk", because: planter.plant() } as const] : []),
];

const followings: readonly Following[] = [
  ...[emergencies, received, returned, referrals, sharing, plans, reviews, contacts, outdated, requests, missed],
];
