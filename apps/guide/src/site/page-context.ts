/** What every part of a page being rendered may ask for: words, texts, and where other pages are. */

import { getContext } from "svelte";
import type { Language } from "@amana/ui";
import type { Content, Row, WordKey } from "./content.ts";
import { cell } from "./content.ts";
import type { PageId } from "./site-map.ts";
import { pageIds, pagePath } from "./site-map.ts";

export type PageContext = Content & {
  readonly page: PageId;
  /** From this page to the guide's root: `../../`. Links are relative, so that the folder may lie anywhere. */
  readonly root: string;
  /** Names by which texts refer to pages. */
  readonly pagesByName: ReadonlyMap<string, PageId>;
  readonly word: (key: WordKey, values?: Readonly<Record<string, string>>) => string;
  readonly href: (page: PageId, language?: Language) => string;
  readonly menuName: (page: PageId) => string;
  readonly blocks: readonly Row[];
};

export const contextKey = "page";

export const makePageContext = (content: Content, page: PageId): PageContext => {
  const root = page === "home" ? "../" : "../../";
  const ownFolder = page === "home" ? "./" : "../";
  const { language, words, text } = content;
  return {
    ...content,
    page,
    root,
    pagesByName: new Map(pageIds.flatMap((id) => namesOf(content, id).map((name): [string, PageId] => [name, id]))),
    word: (key, values = {}) => fill(words[key], values),
    href: (target, inLanguage = language) =>
      inLanguage === language ? `${ownFolder}${pagePath(target)}` : `${root}${inLanguage}/${pagePath(target)}`,
    menuName: (target) => menuName(content, target),
    blocks: content.tables.pages.filter((row) => cell(row, "page") === page),
    text,
  };
};

/** Puts values into the `{names}` of a sentence. */
export const fill = (sentence: string, values: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{([a-z]+)\}/gi, (whole, name: string) => values[name] ?? whole);

/** Pages that are all ours have their name in our words, the others in the pack. */
export const menuName = ({ words, text }: Content, page: PageId): string => {
  if (page === "search") return words["search.menu"];
  if (page === "my-next-steps") return words["self.menu"];
  return text(`page.${page}.menu`);
};

const namesOf = (content: Content, page: PageId): readonly string[] => {
  const own = page === "search" || page === "my-next-steps";
  return own ? [menuName(content, page)] : [menuName(content, page), content.text(`page.${page}.title`)];
};

export const usePage = (): PageContext => {
  // The only writer of this key is the renderer, which sets exactly this.
  return getContext<PageContext>(contextKey);
};
