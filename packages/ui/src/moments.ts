/**
 * Moments and lengths of time in words, from our own tables: weekday, day and time of day, "5 hours", "2 days".
 *
 * Browsers have no Kurdish for any of these. The Kurdish and Arabic tables await native review. A length of time is
 * worded so that it fits after a preposition ("in", "since"), which decides the Arabic dual.
 */

import { dateInWords } from "./dates.ts";
import type { Language } from "./languages.ts";

/** A moment as the wall clock of its reader shows it. */
export type WallTime = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

type Seven = readonly [string, string, string, string, string, string, string];

/** From Sunday on, as `Date` counts. The Iraqi week begins with the last of them, on Saturday. */
const weekdays: Readonly<Record<Language, Seven>> = {
  en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  ar: ["الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"],
  ckb: ["یەکشەممە", "دووشەممە", "سێشەممە", "چوارشەممە", "پێنجشەممە", "ھەینی", "شەممە"],
  kmr: ["ئێکشەمبی", "دووشەمبی", "سێشەمبی", "چارشەمبی", "پێنجشەمبی", "ئەینی", "شەمبی"],
};

/** The day of the week of a calendar date, 0 for Sunday (Zeller's congruence). */
export const weekdayOf = ({ year, month, day }: Pick<WallTime, "year" | "month" | "day">): number => {
  const shifted = month < 3 ? month + 12 : month;
  const ofYear = month < 3 ? year - 1 : year;
  const sum =
    day +
    Math.floor((13 * (shifted + 1)) / 5) +
    ofYear +
    Math.floor(ofYear / 4) -
    Math.floor(ofYear / 100) +
    Math.floor(ofYear / 400);
  // The congruence counts from Saturday.
  return (sum + 6) % 7;
};

const twoDigits = (number: number): string => String(number).padStart(2, "0");

const timeOfDay = ({ hour, minute }: WallTime): string => `${twoDigits(hour)}:${twoDigits(minute)}`;

/** `Saturday 21 November 2026, 09:30` */
export const momentInWords = (moment: WallTime, language: Language): string => {
  const weekday = weekdays[language][weekdayOf(moment)] ?? "";
  const date = dateInWords(
    `${String(moment.year).padStart(4, "0")}-${twoDigits(moment.month)}-${twoDigits(moment.day)}`,
    language,
  );
  const comma = language === "en" ? "," : "،";
  return `${weekday} ${date ?? ""}${comma} ${timeOfDay(moment)}`;
};

type Unit = "minute" | "hour" | "day";

const millisecondsOf = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const hoursCountedTo = 48;

/** A length of time in its natural unit: minutes up to an hour, hours up to two days, then days. Never less than a minute. */
export const durationInWords = (milliseconds: number, language: Language): string => {
  const length = Math.abs(milliseconds);
  const unit: Unit =
    length < millisecondsOf.hour ? "minute" : length < hoursCountedTo * millisecondsOf.hour ? "hour" : "day";
  return counted[language](Math.max(1, Math.floor(length / millisecondsOf[unit])), unit);
};

const kurdish: Readonly<Record<"ckb" | "kmr", Readonly<Record<Unit, string>>>> = {
  ckb: { minute: "خولەک", hour: "کاتژمێر", day: "ڕۆژ" },
  kmr: { minute: "خولەک", hour: "دەمژمێر", day: "ڕۆژ" },
};

/** One, two, three to ten, eleven and more. */
const arabic: Readonly<Record<Unit, readonly [string, string, string, string]>> = {
  minute: ["دقيقة", "دقيقتين", "دقائق", "دقيقة"],
  hour: ["ساعة", "ساعتين", "ساعات", "ساعة"],
  day: ["يوم", "يومين", "أيام", "يوما"],
};

const inArabic = (count: number, unit: Unit): string => {
  const [one, two, few, many] = arabic[unit];
  if (count === 1) return one;
  if (count === 2) return two;
  const last = count % 100;
  if (last >= 3 && last <= 10) return `${count} ${few}`;
  return `${count} ${last < 3 ? one : many}`;
};

const counted: Readonly<Record<Language, (count: number, unit: Unit) => string>> = {
  en: (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`,
  ar: inArabic,
  ckb: (count, unit) => `${count} ${kurdish.ckb[unit]}`,
  kmr: (count, unit) => `${count} ${kurdish.kmr[unit]}`,
};

const westernDigits = /[0-9]/g;
const easternDigits = /[٠-٩۰-۹]/g;

/** Arabic-Indic digits for those who choose them. */
export const withEasternDigits = (text: string): string =>
  text.replace(westernDigits, (digit) => String.fromCharCode(0x0660 + Number(digit)));

/** What somebody typed, in Western digits, whatever keyboard it came from. */
export const withWesternDigits = (text: string): string =>
  text.replace(easternDigits, (digit) => String(digit.charCodeAt(0) & 0xf));
