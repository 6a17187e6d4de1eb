/**
 * The one table of refusals: code and HTTP status. The body of a refusal says the same, so that a device needs no
 * status, and nothing more: what is not there and what is not yours are refused alike. Format: docs/formats/wire.md §1.
 */

import { decodeCbor, encodeCbor, isCborArray, type Bytes } from "@amana/log";
import { afterSecondsMax, refusalBytesMax } from "./limits.ts";
import type { WireError, WireRefusal } from "./requests.ts";
import { optional, wholeNumber } from "./shape.ts";

export const refusalStatus = {
  NotUnderstood: 400,
  NotSignedIn: 401,
  NotForYou: 403,
  AlreadyUsed: 409,
  TooLarge: 413,
  TooManyRequests: 429,
  OurMistake: 500,
  NotNow: 503,
  QuotaReached: 507,
} as const satisfies Readonly<Record<WireRefusal, number>>;

export type Refused = Extract<WireError, { readonly type: "Refused" }>;

/** Whole seconds, a week at most. */
const seconds = optional(wholeNumber(0, afterSecondsMax));

export const encodeRefusal = ({ code, afterSeconds }: Omit<Refused, "type">): Bytes =>
  encodeCbor([code, seconds.write(afterSeconds)]);

/** Nothing for anything else: the caller then has no answer of this wire. */
export const decodeRefusal = (bytes: Bytes): Refused | undefined => {
  const decoded = bytes.length > refusalBytesMax ? undefined : decodeCbor(bytes);
  if (decoded?.ok !== true || !isCborArray(decoded.value) || decoded.value.length !== 2) return undefined;
  const [code, after] = decoded.value;
  const afterSeconds = seconds.read(after);
  if (afterSeconds === undefined || !isRefusal(code)) return undefined;
  return { type: "Refused", code, afterSeconds: afterSeconds.value };
};

const isRefusal = (code: unknown): code is WireRefusal =>
  typeof code === "string" && Object.hasOwn(refusalStatus, code);
