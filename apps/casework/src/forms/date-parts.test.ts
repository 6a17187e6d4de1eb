/** Dates as they are typed. */

import { describe, expect, test } from "vitest";
import { dateIn, momentIn, noDate, partsOfDate, partsOfMoment } from "./date-parts.ts";

const typed = (day: string, month: string, year: string, time = "") => ({ day, month, year, time });
const now = new Date(2026, 10, 22, 15, 20).getTime();

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
    expect(momentIn(typed("21", "11", "2026", "٩:٠٥"), "past", now)).toBe(new Date(2026, 10, 21, 9, 5).getTime());
    expect(momentIn(typed("21", "11", "2026"), "past", now)).toBe(new Date(2026, 10, 21, 12).getTime());
    expect(momentIn(typed("21", "11", "2026", "25:00"), "past", now)).toBeUndefined();
    expect(momentIn(typed("21", "11", "2026", "soon"), "past", now)).toBeUndefined();
  });

  test("of today and without a time is by now if it happened, and until midnight if it is planned", () => {
    const today = typed("22", "11", "2026");
    const morning = new Date(2026, 10, 22, 8, 30).getTime();
    const noon = new Date(2026, 10, 22, 12).getTime();
    expect(momentIn(today, "past", morning)).toBe(morning);
    expect(momentIn(today, "future", morning)).toBe(noon);
    expect(momentIn(today, "past", now)).toBe(noon);
    expect(momentIn(today, "future", now)).toBe(new Date(2026, 10, 22, 23, 59).getTime());
    // A time that was typed stands: whoever saves it is told that it lies on the wrong side.
    expect(momentIn(typed("22", "11", "2026", "12:00"), "past", morning)).toBe(noon);
    // Another day on the wrong side is a mistake and not made to fit.
    expect(momentIn(typed("23", "11", "2026"), "past", now)).toBe(new Date(2026, 10, 23, 12).getTime());
  });

  test("comes back as it was", () => {
    const at = new Date(2026, 1, 3, 7, 9).getTime();
    expect(momentIn(partsOfMoment(at), "past", now)).toBe(at);
    expect(dateIn(partsOfDate("2026-02-03"))).toBe("2026-02-03");
  });
});
