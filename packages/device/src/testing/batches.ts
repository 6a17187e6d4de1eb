/** What the program that is killed writes: the same number under each name, in values of several pages. */

import type { Bytes } from "@amana/log";

export const batchNames = Array.from({ length: 80 }, (_, at) => `index/${at}`);

export const valueOfBatch = (batch: number): Bytes => {
  const value = new Uint8Array(9000);
  new DataView(value.buffer).setUint32(0, batch);
  return value;
};

export const batchOf = (value: Bytes | undefined): number =>
  value === undefined ? 0 : new DataView(value.buffer, value.byteOffset).getUint32(0);
