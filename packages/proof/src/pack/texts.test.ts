/** Texts: none missing, none unused, none empty, none that says less in one language than in another. */

import { assert } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import { compileTexts } from "../compile/texts.ts";
import { nationalFiles } from "../testing/national.ts";
import { parsePack } from "./read.ts";
import type { PackSource } from "./source.ts";
import { requiredTextKeys } from "./text-keys.ts";
import { checkTexts } from "./texts.ts";

const tables = new Map([...nationalFiles()].filter(([name]) => !name.startsWith("texts/")));
const languages = ["en", "ar", "ckb", "kmr"];

const sourceWith = (texts: Readonly<Record<string, string>>): PackSource => {
  const source = parsePack("pack", new Map([...tables, ...Object.entries(texts)]));
  assert(source.ok, "the test's pack is refused");
  return source.value;
};

/** Every text that the pack needs, in every language, all of them "words {name}". */
const complete = (): Record<string, string> => {
  const keys = [...requiredTextKeys(sourceWith({}))];
  const content = `key,text\n${keys.map((key) => `${key},words {name}`).join("\n")}\n`;
  return Object.fromEntries(languages.map((language) => [`texts/${language}/rules.csv`, content]));
};

const problemsAfter = (language: string, before: string, after: string) => {
  const texts = complete();
  const name = `texts/${language}/rules.csv`;
  texts[name] = (texts[name] ?? "").replace(before, after);
  return checkTexts(sourceWith(texts));
};

describe("texts", () => {
  it("that are all there in every language have no problem", () => {
    expect(checkTexts(sourceWith(complete()))).toEqual([]);
  });

  it("that are missing are named with language and key", () => {
    expect(problemsAfter("ckb", "level.high.name,words {name}\n", "")).toMatchObject([
      { type: "TextMissing", language: "ckb", column: "level.high.name", file: "pack/texts/ckb" },
    ]);
  });

  it("that nobody uses are named", () => {
    expect(problemsAfter("ar", "level.high.name,", "level.highest.name,words\nlevel.high.name,")).toMatchObject([
      { type: "TextUnused", language: "ar", column: "level.highest.name", file: "pack/texts/ar/rules.csv" },
    ]);
  });

  it("that one language has and the others lack are missing in those", () => {
    const problems = problemsAfter("en", "level.high.name,", "rule.track-child,words {name}\nlevel.high.name,");
    expect(problems.map(({ type, language }) => `${type} ${String(language)}`)).toEqual([
      "TextMissing ar",
      "TextMissing ckb",
      "TextMissing kmr",
    ]);
  });

  it("by which people search belong to what the pack has, and to every language", () => {
    const withWords = (key: string) => problemsAfter("en", "level.high.name,", `search.${key},a b\nlevel.high.name,`);
    for (const key of ["harm.hacking", "tool.T-insm", "contact.A-nss", "page.numbers", "page.need-help.safe"]) {
      expect(withWords(key).map(({ type, language }) => `${type} ${String(language)}`)).toEqual([
        "TextMissing ar",
        "TextMissing ckb",
        "TextMissing kmr",
      ]);
    }
    for (const key of ["harm.nothing", "page.need-help.danger", "action.follow-up"]) {
      expect(withWords(key)).toMatchObject([{ type: "TextUnused", language: "en", column: `search.${key}` }]);
    }
  });

  it("for oneself stand beside what is said about a person, and in every language", () => {
    const withOwn = (key: string) =>
      problemsAfter("en", "level.high.name,", `${key}.self,words {name}\nlevel.high.name,`);
    for (const key of [
      "rule.R-removal",
      "gate.law-report.name",
      "fact.age.why",
      "group.choice",
      "page.tools.age-child",
    ]) {
      expect(withOwn(key).map(({ type, language }) => `${type} ${String(language)}`)).toEqual([
        "TextMissing ar",
        "TextMissing ckb",
        "TextMissing kmr",
      ]);
    }
    for (const key of ["rule.R-nobody", "action.follow-up.how", "fact.age.how"]) {
      expect(withOwn(key)).toMatchObject([{ type: "TextUnused", language: "en", column: `${key}.self` }]);
    }
  });

  it("that are empty are named", () => {
    expect(problemsAfter("kmr", "level.high.name,words {name}", "level.high.name,")).toMatchObject([
      { type: "TextEmpty", language: "kmr", column: "level.high.name" },
    ]);
  });

  it("whose placeholders differ from the first language's are named, and so are braces that do not close", () => {
    expect(problemsAfter("ar", "level.high.name,words {name}", "level.high.name,words {nom}")).toMatchObject([
      { type: "TextPlaceholdersDiffer", language: "ar", column: "level.high.name", allowed: ["name"] },
    ]);
    expect(problemsAfter("ar", "level.high.name,words {name}", "level.high.name,words {name")).toMatchObject([
      { type: "TextPlaceholdersDiffer", language: "ar" },
    ]);
  });

  it("are refused when a key is given twice, or an area does not exist", () => {
    const twice = { "texts/en/rules.csv": "key,text\nlevel.high.name,a\nlevel.high.name,b\n" };
    const read = parsePack("pack", new Map([...tables, ...Object.entries(twice)]));
    expect(read.ok ? [] : read.error).toMatchObject([{ type: "IdTwice", line: 3, value: "level.high.name" }]);
    const area = parsePack("pack", new Map([...tables, ["texts/en/rule.csv", "key,text\n"]]));
    expect(area.ok ? [] : area.error).toMatchObject([{ type: "FileUnexpected", value: "rule" }]);
  });

  it("of one language go into a bundle in the order of their keys, and only those asked for", () => {
    const source = sourceWith({
      "texts/en/rules.csv": "key,text\nlevel.high.name,High\naction.x.title,X\nlevel.high.means,Now\n",
    });
    expect(Object.entries(compileTexts(source, "en", (key) => key.startsWith("level.")))).toEqual([
      ["level.high.means", "Now"],
      ["level.high.name", "High"],
    ]);
  });
});
