/**
 * Everything that travels has a limit, and each limit has a name. Part of the format: docs/formats/wire.md §2.
 *
 * At 32 kbit/s a request of `requestBytesMax` takes a little over a minute; a device on such a line fills smaller ones.
 */

import { entriesPerLogMax, hashesPerListMax } from "@amana/log";

export const requestBytesMax = 262_144;
export const responseBytesMax = 1_376_256;
export const refusalBytesMax = 64;

/** Whole entries of one push and of one pull, counted by their own bytes, however compactly they travel. */
export const pushBytesMax = 229_376;
export const pullBytesMax = 1_048_576;
/** Wraps that come with an answer to a pull, each by its own bytes and three more. */
export const pullWrapsBytesMax = 131_072;
export const entriesPerPushMax = 512;
export const entriesPerPullMax = 4096;
/** Each has an entry at least. */
export const logsPerPushMax = entriesPerPushMax;
export const logsPerPullMax = 512;
/** Authors with their devices in one run; what others wrote travels whole. */
export const writersPerRunMax = 255;

/** Enough for four million logs of one account whose ids are random. */
export const logsPerBucketMax = 16_384;
/** A page of a comparison ends before the bucket that would make it longer, but holds one bucket at least. */
export const logsPerCompareMax = 4096;
export const hashesPerPageMax = 4096;

export const wrapBytesMax = 2048;
export const wrapsPerAppendMax = 128;
/** Logs that one request begins. */
export const logsPerBeginMax = 64;
export const wrapsPerPageMax = 256;
/** Of one log, for one account: its epochs times the keys it reads with. */
export const wrapsPerLogMax = 512;
export const logsPerReadWrapsMax = 64;
/** Wraps of one answer by their own bytes; those of one log are never divided. */
export const readWrapsBytesMax = 1_048_576;

export const keysPerListMax = 1024;
export const teamsPerChangeMax = 64;
export const vaultBytesMax = 4096;
export const answerBytesMax = 2048;
export const answersPerReadMax = 256;
export const devicesPerAccountMax = 64;
export const recoveriesPerReadMax = 64;
export const endpointLengthMax = 1024;
export const afterSecondsMax = 604_800;

export const accountIdBytes = 16;
export const tokenBytes = 32;
export const challengeBytes = 32;
export const setUpCodeBytes = 32;
export const invitationIdBytes = 16;
export const recoveryIdBytes = 16;
export const loginPublicBytes = 32;
export const pushPublicBytes = 65;
export const pushAuthenticationBytes = 16;

export const bucketCount = 256;
export const bucketDigestBytes = 8;

/** A position in a log is never beyond its last entry. */
export const positionMax = entriesPerLogMax;
export const erasedPerRequestMax = hashesPerListMax;
