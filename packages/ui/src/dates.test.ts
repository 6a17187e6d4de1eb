/** Dates in words, in every language, from our own tables. */

import { describe, expect, test } from "vitest";
import { dateInWords } from "./dates.ts";
import { languages } from "./languages.ts";

describe("a date in words", () => {
  test("is written with Iraq's month names", () => {
    expect(dateInWords("2026-03-09", "en")).toBe("9 March 2026");
    expect(dateInWords("2026-01-31", "ar")).toBe("31 كانون الثاني 2026");
    expect(dateInWords("2026-03-09", "ckb")).toBe("9 ئازار 2026");
    expect(dateInWords("2026-03-09", "kmr")).toBe("9 ئادار 2026");
  });

  test("has twelve different months in every language", () => {
    for (const language of languages) {
      const words = Array.from({ length: 12 }, (_, month) =>
        dateInWords(`2026-${String(month + 1).padStart(2, "0")}-01`, language),
      );
      expect(new Set(words).size).toBe(12);
    }
  });

  test("is refused when it is no calendar date", () => {
    for (const text of ["", "2026", "2026-13-01", "2026-00-10", "2026-02-00", "2026-02-32", "09.03.2026"]) {
      expect(dateInWords(text, "en")).toBeUndefined();
    }
  });
});
