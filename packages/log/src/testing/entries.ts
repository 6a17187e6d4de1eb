/**
 * Entries for tests of the log's shape: right in form, sealed by nobody. What is in them does not matter here.
 */

import { assert } from "@amana/kernel";
import {
  encodeHeader,
  emptyHistory,
  fromAscii,
  hashEntry,
  keyIdOf,
  logIdOf,
  deviceIdOf,
  nextLinks,
  review,
  sha256,
  addEntries,
  type Arrival,
  type Bytes,
  type DeviceId,
  type EntryHash,
  type Header,
  type History,
  type KeyId,
  type LogId,
  type SealedEntry,
  type Verdict,
} from "../index.ts";

const digestOf = (text: string): Bytes => sha256(fromAscii(text));

const must = <T>(value: T | undefined): T => {
  assert(value !== undefined, "A test's own id must be well formed.");
  return value;
};

export const logIdFor = (name: string): LogId => must(logIdOf(digestOf(`log ${name}`).slice(0, 16)));
export const keyIdFor = (name: string): KeyId => must(keyIdOf(digestOf(`key ${name}`)));
export const deviceIdFor = (name: string): DeviceId => must(deviceIdOf(digestOf(`device ${name}`).slice(0, 16)));
const organisationHead = must(keyIdOf(digestOf("organisation head")) as EntryHash | undefined);

export const caseLog = logIdFor("case");

/** Fills in what a test does not care about: the first entry of Nour's phone in a case. */
export const headerWith = (fields: Partial<Header>): Header => ({
  kind: "content",
  logKind: "case",
  logId: caseLog,
  control: undefined,
  organisationHead,
  author: keyIdFor("Nour"),
  device: deviceIdFor("Nour's phone"),
  counter: 1,
  previous: undefined,
  parents: [],
  nonce: digestOf("nonce"),
  keyCommitment: undefined,
  ...fields,
});

/** The first entry of a log, which begins its first epoch. */
export const firstHeader = (fields: Partial<Header> = {}): Header =>
  headerWith({ kind: "control", keyCommitment: digestOf("commitment"), ...fields });

/** `body` only makes bodies differ. */
export const entryOf = (header: Header, body = "body"): SealedEntry => {
  const headerBytes = encodeHeader(header);
  const ciphertext = new Uint8Array(272).fill(body.length);
  ciphertext.set(digestOf(body));
  const bodyDigest = sha256(ciphertext);
  const hash = hashEntry(headerBytes, bodyDigest);
  return { hash, header, headerBytes, bodyDigest, ciphertext, signature: new Uint8Array(64).fill(7) };
};

export const arrivalOf = (entry: SealedEntry, verdict: Verdict = "verified"): Arrival => ({
  received: { kind: "entry", entry },
  verdict,
});

export const historyOf = (...arrivals: readonly (SealedEntry | Arrival)[]): History =>
  addEntries(
    emptyHistory(caseLog, "case"),
    arrivals.map((each) => ("hash" in each ? arrivalOf(each) : each)),
  ).history;

/** One honest device: it knows what it was given and writes after it. */
export type Writer = {
  readonly known: () => History;
  readonly learn: (...entries: readonly SealedEntry[]) => void;
  readonly write: (fields?: Partial<Header>, body?: string) => SealedEntry;
};

export const writerOf = (person: string, device = `${person}'s phone`): Writer => {
  let history = emptyHistory(caseLog, "case");
  let last: EntryHash | undefined;
  const learn = (...entries: readonly SealedEntry[]): void => {
    history = addEntries(
      history,
      entries.map((entry) => arrivalOf(entry)),
    ).history;
  };
  return {
    known: () => history,
    learn,
    write: (fields = {}, body = "body") => {
      const links = nextLinks(history, review(history), last);
      const who = { author: keyIdFor(person), device: deviceIdFor(device) };
      const entry = entryOf(headerWith({ ...links, ...who, ...fields }), `${person} ${links.counter} ${body}`);
      learn(entry);
      last = entry.hash;
      return entry;
    },
  };
};

/** Begins a log: the writer's first control entry. */
export const begin = (writer: Writer): SealedEntry =>
  writer.write({ kind: "control", keyCommitment: digestOf("commitment") });
