/**
 * The one table of labels. Every sealed, signed, hashed or derived thing names its purpose with one of
 * these, so that one kind can never pass for another. Numbers and texts are never used again.
 */

import { concat, fromAscii, type Bytes } from "./bytes.ts";

/** Number by purpose; the label of purpose `entry-hash` is `amana/entry-hash/1`. A new version is a new row. */
export const labelNumbers = {
  "entry-hash": 1,
  "header-hash": 2,
  "entry-signature": 3,
  "entry-key": 4,
  "key-commitment": 5,
  "key-wrap": 6,
  "key-wrap-signature": 7,
  "team-wrap": 8,
  "identity-key-id": 9,
  "receiving-key-id": 10,
  "account-id": 11,
  "password-salt": 12,
  "account-root": 13,
  "login-key": 14,
  "unlock-key": 15,
  "login-signature": 16,
  "password-change": 17,
  "kit-checksum": 18,
  "account-vault": 19,
  "device-vault": 20,
  draft: 21,
  snapshot: 22,
  index: 23,
  "invitation-id": 24,
  "invitation-mac": 25,
  "invitation-words": 26,
  "recovery-commitment": 27,
  "heads-words": 28,
  "position-digest": 29,
  "bucket-digest": 30,
  "device-record": 31,
  "backup-key": 32,
  "shredding-key": 33,
  "erasure-scope": 34,
} as const satisfies Readonly<Record<string, number>>;

export type Purpose = keyof typeof labelNumbers;

/** `amana/<purpose>/<version>`. */
export const labelText = (purpose: Purpose): string => `amana/${purpose}/1`;

/** The text and one zero byte, so that no label is the beginning of another. */
export const label = (purpose: Purpose): Bytes => {
  const known = labels.get(purpose) ?? concat(fromAscii(labelText(purpose)), new Uint8Array(1));
  labels.set(purpose, known);
  // A copy: bytes can be written over, and these are everyone's.
  return known.slice();
};

const labels = new Map<Purpose, Bytes>();
