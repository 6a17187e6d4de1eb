/** Every message that may travel, as an arbitrary: small ones mostly, and each list at its limit where that is cheap. */

import { instantMax, instantMin, type Instant } from "@amana/kernel";
import { deviceIdOf, entryHashOf, keyIdOf, logIdOf, toHex, type Bytes, type LogId } from "@amana/log";
import fc, { type Arbitrary } from "fast-check";
import * as limit from "../limits.ts";
import { bucketOf, digestOfNone } from "../position.ts";
import type { ControlAppend, LogPulled, LogWant, NewAccount, RequestName, RequestOf, ResponseOf } from "../requests.ts";
import { bytesOfAll, chainOf, must } from "./entries.ts";

export const bytesOf = (minLength: number, maxLength = minLength): Arbitrary<Bytes> =>
  fc.uint8Array({ minLength, maxLength }).map((bytes) => new Uint8Array(bytes));

export const logId = bytesOf(16).map((bytes) => must(logIdOf(bytes)));
const hash = bytesOf(32).map((bytes) => must(entryHashOf(bytes)));
const key = bytesOf(32).map((bytes) => must(keyIdOf(bytes)));
const device = bytesOf(16).map((bytes) => must(deviceIdOf(bytes)));
const account = bytesOf(16).map(toHex);
const moment = fc.integer({ min: instantMin, max: instantMax }) as Arbitrary<Instant>;
const position = fc.integer({ min: 0, max: limit.positionMax });
const maybe = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const few = <T>(arbitrary: Arbitrary<T>): Arbitrary<readonly T[]> => fc.array(arbitrary, { maxLength: 4 });
const kind = fc.constantFrom("organisation", "case");
const nothing = fc.constant({});

/** Distinct logs, in any order. */
const perLog = <T>(arbitrary: Arbitrary<T>): Arbitrary<readonly (T & { readonly logId: LogId })[]> =>
  fc
    .uniqueArray(logId, { maxLength: 4 })
    .chain((ids) => fc.tuple(...ids.map((id) => arbitrary.map((each) => ({ ...each, logId: id })))));

/** Real entries, of this log or another, and bytes that are no entry. */
const entries = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((count) => bytesOfAll(chainOf(count))),
  few(bytesOf(1, 100)),
);

const newAccount: Arbitrary<NewAccount> = fc.record({
  account,
  loginPublic: bytesOf(32),
  receivingKey: key,
  vault: bytesOf(1, 300),
});

const controlAppend: Arbitrary<ControlAppend> = fc.record({
  logId,
  kind,
  after: maybe(hash),
  entry: bytesOf(1, 300),
  wraps: few(bytesOf(1, 50)),
  serving: maybe(fc.record({ keys: few(key) })),
  organisation: maybe(
    fc.record({
      teams: few(fc.record({ team: key, people: few(key) })),
      leavers: few(key),
      keepers: maybe(few(key)),
    }),
  ),
});

const want: Arbitrary<Omit<LogWant, "logId">> = fc.oneof(
  fc.record({ after: fc.integer({ min: 1, max: limit.positionMax }), digest: bytesOf(32) }),
  fc.constant({ after: 0, digest: digestOfNone() }),
);

const pulled: Arbitrary<Omit<LogPulled, "logId">> = fc.oneof(
  fc
    .record({ after: fc.integer({ min: 0, max: 1000 }), entries, further: fc.integer({ min: 0, max: 9 }) })
    .map(({ after, entries: given, further }) => ({
      after,
      isSame: true,
      entries: given,
      end: after + given.length + further,
    })),
  fc.record({ after: position, isSame: fc.constant(false), entries: fc.constant([]), end: position }),
);

const results = few(fc.constantFrom("stored", "known", "malformed", "link-missing", "log-full", "quota"));
const ascending = (ids: readonly LogId[]): readonly LogId[] => [...ids].sort();

const compared = fc
  .uniqueArray(logId, { maxLength: 4 })
  .chain((ids) =>
    fc.tuple(
      ...ascending(ids).map((id) => fc.record({ logId: fc.constant(id), end: position, digest: bytesOf(32), kind })),
    ),
  );

const afterLast = (ids: readonly LogId[]): number | undefined => {
  const last = ids.at(-1);
  const next = last === undefined ? 256 : bucketOf(last) + 1;
  return next < limit.bucketCount ? next : undefined;
};

const comparison = compared.map((logs) => ({ logs, nextBucket: afterLast(logs.map(({ logId: id }) => id)) }));
const wrapsByLog = perLog(fc.record({ wraps: few(bytesOf(1, 100)) }));
const vaultKept = { generation: fc.integer({ min: 1, max: 0xffff_ffff }), vault: bytesOf(1, 200) };
const freshStart = fc.tuple(fc.record(vaultKept), comparison).map(([kept, page]) => ({ ...kept, ...page }));

const state = fc.constantFrom("waiting", "open", "forbidden", "used");
const gone = fc.record({ goneFromBackupsAt: moment });
const invitation = bytesOf(16);
const recovery = bytesOf(16);
const pushPublic = bytesOf(65);
const passwordChange = {
  loginPublic: bytesOf(32),
  generation: fc.integer({ min: 1, max: 0xffff_ffff }),
  vault: bytesOf(1, 200),
  signature: bytesOf(64),
};

export const requests: { readonly [Name in RequestName]: Arbitrary<RequestOf<Name>> } = {
  "begin-sign-in": fc.record({ account }),
  "sign-in": fc.record({ account, challenge: bytesOf(32), signature: bytesOf(64), device, isFresh: fc.boolean() }),
  found: fc.record({ code: bytesOf(32), account: newAccount, log: controlAppend }),
  "answer-invitation": fc.record({ invitation, answer: bytesOf(1, 200), account: newAccount }),
  "repeat-password-change": fc.record({ account, ...passwordChange }),
  "read-vault": nothing,
  "change-password": fc.record(passwordChange),
  "list-devices": nothing,
  "sign-out": fc.record({ device: maybe(device) }),
  compare: fc.record({ buckets: maybe(bytesOf(2048)), fromBucket: fc.integer({ min: 0, max: 255 }) }),
  pull: fc.record({
    wants: perLog(want),
    bytesMax: fc.integer({ min: 1, max: limit.pullBytesMax }),
    withWraps: fc.boolean(),
  }),
  "list-hashes": fc.record({ logId, after: position }),
  push: fc.record({ logs: perLog(fc.record({ entries })) }),
  "append-control": controlAppend,
  "begin-logs": fc.record({
    logs: perLog(
      fc.record({ entry: bytesOf(1, 300), wraps: few(bytesOf(1, 50)), serving: fc.record({ keys: few(key) }) }),
    ),
  }),
  "read-wraps": fc.record({ logs: fc.uniqueArray(logId, { maxLength: 4 }) }),
  "add-wraps": fc.record({ logId, wraps: few(bytesOf(1, 100)) }),
  erase: fc.record({ logId, proposal: hash, confirmation: hash, entries: few(hash) }),
  shred: fc.record({ logId, proposal: hash, confirmation: hash }),
  "open-invitation": fc.record({ invitation, expiresAt: moment }),
  "open-come-back": fc.record({ code: bytesOf(32), invitation, expiresAt: moment }),
  "let-back": fc.record({ code: bytesOf(32), receivingKey: key }),
  "close-invitation": fc.record({ invitation }),
  "read-answers": nothing,
  "request-recovery": fc.record({ recoveryKey: key }),
  "read-recoveries": nothing,
  "forbid-recovery": fc.record({ recovery }),
  "read-recovery-wraps": fc.record({ recovery, after: fc.nat() }),
  "set-wake-up": fc.record({
    subscription: maybe(
      fc.record({ endpoint: fc.webUrl({ size: "small" }), publicKey: pushPublic, authentication: bytesOf(16) }),
    ),
  }),
};

export const responses: { readonly [Name in RequestName]: Arbitrary<ResponseOf<Name>> } = {
  "begin-sign-in": fc.record({ challenge: bytesOf(32) }),
  "sign-in": fc.record({ token: bytesOf(32), expiresAt: moment, fresh: maybe(freshStart) }),
  found: nothing,
  "answer-invitation": nothing,
  "repeat-password-change": nothing,
  "read-vault": fc.record(vaultKept),
  "change-password": nothing,
  "list-devices": fc.record({
    devices: few(fc.record({ device, signedInAt: moment, lastSeenAt: moment, isThis: fc.boolean() })),
  }),
  "sign-out": nothing,
  compare: comparison,
  pull: fc.record({ logs: perLog(pulled), wraps: wrapsByLog }),
  "list-hashes": fc.record({ hashes: few(hash), end: position }),
  push: fc.record({ logs: perLog(fc.record({ results })) }),
  "append-control": fc.record({ isAppended: fc.boolean(), tip: maybe(hash) }),
  "begin-logs": fc.record({
    results: few(fc.constantFrom("begun", "malformed", "not-for-you", "not-now", "quota")),
  }),
  "read-wraps": fc.record({ logs: wrapsByLog }),
  "add-wraps": nothing,
  erase: gone,
  shred: gone,
  "open-invitation": nothing,
  "open-come-back": nothing,
  "let-back": nothing,
  "close-invitation": nothing,
  "read-answers": fc.record({ answers: few(fc.record({ invitation, answer: bytesOf(1, 100) })) }),
  "request-recovery": fc.record({ recovery, opensAt: moment }),
  "read-recoveries": fc.record({
    recoveries: few(fc.record({ recovery, recoveryKey: key, by: key, requestedAt: moment, opensAt: moment, state })),
  }),
  "forbid-recovery": nothing,
  "read-recovery-wraps": fc.record({
    wraps: few(fc.record({ logId, wrap: bytesOf(1, 100) })),
    next: maybe(fc.nat()),
  }),
  "set-wake-up": fc.record({ serverKey: maybe(pushPublic) }),
};
