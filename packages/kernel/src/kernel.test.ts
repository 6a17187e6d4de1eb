/** The shared words: results, moments, and what stops when our own code is wrong. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assert,
  err,
  exhausted,
  formatInstant,
  instantMax,
  instantMin,
  isInstant,
  later,
  ok,
  parseInstant,
  type Instant,
  type Result,
} from "./index.ts";

const anyInstant = fc.integer({ min: instantMin, max: instantMax }).filter(isInstant);

const instant = (text: string): Instant => {
  const parsed = parseInstant(text);
  assert(parsed.ok, "The test's own moment must be well formed.");
  return parsed.value;
};

describe("a result", () => {
  const halve = (n: number): Result<number, { readonly type: "Odd" }> =>
    n % 2 === 0 ? ok(n / 2) : err({ type: "Odd" });

  it("carries the value of a success", () => {
    expect(halve(8)).toEqual({ ok: true, value: 4 });
  });

  it("carries the name of what happened otherwise", () => {
    expect(halve(7)).toEqual({ ok: false, error: { type: "Odd" } });
  });
});

describe("an impossible state", () => {
  it("stops with its constant sentence", () => {
    expect(() => {
      assert(false, "This cannot happen.");
    }).toThrow("This cannot happen.");
  });

  it("passes when the condition holds", () => {
    expect(() => {
      assert(true, "This cannot happen.");
    }).not.toThrow();
  });

  it("stops a switch that met a value outside of its type, without showing the value", () => {
    expect(() => exhausted("secret" as never)).toThrow(/^A value outside of its type reached a switch\.$/);
  });
});

describe("a moment", () => {
  it("is read in UTC, with or without decimals", () => {
    expect(instant("1970-01-01T00:00:00Z")).toBe(0);
    expect(instant("2026-11-21T09:30:00Z")).toBe(Date.UTC(2026, 10, 21, 9, 30));
    expect(instant("2026-11-21T09:30:00.5Z")).toBe(Date.UTC(2026, 10, 21, 9, 30, 0, 500));
    expect(instant("2026-11-21T09:30:00.057Z")).toBe(Date.UTC(2026, 10, 21, 9, 30, 0, 57));
  });

  it("is read with an offset on either side", () => {
    expect(instant("2026-11-21T12:30:00+03:00")).toBe(instant("2026-11-21T09:30:00Z"));
    expect(instant("2026-11-20T23:30:00-10:00")).toBe(instant("2026-11-21T09:30:00Z"));
  });

  it.each([
    "2026-11-21",
    "2026-11-21T09:30",
    "2026-11-21T09:30:00",
    "2026-11-21 09:30:00Z",
    "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01T00:00:00.0000Z",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00+03:60",
    "0000-12-31T23:59:59Z",
    "9999-12-31T23:59:59-01:00",
    "٢٠٢٦-01-01T00:00:00Z",
    " 2026-01-01T00:00:00Z",
    "",
  ])("is refused when it is written as %j", (text) => {
    expect(parseInstant(text)).toEqual(err({ type: "NotAnInstant" }));
  });

  it("has a leap day in 2000 and in 2024", () => {
    expect(formatInstant(instant("2000-02-29T00:00:00Z"))).toBe("2000-02-29T00:00:00.000Z");
    expect(formatInstant(later(instant("2024-02-28T23:00:00Z"), 3_600_000))).toBe("2024-02-29T00:00:00.000Z");
  });

  it("is a whole number within the years 0001 to 9999", () => {
    expect(formatInstant(instantMin)).toBe("0001-01-01T00:00:00.000Z");
    expect(formatInstant(instantMax)).toBe("9999-12-31T23:59:59.999Z");
    expect([instantMin - 1, instantMax + 1, 0.5, NaN, Infinity, "0", null].map(isInstant)).not.toContain(true);
  });

  it("does not leave its range", () => {
    expect(() => later(instantMax, 1)).toThrow("A moment left the years 0001 to 9999.");
  });

  it("property: is written as the platform's calendar writes it", () => {
    fc.assert(fc.property(anyInstant, (moment) => formatInstant(moment) === new Date(moment).toISOString()));
  });

  it("property: is written as the platform's calendar writes it on the first and last days of every year", () => {
    for (let year = 1; year <= 9999; year++) {
      for (const monthDay of ["01-01", "02-28", "03-01", "12-31"]) {
        const text = `${String(year).padStart(4, "0")}-${monthDay}T00:00:00.000Z`;
        expect(instant(text)).toBe(Date.parse(text));
        expect(formatInstant(instant(text))).toBe(text);
      }
    }
  });

  it("property: reads back what was written", () => {
    fc.assert(fc.property(anyInstant, (moment) => instant(formatInstant(moment)) === moment));
  });
});
