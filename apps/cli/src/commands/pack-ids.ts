/** `amana pack ids`: every id a case file may come to hold, as the table that a release records. */

import { storedIds } from "@amana/proof";
import type { Command } from "../command.ts";
import { packProblemLines } from "../pack-problems.ts";
import { loadPack } from "../packs.ts";
import { exitCodes } from "../terminal.ts";
import { codeOf } from "./pack-check.ts";

export const packIdsCommand: Command = {
  name: ["pack", "ids"],
  usage: "[FOLDER]",
  example: "pack ids > ids.csv",
  summary: "pack-ids.summary",
  notes: ["pack.folder"],
  wordsMax: 1,
  options: {},
  run: async ({ terminal, out, errors, say, given }) => {
    const loaded = loadPack(given.words[0], terminal);
    if (!loaded.ok) {
      await errors.write(packProblemLines(say, terminal, loaded.error));
      return codeOf(loaded.error);
    }
    const { source, pack } = loaded.value;
    const rows = storedIds(source).map(({ kind, id }) => `${kind},${id},${pack.version}`);
    await out.write(["kind,id,version", ...rows, ""].join("\n"));
    return exitCodes.done;
  },
};
