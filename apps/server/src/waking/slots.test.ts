/** The moments of the day at which all are woken alike. */

import { formatInstant, later, parseInstant, type Instant } from "@amana/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextSlot, parseSlots } from "./slots.ts";

const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (!instant.ok) throw new Error("A test's own time must be one.");
  return instant.value;
};

describe("the moments of waking", () => {
  it.each([
    ["2026-11-21T00:00:00Z", "2026-11-21T04:00:00.000Z"],
    ["2026-11-21T04:00:00Z", "2026-11-21T16:30:00.000Z"],
    ["2026-11-21T16:29:59Z", "2026-11-21T16:30:00.000Z"],
    ["2026-12-31T23:59:00Z", "2027-01-01T04:00:00.000Z"],
  ])("after %s the next is %s", (now, next) => {
    expect(formatInstant(nextSlot([240, 990], at(now)))).toBe(next);
  });

  it("property: the next is always later, never more than a day away, and always one of the slots", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1439), { minLength: 1, maxLength: 24 }), fc.nat(10 ** 9), (slots, seconds) => {
        const ascending = slots.toSorted((one, other) => one - other);
        const now = later(at("2026-01-01T00:00:00Z"), seconds * 1000);
        const next = nextSlot(ascending, now);
        expect(next - now).toBeGreaterThan(0);
        expect(next - now).toBeLessThanOrEqual(86_400_000);
        expect(ascending).toContain((next / 60_000) % 1440);
      }),
    );
  });

  it("are read from a list of times, ascending", () => {
    expect(parseSlots("04:00, 16:30")).toEqual([240, 990]);
    for (const wrong of ["", "24:00", "4:00", "16:30,04:00", "04:00,04:00", "04:60", "x"])
      expect(parseSlots(wrong), wrong).toBeUndefined();
    expect(
      parseSlots(Array.from({ length: 25 }, (_, n) => `00:${String(n).padStart(2, "0")}`).join(",")),
    ).toBeUndefined();
  });
});
