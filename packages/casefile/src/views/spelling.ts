/**
 * One spelling, and one sound, for the ways in which a name is written.
 *
 * Phones write a letter with different code points, people leave marks out, Kurdish writes the vowels that Arabic leaves out
 * and is typed on Arabic keyboards. Folding is only for comparing; what is shown is what was written. The shared controls fold
 * alike (`folding.ts` of `packages/ui`), and `tests/casework/folding.test.ts` holds both to it: neither may import the other.
 */

/** Letters that readers take for one. The first is what the others become. */
const sameLetters = ["اأإآٱ", "یيىئێې", "وۆؤۊ", "هەةھۀ", "کكڪ", "رڕ", "لڵڶ", "فڤ"] as const;

const foldedLetters: ReadonlyMap<string, string> = new Map(
  sameLetters.flatMap(([first = "", ...others]) => others.map((other): [string, string] => [other, first])),
);

const invisible = /[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const accents = /[\u0300-\u036f'’ʼ]/g;

/** Lower case, letters folded, marks gone, digits Western, everything else one space. */
export const foldLetters = (text: string): string =>
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

/**
 * Consonants of either script by their sound. What is not here is a vowel, or written as one, or an h: Latin and Kurdish
 * spellings do not tell ح from ه, nor either from the vowel at the end of a name. ش is an s: folding takes the cedilla from ş.
 */
const sounds: ReadonlyMap<string, string> = new Map(
  [
    ["b", "بپbp"],
    ["t", "تطt"],
    ["s", "ثسشصs"],
    ["j", "جچژjcç"],
    ["x", "خغx"],
    ["d", "دd"],
    ["z", "ذزضظz"],
    ["r", "رr"],
    ["f", "فڤfv"],
    ["k", "کقگkqg"],
    ["l", "لl"],
    ["m", "مm"],
    ["n", "نn"],
  ].flatMap(([sound = "", letters = ""]) => Array.from(letters, (letter): [string, string] => [letter, sound])),
);

/** Two Latin letters for one Arabic one, as names are commonly spelled in Iraq. */
const pairs: readonly (readonly [RegExp, string])[] = [
  [/kh|gh/g, "خ"],
  [/sh/g, "ش"],
  [/th/g, "ث"],
  [/dh/g, "ذ"],
  [/ch/g, "چ"],
  [/ph/g, "ف"],
];

/** The consonants of a folded word, without doubling; both readings of what may be ژ (Zhyan) or ز and ه (Azhar). */
export const soundsOf = (folded: string): readonly string[] => {
  const single = lettersOf(folded);
  return [...new Set([single.replaceAll("zh", "ژ"), single].map(consonantsOf))];
};

const lettersOf = (folded: string): string => {
  const article = folded.length > articleLettersMin && folded.startsWith("ال") ? folded.slice(2) : folded;
  return pairs.reduce((text, [pair, letter]) => text.replace(pair, letter), article);
};

const consonantsOf = (letters: string): string =>
  Array.from(letters, soundOf)
    .join("")
    .replace(/(.)\1+/gu, "$1");

const soundOf = (letter: string): string => sounds.get(letter) ?? (/\p{N}/u.test(letter) ? letter : "");

const articleLettersMin = 4;

/**
 * How a name sounds that has one consonant or none (Layla, Ala, Aso, Hiwa): whether it begins with a vowel, its consonants with
 * those that a vowel parts, or its half-vowels where it has no other. Arabic leaves short vowels out, so no vowel within counts.
 */
export const shortSoundOf = (folded: string): string | undefined => {
  if (folded.length < shortLettersMin || soundsOf(folded).every((sound) => sound.length > 1)) return undefined;
  // Kurdish writes a first vowel on ئ, which folding takes for ی.
  const letters = lettersOf(folded)
    .replaceAll("zh", "ژ")
    .replace(/^ی(?=[اوهی])/u, "");
  const consonants = Array.from(letters.replace(/(.)\1+/gu, "$1"), soundOf).join("");
  const first = Array.from(letters)[0] ?? "";
  const begins = soundOf(first) === "" ? "'" : "";
  return consonants === "" ? halfVowelsOf(letters) : `${begins}${consonants}`;
};

const shortLettersMin = 3;

const halfVowelsOf = (letters: string): string | undefined => {
  const found = Array.from(letters, (letter) => ("یyie".includes(letter) ? "i" : "وwuo".includes(letter) ? "u" : ""));
  const joined = found.join("").replace(/(.)\1+/gu, "$1");
  return joined === "" ? undefined : joined;
};
