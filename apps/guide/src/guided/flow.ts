/**
 * The way through the guided questions: what was answered, what was skipped, what is asked now.
 *
 * Pure, and it lives in memory only: nothing here is stored, sent or written into the address, and
 * leaving the page forgets it. A skipped question stays unknown; unknown is never read as "no".
 */

import type { AskAnswer, Facts } from "@amana/pathway";

export type Value = string | readonly string[];
export type Asking = "self" | "other";

export type Flow = {
  readonly asking: Asking;
  readonly answers: ReadonlyMap<string, Value>;
  /** Questions passed without an answer. */
  readonly skipped: ReadonlySet<string>;
  /** Answers that contradict others and were given again: they are not asked a third time. */
  readonly confirmed: ReadonlySet<string>;
  /** Every question dealt with, in the order in which it came first. */
  readonly trail: readonly string[];
  /** An earlier question the reader went back to; null: the next one. */
  readonly revisiting: string | null;
};

/** Asked before anything else: answers given where others can hear are neither safe nor free. */
const firstQuestion = "private-now";

export const startFlow = (asking: Asking): Flow => ({
  asking,
  answers: new Map(),
  skipped: new Set(),
  confirmed: new Set(),
  trail: [],
  revisiting: null,
});

/** What the engine is told. Who asks is settled by the page. */
export const factsOf = ({ asking, answers }: Flow): Facts => ({ asking, ...Object.fromEntries(answers) });

/** The question to show; null when no answer could change anything any more. */
export const questionOf = (flow: Flow, ask: readonly AskAnswer[]): string | null => {
  if (flow.revisiting !== null) return flow.revisiting;
  if (!isDealtWith(flow, firstQuestion)) return firstQuestion;
  return openQuestions(flow, ask)[0] ?? null;
};

/** Questions that could still change the answer and were not passed, most decisive first. */
export const openQuestions = (flow: Flow, ask: readonly AskAnswer[]): readonly string[] =>
  ask
    .map(({ fact }) => fact)
    .filter((fact) => fact !== "asking" && !flow.skipped.has(fact) && !flow.confirmed.has(fact));

/** Whether a question comes again because its answer contradicts another. */
export const isAskedAgain = (flow: Flow, fact: string, ask: readonly AskAnswer[]): boolean =>
  flow.answers.has(fact) && !flow.confirmed.has(fact) && ask.some((each) => each.fact === fact);

export const answerQuestion = (flow: Flow, fact: string, value: Value, ask: readonly AskAnswer[]): Flow => ({
  ...flow,
  answers: new Map(flow.answers).set(fact, value),
  skipped: without(flow.skipped, fact),
  confirmed: isAskedAgain(flow, fact, ask) ? new Set(flow.confirmed).add(fact) : flow.confirmed,
  trail: onTrail(flow.trail, fact),
  revisiting: null,
});

/** Passing a question also takes back an answer given before: the reader no longer says it. */
export const skipQuestion = (flow: Flow, fact: string): Flow => {
  const answers = new Map(flow.answers);
  answers.delete(fact);
  return {
    ...flow,
    answers,
    skipped: new Set(flow.skipped).add(fact),
    confirmed: without(flow.confirmed, fact),
    trail: onTrail(flow.trail, fact),
    revisiting: null,
  };
};

export const goTo = (flow: Flow, fact: string): Flow => ({ ...flow, revisiting: fact });

export const previousQuestion = ({ trail, revisiting }: Flow): string | null => {
  const at = revisiting === null ? trail.length : trail.indexOf(revisiting);
  return trail[(at < 0 ? trail.length : at) - 1] ?? null;
};

export const goBack = (flow: Flow): Flow => ({ ...flow, revisiting: previousQuestion(flow) ?? flow.revisiting });

const isDealtWith = ({ answers, skipped }: Flow, fact: string): boolean => answers.has(fact) || skipped.has(fact);

const onTrail = (trail: readonly string[], fact: string): readonly string[] =>
  trail.includes(fact) ? trail : [...trail, fact];

const without = (set: ReadonlySet<string>, value: string): ReadonlySet<string> =>
  new Set([...set].filter((each) => each !== value));
