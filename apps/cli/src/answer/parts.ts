/** What every part of an answer has for reading: why it is so, and its limits. */

import type { Reason } from "@amana/pathway";
import { type Block, paragraph } from "../output/page.ts";
import { type View, reasonInWords } from "../view.ts";

/** "Why" and its reasons, one below the other. */
export const reasonBlocks = (view: View, depth: number, because: readonly Reason[]): readonly Block[] => {
  if (because.length === 0) return [];
  const [only] = because;
  if (because.length === 1 && only !== undefined) {
    return [paragraph(depth, view.say("reason.one", { reason: reasonInWords(view, only) }))];
  }
  return [
    paragraph(depth, view.say("reason.several")),
    ...because.map((reason) => paragraph(depth + 1, reasonInWords(view, reason), "- ")),
  ];
};

export const limitBlocks = (view: View, depth: number, limits: readonly string[]): readonly Block[] =>
  limits.map((limit) => paragraph(depth, view.say("limit.one", { limit: view.tell(`limit.${limit}`, limit) })));
