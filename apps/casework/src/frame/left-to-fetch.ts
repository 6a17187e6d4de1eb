/** How many cases are still to come, where they are worth telling. Told to the eye alone: a voice that says each number would say nothing else. */

import type { SyncView } from "../wire/face.ts";
import type { Words } from "./words.ts";

/** Fewer are fetched before anybody has read how many they are. */
const worthTellingMin = 64;

export const leftToFetch = ({ word }: Words, { stillToFetch }: SyncView): string | undefined =>
  stillToFetch >= worthTellingMin ? word("sync.fetching", { count: String(stillToFetch) }) : undefined;
