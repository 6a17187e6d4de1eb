/**
 * The blocks of a page as sections with groups: what belongs together is rendered as one list.
 *
 * A heading opens a section, equal kinds that follow each other make one group. A block of an
 * unknown kind stops the build, so that no sentence of the pack silently disappears.
 */

import { type Row, cell } from "./content.ts";

const blockKinds = [
  "heading",
  "paragraph",
  "item",
  "step",
  "check",
  "note",
  "warning",
  "say",
  "dont",
  "field",
  "field-large",
  "row",
] as const;

export type BlockKind = (typeof blockKinds)[number];

export type GroupKind = Exclude<BlockKind, "heading">;
export type GroupItem = { readonly key: string; readonly kind: GroupKind };
export type Group = { readonly kind: GroupKind; readonly items: readonly GroupItem[] };

export type Section = {
  /** The text key of its heading; null for what stands before the first. */
  readonly heading: string | null;
  /** For links to it. */
  readonly anchor: string;
  readonly groups: readonly Group[];
};

/** Fields of both sizes stand in one form, in the order of the page. */
const together: Partial<Record<GroupKind, GroupKind>> = { "field-large": "field" };

export const sectionsOf = (blocks: readonly Row[]): readonly Section[] => {
  type Growing = { heading: string | null; anchor: string; groups: { kind: GroupKind; items: GroupItem[] }[] };
  const sections: Growing[] = [{ heading: null, anchor: "start", groups: [] }];
  for (const block of blocks) {
    const kind = parseKind(cell(block, "kind"));
    const key = cell(block, "key");
    if (kind === "heading") {
      sections.push({ heading: key, anchor: anchorOf(key), groups: [] });
      continue;
    }
    const groups = sections.at(-1)?.groups ?? [];
    const groupKind = together[kind] ?? kind;
    const last = groups.at(-1);
    if (last?.kind === groupKind) last.items.push({ key, kind });
    else groups.push({ kind: groupKind, items: [{ key, kind }] });
  }
  return sections.filter(({ heading, groups }) => heading !== null || groups.length > 0);
};

/** `page.law.before` is reached as `#before`, in every language alike. */
export const anchorOf = (key: string): string => key.slice(key.lastIndexOf(".") + 1);

const parseKind = (text: string): BlockKind => {
  const kind = blockKinds.find((known) => known === text);
  if (kind === undefined) throw new Error(`pages.csv names a kind of block that the guide cannot show: ${text}`);
  return kind;
};
