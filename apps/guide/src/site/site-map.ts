/**
 * All pages of the guide: their paths, their place in the contents, what they need besides their text.
 *
 * A page's id is its folder below the language, and never changes: people write addresses down.
 */

import type { WordKey } from "./content.ts";

export const pageIds = [
  "home",
  "need-help",
  "helping",
  "now",
  "my-next-steps",
  "numbers",
  "first-response",
  "harms",
  "children",
  "parents",
  "law",
  "consent",
  "safety-plan",
  "physical-safety",
  "digital-safety",
  "digital-safety-plan",
  "mental-health",
  "tools",
  "platforms",
  "evidence",
  "evidence-log",
  "case-management",
  "task-force",
  "about",
  "leave",
  "keep",
  "search",
] as const;

export type PageId = (typeof pageIds)[number];

/** The contents, as the chapters of a handbook. Home and search are reached from every page's head. */
export const chapters: readonly { readonly title: WordKey; readonly pages: readonly PageId[] }[] = [
  { title: "chapter.now", pages: ["need-help", "my-next-steps", "helping", "now", "numbers", "first-response"] },
  { title: "chapter.understand", pages: ["harms", "children", "parents", "law", "consent"] },
  {
    title: "chapter.safe",
    pages: ["physical-safety", "safety-plan", "digital-safety", "digital-safety-plan", "mental-health"],
  },
  { title: "chapter.content", pages: ["tools", "platforms", "evidence", "evidence-log"] },
  { title: "chapter.responders", pages: ["case-management", "task-force"] },
  { title: "chapter.guide", pages: ["about", "leave", "keep", "search"] },
];

/** What a page loads besides the script that every page has. */
export const pageScripts: Partial<Record<PageId, "guided" | "search" | "keep">> = {
  now: "guided",
  "my-next-steps": "guided",
  search: "search",
  keep: "keep",
};

/** Where a page is, below its language's folder. */
export const pagePath = (page: PageId): string => (page === "home" ? "" : `${page}/`);
