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
  /** What people type who look for this, in one spelling. It is compared and never shown. */
  readonly typed: readonly string[];
};

export type Piece = { readonly text: string; readonly isMatch: boolean };

export type Found = { readonly entry: IndexEntry; readonly excerpt: readonly Piece[] };

const resultsMax = 20;
const queryLengthMax = 100;
const excerptWordsBefore = 6;
const excerptWords = 26;

/**
 * Every word of the query must begin a word of the entry. Names weigh more than what people type when it is the whole query,
 * that more than headings, headings more than a part of what people type, that more than text. Below those stand the entries
 * that a whole sentence leads to by something it says.
 */
export const searchIn = (index: readonly IndexEntry[], query: string): readonly Found[] => {
  const wanted = foldSpelling(query.slice(0, queryLengthMax))
    .split(" ")
    .map((word) => word.replace(article, ""))
    .filter((word) => word.length > 0)
    .map(wantedOf);
  if (wanted.map(({ word }) => word).join("").length < 2) return [];
  return index
    .map((entry) => matchIn(entry, wanted))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, resultsMax)
    .map(({ entry, marked }) => ({ entry, excerpt: excerptOf(entry.text, marked) }));
};

const weights = { page: 6, typedWhole: 5, heading: 4, typed: 3, text: 1 } as const;

/** Whatever only a part of the query leads to stands below whatever all of it leads to. */
const partWeight = 0.001;

/** A word of the query. */
type Wanted = { readonly word: string; readonly stem: string; readonly forms: readonly string[] };

const wantedOf = (word: string): Wanted => ({ word, stem: word.replace(englishEnding, ""), forms: formsOf(word) });

type Match = { readonly entry: IndexEntry; readonly score: number; readonly marked: readonly Wanted[] };

const matchIn = (entry: IndexEntry, wanted: readonly Wanted[]): Match => {
  const score = scoreOf(entry, wanted);
  if (score > 0) return { entry, score, marked: wanted };
  const marked = saidOf(entry, wanted);
  return { entry, score: marked.length * partWeight, marked };
};

const scoreOf = (entry: IndexEntry, wanted: readonly Wanted[]): number => {
  const places = [
    { words: wordsOf(entry.page), weight: weights.page },
    { words: wordsOf(entry.heading), weight: weights.heading },
    { words: entry.typed.flatMap(wordsOf), weight: isTyped(entry, wanted) ? weights.typedWhole : weights.typed },
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

/** Whether people type just this query for the entry: "police" for the numbers, which a heading about the police does not give. */
const isTyped = ({ typed }: IndexEntry, wanted: readonly Wanted[]): boolean =>
  typed.some((saying) => {
    const words = wordsOf(saying);
    return (
      words.length === wanted.length && wanted.every(({ word }, place) => words[place]?.forms.includes(word) === true)
    );
  });

/** The words of the query that make up something people type for this entry: "somebody has hacked my account". */
const saidOf = (entry: IndexEntry, wanted: readonly Wanted[]): readonly Wanted[] => {
  const said = new Set<Wanted>();
  for (const typed of entry.typed) {
    const saying = wordsOf(typed).map(({ word }) =>
      wanted.find((each) => each.forms.includes(word) || isAkin(word, each)),
    );
    if (saying.includes(undefined)) continue;
    for (const each of saying) if (each !== undefined) said.add(each);
  }
  return [...said];
};

/** 2 for the whole word, 1 for its beginning, a half for the same word with another ending, 0 for none. */
const matchOf = (words: readonly IndexWord[], wanted: Wanted): number => {
  let best = 0;
  for (const { forms } of words) {
    if (forms.includes(wanted.word)) return 2;
    if (forms.some((form) => form.startsWith(wanted.word))) best = 1;
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
const isAkin = (word: string, { word: wanted, stem }: Wanted): boolean =>
  (stem.length >= stemMin && word.startsWith(stem)) ||
  (word.length >= stemMin && wanted.length - word.length <= endingMax && wanted.startsWith(word));

type IndexWord = { readonly word: string; readonly forms: readonly string[] };

const knownWords = new Map<string, readonly IndexWord[]>();

/** Folding the whole index at each letter would be slow on an old phone, so it is done once. */
const wordsOf = (text: string): readonly IndexWord[] => {
  const known = knownWords.get(text);
  if (known !== undefined) return known;
  const words = indexWordsOf(text);
  knownWords.set(text, words);
  return words;
};

const indexWordsOf = (text: string): readonly IndexWord[] =>
  foldSpelling(text)
    .split(" ")
    .map((word) => ({ word, forms: [...new Set(formsOf(word))] }));

/** Some words around the first match, cut at words, with the matches marked. */
const excerptOf = (text: string, wanted: readonly Wanted[]): readonly Piece[] => {
  const words = text.match(/\S+\s*/g) ?? [];
  const isMatch = (word: string): boolean => wanted.some((each) => matchOf(indexWordsOf(word), each) > 0);
  const first = Math.max(0, words.findIndex(isMatch) - excerptWordsBefore);
  const shown = words.slice(first, first + excerptWords);
  const pieces = shown.map((word) => ({ text: word, isMatch: isMatch(word) }));
  const before = first > 0 ? [{ text: "… ", isMatch: false }] : [];
  const after = first + excerptWords < words.length ? [{ text: "…", isMatch: false }] : [];
  return [...before, ...pieces, ...after];
};
