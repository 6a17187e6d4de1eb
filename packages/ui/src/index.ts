/**
 * What every screen shares: languages and their directions, dates in words, folding for search, quick exit.
 *
 * Colours, type and ornament are in `tokens.css`.
 */

export { dateInWords } from "./dates.ts";
export { foldSpelling } from "./folding.ts";
export {
  type Direction,
  type Language,
  type LanguageFacts,
  isLanguage,
  languageFacts,
  languages,
} from "./languages.ts";
export { type KeyPress, type LeavableWindow, leaveNow, makeShiftWatcher } from "./quick-exit.ts";
