/**
 * From content to HTML: whole documents, complete without script.
 *
 * What must stay true: no inline script or style (the headers forbid them), nothing from another
 * host, and the same input always gives the same bytes.
 */

import { render } from "svelte/server";
import { type Language, languageFacts } from "@amana/ui";
import PageBody from "./PageBody.svelte";
import type { Content, Words } from "./content.ts";
import { makePageContext } from "./page-context.ts";
import Chooser from "./pages/Chooser.svelte";
import { type PageId, pageScripts } from "./site-map.ts";

/** Where the built files are, below the guide's root. */
export type Assets = {
  readonly style: string;
  /** Besides, on the pages with the guided questions. */
  readonly placesStyle: string;
  readonly questionsStyle: string;
  readonly printStyle: string;
  readonly icon: string;
  /** By entry: `main` is on every page. */
  readonly scripts: Readonly<Record<"main" | "guided" | "search" | "keep", string>>;
  /** By language and who asks: the first file of the guided questions, and the longer texts. */
  readonly guided: Readonly<Record<Language, Readonly<Record<"self" | "other", GuidedFiles>>>>;
  readonly searchIndex: Readonly<Record<Language, string>>;
};

export type GuidedFiles = { readonly first: string; readonly more: string };

export const renderPage = (content: Content, page: PageId, assets: Assets): string => {
  const context = makePageContext(content, page);
  const guidedFiles = assets.guided[content.language][page === "my-next-steps" ? "self" : "other"];
  const { body } = render(PageBody, { props: { context, guidedFiles } });
  const own = pageScripts[page];
  return documentOf({
    language: content.language,
    title: content.words["frame.tabTitle"],
    root: context.root,
    scripts: [assets.scripts.main, ...(own === undefined ? [] : [assets.scripts[own]])],
    styles: [assets.style, ...stylesOfPage(assets, page)],
    bodyAttributes: page === "search" ? ` data-index="${context.root}${assets.searchIndex[content.language]}"` : "",
    pageClass: page,
    body,
    assets,
  });
};

/** Pages with doors, tables, sheets to fill in, or the search. */
const placesPages: readonly string[] = [
  "home",
  "about",
  "numbers",
  "safety-plan",
  "digital-safety-plan",
  "evidence-log",
  "search",
];
const questionPages: readonly string[] = ["now", "my-next-steps"];

/** What a page loads beyond the style that all share, so that the heavy ones load only what they show. */
const stylesOfPage = (assets: Assets, page: string): readonly string[] => {
  if (questionPages.includes(page)) return [assets.questionsStyle];
  return placesPages.includes(page) ? [assets.placesStyle] : [];
};

/** The language chooser at the root, and the page for what does not exist (which may be asked for at any depth). */
export const renderChooser = (
  wordsOf: Readonly<Record<Language, Words>>,
  neutralSite: string | undefined,
  assets: Assets,
  kind: "root" | "not-found",
): string => {
  const root = kind === "root" ? "./" : "/";
  const { body } = render(Chooser, { props: { wordsOf, neutralSite, notFound: kind === "not-found", root } });
  const scripts = [assets.scripts.main];
  const title = wordsOf.en["frame.tabTitle"];
  const styles = [assets.style, assets.placesStyle];
  return documentOf({
    language: "en",
    title,
    root,
    scripts,
    styles,
    bodyAttributes: "",
    pageClass: "choose",
    body,
    assets,
  });
};

type DocumentParts = {
  readonly language: Language;
  readonly title: string;
  readonly root: string;
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  readonly bodyAttributes: string;
  readonly pageClass: string;
  readonly body: string;
  readonly assets: Assets;
};

/**
 * [Note: A neutral title]
 *
 * The title is what others see: in the tab, among the recent apps, in the history, on paper. It is the
 * same on every page and says "Notes" in each language: what any phone has, and what nobody asks about.
 * People who listen to the page instead hear its heading, which says where they are.
 */
const documentOf = (parts: DocumentParts): string => {
  const { tag, direction } = languageFacts[parts.language];
  const { root, assets } = parts;
  return [
    `<!doctype html><html lang="${tag}" dir="${direction}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width,initial-scale=1">`,
    `<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">`,
    `<meta name="format-detection" content="telephone=no">`,
    `<title>${parts.title}</title><link rel="icon" href="${root}${assets.icon}" type="image/svg+xml">`,
    ...parts.styles.map((style) => `<link rel="stylesheet" href="${root}${style}">`),
    `<link rel="stylesheet" href="${root}${assets.printStyle}" media="print">`,
    ...parts.scripts.map((script) => `<script type="module" src="${root}${script}"></script>`),
    `</head><body class="page-${parts.pageClass}"${parts.bodyAttributes}>`,
    withoutMarkers(parts.body),
    `</body></html>\n`,
  ].join("");
};

/** The renderer's comments are for taking pages over in the browser, which never happens here. */
const withoutMarkers = (html: string): string => html.replace(/<!--.*?-->/gs, "");
