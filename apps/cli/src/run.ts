/**
 * Runs one call of `amana`: finds the command, reads its options, runs it, and gives the exit code.
 *
 * Nothing leaves it as an exception. A mistake of ours becomes one calm line that names the place in
 * our code and nothing of the case.
 */

import { exhausted } from "@amana/kernel";
import { readFileSync } from "node:fs";
import { type UseProblem, readArguments } from "./arguments.ts";
import { type Command, commonOptions } from "./command.ts";
import { commands } from "./commands.ts";
import { callOf, helpOfAll, helpOfCommand, helpOfGroup } from "./help.ts";
import { type Output, makeOutput } from "./output/output.ts";
import { type Block, pageText } from "./output/page.ts";
import { printable } from "./output/printable.ts";
import { type ExitCode, type Terminal, exitCodes } from "./terminal.ts";
import { type Language, type Say, isLanguage, languageOfLocale, languages, sayIn } from "./words.ts";

type Session = {
  readonly terminal: Terminal;
  readonly out: Output;
  readonly errors: Output;
  readonly language: Language;
  readonly say: Say;
};

export const runAmana = async (argv: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const language = languageAskedFor(argv) ?? languageOfLocale(terminal.env["LANG"]);
  const say = sayIn(language);
  const out = makeOutput(terminal.stdout);
  const errors = makeOutput(terminal.stderr);
  try {
    const code = await dispatch(commandFirst(argv), { terminal, out, errors, language, say });
    if (!out.hasFailed()) return code;
    await errors.write(`amana: ${say("broken.output")}\n`);
  } catch (error) {
    await errors.write(`amana: ${say("broken.unexpected", { place: placeOf(error) })}\n`);
  }
  return exitCodes.broken;
};

/** Looked for before anything else, so that even a refusal is in the language that was asked for. */
const languageAskedFor = (argv: readonly string[]): Language | undefined => {
  const place = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const asked = argv[place]?.includes("=") === true ? argv[place].slice("--lang=".length) : argv[place + 1];
  return place >= 0 && asked !== undefined && isLanguage(asked) ? asked : undefined;
};

/** Whoever names the language before the command means the same. */
const commandFirst = (argv: readonly string[]): readonly string[] => {
  const [first = "", ...rest] = argv;
  if (first === "--lang" && rest.length > 1) return [...rest.slice(1), first, ...rest.slice(0, 1)];
  return first.startsWith("--lang=") && rest.length > 0 ? [...rest, first] : argv;
};

/** The file and line of our own code where it happened. A message could hold something of a case, so it is not shown. */
const placeOf = (error: unknown): string => {
  const frame = error instanceof Error ? /^ {4}at .*?([^()\s/]+:\d+):\d+\)?$/m.exec(error.stack ?? "")?.[1] : undefined;
  return frame ?? "?";
};

const dispatch = async (argv: readonly string[], session: Session): Promise<ExitCode> => {
  const command = commands.find(({ name }) => name.every((word, index) => argv[index] === word));
  if (command !== undefined) return runCommand(command, argv.slice(command.name.length), session);
  const [first] = argv;
  const group = commands.filter(({ name }) => name.length > 1 && name[0] === first);
  const blocks = group.length > 0 ? helpOfGroup(session, group) : helpOfAll(session, commands);
  const rest = group.length > 0 ? argv.slice(1) : argv;
  if (rest.includes("--help") || rest.includes("-h")) return showHelp(blocks, session);
  if (first === "--version") {
    await session.out.write(`${versionOfAmana()}\n`);
    return exitCodes.done;
  }
  const names = (group.length > 0 ? group : commands).map(({ name }) => name.join(" "));
  const [unknown] = rest;
  const says =
    unknown === undefined
      ? session.say("use.no-command", { commands: names.join(", ") })
      : session.say("use.command-unknown", { given: printable(unknown), commands: names.join(", ") });
  return refuse(says, group.length > 0 ? `${first ?? ""} --help` : "--help", session);
};

const showHelp = async (blocks: readonly Block[], { out, terminal }: Session): Promise<ExitCode> => {
  await out.write(pageText(blocks, terminal.columns));
  return exitCodes.done;
};

const refuse = async (says: string, help: string, { errors, say }: Session): Promise<ExitCode> => {
  await errors.write(`amana: ${says}\n${say("use.see-help", { call: callOf(help) })}\n`);
  return exitCodes.refused;
};

const runCommand = async (command: Command, argv: readonly string[], session: Session): Promise<ExitCode> => {
  const { say } = session;
  const help = `${command.name.join(" ")} --help`;
  const given = readArguments(argv, { ...command.options, ...commonOptions });
  if (!given.ok) return refuse(useProblemInWords(say, given.error), help, session);
  if (given.value.options.has("help")) return showHelp(helpOfCommand(session, command), session);
  const asked = given.value.options.get("lang");
  if (asked !== undefined && !isLanguage(asked)) {
    return refuse(say("use.value-wrong", { option: "--lang", allowed: languages.join(", ") }), help, session);
  }
  // As a path it would stand for the folder that somebody happens to be in.
  if (given.value.words.includes("")) return refuse(say("use.word-empty"), help, session);
  const extra = given.value.words[command.wordsMax];
  if (extra !== undefined) return refuse(say("use.word-extra", { given: printable(extra) }), help, session);
  return command.run({ ...session, given: given.value });
};

const useProblemInWords = (say: Say, problem: UseProblem): string => {
  const option = printable(problem.option);
  switch (problem.type) {
    case "OptionUnknown":
      return say("use.option-unknown", { option, allowed: problem.allowed.join(", ") });
    case "OptionTwice":
      return say("use.option-twice", { option });
    case "ValueMissing":
      return say("use.value-missing", { option, value: problem.value });
    case "ValueNotTaken":
      return say("use.value-not-taken", { option });
    default:
      return exhausted(problem);
  }
};

const versionOfAmana = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "?";
};
