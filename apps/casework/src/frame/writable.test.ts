/** What is taken out of a text as it is pasted, and what stays. */

import { expect, test } from "vitest";
import { writable } from "./writable.ts";

test("what a document breaks its lines and pages with becomes a line end, or a space where there is one line", () => {
  expect(writable("one\u000btwo\u000cthree", "\n")).toBe("one\ntwo\nthree");
  expect(writable("one\u000btwo", " ")).toBe("one two");
});

test("signs that no text can hold are taken out, and every other is left as it was written", () => {
  expect(writable("a\u0000b\u0007c\u001b[31md\u007fe", "\n")).toBe("abc[31mde");
  const written = "می‌نووسێت\n\tof\u2028the\u00a0two 👩🏽‍👧 \u202eabc";
  expect(writable(written, "\n")).toBe(written);
});
