/**
 * Reads what stands after a command's name: options that the command has, and nothing else.
 *
 * Strict on purpose: an option that is unknown, given twice or without its value is refused, because
 * a word that is passed over could have been the one that mattered.
 */

import { type Result, err, ok } from "@amana/kernel";
import { parseArgs } from "node:util";

/** An option with a value names in capitals what the value is; a switch has none. */
export type OptionShape = { readonly value: string | null };
export type OptionShapes = Readonly<Record<string, OptionShape>>;

export type UseProblem =
  | { readonly type: "OptionUnknown"; readonly option: string; readonly allowed: readonly string[] }
  | { readonly type: "OptionTwice"; readonly option: string }
  | { readonly type: "ValueMissing"; readonly option: string; readonly value: string }
  | { readonly type: "ValueNotTaken"; readonly option: string };

export type Given = {
  readonly words: readonly string[];
  /** Values by option; a switch that is given has the value "". */
  readonly options: ReadonlyMap<string, string>;
};

export const readArguments = (argv: readonly string[], shapes: OptionShapes): Result<Given, UseProblem> => {
  const config = Object.fromEntries(
    Object.entries(shapes).map(([name, { value }]) => [name, { type: value === null ? "boolean" : "string" } as const]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...config, help: { type: "boolean", short: "h" } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const options = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const problem = problemOf(token, shapes, options);
    if (problem !== undefined) return err(problem);
    options.set(token.name, token.value ?? "");
  }
  return ok({ words, options });
};

type OptionToken = {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
};

const problemOf = (
  token: OptionToken,
  shapes: OptionShapes,
  before: ReadonlyMap<string, string>,
): UseProblem | undefined => {
  const { name, rawName: option, value, inlineValue } = token;
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (shape === undefined) {
    return { type: "OptionUnknown", option, allowed: Object.keys(shapes).map((known) => `--${known}`) };
  }
  if (before.has(name)) return { type: "OptionTwice", option };
  if (shape.value === null) return inlineValue === true ? { type: "ValueNotTaken", option } : undefined;
  const looksLikeOption = inlineValue !== true && value !== undefined && value.length > 1 && value.startsWith("-");
  const isMissing = value === undefined || value === "" || looksLikeOption;
  return isMissing ? { type: "ValueMissing", option, value: shape.value } : undefined;
};
