/**
 * `amana assess --jsonl`: one case a line in, one answer a line out, in the same order.
 *
 * Line n of the output always answers line n of the input. A line that is no case, a blank one
 * included, is answered by `{"error":{"line":n,"problems":[…]}}` and told on stderr; the others keep
 * their answers and the exit code says at the end that something was refused. Memory holds one chunk
 * of input and one of output, however many cases there are.
 */

import { type CompiledPack, type PreparedPack, assess, preparePack } from "@amana/pathway";
import type { Call } from "../command.ts";
import { caseBytesMax, nameOfInput, openInput } from "../input/bytes.ts";
import { type CaseProblem, factsFrom } from "../input/case.ts";
import { type Line, linesOf } from "../input/lines.ts";
import type { LoadedPack } from "../packs.ts";
import { caseProblemLines } from "../problems.ts";
import { type ExitCode, exitCodes } from "../terminal.ts";

/** So much is collected before it is written: large enough to be fast, small enough to be nothing. */
const outputLettersMax = 64 * 1024;

export const assessLines = async (call: Call, loaded: LoadedPack, name: string): Promise<ExitCode> => {
  const place = nameOfInput(name);
  const input = await openInput(name, call.terminal);
  if (!input.ok) return refuseInput(call, loaded.pack, place, input.error);
  const prepared = preparePack(loaded.pack);
  let code: ExitCode = exitCodes.done;
  for await (const batch of linesOf(input.value, caseBytesMax)) {
    if (!batch.ok) return refuseInput(call, loaded.pack, place, batch.error);
    if ((await answerBatch(call, prepared, place, batch.value)) === "some-refused") code = exitCodes.refused;
    // Whoever reads has seen enough; nobody would see the rest.
    if (call.out.isReaderGone()) break;
  }
  return code;
};

const refuseInput = async (call: Call, pack: CompiledPack, place: string, problem: CaseProblem): Promise<ExitCode> => {
  await call.errors.write(caseProblemLines(call.say, pack, place, [problem]));
  return exitCodes.refused;
};

const answerBatch = async (
  call: Call,
  prepared: PreparedPack,
  place: string,
  lines: readonly Line[],
): Promise<"all-answered" | "some-refused"> => {
  let outcome: "all-answered" | "some-refused" = "all-answered";
  let answers = "";
  for (const line of lines) {
    const facts = line.text.ok
      ? factsFrom(prepared.pack, line.text.value)
      : ({ ok: false, error: [line.text.error] } as const);
    if (facts.ok) {
      answers += `${JSON.stringify(assess(prepared, facts.value))}\n`;
    } else {
      outcome = "some-refused";
      answers += `${JSON.stringify({ error: { line: line.number, problems: facts.error } })}\n`;
      await call.errors.write(
        caseProblemLines(call.say, prepared.pack, `${place}:${String(line.number)}`, facts.error),
      );
    }
    if (answers.length > outputLettersMax) {
      await call.out.write(answers);
      answers = "";
      if (call.out.isReaderGone()) return outcome;
    }
  }
  await call.out.write(answers);
  return outcome;
};
