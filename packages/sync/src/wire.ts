/**
 * The codec of every request and answer, in one table by name. Format: docs/formats/wire.md §2 and §5.
 *
 * What is read is exactly what is written: canonical CBOR, every field in its place, every limit kept. Anything else
 * reads as nothing, and the server says `NotUnderstood`, the device `Unreachable`.
 */

import * as limit from "./limits.ts";
import { bucketOf } from "./position.ts";
import type { RequestName, RequestOf, ResponseOf } from "./requests.ts";
import { row, type WireRow } from "./row.ts";
import * as shape from "./shape.ts";
import * as term from "./terms.ts";

export type Wire = { readonly [Name in RequestName]: WireRow<Name> };

/** Of those asked, in the order asked; what is left out is not there for this account. */
const areSomeOf = <Asked extends { readonly logId: string }, Given extends { readonly logId: string }>(
  asked: readonly Asked[],
  given: readonly Given[],
  fits: (asked: Asked, given: Given) => boolean,
): boolean => {
  let at = 0;
  return given.every((each) => {
    while (at < asked.length && asked[at]?.logId !== each.logId) at += 1;
    const found = asked[at];
    at += 1;
    return found !== undefined && fits(found, each);
  });
};

const isComparison = ({ fromBucket }: RequestOf<"compare">, { logs, nextBucket }: ResponseOf<"compare">): boolean => {
  const isFurther = nextBucket === undefined || nextBucket > fromBucket;
  const places = logs.map(({ logId }) => bucketOf(logId));
  return isFurther && places.every((bucket) => bucket >= fromBucket && bucket < (nextBucket ?? limit.bucketCount));
};

export const wire: Wire = {
  "begin-sign-in": row({
    isForAnyone: true,
    request: shape.record({ account: shape.accountId }),
    response: shape.record({ challenge: term.challenge }),
  }),
  "sign-in": row({
    isForAnyone: true,
    request: shape.record({
      account: shape.accountId,
      challenge: term.challenge,
      signature: term.signature,
      device: shape.deviceId,
      isFresh: shape.flag,
    }),
    // As long as a page of a comparison; a short one to whoever asks for nothing besides.
    responseBytesMax: limit.responseBytesMax,
    response: shape.record({ token: term.token, expiresAt: shape.moment, fresh: shape.optional(term.freshStart) }),
    isAnswer: ({ isFresh }, { fresh }) =>
      isFresh ? fresh !== undefined && isComparison({ buckets: undefined, fromBucket: 0 }, fresh) : fresh === undefined,
  }),
  found: row({
    isForAnyone: true,
    // One first entry with the keys of one person, and read of anybody.
    requestBytesMax: 32_768,
    request: shape.record({
      code: shape.bytesOfLength(limit.setUpCodeBytes),
      account: term.newAccount,
      log: term.controlAppend,
    }),
    response: shape.nothing,
  }),
  "answer-invitation": row({
    isForAnyone: true,
    requestBytesMax: 8192,
    request: shape.record({ invitation: term.invitation, answer: term.answer, account: term.newAccount }),
    response: shape.nothing,
  }),
  "repeat-password-change": row({
    isForAnyone: true,
    requestBytesMax: 8192,
    request: shape.record({
      account: shape.accountId,
      loginPublic: term.loginPublic,
      generation: term.generation,
      vault: term.vault,
      signature: term.signature,
    }),
    response: shape.nothing,
  }),

  "read-vault": row({
    request: shape.nothing,
    responseBytesMax: 8192,
    response: shape.record({ generation: term.generation, vault: term.vault }),
  }),
  "change-password": row({
    requestBytesMax: 8192,
    request: shape.record({
      loginPublic: term.loginPublic,
      generation: term.generation,
      vault: term.vault,
      signature: term.signature,
    }),
    response: shape.nothing,
  }),
  "list-devices": row({ request: shape.nothing, response: shape.record({ devices: term.devices }) }),
  "sign-out": row({ request: shape.record({ device: shape.optional(shape.deviceId) }), response: shape.nothing }),

  compare: row({
    request: shape.record({ buckets: shape.optional(term.bucketDigests), fromBucket: term.bucket }),
    responseBytesMax: limit.responseBytesMax,
    response: shape.record({ logs: term.comparedLogs, nextBucket: shape.optional(term.bucket) }),
    isAnswer: isComparison,
  }),
  pull: row({
    requestBytesMax: 32_768,
    request: shape.record({
      wants: term.wants,
      bytesMax: shape.wholeNumber(1, limit.pullBytesMax),
      withWraps: shape.flag,
    }),
    responseBytesMax: limit.responseBytesMax,
    response: shape.record({ logs: term.pulledLogs, wraps: term.wrapsByLog }),
    isAnswer: ({ wants, withWraps }, { logs, wraps }) =>
      areSomeOf(wants, logs, (asked, given) => asked.after === given.after) &&
      areSomeOf(withWraps ? logs : [], wraps, () => true),
  }),
  "list-hashes": row({
    request: shape.record({ logId: shape.logId, after: term.position }),
    responseBytesMax: 139_264,
    response: shape.record({ hashes: term.hashes, end: term.position }),
    isAnswer: ({ after }, { hashes, end }) => hashes.length === 0 || after + hashes.length <= end,
  }),
  push: row({
    requestBytesMax: limit.requestBytesMax,
    request: shape.record({ logs: term.pushedLogs }),
    responseBytesMax: 16_384,
    response: shape.record({ logs: term.pushResults }),
    isAnswer: ({ logs }, { logs: answered }) =>
      areSomeOf(logs, answered, ({ entries }, { results }) => entries.length === results.length),
  }),
  "append-control": row({
    requestBytesMax: limit.requestBytesMax,
    request: term.controlAppend,
    response: shape.record({ isAppended: shape.flag, tip: shape.optional(shape.entryHash) }),
  }),
  "begin-logs": row({
    requestBytesMax: limit.requestBytesMax,
    request: shape.record({ logs: term.logsBegun }),
    response: shape.record({ results: term.beginResults }),
    isAnswer: ({ logs }, { results }) => logs.length === results.length,
  }),
  "read-wraps": row({
    request: shape.record({ logs: term.logIds }),
    responseBytesMax: limit.responseBytesMax,
    response: shape.record({ logs: term.wrapsByLog }),
    isAnswer: ({ logs }, { logs: answered }) =>
      areSomeOf(
        logs.map((logId) => ({ logId })),
        answered,
        () => true,
      ),
  }),
  "add-wraps": row({
    requestBytesMax: limit.requestBytesMax,
    request: shape.record({ logId: shape.logId, wraps: shape.list(term.wrap, limit.wrapsPerAppendMax) }),
    response: shape.nothing,
  }),
  erase: row({
    requestBytesMax: 16_384,
    request: shape.record({
      logId: shape.logId,
      proposal: shape.entryHash,
      confirmation: shape.entryHash,
      entries: shape.list(shape.entryHash, limit.erasedPerRequestMax),
    }),
    response: term.gone,
  }),
  shred: row({
    request: shape.record({ logId: shape.logId, proposal: shape.entryHash, confirmation: shape.entryHash }),
    response: term.gone,
  }),

  "open-invitation": row({
    request: shape.record({ invitation: term.invitation, expiresAt: shape.moment }),
    response: shape.nothing,
  }),
  "open-come-back": row({
    request: shape.record({
      code: shape.bytesOfLength(limit.setUpCodeBytes),
      invitation: term.invitation,
      expiresAt: shape.moment,
    }),
    response: shape.nothing,
  }),
  "let-back": row({
    request: shape.record({ code: shape.bytesOfLength(limit.setUpCodeBytes), receivingKey: shape.keyId }),
    response: shape.nothing,
  }),
  "close-invitation": row({ request: shape.record({ invitation: term.invitation }), response: shape.nothing }),
  "read-answers": row({
    request: shape.nothing,
    responseBytesMax: limit.responseBytesMax,
    response: shape.record({ answers: term.answers }),
  }),

  "request-recovery": row({
    request: shape.record({ recoveryKey: shape.keyId }),
    response: shape.record({ recovery: term.recovery, opensAt: shape.moment }),
  }),
  "read-recoveries": row({
    request: shape.nothing,
    responseBytesMax: 16_384,
    response: shape.record({ recoveries: shape.list(term.recoveryRequest, limit.recoveriesPerReadMax) }),
  }),
  "forbid-recovery": row({ request: shape.record({ recovery: term.recovery }), response: shape.nothing }),
  "read-recovery-wraps": row({
    request: shape.record({ recovery: term.recovery, after: term.place }),
    responseBytesMax: limit.responseBytesMax,
    response: shape.record({ wraps: term.wrapsOfLogs, next: shape.optional(term.place) }),
    isAnswer: ({ after }, { next }) => next === undefined || next > after,
  }),

  "set-wake-up": row({
    request: shape.record({ subscription: shape.optional(term.subscription) }),
    response: shape.record({ serverKey: shape.optional(term.pushPublic) }),
  }),
};
