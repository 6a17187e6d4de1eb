/** `amana pack verify`: the proof that a pack is safe for every possible case, or the case in which it is not. */

import type { Facts } from "@amana/pathway";
import {
  type PropertyResult,
  type TextsToRead,
  compilePack,
  describeResult,
  provePack,
  textsToRead,
} from "@amana/proof";
import { type Call, type Command, prettyJson, sharedOptions } from "../command.ts";
import { packProblemLines, fromHere } from "../pack-problems.ts";
import { type LoadedPack, loadPack, textsOf } from "../packs.ts";
import { type ExitCode, exitCodes } from "../terminal.ts";
import { type View, factInWords, viewOf } from "../view.ts";
import { codeOf } from "./pack-check.ts";

export const packVerifyCommand: Command = {
  name: ["pack", "verify"],
  usage: "[FOLDER] [--json]",
  example: "pack verify",
  summary: "pack-verify.summary",
  notes: ["pack.folder"],
  wordsMax: 1,
  options: { json: sharedOptions.json },
  run: async (call) => {
    const { terminal, out, say, given } = call;
    const loaded = loadPack(given.words[0], terminal);
    if (loaded.ok) return verify(call, loaded.value);
    // What cannot be read cannot be proved: it fails with its problems, as `pack check` tells them.
    const problems = loaded.error.map((problem) => fromHere(terminal, problem));
    const asJson = given.options.has("json");
    await out.write(
      asJson ? prettyJson({ pack: null, isProved: false, problems }) : packProblemLines(say, terminal, problems),
    );
    return codeOf(problems);
  },
};

const verify = async (call: Call, loaded: LoadedPack): Promise<ExitCode> => {
  const { terminal, out, given } = call;
  const { pack, source } = loaded;
  const startedAt = terminal.milliseconds();
  // A pack laid over another may be more careful than the domain asks, never less.
  const below = source.below === null ? null : compilePack(source.below);
  const results = provePack(pack, { isExact: below === null, below, clock: terminal.milliseconds });
  const toRead = textsToRead(source);
  const milliseconds = Math.round(terminal.milliseconds() - startedAt);
  const isProved = results.every(({ state }) => state === "proved");
  if (given.options.has("json")) {
    const { id, version } = pack;
    await out.write(prettyJson({ pack: { id, version }, isProved, milliseconds, properties: results, toRead }));
  } else {
    const view = viewOf(pack, textsOf(loaded, call.language), call.language, "other");
    for (const result of results) await out.write(`${linesOf(view, result).join("\n")}\n`);
    await out.write(`\n${summary(view, results, milliseconds)}\n`);
    await out.write(linesToRead(view, toRead).join(""));
  }
  return isProved ? exitCodes.done : exitCodes.failed;
};

/** The result by ids, for whoever edits the tables, and its case once more in words. */
const linesOf = (view: View, result: PropertyResult): readonly string[] => {
  const lines = describeResult(view.pack, result);
  const { counterexample } = result;
  if (counterexample === undefined) return lines;
  const cases = [counterexample.facts, ...(counterexample.factsAfter === undefined ? [] : [counterexample.factsAfter])];
  const inWords = cases.map(
    (facts) => `        ${view.say("pack-verify.case-in-words", { facts: caseInWords(view, facts) })}`,
  );
  return [...lines, ...inWords];
};

const caseInWords = (view: View, facts: Facts): string => {
  const known = Object.entries(facts).map(([fact, value]) => factInWords(view, fact, value));
  return known.length === 0 ? view.say("pack-verify.nothing-known") : known.join(view.say("list.semicolon"));
};

const summary = ({ say }: View, results: readonly PropertyResult[], milliseconds: number): string => {
  const count = String(results.length);
  const seconds = (milliseconds / 1000).toFixed(1);
  const refuted = results.filter(({ state }) => state === "refuted").length;
  if (refuted > 0) return say("pack-verify.refuted", { count, refuted: String(refuted), seconds });
  const claims = results.reduce((sum, result) => sum + result.claims, 0);
  return say("pack-verify.proved", { count, claims: String(claims), seconds });
};

/** Named by ids and keys, under which they stand in the tables; nothing where nothing is left to read. */
const linesToRead = ({ say }: View, { actions, texts }: TextsToRead): readonly string[] => {
  const keys = Object.entries(texts).flatMap(([language, ofLanguage]) => ofLanguage.map((key) => `${language} ${key}`));
  const items = [...actions, ...keys];
  return items.length === 0 ? [] : [`\n${say("pack-verify.to-read")}\n`, ...items.map((item) => `        ${item}\n`)];
};
