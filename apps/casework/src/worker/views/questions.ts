/** The questions of the pathway with what was answered, and where an answer comes from that nobody types in. */

import { type CaseState, derivedFacts, factConflicts, factValue, standing } from "@amana/casefile";
import type { PackFact } from "@amana/pathway";
import type { QuestionView, Section } from "../../case/screen.ts";
import type { Seen } from "./seen.ts";

export const questionsOf = (seen: Seen): readonly QuestionView[] =>
  // Whose case it is was settled when it was opened.
  seen.pack.facts.filter(({ id }) => id !== "asking" && !isOfConsent(id)).map((fact) => questionOf(seen, fact));

/** The most decisive first. What records answer is no question: it stands among what is due and what to do. */
export const nextQuestions = (seen: Seen, count: number): readonly QuestionView[] =>
  seen.advice.answer.ask
    .filter(({ fact }) => fact !== "asking" && !derivedFacts.has(fact))
    .slice(0, count)
    .flatMap(({ fact }) => {
      const known = seen.pack.facts.find(({ id }) => id === fact);
      return known === undefined ? [] : [questionOf(seen, known)];
    });

const questionOf = (seen: Seen, fact: PackFact): QuestionView => {
  const { id, kind, values } = fact;
  const isDerived = derivedFacts.has(id);
  return {
    fact: id,
    kind,
    values: kind === "yes-no" ? ["yes", "no"] : values,
    group: seen.groups[id] ?? "",
    given: isDerived ? seen.advice.facts[id] : factValue(seen.state, id),
    saidBy: [...new Set(standing(seen.state.facts.saidByFact.get(id)).map(({ value: { saidBy } }) => saidBy))],
    isAsked: seen.advice.answer.ask.some((asked) => asked.fact === id),
    said: factConflicts(seen.state).some((conflict) => conflict === id) ? saidOf(seen.state, id) : [],
    from: isDerived ? sectionOf(id) : undefined,
  };
};

const saidOf = (state: CaseState, fact: string): QuestionView["said"] =>
  standing(state.facts.saidByFact.get(fact)).map(({ mark, value }) => {
    const said = value.value;
    const answer = said.kind === "unknown" ? undefined : said.kind === "one" ? said.value : said.values;
    return {
      person: mark.author,
      at: mark.recordedAt,
      value: { kind: "answer", fact, value: answer },
      saidBy: value.saidBy,
    };
  });

const isOfConsent = (fact: string): boolean => derivedFacts.has(fact) && /^(consent|assent|guardian|best)-/.test(fact);

/** Where the record is made that answers a question. */
const sectionOf = (fact: string): Section => {
  if (fact === "legal-risk-assessed") return "law";
  return fact.endsWith("-assessed") ? "assessment" : "content";
};
