/**
 * What a name looks like: two names that a reader takes for one have the same look. Only for comparing; what is shown is
 * what was written.
 */

/** Letters that look alike at some place in a word, or differ in a mark that small type hides. The first stands for all. */
const alike = ["یيىئێې", "کكڪ", "هەةھۀ", "اأإآٱ", "وۆؤۊ", "رڕ", "لڵڶ", "ıi"] as const;

const lookByLetter: ReadonlyMap<string, string> = new Map(
  alike.flatMap(([first = "", ...others]) => others.map((other): [string, string] => [other, first])),
);

/** Marks above and below letters, and the stroke that draws a word out. */
const marks = /[\p{M}\u0640]/gu;

export const lookOf = (name: string): string =>
  // Marks go first, so that a letter without them is compared as any other: Rojin and Rojîn.
  Array.from(
    name.normalize("NFKC").toLowerCase().normalize("NFD").replace(marks, ""),
    (letter) => lookByLetter.get(letter) ?? letter,
  )
    .join("")
    .replace(/\p{Nd}/gu, digitOf)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Digits of any script stand in tens, each ten from its own zero on. */
const digitOf = (digit: string): string => {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (point - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(point - zero);
};
