/**
 * Makes every block of docs/one-entry.md through the packages and the device as they ship, from fixed randomness. Run it
 * with `--write` to put them into the page; a test compares.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withBlocks } from "./page.ts";
import { tellStory } from "./story.ts";
import { openedBlock, refusedBlock, runBlock, serverBlock, stateBlock } from "./travelling.ts";
import {
  askedBlock,
  commandBlock,
  contentBlock,
  draftBlock,
  entryBlock,
  eventBlock,
  headerBlock,
  lengthsBlock,
  outboxBlock,
  plainBlock,
  sealBlock,
} from "./writing.ts";

export const pagePath = join(import.meta.dirname, "../../docs/one-entry.md");

/** In the order of the page. */
export const makeBlocks = async (): Promise<ReadonlyMap<string, string>> => {
  const story = await tellStory();
  return new Map([
    ["command", commandBlock()],
    ["asked", askedBlock(story)],
    ["event", eventBlock()],
    ["draft", await draftBlock(story)],
    ["content", await contentBlock(story)],
    ["plain", await plainBlock(story)],
    ["lengths", await lengthsBlock(story)],
    ["header", headerBlock(story)],
    ["seal", await sealBlock(story)],
    ["entry", entryBlock(story)],
    ["outbox", outboxBlock(story)],
    ["run", runBlock(story)],
    ["server", serverBlock(story)],
    ["opened", await openedBlock(story)],
    ["state", await stateBlock(story)],
    ["refused", await refusedBlock(story)],
  ]);
};

if (import.meta.main) {
  const blocks = await makeBlocks();
  if (process.argv.includes("--write")) writeFileSync(pagePath, withBlocks(readFileSync(pagePath, "utf8"), blocks));
  else for (const [name, text] of blocks) process.stdout.write(`${name}\n${text}\n\n`);
}
