/**
 * The terminal's own words, in the four languages of the guide.
 *
 * One table for each language with the same keys; `words.test.ts` refuses a gap. The guidance's words
 * are in the pack, not here.
 */

import ar from "../texts/ar.json" with { type: "json" };
import ckb from "../texts/ckb.json" with { type: "json" };
import en from "../texts/en.json" with { type: "json" };
import kmr from "../texts/kmr.json" with { type: "json" };

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;

export const isTextKey = (text: string): text is TextKey => Object.hasOwn(en, text);

export const textsByLanguage = { en, ar, ckb, kmr } as const satisfies Record<string, Texts>;
export type Language = keyof typeof textsByLanguage;

/** In the order in which help lists them. */
export const languages = ["en", "ar", "ckb", "kmr"] as const satisfies readonly Language[];

export const isLanguage = (text: string): text is Language => (languages as readonly string[]).includes(text); // Widened to ask.

/**
 * The language of a locale such as `ar_IQ.UTF-8`; English when it is none of ours. `ku` alone is not
 * guessed at: Sorani and Badini readers would each get the other's.
 */
export const languageOfLocale = (locale: string | undefined): Language => {
  const [code = ""] = (locale ?? "").toLowerCase().split(/[_.@-]/);
  return isLanguage(code) ? code : "en";
};

/** Says a text with its placeholders filled in. */
export type Say = (key: TextKey, values?: Readonly<Record<string, string>>) => string;

const firstStrongIsolate = "\u2068";
const popIsolate = "\u2069";

/** What a right-to-left sentence could take apart. */
const isLeftToRight = /[A-Za-z0-9]/;

/**
 * Keeps a number, id or path in one piece inside of a right-to-left sentence: without it, a telephone
 * number would show its groups in the wrong order.
 */
export const isolate = (language: Language, text: string): string =>
  language === "en" || !isLeftToRight.test(text) ? text : `${firstStrongIsolate}${text}${popIsolate}`;

export const sayIn = (language: Language): Say => {
  const texts: Texts = textsByLanguage[language];
  return (key, values = {}) =>
    texts[key].replaceAll(/\{([a-z]+)\}/g, (_, name: string) => isolate(language, values[name] ?? ""));
};
