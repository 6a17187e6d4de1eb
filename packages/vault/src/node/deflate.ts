/** By Node.js what `../deflate.ts` does with streams, with the same answers: a text of a kilobyte takes a stream ten times as long. */

import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Bytes } from "@amana/log";
import type { Deflate } from "../ports.ts";

export const platformDeflate: Deflate = {
  deflate: async (bytes) => Promise.resolve(new Uint8Array(deflateRawSync(bytes))),
  inflate: async (bytes, lengthMax) => Promise.resolve(inflatedWithin(bytes, lengthMax)),
};

/** Nothing when more than `lengthMax` comes out, or when the bytes are no stream, end early, or go on after its end. */
const inflatedWithin = (bytes: Bytes, lengthMax: number): Bytes | undefined => {
  try {
    // With `info` it gives the engine too, which knows how much it has read; the types do not say so.
    const { buffer, engine } = inflateRawSync(bytes, { maxOutputLength: lengthMax, info: true }) as unknown as Inflated;
    const inflated = engine.bytesWritten === bytes.length ? new Uint8Array(buffer) : undefined;
    buffer.fill(0);
    return inflated;
  } catch {
    return undefined;
  }
};

type Inflated = { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } };
