/**
 * The worked example of docs/formats/wire.md, made from fixed bytes. Run it to print it; a test compares the page with
 * what it makes.
 */

import { assert } from "@amana/kernel";
import { encodeEntry, hashBytes, toHex, type Bytes } from "@amana/log";
import { digestOfNone, encodeRefusal, nextDigest, wire } from "../index.ts";
import { encodeRun } from "../run.ts";
import { bytesOfAll, chainOf, logIdFor } from "./entries.ts";

const logId = logIdFor("worked example");
const entries = chainOf(2, { logId });
const [first, second] = entries;

const columns = 96;

/** Long bytes go on under themselves. */
const wrapped = (start: string, text: string): string => {
  const pieces = text.length <= columns ? [text] : (text.match(new RegExp(`.{1,${columns}}`, "g")) ?? []);
  return pieces.map((piece, index) => (index === 0 ? start : " ".repeat(start.length)) + piece).join("\n");
};

const lines = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => wrapped(`${name.padEnd(width)}  `, text)).join("\n");
};

const shortened = (bytes: Bytes): string => `${toHex(bytes.subarray(0, 24))}… (${bytes.length} bytes)`;

/** The lengths of the fields of the two items, as §3 lays them out. */
const itemFields = [
  ["first item: flags", 1],
  ["  modes", 1],
  ["  writer", 1],
  ["  author", hashBytes],
  ["  device", 16],
  ["  control", hashBytes],
  ["  organisation head", hashBytes],
  ["  nonce", hashBytes],
  ["  length of ciphertext", 3],
  ["  ciphertext", 272],
  ["  signature", 64],
  ["second item: flags", 1],
  ["  modes", 1],
  ["  writer", 1],
  ["  nonce", hashBytes],
  ["  length of ciphertext", 3],
  ["  ciphertext", 272],
  ["  signature", 64],
] as const;

const runRows = (run: Bytes): readonly (readonly [string, string])[] => {
  let at = 0;
  const rows = itemFields.map(([name, length]) => {
    const bytes = run.subarray(at, (at += length));
    return [name, length > hashBytes ? shortened(bytes) : toHex(bytes)] as const;
  });
  assert(at === run.length, "The fields of the example must be all of its run.");
  return rows;
};

export const wireExample = (): string => {
  assert(first !== undefined && second !== undefined, "The example has two entries.");
  const whole = bytesOfAll(entries);
  const run = encodeRun(logId, whole);
  const request = wire.push.encodeRequest({ logs: [{ logId, entries: whole }] });
  const response = wire.push.encodeResponse({ logs: [{ logId, results: ["stored", "known"] }] });
  const afterFirst = nextDigest(digestOfNone(), first.hash);
  return lines([
    ["log id", logId],
    ["first entry", shortened(encodeEntry(first))],
    ["  hash", first.hash],
    ["second entry", shortened(encodeEntry(second))],
    ["  hash", second.hash],
    ...runRows(run),
    ["run", `${run.length} bytes for ${whole.reduce((sum, { length }) => sum + length, 0)} of entries`],
    ["request", shortened(request)],
    ["answer", toHex(response)],
    ["digest(1)", toHex(afterFirst)],
    ["digest(2)", toHex(nextDigest(afterFirst, second.hash))],
    ["refusal", toHex(encodeRefusal({ code: "TooManyRequests", afterSeconds: 30 }))],
  ]);
};

if (import.meta.main) process.stdout.write(`${wireExample()}\n`);
