/** Tests of the terminal's words: the same in four languages, and numbers that keep their order. */

import { expect, test } from "vitest";
import { type TextKey, isolate, languageOfLocale, languages, sayIn, textsByLanguage } from "./words.ts";

const keys = Object.keys(textsByLanguage.en) as TextKey[];
const placeholdersOf = (text: string) => [...text.matchAll(/\{([a-z]+)\}/g)].map((match) => match[1]).sort();

test.each(languages)("%s has every text, none of them empty, with the placeholders of English", (language) => {
  const texts = textsByLanguage[language];
  expect(Object.keys(texts)).toEqual(keys);
  for (const key of keys) {
    expect(texts[key].trim(), key).not.toBe("");
    expect(placeholdersOf(texts[key]), key).toEqual(placeholdersOf(textsByLanguage.en[key]));
  }
});

test.each(["ar", "ckb", "kmr"] as const)("%s is written in Arabic script", (language) => {
  for (const key of keys) {
    const hasWords = /[a-z]{3}/i.test(textsByLanguage.en[key].replaceAll(/\{[a-z]+\}/g, ""));
    if (hasWords) expect(textsByLanguage[language][key], key).toMatch(/\p{Script=Arabic}/u);
  }
});

test.each(["ckb", "kmr"] as const)("%s uses the Kurdish letters and not their Arabic look-alikes", (language) => {
  const arabicOnly = /[يكىةأإآؤ]/u;
  for (const key of keys) expect(textsByLanguage[language][key], key).not.toMatch(arabicOnly);
});

test("kmr uses the letters and words of Badini, not those of Sorani or Kurmanji", () => {
  for (const key of keys)
    expect(textsByLanguage.kmr[key], key).not.toMatch(/[ڵھ\u200C]|خوە|نووتر|(?<!\p{L})نها(?!\p{L})/u);
});

test("the language is the one that the locale names, and English when it is none of ours", () => {
  expect(
    ["ar_IQ.UTF-8", "ckb", "kmr-Arab-IQ", "en_GB", "de_DE.UTF-8", "C.UTF-8", "ku_IQ", ""].map(languageOfLocale),
  ).toEqual(["ar", "ckb", "kmr", "en", "en", "en", "en", "en"]);
  expect(languageOfLocale(undefined)).toBe("en");
});

test("a telephone number keeps its order inside of a right-to-left sentence", () => {
  expect(isolate("ar", "+964 750 808 8080")).toBe("\u2068+964 750 808 8080\u2069");
  expect(isolate("en", "+964 750 808 8080")).toBe("+964 750 808 8080");
  expect(isolate("ckb", "هەولێر")).toBe("هەولێر");
});

test("what fills a placeholder is never read as a placeholder itself", () => {
  expect(sayIn("en")("use.option-twice", { option: "{given}" })).toBe("{given} is given twice. Give it once.");
});
