/**
 * The tables of a pack, as `docs/formats/pack.md`, section 1, describes them: their columns, and what
 * each cell may hold. References between tables are checked in `references.ts`.
 */

import * as v from "valibot";
import {
  anyId,
  anyText,
  count,
  idList,
  numbers,
  oneOf,
  optionalDay,
  optionalHours,
  optionalId,
  optionalUrl,
  someIds,
  someText,
} from "./cells.ts";
import type { Place } from "./problem.ts";

const actor = oneOf(["survivor", "responder", "provider"]);
const handles = oneOf(["none", "fingerprint", "capture", "copy", "upload", "forward"]);
const urgency = oneOf(["now", "24h", "48h", "standard", "follows", "follows-now"]);
const act = oneOf([
  ...(["none", "digital", "removal", "platform-report"] as const),
  ...(["evidence", "law-report", "guardian-consent", "emergency"] as const),
]);
const property = oneOf(["id", "version", "format", "name", "neutral-site", "extends"]);
const releasedKind = oneOf([
  ...(["fact", "value", "level", "gate", "action", "tool", "contact"] as const),
  ...(["harm", "governorate", "rule", "limit"] as const),
]);

/** One schema for each table; the order of the columns in a file does not matter. */
export const tableSchemas = {
  pack: v.object({ property, value: someText }),
  languages: v.object({
    id: anyId,
    tag: someText,
    direction: oneOf(["ltr", "rtl"]),
    name: someText,
    review: oneOf(["reviewed", "awaiting-native-review"]),
  }),
  sources: v.object({ id: anyId, title: someText, publisher: anyText, year: anyText, url: optionalUrl }),
  facts: v.object({
    id: anyId,
    group: anyId,
    kind: oneOf(["yes-no", "one", "list"]),
    values: idList,
    "risk-order": idList,
    "ask-when": anyText,
    source: someIds,
  }),
  contradictions: v.object({ id: anyId, when: someText, fact: anyId, "treat-as": optionalId, source: someIds }),
  definitions: v.object({ id: anyId, when: someText, source: someIds }),
  levels: v.object({ id: oneOf(["high", "medium", "normal"]), hours: optionalHours, source: someIds }),
  "risk-rules": v.object({ id: anyId, level: anyId, when: someText, source: someIds }),
  gates: v.object({ id: anyId, "not-applicable": anyText, source: someIds }),
  "gate-rules": v.object({ id: anyId, gate: anyId, requires: someText, source: someIds }),
  actions: v.object({
    id: anyId,
    area: oneOf(["case", "mhpss", "safety", "digital", "law"]),
    actor,
    handles,
    gate: optionalId,
    act,
    source: someIds,
  }),
  "action-rules": v.object({ id: anyId, action: anyId, urgency, when: someText, source: someIds }),
  tools: v.object({
    id: anyId,
    kind: oneOf(["fingerprint", "partner", "platform"]),
    offered: someText,
    gate: anyId,
    "open-if": anyText,
    url: optionalUrl,
    address: anyText,
    telephone: anyText,
    "verified-on": optionalDay,
    source: someIds,
  }),
  "tool-steps": v.object({
    tool: anyId,
    step: count,
    actor,
    handles,
    gate: optionalId,
    when: anyText,
    source: someIds,
  }),
  "limit-rules": v.object({ id: anyId, target: someText, limit: anyId, when: someText, source: someIds }),
  contacts: v.object({
    id: anyId,
    region: anyId,
    governorates: idList,
    "emergency-in": idList,
    numbers,
    "purpose-from": oneOf(["guide", "ours"]),
    "verified-on": optionalDay,
    source: someIds,
  }),
  "contact-rules": v.object({ id: anyId, contact: anyId, weight: count, when: someText, source: someIds }),
  governorates: v.object({ id: anyId, pcode: anyText, region: anyId, emergency: someText }),
  harms: v.object({ id: anyId, group: anyId, signs: count, source: someIds, cites: someText }),
  pages: v.object({ page: anyId, block: anyId, kind: anyId, key: someText, source: someIds }),
  released: v.object({ kind: releasedKind, id: someText, version: someText }),
} as const;

export type TableName = keyof typeof tableSchemas;

// The keys of an object literal that nothing adds to are its table names.
export const tableNames = Object.keys(tableSchemas) as readonly TableName[];

/** One row with the place it was read from. */
export type Row<Name extends TableName> = v.InferOutput<(typeof tableSchemas)[Name]> & Place;

export type Tables = { readonly [Name in TableName]: readonly Row<Name>[] };

/** The file of a table, below the pack's folder. */
export const fileOfTable = (name: TableName): string => (name === "released" ? "released/ids.csv" : `${name}.csv`);

/** Tables that a pack may be without. */
export const optionalTables: ReadonlySet<TableName> = new Set([
  "contradictions",
  "tool-steps",
  "limit-rules",
  "contact-rules",
  "pages",
  "released",
]);

/** What names a row: the columns that together are its id. */
export const keyColumns = (name: TableName): readonly string[] => {
  switch (name) {
    case "pack":
      return ["property"];
    case "tool-steps":
      return ["tool", "step"];
    case "pages":
      return ["page", "block"];
    case "released":
      return ["kind", "id"];
    default:
      return ["id"];
  }
};
