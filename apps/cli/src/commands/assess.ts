/** `amana assess`: from the facts of a case to what to do now. */

import { assess, preparePack } from "@amana/pathway";
import { answerPage } from "../answer/answer-page.ts";
import { type Call, type Command, prettyJson, sharedOptions } from "../command.ts";
import { nameOfInput, readText, standardInput } from "../input/bytes.ts";
import { type CaseProblem, factsFrom } from "../input/case.ts";
import { pageText } from "../output/page.ts";
import { loadForAnswers } from "../packs-for-answers.ts";
import { type LoadedPack, textsOf } from "../packs.ts";
import { caseProblemLines } from "../problems.ts";
import { type ExitCode, exitCodes } from "../terminal.ts";
import { viewOf, voiceOf } from "../view.ts";
import { assessLines } from "./assess-lines.ts";

export const assessCommand: Command = {
  name: ["assess"],
  usage: "FILE|- [--json] [--pack FOLDER]   |   --jsonl [FILE|-]",
  example: "assess case.json --lang ar",
  summary: "assess.summary",
  notes: ["assess.facts", "assess.lines"],
  wordsMax: 1,
  options: {
    json: { value: null, text: "assess.json" },
    jsonl: { value: null, text: "assess.jsonl" },
    pack: sharedOptions.pack,
  },
  run: async (call) => {
    const isLines = call.given.options.has("jsonl");
    const name = call.given.words[0] ?? (isLines ? standardInput : undefined);
    if (name === undefined) {
      await call.errors.write(`amana: ${call.say("assess.file-missing")}\n`);
      return exitCodes.refused;
    }
    const loaded = await loadForAnswers(call);
    if ("code" in loaded) return loaded.code;
    return isLines ? assessLines(call, loaded, name) : assessOne(call, loaded, name);
  },
};

const assessOne = async (call: Call, loaded: LoadedPack, name: string): Promise<ExitCode> => {
  const text = await readText(name, call.terminal);
  if (!text.ok) return refuse(call, loaded, name, [text.error]);
  const facts = factsFrom(loaded.pack, text.value);
  if (!facts.ok) return refuse(call, loaded, name, facts.error);
  const answer = assess(preparePack(loaded.pack), facts.value);
  if (call.given.options.has("json")) {
    await call.out.write(prettyJson(answer));
    return exitCodes.done;
  }
  const view = viewOf(loaded.pack, textsOf(loaded, call.language), call.language, voiceOf(facts.value));
  await call.out.write(pageText(answerPage(view, answer, loaded.name), call.terminal.columns));
  return exitCodes.done;
};

const refuse = async (
  { say, errors }: Call,
  { pack }: LoadedPack,
  name: string,
  problems: readonly CaseProblem[],
): Promise<ExitCode> => {
  await errors.write(caseProblemLines(say, pack, nameOfInput(name), problems));
  return exitCodes.refused;
};
