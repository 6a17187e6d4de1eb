/** The worked example of docs/formats/device-store.md: one draft and one row of the index, byte by byte. */

import { encodeEvent } from "@amana/casefile";
import { assert, parseInstant } from "@amana/kernel";
import { encodeCbor, entryHashOf, fromAscii, idBytes, logIdOf, sha256, toHex, type Bytes } from "@amana/log";
import { conceal, sealBox, platformDeflate, type PersonId } from "@amana/vault";
import type { CaseRow } from "../case/case-row.ts";
import { foldVersion } from "../case/caseload.ts";
import { rowsToText } from "../case/row-text.ts";
import { draftContent, type Draft } from "../case/draft.ts";
import { draftName, indexBucketOf, indexName } from "../logs/names.ts";
import { seededRandomness } from "./randomness.ts";

const must = <T>(value: T | undefined): T => {
  assert(value !== undefined, "The worked example lacks something.");
  return value;
};

const digestOf = (text: string): Bytes => sha256(fromAscii(text));
const moment = parseInstant("2026-11-21T10:00:00Z");
assert(moment.ok, "The worked example's moment must be well formed.");
const recordedAt = moment.value;
const logId = must(logIdOf(digestOf("log").slice(0, 16)));

const draft: Draft = {
  logId,
  number: 1,
  name: must(entryHashOf(digestOf("draft"))),
  recordedAt,
  heads: [must(entryHashOf(digestOf("head")))],
  events: [encodeEvent({ type: "RiskRaised", level: "high", because: "دەترسێت." })],
};

const person = toHex(digestOf("person").slice(0, 16)) as PersonId;

const row: CaseRow = {
  logId,
  stage: "open",
  codes: ["KRI-2026-0043"],
  level: "high",
  age: "adult",
  responsible: [person],
  openers: [person],
  due: [
    { kind: "limits-to-tell", about: "case", recipients: [], dueAt: undefined },
    { kind: "referral-unanswered", about: "referral-1", recipients: ["the-clinic"], dueAt: recordedAt },
  ],
  dueUntil: undefined,
  searchKeys: "id:kri20260043\nname:هالە",
  lastRecordedAt: recordedAt,
  unsent: 1,
  marks: 0,
  isBehind: false,
  isContradicted: false,
  waitsForOrganisation: false,
  madeUnder: "",
};

const ports = { randomness: seededRandomness("worked example"), deflate: platformDeflate };

export const deviceStoreExample = async (): Promise<string> => {
  const storageKey = conceal("device-storage", digestOf("storage key"));
  const ownDevicesKey = conceal("own-devices", digestOf("own-devices key"));
  const content = draftContent(draft);
  const draftBox = await sealBox("draft", storageKey, { context: [idBytes(logId)], content }, ports);
  const text = rowsToText([row]);
  const bucket = indexBucketOf(logId);
  const opened = { context: [foldVersion, bucket, 0, 1], content: new TextEncoder().encode(text) };
  const indexBox = await sealBox("index", ownDevicesKey, opened, ports);
  return lines([
    ["name", draftName(logId, draft.number)],
    ["storage key", toHex(digestOf("storage key"))],
    ["draft", toHex(encodeCbor(content))],
    ["box", toHex(must(draftBox))],
    ["name", indexName(bucket, 0)],
    ["own-devices", toHex(digestOf("own-devices key"))],
    ["text", text],
    ["SHA-256 of box", toHex(sha256(must(indexBox)))],
  ]);
};

const columns = 112;

const lines = (rows: readonly (readonly [string, string])[]): string =>
  rows
    .flatMap(([name, value]) => {
      const parts = value.match(new RegExp(`.{1,${columns}}`, "gsu")) ?? [""];
      return parts.map((part, index) => `${(index === 0 ? name : "").padEnd(16)}${part}`.trimEnd());
    })
    .join("\n");

if (import.meta.main) process.stdout.write(`${await deviceStoreExample()}\n`);
