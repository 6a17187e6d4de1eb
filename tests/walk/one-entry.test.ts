/** The walk of one entry says what the code does: page and code are compared block by block. */

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { makeBlocks, pagePath } from "./one-entry.ts";
import { blocksOf, withBlocks } from "./page.ts";

describe("the walk of one entry", () => {
  const page = readFileSync(pagePath, "utf8");
  let made: ReadonlyMap<string, string>;

  beforeAll(async () => {
    made = await makeBlocks();
  });

  it("shows the bytes that the device makes, in every block", () => {
    expect([...blocksOf(page).keys()]).toEqual([...made.keys()]);
    for (const [name, text] of blocksOf(page)) expect(text, name).toBe(`${made.get(name) ?? ""}\n`);
  });

  it("is what writing the blocks into it again gives", () => {
    expect(withBlocks(page, made)).toBe(page);
  });

  it("tells of a server that was sent nothing readable, and of a stranger who gets nothing", () => {
    const server = made.get("server") ?? "";
    for (const sought of [
      "the note",
      "one word of it",
      "the name of the event",
      "the code of the case",
      "the case key",
    ])
      expect(server).toMatch(new RegExp(`^${sought} +in none$`, "m"));
    expect(server).toMatch(/^the hash of the entry before +found$/m);
    const refused = (made.get("refused") ?? "").split("\n");
    expect(refused.filter((line) => / opens$/.test(line))).toEqual([expect.stringMatching(/^as it came/)]);
    expect(refused.at(-1)).toMatch(/^Rami.* CaseNotHeld$/);
  });
});
