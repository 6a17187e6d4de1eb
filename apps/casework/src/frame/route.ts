/**
 * Where one is. It lives in the memory of the page alone.
 *
 * [Note: No address] Nothing of the way through the app stands in an address, a title or the browser's history: the page
 * never adds an entry, so Back leads to what was open before, and after locking nothing tells where one was.
 */

import type { Section } from "../case/screen.ts";

export type Place = "today" | "cases" | "new-case" | "team" | "guide" | "settings";

export type Route =
  { readonly name: Place } | { readonly name: "case"; readonly log: string; readonly section: Section };

export const firstRoute: Route = { name: "today" };
