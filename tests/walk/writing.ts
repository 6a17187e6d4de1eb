/** The first half of the walk: from the command to the sealed entry. Each function makes one block of the page. */

import { encodeEvent, type CaseEvent } from "@amana/casefile";
import { assert } from "@amana/kernel";
import {
  concat,
  decodeCbor,
  encodeCbor,
  encodeEntry,
  equalBytes,
  headerHash,
  idBytes,
  isCborArray,
  label,
  labelText,
  sha256,
  toHex,
  type Bytes,
} from "@amana/log";
import { encodeBody, exposeSecret, open, openBox, platformDeflate, type Body, type CaseKey } from "@amana/vault";
import { hkdf } from "../../packages/vault/src/hazmat/derive.ts";
import { sign } from "../../packages/vault/src/hazmat/ed25519.ts";
import { must } from "../../packages/vault/src/testing/world.ts";
import { cborRows, rows, shortened, wholeCborRows, type Row } from "./layout.ts";
import { command, type Story } from "./story.ts";

export const commandBlock = (): string => JSON.stringify(command, undefined, 2);

export const askedBlock = ({ asked }: Story): string => rows(asked);

export const eventBlock = (): string => {
  const event: CaseEvent = { ...command, type: "NoteWritten" };
  return JSON.stringify(encodeEvent(event), undefined, 2);
};

const draftNames = {
  "": "version, number, name, recorded at, heads, events",
  "2": "its name until it is sealed",
  "3": "when it was written, in milliseconds since 1970",
  "4": "what Rojin had seen last",
  "5.0": "type, schema version, data",
};

export const draftBlock = async ({ draft: [name, box], rojin }: Story): Promise<string> => {
  const opened = await openBox("draft", rojin.storageKey, box, platformDeflate);
  assert(opened.ok, "The draft opens under the storage key of its device.");
  const boxNames = {
    "": "version, suite, label, context, nonce, ciphertext",
    "2": labelText("draft"),
    "3.0": "the log",
    "4": "nonce",
    "5": "ciphertext: 256 of padded content, 16 of tag",
  };
  return [
    `name in the store   ${name}`,
    "",
    "the box, as it lies in the store",
    rows(cborRows(box, boxNames)),
    "",
    "what is in it, with the storage key",
    rows(wholeCborRows(encodeCbor(opened.value.content), draftNames)),
  ].join("\n");
};

/** The case key of the epoch that the story's entries belong to. */
export const caseKeyOf = ({ rojin, log }: Story): CaseKey => {
  const begun = must(log[0]?.header.keyCommitment);
  return must(rojin.caseKeys.get(toHex(begun)));
};

export const bodyOf = async (story: Story): Promise<Body> => {
  const opened = await open(story.entry, caseKeyOf(story), platformDeflate);
  assert(opened.ok, "The entry of the story opens under its case key.");
  return opened.value;
};

const contentOf = ({ recordedAt, events }: Body): Bytes =>
  encodeCbor([recordedAt, events.map(({ type, version, data }) => [type, version, data])]);

export const contentBlock = async (story: Story): Promise<string> => {
  const content = contentOf(await bodyOf(story));
  const names = {
    "": "recorded at, events",
    "0": "when it was written",
    "1": "the events of one command",
    "1.0": "type, schema version, data",
  };
  return [rows(wholeCborRows(content, names)), "", `${content.length} bytes in all`].join("\n");
};

export const plainBlock = async (story: Story): Promise<string> => {
  const body = await bodyOf(story);
  const plain = must(await encodeBody(body, platformDeflate));
  const { length } = contentOf(body);
  const [method, size, payload, zeros] = [
    plain.slice(0, 1),
    plain.slice(1, 4),
    plain.slice(4, 4 + length),
    plain.slice(4 + length),
  ];
  assert(
    zeros.every((byte) => byte === 0),
    "What pads is zeros.",
  );
  return rows([
    ["method", `${toHex(method)}   the content as it is: it has no more than 512 bytes`],
    ["length", `${toHex(size)}   ${length} bytes of content`],
    ["payload", toHex(payload)],
    ["zeros", `${zeros.length} bytes of 00`],
    ["in all", `${plain.length} bytes`],
  ]);
};

/** The same words again and again: what deflating and padding make of longer notes. */
export const lengthsBlock = async (story: Story): Promise<string> => {
  const { recordedAt } = await bodyOf(story);
  const found: Row[] = [["the note said", "content → payload → padded"]];
  for (const times of [1, 4, 8, 16, 64, 200]) {
    const data = { ...command, text: Array.from({ length: times }, () => command.text).join(" ") };
    const { type: _, ...rest } = data;
    const body: Body = { recordedAt, events: [{ type: "NoteWritten", version: 1, data: rest }] };
    const plain = must(await encodeBody(body, platformDeflate));
    const payload = must(plain[1]) * 0x1_0000 + must(plain[2]) * 0x100 + must(plain[3]);
    const method = plain[0] === 1 ? "deflated" : "as it is";
    found.push([`${times} times`, `${contentOf(body).length} → ${payload} ${method} → ${plain.length} bytes`]);
  }
  return rows(found);
};

const placeIn = ({ log }: Story, hash: string | undefined): string => {
  const at = log.findIndex((entry) => entry.hash === hash);
  return at < 0 ? "" : `entry ${at + 1} of this log`;
};

export const headerBlock = (story: Story): string => {
  const { entry, rojin } = story;
  const decoded = decodeCbor(entry.headerBytes);
  assert(decoded.ok && isCborArray(decoded.value), "A header is an array.");
  const fields = decoded.value;
  const { header } = entry;
  assert(header.author === rojin.own.identityKey.keyId, "Rojin wrote the note.");
  const says: readonly Row[] = [
    ["version", "1"],
    ["suite", "1"],
    ["kind", "content"],
    ["log kind", "a case"],
    ["log id", "random, made when the case was opened"],
    ["control", `${placeIn(story, header.control)}, which says who can read`],
    ["organisation head", "the last entry of the organisation that Rojin's device had accepted"],
    ["author", "the key id of Rojin's identity key"],
    ["device", "Rojin's telephone, a random id"],
    ["counter", `her entry number ${header.counter} from this device in this log`],
    ["previous", `${placeIn(story, header.previous)}, her own entry before this one`],
    ["parents", `${header.parents.map((parent) => placeIn(story, parent)).join(", ")}, by Nour`],
    ["nonce", "32 random bytes, for this entry alone"],
    ["key commitment", "none: this entry begins no epoch"],
  ];
  assert(fields.length === says.length, "The walk names every field of a header.");
  const lines = fields.map((field, at): Row => {
    const bytes = encodeCbor(field);
    const [name, meaning] = must(says[at]);
    return [`${String(at).padStart(2)} ${name}`, `${toHex(bytes)}\n${" ".repeat(22)}${meaning}`];
  });
  const start = entry.headerBytes.slice(0, 1);
  assert(equalBytes(concat(start, ...fields.map(encodeCbor)), entry.headerBytes), "All bytes of the header are shown.");
  const opening: Row = ["   array of 14", toHex(start)];
  return [rows([opening, ...lines]), "", `${entry.headerBytes.length} bytes in all`].join("\n");
};

export const sealBlock = async (story: Story): Promise<string> => {
  const { entry, rojin } = story;
  const bound = headerHash(entry.headerBytes);
  assert(
    equalBytes(bound, sha256(concat(label("header-hash"), entry.headerBytes))),
    "The header hash is as this page says.",
  );
  const info = concat(label("entry-key"), bound);
  const entryKey = await hkdf(exposeSecret(caseKeyOf(story)), entry.header.nonce, info, 32);
  const ciphertext = must(entry.ciphertext);
  const name = sha256(concat(label("entry-hash"), entry.headerBytes, entry.bodyDigest));
  assert(
    toHex(name) === entry.hash && equalBytes(sha256(ciphertext), entry.bodyDigest),
    "The hash is as this page says.",
  );
  const signed = concat(label("entry-signature"), idBytes(entry.hash));
  const signature = await sign(rojin.own.identityKey.seed, signed);
  assert(equalBytes(signature, entry.signature), "The signature is as this page says.");
  return [
    rows([
      ["case key", toHex(exposeSecret(caseKeyOf(story)))],
      ["label", toHex(label("header-hash"))],
      ["", `“${labelText("header-hash")}” and a zero byte`],
      ["header hash", toHex(bound)],
      ["label", toHex(label("entry-key"))],
      ["", `“${labelText("entry-key")}” and a zero byte`],
      ["entry key", toHex(entryKey)],
    ]),
    "",
    rows([
      ["ciphertext", toHex(ciphertext.slice(0, -16))],
      ["tag", toHex(ciphertext.slice(-16))],
    ]),
    "",
    rows([
      ["body digest", toHex(entry.bodyDigest)],
      ["label", `“${labelText("entry-hash")}” and a zero byte`],
      ["hash", entry.hash],
      ["label", `“${labelText("entry-signature")}” and a zero byte`],
      ["signature", toHex(entry.signature)],
    ]),
  ].join("\n");
};

export const entryBlock = ({ entry }: Story): string => {
  const whole = encodeEntry(entry);
  return [
    rows(cborRows(whole, { "": "header, ciphertext, signature", "0": "header", "1": "ciphertext", "2": "signature" })),
    "",
    `the entry: ${shortened(whole)}`,
  ].join("\n");
};

export const outboxBlock = ({ draft, sealed: { names, outbox }, namesAfter, entry }: Story): string => {
  const [, box] = outbox;
  assert(!names.includes(draft[0]), "A draft that was sealed is not in the store.");
  assert(toHex(box).includes(toHex(encodeEntry(entry))), "What waits to be sent is what was sent in the end.");
  const all = [...new Set([...names, ...namesAfter])].sort();
  const says = (name: string): string => {
    const isBefore = names.includes(name);
    const isAfter = namesAfter.includes(name);
    return isBefore && isAfter
      ? "from then on"
      : isBefore
        ? "from then until the server has it"
        : "once the server has it";
  };
  return [
    rows([[draft[0], "until the note is sealed"], ...all.map((name): Row => [name, says(name)])]),
    "",
    "what waits in the outbox",
    rows(cborRows(box, { "": "log, entry", "0": "log id", "1": "the sealed entry" })),
  ].join("\n");
};
