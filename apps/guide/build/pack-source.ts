/**
 * Reads the pack for the build, through the part that checks and proves it, so that nothing
 * unchecked is published.
 */

import { type Language, languages } from "@amana/ui";
import type { CompiledPack } from "@amana/pathway";
import { compilePack, describeProblem, readPack } from "@amana/proof";
import type { PackTables, Row } from "../src/site/content.ts";

export type GuideSource = {
  readonly pack: CompiledPack;
  readonly tables: PackTables;
  readonly texts: Readonly<Record<Language, ReadonlyMap<string, string>>>;
};

export const readGuideSource = (folder: string): GuideSource => {
  const read = readPack(folder);
  if (!read.ok) throw new Error(`The pack cannot be read:\n${read.error.map(describeProblem).join("\n")}`);
  const { tables, texts } = read.value;
  return {
    pack: compilePack(read.value),
    tables: {
      pack: new Map(tables.pack.map(({ property, value }) => [property, value])),
      languages: tables.languages.map(rowOf),
      sources: tables.sources.map(rowOf),
      facts: tables.facts.map(rowOf),
      levels: tables.levels.map(rowOf),
      riskRules: tables["risk-rules"].map(rowOf),
      gates: tables.gates.map(rowOf),
      gateRules: tables["gate-rules"].map(rowOf),
      actions: tables.actions.map(rowOf),
      actionRules: tables["action-rules"].map(rowOf),
      tools: tables.tools.map(rowOf),
      toolSteps: tables["tool-steps"].map(rowOf),
      limitRules: tables["limit-rules"].map(rowOf),
      contacts: tables.contacts.map(rowOf),
      contactRules: tables["contact-rules"].map(rowOf),
      contradictions: tables.contradictions.map(rowOf),
      governorates: tables.governorates.map(rowOf),
      harms: tables.harms.map(rowOf),
      pages: tables.pages.map(rowOf),
    },
    // Exactly the languages are the keys.
    texts: Object.fromEntries<ReadonlyMap<string, string>>(
      languages.map((language) => [
        language,
        new Map([...(texts.get(language) ?? [])].map(([key, { text }]): [string, string] => [key, text])),
      ]),
    ) as Record<Language, ReadonlyMap<string, string>>,
  };
};

/** Pages show cells as they were written: several values with spaces between, nothing as "". */
const rowOf = (row: object): Row =>
  Object.fromEntries(Object.entries(row).map(([column, value]: [string, unknown]) => [column, cellOf(value)]));

const cellOf = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.map(cellOf).join(" ");
  return isTelephone(value) ? `${value.label === "" ? "" : `${value.label}=`}${value.number}` : "";
};

const isTelephone = (value: unknown): value is { readonly label: string; readonly number: string } =>
  typeof value === "object" && value !== null && "label" in value && "number" in value;
