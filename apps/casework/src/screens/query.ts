/** What somebody typed into the search, as the case file searches: names, telephone numbers, codes and ids. */

import { withWesternDigits } from "@amana/ui";
import type { Query } from "../wire/face.ts";

const digitsOfNumberMin = 6;

/** Many digits are a telephone number, and may be an id; what has digits among letters is a code; the rest is a name. */
export const queryOf = (typed: string): Query => {
  const text = typed.trim();
  const digits = withWesternDigits(text).replace(/\D/g, "");
  const isNumber = digits.length >= digitsOfNumberMin && !/\p{L}/u.test(text);
  if (isNumber) return { names: [], phones: [text], ids: [text] };
  return /\d/.test(withWesternDigits(text))
    ? { names: [], phones: [], ids: [text] }
    : { names: [text], phones: [], ids: [] };
};
