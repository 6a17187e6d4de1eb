/** Notes: what was said and seen, in plain words. A correction stands beside what it corrects. */

import { err, ok } from "@amana/kernel";
import type { By } from "../by.ts";
import { mayKeepFile } from "../consent/file.ts";
import type { Context, Decision } from "../context.ts";
import { itemId } from "../plans/items.ts";
import { type Registers, addTo } from "../register.ts";
import { type Command, type EventOf, oneOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";

export const noteEvents = {
  NoteWritten: record({
    note: itemId,
    about: oneOf("case", "safety", "mental-health", "digital", "law", "child-protection", "supervision"),
    text: prose,
  }),
  NoteCorrected: record({ note: itemId, text: prose, because: prose }),
};

export type NoteEvent = EventOf<typeof noteEvents>;

export type NoteCommand =
  Command<"WriteNote", typeof noteEvents.NoteWritten> | Command<"CorrectNote", typeof noteEvents.NoteCorrected>;

export type NotesState = { readonly saidById: Registers<NoteEvent> };

export const noNotes: NotesState = { saidById: new Map() };

export const evolveNotes = (state: NotesState, event: NoteEvent, by: By): NotesState => ({
  saidById: addTo(state.saidById, event.note, event, by),
});

export const decideNotes = (command: NoteCommand, state: CaseState, { now }: Context): Decision => {
  const isThere = state.notes.saidById.has(command.note);
  if (command.type === "CorrectNote") {
    return isThere ? ok([{ ...command, type: "NoteCorrected" }]) : err({ type: "NotThere" });
  }
  if (isThere) return err({ type: "AlreadyThere" });
  const consent = mayKeepFile(state, now);
  return consent.ok ? ok([{ ...command, type: "NoteWritten" }]) : consent;
};
