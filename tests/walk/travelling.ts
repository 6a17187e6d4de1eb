/** The second half of the walk: over the wire, at the server, and on another device back to what is true of the case. */

import { parseEvent } from "@amana/casefile";
import { assert } from "@amana/kernel";
import {
  concat,
  encodeEntry,
  encodeHeader,
  equalBytes,
  fromAscii,
  hashEntry,
  idBytes,
  parseEntry,
  toHex,
  type Bytes,
  type SealedEntry,
} from "@amana/log";
import { encodeRun, nextDigest, wire } from "@amana/sync";
import {
  commitTo,
  conceal,
  enrolIdentityPublic,
  exposeSecret,
  open,
  platformDeflate,
  verifyEntry,
  type SealedEvent,
} from "@amana/vault";
import { must } from "../../packages/vault/src/testing/world.ts";
import { mustOk } from "../device/handset.ts";
import { deviceOf } from "../device/office.ts";
import { cborRows, rows, shortened, wholeCborRows, type Row } from "./layout.ts";
import { command, type Story } from "./story.ts";
import { bodyOf, caseKeyOf } from "./writing.ts";

/** The fields of a compact item that gives everything, as docs/formats/wire.md lays them out. */
const itemFields = (ciphertextBytes: number, parents: number): readonly (readonly [string, number, string])[] => [
  ["flags", 1, "bits 10100100: compact, content, of a case, with parents"],
  ["modes", 1, "bits 01 01 01 00: control, organisation head and previous are given"],
  ["writer", 1, "the first of this run"],
  ["author", 32, "header field 7"],
  ["device", 16, "header field 8"],
  ["control", 32, "header field 5"],
  ["organisation head", 32, "header field 6"],
  ["previous", 32, "header field 10"],
  ["counter", 4, "header field 9"],
  ["parents", 1, "how many"],
  ...Array.from({ length: parents }, () => ["  parent", 33, "ff: given; header field 11"] as const),
  ["nonce", 32, "header field 12"],
  ["length", 3, "of the ciphertext"],
  ["ciphertext", ciphertextBytes, ""],
  ["signature", 64, ""],
];

export const runBlock = ({ entry, logId, pushed }: Story): string => {
  const run = encodeRun(logId, [encodeEntry(entry)]);
  const fields = itemFields(must(entry.ciphertext).length, entry.header.parents.length);
  let at = 0;
  const items = fields.map(([name, length, meaning]): Row => {
    const bytes = run.slice(at, (at += length));
    const digits = bytes.length > 36 ? shortened(bytes) : toHex(bytes);
    return [name, meaning === "" ? digits : `${digits}   ${meaning}`];
  });
  assert(at === run.length, "The fields of the walk are all of the run.");
  const request = wire.push.encodeRequest({ logs: [{ logId, entries: [encodeEntry(entry)] }] });
  assert(equalBytes(request, pushed), "What the device pushed is the note and nothing else.");
  const names = { "": "the fields of push", "0": "its logs", "0.0": "log, run", "0.0.0": "log id", "0.0.1": "run" };
  return [
    "the run",
    rows(items),
    `${run.length} bytes, for ${encodeEntry(entry).length} of the entry`,
    "",
    "POST /api/push, with the token of Rojin's sign-in; its body",
    rows(cborRows(request, names)),
  ].join("\n");
};

const holds = (haystack: Bytes, needle: Bytes): boolean => toHex(haystack).includes(toHex(needle));

export const serverBlock = (story: Story): string => {
  const { server, logId, entry, pushAnswer } = story;
  const stored = must(server.state.logs.get(logId));
  const before = must(stored.digests.at(-2));
  const digest = must(stored.digests.at(-1));
  assert(equalBytes(digest, nextDigest(before, entry.hash)), "The digest is as this page says.");
  const sought: readonly Row[] = [
    ["the note", soughtIn(server.heard, new TextEncoder().encode(command.text))],
    ["one word of it", soughtIn(server.heard, new TextEncoder().encode("دەیەوێت"))],
    ["the name of the event", soughtIn(server.heard, fromAscii("NoteWritten"))],
    ["the code of the case", soughtIn(server.heard, fromAscii("KRI-2026-0007"))],
    ["the case key", soughtIn(server.heard, exposeSecret(caseKeyOf(story)))],
    ["the hash of the entry before", soughtIn(server.heard, idBytes(must(entry.header.previous)))],
  ];
  return [
    rows([
      ["log", logId],
      ["position", String(stored.entries.length)],
      ["hash", entry.hash],
      ["entry", shortened(must(stored.entries.at(-1)).bytes)],
      ["digest", toHex(digest)],
    ]),
    "",
    "its answer",
    rows(wholeCborRows(pushAnswer, { "0": "logs", "0.0": "log, one byte for each entry", "0.0.1": "00, stored" })),
    "",
    "searched in every request that this server was ever sent",
    rows(sought),
  ].join("\n");
};

/** Found by reading all that was sent, tokens included. */
const soughtIn = (heard: readonly Bytes[], needle: Bytes): string => {
  return heard.some((each) => holds(each, new Uint8Array(needle))) ? "found" : "in none";
};

export const openedBlock = async (story: Story): Promise<string> => {
  const { entry, log, nour, rojin, logId } = story;
  const author = must(enrolIdentityPublic(rojin.own.identityKey.publicKey));
  const commitment = must(must(log[0]).header.keyCommitment);
  const key = must(nour.caseKeys.get(toHex(commitment)));
  const body = await open(entry, key, platformDeflate);
  assert(body.ok, "Nour's device opens the note.");
  assert(equalBytes(await commitTo(key, logId), commitment), "Nour's key is the one the epoch commits to.");
  const view = await mustOk(deviceOf(nour.member).viewCase(logId));
  const place = (hash: string | undefined): string => `entry ${log.findIndex((each) => each.hash === hash) + 1}`;
  const item = must(view.state.notes.saidById.get(command.note)?.at(-1));
  return rows([
    ["parsed", `an entry of log kind ${entry.header.logKind}, hash ${entry.hash.slice(0, 16)}…`],
    ["author", `${author.keyId.slice(0, 16)}…, enrolled as ${rojin.member.id.slice(0, 16)}…: Rojin`],
    ["signature", (await verifyEntry(entry, author)) ? "verifies" : "refused"],
    ["placed after", [entry.header.control, entry.header.previous, ...entry.header.parents].map(place).join(", ")],
    ["epoch", `begun by ${place(entry.header.control)}, key commitment ${toHex(commitment).slice(0, 16)}…`],
    ["openers", `${view.openers.length} people, Rojin among them: ${String(view.openers.includes(rojin.member.id))}`],
    ["case key", `${toHex(exposeSecret(key)).slice(0, 16)}…, unwrapped by Nour's receiving key`],
    [
      "opened",
      `${body.value.events.map(({ type, version }) => `${type} ${version}`).join(", ")}, recorded at ${body.value.recordedAt}`,
    ],
    ["same as written", String(JSON.stringify(body.value) === JSON.stringify(await bodyOf(story)))],
    [
      "folded",
      `the note “${command.note}” has ${view.state.notes.saidById.get(command.note)?.length ?? 0} version, by ${item.mark.author === rojin.member.id ? "Rojin" : "somebody else"}`,
    ],
  ]);
};

export const stateBlock = async ({ nour, rojin, logId }: Story): Promise<string> => {
  const view = await mustOk(deviceOf(nour.member).viewCase(logId));
  const atRojin = await mustOk(deviceOf(rojin.member).viewCase(logId));
  const said = must(view.state.notes.saidById.get(command.note));
  assert(
    JSON.stringify(said) === JSON.stringify(atRojin.state.notes.saidById.get(command.note)),
    "Both read the same.",
  );
  return JSON.stringify(said, undefined, 2);
};

const flip = (bytes: Bytes, at: number): Bytes => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

/** What a reader says of an entry, and no more. */
const saidOf = async (bytes: Bytes, story: Story, caseKey = caseKeyOf(story)): Promise<string> => {
  const parsed = parseEntry(bytes);
  if (!parsed.ok) return parsed.error.type;
  if (parsed.value.kind === "newer") return "Newer";
  const { entry } = parsed.value;
  const isSame = entry.hash === story.entry.hash ? "same hash" : "another hash";
  if (!(await verifyEntry(entry, must(enrolIdentityPublic(story.rojin.own.identityKey.publicKey)))))
    return `${isSame}, the signature does not verify`;
  const opened = await open(entry, caseKey, platformDeflate);
  return opened.ok ? "opens" : `${isSame}, ${opened.error.type}`;
};

const withHeader = (entry: SealedEntry, fields: Partial<SealedEntry["header"]>): SealedEntry => {
  const header = { ...entry.header, ...fields };
  const headerBytes = encodeHeader(header);
  return { ...entry, header, headerBytes, hash: hashEntry(headerBytes, entry.bodyDigest) };
};

const eventSaid = ({ type, version, data }: SealedEvent): string => {
  const parsed = parseEvent([type, version, data]);
  return parsed.ok ? "understood" : parsed.error.type;
};

export const refusedBlock = async (story: Story): Promise<string> => {
  const { entry, log, rami, logId } = story;
  const whole = encodeEntry(entry);
  const ciphertext = must(entry.ciphertext);
  const event = must((await bodyOf(story)).events[0]);
  const atRami = await deviceOf(rami).viewCase(logId);
  const changed = (fields: Partial<SealedEntry>): Bytes => encodeEntry({ ...entry, ...fields });
  const ofFuture = entry.headerBytes.map((byte, at) => (at === 1 ? 2 : byte));
  return rows([
    ["as it came", await saidOf(whole, story)],
    ["a byte more at the end", await saidOf(concat(whole, Uint8Array.of(0)), story)],
    ["a byte less", await saidOf(whole.slice(0, -1), story)],
    [
      "a ciphertext of a length that padding never has",
      await saidOf(changed({ ciphertext: ciphertext.slice(1) }), story),
    ],
    ["version 2", await saidOf(changed({ headerBytes: ofFuture }), story)],
    ["one bit of the signature turned", await saidOf(changed({ signature: flip(entry.signature, 5) }), story)],
    ["one bit of the ciphertext turned", await saidOf(changed({ ciphertext: flip(ciphertext, 40) }), story)],
    [
      "another nonce in the header",
      await saidOf(encodeEntry(withHeader(entry, { nonce: flip(entry.header.nonce, 0) })), story),
    ],
    ["another place: no parents", await saidOf(encodeEntry(withHeader(entry, { parents: [] })), story)],
    [
      "Nour's name in the place of Rojin's",
      await saidOf(encodeEntry(withHeader(entry, { author: story.nour.own.identityKey.keyId })), story),
    ],
    ["opened with a key of another epoch", await saidOf(whole, story, conceal("case-key", new Uint8Array(32)))],
    [
      "the body of the entry before it in its place",
      await saidOf(changed({ ciphertext: must(log.at(-2)).ciphertext }), story),
    ],
    ["an event of schema version 2", eventSaid({ ...event, version: 2 })],
    ["a type that is not on the list", eventSaid({ ...event, type: "NotePainted" })],
    ["a field without a place", eventSaid({ ...event, data: { ...(event.data as object), colour: "red" } })],
    ["Rami, a colleague who is no reader, asks his device", atRami.ok ? "opens" : atRami.error.type],
  ]);
};
