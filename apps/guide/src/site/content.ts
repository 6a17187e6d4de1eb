/**
 * What the pages are made from: the pack's tables and texts as the build hands them over, and the
 * guide's own words. Everything here is read once at build time; no page asks for anything later.
 */

import type { Language } from "@amana/ui";
import type englishWords from "../../texts/en.json";

/** The guide's own words: buttons, labels, the few sentences that are about the guide itself. */
export type WordKey = keyof typeof englishWords;
export type Words = Readonly<Record<WordKey, string>>;

/** A row of a pack's table by its columns. A column that may be empty is "". */
export type Row = Readonly<Record<string, string>>;

export type PackTables = {
  readonly pack: ReadonlyMap<string, string>;
  readonly languages: readonly Row[];
  readonly sources: readonly Row[];
  readonly facts: readonly Row[];
  readonly levels: readonly Row[];
  readonly riskRules: readonly Row[];
  readonly gates: readonly Row[];
  readonly gateRules: readonly Row[];
  readonly actions: readonly Row[];
  readonly actionRules: readonly Row[];
  readonly tools: readonly Row[];
  readonly toolSteps: readonly Row[];
  readonly limitRules: readonly Row[];
  readonly contacts: readonly Row[];
  readonly contactRules: readonly Row[];
  readonly contradictions: readonly Row[];
  readonly governorates: readonly Row[];
  readonly harms: readonly Row[];
  readonly pages: readonly Row[];
};

/** Everything one page in one language is rendered with. */
export type Content = {
  readonly language: Language;
  readonly tables: PackTables;
  /** A text of the pack. A missing one stops the build, which names its key and language. */
  readonly text: (key: string) => string;
  /** A text that a pack may leave out. */
  readonly optionalText: (key: string) => string | undefined;
  readonly words: Words;
};

/** A text as it is said to whoever asks: to oneself in words of one's own, where the pack has them. */
export const textFor = (
  { text, optionalText }: Pick<Content, "text" | "optionalText">,
  key: string,
  asking: "self" | "other",
): string => (asking === "self" ? optionalText(`${key}.self`) : undefined) ?? text(key);

/** A value of a column that every row has; the pack check has refused a table without it. */
export const cell = (row: Row, column: string): string => {
  const value = row[column];
  if (value === undefined) throw new Error(`A table of the pack lacks the column ${column}.`);
  return value;
};

/** Several values in one cell stand with spaces between. */
export const cells = (row: Row, column: string): readonly string[] =>
  cell(row, column)
    .split(" ")
    .filter((part) => part !== "");
