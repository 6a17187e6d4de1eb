/** What a command is: how it is called, what it takes, and what it does. `commands.ts` is the table of them. */

import type { Given } from "./arguments.ts";
import type { Output } from "./output/output.ts";
import type { ExitCode, Terminal } from "./terminal.ts";
import type { Language, Say, TextKey } from "./words.ts";

export type OptionText = {
  /** In capitals what the value is; null for a switch. */
  readonly value: string | null;
  readonly text: TextKey;
};

/** Everything one call of a command has: what was typed, and where its words go. */
export type Call = {
  readonly terminal: Terminal;
  readonly out: Output;
  readonly errors: Output;
  readonly language: Language;
  readonly say: Say;
  readonly given: Given;
};

export type Command = {
  /** The words it is called by: `pack verify`. */
  readonly name: readonly string[];
  /** What stands after the name, in the notation of manuals. */
  readonly usage: string;
  /** One call that works, without the program's name. */
  readonly example: string;
  readonly summary: TextKey;
  /** Anything a reader must know beyond the options. */
  readonly notes: readonly TextKey[];
  /** How many words may stand after the name. */
  readonly wordsMax: number;
  readonly options: Readonly<Record<string, OptionText>>;
  readonly run: (call: Call) => Promise<ExitCode>;
};

/** Options that more than one command has mean the same in each. */
export const sharedOptions = {
  json: { value: null, text: "option.json" },
  pack: { value: "FOLDER", text: "option.pack" },
} as const satisfies Record<string, OptionText>;

/** What every command takes besides its own. */
export const commonOptions = {
  lang: { value: "en|ar|ckb|kmr", text: "option.lang" },
  help: { value: null, text: "option.help" },
} as const satisfies Record<string, OptionText>;

/** JSON for people and machines alike: two spaces, and an end of line. */
export const prettyJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
