/**
 * How a person's keys come into the organisation: an invitation goes from screen to camera, an answer comes back
 * with a MAC under its secret. The inviter's device checks MAC, age and single use; a person compares the words
 * and confirms. Never automatic. Format: docs/formats/keys.md §8.
 */

import { err, isInstant, ok, type Instant, type Result } from "@amana/kernel";
import {
  bytesOf,
  concat,
  decodeCbor,
  encodeCbor,
  entryHashOf,
  equalBytes,
  hashBytes,
  idBytes,
  isCborArray,
  keyIdOf,
  label,
  sha256,
  toHex,
  type Bytes,
  type CborValue,
  type EntryHash,
  type KeyId,
  type LogId,
} from "@amana/log";
import { hkdf, macOf } from "./hazmat/derive.ts";
import { receivingPublicBytes } from "./hazmat/x-wing.ts";
import { enrolIdentityPublic, enrolReceivingPublic, type PublicKey } from "./identity.ts";
import { bytesToNumber } from "./numbers.ts";
import type { PersonKeys } from "./organisation/organisation.ts";
import type { Randomness } from "./ports.ts";
import { conceal, exposeSecret, type Secret } from "./secret.ts";

export type Invitation = {
  /** The root of trust: the invited device believes this organisation log and no other. */
  readonly root: EntryHash;
  /** What the inviter had seen: an older log is not the newest. */
  readonly organisationHead: EntryHash;
  readonly inviter: KeyId;
  readonly secret: Secret<"invitation">;
  readonly expiresAt: Instant;
};

/** What the invited device sends back, through the server. It is public but for what its MAC proves. */
export type Answer = {
  readonly invitationId: Bytes;
  readonly identityPublic: Bytes;
  readonly receivingPublic: Bytes;
  readonly mac: Bytes;
};

export type AnswerError =
  | { readonly type: "NotAnAnswer" }
  | { readonly type: "OtherInvitation" }
  | { readonly type: "Expired" }
  | { readonly type: "AlreadyUsed" }
  /** Alarming: whoever answered does not know the secret, or the answer was changed. */
  | { readonly type: "Forged" }
  /** Alarming: keys that enrolment refuses. */
  | { readonly type: "RefusedKeys" };

const invitationMinutesMax = 60 * 24;
const version = 1;
const secretBytes = 16;
const millisecondsPerMinute = 60_000;

export const makeInvitation = (
  about: Omit<Invitation, "secret" | "expiresAt">,
  randomness: Randomness,
  now: Instant,
  minutes: number,
): Invitation => {
  const expiresAt = Math.min(now + Math.min(minutes, invitationMinutesMax) * millisecondsPerMinute);
  // A day after a moment of this century is a moment.
  return { ...about, secret: conceal("invitation", randomness(secretBytes)), expiresAt: expiresAt as Instant };
};

/** For the camera. Whoever reads it can answer, so it is shown to one person and expires. */
export const encodeInvitation = (invitation: Invitation): Bytes =>
  encodeCbor([...namedOf(invitation), exposeSecret(invitation.secret), invitation.expiresAt]);

/** Nothing for anything but an invitation of this version. */
export const parseInvitation = (bytes: Bytes): Invitation | undefined => {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isCborArray(decoded.value) || decoded.value.length !== 6) return undefined;
  const [read, root, head, inviter, secret, expiresAt] = decoded.value;
  const hashes = [root, head, inviter].map((value) => bytesOf(value, hashBytes));
  const [rootHash, headHash] = hashes.map((value) => value && entryHashOf(value));
  const inviterId = hashes[2] && keyIdOf(hashes[2]);
  const secretIn = bytesOf(secret, secretBytes);
  if (read !== version || rootHash === undefined || headHash === undefined || inviterId === undefined) return undefined;
  if (secretIn === undefined || !isInstant(expiresAt)) return undefined;
  const concealed = conceal("invitation", secretIn);
  return { root: rootHash, organisationHead: headHash, inviter: inviterId, secret: concealed, expiresAt };
};

export const invitationId = (invitation: Invitation): Promise<Bytes> =>
  hkdf(exposeSecret(invitation.secret), new Uint8Array(), label("invitation-id"), 16);

export const answerInvitation = async (invitation: Invitation, keys: PersonKeys): Promise<Answer> => {
  const answer = {
    invitationId: await invitationId(invitation),
    identityPublic: keys.identityKey.publicKey,
    receivingPublic: keys.receivingKey.publicKey,
  };
  return { ...answer, mac: await macFor(invitation, answer) };
};

export const encodeAnswer = (answer: Answer): Bytes => encodeCbor([...answerFields(answer), answer.mac]);

export const parseAnswer = (bytes: Bytes): Result<Answer, AnswerError> => {
  const decoded = decodeCbor(bytes);
  const fields = decoded.ok && isCborArray(decoded.value) ? decoded.value : [];
  const id = bytesOf(fields[1], 16);
  const identityPublic = bytesOf(fields[2], 32);
  const receivingPublic = bytesOf(fields[3], receivingPublicBytes);
  const mac = bytesOf(fields[4], 32);
  if (fields.length !== 5 || fields[0] !== version || id === undefined) return err({ type: "NotAnAnswer" });
  if (identityPublic === undefined || receivingPublic === undefined || mac === undefined)
    return err({ type: "NotAnAnswer" });
  return ok({ invitationId: id, identityPublic, receivingPublic, mac });
};

/**
 * What the inviter's device checks before it shows a name and words to compare. `used` holds the ids, as text, of
 * the invitations this device has seen answered; the caller adds this one when a person has confirmed.
 */
export const checkAnswer = async (
  invitation: Invitation,
  answer: Answer,
  now: Instant,
  used: ReadonlySet<string>,
): Promise<Result<PersonKeys, AnswerError>> => {
  if (!equalBytes(answer.invitationId, await invitationId(invitation))) return err({ type: "OtherInvitation" });
  if (!equalBytes(answer.mac, await macFor(invitation, answer))) return err({ type: "Forged" });
  if (now >= invitation.expiresAt) return err({ type: "Expired" });
  if (used.has(toHex(answer.invitationId))) return err({ type: "AlreadyUsed" });
  const identityKey: PublicKey | undefined = enrolIdentityPublic(answer.identityPublic);
  const receivingKey = await enrolReceivingPublic(answer.receivingPublic);
  if (identityKey === undefined || receivingKey === undefined) return err({ type: "RefusedKeys" });
  return ok({ identityKey, receivingKey });
};

/** Six groups of three digits that both read aloud: they are the same exactly if both hold the same answer. */
export const wordsToCompare = (answer: Answer): readonly string[] =>
  wordsOf(sha256(concat(label("invitation-words"), encodeAnswer(answer))));

/**
 * What two devices have of the same logs, as six groups to compare by telephone. A first fetch cannot prove that it is
 * fresh; a colleague's device can.
 */
export const headsToCompare = (headsByLog: ReadonlyMap<LogId, readonly EntryHash[]>): readonly string[] => {
  const listed = [...headsByLog]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([logId, heads]) => [idBytes(logId), [...heads].sort().map(idBytes)]);
  return wordsOf(sha256(concat(label("heads-words"), encodeCbor(listed))));
};

const wordsOf = (digest: Bytes): readonly string[] => {
  const number = bytesToNumber(digest.subarray(0, 16)) % 10n ** 18n;
  return number.toString().padStart(18, "0").match(/.{3}/g) ?? [];
};

type Unsigned = Omit<Answer, "mac">;

const namedOf = ({ root, organisationHead, inviter }: Invitation): readonly CborValue[] => [
  version,
  idBytes(root),
  idBytes(organisationHead),
  idBytes(inviter),
];

const answerFields = ({ invitationId: id, identityPublic, receivingPublic }: Unsigned): readonly CborValue[] => [
  version,
  id,
  identityPublic,
  receivingPublic,
];

const macFor = async (invitation: Invitation, answer: Unsigned): Promise<Bytes> => {
  const key = await hkdf(exposeSecret(invitation.secret), new Uint8Array(), label("invitation-mac"), 32);
  const message = encodeCbor([answerFields(answer), [...namedOf(invitation), invitation.expiresAt]]);
  return macOf(conceal("invitation-mac", key), message);
};
