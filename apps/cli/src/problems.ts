/**
 * What is wrong with a case's input, in words: the place, the fact's name, and what would be right.
 * The value that was given is never repeated, because it may be part of a case.
 */

import { exhausted } from "@amana/kernel";
import type { CompiledPack } from "@amana/pathway";
import type { CaseProblem } from "./input/case.ts";
import { printable } from "./output/printable.ts";
import type { Say } from "./words.ts";

/** One sentence behind its place, in the form editors understand: `case.json:3:7: …`. */
const caseProblemInWords = (say: Say, pack: CompiledPack, place: string, problem: CaseProblem): string => {
  const at = "at" in problem && problem.at !== null ? positionIn(place, problem.at) : place;
  return `${at}: ${sentenceOf(say, pack, problem)}`;
};

/** Every problem on its own line. */
export const caseProblemLines = (
  say: Say,
  pack: CompiledPack,
  place: string,
  problems: readonly CaseProblem[],
): string => problems.map((problem) => `${caseProblemInWords(say, pack, place, problem)}\n`).join("");

/** A line of many cases already says its line, and its text has only that one. */
const positionIn = (place: string, at: { readonly line: number; readonly column: number }): string =>
  /:\d+$/.test(place) ? `${place}:${String(at.column)}` : `${place}:${String(at.line)}:${String(at.column)}`;

const sentenceOf = (say: Say, pack: CompiledPack, problem: CaseProblem): string => {
  switch (problem.type) {
    case "FileMissing":
      return say("problem.file-missing");
    case "IsFolder":
      return say("problem.is-folder");
    case "NotReadable":
      return say("problem.not-readable");
    case "NotUtf8":
      return say("problem.not-utf8");
    case "TooLarge":
      return say("problem.too-large", { size: `${String(problem.bytesMax / 1024 / 1024)} MiB` });
    case "Empty":
      return say("problem.empty");
    case "NotJson":
      return say("problem.not-json");
    case "KeyTwice":
      return say("problem.key-twice", { fact: printable(problem.key) });
    case "NotAnObject":
      return say("problem.not-an-object", { example: '{ "age": "child" }' });
    case "FactUnknown":
      return factUnknown(say, pack, printable(problem.fact), problem.nearest);
    case "ValueWrong":
      return say("problem.value-wrong", { fact: problem.fact, allowed: problem.allowed.join(", ") });
    case "ListExpected":
      return say("problem.list-expected", { fact: problem.fact, allowed: problem.allowed.join(", ") });
    case "OneValueExpected":
      return say("problem.one-value-expected", { fact: problem.fact, allowed: problem.allowed.join(", ") });
    case "ListTooLong":
      return say("problem.list-too-long", { fact: problem.fact, allowed: problem.allowed.join(", ") });
    default:
      return exhausted(problem);
  }
};

const factUnknown = (say: Say, pack: CompiledPack, fact: string, nearest: readonly string[]): string => {
  const facts = pack.facts.map(({ id }) => id).join(", ");
  const near =
    nearest.length > 0 ? say("problem.nearest", { facts: nearest.join(", ") }) : say("problem.facts", { facts });
  return [
    say("problem.fact-unknown", { fact }),
    near,
    say("problem.all-facts", { call: "amana pack show questions" }),
  ].join(" ");
};
