/**
 * What every screen shares: languages and their directions, dates and lengths of time in words, folding for search.
 *
 * Quick exit stands by itself in `quick-exit.ts`; colours, type and ornament are in `tokens.css`.
 */

export { dateInWords, monthNames } from "./dates.ts";
export { foldSpelling } from "./folding.ts";
export {
  type Direction,
  type Language,
  type LanguageFacts,
  isLanguage,
  languageFacts,
  languages,
} from "./languages.ts";
export { type WallTime, durationInWords, momentInWords, withEasternDigits, withWesternDigits } from "./moments.ts";
