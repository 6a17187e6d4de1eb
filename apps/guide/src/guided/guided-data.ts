/**
 * What the guided questions load, as the build writes it: the compiled pack and one language's texts.
 *
 * Texts travel as their keys in one line and their values in a list beside it, because the two
 * compress better apart: a twentieth less on the whole way to the phone.
 */

import type { CompiledPack } from "@amana/pathway";

export type Texts = Readonly<Record<string, string>>;

/** The keys with spaces between, and as many values in the same order. */
export type PackedTexts = { readonly keys: string; readonly values: readonly string[] };

export const packTexts = (texts: Texts): PackedTexts => {
  const keys = Object.keys(texts).sort();
  return { keys: keys.join(" "), values: keys.map((key) => texts[key] ?? "") };
};

export const unpackTexts = ({ keys, values }: PackedTexts): Texts =>
  Object.fromEntries(keys.split(" ").map((key, place) => [key, values[place] ?? ""]));

/** Enough to ask and to show the answer. */
export type FirstFile = {
  readonly pack: CompiledPack;
  /** Texts of the pack and our own words, by key. */
  readonly texts: PackedTexts;
  /** The group a question belongs to, by fact. */
  readonly groups: Readonly<Record<string, string>>;
  /** Addresses of tools, by id: shown as text, never as a link (leaving is the only navigation to outside). */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
};

export type FirstData = Omit<FirstFile, "texts"> & { readonly texts: Texts };

/** The longer texts: how to do it, why it is asked, the rules behind, the steps of tools. */
export type MoreFile = PackedTexts;
