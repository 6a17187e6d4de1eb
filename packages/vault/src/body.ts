/**
 * The body of an entry: what happened and when, made into bytes of few possible lengths, and read back from
 * anyone's bytes within limits. Format: docs/formats/entry.md §3.
 */

import { assert, isInstant, type Instant } from "@amana/kernel";
import {
  bodyBytesMax,
  decodeCbor,
  encodeCbor,
  eventTypeLengthMax,
  eventsPerEntryMax,
  isCborArray,
  isPaddedLength,
  paddedLength,
  type Bytes,
  type CborValue,
} from "@amana/log";
import type { Deflate } from "./ports.ts";

/** What happened, named and in a version of its own. What `data` means is not this package's question. */
export type SealedEvent = { readonly type: string; readonly version: number; readonly data: CborValue };

/** All events of one command. `recordedAt` is the author's clock and proves nothing. */
export type Body = { readonly recordedAt: Instant; readonly events: readonly SealedEvent[] };

const methods = { plain: 0, deflated: 1 } as const;
const prefixBytes = 4;
const payloadBytesMax = bodyBytesMax - prefixBytes;
/** Below this, deflating costs more than it saves. */
const deflateAboveBytes = 512;

/** Nothing when the body is too long to be sealed: the caller writes less, or in two entries. */
export const encodeBody = async (body: Body, deflate: Deflate): Promise<Bytes | undefined> => {
  assert(body.events.every(isEvent) && body.events.length > 0, "A body without well-formed events was to be sealed.");
  if (body.events.length > eventsPerEntryMax) return undefined;
  const events = body.events.map(({ type, version, data }) => [type, version, data]);
  return pack(encodeCbor([body.recordedAt, events]), deflate);
};

/** Nothing when the bytes are no body of ours. Never throws, whatever a hostile author sealed. */
export const decodeBody = async (plain: Bytes, deflate: Deflate): Promise<Body | undefined> => {
  const content = await unpack(plain, deflate);
  const decoded = content === undefined ? undefined : decodeCbor(content);
  if (decoded?.ok !== true || !isCborArray(decoded.value) || decoded.value.length !== 2) return undefined;
  const [recordedAt, listed] = decoded.value;
  if (!isInstant(recordedAt) || listed === undefined || !isCborArray(listed)) return undefined;
  const events = listed.map(readEvent).filter((event) => event !== undefined);
  const isComplete = events.length === listed.length && events.length > 0 && events.length <= eventsPerEntryMax;
  return isComplete ? { recordedAt, events } : undefined;
};

/** Method, length, payload, zeros. Nothing when it does not fit. Also for boxes. */
export const pack = async (content: Bytes, deflate: Deflate): Promise<Bytes | undefined> => {
  if (content.length > payloadBytesMax) return undefined;
  const deflated = content.length > deflateAboveBytes ? await deflate.deflate(content) : content;
  const isShorter = deflated.length < content.length;
  const payload = isShorter ? deflated : content;
  const packed = new Uint8Array(paddedLength(prefixBytes + payload.length));
  packed[0] = isShorter ? methods.deflated : methods.plain;
  new DataView(packed.buffer).setUint16(2, payload.length & 0xffff);
  packed[1] = payload.length >> 16;
  packed.set(payload, prefixBytes);
  return packed;
};

/** Nothing when method, length, padding or stream are not as `pack` makes them. */
export const unpack = async (packed: Bytes, deflate: Deflate): Promise<Bytes | undefined> => {
  if (!isPaddedLength(packed.length) || packed.length > bodyBytesMax) return undefined;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const end = prefixBytes + view.getUint8(1) * 0x1_0000 + view.getUint16(2);
  // Only the shortest length that holds the payload, so that one body has one form.
  if (end > packed.length || paddedLength(end) !== packed.length) return undefined;
  if (packed.subarray(end).some((byte) => byte !== 0)) return undefined;
  const payload = packed.slice(prefixBytes, end);
  if (packed[0] === methods.plain) return payload;
  return packed[0] === methods.deflated ? deflate.inflate(payload, payloadBytesMax) : undefined;
};

const eventTypeForm = new RegExp(`^[A-Za-z0-9-]{1,${eventTypeLengthMax}}$`);

const isEvent = ({ type, version }: SealedEvent): boolean =>
  eventTypeForm.test(type) && Number.isSafeInteger(version) && version >= 1;

const readEvent = (value: CborValue): SealedEvent | undefined => {
  if (!isCborArray(value) || value.length !== 3) return undefined;
  const [type, version, data] = value;
  if (typeof type !== "string" || typeof version !== "number" || data === undefined) return undefined;
  const event = { type, version, data };
  return isEvent(event) ? event : undefined;
};
