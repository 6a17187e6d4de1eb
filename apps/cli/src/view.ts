/**
 * How an answer is put into words: the terminal's own words, the pack's words, and whom they speak to.
 *
 * A text that the pack does not have yet in the language asked for is shown in English, and without
 * that as its id: an answer is never held back because a translation is missing.
 */

import type { CompiledPack, Facts, Reason } from "@amana/pathway";
import { type Language, type Say, type TextKey, isolate, isTextKey, sayIn } from "./words.ts";

/** The pack's texts by key, in the language asked for and in English. */
export type PackTexts = {
  readonly asked: ReadonlyMap<string, string>;
  readonly english: ReadonlyMap<string, string>;
};

export type View = {
  /** The terminal's own words, in the voice below. */
  readonly say: Say;
  readonly language: Language;
  readonly pack: CompiledPack;
  /** The pack's text, or undefined when it has none in either language. */
  readonly find: (key: string) => string | undefined;
  /** The pack's text, or else the id that its key holds. */
  readonly tell: (key: string, id: string) => string;
  /** Whether the words speak to the person it is about (`asking` self) or to a responder. */
  readonly voice: "self" | "other";
};

export const viewOf = (pack: CompiledPack, texts: PackTexts, language: Language, voice: View["voice"]): View => {
  const own = (key: string): string | undefined => (voice === "self" ? texts.asked.get(`${key}.self`) : undefined);
  const find = (key: string): string | undefined => own(key) ?? texts.asked.get(key) ?? texts.english.get(key);
  return {
    say: sayTo(voice, language),
    language,
    pack,
    find,
    tell: (key, id) => find(key) ?? isolate(language, id),
    voice,
  };
};

/** The terminal's own words, said to the person it is about where they would otherwise be about that person. */
const sayTo = (voice: View["voice"], language: Language): Say => {
  const say = sayIn(language);
  return voice === "other" ? say : (key, values) => say(toSelf(key), values);
};

const toSelf = (key: TextKey): TextKey => {
  const own = `${key}-self`;
  return isTextKey(own) ? own : key;
};

/** With `asking` self the words speak to the person it is about (DOMAIN §13, "Asking oneself"). */
export const voiceOf = (facts: Facts): View["voice"] => (facts["asking"] === "self" ? "self" : "other");

/** Facts whose values have their words elsewhere than under the fact itself. */
const valueKeys: Readonly<Record<string, (value: string) => string>> = {
  harm: (value) => `harm.${value}.name`,
  governorate: (value) => `governorate.${value}`,
};

/** One value of a fact in words. */
export const valueInWords = (view: View, fact: string, value: string): string => {
  const key = valueKeys[fact]?.(value) ?? `fact.${fact}.${value}`;
  const words = view.find(key);
  if (words !== undefined) return words;
  if (value === "yes" || value === "no") return view.say(value === "yes" ? "value.yes" : "value.no");
  return isolate(view.language, value);
};

/** A fact and its value: "immediate danger: yes". */
export const factInWords = (view: View, fact: string, value: string | readonly string[] | undefined): string => {
  const name = view.tell(`fact.${fact}.name`, fact);
  return view.say("fact.is", { name, value: givenInWords(view, fact, value) });
};

const givenInWords = (view: View, fact: string, value: string | readonly string[] | undefined): string => {
  if (value === undefined) return view.say("value.unknown");
  if (typeof value === "string") return valueInWords(view, fact, value);
  if (value.length === 0) return view.say("value.none");
  return listInWords(
    view,
    value.map((one) => valueInWords(view, fact, one)),
  );
};

export const listInWords = (view: View, items: readonly string[]): string => items.join(view.say("list.comma"));

/** The sections of the guide that something rests on, those about the same thing together. */
export const sourceInWords = (view: View, source: string): string => {
  const idsByTopic = new Map<string, string[]>();
  for (const id of new Set(source.split(" "))) {
    const topic = view.find(`source.${id.replace(/-\d+$/, "")}`) ?? "";
    idsByTopic.set(topic, [...(idsByTopic.get(topic) ?? []), isolate(view.language, id)]);
  }
  const sections = [...idsByTopic].map(([topic, ids]) => `${listInWords(view, ids)} ${topic}`.trimEnd());
  return `[${sections.join(view.say("list.semicolon"))}]`;
};

/** Why: the rule in words, the facts that decided, and the section of the guide. */
export const reasonInWords = (view: View, reason: Reason): string => {
  const deciding = [
    ...Object.entries(reason.facts).map(([fact, value]) => factInWords(view, fact, value)),
    ...(reason.unknown ?? []).map((fact) => factInWords(view, fact, undefined)),
  ];
  const because = deciding.length === 0 ? "" : `(${deciding.join(view.say("list.semicolon"))})`;
  const parts = [view.find(`rule.${reason.rule}`) ?? "", because, sourceInWords(view, reason.source)];
  return parts.filter((part) => part !== "").join(" ");
};
