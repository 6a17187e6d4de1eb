/** Cuts a condition into words, references, parentheses and the stroke between values. */

import { type Result, err, ok } from "@amana/kernel";
import type { ConditionProblem } from "./parse.ts";

export type Token = {
  readonly text: string;
  /** From 1. */
  readonly position: number;
};

const token = /\s*(?:(@?[A-Za-z0-9][A-Za-z0-9-]*(?::[A-Za-z0-9-]+)?|[()/])|$)/y;

/** Every token in order, or the first character that belongs to none. */
export const tokensOf = (text: string): Result<readonly Token[], ConditionProblem> => {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (match === null) {
      const position = from + (text.slice(from).length - text.slice(from).trimStart().length);
      const expected = ["words, numbers, @references, parentheses and /"];
      return err({ position: position + 1, found: text.charAt(position), expected });
    }
    const word = match[1];
    if (word === undefined) break;
    tokens.push({ text: word, position: token.lastIndex - word.length + 1 });
  }
  return ok(tokens);
};
