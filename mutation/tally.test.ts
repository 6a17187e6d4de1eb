/** What a figure of mutation counts, and what it does not. */

import { expect, test } from "vitest";
import { noticed, sumOf, tallyOf } from "./tally.ts";

const report = (statuses: readonly string[]) => ({
  files: { "a.ts": { mutants: statuses.map((status) => ({ status })) } },
});

test("a change that no test reaches counts as one that no test noticed", () => {
  const tally = tallyOf(report(["Killed", "Timeout", "Survived", "NoCoverage"]));
  expect(noticed(tally)).toBe(50);
});

test("a change that does not compile, or that is left out, counts neither way", () => {
  const tally = tallyOf(report(["Killed", "CompileError", "Ignored"]));
  expect(noticed(tally)).toBe(100);
});

test("groups are summed by their changes, and not by their percentages", () => {
  const large = tallyOf(report([...Array<string>(9).fill("Survived"), "Killed"]));
  const small = tallyOf(report(["Killed"]));
  expect(noticed(sumOf([large, small]))).toBeCloseTo(18.18, 2);
});

test("where nothing was changed nothing was noticed", () => {
  expect(noticed(tallyOf(report([])))).toBe(0);
});
