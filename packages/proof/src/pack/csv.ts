/** One CSV file as rows of cells, each with its line. Strict: what a spreadsheet would guess at is refused. */

import { type Result, err, ok } from "@amana/kernel";
import { CsvError, parse } from "csv-parse/sync";
import { type PackProblem, fileProblem } from "./problem.ts";

export type CsvRow = {
  /** From 1, the header being line 1; the first line of a row that spans several. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
};

const rowsMax = 20_000;

type Columns = { readonly required: readonly string[]; readonly file: string };

/** Rows by column name. The header must name exactly the required columns, in any order. */
export const readCsv = (
  text: string,
  { required, file }: Columns,
): Result<readonly CsvRow[], readonly PackProblem[]> => {
  const parsed = recordsOf(text, file);
  if (!parsed.ok) return parsed;
  const [header, ...records] = parsed.value;
  const columns = header?.cells.map((cell) => cell.trim()) ?? [];
  const problems = headerProblems(columns, required, file);
  if (problems.length > 0) return err(problems);
  if (records.length > rowsMax)
    return err([fileProblem("TooManyRows", file, String(records.length), [`at most ${String(rowsMax)}`])]);
  const rows: CsvRow[] = [];
  for (const { line, cells } of records) {
    if (cells.every((cell) => cell.trim() === "")) continue;
    if (cells.length !== columns.length) {
      const allowed = [`${String(columns.length)} cells: ${columns.join(",")}`];
      problems.push({ ...fileProblem("TableBroken", file, `${String(cells.length)} cells`, allowed), line });
      continue;
    }
    rows.push({ line, cells: Object.fromEntries(columns.map((column, place) => [column, cells[place] ?? ""])) });
  }
  return problems.length > 0 ? err(problems) : ok(rows);
};

type RecordWithInfo = { readonly record: readonly string[]; readonly info: { readonly lines: number } };
type CsvRecord = { readonly line: number; readonly cells: readonly string[] };

const recordsOf = (text: string, file: string): Result<readonly CsvRecord[], readonly PackProblem[]> => {
  try {
    // The lines of a cell are counted only when they end in one character.
    const plain = text.replace(/\r\n?/g, "\n");
    const records: unknown[] = parse(plain, { bom: true, info: true, relax_column_count: true });
    let before = 0;
    return ok(
      // With `info` the parser gives each record together with where it has got to.
      (records as readonly RecordWithInfo[]).map(({ record, info }) => {
        const line = before + 1;
        before = info.lines;
        return { line, cells: record };
      }),
    );
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    const line = typeof thrown["lines"] === "number" ? thrown["lines"] : null;
    const allowed = ["quotes around a cell that holds a comma, a quote or a line break, and inner quotes doubled"];
    return err([{ ...fileProblem("TableBroken", file, thrown.code, allowed), line }]);
  }
};

const headerProblems = (columns: readonly string[], required: readonly string[], file: string): PackProblem[] => {
  const missing = required.filter((column) => !columns.includes(column));
  const unknown = columns.filter((column, place) => !required.includes(column) || columns.indexOf(column) !== place);
  return [...missing.map((column) => `no column ${column}`), ...unknown.map((column) => `column ${column}`)].map(
    (value) => ({ ...fileProblem("ColumnsWrong", file, value, required), line: 1 }),
  );
};
