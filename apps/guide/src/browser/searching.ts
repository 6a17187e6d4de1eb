/** Finds a query in the index, whichever way its words are spelled, best match first. */

import { foldSpelling } from "@amana/ui/folding.ts";

export type IndexEntry = {
  /** The page's name, as shown. */
  readonly page: string;
  /** The heading it stands under; "" for the page itself. */
  readonly heading: string;
  /** From the search page. */
  readonly address: string;
  readonly text: string;
};

export type Piece = { readonly text: string; readonly isMatch: boolean };

export type Found = { readonly entry: IndexEntry; readonly excerpt: readonly Piece[] };

const resultsMax = 20;
const queryLengthMax = 100;
const excerptWordsBefore = 6;
const excerptWords = 26;

/** Every word of the query must begin a word of the entry. Names weigh more than headings, headings more than text. */
export const searchIn = (index: readonly IndexEntry[], query: string): readonly Found[] => {
  const wanted = foldSpelling(query.slice(0, queryLengthMax))
    .split(" ")
    .map((word) => word.replace(article, ""))
    .filter((word) => word.length > 0);
  if (wanted.join("").length < 2) return [];
  return index
    .map((entry) => ({ entry, score: scoreOf(entry, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, resultsMax)
    .map(({ entry }) => ({ entry, excerpt: excerptOf(entry.text, wanted) }));
};

const weights = { page: 6, heading: 4, text: 1 } as const;

const scoreOf = (entry: IndexEntry, wanted: readonly string[]): number => {
  const places = [
    { words: wordsOf(entry.page), weight: weights.page },
    { words: wordsOf(entry.heading), weight: weights.heading },
    { words: wordsOf(entry.text), weight: weights.text },
  ];
  let score = 0;
  for (const word of wanted) {
    const best = Math.max(...places.map(({ words, weight }) => weight * matchOf(words, word)));
    if (best === 0) return 0;
    score += best;
  }
  return score;
};

/** 2 for the whole word, 1 for its beginning, a half for the same word with another ending, 0 for none. */
const matchOf = (words: readonly string[], wanted: string): number => {
  let best = 0;
  for (const word of words) {
    const forms = formsOf(word);
    if (forms.includes(wanted)) return 2;
    if (forms.some((form) => form.startsWith(wanted))) best = 1;
    else if (best === 0 && forms.some((form) => isAkin(form, wanted))) best = 0.5;
  }
  return best;
};

/** What Arabic writes together with the word that follows: "and", "so", "with", "to", "like", "the". */
const joined = /^[وف]?(?:[بک]?ال|لل|[بلک])?(?=\p{L}{2})/u;

const article = /^ال(?=\p{L}{2})/u;

/** A word as it stands, and without what is only written together with it. */
const formsOf = (word: string): readonly string[] => [
  word,
  word.replace(/^[وف](?=\p{L}{2})/u, ""),
  word.replace(joined, ""),
];

const englishEnding = /(?:ing|ed|ers?|s)$/;
const stemMin = 4;
const endingMax = 5;

/** "hacked" and "hacking", "my picture" in Kurdish and "picture": one word, another ending. */
const isAkin = (word: string, wanted: string): boolean => {
  const stem = wanted.replace(englishEnding, "");
  if (stem.length >= stemMin && word.startsWith(stem)) return true;
  return word.length >= stemMin && wanted.length - word.length <= endingMax && wanted.startsWith(word);
};

const foldedWords = new Map<string, readonly string[]>();

/** Folding the whole index at each letter would be slow on an old phone, so it is done once. */
const wordsOf = (text: string): readonly string[] => {
  const known = foldedWords.get(text);
  if (known !== undefined) return known;
  const words = foldSpelling(text).split(" ");
  foldedWords.set(text, words);
  return words;
};

/** Some words around the first match, cut at words, with the matches marked. */
const excerptOf = (text: string, wanted: readonly string[]): readonly Piece[] => {
  const words = text.match(/\S+\s*/g) ?? [];
  const isMatch = (word: string): boolean => wanted.some((each) => matchOf(foldSpelling(word).split(" "), each) > 0);
  const first = Math.max(0, words.findIndex(isMatch) - excerptWordsBefore);
  const shown = words.slice(first, first + excerptWords);
  const pieces = shown.map((word) => ({ text: word, isMatch: isMatch(word) }));
  const before = first > 0 ? [{ text: "… ", isMatch: false }] : [];
  const after = first + excerptWords < words.length ? [{ text: "…", isMatch: false }] : [];
  return [...before, ...pieces, ...after];
};
