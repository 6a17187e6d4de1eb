/**
 * The pack that answers are given from. The national pack is proved whenever the project is tested; any other
 * is proved here, before it gives its first answer, and refused when it is not safe.
 */

import { compilePack, describeResult, provePack } from "@amana/proof";
import type { Call } from "./command.ts";
import { packProblemLines } from "./pack-problems.ts";
import { type LoadedPack, loadPack } from "./packs.ts";
import { type ExitCode, exitCodes } from "./terminal.ts";

/** Tells what is wrong on the errors' stream and gives the exit code, or gives the pack. */
export const loadForAnswers = async (call: Call): Promise<LoadedPack | { readonly code: ExitCode }> => {
  const folder = call.given.options.get("pack");
  const loaded = loadPack(folder, call.terminal);
  if (!loaded.ok) {
    await call.errors.write(packProblemLines(call.say, call.terminal, loaded.error));
    return { code: exitCodes.refused };
  }
  if (folder === undefined) return loaded.value;
  const { pack, source } = loaded.value;
  const below = source.below === null ? null : compilePack(source.below);
  const results = provePack(pack, { isExact: below === null, below });
  const refuted = results.filter(({ state }) => state !== "proved");
  if (refuted.length === 0) return loaded.value;
  for (const result of refuted) await call.errors.write(`${describeResult(pack, result).join("\n")}\n`);
  await call.errors.write(`amana: ${call.say("pack.not-proved")}\n`);
  return { code: exitCodes.failed };
};
