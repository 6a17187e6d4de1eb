/** Reading conditions: what is understood, and how what is not is pointed at. */

import { describe, expect, it } from "vitest";
import type { Vocabulary } from "./condition.ts";
import { parseCondition } from "./parse.ts";

const vocabulary: Vocabulary = {
  facts: new Map([
    ["age", { isList: false, values: ["child", "adult"] }],
    ["safe-device", { isList: false, values: ["yes", "no"] }],
    ["wants-removal", { isList: false, values: ["yes", "no"] }],
    ["governorate", { isList: false, values: ["IQ-AR", "IQ-SU"] }],
    ["platforms", { isList: true, values: ["facebook", "whatsapp", "telegram"] }],
  ]),
  definitions: new Set(["possibly-csam", "settled"]),
  gates: new Set(["law-report"]),
  levels: new Set(["high", "medium"]),
};

const read = (text: string): unknown => {
  const parsed = parseCondition(text, vocabulary);
  return parsed.ok ? parsed.value : parsed.error;
};

describe("a condition", () => {
  const isChild = { kind: "has", fact: "age", atLeast: 1, values: ["child"] };
  const isSafe = { kind: "has", fact: "safe-device", atLeast: 1, values: ["yes"] };

  it("tests one value or several of a fact", () => {
    expect(read("age is child")).toEqual(isChild);
    expect(read("governorate is IQ-AR/IQ-SU")).toMatchObject({ values: ["IQ-AR", "IQ-SU"] });
  });

  it("tests what a list names, names only, and how many it names", () => {
    expect(read("platforms has facebook/telegram")).toMatchObject({
      kind: "has",
      atLeast: 1,
      values: ["facebook", "telegram"],
    });
    expect(read("platforms has only whatsapp/telegram")).toMatchObject({
      kind: "only",
      values: ["whatsapp", "telegram"],
    });
    expect(read("platforms has at least 2")).toMatchObject({
      kind: "has",
      atLeast: 2,
      values: ["facebook", "whatsapp", "telegram"],
    });
  });

  it("asks whether a fact is known, a list too", () => {
    expect(read("age is known")).toEqual({ kind: "fact-known", fact: "age" });
    expect(read("platforms is known")).toEqual({ kind: "fact-known", fact: "platforms" });
  });

  it("refers to definitions, levels and gates", () => {
    expect(read("@settled and @level:high and @open:law-report")).toMatchObject({
      kind: "and",
      parts: [
        { kind: "definition", id: "settled" },
        { kind: "level", id: "high" },
        { kind: "open", gate: "law-report" },
      ],
    });
  });

  it("joins with and, or with or, and with both only in parentheses", () => {
    expect(read("(age is child and safe-device is yes) or always")).toEqual({
      kind: "or",
      parts: [
        { kind: "and", parts: [isChild, isSafe] },
        { kind: "constant", value: true },
      ],
    });
  });

  it("negates, doubts and insists on the one thing that follows", () => {
    expect(read("not age is child and safe-device is yes")).toEqual({
      kind: "and",
      parts: [{ kind: "not", part: isChild }, isSafe],
    });
    expect(read("not known (age is child)")).toEqual({ kind: "not", part: { kind: "known", part: isChild } });
    expect(read("maybe age is child")).toEqual({ kind: "maybe", part: isChild });
  });

  it("holds where its first part is known not to hold, with if and then", () => {
    expect(read("if age is child then safe-device is yes")).toEqual({ kind: "if", condition: isChild, then: isSafe });
    expect(read("(if age is child then never) and always")).toMatchObject({ kind: "and" });
  });

  it("may have spaces and line breaks anywhere between words", () => {
    expect(read("  age\n is  child ")).toEqual(isChild);
  });
});

describe("a condition that cannot be read", () => {
  const startOfATest = "a fact|@definition|@level:…|@open:…|(|not|maybe|known|always|never".split("|");

  it.each([
    ["ages is child", 1, "ages", ["age"]],
    ["safe-devise is yes", 1, "safe-devise", ["safe-device"]],
    ["age is chid", 8, "chid", ["child"]],
    ["age has child", 5, "has", ["age is …"]],
    ["platforms is facebook", 14, "facebook", ["known", "platforms has …"]],
    ["@posibly-csam", 1, "@posibly-csam", ["@possibly-csam"]],
    ["@level:highest", 1, "@level:highest", ["@level:high", "@level:medium"]],
    ["@level:normal", 1, "@level:normal", ["@level:high", "@level:medium"]],
    ["@open:law", 1, "@open:law", ["@open:law-report"]],
    ["age is child and always or never", 25, "or", ["and", "parentheses where and and or meet"]],
    ["(age is child", 14, "the end", ["and", "or", ")"]],
    ["age is child)", 13, ")", ["and", "or", "the end"]],
    ["if age is child", 16, "the end", ["then"]],
    ["age is child or", 16, "the end", startOfATest],
    ["age IS child", 5, "IS", ["is"]],
    ["platforms has at least 4", 24, "4", ["a number from 1 to 3"]],
    ["platforms has facebook/facebook", 24, "facebook", ["each value once"]],
    ["age is child & always", 14, "&", ["words, numbers, @references, parentheses and /"]],
    ["", 1, "the end", startOfATest],
    ["then", 1, "then", startOfATest],
  ])("points at the place in %j", (text, position, found, expected) => {
    expect(read(text)).toEqual({ position, found, expected });
  });

  it("is refused when it is nested without end", () => {
    expect(read(`${"(".repeat(1000)}always`)).toMatchObject({ position: 41 });
    expect(read(`${"not ".repeat(400)}always`)).toMatchObject({ found: "not" });
    expect(read("always and ".repeat(1000))).toMatchObject({ expected: ["a shorter condition"] });
  });
});
