/**
 * Calendar dates in words, from our own tables.
 *
 * Chromium has no Kurdish dates and falls back to the device's language, so a Turkish phone would
 * show Turkish months to a Kurdish reader. Iraq's month names are used in all four languages'
 * tables where they are Arabic or Kurdish. The Kurdish tables await native review.
 */

import type { Language } from "./languages.ts";

type Twelve = readonly [string, string, string, string, string, string, string, string, string, string, string, string];

export const monthNames: Readonly<Record<Language, Twelve>> = {
  en: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
  ar: [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
  ],
  ckb: [
    "کانوونی دووەم",
    "شوبات",
    "ئازار",
    "نیسان",
    "ئایار",
    "حوزەیران",
    "تەمووز",
    "ئاب",
    "ئەیلوول",
    "تشرینی یەکەم",
    "تشرینی دووەم",
    "کانوونی یەکەم",
  ],
  kmr: [
    "کانوونا دووێ",
    "شوبات",
    "ئادار",
    "نیسان",
    "گولان",
    "حوزەیران",
    "تیرمەهـ",
    "تەباخ",
    "ئەیلوول",
    "چریا ئێکێ",
    "چریا دووێ",
    "کانوونا ئێکێ",
  ],
};

/** A calendar date written YYYY-MM-DD, as the readers of a language write it. Undefined when it is no date. */
export const dateInWords = (date: string, language: Language): string | undefined => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (parts === null) return undefined;
  const [, year = "", month = "", day = ""] = parts;
  const name = monthNames[language][Number(month) - 1];
  const isDay = Number(day) >= 1 && Number(day) <= 31;
  if (name === undefined || !isDay) return undefined;
  return `${Number(day)} ${name} ${year}`;
};
