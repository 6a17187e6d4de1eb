/** Blocks of a page between marks: `<!-- walk:name -->`, a fenced block, `<!-- /walk -->`. */

import { assert } from "@amana/kernel";

const block = /<!-- walk:([a-z-]+) -->\n```\n([\s\S]*?)```\n<!-- \/walk -->/g;

/** Each block of the page by its name. */
export const blocksOf = (page: string): ReadonlyMap<string, string> => {
  const found = [...page.matchAll(block)].map((match) => [match[1] ?? "", match[2] ?? ""] as const);
  const blocks = new Map(found);
  assert(blocks.size === found.length, "A block stands twice on the page.");
  return blocks;
};

/** The same page with these blocks. One that the page has no place for, or that is not made, is our mistake. */
export const withBlocks = (page: string, blocks: ReadonlyMap<string, string>): string => {
  const places = blocksOf(page);
  assert([...blocks.keys()].sort().join() === [...places.keys()].sort().join(), "Page and walk have the same blocks.");
  return page.replace(block, (_, name: string) => {
    return `<!-- walk:${name} -->\n\`\`\`\n${blocks.get(name) ?? ""}\n\`\`\`\n<!-- /walk -->`;
  });
};
