/** Which texts a pack needs: `docs/formats/pack.md`, section 5. */

import { allDomainIds } from "../domain-ids.ts";
import type { PackSource } from "./source.ts";
import type { Tables } from "./tables.ts";

/** Keys that every language must have. */
export const requiredTextKeys = ({ tables }: PackSource): ReadonlySet<string> =>
  new Set([
    ...factKeys(tables),
    ...ruleKeys(tables),
    ...tables.levels.flatMap((row) => keys(`level.${row.id}`, "name", "means")),
    ...tables.gates.flatMap((row) => keys(`gate.${row.id}`, "name", "open", "closed", "self")),
    ...tables["limit-rules"].map((row) => `limit.${row.limit}`),
    ...tables.actions.flatMap((row) => keys(`action.${row.id}`, "title", "how", "self")),
    ...toolKeys(tables),
    ...tables.contacts.flatMap((row) => keys(`contact.${row.id}`, "name", "for")),
    ...tables.governorates.flatMap((row) => [`governorate.${row.id}`, `region.${row.region}`]),
    ...harmKeys(tables),
    ...tables.pages.flatMap((row) => [`page.${row.page}.title`, `page.${row.page}.lead`, row.key]),
    ...sourceKeys(tables),
  ]);

/** Keys that a pack may have besides, and then in every language. */
export const allowedTextKeys = ({ tables }: PackSource): ReadonlySet<string> =>
  new Set([
    ...tables["limit-rules"].map((row) => `rule.${row.id}`),
    ...tables.definitions.map((row) => `rule.${row.id}`),
    ...tables.tools.map((row) => `rule.${row.id}`),
    ...tables.gates.map((row) => `rule.${row.id}`),
    ...tables.levels.map((row) => `rule.${row.id}`),
    ...tables.sources.map((row) => `source.${row.id}`),
    ...[...allDomainIds].map((id) => `source.${prefixOf(id) ?? id}`),
    // A shorter name for a page, where the list of pages is shown.
    ...tables.pages.map((row) => `page.${row.page}.menu`),
    ...searchKeys(tables),
    ...ownKeys(tables),
  ]);

const keys = (stem: string, ...ends: readonly string[]): readonly string[] => ends.map((end) => `${stem}.${end}`);

const factKeys = (tables: Tables): readonly string[] =>
  tables.facts.flatMap((fact) => {
    // Yes and no are words of the screens; the values of `harm` are the names of the harms.
    const hasOwnWords = fact.kind !== "yes-no" && fact.id !== "harm" && fact.id !== "governorate";
    const values = hasOwnWords ? fact.values : [];
    return [
      `group.${fact.group}`,
      ...keys(`fact.${fact.id}`, "ask", "self", "why", "how", "name"),
      ...values.map((value) => `fact.${fact.id}.${value}`),
    ];
  });

const ruleKeys = (tables: Tables): readonly string[] => [
  ...[
    ...tables.contradictions,
    ...tables["risk-rules"],
    ...tables["gate-rules"],
    ...tables["action-rules"],
    ...tables["contact-rules"],
  ].map((row) => `rule.${row.id}`),
  ...new Set(tables.contacts.map((row) => `rule.shows-${row.region}`)),
];

const toolKeys = (tables: Tables): readonly string[] => [
  ...tables.tools.flatMap((row) => keys(`tool.${row.id}`, "name", "what", "for")),
  ...tables["tool-steps"].map((row) => `tool.${row.tool}.step-${String(row.step)}`),
];

const harmKeys = (tables: Tables): readonly string[] =>
  tables.harms.flatMap((row) => [
    ...keys(`harm.${row.id}`, "name", "definition", "changes"),
    ...Array.from({ length: row.signs }, (_, place) => `harm.${row.id}.sign-${String(place + 1)}`),
  ]);

/** What has other words for whoever asks about themself. Questions, actions and checks always have. */
const ownKeys = (tables: Tables): readonly string[] =>
  [
    ...tables.levels.map((row) => `level.${row.id}.means`),
    ...tables.gates.map((row) => `gate.${row.id}.name`),
    ...tables["limit-rules"].map((row) => `limit.${row.limit}`),
    ...tables.tools.map((row) => `tool.${row.id}.what`),
    ...tables.facts.flatMap((row) => [`group.${row.group}`, ...keys(`fact.${row.id}`, "name", "why")]),
    ...ruleKeys(tables),
    ...tables.pages.map((row) => row.key),
    ...[tables.tools, tables.gates, tables["limit-rules"]].flat().map((row) => `rule.${row.id}`),
  ].map((key) => `${key}.self`);

/** What people type who look for a harm, a tool, a number, a page or a section of one. It is searched and never shown. */
const searchKeys = (tables: Tables): readonly string[] => [
  ...tables.harms.map((row) => `search.harm.${row.id}`),
  ...tables.tools.map((row) => `search.tool.${row.id}`),
  ...tables.contacts.map((row) => `search.contact.${row.id}`),
  ...tables.pages.map((row) => `search.page.${row.page}`),
  ...tables.pages.filter((row) => row.kind === "heading").map((row) => `search.${row.key}`),
];

/** Of ids such as `G-SAFE-5` or `T-insm` the text is about the prefix. */
const prefixOf = (source: string): string | undefined => {
  if (!allDomainIds.has(source)) return undefined;
  return source.startsWith("G-") ? source.replace(/-\d+$/, "") : source.slice(0, 1);
};

const sourceKeys = (tables: Tables): readonly string[] => {
  const cited = [
    ...[tables["risk-rules"], tables.gates, tables["gate-rules"], tables["action-rules"], tables.levels].flat(),
    ...[tables.tools, tables["contact-rules"], tables.contradictions].flat(),
  ].flatMap((row) => row.source);
  return cited.flatMap((source) => {
    const prefix = prefixOf(source);
    return prefix === undefined ? [] : [`source.${prefix}`];
  });
};
