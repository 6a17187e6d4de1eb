/**
 * Deflate by the streams of every browser. Node.js does it at once, which package.json names in its place (`#deflate`); the same
 * tests are asked of both.
 */

import { concat, type Bytes } from "@amana/log";
import type { Deflate } from "./ports.ts";

export const platformDeflate: Deflate = {
  deflate: async (bytes) => {
    const deflated = await pass(bytes, new CompressionStream("deflate-raw"), Infinity);
    return deflated ?? new Uint8Array();
  },
  inflate: async (bytes, lengthMax) => {
    try {
      return await pass(bytes, new DecompressionStream("deflate-raw"), lengthMax);
    } catch {
      return undefined;
    }
  },
};

type ByteStreams = { readonly readable: ReadableStream<Uint8Array>; readonly writable: WritableStream<BufferSource> };

/** Nothing when more than `lengthMax` comes out; what is left is not read. */
const pass = async (bytes: Bytes, through: ByteStreams, lengthMax: number): Promise<Bytes | undefined> => {
  const writer = through.writable.getWriter();
  // A spoiled stream is reported by the reader; the writer's own report of it is the same news twice.
  const written = Promise.allSettled([writer.write(bytes), writer.close()]);
  const reader = through.readable.getReader();
  const parts: Bytes[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > lengthMax) {
      await reader.cancel();
      return undefined;
    }
    parts.push(new Uint8Array(value));
  }
  await written;
  return concat(...parts);
};
