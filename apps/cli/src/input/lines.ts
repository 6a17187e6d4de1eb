/**
 * Cuts a stream of bytes into lines without ever holding more than one line and one chunk.
 *
 * A line that is longer than the limit is handed on as `TooLarge`, its bytes dropped as they come.
 * Lines end in `\n`; a `\r` before it belongs to the line's end, and the last line needs no end.
 */

import { type Result, err, ok } from "@amana/kernel";
import type { Readable } from "node:stream";
import { type ReadProblem, chunksOf, decode } from "./bytes.ts";

export type Line = {
  /** From 1. */
  readonly number: number;
  readonly text: Result<string, ReadProblem>;
};

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Every line in order, as many at a time as one chunk held: after each batch is the moment to answer,
 * because the next line may only come once these are answered. A stream without any byte has no lines.
 */
export async function* linesOf(
  stream: Readable,
  bytesMax: number,
): AsyncGenerator<Result<readonly Line[], ReadProblem>> {
  const open: OpenLine = { parts: [], bytes: 0, number: 1 };
  for await (const chunk of chunksOf(stream)) {
    if (!chunk.ok) {
      yield chunk;
      return;
    }
    const lines: Line[] = [];
    let rest = chunk.value;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      append(open, rest.subarray(0, end), bytesMax);
      rest = rest.subarray(end + 1);
      lines.push(finish(open, bytesMax));
    }
    if (rest.length > 0) append(open, rest, bytesMax);
    if (lines.length > 0) yield ok(lines);
  }
  if (open.bytes > 0) yield ok([finish(open, bytesMax)]);
}

/** The line that has not ended yet. `bytes` counts on when the line is too long and its parts are gone. */
type OpenLine = { parts: Uint8Array[]; bytes: number; number: number };

const append = (open: OpenLine, part: Uint8Array, bytesMax: number): void => {
  open.bytes += part.length;
  if (open.bytes <= bytesMax) open.parts.push(part);
  else open.parts = [];
};

const finish = (open: OpenLine, bytesMax: number): Line => {
  const { number } = open;
  const text = open.bytes > bytesMax ? err({ type: "TooLarge", bytesMax } as const) : textOf(open.parts, number);
  open.parts = [];
  open.bytes = 0;
  open.number++;
  return { number, text };
};

const textOf = (parts: readonly Uint8Array[], number: number): Result<string, ReadProblem> => {
  const bytes = Buffer.concat(parts);
  const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
  return decode(bytes.subarray(0, end), number === 1 ? "drop-mark" : "keep-mark");
};
