/**
 * Where one is. It lives in the memory of the page alone.
 *
 * [Note: No address] Nothing of the way through the app stands in an address, a title or the browser's history: the page
 * never adds an entry, so Back leads to what was open before, and after locking nothing tells where one was.
 */

import type { Section } from "../case/screen.ts";
import type { BegunPlace } from "../forms/begun.ts";
import type { PaperName } from "../print/paper.ts";

export type Place = "today" | "cases" | "new-case" | "team" | "supervise" | "directory" | "guide" | "settings";

export type Route = {
  /** The form to open again, which was begun and not saved. */
  readonly begun?: BegunPlace;
} & (
  | { readonly name: Place }
  | { readonly name: "case"; readonly log: string; readonly section: Section }
  /** A paper of a case, or the case as a file; `section` is where one came from. */
  | {
      readonly name: "paper";
      readonly log: string;
      readonly paper: PaperName | "files";
      readonly section: Section;
    }
);

/** Whoever presses the way to where they are is still there, whatever form they came to go on with. */
export const isSamePlace = (one: Route, other: Route): boolean => {
  if (one.name !== other.name) return false;
  const [from, to] = [one, other].map((route) => ("log" in route ? `${route.log}/${route.section}` : ""));
  return from === to;
};

export const firstRoute: Route = { name: "today" };
