/** Whoever asks for themself is spoken to, and not spoken about. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assess, preparePack } from "@amana/pathway";
import { type Language, languages } from "@amana/ui";
import { describe, expect, test } from "vitest";
import { unpackTexts } from "../src/guided/guided-data.ts";
import { type Content, type Words, cell, textFor } from "../src/site/content.ts";
import { guidedDataOf } from "./guided-data.ts";
import { readGuideSource } from "./pack-source.ts";

const source = readGuideSource(join(import.meta.dirname, "../../../packs/iraq-online-violence"));

const contentOf = (language: Language): Content => ({
  language,
  tables: source.tables,
  // The build reads the same file as the same type.
  words: JSON.parse(readFileSync(join(import.meta.dirname, `../texts/${language}.json`), "utf8")) as Words,
  text: (key) => source.texts[language].get(key) ?? `⟨${key}⟩`,
  optionalText: (key) => source.texts[language].get(key),
});

const textsFor = (language: Language, asking: "self" | "other") => {
  const { first, more } = guidedDataOf(contentOf(language), source.pack, asking);
  return { ...unpackTexts(first.texts), ...unpackTexts(more) };
};

/** Words for her where somebody else speaks of her, and for the work of helpers. */
const helpersWords: Record<Language, RegExp> = {
  en: /survivor|supervisor|the person(?! who|,? doing| you| in the image)|case[- ](?:plan|file|management)|every case/i,
  ar: /الشخص الناجي|ناجي[ةن]|الناجون|المشرف|إدارة الحالة|خطة الحالة|ملف الحالة|كل حالة|(?:(?<!هذا )ا|ل)لشخص(?!ية| الذي| البالغ| الآخر| المقصود| الظاهر)/,
  ckb: /ڕزگاربوو|کەسەکە(?!ی تر)|بەڕێوەبردنی کەیس|پلانی کەیس|فایلی کەیس|کەیسێکدا|ھەموو کەیسێک/,
  kmr: /ڕزگاربووی|وی کەسی(?! یێ| بلۆک)|ئەو کەس(?!ێ| تو ب خۆ)|بڕێڤەبرنا کەیسێ|پلانا کەیسێ|فایلا کەیسێ|هەر کەیسەکێ/,
};

describe.each(languages)("what is said in %s to whoever asks for themself", (language) => {
  const texts = textsFor(language, "self");

  test("never says what helpers say of her and of their work", () => {
    const said = Object.entries(texts).filter(
      ([key, text]) => !key.startsWith("source.") && helpersWords[language].test(text),
    );
    expect(said).toEqual([]);
  });

  test("is as the page without script says it of levels, checks and tools", () => {
    const own = source.texts[language];
    const shown = [
      ...source.tables.levels.map((row) => `level.${cell(row, "id")}.means`),
      ...source.tables.gates.flatMap((row) => [`gate.${cell(row, "id")}.name`, `gate.${cell(row, "id")}.self`]),
      ...["page.tools.age-adult", "page.tools.age-child", "page.tools.age-unknown"],
    ].map((key) => textFor(contentOf(language), key, "self"));
    expect(shown.filter((text) => helpersWords[language].test(text))).toEqual([]);
    expect(shown).toContain(own.get("level.normal.means.self"));
  });

  test("is what the pack has for oneself, and to a helper what it has for helpers", () => {
    const own = source.texts[language];
    for (const key of [
      "gate.evidence-by-survivor.name",
      "group.choice",
      "limit.keep-number-and-pin",
      "rule.R-removal",
    ]) {
      expect(texts[key]).toBe(own.get(`${key}.self`));
      expect(textsFor(language, "other")[key]).toBe(own.get(key));
    }
  });
});

test("whom to call depends on the region, so it is asked after all that decides how urgent it is, and before what changes words only", () => {
  const asked = assess(preparePack(source.pack), { asking: "self", "private-now": "yes" }).ask.map(({ fact }) => fact);
  const region = asked.indexOf("region");
  expect(asked[region + 1]).toBe("governorate");
  const danger = source.tables.facts.filter((row) => cell(row, "group") === "danger").map((row) => cell(row, "id"));
  expect(danger.length).toBeGreaterThan(5);
  for (const fact of [...danger, "age", "harm", "content-exposure", "offline-abuse", "other-children-at-risk"])
    expect(asked.slice(0, region), fact).toContain(fact);
  for (const fact of ["synthetic", "platforms", "threat-source", "trusted-ally", "gender", "disability"])
    expect(asked.slice(region), fact).toContain(fact);
});
