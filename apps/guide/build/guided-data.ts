/**
 * What the guided questions load, in two files for each language and each of the two pages: first
 * what is asked and shown, then the longer texts that stand behind a press.
 */

import type { CompiledPack } from "@amana/pathway";
import { dateInWords } from "@amana/ui";
import { type FirstFile, type MoreFile, packTexts } from "../src/guided/guided-data.ts";
import { type Content, cell, cells, textFor } from "../src/site/content.ts";
import { fill } from "../src/site/page-context.ts";

export type GuidedData = { readonly first: FirstFile; readonly more: MoreFile };

export const guidedDataOf = (content: Content, pack: CompiledPack, asking: "self" | "other"): GuidedData => ({
  // [Note: What stands beside what] In gzip a repetition costs little while the other one is near. The names of texts are made of the
  // names of actions and questions, so these end the pack, and the texts come last.
  first: {
    pack: withNamesLast(pack),
    groups: groupsOf(content),
    addresses: addressesOf(content),
    texts: packTexts(firstTexts(content, asking)),
  },
  more: packTexts(moreTexts(content, asking)),
});

const withNamesLast = ({ actions, gates, contacts, tools, facts, ...rest }: CompiledPack): CompiledPack => ({
  ...rest,
  actions,
  gates,
  contacts,
  tools,
  facts,
});

const pick = (content: Content, asking: "self" | "other", keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, textFor(content, key, asking)]));

const ids = (rows: readonly Readonly<Record<string, string>>[]): readonly string[] =>
  rows.map((row) => cell(row, "id"));

/** Our own words that the questions and the answer show to both, and to one of them only. */
const sharedWords = ["now.", "list.separator", "numbers.call", "numbers.purposeOurs", "numbers.unconfirmed"];
/** What only the page itself shows. */
const wordsOfPage = ["now.how"];
const wordsOfOne = {
  other: ["now.actor.", "now.state.", "now.gates", "now.needs", "now.fitsNotYet", "now.judgement", "now.whyAndHow"],
  self: ["now.checks", "now.toolsSelf", "now.whyAsked", "now.moreSteps"],
} as const;

const isShownTo = (asking: "self" | "other", key: string): boolean => {
  const others = [...wordsOfOne[asking === "self" ? "other" : "self"], ...wordsOfPage];
  return sharedWords.some((start) => key.startsWith(start)) && !others.some((start) => key.startsWith(start));
};

const firstTexts = (content: Content, asking: "self" | "other"): Record<string, string> => {
  const { tables, words } = content;
  const ends = (prefix: string, rows: readonly string[], ...suffixes: readonly string[]): readonly string[] =>
    rows.flatMap((id) => suffixes.map((suffix) => `${prefix}.${id}.${suffix}`));
  const facts = tables.facts.filter((row) => cell(row, "id") !== "asking");
  const values = facts
    .filter((row) => cell(row, "kind") !== "yes-no" && !["harm", "governorate"].includes(cell(row, "id")))
    .flatMap((row) => cells(row, "values").map((value) => `fact.${cell(row, "id")}.${value}`));
  return {
    ...Object.fromEntries(Object.entries(words).filter(([key]) => isShownTo(asking, key))),
    ...pick(content, asking, [
      ...values,
      ...ends("fact", ids(tables.facts), "name"),
      ...ends("harm", ids(tables.harms), "name"),
      ...ends("level", ids(tables.levels), "name"),
      ...ends("gate", ids(tables.gates), "name", ...(asking === "self" ? ["self"] : ["open", "closed"])),
      ...ends("action", ids(tables.actions), asking === "self" ? "self" : "title"),
      ...ends("tool", ids(tables.tools), "name"),
      ...ends("contact", ids(tables.contacts), "name", "for"),
      ...limitsShownTo(content, asking),
      ...ids(tables.governorates).map((id) => `governorate.${id}`),
      ...new Set(facts.map((row) => `group.${cell(row, "group")}`)),
      "region.kri",
      "region.federal",
    ]),
    // The page settles who asks, so a question has one wording here.
    ...Object.fromEntries(
      facts.flatMap((row) => {
        const id = cell(row, "id");
        return [[`fact.${id}.ask`, content.text(`fact.${id}.${asking === "self" ? "self" : "ask"}`)]];
      }),
    ),
    ...(asking === "self" ? gentlerDeadlines(content) : {}),
    [`fact.asking.${asking}`]: content.text(`fact.asking.${asking}`),
    ...confirmations(content),
  };
};

/** Limits of what helpers do are not shown to someone who asks for themself. */
const limitsShownTo = ({ tables }: Content, asking: "self" | "other"): ReadonlySet<string> => {
  const own = new Set(tables.actions.filter((row) => cell(row, "actor") === "survivor").map((row) => cell(row, "id")));
  const isShown = (target: string): boolean =>
    asking === "other" || !target.startsWith("action:") || own.has(target.replace("action:", ""));
  return new Set(
    tables.limitRules.filter((row) => isShown(cell(row, "target"))).map((row) => `limit.${cell(row, "limit")}`),
  );
};

const moreTexts = (content: Content, asking: "self" | "other"): Record<string, string> => {
  const { tables } = content;
  const rules = [tables.riskRules, tables.gateRules, tables.actionRules, tables.contactRules, tables.contradictions];
  const prefixes = [
    "G-FRAME",
    "G-CM",
    "G-CONS",
    "G-MH",
    "G-SAFE",
    "G-DIG",
    "G-EVID",
    "G-CONF",
    "G-LAW",
    "H",
    "T",
    "P",
    "A",
  ];
  return {
    ...pick(content, asking, [
      ...ids(tables.facts).flatMap((id) => [`fact.${id}.why`, ...(asking === "other" ? [`fact.${id}.how`] : [])]),
      ...(asking === "other" ? ids(tables.actions).map((id) => `action.${id}.how`) : []),
      ...ids(tables.tools).map((id) => `tool.${id}.what`),
      ...tables.toolSteps.map((row) => `tool.${cell(row, "tool")}.step-${cell(row, "step")}`),
      ...ids(rules.flat()).map((id) => `rule.${id}`),
      ...prefixes.map((prefix) => `source.${prefix}`),
    ]),
    ...optionalRules(content, asking),
  };
};

/** To oneself a deadline is advice, not an order. */
const gentlerDeadlines = ({ words }: Content): Record<string, string> => ({
  "now.atOnce": words["self.atOnce"],
  "now.within24": words["self.within24"],
  "now.within48": words["self.within48"],
  "now.standardTime": words["self.standardTime"],
});

/** When a number was confirmed, in words: dates in Kurdish are not left to the browser. */
const confirmations = ({ tables, words, language }: Content): Record<string, string> =>
  Object.fromEntries(
    tables.contacts.flatMap((row) => {
      const date = dateInWords(cell(row, "verified-on"), language);
      return date === undefined ? [] : [[`confirmed.${cell(row, "id")}`, fill(words["numbers.confirmed"], { date })]];
    }),
  );

/** Reasons of tools and of gates that do not apply cite the tool or the gate itself; not every one has a sentence. */
const optionalRules = (content: Content, asking: "self" | "other"): Record<string, string> => {
  const { tables, optionalText } = content;
  // No reason cites the rule of a limit, and some speak about the person.
  const cited = [tables.tools, tables.gates, ...(asking === "other" ? [tables.limitRules] : [])].flatMap(ids);
  const keys = cited.map((id) => `rule.${id}`).filter((key) => optionalText(key) !== undefined);
  return pick(content, asking, keys);
};

const groupsOf = ({ tables }: Content): Record<string, string> =>
  Object.fromEntries(tables.facts.map((row) => [cell(row, "id"), cell(row, "group")]));

const addressesOf = ({ tables }: Content): Record<string, readonly string[]> =>
  Object.fromEntries(
    tables.tools.map((row) => {
      const shown = [cell(row, "telephone"), cell(row, "address"), cell(row, "url").replace(/^https:\/\/|\/$/g, "")];
      return [cell(row, "id"), shown.filter((text) => text !== "")];
    }),
  );
