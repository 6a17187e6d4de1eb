/**
 * What a device and the server say to each other: the wire, and what either side lacks. Format: docs/formats/wire.md.
 *
 * It sees sealed bytes and random ids, holds no key, and decides nothing about who may have what.
 */

export { call, type Listening, type Transport } from "./call.ts";
export * from "./limits.ts";
export { planPull, planPush, type EntryToPush, type PushLimits } from "./plan.ts";
export { bucketDigests, bucketOf, differingBuckets, digestOfNone, nextDigest } from "./position.ts";
export { decodeRefusal, encodeRefusal, refusalStatus, type Refused } from "./refusal.ts";
export type * from "./requests.ts";
export type { WireRow } from "./row.ts";
export { decodeRun, encodeRun, parseCarried, type RoomForEntries } from "./run.ts";
export { pushesUnderWayMax, pushSeveral, type Pushing } from "./several.ts";
export { authorizationOf, tokenIn } from "./token-text.ts";
export { wire, type Wire } from "./wire.ts";
