/**
 * Words of one language: the app's own by their keys, the pack's texts beside them once they are there, and whatever a
 * screen has to say put into them.
 *
 * What a person wrote is never looked up and never changed.
 */

import {
  type Language,
  type WallTime,
  dateInWords,
  durationInWords,
  momentInWords,
  withEasternDigits,
  withWesternDigits,
} from "@amana/ui";
import type englishWords from "../../texts/en.json";
import type { Phrase } from "../case/screen.ts";

export type WordKey = keyof typeof englishWords;
export type Texts = Readonly<Record<string, string>>;
export type Digits = "western" | "eastern";

/** With how they look, which needs no word. */
export const allDigits = [
  ["western", "123"],
  ["eastern", "١٢٣"],
] as const satisfies readonly (readonly [Digits, string])[];

/** As the Unicode CLDR has it for Iraq (numbering systems of ar-IQ and ckb); Badini in Arabic script like them. */
export const digitsOf: Readonly<Record<Language, Digits>> = {
  en: "western",
  ar: "eastern",
  ckb: "eastern",
  kmr: "eastern",
};

/** Where the words of this person and case come from that no text file holds. */
export type Names = { readonly person: (id: string) => string; readonly provider: (id: string) => string | undefined };

export type Words = {
  readonly language: Language;
  readonly word: (key: WordKey, values?: Texts) => string;
  /** A key that is put together from an id; the id itself where nobody has named it. */
  readonly named: (start: string, id: string) => string;
  /** A text of the pack. */
  readonly text: (key: string) => string;
  readonly hasText: (key: string) => boolean;
  readonly option: (field: string, value: string) => string;
  readonly answer: (fact: string, value: string | readonly string[] | undefined) => string;
  readonly moment: (at: number) => string;
  readonly duration: (milliseconds: number) => string;
  /** In the digits of this person. */
  readonly count: (number: number) => string;
  /** The same for a number as it is typed. */
  readonly digits: (typed: string) => string;
  readonly recipient: (id: string) => string;
  /** A phrase in one line. */
  readonly say: (phrase: Phrase, names: Names) => string;
};

/** The digits that these words are shown in. */
export const digitsIn = (words: Words): Digits => (words.count(1) === "1" ? "western" : "eastern");

const fill = (text: string, values: Texts): string =>
  text.replace(/\{([a-zA-Z]+)\}/g, (place, name: string) => values[name] ?? place);

/** The digits of a name or an address in Latin letters belong to it. */
const withOwnDigits = (part: string): string => (/[A-Za-z]/.test(part) ? part : withEasternDigits(part));

/** A count is shown in this person's digits; a name or a code is left as it was written. */
const countsIn = (values: Texts, shown: (text: string) => string): Texts =>
  Object.fromEntries(Object.entries(values).map(([name, text]) => [name, /^[0-9]+$/.test(text) ? shown(text) : text]));

/** A tool, an agency or an act that is chosen has its name with the guidance or the plan. */
const nameElsewhere = (find: Finder["find"], id: string): string | undefined =>
  find(`contact.${id}.name`) ?? find(`tool.${id}.name`) ?? find(`option.act.${id}`) ?? find(`recipient.${id}`);

export const makeWords = (language: Language, own: Texts, pack: Texts, digits: Digits): Words => {
  const shown = (text: string): string => (digits === "eastern" ? text.replace(/\S+/g, withOwnDigits) : text);
  const find = (key: string): string | undefined => own[key] ?? pack[key];
  const word: Words["word"] = (key, values = {}) => fill(shown(own[key] ?? key), countsIn(values, shown));
  /** A text of ours; an id that nobody has named stays as it is. */
  const ours = (text: string | undefined, id: string): string => (text === undefined ? id : shown(text));
  const named: Words["named"] = (start, id) => ours(find(`${start}.${id}`), id);
  const option: Words["option"] = (field, value) =>
    ours(find(`option.${field}.${value}`) ?? find(`option.${value}`) ?? nameElsewhere(find, value), value);
  const answer: Words["answer"] = (fact, value) => answerOf({ find, word, ours }, fact, value);
  const moment = (at: number): string => shown(momentInWords(wallTimeOf(at), language));
  const recipient = (id: string): string => nameElsewhere(find, id) ?? id;
  const say: Words["say"] = (phrase, names) => {
    switch (phrase.kind) {
      case "word":
        return shown(find(phrase.key) ?? phrase.key);
      case "option":
        return option(phrase.field, phrase.value);
      case "text":
        return phrase.text;
      case "number":
        return shown(String(phrase.number));
      case "moment":
        return moment(phrase.at);
      case "date":
        return shown(dateInWords(phrase.on, language) ?? phrase.on);
      case "person":
        return names.person(phrase.person);
      case "recipient":
        return names.provider(phrase.recipient) ?? recipient(phrase.recipient);
      case "shared":
        return sharedOf({ find, word, ours }, phrase.field);
      case "fact":
        return named(`fact.${phrase.fact}`, "name");
      case "answer":
        return answer(phrase.fact, phrase.value);
      case "list":
        return phrase.of.map((each) => say(each, names)).join(word("list.separator"));
      default:
        return phrase satisfies never;
    }
  };
  return {
    language,
    word,
    named,
    text: (key) => shown(find(key) ?? key),
    hasText: (key) => find(key) !== undefined,
    option,
    answer,
    moment,
    count: (number) => shown(String(number)),
    digits: (typed) => shown(withWesternDigits(typed)),
    duration: (milliseconds) => shown(durationInWords(milliseconds, language)),
    recipient,
    say,
  };
};

type Finder = {
  readonly find: (key: string) => string | undefined;
  readonly word: Words["word"];
  readonly ours: (text: string | undefined, id: string) => string;
};

const answerOf = (finder: Finder, fact: string, value: string | readonly string[] | undefined): string => {
  const { find, word, ours } = finder;
  if (value === undefined) return word("common.notKnown");
  if (typeof value !== "string") {
    return value.length === 0
      ? word("common.none")
      : value.map((each) => answerOf(finder, fact, each)).join(word("list.separator"));
  }
  const own =
    fact === "harm" ? `harm.${value}.name` : fact === "governorate" ? `governorate.${value}` : `fact.${fact}.${value}`;
  return ours(find(own) ?? find(`common.${value}`) ?? find(`option.${value}`), value);
};

/** `detail:phone`, `fact:harm`, or a word of its own. */
const sharedOf = ({ find }: Finder, field: string): string => {
  const [kind = "", id = ""] = field.split(":");
  if (kind === "detail") return find(`option.field.${id}`) ?? id;
  return kind === "fact" ? (find(`fact.${id}.name`) ?? id) : (find(`shared.${kind}`) ?? kind);
};

/** As the clock on the wall shows it where this device is. */
const wallTimeOf = (at: number): WallTime => {
  const date = new Date(at);
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
  };
};
