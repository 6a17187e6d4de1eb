/** What to ask next, for reading: the first few questions with why and how, and how each is answered. */

import type { AskAnswer } from "@amana/pathway";
import { type Block, heading, paragraph } from "../output/page.ts";
import { type View, sourceInWords } from "../view.ts";
import { isolate } from "../words.ts";
import { reasonBlocks } from "./parts.ts";

/** More than a conversation holds would hide the ones that matter. `--json` has all of them. */
const questionsShownMax = 7;

export const askBlocks = (view: View, ask: readonly AskAnswer[]): readonly Block[] => {
  if (ask.length === 0) return [];
  const more = ask.length - questionsShownMax;
  return [
    heading(view.say("ask.heading")),
    ...ask.slice(0, questionsShownMax).flatMap((question, index) => oneQuestion(view, question, index + 1)),
    ...(more > 0 ? [paragraph(1, view.say("ask.more", { count: String(more) }))] : []),
  ];
};

const oneQuestion = (view: View, { fact, because }: AskAnswer, place: number): readonly Block[] => {
  const question =
    (view.voice === "self" ? view.find(`fact.${fact}.self`) : undefined) ?? view.tell(`fact.${fact}.ask`, fact);
  // Only a question that is asked again rests on facts; of any other, `why` says what it is for.
  const contradicted = because.filter((reason) => Object.keys(reason.facts).length > 0);
  const why = [view.find(`fact.${fact}.why`) ?? "", sourceInWords(view, sourcesOf(because))];
  return [
    paragraph(1, question, `${String(place)}. `),
    paragraph(3, view.say("ask.answer", { answer: isolate(view.language, answerForm(view, fact)) })),
    paragraph(3, why.join(" ").trim()),
    ...(view.voice === "self" ? [] : [paragraph(3, view.find(`fact.${fact}.how`) ?? "")]),
    ...reasonBlocks(view, 3, contradicted),
  ];
};

const sourcesOf = (because: AskAnswer["because"]): string =>
  [...new Set(because.flatMap((reason) => reason.source.split(" ")))].join(" ");

/** How the fact is written in the input: `age: child | adult`, and a list in brackets. */
const answerForm = (view: View, id: string): string => {
  const fact = view.pack.facts.find((candidate) => candidate.id === id);
  const values = fact?.values.join(" | ") ?? "";
  return fact?.kind === "list" ? `${id}: [${values}]` : `${id}: ${values}`;
};
