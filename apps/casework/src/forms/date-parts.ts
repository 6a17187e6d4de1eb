/** Dates as they are typed: day, month, year, and the time of day where it matters. Read by the wall clock of this device. */

import { type WallTime, withWesternDigits } from "@amana/ui";

export type DateParts = {
  readonly day: string;
  /** 1 to 12, "" while none is chosen. */
  readonly month: string;
  readonly year: string;
  /** `09:30` */
  readonly time: string;
};

/** What stands in a date that is not whole, or that there is not: it is kept, and never saved as if nothing stood there. */
export type HalfTyped = { readonly halfTyped: DateParts };

export const isHalfTyped = (value: unknown): value is HalfTyped =>
  typeof value === "object" && value !== null && "halfTyped" in value;

export const isNothing = ({ day, month, year, time }: DateParts): boolean =>
  [day, month, year, time].every((part) => part.trim() === "");

export const noDate: DateParts = { day: "", month: "", year: "", time: "" };

const numberIn = (typed: string): number | undefined => {
  const digits = withWesternDigits(typed).trim();
  return /^\d{1,4}$/.test(digits) ? Number(digits) : undefined;
};

/** The day, if there is such a day. */
const dayOf = ({ day, month, year }: DateParts): Pick<WallTime, "day" | "month" | "year"> | undefined => {
  const [ofDay, ofMonth, ofYear] = [numberIn(day), numberIn(month), numberIn(year)];
  if (ofDay === undefined || ofMonth === undefined || ofYear === undefined) return undefined;
  const date = new Date(ofYear, ofMonth - 1, ofDay);
  const isThere = date.getDate() === ofDay && date.getMonth() === ofMonth - 1 && ofYear >= 1900;
  return isThere ? { day: ofDay, month: ofMonth, year: ofYear } : undefined;
};

const two = (number: number): string => String(number).padStart(2, "0");

/** `2026-11-21` */
export const dateIn = (parts: DateParts): string | undefined => {
  const day = dayOf(parts);
  return day === undefined ? undefined : `${day.year}-${two(day.month)}-${two(day.day)}`;
};

const [lastHour, lastMinute] = [23, 59];

/**
 * Noon where no time was typed. Of today, where noon is on the wrong side of now: what happened has happened by now,
 * and what is planned may be until the day ends.
 */
export const momentIn = (parts: DateParts, kind: "past" | "future", now: number): number | undefined => {
  const day = dayOf(parts);
  if (day === undefined) return undefined;
  if (parts.time.trim() === "") return aroundNoon(new Date(day.year, day.month - 1, day.day, 12), kind, now);
  const time = /^\s*(\d{1,2})\s*[:.٫]\s*(\d{2})\s*$/.exec(withWesternDigits(parts.time));
  const [hour, minute] = [Number(time?.[1] ?? NaN), Number(time?.[2] ?? NaN)];
  if (!(hour < 24 && minute < 60)) return undefined;
  return new Date(day.year, day.month - 1, day.day, hour, minute).getTime();
};

const aroundNoon = (noon: Date, kind: "past" | "future", now: number): number => {
  const isToday = noon.toDateString() === new Date(now).toDateString();
  if (!isToday || (kind === "past") === noon.getTime() <= now) return noon.getTime();
  return kind === "past" ? now : new Date(noon).setHours(lastHour, lastMinute);
};

export const partsOfMoment = (at: number): DateParts => {
  const date = new Date(at);
  return {
    day: String(date.getDate()),
    month: String(date.getMonth() + 1),
    year: String(date.getFullYear()),
    time: `${two(date.getHours())}:${two(date.getMinutes())}`,
  };
};

export const partsOfDate = (on: string): DateParts => {
  const [year = "", month = "", day = ""] = on.split("-");
  return { day: String(Number(day)), month: String(Number(month)), year, time: "" };
};
