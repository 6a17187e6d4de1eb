/**
 * A row of the list of cases in words, made out before it is drawn: with each letter of a search some are drawn anew, and on a
 * slow phone each element and each text of its own is waited for.
 */

import type { Words } from "../frame/words.ts";
import type { CaseRow } from "../wire/face.ts";

export type RowInWords = {
  readonly log: string;
  readonly isShredded: boolean;
  readonly code: string;
  /** Nothing for a case of which nothing is left. */
  readonly level: "high" | "medium" | "normal" | "unknown" | undefined;
  readonly levelName: string;
  readonly marks: readonly { readonly text: string; readonly isToWatch: boolean }[];
  /** Empty where nothing is due. */
  readonly due: string;
};

export const rowInWords = (row: CaseRow, words: Words, now: number): RowInWords => {
  const { log, isShredded, codes, level } = row;
  const shown = { log, isShredded, marks: marksOf(row, words), due: dueOf(row, words, now) };
  if (isShredded) return { ...shown, code: words.word("cases.shreddedRow"), level: undefined, levelName: "" };
  const levelName = level === undefined ? words.word("level.none") : words.text(`level.${level}.name`);
  return { ...shown, code: codes.join(", "), level: level ?? "unknown", levelName };
};

const marksOf = (row: CaseRow, { word, named }: Words): RowInWords["marks"] => {
  const { match, track, isShredded, isClosed, hasDrafts } = row;
  const [calm, watch] = [(text: string) => ({ text, isToWatch: false }), (text: string) => ({ text, isToWatch: true })];
  return [
    ...(match === undefined || match === "none" ? [] : [watch(named("match", match))]),
    ...(track === "adult" || isShredded ? [] : [calm(named("track", track))]),
    ...(isShredded ? [calm(word("cases.shredded"))] : isClosed ? [calm(word("case.closed"))] : []),
    ...(hasDrafts ? [watch(word("cases.unsent"))] : []),
  ];
};

const dueOf = ({ nextDueAt, nextDueKind }: CaseRow, { word, named, duration }: Words, now: number): string => {
  if (nextDueAt === undefined || nextDueKind === undefined) return "";
  const when = word(nextDueAt < now ? "due.since" : "due.in", { duration: duration(nextDueAt - now) });
  return `${named("due", nextDueKind)}${word("list.separator")}${when}`;
};
