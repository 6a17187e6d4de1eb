/** The guide's own words: the same keys in four languages, all used, all filled in, in the right script. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { languages } from "@amana/ui";
import { describe, expect, test } from "vitest";

const folder = join(import.meta.dirname, "../texts");
const read = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, `${language}.json`), "utf8")) as Record<string, string>;
const english = read("en");

const sources = globSync("{src,build}/**/*.{ts,svelte}", { cwd: join(folder, "..") })
  .filter((path) => !path.endsWith(".test.ts"))
  .map((path) => readFileSync(join(folder, "..", path), "utf8"))
  .join("\n");

/** Keys that the code puts together, by their beginning. */
const builtKeys = ["now.actor.", "now.state.", "now.yes", "now.no", "now.now", "now.24h", "now.48h", "now.standard"];

describe.each(languages.map((language) => [language, read(language)] as const))(
  "the words in %s",
  (_language, words) => {
    test("have exactly the keys of English", () => {
      expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
    });

    test("are nowhere empty, and keep the places for values", () => {
      for (const [key, word] of Object.entries(words)) {
        expect(word.trim(), key).not.toBe("");
        expect(word.match(/\{[a-z]+\}/g) ?? [], key).toEqual(english[key]?.match(/\{[a-z]+\}/g) ?? []);
      }
    });
  },
);

test.each(languages.filter((language) => language !== "en"))("the words in %s are translated", (language) => {
  const same = Object.entries(read(language)).filter(([key, word]) => word === english[key]);
  expect(same).toEqual([]);
});

test.each(["ckb", "kmr"])("the words in %s are spelled with Kurdish letters", (language) => {
  // Arabic kaf, yeh and teh marbuta are not letters of written Kurdish.
  const wrong = Object.entries(read(language)).filter(([, word]) => /[كيىة]/.test(word));
  expect(wrong).toEqual([]);
});

test("every word is used", () => {
  const unused = Object.keys(english).filter(
    (key) => !sources.includes(`"${key}"`) && !builtKeys.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});
