/** Law, follow-up, notes, closure: what each holds, and what can be done there. */

import {
  type CaseState,
  type Narrowing,
  lawDecision,
  lawHappened,
  legalRisksOfAll,
  narrowingsToTell,
  standing,
  takedownsOf,
  transfersOf,
  type ItemId,
  type Register,
} from "@amana/casefile";
import type { Act, Block, Card } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import { byRows, standingMark } from "./assessment.ts";
import { narrowingMarks, narrowingRows } from "./narrowed.ts";
import { option, rowsOf, text, word } from "./rows.ts";
import { type Seen, act } from "./seen.ts";

export const lawBlocks = (seen: Seen): readonly Block[] => [
  {
    title: "block.legalRisk",
    cards: legalCards(seen),
    isOneThing: true,
    empty: "block.legalRisk.empty",
    acts: [
      act(seen, "AssessLegalRisk"),
      ...(seen.state.law.assessed.length > 0 ? [act(seen, "OutdateLegalRisk")] : []),
    ],
  },
  {
    title: "block.lawDecision",
    isOneThing: true,
    cards: standing(seen.state.law.decided).map(({ value, mark }) => ({
      id: `${mark.entry}/${mark.index}`,
      title: option("decision", value.decision),
      marks:
        value.decision === "report" && lawDecision(seen.state) !== "report"
          ? [{ phrase: word("mark.notVoluntary"), tone: "alarm" }]
          : [],
      rows: [...rowsOf(forms.RecordLawDecision.slice(1), value), ...byRows(mark.author, mark.recordedAt)],
      acts: [],
    })),
    empty: "block.lawDecision.empty",
    acts: [act(seen, "RecordLawDecision")],
  },
  {
    title: "block.lawSteps",
    cards: lawHappened(seen.state).map(({ value, mark }) => ({
      id: `${mark.entry}/${mark.index}`,
      title: value.type === "LawStepRecorded" ? option("step", value.step) : word("block.lawSteps.outcome"),
      marks: [],
      rows: [
        ...rowsOf(value.type === "LawStepRecorded" ? forms.RecordLawStep.slice(1) : forms.RecordLawOutcome, value),
        ...byRows(mark.author, mark.recordedAt),
      ],
      acts: [],
    })),
    empty: "block.lawSteps.empty",
    acts: [act(seen, "RecordLawStep"), act(seen, "RecordLawOutcome")],
  },
];

/** A step to an agency rests on what was weighed for it, so each of them is in sight (G-LAW-2). */
const legalCards = ({ state }: Seen): readonly Card[] =>
  legalRisksOfAll(state).map(({ value, mark }) => ({
    id: `${mark.entry}/${mark.index}`,
    title:
      value.type === "LegalRiskAssessed"
        ? { kind: "recipient", recipient: value.agency }
        : word("block.legalRisk.outdated"),
    marks: [standingMark(true, value.type === "LegalRiskOutdated")],
    rows: [
      ...rowsOf(value.type === "LegalRiskAssessed" ? forms.AssessLegalRisk.slice(1) : forms.OutdateLegalRisk, value),
      ...byRows(mark.author, mark.recordedAt),
    ],
    acts: [],
  }));

export const followUpBlocks = (seen: Seen): readonly Block[] => [
  {
    title: "block.followUps",
    cards: [...seen.state.followUps.saidById.values()].map((register) => followUpCard(seen, register)),
    empty: "block.followUps.empty",
    acts: [act(seen, "PlanFollowUp")],
  },
];

type FollowUpEvent =
  CaseState["followUps"]["saidById"] extends ReadonlyMap<string, Register<infer Event>> ? Event : never;

const followUpCard = (seen: Seen, register: Register<FollowUpEvent>): Card => {
  const planned = register.find(({ value }) => value.type === "FollowUpPlanned")?.value;
  const last = standing(register);
  const isOpen = last.some(({ value }) => value.type !== "FollowUpDone");
  const followUp: ItemId | undefined = register[0]?.value.followUp;
  const acts: readonly Act[] = [
    act(seen, "RecordFollowUp", { followUp }),
    act(seen, "RecordMissedFollowUp", { followUp }),
  ];
  return {
    id: followUp ?? "",
    title: text(planned?.type === "FollowUpPlanned" ? planned.about : ""),
    marks: [{ phrase: word(isOpen ? "mark.waits" : "mark.done"), tone: isOpen ? "watch" : "calm" }],
    rows: last.flatMap(({ value, mark }) => [
      ...rowsOf(followUpForm(value), value),
      ...byRows(mark.author, mark.recordedAt),
    ]),
    acts: isOpen ? acts : [],
  };
};

const followUpForm = ({ type }: FollowUpEvent) =>
  type === "FollowUpPlanned"
    ? forms.PlanFollowUp.slice(2)
    : type === "FollowUpDone"
      ? forms.RecordFollowUp
      : forms.RecordMissedFollowUp;

export const notesBlocks = (seen: Seen): readonly Block[] => [
  {
    title: "block.notes",
    cards: [...seen.state.notes.saidById.entries()]
      .map(([note, register]): Card => {
        const about = register.flatMap(({ value }) => (value.type === "NoteWritten" ? [value.about] : []));
        const writtenAt = register[0]?.mark.recordedAt ?? 0;
        return {
          id: `${String(writtenAt).padStart(16, "0")}/${note}`,
          title: option("about", about[0] ?? "case"),
          marks: register.length > 1 ? [{ phrase: word("mark.corrected"), tone: "calm" }] : [],
          // A correction stands beside what it corrects.
          rows: register.flatMap(({ value, mark }) => [
            ...rowsOf(value.type === "NoteWritten" ? forms.WriteNote.slice(2) : forms.CorrectNote, value),
            ...byRows(mark.author, mark.recordedAt),
          ]),
          acts: [act(seen, "CorrectNote", { note })],
        };
      })
      .sort((one, other) => (one.id < other.id ? 1 : -1)),
    empty: "block.notes.empty",
    acts: [act(seen, "WriteNote")],
  },
];

/** Keeping it was refused or taken back, and nobody has closed or destroyed it since. */
const isFileUnwanted = ({ due }: Seen): boolean =>
  due.some(({ kind, about }) => kind === "withdrawal-to-act-on" && about === "store-file");

/** What was handed over stays with them until they are told: whether that is due, what is due says. */
const transferMarks = ({ due }: Seen, recipient: string, isStopped: boolean): Card["marks"] => {
  if (isStopped) return [{ phrase: option("stage", "stopped"), tone: "watch" }];
  const isDue = due.some(({ kind, about }) => kind === "transfer-to-be-stopped" && about === recipient);
  return isDue ? [{ phrase: word("mark.toBeStopped"), tone: "alarm", follows: true }] : [];
};

const narrowingsOf = ({ state, now }: Seen, to: string, isStopped: boolean): readonly Narrowing[] =>
  isStopped ? [] : narrowingsToTell(state, now).filter(({ recipient }) => recipient === to);

const transferActs = (seen: Seen, recipient: string): readonly Act[] => [
  ...narrowingsOf(seen, recipient, false).map(() => act(seen, "RecordSharingNarrowed", { recipient })),
  act(seen, "RecordTransferStopped", { recipient }),
];

/** Where a request for removal waits, whoever closes says who goes on looking. */
const closing = (seen: Seen): Act => {
  const isWaiting = takedownsOf(seen.state, seen.now).some(({ mayGoOn, isOver }) => mayGoOn && !isOver);
  return { ...act(seen, "CloseCase"), ...(isWaiting ? { needs: ["takedownPlan"] } : {}) };
};

export const closureBlocks = (seen: Seen): readonly Block[] => [
  {
    title: "block.closure",
    cards: standing(seen.state.closure.said).map(({ value, mark }) => ({
      id: `${mark.entry}/${mark.index}`,
      title: value.type === "CaseClosed" ? option("reason", value.reason) : word("block.closure.reopened"),
      marks: [],
      rows: [
        ...rowsOf(value.type === "CaseClosed" ? forms.CloseCase.slice(1) : forms.ReopenCase, value),
        ...byRows(mark.author, mark.recordedAt),
      ],
      acts: [],
    })),
    empty: isFileUnwanted(seen) ? "block.closure.refused" : "block.closure.empty",
    acts: [closing(seen), act(seen, "ReopenCase")].filter(({ closed }) => closed?.type !== "CaseNotClosed"),
  },
  {
    title: "block.transfer",
    cards: transfersOf(seen.state).map(({ value, mark, isStopped }) => ({
      id: `${mark.entry}/${mark.index}`,
      title: { kind: "recipient", recipient: value.recipient },
      marks: [
        ...transferMarks(seen, value.recipient, isStopped),
        ...narrowingMarks(narrowingsOf(seen, value.recipient, isStopped)),
      ],
      rows: [
        ...rowsOf(forms.TransferCase.slice(1), value),
        ...byRows(mark.author, mark.recordedAt),
        ...narrowingRows(narrowingsOf(seen, value.recipient, isStopped)),
      ],
      acts: isStopped ? [] : transferActs(seen, value.recipient),
    })),
    empty: "block.transfer.empty",
    acts: [act(seen, "TransferCase")],
  },
];
