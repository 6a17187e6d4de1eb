/**
 * What can be wrong with a pack. A problem says where (file, line, column), what was found and what is
 * allowed there, so that someone who edits a table in a spreadsheet can put it right alone.
 */

/** Named for what is wrong. `describeProblem` turns it into a sentence. */
export type PackProblemType =
  | "FolderUnreadable"
  | "FileMissing"
  | "FileUnreadable"
  | "FileTooLarge"
  | "FileUnexpected"
  | "TableBroken"
  | "TooManyRows"
  | "ColumnsWrong"
  | "ValueWrong"
  | "IdTwice"
  | "ReferenceUnknown"
  | "ConditionWrong"
  | "ConditionNotAllowed"
  | "ConditionCycle"
  | "OverlayWithoutPack"
  | "OverlayOfAnotherPack"
  | "WithdrawnUnknown"
  | "OverlayWeakens"
  | "TextMissing"
  | "TextUnused"
  | "TextEmpty"
  | "TextPlaceholdersDiffer"
  | "ScenarioWrong"
  | "ScenarioFails"
  | "RuleNeverInScenario"
  | "DomainIdNotCovered"
  | "IdVanished";

/** The same shape for every problem, so that the terminal can print it as JSON as well as in words. */
export type PackProblem = {
  readonly type: PackProblemType;
  /** The path as the reader was given it, below the pack's folder. */
  readonly file: string;
  /** From 1, the header being line 1; null where the whole file is meant. */
  readonly line: number | null;
  /** The name of the column, the key of a text, or the path within a scenario. */
  readonly column: string | null;
  readonly value: string | null;
  /** What is allowed or expected there, or the nearest ids; may be empty. */
  readonly allowed: readonly string[];
  /** Where in the value, from 1. Only for conditions. */
  readonly position?: number;
  /** The language of a text. */
  readonly language?: string;
};

/** Where a row came from; overlays keep the place of the row they replace it with. */
export type Place = { readonly file: string; readonly line: number };

/** A problem with one cell of a row. */
export const cellProblem = (
  type: PackProblemType,
  place: Place,
  column: string | null,
  value: string | null,
  allowed: readonly string[] = [],
): PackProblem => ({ type, file: place.file, line: place.line, column, value, allowed });

/** A problem with a whole file. */
export const fileProblem = (
  type: PackProblemType,
  file: string,
  value: string | null = null,
  allowed: readonly string[] = [],
): PackProblem => ({ type, file, line: null, column: null, value, allowed });

const meanings: Readonly<Record<PackProblemType, string>> = {
  FolderUnreadable: "the folder cannot be read",
  FileMissing: "the file is missing",
  FileUnreadable: "the file cannot be read as UTF-8",
  FileTooLarge: "the file is larger than a pack's file may be",
  FileUnexpected: "no table of the format has this name",
  TableBroken: "this is not a well-formed CSV table",
  TooManyRows: "the table has more rows than a pack may have",
  ColumnsWrong: "the columns are not those of the format",
  ValueWrong: "the value is not allowed here",
  IdTwice: "the id is used twice",
  ReferenceUnknown: "nothing has this id",
  ConditionWrong: "the condition cannot be read",
  ConditionNotAllowed: "the condition uses what is not allowed here",
  ConditionCycle: "the condition rests on itself",
  OverlayWithoutPack: "the pack lies over another, which was not given",
  OverlayOfAnotherPack: "the pack lies over another than the one given",
  WithdrawnUnknown: "the row to withdraw is not in the pack below",
  OverlayWeakens: "an overlay may not weaken this",
  TextMissing: "the text is missing",
  TextUnused: "nothing uses this text",
  TextEmpty: "the text is empty",
  TextPlaceholdersDiffer: "the placeholders differ from those of another language",
  ScenarioWrong: "the scenario is not in the format",
  ScenarioFails: "the scenario does not hold",
  RuleNeverInScenario: "no scenario lets this rule fire",
  DomainIdNotCovered: "nothing in the pack covers this id of the guide",
  IdVanished: "the id was released and is gone",
};

/** One line in words: place, what is wrong, what was found, what is allowed. */
export const describeProblem = (problem: PackProblem): string => {
  const line = problem.line === null ? "" : `:${String(problem.line)}`;
  const language = problem.language === undefined ? "" : ` [${problem.language}]`;
  const column = problem.column === null ? "" : ` ${problem.column}:`;
  const value = problem.value === null ? "" : ` "${problem.value}"`;
  const position = problem.position === undefined ? "" : ` at character ${String(problem.position)}`;
  const allowed = problem.allowed.length === 0 ? "" : ` (expected: ${problem.allowed.join(", ")})`;
  return `${problem.file}${line}${language}${column}${value} ${meanings[problem.type]}${position}${allowed}`;
};
