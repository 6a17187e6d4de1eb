/**
 * The texts of a pack: `texts/<language>/<area>.csv`. Reading them finds only tables that are broken;
 * `checkTexts` says what is missing, unused, empty or differs between the languages.
 */

import { readCsv } from "./csv.ts";
import { type PackProblem, cellProblem, fileProblem } from "./problem.ts";
import type { PackFiles, PackSource, Report, Text, Texts } from "./source.ts";
import { allowedTextKeys, requiredTextKeys } from "./text-keys.ts";

const areas: readonly string[] = ["facts", "rules", "actions", "tools", "harms", "pages", "search"];

const path = /^texts\/([^/]+)\/([^/]+)\.csv$/;

/** All texts of the files, laid over those below; a key with a leading `-` withdraws. */
export const readTexts = (folder: string, files: PackFiles, below: Texts | null, report: Report): Texts => {
  const texts = new Map([...(below ?? [])].map(([language, keys]) => [language, new Map(keys)]));
  for (const [name, content] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const [, language, area] = path.exec(name) ?? [];
    if (language === undefined || area === undefined) continue;
    const file = `${folder}/${name}`;
    if (!areas.includes(area)) {
      report(fileProblem("FileUnexpected", file, area, areas));
    }
    const ofLanguage = texts.get(language) ?? new Map<string, Text>();
    texts.set(language, ofLanguage);
    readTextFile(file, content, below !== null, ofLanguage, report);
  }
  return texts;
};

const readTextFile = (
  file: string,
  content: string,
  isOverlay: boolean,
  into: Map<string, Text>,
  report: Report,
): void => {
  const rows = readCsv(content, { required: ["key", "text"], file });
  if (!rows.ok) {
    rows.error.forEach(report);
    return;
  }
  const seen = new Map<string, number>();
  for (const { line, cells } of rows.value) {
    const key = (cells["key"] ?? "").trim();
    const place = { file, line };
    const earlier = into.get(key);
    if (seen.has(key) || (!isOverlay && earlier !== undefined)) {
      const first = earlier === undefined ? "" : `${earlier.file}:${String(earlier.line)}`;
      report(cellProblem("IdTwice", place, "key", key, [`a key not used yet (see ${first})`]));
    } else if (isOverlay && key.startsWith("-")) {
      if (!into.delete(key.slice(1))) report(cellProblem("WithdrawnUnknown", place, "key", key));
    } else {
      into.set(key, { text: (cells["text"] ?? "").trim(), ...place });
    }
    seen.set(key, line);
  }
};

/** Every text problem, language by language in the order of `languages.csv`, then by key. */
export const checkTexts = (source: PackSource): readonly PackProblem[] => {
  const problems: PackProblem[] = [];
  const required = requiredTextKeys(source);
  const allowed = allowedTextKeys(source);
  const keys = [...new Set([...required, ...[...source.texts.values()].flatMap((texts) => [...texts.keys()])])].sort();
  for (const { id: language } of source.tables.languages) {
    const texts = source.texts.get(language) ?? new Map<string, Text>();
    for (const key of keys) {
      const text = texts.get(key);
      const isAllowed = required.has(key) || allowed.has(key);
      // What an overlay withdraws leaves the texts of the pack below unused, and that is no fault of the overlay.
      const isOwn = text !== undefined && text !== source.below?.texts.get(language)?.get(key);
      if (isOwn && !isAllowed) problems.push(textProblem("TextUnused", language, key, text));
      if (text?.text === "") problems.push(textProblem("TextEmpty", language, key, text));
      // A key that another language has is missing here even where the format does not ask for it.
      if (text === undefined && isAllowed) problems.push(missingText(source, language, key));
    }
  }
  return [...problems, ...placeholderProblems(source, keys)];
};

const textProblem = (
  type: PackProblem["type"],
  language: string,
  key: string,
  { file, line, text }: Text,
  allowed: readonly string[] = [],
): PackProblem => ({ type, file, line, column: key, value: text.slice(0, 80), allowed, language });

const missingText = (source: PackSource, language: string, key: string): PackProblem => ({
  type: "TextMissing",
  file: `${source.folder}/texts/${language}`,
  line: null,
  column: key,
  value: null,
  allowed: [],
  language,
});

const placeholderProblems = (source: PackSource, keys: readonly string[]): readonly PackProblem[] => {
  const problems: PackProblem[] = [];
  const [reference] = source.tables.languages;
  for (const key of keys) {
    const expected = placeholdersOf(source.texts.get(reference?.id ?? "")?.get(key)?.text ?? "");
    for (const [language, texts] of source.texts) {
      const text = texts.get(key);
      if (text === undefined || text.text === "") continue;
      const found = placeholdersOf(text.text);
      const isReference = language === reference?.id;
      const isBroken = found === null || (!isReference && expected !== null && found.join() !== expected.join());
      if (isBroken)
        problems.push(textProblem("TextPlaceholdersDiffer", language, key, text, expected ?? ["braces that close"]));
    }
  }
  return problems;
};

/** What stands in braces, sorted; null when the braces do not close. */
const placeholdersOf = (text: string): readonly string[] | null => {
  const rest = text.replace(/\{[^{}]*\}/g, "");
  if (/[{}]/.test(rest)) return null;
  return [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name.trim()).sort();
};
