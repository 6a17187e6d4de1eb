/**
 * Reads a whole file or stream up to a limit, as UTF-8 and nothing else.
 *
 * What cannot be read is refused with its reason. A byte order mark at the beginning is dropped;
 * damaged text is never repaired, because a repaired fact is another fact.
 */

import { type Result, err, ok } from "@amana/kernel";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { Terminal } from "../terminal.ts";

/** A case is a few kilobytes. The same limit holds for a file and for one line of many cases. */
export const caseBytesMax = 1024 * 1024;

export type ReadProblem =
  | { readonly type: "FileMissing" }
  | { readonly type: "IsFolder" }
  | { readonly type: "NotReadable" }
  | { readonly type: "TooLarge"; readonly bytesMax: number }
  | { readonly type: "NotUtf8" };

/** The name that stands for what is typed or piped in. */
export const standardInput = "-";

/** What stands for an input in messages. */
export const nameOfInput = (name: string): string => (name === standardInput ? "<stdin>" : name);

/** Opens what a person named, or says why not. */
export const openInput = async (name: string, terminal: Terminal): Promise<Result<Readable, ReadProblem>> => {
  if (name === standardInput) return ok(terminal.stdin);
  const path = resolve(terminal.folder, name);
  try {
    const found = await stat(path);
    return found.isDirectory() ? err({ type: "IsFolder" }) : ok(createReadStream(path));
  } catch (error) {
    return err(problemOfError(error));
  }
};

/** Node.js names the reason by a code; anything it does not know how to name is "not readable". */
const problemOfError = (error: unknown): ReadProblem => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return { type: "FileMissing" };
  return code === "EISDIR" ? { type: "IsFolder" } : { type: "NotReadable" };
};

/** The whole text, or why there is none. */
export const readText = async (name: string, terminal: Terminal): Promise<Result<string, ReadProblem>> => {
  const input = await openInput(name, terminal);
  if (!input.ok) return input;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(input.value)) {
    if (!chunk.ok) return chunk;
    bytes += chunk.value.length;
    if (bytes > caseBytesMax) return err({ type: "TooLarge", bytesMax: caseBytesMax });
    parts.push(chunk.value);
  }
  return decode(Buffer.concat(parts), "drop-mark");
};

/** The bytes as they come. A stream that breaks off says so as its last chunk. */
export async function* chunksOf(stream: Readable): AsyncGenerator<Result<Uint8Array, ReadProblem>> {
  try {
    for await (const chunk of stream) {
      // A stream hands out text instead of bytes if somebody has set an encoding on it.
      yield ok(chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk), "utf8"));
    }
  } catch (error) {
    yield err(problemOfError(error));
  }
}

/** A mark in the middle of a stream of lines is not the beginning of a text, and stays. */
export const decode = (bytes: Uint8Array, mark: "drop-mark" | "keep-mark"): Result<string, ReadProblem> => {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: mark === "keep-mark" }).decode(bytes));
  } catch {
    return err({ type: "NotUtf8" });
  }
};
