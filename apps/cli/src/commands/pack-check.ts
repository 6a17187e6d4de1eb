/** `amana pack check`: what is wrong with a pack, with file, line and column. */

import { type PackProblem, checkPack } from "@amana/proof";
import { type Command, prettyJson, sharedOptions } from "../command.ts";
import { fromHere, packProblemLines } from "../pack-problems.ts";
import { type LoadedPack, loadPack } from "../packs.ts";
import { type ExitCode, exitCodes } from "../terminal.ts";

export const packCheckCommand: Command = {
  name: ["pack", "check"],
  usage: "[FOLDER] [--json]",
  example: "pack check",
  summary: "pack-check.summary",
  notes: ["pack.folder"],
  wordsMax: 1,
  options: { json: sharedOptions.json },
  run: async ({ terminal, out, say, given }) => {
    const loaded = loadPack(given.words[0], terminal);
    const problems = loaded.ok ? checkPack(loaded.value.source) : loaded.error;
    if (given.options.has("json")) {
      const pack = loaded.ok ? { id: loaded.value.pack.id, version: loaded.value.pack.version } : null;
      await out.write(prettyJson({ pack, problems: problems.map((problem) => fromHere(terminal, problem)) }));
      return codeOf(problems);
    }
    await out.write(packProblemLines(say, terminal, problems));
    if (problems.length > 0) await out.write(`${say("pack-check.count", { count: String(problems.length) })}\n`);
    else if (loaded.ok) await out.write(`${say("pack-check.fine", namesOf(loaded.value))}\n`);
    return codeOf(problems);
  },
};

/** A folder that is not there is bad use; a pack that is there and wrong has failed its check. */
export const codeOf = (problems: readonly PackProblem[]): ExitCode => {
  if (problems.length === 0) return exitCodes.done;
  return problems.every(({ type }) => type === "FolderUnreadable") ? exitCodes.refused : exitCodes.failed;
};

const namesOf = ({ pack, name }: LoadedPack): Readonly<Record<string, string>> => ({
  name,
  id: pack.id,
  version: pack.version,
});
