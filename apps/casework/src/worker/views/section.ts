/** One section of a case, by name. */

import type { Block, CaseView, Section, SectionView } from "../../case/screen.ts";
import { assessmentBlocks } from "./assessment.ts";
import { consentView } from "./consent.ts";
import { contentView } from "./content.ts";
import { headOf } from "./head.ts";
import { historyOf } from "./history.ts";
import { peopleBlocks } from "./people.ts";
import { personBlocks } from "./person.ts";
import { safetyBlocks } from "./plans.ts";
import { nextQuestions, questionsOf } from "./questions.ts";
import { closureBlocks, followUpBlocks, lawBlocks, notesBlocks } from "./rest.ts";
import { type Seen, act } from "./seen.ts";
import { servicesBlocks } from "./services.ts";

const questionsShown = 3;

export const caseViewOf = (seen: Seen, section: Section): CaseView => ({
  head: headOf(seen),
  section: withSteadyIds(seen, makers[section](seen)),
});

/** A card keeps its id where the entry that it shows is sealed meanwhile: a form that is open in it stays open. */
const withSteadyIds = ({ firstNames }: Seen, view: SectionView): SectionView => {
  if (!("blocks" in view) || firstNames.size === 0) return view;
  const steady = (id: string): string =>
    id
      .split("/")
      .map((name) => firstNames.get(name) ?? name)
      .join("/");
  const withCards = ({ cards, ...block }: Block): Block => ({
    ...block,
    cards: cards.map((card) => ({ ...card, id: steady(card.id) })),
  });
  return { ...view, blocks: view.blocks.map(withCards) };
};

const blocks =
  (make: (seen: Seen) => Extract<SectionView, { kind: "blocks" }>["blocks"]) =>
  (seen: Seen): SectionView => ({ kind: "blocks", blocks: make(seen) });

const makers: Readonly<Record<Section, (seen: Seen) => SectionView>> = {
  now: (seen) => ({
    kind: "now",
    answer: seen.advice.answer,
    due: seen.due,
    next: nextQuestions(seen, questionsShown),
    acts: [
      act(seen, "RecordRiskResponse"),
      act(seen, "ActInEmergency"),
      act(seen, "WriteNote"),
      act(seen, "PlanFollowUp"),
    ],
  }),
  questions: (seen) => ({ kind: "questions", questions: questionsOf(seen) }),
  person: blocks(personBlocks),
  assessment: blocks(assessmentBlocks),
  consent: consentView,
  safety: blocks(safetyBlocks),
  services: blocks(servicesBlocks),
  content: contentView,
  law: blocks(lawBlocks),
  "follow-up": blocks(followUpBlocks),
  notes: blocks(notesBlocks),
  closure: blocks(closureBlocks),
  history: (seen) => ({
    kind: "history",
    items: historyOf(seen.state, seen),
    asOf: undefined,
    access: seen.access.history,
  }),
  people: (seen) => ({ kind: "people", blocks: peopleBlocks(seen), access: seen.access }),
};
