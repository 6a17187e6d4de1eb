/** The figures as a table for people, and as JSON for machines. */

import type { Benchmark, Figure } from "./benchmark.ts";

/** `ratio` is how many times less ours is than the nearest peer beside it. */
export const asJson = (figures: readonly Figure[]): string =>
  JSON.stringify(
    figures.map(({ name, unit, ours, peers, ratio }) => ({ name, unit, ours, peers, ratio })),
    null,
    2,
  );

const columns = ["what", "ours", "peer", "its figure", "ratio", "aim"] as const;

export const asTable = ({
  benchmark,
  figures,
}: {
  readonly benchmark: Benchmark;
  readonly figures: readonly Figure[];
}): string => {
  const rows = figures.flatMap(rowsOf);
  const widths = columns.map((column, place) => Math.max(column.length, ...rows.map((row) => row[place]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, place) => cell.padEnd(widths[place] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    benchmark.name,
    "",
    line(columns),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
    "",
    ...benchmark.notes.map((note) => `  ${note}`),
    "",
  ].join("\n");
};

const rowsOf = (figure: Figure): readonly (readonly string[])[] => {
  const what = `${figure.name} (${figure.unit})`;
  const aim = figure.aim === undefined ? "" : `${figure.aim.says} ${figure.aim.isReached ? "reached" : "NOT REACHED"}`;
  const ratio = figure.ratio === null ? "" : `${inDigits(figure.ratio)}×`;
  const peers = Object.entries(figure.peers);
  if (peers.length === 0) return [[what, inDigits(figure.ours), "", "", ratio, aim]];
  return peers.map(([peer, value]) => [what, inDigits(figure.ours), peer, inDigits(value), ratio, aim]);
};

/** Three digits that mean something, and whole numbers above them. */
const inDigits = (value: number): string => (value >= 100 ? String(Math.round(value)) : value.toPrecision(3));
