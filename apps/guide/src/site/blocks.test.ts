/** Blocks of a page become sections with groups. */

import { describe, expect, test } from "vitest";
import { sectionsOf } from "./blocks.ts";

const block = (kind: string, key: string) => ({ page: "p", block: "1", kind, key, source: "G-CM-1" });

describe("the blocks of a page", () => {
  test("are cut into sections at headings, and equal kinds into one list", () => {
    const sections = sectionsOf([
      block("paragraph", "page.p.intro"),
      block("heading", "page.p.first"),
      block("item", "page.p.a"),
      block("item", "page.p.b"),
      block("step", "page.p.c"),
    ]);
    expect(
      sections.map(({ anchor, groups }) => [anchor, groups.map(({ kind, items }) => [kind, items.length])]),
    ).toEqual([
      ["start", [["paragraph", 1]]],
      [
        "first",
        [
          ["item", 2],
          ["step", 1],
        ],
      ],
    ]);
  });

  test("keep fields of both sizes in one sheet, in their order", () => {
    const [section] = sectionsOf([
      block("field", "page.p.a"),
      block("field-large", "page.p.b"),
      block("field", "page.p.c"),
    ]);
    expect(section?.groups).toHaveLength(1);
    expect(section?.groups[0]?.items.map(({ kind }) => kind)).toEqual(["field", "field-large", "field"]);
  });

  test("of an unknown kind stop the build", () => {
    expect(() => sectionsOf([block("poem", "page.p.a")])).toThrow("poem");
  });
});
