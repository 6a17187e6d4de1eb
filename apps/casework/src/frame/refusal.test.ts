/** What is refused is said so that whoever reads it knows what to do next. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { languages } from "@amana/ui";
import { describe, expect, test } from "vitest";
import { refusalInWords } from "./refusal.ts";
import { type Words, digitsOf, makeWords } from "./words.ts";

const wordsIn = (language: (typeof languages)[number]): Words => {
  const file = join(import.meta.dirname, "../../texts", `${language}.json`);
  const texts = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, string>>;
  return makeWords(language, texts, {}, digitsOf[language]);
};

describe.each(languages)("in %s", (language) => {
  const words = wordsIn(language);

  test("a step to an agency before anybody decided to report names the decision, and no bare “not now” (G-LAW-3)", () => {
    const refusal = { type: "StepNotPossible", from: "undecided" } as const;
    expect(refusalInWords(refusal, words, "RecordLawStep").sentence).not.toBe(refusalInWords(refusal, words).sentence);
  });

  test("what keeps a case open names the points of the checklist", () => {
    const points = ["knows-whom-to-call", "toldCanComeBack"];
    const { missing } = refusalInWords({ type: "ClosureBlocked", by: ["level-high", "checklist"], points }, words);
    expect(missing).toHaveLength(2);
    for (const point of points) expect(missing[1]).toContain(words.named("field", point));
  });
});
