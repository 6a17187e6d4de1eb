/**
 * The index for searching one language: one entry for each section of each page.
 *
 * Beside what the guide says it has the words that people type instead, of every language: many read one
 * language and type another, or write theirs in Latin letters. Those words are only compared, never shown.
 */

import { foldSpelling } from "@amana/ui/folding.ts";
import type { Row } from "../src/site/content.ts";
import { type Content, cell } from "../src/site/content.ts";
import { menuName } from "../src/site/page-context.ts";
import { sectionsOf } from "../src/site/blocks.ts";
import { type PageId, pageIds, pagePath } from "../src/site/site-map.ts";
import type { IndexEntry } from "../src/browser/searching.ts";

/** An entry without `key` is found by what it says alone. */
type MakeEntry = (
  page: PageId,
  heading: string,
  anchor: string,
  lines: readonly string[],
  key?: string | null,
) => IndexEntry;

/** `all` are the contents of every language. */
export const searchIndexOf = (content: Content, all: readonly Content[]): readonly IndexEntry[] => {
  const { tables, text } = content;
  const at = (page: PageId, anchor = ""): string => `../${pagePath(page)}${anchor === "" ? "" : `#${anchor}`}`;
  const entry: MakeEntry = (page, heading, anchor, lines, key = null) => ({
    page: menuName(content, page),
    heading,
    address: at(page, anchor),
    text: lines.map(ended).join(" "),
    typed: key === null ? [] : typedFor(key, [content, ...all]),
  });
  const ofPages = pageIds
    .filter((page) => page !== "search" && page !== "my-next-steps")
    .flatMap((page) => {
      const blocks = tables.pages.filter((row) => cell(row, "page") === page);
      return [
        entry(page, "", "", [text(`page.${page}.title`), text(`page.${page}.lead`)], `page.${page}`),
        ...sectionsOf(blocks).map(({ heading, anchor, groups }) =>
          entry(
            page,
            heading === null ? "" : text(heading),
            heading === null ? "" : anchor,
            groups.flatMap(({ items }) => items.map(({ key }) => text(key))),
            heading,
          ),
        ),
      ];
    });
  const own = entry("my-next-steps", "", "", [content.words["self.title"], content.words["self.lead"]]);
  const ofHarms = tables.harms.map((row) => {
    const id = cell(row, "id");
    const signs = countTo(cell(row, "signs")).map((sign) => text(`harm.${id}.sign-${sign}`));
    const lines = [text(`harm.${id}.definition`), ...signs, text(`harm.${id}.changes`)];
    return entry("harms", text(`harm.${id}.name`), id, lines, `harm.${id}`);
  });
  /** Whoever looks for the place where she is finds its region, and the emergency number that holds there. */
  const ofRegions = ["kri", "federal"].map((region) =>
    entry(
      "numbers",
      text(`region.${region}`),
      region,
      tables.governorates
        .filter((row) => cell(row, "region") === region)
        .map((row) => `${text(`governorate.${cell(row, "id")}`)}: ${cell(row, "emergency")}.`),
    ),
  );
  const ofTools = tables.tools.map((row) => toolEntry(row, content, entry));
  const ofContacts = tables.contacts.map((row) => {
    const id = cell(row, "id");
    const lines = [cell(row, "numbers"), text(`contact.${id}.for`)];
    return entry("numbers", text(`contact.${id}.name`), id, lines, `contact.${id}`);
  });
  return [own, ...ofPages, ...ofHarms, ...ofTools, ...ofRegions, ...ofContacts];
};

const toolEntry = (row: Row, { tables, text }: Content, entry: MakeEntry): IndexEntry => {
  const id = cell(row, "id");
  const steps = tables.toolSteps
    .filter((step) => cell(step, "tool") === id)
    .map((step) => text(`tool.${id}.step-${cell(step, "step")}`));
  const page = cell(row, "kind") === "platform" ? "platforms" : "tools";
  return entry(page, text(`tool.${id}.name`), id, [text(`tool.${id}.what`), ...steps], `tool.${id}`);
};

/** A title or an item of a list ends as it does on its page, with nothing; shown in one line with the next it needs an end. */
const ended = (line: string): string => (/[.:!?…؟؛)»"”]$/u.test(line) ? line : `${line}.`);

/** The pack has them with commas between. */
const typedFor = (key: string, contents: readonly Content[]): readonly string[] => [
  ...new Set(
    contents
      .flatMap(({ optionalText }) => (optionalText(`search.${key}`) ?? "").split(","))
      .map((words) => foldSpelling(words))
      .filter((words) => words !== ""),
  ),
];

const countTo = (count: string): readonly number[] => Array.from({ length: Number(count) }, (_, index) => index + 1);
