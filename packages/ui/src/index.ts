/**
 * What every screen shares: languages and their directions, dates and lengths of time in words, folding for search, quick exit.
 *
 * Colours, type and ornament are in `tokens.css`.
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
export {
  type WallTime,
  durationInWords,
  momentInWords,
  timeOfDay,
  weekdayOf,
  weekdays,
  withEasternDigits,
  withWesternDigits,
} from "./moments.ts";
export { type KeyPress, type LeavableWindow, leaveNow, makeShiftWatcher } from "./quick-exit.ts";
