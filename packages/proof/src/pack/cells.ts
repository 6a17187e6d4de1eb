/**
 * The kinds of cell a pack's tables are made of. The message of each is what is allowed there, the
 * choices separated by `|`, so that a problem can name them.
 */

import * as v from "valibot";

const idForm = /^[A-Za-z0-9][A-Za-z0-9-]*$/;

/** Ids become keys of plain objects (facts, texts), so what every object has already, such as `constructor`, is none. */
const isId = (word: string): boolean => idForm.test(word) && !(word in {});

const idInWords = "an id of letters, digits and hyphens";

const trimmed = v.pipe(v.string("text"), v.trim());

export const anyText = trimmed;
export const someText = v.pipe(trimmed, v.nonEmpty("some text"));
export const anyId = v.pipe(trimmed, v.check(isId, idInWords));
/** Empty, or an id. */
export const optionalId = v.pipe(
  trimmed,
  v.check((cell) => cell === "" || isId(cell), `${idInWords}|nothing`),
);

/** One of a few words. */
export const oneOf = <const Choices extends readonly [string, ...string[]]>(choices: Choices) =>
  v.pipe(trimmed, v.picklist(choices, choices.join("|")));

/** Words separated by spaces, each an id, none twice; may be empty. */
export const idList = v.pipe(
  trimmed,
  v.transform((cell) => (cell === "" ? [] : cell.split(/\s+/))),
  v.check((words) => words.every(isId), "ids separated by spaces"),
  v.check((words) => new Set(words).size === words.length, "each id once"),
  v.readonly(),
);

/** At least one id. */
export const someIds = v.pipe(
  idList,
  v.check((words) => words.length > 0, "ids separated by spaces"),
);

/** A whole number from 1 to 10,000. */
export const count = v.pipe(
  trimmed,
  v.regex(/^[1-9][0-9]{0,3}$/, "a whole number from 1 to 9999"),
  v.transform(Number),
);

/** Hours, or nothing for the standard timeline. */
export const optionalHours = v.pipe(
  trimmed,
  v.regex(/^([1-9][0-9]{0,3})?$/, "a whole number of hours|nothing"),
  v.transform((cell) => (cell === "" ? null : Number(cell))),
);

/** A day, or nothing: not verified yet. */
export const optionalDay = v.pipe(
  trimmed,
  v.check((cell) => cell === "" || v.is(v.pipe(v.string(), v.isoDate()), cell), "a day as YYYY-MM-DD|nothing"),
  v.transform((cell) => (cell === "" ? null : cell)),
);

/** Web addresses are https only. */
export const optionalUrl = v.pipe(
  trimmed,
  v.check(
    (cell) => cell === "" || (cell.startsWith("https://") && URL.canParse(cell)),
    "an address beginning with https://|nothing",
  ),
);

/** Telephone numbers, each alone or as `label=number`. */
export const numbers = v.pipe(
  trimmed,
  v.regex(
    /^([a-z0-9-]+=)?\+?[0-9]{3,15}( ([a-z0-9-]+=)?\+?[0-9]{3,15})*$/,
    "numbers such as 104 or office=+9647501234567, separated by spaces",
  ),
  v.transform((cell) =>
    cell.split(" ").map((written) => {
      const [first = "", second] = written.split("=");
      return second === undefined ? { label: "", number: first } : { label: first, number: second };
    }),
  ),
  v.readonly(),
);
