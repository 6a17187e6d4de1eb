/**
 * Made the golden entries once. Vectors are never edited after a release: a new version of a format adds files of its own.
 * Run it only to add some; it refuses to write over one that is there.
 */

import { assert } from "@amana/kernel";
import {
  concat,
  encodeCbor,
  encodeEntry,
  encodeHeader,
  fromAscii,
  huskOf,
  label,
  headerHash,
  hashEntry,
  fromHex,
  scopeOfProposal,
  sha256,
  toHex,
  type Bytes,
  type Header,
  type SealedEntry,
} from "@amana/log";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aeadSeal } from "../hazmat/aead.ts";
import { deriveSecret } from "../hazmat/derive.ts";
import { commitTo, conceal, identityKeyFrom, platformDeflate, seal, type Body } from "../index.ts";
import { signFor } from "../identity.ts";
import { pack } from "../body.ts";
import { exampleEntry } from "./worked-example.ts";
import { must, tenOClock } from "./world.ts";

export type Golden = {
  readonly is: string;
  readonly entry: string;
  readonly caseKey: string;
  readonly author: string;
  readonly expect: "opens" | "Damaged" | "Erased" | "NotAnEntry" | "Newer" | "signature refused";
  readonly hash?: string;
  readonly body?: Body;
};

const folder = join(import.meta.dirname, "golden");
const keyBytes = sha256(fromAscii("worked example: case key"));
const caseKey = conceal("case-key", keyBytes);
const author = identityKeyFrom(conceal("identity-seed", sha256(fromAscii("worked example: identity seed"))));

const write = (name: string, golden: Omit<Golden, "caseKey" | "author">): void => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  if (existsSync(path)) return;
  const whole = { ...golden, caseKey: toHex(keyBytes), author: toHex(author.publicKey) };
  writeFileSync(path, `${JSON.stringify(whole, undefined, 2)}\n`);
};

const sealed = async (header: Header, body: Body): Promise<SealedEntry> => {
  const result = await seal({ header, body, author, caseKey }, platformDeflate);
  assert(result.ok, "A golden entry must fit.");
  return result.value;
};

/** Seals bytes that are no body of ours, rightly signed: what a hostile author can do. */
const sealedRaw = async (header: Header, plain: Bytes): Promise<SealedEntry> => {
  const headerBytes = encodeHeader(header);
  const bound = headerHash(headerBytes);
  const key = await deriveSecret("once", caseKey, header.nonce, concat(label("entry-key"), bound));
  const ciphertext = await aeadSeal(key, bound, plain);
  const bodyDigest = sha256(ciphertext);
  const hash = hashEntry(headerBytes, bodyDigest);
  const signature = await signFor("entry-signature", author.seed, must(fromHex(hash)));
  return { hash, header, headerBytes, bodyDigest, ciphertext, signature };
};

const makeAll = async (): Promise<void> => {
  const { entry, body } = await exampleEntry();
  const { header } = entry;
  const text = (length: number): Body => ({
    recordedAt: tenOClock,
    events: [{ type: "NoteWritten", version: 1, data: { text: "سڵاو ".repeat(length) } }],
  });
  const opens = (is: string, each: SealedEntry, of: Body) =>
    ({ is, entry: toHex(encodeEntry(each)), expect: "opens", hash: each.hash, body: of }) as const;
  write("entry-content", opens("a content entry with a short body", entry, body));
  const long = text(400);
  write("entry-deflated", opens("a content entry whose body is deflated", await sealed(header, long), long));
  const first = {
    ...header,
    kind: "control",
    control: undefined,
    previous: undefined,
    counter: 1,
    parents: [],
    keyCommitment: await commitTo(caseKey, header.logId),
  } as const;
  write("entry-first", opens("the first entry of a case, which begins an epoch", await sealed(first, body), body));
  const scope = { logId: header.logId, entries: [entry.hash] };
  const proposing = { ...header, kind: "control", destroys: scopeOfProposal(scope) } as const;
  const proposed = await sealed(proposing, body);
  write("entry-proposal", opens("a control entry that says what is to be destroyed", proposed, body));
  write("entry-husk", {
    is: "an entry whose body was erased",
    entry: toHex(encodeEntry(huskOf(entry))),
    expect: "Erased",
    hash: entry.hash,
  });
  const spoiled = { ...entry, signature: entry.signature.map((byte, at) => (at === 5 ? byte ^ 1 : byte)) };
  write("entry-signature-spoiled", {
    is: "an entry whose signature was changed",
    entry: toHex(encodeEntry(spoiled)),
    expect: "signature refused",
    hash: entry.hash,
  });
  const otherKey = conceal("case-key", sha256(fromAscii("another key")));
  const foreign = await seal({ header, body, author, caseKey: otherKey }, platformDeflate);
  assert(foreign.ok, "A golden entry must fit.");
  write("entry-other-key", {
    is: "an entry sealed under another key than its epoch's",
    entry: toHex(encodeEntry(foreign.value)),
    expect: "Damaged",
  });
  const unpadded = must(await pack(encodeCbor([tenOClock, [["A", 1, null]]]), platformDeflate)).slice();
  unpadded[255] = 1;
  write("entry-padding-not-zero", {
    is: "a signed entry whose padding is not zeros",
    entry: toHex(encodeEntry(await sealedRaw(header, unpadded))),
    expect: "Damaged",
  });
  const noEvents = must(await pack(encodeCbor([tenOClock, []]), platformDeflate));
  write("entry-no-events", {
    is: "a signed entry without events",
    entry: toHex(encodeEntry(await sealedRaw(header, noEvents))),
    expect: "Damaged",
  });
  const bomb = await platformDeflate.deflate(new Uint8Array(1_000_000));
  assert(bomb.length + 4 <= 1024, "The bomb must fit its frame.");
  const framed = new Uint8Array(1024);
  framed.set([1, 0, bomb.length >> 8, bomb.length & 255]);
  framed.set(bomb, 4);
  write("entry-bomb", {
    is: "a signed entry that inflates to a million bytes",
    entry: toHex(encodeEntry(await sealedRaw(header, framed))),
    expect: "Damaged",
  });
  const loose = concat(new Uint8Array([0x98, 3]), encodeEntry(entry).slice(1));
  write("entry-not-canonical", {
    is: "an entry in a longer form of the same CBOR",
    entry: toHex(loose),
    expect: "NotAnEntry",
  });
  const newer = encodeCbor([encodeCbor([2, 1, "of the future"]), new Uint8Array(16), new Uint8Array(64)]);
  write("entry-newer-version", { is: "an entry of version 2", entry: toHex(newer), expect: "Newer" });
  const suite = encodeCbor([encodeCbor([1, 2, 0]), new Uint8Array(16), new Uint8Array(64)]);
  write("entry-newer-suite", { is: "an entry of suite 2", entry: toHex(suite), expect: "Newer" });
};

if (import.meta.main) await makeAll();
