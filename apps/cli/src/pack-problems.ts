/** What is wrong with a pack, in words: file, line and column first, as editors understand them. */

import type { PackProblem } from "@amana/proof";
import { relative } from "node:path";
import { printable } from "./output/printable.ts";
import type { Terminal } from "./terminal.ts";
import type { Say } from "./words.ts";

/** The same problem with its file as the person would name it from where they stand. */
export const fromHere = (terminal: Terminal, problem: PackProblem): PackProblem => {
  const path = relative(terminal.folder, problem.file);
  const isNear = path !== "" && !path.startsWith("../../..");
  return { ...problem, file: isNear ? path : problem.file };
};

/** One line for one problem. */
const packProblemInWords = (say: Say, problem: PackProblem): string => {
  const line = problem.line === null ? "" : `:${String(problem.line)}`;
  const place = [
    `${problem.file}${line}:`,
    ...(problem.language === undefined ? [] : [`[${problem.language}]`]),
    ...(problem.column === null ? [] : [`${problem.column}:`]),
    ...(problem.value === null ? [] : [`"${printable(problem.value)}"`]),
  ];
  const { position, allowed } = problem;
  const words = [
    say(`pack-problem.${problem.type}`),
    ...(position === undefined ? [] : [say("pack-check.position", { position: String(position) })]),
    ...(allowed.length === 0 ? [] : [say("pack-check.expected", { allowed: allowed.join(", ") })]),
  ];
  return [...place, ...words].join(" ");
};

/** Every problem on its own line. */
export const packProblemLines = (say: Say, terminal: Terminal, problems: readonly PackProblem[]): string =>
  problems.map((problem) => `${packProblemInWords(say, fromHere(terminal, problem))}\n`).join("");
