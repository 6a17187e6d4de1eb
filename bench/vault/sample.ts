/**
 * The entry that is sealed and opened: a note whose body is one kilobyte, in a case log, by one person. Invented.
 */

import {
  deviceIdOf,
  encodeCbor,
  entryHashOf,
  logIdOf,
  type Bytes,
  type EntryHash,
  type Header,
  type SealedEntry,
} from "@amana/log";
import {
  makeCaseKey,
  makeIdentityKey,
  platformDeflate,
  platformRandomness,
  seal,
  type Body,
  type CaseKey,
  type IdentityKey,
  type Sealing,
} from "@amana/vault";
import type { Instant } from "@amana/kernel";

const sentence =
  "Rojin spoke with the survivor by telephone at the agreed hour. She said that the account was reported twice, " +
  "that her brother had not seen the messages, and that she would rather wait until Sunday. " +
  "لە کاتی دیاریکراودا قسەی لەگەڵ کرا و گوتی کە چاوەڕێ دەکات. ";
const bodyBytes = 1000;
/** 2026-11-21T10:00:00Z. */
const recordedAt = 1_795_255_200_000 as Instant; // A constant in milliseconds since 1970, as an Instant is.

export type Sample = {
  readonly caseKey: CaseKey;
  readonly author: IdentityKey;
  readonly sealing: Sealing;
  readonly entry: SealedEntry;
  /** Sealed entries as they travel: one chain of one device. */
  readonly chain: (count: number) => Promise<readonly SealedEntry[]>;
};

export const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("The benchmark's own sample lacks something.");
  return value;
};

export const makeSample = async (): Promise<Sample> => {
  const caseKey = makeCaseKey(platformRandomness);
  const author = makeIdentityKey(platformRandomness);
  const hash = (): EntryHash => present(entryHashOf(platformRandomness(32)));
  const header: Omit<Header, "author"> = {
    kind: "content",
    logKind: "case",
    logId: present(logIdOf(platformRandomness(16))),
    control: hash(),
    organisationHead: hash(),
    device: present(deviceIdOf(platformRandomness(16))),
    counter: 2,
    previous: hash(),
    parents: [hash()],
    nonce: platformRandomness(32),
    keyCommitment: undefined,
  };
  const sealing = { header, body: bodyOf(0), author, caseKey };
  const sealOne = async (one: Sealing): Promise<SealedEntry> => {
    const sealed = await seal(one, platformDeflate);
    if (!sealed.ok) throw new Error("The benchmark's own entry does not fit.");
    return sealed.value;
  };
  const chain = async (count: number): Promise<readonly SealedEntry[]> => {
    const entries: SealedEntry[] = [];
    for (let index = 0; index < count; index++) {
      const previous = entries.at(-1)?.hash ?? header.previous;
      const next = { ...header, counter: index + 2, previous, parents: [], nonce: platformRandomness(32) };
      entries.push(await sealOne({ ...sealing, header: next, body: bodyOf(index) }));
    }
    return entries;
  };
  return { caseKey, author, sealing, entry: await sealOne(sealing), chain };
};

/** Each body differs a little, so that nothing is the same work twice. */
const bodyOf = (index: number): Body => {
  const whole = `${index} ${sentence.repeat(8)}`;
  for (let length = 400; ; length++) {
    const body = { recordedAt, events: [{ type: "NoteWritten", version: 1, data: { text: whole.slice(0, length) } }] };
    if (contentOf(body).length >= bodyBytes) return body;
  }
};

export const contentOf = ({ recordedAt: at, events }: Body): Bytes =>
  encodeCbor([at, events.map(({ type, version, data }) => [type, version, data])]);
