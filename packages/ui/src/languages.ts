/**
 * The languages of the product: text keys, tags for the browser, directions, names.
 *
 * Text keys never change: they name files, paths and stored choices. The tag and the direction are
 * our own table, because browsers do not know Kurdish in Arabic script (they report left to right).
 */

export const languages = ["en", "ar", "ckb", "kmr"] as const;

export type Language = (typeof languages)[number];

export type Direction = "ltr" | "rtl";

export type LanguageFacts = {
  /** For the `lang` attribute: what screen readers, fonts and hyphenation go by. */
  readonly tag: string;
  readonly direction: Direction;
  /** The name in the language itself, as its readers know it. */
  readonly name: string;
  /** The same in few letters, for narrow places. */
  readonly shortName: string;
};

export const languageFacts: Readonly<Record<Language, LanguageFacts>> = {
  en: { tag: "en-GB", direction: "ltr", name: "English", shortName: "English" },
  ar: { tag: "ar-IQ", direction: "rtl", name: "العربية", shortName: "العربية" },
  ckb: { tag: "ckb-IQ", direction: "rtl", name: "کوردیی سۆرانی", shortName: "سۆرانی" },
  kmr: { tag: "kmr-Arab-IQ", direction: "rtl", name: "کوردییا بادینی", shortName: "بادینی" },
};

export const isLanguage = (text: string): text is Language => languages.some((language) => language === text);
