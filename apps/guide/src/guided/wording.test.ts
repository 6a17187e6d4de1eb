/** The answer in words. */

import { describe, expect, test } from "vitest";
import { answerInWords, deadlineKey, groundsInWords, sourceInWords } from "./wording.ts";

const texts = {
  "now.yes": "Yes",
  "now.none": "None of these",
  "now.notKnown": "not known",
  "list.separator": ", ",
  "fact.age.name": "age",
  "fact.age.child": "Under 18",
  "fact.spreading.name": "spreading",
  "harm.doxing.name": "Doxing",
  "harm.hacking.name": "Hacking",
  "governorate.IQ-AR": "Erbil",
  "source.G-SAFE": "Physical safety",
  "source.A": "Telephone numbers",
};

describe("the answer in words", () => {
  test("names values as people do", () => {
    expect(answerInWords(texts, "spreading", "yes")).toBe("Yes");
    expect(answerInWords(texts, "age", "child")).toBe("Under 18");
    expect(answerInWords(texts, "governorate", "IQ-AR")).toBe("Erbil");
    expect(answerInWords(texts, "harm", ["doxing", "hacking"])).toBe("Doxing, Hacking");
    expect(answerInWords(texts, "harm", [])).toBe("None of these");
  });

  test("says on which answers, and on which missing ones, a reason rests", () => {
    const reason = { rule: "R", facts: { age: "child" }, unknown: ["spreading"], source: "G-SAFE-5" };
    expect(groundsInWords(texts, reason)).toEqual(["age: Under 18", "spreading: not known"]);
  });

  test("names the section of the guide", () => {
    expect(sourceInWords(texts, "G-SAFE-5")).toBe("Physical safety");
    expect(sourceInWords(texts, "A-police-iq")).toBe("Telephone numbers");
    expect(sourceInWords(texts, "practice")).toBe("");
  });

  test("makes high risk a matter of now, and never shows a longer time than the deadline", () => {
    const risk = { provisional: false, because: [] };
    expect(deadlineKey({ ...risk, level: "high", actWithinHours: 24 })).toBe("now.atOnce");
    expect(deadlineKey({ ...risk, level: "normal", actWithinHours: 24 })).toBe("now.within24");
    expect(deadlineKey({ ...risk, level: "medium", actWithinHours: 48 })).toBe("now.within48");
    expect(deadlineKey({ ...risk, level: "normal", actWithinHours: null })).toBe("now.standardTime");
  });
});
