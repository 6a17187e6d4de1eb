/** Help: of the program, of a group of commands, of one command. Each shows one call that works. */

import { type Command, commonOptions } from "./command.ts";
import { type Block, heading, paragraph } from "./output/page.ts";
import { type Language, type Say, isolate } from "./words.ts";

/** How the terminal is reached in a checkout; `--silent` keeps npm's own lines out of the output. */
export const callOf = (rest: string): string => `npm run --silent amana -- ${rest}`;

type Speech = { readonly say: Say; readonly language: Language };

export const helpOfAll = ({ say, language }: Speech, commands: readonly Command[]): readonly Block[] => [
  paragraph(0, say("help.title")),
  heading(say("help.commands")),
  ...commands.flatMap((command) => summaryOf({ say, language }, command)),
  heading(say("help.options")),
  ...optionBlocks({ say, language }, { ...commonOptions, version: { value: null, text: "option.version" } }),
  heading(say("help.example")),
  ...exampleBlocks(language, commands[0]),
  heading(say("help.exit-codes")),
  paragraph(1, say("help.exit-codes-text")),
];

/** The commands that share a first word, such as those of `pack`. */
export const helpOfGroup = ({ say, language }: Speech, group: readonly Command[]): readonly Block[] => [
  heading(say("help.commands")),
  ...group.flatMap((command) => summaryOf({ say, language }, command)),
  heading(say("help.example")),
  ...exampleBlocks(language, group[0]),
];

export const helpOfCommand = ({ say, language }: Speech, command: Command): readonly Block[] => [
  paragraph(0, isolate(language, `amana ${command.name.join(" ")} ${command.usage}`.trimEnd())),
  paragraph(0, say(command.summary)),
  ...command.notes.map((note) => paragraph(0, say(note))),
  heading(say("help.options")),
  ...optionBlocks({ say, language }, { ...command.options, ...commonOptions }),
  heading(say("help.example")),
  ...exampleBlocks(language, command),
];

const summaryOf = ({ say, language }: Speech, { name, usage, summary }: Command): readonly Block[] => [
  paragraph(1, isolate(language, `${name.join(" ")} ${usage}`.trimEnd())),
  paragraph(3, say(summary)),
];

const optionBlocks = ({ say, language }: Speech, options: Command["options"]): readonly Block[] =>
  Object.entries(options).flatMap(([name, { value, text }]) => [
    paragraph(1, isolate(language, value === null ? `--${name}` : `--${name} ${value}`)),
    paragraph(3, say(text)),
  ]);

const exampleBlocks = (language: Language, command: Command | undefined): readonly Block[] =>
  command === undefined ? [] : [paragraph(1, isolate(language, callOf(command.example)))];
