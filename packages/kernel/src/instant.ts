/**
 * Moments in time, as milliseconds since 1970-01-01T00:00:00Z, read and written without the system's
 * calendar, so that the same text means the same moment on every device and in any year.
 */

import type { Brand } from "./brand.ts";
import { assert } from "./impossible.ts";
import { err, ok, type Result } from "./result.ts";

/** A whole number of milliseconds since 1970 (UTC), within the years 0001 to 9999. */
export type Instant = number & Brand<"Instant">;

export type InstantError = { readonly type: "NotAnInstant" };

const millisecondsPerMinute = 60_000;
const millisecondsPerDay = 86_400_000;

/** 0001-01-01T00:00:00.000Z. */
export const instantMin = -62_135_596_800_000 as Instant; // The bound itself is the definition of the range.

/** 9999-12-31T23:59:59.999Z. */
export const instantMax = 253_402_300_799_999 as Instant; // The bound itself is the definition of the range.

/** Whether a number, from a clock or a stored event, is a moment within the range. */
export const isInstant = (value: unknown): value is Instant =>
  typeof value === "number" && Number.isInteger(value) && value >= instantMin && value <= instantMax;

/** The moment so many milliseconds after another; before it when negative. Leaving the range is our mistake. */
export const later = (instant: Instant, milliseconds: number): Instant => {
  const moved = instant + milliseconds;
  assert(isInstant(moved), "A moment left the years 0001 to 9999.");
  return moved;
};

const textForm = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads `2026-11-21T09:30:00Z`, with up to three decimals of a second and with `Z` or an offset like `+03:00`.
 * A date without a time of day is refused, and so is a day that the calendar does not have.
 */
export const parseInstant = (text: string): Result<Instant, InstantError> => {
  const parts = textForm.exec(text);
  if (parts === null) return err({ type: "NotAnInstant" });
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as Six; // The form has six groups.
  const offsetHour = Number(parts[9] ?? "0");
  const offsetMinute = Number(parts[10] ?? "0");
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && offsetHour <= 23 && offsetMinute <= 59;
  if (!isDay || !isTime) return err({ type: "NotAnInstant" });

  const offset = (parts[8] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute) * millisecondsPerMinute;
  const timeOfDay =
    (hour * 60 + minute) * millisecondsPerMinute + second * 1000 + Number((parts[7] ?? "").padEnd(3, "0"));
  const instant = daysFromDate(year, month, day) * millisecondsPerDay + timeOfDay - offset;
  return isInstant(instant) ? ok(instant) : err({ type: "NotAnInstant" });
};

/** Always the same 24 characters in UTC: `2026-11-21T09:30:00.000Z`. */
export const formatInstant = (instant: Instant): string => {
  const days = Math.floor(instant / millisecondsPerDay);
  const timeOfDay = instant - days * millisecondsPerDay;
  const { year, month, day } = dateFromDays(days);
  const minutes = Math.floor(timeOfDay / millisecondsPerMinute);
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  const seconds = digits(Math.floor(timeOfDay / 1000) % 60, 2);
  return `${date}T${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}:${seconds}.${digits(timeOfDay % 1000, 3)}Z`;
};

type Six = [number, number, number, number, number, number];

const digits = (value: number, length: number): string => String(value).padStart(length, "0");

const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

// [Note: Years that start in March] A year counted from March ends with February, so that the leap day is
// its last day and the lengths of the months before it follow one formula: 153 days in every five months.
const daysFromDate = (year: number, month: number, day: number): number => {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfMarchYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return daysToMarch(marchYear) + dayOfMarchYear - daysBefore1970;
};

const dateFromDays = (days: number): { year: number; month: number; day: number } => {
  const dayCount = days + daysBefore1970;
  const cycle = Math.floor(dayCount / daysPerCycle);
  const dayOfCycle = dayCount - cycle * daysPerCycle;
  // Without the leap days before it, the day's place in the cycle is 365 days a year exactly.
  const leapDaysBefore =
    Math.floor(dayOfCycle / 1460) - Math.floor(dayOfCycle / 36_524) + Math.floor(dayOfCycle / (daysPerCycle - 1));
  const yearOfCycle = Math.floor((dayOfCycle - leapDaysBefore) / 365);
  const dayOfMarchYear = dayOfCycle - daysToMarch(yearOfCycle);
  const monthFromMarch = Math.floor((5 * dayOfMarchYear + 2) / 153);
  const month = ((monthFromMarch + 2) % 12) + 1;
  const day = dayOfMarchYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return { year: cycle * 400 + yearOfCycle + (month > 2 ? 0 : 1), month, day };
};

/** Days from 0000-03-01 to the first of March of a year. */
const daysToMarch = (year: number): number =>
  365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);

/** The calendar repeats after 400 years. */
const daysPerCycle = 146_097;

/** Days from 0000-03-01 to 1970-01-01. */
const daysBefore1970 = 719_468;
