/** Bytes as whole numbers, most significant byte first, for what is printed in digits. */

import type { Bytes } from "@amana/log";

export const bytesToNumber = (bytes: Bytes): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

/** Nothing when the number needs more bytes. */
export const numberToBytes = (value: bigint, length: number): Bytes | undefined => {
  if (value >> BigInt(8 * length) !== 0n) return undefined;
  return Uint8Array.from({ length }, (_, at) => Number((value >> BigInt(8 * (length - 1 - at))) & 0xffn));
};
