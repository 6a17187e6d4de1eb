/**
 * Folds the ways in which one Arabic or Kurdish word is spelled into one, for searching.
 *
 * Phones write the same letter with different code points (ي and ی, ك and ک), people leave out marks,
 * and Kurdish is often typed on Arabic keyboards without its own letters. Folding is only for comparing:
 * what is shown is always what was written. The case file folds alike, by its own copy:
 * `tests/casework/folding.test.ts` holds both to it.
 */

/** Letters that readers take for one. The first is what the others become. */
const sameLetters = ["اأإآٱ", "یيىئێې", "وۆؤۊ", "هەةھۀ", "کكڪ", "رڕ", "لڵڶ", "فڤ"] as const;

const foldedLetters: ReadonlyMap<string, string> = new Map(
  sameLetters.flatMap(([first = "", ...others]) => others.map((other): [string, string] => [other, first])),
);

/** Marks above and below letters, tatweel, and the characters that only join, part or turn others. */
const invisible = /[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A word's apostrophes and the accents of Latin letters tell nobody apart who is searching. */
const accents = /[\u0300-\u036f'’ʼ]/g;

/** Text in one spelling: lower case, letters folded, marks gone, digits Western, everything else one space. */
export const foldSpelling = (text: string): string =>
  Array.from(text.normalize("NFKC").replace(invisible, ""), (letter) => foldedLetters.get(letter) ?? letter)
    .join("")
    .normalize("NFD")
    .replace(accents, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
