/**
 * What several messages of the wire are made of: keys, positions, control entries, lists of logs.
 * Format: docs/formats/wire.md §5.
 */

import { concat, counterMax, entryBytesMax, entryHashOf, hashBytes, idBytes, signatureBytes } from "@amana/log";
import type { Bytes, EntryHash } from "@amana/log";
import { areDistinct, logsWithEntries } from "./entries-shape.ts";
import * as limit from "./limits.ts";
import { digestOfNone } from "./position.ts";
import type {
  BeginResult,
  ControlAppend,
  FreshStart,
  LogBegin,
  LogPulled,
  LogWant,
  NewAccount,
  OrganisationChange,
  PushResult,
  RecoveryRequest,
  RequestOf,
  ResponseOf,
} from "./requests.ts";
import * as shape from "./shape.ts";
import type { Shape } from "./shape.ts";

const digest = shape.bytesOfLength(32);
export const token = shape.bytesOfLength(limit.tokenBytes);
export const challenge = shape.bytesOfLength(limit.challengeBytes);
export const signature = shape.bytesOfLength(signatureBytes);
export const loginPublic = shape.bytesOfLength(limit.loginPublicBytes);
export const vault = shape.bytesBetween(1, limit.vaultBytesMax);
export const generation = shape.wholeNumber(1, counterMax);
export const invitation = shape.bytesOfLength(limit.invitationIdBytes);
export const recovery = shape.bytesOfLength(limit.recoveryIdBytes);
export const position = shape.wholeNumber(0, limit.positionMax);
const logKind = shape.word({ organisation: 1, case: 2 });
export const wrap = shape.bytesBetween(1, limit.wrapBytesMax);
const keys = shape.list(shape.keyId, limit.keysPerListMax);
/** How far into the wraps of a recovery. */
export const place = shape.wholeNumber(0, Number.MAX_SAFE_INTEGER);
export const bucket = shape.wholeNumber(0, limit.bucketCount - 1);
export const bucketDigests = shape.bytesOfLength(limit.bucketCount * limit.bucketDigestBytes);
export const answer = shape.bytesBetween(1, limit.answerBytesMax);
export const pushPublic = shape.bytesOfLength(limit.pushPublicBytes);
export const gone = shape.record({ goneFromBackupsAt: shape.moment });

export const newAccount: Shape<NewAccount> = shape.record({
  account: shape.accountId,
  loginPublic,
  receivingKey: shape.keyId,
  vault,
});

const serving = shape.record({ keys });

const team = shape.record<OrganisationChange["teams"][number]>({ team: shape.keyId, people: keys });

export const controlAppend: Shape<ControlAppend> = shape.record({
  logId: shape.logId,
  kind: logKind,
  after: shape.optional(shape.entryHash),
  entry: shape.bytesBetween(1, entryBytesMax),
  wraps: shape.list(wrap, limit.wrapsPerAppendMax),
  serving: shape.optional(serving),
  organisation: shape.optional(
    shape.record<OrganisationChange>({
      teams: shape.list(team, limit.teamsPerChangeMax),
      leavers: keys,
      keepers: shape.optional(keys),
    }),
  ),
});

export const logsBegun: Shape<readonly LogBegin[]> = shape.where(
  shape.list(
    shape.record({
      logId: shape.logId,
      entry: shape.bytesBetween(1, entryBytesMax),
      wraps: shape.list(wrap, limit.wrapsPerAppendMax),
      serving,
    }),
    limit.logsPerBeginMax,
  ),
  areDistinct,
);

export const beginResults: Shape<readonly BeginResult[]> = shape.list(
  shape.word({ begun: 0, malformed: 1, "not-for-you": 2, "not-now": 3, quota: 4 }),
  limit.logsPerBeginMax,
);

// ── Logs ───────────────────────────────────────────────────────────────────────────────────────────────────────

const wantFields = shape.record({ logId: shape.logId, after: position, digest: shape.optional(digest) });

/** At the beginning of a log no digest needs to be said. */
const want: Shape<LogWant> = {
  write: ({ logId, after, digest: held }) => wantFields.write({ logId, after, digest: after === 0 ? undefined : held }),
  read: (value) => {
    const fields = wantFields.read(value)?.value;
    if (fields === undefined || (fields.after === 0) !== (fields.digest === undefined)) return undefined;
    return { value: { ...fields, digest: fields.digest ?? digestOfNone() } };
  },
};

export const wants: Shape<readonly LogWant[]> = shape.where(shape.list(want, limit.logsPerPullMax), areDistinct);

export const pulledLogs: Shape<readonly LogPulled[]> = shape.where(
  logsWithEntries(
    { after: position, isSame: shape.flag, end: position },
    { logsMax: limit.logsPerPullMax, entriesMax: limit.entriesPerPullMax, bytesMax: limit.pullBytesMax },
    "each",
  ),
  (logs) => logs.every(isPulled),
);

const isPulled = ({ after, isSame, entries, end }: LogPulled): boolean =>
  isSame ? after + entries.length <= end : entries.length === 0;

export const pushedLogs: Shape<RequestOf<"push">["logs"]> = logsWithEntries(
  {},
  { logsMax: limit.logsPerPushMax, entriesMax: limit.entriesPerPushMax, bytesMax: limit.pushBytesMax },
  "together",
);

const resultNumbers = {
  stored: 0,
  known: 1,
  malformed: 2,
  "link-missing": 3,
  "log-full": 4,
  quota: 5,
} as const satisfies Readonly<Record<PushResult, number>>;
const resultWord = shape.word<PushResult>(resultNumbers);
const resultBytes = shape.bytesBetween(0, limit.entriesPerPushMax);

/** One byte for each entry. */
const results: Shape<readonly PushResult[]> = {
  write: (words) => resultBytes.write(Uint8Array.from(words, (each) => resultNumbers[each])),
  read: (value) => {
    const bytes = resultBytes.read(value)?.value;
    if (bytes === undefined) return undefined;
    const words = Array.from(bytes, (number) => resultWord.read(number)?.value).filter((each) => each !== undefined);
    return words.length === bytes.length ? { value: words } : undefined;
  },
};

export const pushResults: Shape<ResponseOf<"push">["logs"]> = shape.where(
  shape.list(shape.record({ logId: shape.logId, results }), limit.logsPerPushMax),
  areDistinct,
);

const hashesBytes = shape.bytesBetween(0, limit.hashesPerPageMax * hashBytes);

/** Joined in one byte string. */
export const hashes: Shape<readonly EntryHash[]> = {
  write: (listed) => hashesBytes.write(concat(...listed.map(idBytes))),
  read: (value) => {
    const bytes = hashesBytes.read(value)?.value;
    if (bytes === undefined || bytes.length % hashBytes !== 0) return undefined;
    return { value: Array.from({ length: bytes.length / hashBytes }, (_, place) => hashAt(bytes, place)) };
  },
};

const hashAt = (bytes: Bytes, place: number): EntryHash =>
  // The part has the length of a hash, which is all that makes one.
  entryHashOf(bytes.slice(place * hashBytes, (place + 1) * hashBytes)) as EntryHash;

/** In buckets, ascending by id: what a page of a comparison holds. */
export const comparedLogs: Shape<ResponseOf<"compare">["logs"]> = shape.where(
  shape.list(
    shape.record({ logId: shape.logId, end: position, digest, kind: logKind }),
    limit.logsPerCompareMax + limit.logsPerBucketMax,
  ),
  (logs) => logs.every(({ logId }, place) => place === 0 || (logs[place - 1]?.logId ?? "") < logId),
);

export const freshStart: Shape<FreshStart> = shape.record({
  generation,
  vault,
  logs: comparedLogs,
  nextBucket: shape.optional(bucket),
});

export const logIds: Shape<RequestOf<"read-wraps">["logs"]> = shape.where(
  shape.list(shape.logId, limit.logsPerReadWrapsMax),
  (ids) => new Set(ids).size === ids.length,
);

export const wrapsByLog: Shape<ResponseOf<"read-wraps">["logs"]> = shape.where(
  shape.list(
    shape.record({ logId: shape.logId, wraps: shape.list(wrap, limit.wrapsPerLogMax) }),
    limit.logsPerReadWrapsMax,
  ),
  areDistinct,
);

export const recoveryRequest: Shape<RecoveryRequest> = shape.record({
  recovery,
  recoveryKey: shape.keyId,
  by: shape.keyId,
  requestedAt: shape.moment,
  opensAt: shape.moment,
  state: shape.word({ waiting: 0, open: 1, forbidden: 2, used: 3 }),
});

export const devices: Shape<ResponseOf<"list-devices">["devices"]> = shape.list(
  shape.record({ device: shape.deviceId, signedInAt: shape.moment, lastSeenAt: shape.moment, isThis: shape.flag }),
  limit.devicesPerAccountMax,
);

export const answers: Shape<ResponseOf<"read-answers">["answers"]> = shape.list(
  shape.record({ invitation, answer }),
  limit.answersPerReadMax,
);

export const wrapsOfLogs: Shape<ResponseOf<"read-recovery-wraps">["wraps"]> = shape.list(
  shape.record({ logId: shape.logId, wrap }),
  limit.wrapsPerPageMax,
);

export const subscription: Shape<NonNullable<RequestOf<"set-wake-up">["subscription"]>> = shape.record({
  endpoint: shape.address(limit.endpointLengthMax),
  publicKey: pushPublic,
  authentication: shape.bytesOfLength(limit.pushAuthenticationBytes),
});
