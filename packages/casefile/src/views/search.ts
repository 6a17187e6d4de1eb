/**
 * Search before open: keys by which a device finds that a person has a case already, in whatever spelling (names across
 * Arabic, Kurdish and Latin script; telephone numbers; ids).
 *
 * Keys are as telling as what they are made of: they stay on the device, sealed like the case itself.
 */

import { detailTexts } from "../survivor/details.ts";
import type { CaseState } from "../state.ts";
import type { CaseCode } from "../ids.ts";
import { codesOf } from "../opening/opening.ts";
import { foldLetters, shortSoundOf, soundsOf } from "./spelling.ts";

/** What somebody searches with. */
export type SearchQuery = {
  readonly names: readonly string[];
  readonly phones: readonly string[];
  readonly ids: readonly string[];
};

/** `name:` a word as folded, `sound:` how it sounds, `short:` how one does that has hardly a consonant, `whole:` how a whole name sounds, `phone:` its last digits, `id:` an id or a code. */
export const keysOfQuery = ({ names, phones, ids }: SearchQuery): readonly string[] => {
  const folded = names.map((name) => foldLetters(name));
  const words = folded.flatMap((name) => name.split(" ")).filter((word) => word !== "");
  const keys = [
    ...words.map((word) => `name:${word}`),
    ...soundKeys("sound", words),
    ...words.map(shortSoundOf).flatMap((sound) => (sound === undefined ? [] : [`short:${sound}`])),
    // Written together or apart, it is one name: عبد الله and عبدالله.
    ...soundKeys(
      "whole",
      folded.map((name) => name.replaceAll(" ", "")),
    ),
    ...phones.flatMap(phoneKey),
    ...ids.map((one) => foldLetters(one).replaceAll(" ", "")).flatMap((one) => (one === "" ? [] : [`id:${one}`])),
  ];
  return [...new Set(keys)].sort();
};

const soundKeys = (prefix: string, words: readonly string[]): readonly string[] =>
  words.flatMap(soundsOf).flatMap((sound) => (sound.length >= soundLettersMin ? [`${prefix}:${sound}`] : []));

/** A single consonant would find half of everybody. */
const soundLettersMin = 2;

/** Enough digits to tell subscribers apart, few enough to be the same with and without the country's prefix. */
const phoneDigitsCompared = 9;
const phoneDigitsMin = 6;

const phoneKey = (phone: string): readonly string[] => {
  const digits = foldLetters(phone).replace(/\D/g, "");
  return digits.length < phoneDigitsMin ? [] : [`phone:${digits.slice(-phoneDigitsCompared)}`];
};

export const searchKeysOf = (state: CaseState): readonly string[] =>
  keysOfQuery({
    names: ["name", "other-names"].flatMap((field) => detailTexts(state, field)),
    phones: [...["phone", "other-phone"].flatMap((field) => detailTexts(state, field)), ...reachedBy(state)],
    ids: [
      ...["id-number", "other-id"].flatMap((field) => detailTexts(state, field)),
      ...codesOf(state).flatMap(partsOfCode),
    ],
  });

/** On the telephone nobody says more of a code than its end: 2026-7K3B, or 7K3B alone, finds KRI-2026-7K3B. */
const partsOfCode = (code: CaseCode): readonly string[] => {
  const parts = code.split("-");
  return parts.map((_, from) => parts.slice(from).join("-"));
};

/** Also where the survivor may be reached: it may be all that was asked yet. */
const reachedBy = ({ safeContact }: CaseState): readonly string[] =>
  safeContact.said.flatMap(({ value }) => (value.type === "SafeContactAgreed" ? [value.reach] : []));

export type SearchMatch = "same" | "likely" | "possible" | "none";

/** How near a case comes to what was asked: the same id or number, all names alike, some name sounding alike. */
export const matchKeys = (asked: readonly string[], held: readonly string[]): SearchMatch => {
  const shared = asked.filter((key) => held.includes(key));
  const isShared = (prefix: string): boolean => shared.some((key) => key.startsWith(prefix));
  if (isShared("phone:") || isShared("id:")) return "same";
  const sounds = asked.filter((key) => key.startsWith("sound:"));
  const isEverySound = sounds.length > 0 && sounds.every((key) => shared.some((held) => isOneReading(held, key)));
  if (isShared("whole:") || isEverySound || (sounds.length === 0 && isShared("name:"))) return "likely";
  return ["name:", "sound:", "short:"].some(isShared) ? "possible" : "none";
};

/** A word that may be read with ژ or with ز and ه is asked both ways, and found by either. */
const isOneReading = (held: string, asked: string): boolean =>
  held === asked || held.replaceAll("j", "z") === asked.replaceAll("j", "z");
