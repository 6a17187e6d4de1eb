/**
 * The summary: what the sections of the case show, without what can be done there and without the names of colleagues, who
 * can be found through a paper as well as the survivor.
 */

import { codesOf } from "@amana/casefile";
import type { Block, Card, Phrase, Row, Section, SectionView } from "../../case/screen.ts";
import type { SummaryBlock, SummaryCard, SummaryPart } from "../../print/paper.ts";
import { option } from "./rows.ts";
import { caseViewOf } from "./section.ts";
import type { Seen } from "./seen.ts";

const summarySections = [
  ...(["person", "questions", "assessment", "consent", "safety", "services"] as const),
  ...(["content", "law", "follow-up", "notes", "closure"] as const),
] as const satisfies readonly Section[];

type Summary = { readonly codes: readonly string[]; readonly parts: readonly SummaryPart[] };

export const summaryOf = (seen: Seen): Summary => ({
  codes: codesOf(seen.state),
  parts: summarySections.flatMap((section) => {
    const blocks = blocksIn(caseViewOf(seen, section).section).filter(({ cards }) => cards.length > 0);
    return blocks.length === 0 ? [] : [{ section, blocks }];
  }),
});

const blocksIn = (view: SectionView): readonly SummaryBlock[] => {
  switch (view.kind) {
    case "questions":
      return [{ title: undefined, cards: answersIn(view.questions) }];
    case "consent":
      return [{ title: undefined, cards: view.rows.map(consentCard) }];
    case "blocks":
    case "content":
      return view.blocks.map(blockOf);
    case "now":
    case "history":
    case "people":
      return [];
    default:
      return view satisfies never;
  }
};

const blockOf = ({ title, cards }: Block): SummaryBlock => ({ title, cards: cards.filter(saysSomething).map(cardOf) });

/** What nobody has asked or looked at yet is no part of what is known. */
const saysSomething = ({ marks, rows }: Card): boolean =>
  rows.length > 0 || !marks.some(({ phrase }) => phrase.kind === "word" && notYet.has(phrase.key));

const notYet: ReadonlySet<string> = new Set(["mark.notAsked", "mark.notYet"]);

const cardOf = ({ title, marks, rows }: Card): SummaryCard => ({ title, marks, rows: withoutColleagues(rows) });

/** Made anew from what a row says, so that nothing beside it comes along. Neither is it told who answered for a provider. */
const withoutColleagues = (rows: readonly Row[]): readonly Row[] =>
  rows
    .filter(({ label, value }) => !namesColleague(value) && !namesWhoAnswered(label))
    .map(({ label, value }) => ({ label, value }));

const namesWhoAnswered = (label: Phrase): boolean => label.kind === "word" && label.key === "field.answeredBy";

const namesColleague = (phrase: Phrase): boolean =>
  phrase.kind === "person" || (phrase.kind === "list" && phrase.of.some(namesColleague));

const answersIn = (questions: Extract<SectionView, { kind: "questions" }>["questions"]): readonly SummaryCard[] => {
  const rows = questions.flatMap(({ fact, given }): readonly Row[] =>
    given === undefined ? [] : [{ label: { kind: "fact", fact }, value: { kind: "answer", fact, value: given } }],
  );
  return rows.length === 0 ? [] : [{ title: { kind: "word", key: "paper.answers" }, marks: [], rows }];
};

type ConsentRows = Extract<SectionView, { kind: "consent" }>["rows"];

const consentCard = ({ purpose, recipient, isAgreed, standings }: ConsentRows[number]): SummaryCard => ({
  title: { kind: "list", of: [option("purpose", purpose), { kind: "recipient", recipient }] },
  marks: [{ phrase: { kind: "word", key: isAgreed ? "consent.agreed" : "consent.notAgreed" }, tone: "calm" }],
  rows: standings.flatMap(({ whose, mark, rows }) => [
    { label: option("whose", whose), value: mark.phrase },
    ...withoutColleagues(rows),
  ]),
});
