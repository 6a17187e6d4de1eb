/** Everyday words of a frightened person lead to the page that helps, in the guide of every language. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Language, languages } from "@amana/ui";
import { foldSpelling } from "@amana/ui/folding.ts";
import { describe, expect, test } from "vitest";
import { searchIn } from "../src/browser/searching.ts";
import { type Content, type Words, cell } from "../src/site/content.ts";
import { readGuideSource } from "./pack-source.ts";
import { searchIndexOf } from "./search-index.ts";

const source = readGuideSource(join(import.meta.dirname, "../../../packs/iraq-online-violence"));

const contentOf = (language: Language): Content => ({
  language,
  tables: source.tables,
  // The build reads the same file as the same type.
  words: JSON.parse(readFileSync(join(import.meta.dirname, `../texts/${language}.json`), "utf8")) as Words,
  text: (key) => source.texts[language].get(key) ?? `⟨${key}⟩`,
  optionalText: (key) => source.texts[language].get(key),
});
const all = languages.map(contentOf);
const indexes = new Map(all.map((content) => [content.language, searchIndexOf(content, all)]));

/** Where the results lead, best first: a page, or a section of it. */
const placesOf = (language: Language, query: string): readonly string[] =>
  searchIn(indexes.get(language) ?? [], query).map(({ entry }) => entry.address.replace("../", ""));

const before = "need-help/#before";
const safe = "need-help/#safe";

/** What is typed, and where it leads: among the first five results. */
const everyday: Record<Language, readonly (readonly [place: string, words: string])[]> = {
  en: [
    ["harms/#sexual-extortion", "sextortion, extortion, threatens me, nude photos, wants money"],
    ["harms/#image-based-abuse", "nudes, nude photos, naked, leaked, leaked photos, revenge porn, he leaked my photos"],
    ["harms/#hacking", "hacked, hacker, hack, password, someone hacked my account"],
    [before, "hacked, hacker, password, sextortion, blackmail, money"],
    ["harms/#blackmail", "blackmail, blackmailed, he threatens me"],
    ["harms/#impersonation", "fake account, fake profile, catfish, dating app"],
    ["harms/#deepfake", "deepfake, deep fake, AI photo, photoshop"],
    ["harms/#cyberstalking", "stalking, stalker, tracked, spying, gps, airtag"],
    ["harms/#cyberbullying", "bullying"],
    ["harms/#doxing", "doxxing, my phone number, published my number"],
    ["evidence/", "screenshot, proof"],
    ["numbers/", "hotline, ambulance"],
    ["law/", "lawyer, court, complaint"],
    ["tools/", "delete photo, remove video, how do I delete my pictures, nudes"],
    [safe, "suicide, kill myself, I want to die, rape, honour killing"],
    ["physical-safety/", "my husband, my brother, forced marriage, shelter"],
    ["parents/", "my daughter"],
    ["platforms/", "Telegram, fake account"],
  ],
  ar: [
    ["harms/#hacking", "هكر, هكرني, تهكير, كلمة السر, باسورد, هكروا حسابي, أكو واحد هكرني"],
    [before, "هكرني, تهكير, باسورد, ابتزاز, تهديد"],
    ["harms/#sexual-extortion", "ابتزاز, تهديد, يهددني بصوري, واحد يبتزني, ibtizaz, tahdid"],
    ["harms/#image-based-abuse", "صوري, صور, فيديو, فضيحة, فضحني, صور عارية, تسريب"],
    ["harms/#impersonation", "حساب مزيف, حساب وهمي, حساب فيك"],
    ["harms/#cyberstalking", "يراقبني, تعقب, تجسس"],
    ["harms/#deepfake", "ذكاء اصطناعي, صور مفبركة, فوتوشوب"],
    ["evidence/", "سكرين شوت, لقطة شاشة"],
    [safe, "انتحار, أريد أموت, خايفة, غسل العار"],
    ["physical-safety/", "زوجي, أهلي, مأوى"],
  ],
  ckb: [
    ["harms/#hacking", "هاک, هاککراوە, ھاککراوە, هاككراوه, پاسوۆرد, وشەی نهێنی, ئەکاونتەکەم هاککراوە"],
    [before, "هاککراوە, پاسوۆرد, وشەی نهێنی, بلاکمەیل"],
    ["harms/#image-based-abuse", "وێنەکانم, وێنەی ڕووت, ڤیدیۆ, ئابڕووچوون"],
    ["harms/#sexual-extortion", "هەڕەشە, بلاکمەیل, کەسێک هەڕەشەم لێ دەکات"],
    ["harms/#impersonation", "ئەکاونتی ساختە, فەیک"],
    ["harms/#cyberstalking", "شوێنم, سیخوڕی"],
    ["evidence/", "سکرینشۆت"],
    [safe, "خۆکوشتن, دەترسم, ناموس"],
    ["physical-safety/", "مێردەکەم, ناموس"],
  ],
  kmr: [
    ["harms/#hacking", "هاک, پاسوورد, ئەکاونتێ من هاتیە هاککرن"],
    [before, "هاک, پاسوورد, بلاکمەیل"],
    ["harms/#image-based-abuse", "وێنێن من, وێنێن رویس, ڤیدیۆ"],
    ["harms/#sexual-extortion", "گەف, شانتاژ, کەسەک گەفان ل من دکەت"],
    ["harms/#impersonation", "ئەکاونتێ ساختە, فەیک"],
    ["harms/#cyberstalking", "جهێ من, سیخوڕی"],
    ["evidence/", "سکرینشۆت"],
    [safe, "خۆکوشتن, دترسم, نامووس"],
    ["physical-safety/", "مێرێ من, نامووس"],
  ],
};

const table = languages.flatMap((language) =>
  everyday[language].flatMap(([place, words]) => words.split(", ").map((query) => [language, query, place] as const)),
);

/** What is typed, and the one place that it leads to before all others. */
const leading: Record<Language, readonly (readonly [place: string, words: string])[]> = {
  en: [
    ["numbers/", "police"],
    ["law/", "lawyer, court, report to police"],
    ["parents/", "mother"],
    ["physical-safety/", "husband, my husband, brother, my mother, family"],
    [safe, "doctor, hospital"],
    [before, "money, account"],
    ["digital-safety-plan/", "phone"],
  ],
  ar: [
    ["numbers/", "شرطة, الشرطة, هاتف"],
    ["law/", "محامي, محكمة, شكوى"],
    ["physical-safety/", "زوجي, أخ, أخي, أمي"],
    [safe, "دكتور, دكتورة, طبيب, مستشفى"],
    [before, "فلوس, حسابي"],
    ["platforms/", "بلاغ"],
    ["digital-safety-plan/", "موبايل, تلفون"],
  ],
  ckb: [
    ["numbers/", "پۆلیس, تەلەفۆن"],
    ["law/", "پارێزەر, دادگا, سکاڵا"],
    ["physical-safety/", "مێردەکەم, براکەم, دایکم"],
    [safe, "پزیشک, دکتۆر, نەخۆشخانە"],
    [before, "پارە"],
    ["digital-safety-plan/", "مۆبایل, ئەکاونت"],
  ],
  kmr: [
    ["numbers/", "پۆلیس, تەلەفۆن"],
    ["law/", "پارێزەر, دادگەه, سکالا"],
    ["physical-safety/", "مێرێ من, برایێ من, دایکا من"],
    [safe, "نوژدار, دختۆر, نەخۆشخانە"],
    [before, "پارە"],
    ["digital-safety-plan/", "ئەکاونت"],
  ],
};
const first = languages.flatMap((language) =>
  leading[language].flatMap(([place, words]) => words.split(", ").map((query) => [language, query, place] as const)),
);

describe("searching with everyday words", () => {
  test.each(table)("in %s, %s leads to %s", (language, query, place) => {
    expect(placesOf(language, query).slice(0, 5)).toContain(place);
  });

  test.each(first)("in %s, %s leads first to %s", (language, query, place) => {
    expect(placesOf(language, query)[0]).toBe(place);
  });

  test("leads a child to what it may know of the police too, after the numbers", () => {
    for (const [language, query] of [
      ["en", "police"],
      ["ar", "شرطة"],
      ["ckb", "پۆلیس"],
      ["kmr", "پۆلیس"],
    ] as const)
      expect(placesOf(language, query).slice(0, 3)).toEqual(["numbers/", "law/", "children/#police"]);
  });

  test.each(
    languages.flatMap((language) =>
      ["sextortion", "hack", "هكرني", "ئەکاونتی ساختە"].map((query) => [language, query] as const),
    ),
  )("in the guide in %s, %s is found though it is a word of another language", (language, query) => {
    expect(placesOf(language, query)).not.toEqual([]);
  });

  test("leads to the steps of the phone list from its beginning, where it says what comes first", () => {
    expect(placesOf("en", "hacked")).toContain("digital-safety-plan/");
    expect(placesOf("en", "hacked").filter((place) => place.startsWith("digital-safety-plan/#"))).toEqual([]);
  });

  test("leads by nothing that is typed for pictures to a tool for adults past the question of age", () => {
    const fingerprints = source.tables.tools.filter((row) => cell(row, "kind") === "fingerprint");
    expect(fingerprints.length).toBeGreaterThan(0);
    for (const row of fingerprints) expect(source.texts.en.get(`search.tool.${cell(row, "id")}`)).toBeUndefined();
  });

  test("knows everyday words for every harm, in every language", () => {
    const missing = languages.flatMap((language) =>
      source.tables.harms
        .map((row) => `search.harm.${cell(row, "id")}`)
        .filter((key) => (source.texts[language].get(key) ?? "").split(",").length < 2)
        .map((key) => `${language} ${key}`),
    );
    expect(missing).toEqual([]);
  });

  test("shows a title and what stands below it as two sentences", () => {
    const shown = (indexes.get("en") ?? []).find(({ address }) => address === "../tools/")?.text;
    expect(shown).toContain(
      `${source.texts.en.get("page.tools.title") ?? ""}. ${source.texts.en.get("page.tools.lead") ?? ""}`,
    );
    const runningOn = [...indexes.values()].flat().filter(({ text }) => text !== "" && !/[.:!?…؟؛)»"”]$/u.test(text));
    expect(runningOn).toEqual([]);
  });

  test("has no empty word, which would stand for everything", () => {
    const typed = [...indexes.values()].flat().flatMap((entry) => entry.typed);
    expect(typed.filter((words) => foldSpelling(words).length < 2)).toEqual([]);
  });
});
