/**
 * Turns the names of pages, telephone numbers and addresses within a text into what can be pressed.
 *
 * Texts name other pages by their menu name in quotation marks (“Numbers”); a name that is a page's
 * becomes a link. Emergency numbers become links to call. A web address stays text on purpose: leaving
 * is the only navigation to outside, and an address is typed into a window the reader has chosen.
 */

import type { PageId } from "./site-map.ts";

export type TextPart =
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "page"; readonly text: string; readonly page: PageId }
  | { readonly kind: "telephone"; readonly text: string; readonly number: string }
  | { readonly kind: "address"; readonly text: string };

const quoted = /([“«"„‹])([^”»"“«›]{2,60})([”»"“›])/u;
const shortNumber = /(?<![\p{N}\p{L}.,:/-])(911|104|119|131|139|497)(?![\p{N}\p{L}:/-]|[.,]\p{N})/u;
const longNumber = /\+[0-9][0-9 ]{7,}[0-9]/u;
const address = /(?<![\p{L}\p{N}])(?:[a-z0-9-]+@)?(?:[a-z0-9-]+\.)+(?:org|co|com)(?![\p{L}\p{N}])/iu;

const pattern = new RegExp(
  [quoted, shortNumber, longNumber, address].map(({ source }) => `(?:${source})`).join("|"),
  "giu",
);

/** The parts of a text in their order. Digits written in Arabic stay as they are: telephones show Western ones. */
export const partsOf = (text: string, pagesByName: ReadonlyMap<string, PageId>): readonly TextPart[] => {
  const parts: TextPart[] = [];
  let end = 0;
  const plain = (until: number): void => {
    if (until > end) parts.push({ kind: "plain", text: text.slice(end, until) });
  };
  for (const match of text.matchAll(pattern)) {
    const [whole, open, name, close] = match;
    const page = name === undefined ? undefined : pagesByName.get(name.trim());
    if (name !== undefined && page === undefined) continue;
    plain(match.index);
    if (page !== undefined) {
      parts.push({ kind: "plain", text: open ?? "" });
      parts.push({ kind: "page", text: name ?? "", page });
      parts.push({ kind: "plain", text: close ?? "" });
    } else if (/^[+0-9]/.test(whole)) {
      parts.push({ kind: "telephone", text: whole, number: whole.replaceAll(" ", "") });
    } else parts.push({ kind: "address", text: whole });
    end = match.index + whole.length;
  }
  plain(text.length);
  return parts;
};
