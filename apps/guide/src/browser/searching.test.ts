/** Searching finds a word however it is spelled, and puts names before mentions. */

import { describe, expect, test } from "vitest";
import { type IndexEntry, searchIn } from "./searching.ts";

const entry = (page: string, heading: string, text: string, typed: readonly string[] = []): IndexEntry => ({
  page,
  heading,
  address: "#",
  text,
  typed,
});

const index: readonly IndexEntry[] = [
  entry("Numbers", "", "Whom to call."),
  entry("Tools", "StopNCII", "It makes a digital fingerprint. See Numbers."),
  entry("الأرقام", "الشرطة المجتمعية", "مساعدة في حالات العنف الأسري، وبالهاتف في السليمانية ودهوك"),
  entry("What is happening", "Hacking", "Somebody opens an account or takes pictures without being asked."),
  entry("When someone enters", "", "What may be noticed.", ["cracked", "stole my login", "سرق حسابي"]),
  entry("ژمارەکان", "پۆلیس", "یارمەتی لە پۆلیسی هەرێمی کوردستان، بۆ نموونە کاتێک کەسێک لە مەترسیدایە"),
];

const pagesFound = (query: string) => searchIn(index, query).map(({ entry: found }) => found.page);

describe("searching", () => {
  test("puts a page of that name before one that mentions it", () => {
    expect(pagesFound("numbers")).toEqual(["Numbers", "Tools"]);
  });

  test("finds the beginning of a word, and wants all words", () => {
    expect(pagesFound("finger")).toEqual(["Tools"]);
    expect(pagesFound("digital finger")).toEqual(["Tools"]);
    expect(pagesFound("digital whom")).toEqual([]);
  });

  test.each(["الشرطه", "شرطة", "شُرطة", "الشـرطة"])("finds the police in Arabic written %s", (query) => {
    expect(pagesFound(query)).toEqual(["الأرقام"]);
  });

  test.each(["هەرێم", "ھەریم", "هه‌رێم"])("finds the region in Sorani written %s", (query) => {
    expect(pagesFound(query)).toEqual(["ژمارەکان"]);
  });

  test.each(["دهوك", "دهوک", "هاتف", "الهاتف"])("finds %s behind what Arabic writes together with it", (query) => {
    expect(pagesFound(query)).toEqual(["الأرقام"]);
  });

  test.each(["hacked", "hackers", "accounts", "hacked account", "opening"])("finds %s by another ending", (query) => {
    expect(pagesFound(query)).toEqual(["What is happening"]);
  });

  test("finds a Kurdish word asked for with an ending", () => {
    expect(pagesFound("پۆلیسەکان")).toEqual(["ژمارەکان"]);
  });

  test.each(["cracked", "stole my login", "my login", "سرق حسابي"])(
    "finds %s, which people type and nobody says",
    (query) => {
      expect(pagesFound(query)).toEqual(["When someone enters"]);
    },
  );

  test("finds by one thing that a sentence says, below whatever all of it leads to", () => {
    expect(pagesFound("yesterday somebody cracked it")).toEqual(["When someone enters"]);
    expect(pagesFound("he stole my phone")).toEqual([]);
    expect(pagesFound("واحد سرق حسابي اليوم")).toEqual(["When someone enters"]);
    const both = [entry("One", "", "", ["cracked"]), entry("Other", "", "Yesterday somebody cracked it.")];
    expect(searchIn(both, "yesterday somebody cracked it").map(({ entry: { page } }) => page)).toEqual([
      "Other",
      "One",
    ]);
  });

  test("puts what people type in just these words above a heading, and a name above both", () => {
    const all = [
      entry("Children", "Police and court", "They may help."),
      entry("Whom to call", "", "A list.", ["police", "court order"]),
      entry("Police", "", "What they do."),
    ];
    const found = (query: string) => searchIn(all, query).map(({ entry: { page } }) => page);
    expect(found("police")).toEqual(["Police", "Whom to call", "Children"]);
    expect(found("court")).toEqual(["Children", "Whom to call"]);
    expect(found("polic")).toEqual(["Police", "Children", "Whom to call"]);
  });

  test("shows nothing of what people type", () => {
    const [found] = searchIn(index, "somebody stole my login");
    expect(found?.excerpt).toEqual(["What ", "may ", "be ", "noticed."].map((text) => ({ text, isMatch: false })));
  });

  test("asks for two letters at least, and does not mind signs", () => {
    expect(pagesFound("n")).toEqual([]);
    expect(pagesFound("  ")).toEqual([]);
    expect(pagesFound("(.*")).toEqual([]);
    expect(pagesFound("x".repeat(10_000))).toEqual([]);
  });

  test("marks what was found in the words around it", () => {
    const [found] = searchIn(index, "fingerprint");
    expect(found?.excerpt.filter(({ isMatch }) => isMatch).map(({ text }) => text.trim())).toEqual(["fingerprint."]);
  });
});
