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
} from "@amana/ui";
import type englishWords from "../../texts/en.json";
import type { Phrase } from "../case/screen.ts";

export type WordKey = keyof typeof englishWords;
export type Texts = Readonly<Record<string, string>>;
export type Digits = "western" | "eastern";

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
  readonly recipient: (id: string) => string;
  /** A phrase in one line. */
  readonly say: (phrase: Phrase, names: Names) => string;
};

const fill = (text: string, values: Texts): string =>
  text.replace(/\{([a-zA-Z]+)\}/g, (place, name: string) => values[name] ?? place);

export const makeWords = (language: Language, own: Texts, pack: Texts, digits: Digits): Words => {
  const shown = (text: string): string => (digits === "eastern" ? withEasternDigits(text) : text);
  const find = (key: string): string | undefined => own[key] ?? pack[key];
  const word: Words["word"] = (key, values = {}) => shown(fill(own[key] ?? key, values));
  const named: Words["named"] = (start, id) => find(`${start}.${id}`) ?? id;
  const option: Words["option"] = (field, value) =>
    find(`option.${field}.${value}`) ?? find(`option.${value}`) ?? value;
  const answer: Words["answer"] = (fact, value) => answerOf({ find, word }, fact, value);
  const moment = (at: number): string => shown(momentInWords(wallTimeOf(at), language));
  const recipient = (id: string): string =>
    find(`contact.${id}.name`) ?? find(`tool.${id}.name`) ?? find(`option.act.${id}`) ?? find(`recipient.${id}`) ?? id;
  const say: Words["say"] = (phrase, names) => {
    switch (phrase.kind) {
      case "word":
        return shown(find(phrase.key) ?? phrase.key);
      case "option":
        return option(phrase.field, phrase.value);
      case "text":
        return phrase.text;
      case "moment":
        return moment(phrase.at);
      case "date":
        return shown(dateInWords(phrase.on, language) ?? phrase.on);
      case "person":
        return names.person(phrase.person);
      case "recipient":
        return names.provider(phrase.recipient) ?? recipient(phrase.recipient);
      case "shared":
        return sharedOf({ find, word }, phrase.field);
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
    duration: (milliseconds) => shown(durationInWords(milliseconds, language)),
    recipient,
    say,
  };
};

type Finder = { readonly find: (key: string) => string | undefined; readonly word: Words["word"] };

const answerOf = (finder: Finder, fact: string, value: string | readonly string[] | undefined): string => {
  const { find, word } = finder;
  if (value === undefined) return word("common.notKnown");
  if (typeof value !== "string") {
    return value.length === 0
      ? word("common.none")
      : value.map((each) => answerOf(finder, fact, each)).join(word("list.separator"));
  }
  const own =
    fact === "harm" ? `harm.${value}.name` : fact === "governorate" ? `governorate.${value}` : `fact.${fact}.${value}`;
  return find(own) ?? find(`common.${value}`) ?? find(`option.${value}`) ?? value;
};

/** `detail:phone`, `fact:harm`, or a word of its own. */
const sharedOf = ({ find }: Finder, field: string): string => {
  const [kind = "", id = ""] = field.split(":");
  if (kind === "detail") return find(`option.field.${id}`) ?? id;
  return kind === "fact" ? (find(`fact.${id}.name`) ?? id) : (find(`shared.${kind}`) ?? kind);
};

/** As the clock on the wall shows it where this device is. */
export const wallTimeOf = (at: number): WallTime => {
  const date = new Date(at);
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
  };
};
