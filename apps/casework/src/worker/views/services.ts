/** Services and referrals: goals, what is needed, and each referral until the service was given or refused. */

import { exhausted } from "@amana/kernel";
import {
  type Goal,
  type Narrowing,
  type Referral,
  type ReferralStage,
  goalsOf,
  narrowingsToTell,
  referralsOf,
  standing,
} from "@amana/casefile";
import type { Act, Block, Card, Mark, Row } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import type { Values } from "../../forms/fields.ts";
import { services } from "../../forms/vocabulary.ts";
import { narrowingMarks, narrowingRows } from "./narrowed.ts";
import { markRows, option, rowsOf, text, word } from "./rows.ts";
import { type Seen, act } from "./seen.ts";

export const servicesBlocks = (seen: Seen): readonly Block[] => [
  {
    title: "block.needs",
    cards: services.map((service) => needCard(seen, service)),
    isList: true,
    empty: "block.needs.empty",
    acts: [],
  },
  {
    title: "block.referrals",
    cards: referralsOf(seen.state, seen.now).map((referral) => referralCard(seen, referral)),
    empty: "block.referrals.empty",
    acts: [act(seen, "PrepareReferral")],
  },
  {
    title: "block.goals",
    cards: goalCards(seen),
    empty: "block.goals.empty",
    acts: [act(seen, "SetGoal")],
  },
];

const needCard = (seen: Seen, service: string): Card => {
  const stands = standing(seen.state.casePlan.needsByService.get(service));
  const needs = stands.map(({ value }) => value.need);
  return {
    id: service,
    title: option("service", service),
    marks:
      needs.length === 0
        ? [{ phrase: word("mark.notAsked"), tone: "watch" }]
        : needs.map((need) => ({ phrase: option("need", need), tone: need === "urgent" ? "alarm" : "calm" })),
    rows: stands.flatMap(({ value }): readonly Row[] =>
      value.text === undefined ? [] : [{ label: word("field.text"), value: text(value.text) }],
    ),
    acts: [
      act(seen, "RecordServiceNeed", { service }),
      ...(needs.some((need) => need === "urgent" || need === "needed")
        ? [act(seen, "PrepareReferral", { service })]
        : []),
    ],
  };
};

const tones: Readonly<Record<ReferralStage, Mark["tone"]>> = {
  prepared: "watch",
  sent: "watch",
  accepted: "calm",
  done: "calm",
  closed: "calm",
  "declined-by-provider": "alarm",
  "declined-by-survivor": "watch",
  unavailable: "alarm",
  stopped: "watch",
};

/** Of the providers that have it in hand, those who do not know yet that less of it may be used. */
const narrowingsOf = ({ state, now }: Seen, { isWithProvider, recipients }: Referral): readonly Narrowing[] =>
  narrowingsToTell(state, now).filter(({ recipient }) => isWithProvider && recipients.includes(recipient));

const referralCard = (seen: Seen, referral: Referral): Card => ({
  id: referral.referral,
  title: { kind: "recipient", recipient: referral.prepared[0]?.recipient ?? "" },
  marks: [
    { phrase: option("stage", referral.stage), tone: tones[referral.stage] },
    ...(referral.isToBeStopped ? [{ phrase: word("mark.toBeStopped"), tone: "alarm", follows: true } as const] : []),
    ...narrowingMarks(narrowingsOf(seen, referral)),
    { phrase: option("urgency", referral.mostUrgent), tone: referral.mostUrgent === "now" ? "alarm" : "calm" },
  ],
  rows: [
    ...referral.prepared.flatMap((prepared) =>
      rowsOf(
        forms.PrepareReferral.filter(({ name }) => name !== "recipient" && name !== "urgency"),
        prepared,
      ),
    ),
    ...stepRows(seen, referral),
    { label: word("field.since"), value: { kind: "moment", at: referral.sinceAt } },
    ...narrowingRows(narrowingsOf(seen, referral)),
  ],
  acts: referralActs(seen, referral),
});

/** What was said of it on the way: who answered and what, what was given and how the survivor found it. */
const stepRows = ({ state }: Seen, { referral }: Referral): readonly Row[] =>
  (state.referrals.stepsById.get(referral) ?? []).flatMap(({ value }) => {
    switch (value.type) {
      case "ReferralSent":
        return [];
      case "ReferralAnswered":
        return rowsOf(forms.RecordReferralAnswer.slice(1), value);
      case "ReferralDone":
        return rowsOf(forms.RecordReferralDone, value);
      case "ReferralClosed":
        return [{ label: option("stage", "closed"), value: text(value.because) }];
      case "ReferralDeclinedBySurvivor":
        return rowsOf(forms.RecordSurvivorDeclined, value);
      case "ReferralStopped":
        return rowsOf(forms.RecordReferralStopped, value);
      default:
        return exhausted(value);
    }
  });

/** Only the steps that fit the stage are shown, and in a closed case those that fit it; what else is missing closes them with its reason. */
const referralActs = (seen: Seen, of: Referral): readonly Act[] => {
  const { referral } = of;
  const steps = [
    ...(["SendReferral", "RecordReferralAnswer", "RecordReferralDone", "RecordReferralStopped"] as const),
    ...(["RecordSurvivorDeclined", "CloseReferral"] as const),
  ];
  const fitsNot: ReadonlySet<string | undefined> = new Set(["StepNotPossible", "CaseIsClosed"]);
  const possible = steps
    .map((step) => act(seen, step, { referral }))
    .filter(({ closed }) => !fitsNot.has(closed?.type));
  return [
    ...narrowingsOf(seen, of).map(({ recipient }) => act(seen, "RecordSharingNarrowed", { recipient })),
    ...possible,
  ];
};

const goalCards = (seen: Seen): readonly Card[] =>
  goalsOf(seen.state).map(({ goal, words, outcome }) => ({
    id: goal,
    title: text(words[0]?.words ?? ""),
    marks: [{ phrase: option("goal", outcome), tone: outcome === "open" ? "watch" : "calm" }],
    rows: [
      ...words.flatMap((each, place) => [
        // Of two texts written at once the first is the title.
        ...(place === 0 ? [] : [{ label: word("mark.disagree"), value: text(each.words) }]),
        ...rowsOf(
          forms.SetGoal.filter(({ name }) => name !== "words"),
          each,
        ),
      ]),
      ...markRows(seen.state.casePlan.marksByGoal.get(goal)),
    ],
    acts: [act(seen, "MarkGoal", { goal }), act(seen, "SetGoal", { goal }, goalWords(words[0]))],
  }));

const goalWords = (goal: Goal["words"][number] | undefined): Values => {
  if (goal === undefined) return {};
  const { words, services: asked, who, dueAt } = goal;
  return { words, services: asked, who, ...(dueAt === undefined ? {} : { dueAt }) };
};
