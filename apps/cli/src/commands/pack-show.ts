/** `amana pack show`: a pack for reading, whole or one kind of thing at a time. */

import { type Call, type Command, prettyJson, sharedOptions } from "../command.ts";
import { heading, pageText, paragraph } from "../output/page.ts";
import { printable } from "../output/printable.ts";
import { isSection, sectionNames, sections } from "../pack-sections.ts";
import { packProblemLines } from "../pack-problems.ts";
import { type LoadedPack, loadPack, textsOf } from "../packs.ts";
import { type ExitCode, exitCodes } from "../terminal.ts";
import { type View, viewOf } from "../view.ts";
import { isolate } from "../words.ts";

export const packShowCommand: Command = {
  name: ["pack", "show"],
  usage: "[FOLDER] [rules|gates|actions|tools|contacts|harms|questions] [--json]",
  example: "pack show questions",
  summary: "pack-show.summary",
  notes: ["pack.folder"],
  wordsMax: 2,
  options: { json: sharedOptions.json },
  run: async (call) => {
    const words = wordsOf(call.given.words);
    if (words === undefined) {
      const given = printable(call.given.words.at(-1) ?? "");
      await call.errors.write(
        `amana: ${call.say("pack-show.section-wrong", { given, allowed: sectionNames.join(", ") })}\n`,
      );
      return exitCodes.refused;
    }
    const loaded = loadPack(words.folder, call.terminal);
    if (!loaded.ok) {
      await call.errors.write(packProblemLines(call.say, call.terminal, loaded.error));
      return exitCodes.refused;
    }
    return show(call, loaded.value, words.section);
  },
};

type Words = { readonly folder: string | undefined; readonly section: keyof typeof sections | undefined };

/** A word that names a section is one; a folder with such a name is written with a path, `./rules`. */
const wordsOf = ([first, second]: readonly string[]): Words | undefined => {
  if (first === undefined) return { folder: undefined, section: undefined };
  if (second === undefined) {
    return isSection(first) ? { folder: undefined, section: first } : { folder: first, section: undefined };
  }
  return isSection(second) ? { folder: first, section: second } : undefined;
};

const show = async (call: Call, loaded: LoadedPack, section: Words["section"]): Promise<ExitCode> => {
  const view = viewOf(loaded.pack, textsOf(loaded, call.language), call.language, "other");
  const { id, version } = loaded.pack;
  if (call.given.options.has("json")) {
    const shown = section === undefined ? sectionNames : ([section] as const);
    const parts = Object.fromEntries(shown.map((name) => [name, sections[name].rows(view, loaded)]));
    await call.out.write(prettyJson({ pack: { id, version, name: loaded.name }, ...parts }));
    return exitCodes.done;
  }
  const blocks = section === undefined ? overview(view, loaded) : sections[section].blocks(view, loaded);
  const title = paragraph(0, view.say("pack.line", { name: loaded.name, id, version }));
  await call.out.write(pageText([title, ...blocks], call.terminal.columns));
  return exitCodes.done;
};

const overview = (view: View, loaded: LoadedPack) => [
  heading(view.say("pack-show.contents")),
  ...sectionNames.map((name) => {
    const count = String(sections[name].rows(view, loaded).length);
    const values = { section: view.say(sections[name].title), count, word: name };
    return paragraph(1, view.say("pack-show.count", values));
  }),
  heading(view.say("pack-show.languages")),
  ...loaded.source.tables.languages.map((row) =>
    paragraph(
      1,
      view.say(row.review === "reviewed" ? "pack-show.reviewed" : "pack-show.awaiting-review", {
        name: row.name,
        id: row.id,
      }),
    ),
  ),
  heading(view.say("pack-show.sources")),
  ...loaded.source.tables.sources.map((row) =>
    paragraph(
      1,
      isolate(view.language, [row.title, row.publisher, row.year, row.url].filter((part) => part !== "").join(", ")),
      "- ",
    ),
  ),
];
