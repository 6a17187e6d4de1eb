/** Dates as they are typed. */

import { describe, expect, test } from "vitest";
import { dateIn, momentIn, noDate, partsOfDate, partsOfMoment } from "./date-parts.ts";

const typed = (day: string, month: string, year: string, time = "") => ({ day, month, year, time });

describe("a date typed as day, month, year", () => {
  test("is read from Western and from Arabic digits", () => {
    expect(dateIn(typed("21", "11", "2026"))).toBe("2026-11-21");
    expect(dateIn(typed("٢١", "11", "٢٠٢٦"))).toBe("2026-11-21");
    expect(dateIn(typed("۵", "3", "۲۰۲۴"))).toBe("2024-03-05");
  });

  test("is none when the calendar has no such day, or something is missing", () => {
    expect(dateIn(typed("29", "2", "2025"))).toBeUndefined();
    expect(dateIn(typed("31", "4", "2026"))).toBeUndefined();
    expect(dateIn(typed("1", "13", "2026"))).toBeUndefined();
    expect(dateIn(typed("1", "1", "26"))).toBeUndefined();
    expect(dateIn(noDate)).toBeUndefined();
    expect(dateIn(typed("29", "2", "2024"))).toBe("2024-02-29");
  });

  test("has the time of day that was typed, and noon where none was", () => {
    expect(momentIn(typed("21", "11", "2026", "٩:٠٥"))).toBe(new Date(2026, 10, 21, 9, 5).getTime());
    expect(momentIn(typed("21", "11", "2026"))).toBe(new Date(2026, 10, 21, 12).getTime());
    expect(momentIn(typed("21", "11", "2026", "25:00"))).toBeUndefined();
    expect(momentIn(typed("21", "11", "2026", "soon"))).toBeUndefined();
  });

  test("comes back as it was", () => {
    const at = new Date(2026, 1, 3, 7, 9).getTime();
    expect(momentIn(partsOfMoment(at))).toBe(at);
    expect(dateIn(partsOfDate("2026-02-03"))).toBe("2026-02-03");
  });
});
