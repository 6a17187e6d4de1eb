/** Moments and lengths of time in words. */

import { describe, expect, test } from "vitest";
import { durationInWords, momentInWords, weekdayOf, withEasternDigits, withWesternDigits } from "./moments.ts";

const hour = 3_600_000;

describe("moments in words", () => {
  test("a moment is said with its weekday, in each language's own words", () => {
    const moment = { year: 2026, month: 11, day: 21, hour: 9, minute: 5 };
    expect(momentInWords(moment, "en")).toBe("Saturday 21 November 2026, 09:05");
    expect(momentInWords(moment, "ar")).toBe("السبت 21 تشرين الثاني 2026، 09:05");
    expect(momentInWords(moment, "ckb")).toBe("شەممە 21 تشرینی دووەم 2026، 09:05");
    expect(momentInWords(moment, "kmr")).toBe("شەمبی 21 چریا دووێ 2026، 09:05");
  });

  test("the day of the week is that of the calendar, over leap days and centuries", () => {
    for (let days = 0; days < 60_000; days += 17) {
      const date = new Date(days * 24 * hour);
      const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
      expect(weekdayOf(day)).toBe(date.getUTCDay());
    }
  });

  test("a length of time is said in the unit people would use", () => {
    expect(durationInWords(0, "en")).toBe("1 minute");
    expect(durationInWords(59 * 60_000, "en")).toBe("59 minutes");
    expect(durationInWords(hour, "en")).toBe("1 hour");
    expect(durationInWords(-47 * hour, "en")).toBe("47 hours");
    expect(durationInWords(48 * hour, "en")).toBe("2 days");
  });

  test("Arabic counts with a dual, a few and many", () => {
    const said = [1, 2, 3, 10, 11, 23, 47].map((count) => durationInWords(count * hour, "ar"));
    expect(said).toEqual(["ساعة", "ساعتين", "3 ساعات", "10 ساعات", "11 ساعة", "23 ساعة", "47 ساعة"]);
    expect(durationInWords(102 * 24 * hour, "ar")).toBe("102 يوم");
  });

  test("Kurdish counts without a plural", () => {
    expect(durationInWords(5 * hour, "ckb")).toBe("5 کاتژمێر");
    expect(durationInWords(3 * 24 * hour, "kmr")).toBe("3 ڕۆژ");
  });

  test("digits are read from any keyboard and shown as chosen", () => {
    expect(withWesternDigits("٠١٢٣۴۵6")).toBe("0123456");
    expect(withEasternDigits("09:30")).toBe("٠٩:٣٠");
  });
});
