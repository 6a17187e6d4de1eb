/** Staying safe: the plan made with the survivor, the digital part of it, and what was done in imminent danger. */

import {
  type DigitalItem,
  type Emergency,
  type SafetyItem,
  answerTo,
  digitalItems,
  emergenciesOf,
  safetyItems,
  standing,
} from "@amana/casefile";
import type { Act, Block, Card, Row } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import type { Values } from "../../forms/fields.ts";
import { byRows } from "./assessment.ts";
import { markRows, option, rowsOf, text, word } from "./rows.ts";
import { type Seen, act } from "./seen.ts";

export const safetyBlocks = (seen: Seen): readonly Block[] => [
  {
    title: "block.emergency",
    cards: emergencyCards(seen),
    empty: "block.emergency.empty",
    acts: [act(seen, "ActInEmergency")],
  },
  {
    title: "block.safetyPlan",
    cards: [...safetyItems(seen.state).map((item) => safetyCard(seen, item)), ...reviewCards(seen, "safetyPlan")],
    empty: "block.safetyPlan.empty",
    acts: [act(seen, "SetSafetyItem"), act(seen, "ReviewSafetyPlan")],
  },
  {
    title: "block.digitalPlan",
    cards: [
      ...digitalItems(seen.state, seen.now).map((item) => digitalCard(seen, item)),
      ...reviewCards(seen, "digitalPlan"),
    ],
    empty: "block.digitalPlan.empty",
    acts: [act(seen, "SetDigitalItem"), act(seen, "ReviewDigitalPlan")],
  },
];

const outcomeMark = (outcome: string): Card["marks"] => [
  {
    phrase: option("outcome", outcome),
    tone: outcome === "open" ? "watch" : outcome === "not-possible" ? "alarm" : "calm",
  },
];

type Words = { readonly words: string; readonly who: string; readonly when: string };

const wordsRows = (each: Words): readonly Row[] => [
  { label: word("field.who"), value: text(each.who) },
  { label: word("field.when"), value: text(each.when) },
];

/** Two texts written at once are both shown, each with its own who and when, and asked about. */
const otherTexts = (words: readonly Words[]): readonly Row[] =>
  words.slice(1).flatMap((other) => [{ label: word("mark.disagree"), value: text(other.words) }, ...wordsRows(other)]);

/** What each of them is: shutting somebody out is never hidden behind a change of passwords. */
const kindMarks = (group: "area" | "act", kinds: readonly string[]): Card["marks"] =>
  [...new Set(kinds)].map((kind) => ({ phrase: option(group, kind), tone: "calm" }));

const safetyCard = (seen: Seen, { item, words, outcome }: SafetyItem): Card => ({
  id: item,
  title: text(words[0]?.words ?? ""),
  marks: [
    ...outcomeMark(outcome),
    ...kindMarks(
      "area",
      words.map(({ area }) => area),
    ),
  ],
  rows: [
    ...words.slice(0, 1).flatMap(wordsRows),
    ...otherTexts(words),
    ...markRows(seen.state.safetyPlan.marksByItem.get(item)),
  ],
  acts: [act(seen, "MarkSafetyItem", { item }), act(seen, "SetSafetyItem", { item }, wordsOf(words[0]))],
});

const digitalCard = (seen: Seen, { item, words, outcome, mayGoOn }: DigitalItem): Card => ({
  id: item,
  title: text(words[0]?.words ?? ""),
  marks: [
    ...outcomeMark(outcome),
    ...kindMarks(
      "act",
      words.map(({ act: kind }) => kind),
    ),
    ...(mayGoOn ? [] : [{ phrase: word("mark.noLongerAgreed"), tone: "alarm", follows: true } as const]),
  ],
  rows: [
    ...words.slice(0, 1).flatMap(wordsRows),
    ...otherTexts(words),
    ...markRows(seen.state.digitalPlan.marksByItem.get(item)),
  ],
  acts: [
    act(seen, "MarkDigitalItem", { item }),
    act(seen, "SetDigitalItem", { item, ...(words[0] === undefined ? {} : { act: words[0].act }) }, wordsOf(words[0])),
  ],
});

const wordsOf = (words: (Words & { readonly area?: string }) | undefined): Values => {
  if (words === undefined) return {};
  const { words: what, who, when, area } = words;
  return { words: what, who, when, ...(area === undefined ? {} : { area }) };
};

const reviewCards = ({ state }: Seen, plan: "safetyPlan" | "digitalPlan"): readonly Card[] =>
  standing<{ readonly stillFits: boolean }>(state[plan].reviews).map(({ value, mark }) => ({
    id: `${mark.entry}/${mark.index}`,
    title: word("block.review"),
    marks: value.stillFits ? [] : [{ phrase: word("mark.noLongerFits"), tone: "alarm" }],
    rows: [...byRows(mark.author, mark.recordedAt), ...rowsOf(forms.ReviewSafetyPlan, value)],
    acts: [],
  }));

const emergencyCards = (seen: Seen): readonly Card[] =>
  emergenciesOf(seen.state).map((emergency) => {
    const { value, mark, followUps } = emergency;
    const answer = answerTo(seen.state, mark.entry);
    const about = { proposal: mark.entry, what: "emergency" };
    return {
      id: `${mark.entry}/${mark.index}`,
      title: option("act", value.act),
      marks: [
        { phrase: option("proposal", answer), tone: answer === "waiting" ? "alarm" : "calm" },
        ...helpMarks(emergency),
      ],
      rows: [
        ...byRows(mark.author, mark.recordedAt),
        ...rowsOf(forms.ActInEmergency.slice(1), value),
        ...followUps.flatMap((said) => [
          ...rowsOf(forms.RecordEmergencyFollowUp.slice(1), said.value),
          ...byRows(said.mark.author, said.mark.recordedAt),
        ]),
      ],
      acts: [
        ...(answer === "waiting" ? [act(seen, "Approve", about), act(seen, "RefuseApproval", about)] : []),
        ...followUpActs(seen, emergency),
      ],
    };
  });

/** Whether help came, and that the person does not know yet what was done. */
const helpMarks = ({ helpAwaited, followUps, isPersonTold }: Emergency): Card["marks"] => [
  ...(followUps.length === 0 ? [{ phrase: word("mark.helpNotAsked"), tone: "watch" } as const] : []),
  ...[...new Set(standing(followUps).map(({ value }) => value.help))].map(
    (help) => ({ phrase: option("help", help), tone: helpAwaited.length > 0 ? "alarm" : "calm" }) as const,
  ),
  ...(isPersonTold ? [] : [{ phrase: word("mark.personNotTold"), tone: "alarm" } as const]),
];

/** Asked while it is not known that help came, or she was not told; whether she was told only until she was. */
const followUpActs = (seen: Seen, { mark, helpAwaited, isPersonTold }: Emergency): readonly Act[] => {
  if (helpAwaited.length === 0 && isPersonTold) return [];
  const followUp = act(seen, "RecordEmergencyFollowUp", { emergency: mark.entry });
  return [isPersonTold ? followUp : { ...followUp, needs: ["personTold"] }];
};
