/** Content: requests to take something down, with the tool beside them, and what the survivor keeps on their own side. */

import {
  type EvidenceItem,
  type Takedown,
  answerTo,
  evidenceItems,
  isPossiblyCsam,
  takedownsOf,
} from "@amana/casefile";
import type { Act, Block, Card, SectionView, ToolView } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import { byRows } from "./assessment.ts";
import { option, rowsOf, text, word } from "./rows.ts";
import { type Seen, act } from "./seen.ts";

export const contentView = (seen: Seen): SectionView => ({
  kind: "content",
  answer: seen.advice.answer,
  tools: seen.advice.answer.tools.filter(({ offered }) => offered).map(({ id }) => toolView(seen, id)),
  blocks: [
    {
      title: "block.takedowns",
      cards: takedownsOf(seen.state, seen.now).map((takedown) => takedownCard(seen, takedown)),
      empty: "block.takedowns.empty",
      acts: [],
    },
    {
      title: "block.ownSide",
      cards: seen.state.evidence.preserved.map(({ value, mark }) => ({
        id: `${mark.entry}/${mark.index}`,
        title: word("block.ownSide.kept"),
        marks: [],
        rows: [...rowsOf(forms.RecordEvidencePreserved, value), ...byRows(mark.author, mark.recordedAt)],
        acts: [],
      })),
      empty: isPossiblyCsam(seen.state) ? "block.ownSide.csam" : "block.ownSide.empty",
      acts: [act(seen, "RecordEvidencePreserved")],
    },
    exceptionBlock(seen),
  ],
});

/** Open is what the case file lets through now: a gate that is open for one tool says nothing of the consent for another. */
const toolView = (seen: Seen, tool: string): ToolView => {
  const request = act(seen, "RecordTakedown", { tool });
  return { id: tool, isOpen: request.closed === undefined, act: request };
};

const tones = {
  waiting: "watch",
  removed: "calm",
  "partly-removed": "watch",
  refused: "alarm",
  reappeared: "alarm",
  "taken-back": "calm",
} as const;

const takedownCard = (seen: Seen, takedown: Takedown): Card => ({
  id: takedown.takedown,
  title: { kind: "recipient", recipient: takedown.requested[0]?.tool ?? "" },
  marks: [
    { phrase: option("outcome", takedown.outcome), tone: tones[takedown.outcome] },
    ...(takedown.mayGoOn || takedown.isOver
      ? []
      : [{ phrase: word("mark.noLongerAgreed"), tone: "alarm", follows: true } as const]),
  ],
  rows: [
    ...takedown.requested.map(({ madeAt }) => ({
      label: word("field.madeAt"),
      value: { kind: "moment", at: madeAt } as const,
    })),
    ...(takedown.lastCheckedAt === undefined
      ? []
      : [{ label: word("field.checkedAt"), value: { kind: "moment", at: takedown.lastCheckedAt } as const }]),
    ...(takedown.hoursTaken === undefined
      ? []
      : [{ label: word("field.hoursTaken"), value: { kind: "number", number: takedown.hoursTaken } as const }]),
  ],
  acts: [act(seen, "RecordTakedownCheck", { takedown: takedown.takedown })],
});

/** The organisation holds nothing, but by an exception that a second person approves. */
const exceptionBlock = (seen: Seen): Block => ({
  title: "block.exception",
  cards: [...exceptionCards(seen), ...evidenceItems(seen.state, seen.now).map((item) => heldCard(seen, item))],
  empty: "block.exception.empty",
  acts: [act(seen, "ProposeEvidenceException")],
});

const exceptionCards = (seen: Seen): readonly Card[] =>
  seen.state.evidence.exceptions.map(({ value, mark }) => {
    const answer = answerTo(seen.state, mark.entry);
    return {
      id: `${mark.entry}/${mark.index}`,
      title: word("block.exception.proposed"),
      marks: [{ phrase: option("proposal", answer), tone: answer === "waiting" ? "watch" : "calm" }],
      rows: [...byRows(mark.author, mark.recordedAt), ...rowsOf(forms.ProposeEvidenceException, value)],
      acts: exceptionActs(seen, mark.entry, answer),
    };
  });

const exceptionActs = (seen: Seen, entry: string, answer: string): readonly Act[] => {
  const about = { proposal: entry, what: "evidence-exception" };
  if (answer === "waiting") return [act(seen, "Approve", about), act(seen, "RefuseApproval", about)];
  return answer === "approved" ? [act(seen, "RecordEvidenceReceived", { exception: entry })] : [];
};

/** Which of several it is, since when and by whom; once it was given back, that too. */
const heldCard = (seen: Seen, { item, stage }: EvidenceItem): Card => {
  const said = seen.state.evidence.heldById.get(item) ?? [];
  const received = said.flatMap(({ value }) => (value.type === "EvidenceReceived" ? [value.what] : []));
  return {
    id: item,
    title: received[0] === undefined ? word("block.exception.held") : option("what", received[0]),
    marks: [{ phrase: option("held", stage), tone: stage === "held-without-ground" ? "alarm" : "calm", follows: true }],
    rows: said.flatMap(({ value, mark }) => [
      ...(value.type === "EvidenceReceived"
        ? rowsOf(forms.RecordEvidenceReceived.slice(3), value)
        : [{ label: word("event.EvidenceReturned"), value: text(value.because) }]),
      ...byRows(mark.author, mark.recordedAt),
    ]),
    acts: stage === "returned" ? [] : [act(seen, "RecordEvidenceReturned", { item })],
  };
};
