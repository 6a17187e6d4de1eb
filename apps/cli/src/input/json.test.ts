/** Tests of the JSON reader: that it accepts what `JSON.parse` accepts, and never loses a key. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "./json.ts";

const problemsOf = (text: string) => {
  const read = readJson(text);
  return read.ok ? [] : read.error;
};

test("a danger that is said first and denied later is refused, not forgotten", () => {
  const text = '{ "immediate-danger": "yes",\n  "age": "child",\n  "immediate-danger": "no" }';
  expect(problemsOf(text)).toEqual([{ type: "KeyTwice", key: "immediate-danger", at: { line: 3, column: 3 } }]);
});

test("a key is the same however it is spelled", () => {
  expect(problemsOf(String.raw`{"age":"child","\u0061ge":"adult"}`)).toMatchObject([{ type: "KeyTwice", key: "age" }]);
});

test("every key that is given twice is named, inside other objects too", () => {
  expect(problemsOf('{"a":1,"a":2,"b":{"c":1,"c":2},"a":3}')).toMatchObject([{ key: "a" }, { key: "c" }, { key: "a" }]);
});

test("the same key in two different objects is no repetition", () => {
  expect(readJson('[{"a":1},{"a":{"a":2}}]').ok).toBe(true);
});

test("keys that objects have by nature are ordinary keys", () => {
  expect(readJson('{"__proto__":1,"constructor":2}').ok).toBe(true);
  expect(problemsOf('{"__proto__":1,"__proto__":2}')).toMatchObject([{ type: "KeyTwice", key: "__proto__" }]);
});

test("the first mistake is shown by line and column", () => {
  expect(problemsOf('{\n  "age": child\n}')).toEqual([{ type: "NotJson", at: { line: 2, column: 10 } }]);
  expect(problemsOf("{ 'age': 1 }")).toEqual([{ type: "NotJson", at: { line: 1, column: 3 } }]);
  expect(problemsOf('{"a":1,}')).toEqual([{ type: "NotJson", at: { line: 1, column: 8 } }]);
  expect(problemsOf('{"a":1')).toEqual([{ type: "NotJson", at: { line: 1, column: 7 } }]);
  expect(problemsOf("")).toEqual([{ type: "NotJson", at: { line: 1, column: 1 } }]);
});

test("a text of a million nested brackets or one endless string is read or refused without a crash", () => {
  expect(readJson("[".repeat(1_000_000)).ok).toBe(false);
  expect(readJson(`"${"a".repeat(1_000_000)}"`).ok).toBe(true);
  expect(readJson(`"${"a".repeat(1_000_000)}`).ok).toBe(false);
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test("property: whatever JSON writes is read back unchanged", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
    }),
  );
});

test("property: a damaged text is refused exactly when JSON.parse refuses it, or for a repeated key", () => {
  const damaged = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.nat(3),
      fc.constantFrom(...Array.from('{}[]:,"\\ \n\t0-1eE.+tfn\u0000u\ufeff'), "null", '""'),
    )
    .map(
      ([text, at, cut, put]) =>
        text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + cut),
    );
  fc.assert(
    fc.property(damaged, (text) => {
      const problems = problemsOf(text);
      const isRefused = problems.some((problem) => problem.type === "NotJson");
      expect(isRefused).toBe(!isJson(text));
    }),
    { numRuns: 5_000 },
  );
});
