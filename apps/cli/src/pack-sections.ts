/**
 * The kinds of things in a pack, each as rows for machines and as text for reading. Conditions are
 * shown as their authors wrote them, beside the sentence that says what they mean.
 */

import { contactBlocks } from "./answer/contacts-page.ts";
import { type Block, heading, paragraph } from "./output/page.ts";
import type { LoadedPack } from "./packs.ts";
import { type View, listInWords, sourceInWords, valueInWords } from "./view.ts";
import { type TextKey, isolate } from "./words.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

type Section = {
  readonly title: TextKey;
  readonly rows: (view: View, loaded: LoadedPack) => Rows;
  readonly blocks: (view: View, loaded: LoadedPack) => readonly Block[];
};

const textOrNull = (view: View, key: string): string | null => view.find(key) ?? null;

/** Where a sourced row comes from, in words. */
const cited = (view: View, source: readonly string[]): Block => paragraph(2, sourceInWords(view, source.join(" ")));

const titled = (view: View, id: string, name: string | null): Block =>
  paragraph(1, name === null ? isolate(view.language, id) : `${name} (${isolate(view.language, id)})`, "- ");

type Rule = {
  readonly id: string;
  readonly table: string;
  readonly concerns: string;
  readonly when: string;
  readonly source: readonly string[];
};

const rulesOf = ({ source: { tables } }: LoadedPack): readonly Rule[] => [
  ...tables["risk-rules"].map((row) => ({ ...row, table: "risk-rules", concerns: row.level })),
  ...tables["gate-rules"].map((row) => ({ ...row, table: "gate-rules", concerns: row.gate, when: row.requires })),
  ...tables["action-rules"].map((row) => ({
    ...row,
    table: "action-rules",
    concerns: `${row.action}, ${row.urgency}`,
  })),
  ...tables["limit-rules"].map((row) => ({ ...row, table: "limit-rules", concerns: `${row.target}, ${row.limit}` })),
  ...tables["contact-rules"].map((row) => ({
    ...row,
    table: "contact-rules",
    concerns: `${row.contact}, ${String(row.weight)}`,
  })),
  ...tables.contradictions.map((row) => ({ ...row, table: "contradictions", concerns: row.fact })),
];

const rules: Section = {
  title: "section.rules",
  rows: (view, loaded) =>
    rulesOf(loaded).map(({ id, table, concerns, when, source }) => ({
      ...{ id, table, concerns, when, source },
      says: textOrNull(view, `rule.${id}`),
    })),
  blocks: (view, loaded) => {
    const all = rulesOf(loaded);
    const tables = [...new Set(all.map(({ table }) => table))];
    return tables.flatMap((table) => [
      heading(isolate(view.language, `${table}.csv`)),
      ...all
        .filter((rule) => rule.table === table)
        .flatMap((rule) => [
          paragraph(1, isolate(view.language, `${rule.id} → ${rule.concerns}`), "- "),
          paragraph(2, view.find(`rule.${rule.id}`) ?? ""),
          paragraph(2, isolate(view.language, rule.when)),
          cited(view, rule.source),
        ]),
    ]);
  },
};

const gates: Section = {
  title: "section.gates",
  rows: (view, { source: { tables } }) =>
    tables.gates.map(({ id, source, "not-applicable": notApplicable }) => ({
      id,
      name: textOrNull(view, `gate.${id}.name`),
      notApplicable: notApplicable === "" ? null : notApplicable,
      needs: tables["gate-rules"].filter((rule) => rule.gate === id).map((rule) => rule.requires),
      source,
    })),
  blocks: (view, { source: { tables } }) => [
    heading(view.say("section.gates")),
    ...tables.gates.flatMap(({ id, source }) => [
      titled(view, id, textOrNull(view, `gate.${id}.name`)),
      ...tables["gate-rules"]
        .filter((rule) => rule.gate === id)
        .map((rule) => paragraph(2, isolate(view.language, rule.requires), "- ")),
      cited(view, source),
    ]),
  ],
};

const actions: Section = {
  title: "section.actions",
  rows: (view, { source: { tables } }) =>
    tables.actions.map(({ id, area, actor, handles, gate, act, source }) => ({
      ...{ id, area, actor, handles, gate: gate === "" ? null : gate, act, source },
      title: textOrNull(view, `action.${id}.title`),
      how: textOrNull(view, `action.${id}.how`),
    })),
  blocks: (view, { source: { tables } }) => [
    heading(view.say("section.actions")),
    ...tables.actions.flatMap((row) => [
      titled(view, row.id, textOrNull(view, `action.${row.id}.title`)),
      paragraph(2, view.find(`action.${row.id}.how`) ?? ""),
      ...(row.gate === ""
        ? []
        : [paragraph(2, view.say("tool.waits-for", { gate: view.tell(`gate.${row.gate}.name`, row.gate) }))]),
      cited(view, row.source),
    ]),
  ],
};

const tools: Section = {
  title: "section.tools",
  rows: (view, { source: { tables } }) =>
    tables.tools.map(({ id, kind, offered, gate, url, address, telephone, source, "verified-on": verifiedOn }) => ({
      ...{ id, kind, offered, gate, url, address, telephone, verifiedOn, source },
      name: textOrNull(view, `tool.${id}.name`),
      steps: tables["tool-steps"].filter((step) => step.tool === id).map((step) => stepText(view, id, step.step)),
    })),
  blocks: (view, { source: { tables } }) => [
    heading(view.say("section.tools")),
    ...tables.tools.flatMap((row) => [
      titled(view, row.id, textOrNull(view, `tool.${row.id}.name`)),
      paragraph(2, view.find(`tool.${row.id}.what`) ?? ""),
      paragraph(2, view.find(`tool.${row.id}.for`) ?? ""),
      paragraph(
        2,
        isolate(view.language, [row.url, row.address, row.telephone].filter((part) => part !== "").join("  ")),
      ),
      paragraph(
        2,
        view.say(row["verified-on"] === null ? "contact.not-confirmed" : "contact.confirmed", {
          day: row["verified-on"] ?? "",
        }),
      ),
      ...tables["tool-steps"]
        .filter((step) => step.tool === row.id)
        .map((step) => paragraph(2, stepText(view, row.id, step.step) ?? "", `${String(step.step)}. `)),
      cited(view, row.source),
    ]),
  ],
};

const stepText = (view: View, tool: string, step: number): string | null =>
  textOrNull(view, `tool.${tool}.step-${String(step)}`);

const contacts: Section = {
  title: "section.contacts",
  rows: (view, { pack }) =>
    pack.contacts.map(({ id, region, governorates, numbers, purposeFromGuide, verifiedOn }) => ({
      ...{ id, region, governorates, numbers, purposeFromGuide, verifiedOn },
      name: textOrNull(view, `contact.${id}.name`),
      for: textOrNull(view, `contact.${id}.for`),
    })),
  blocks: (view, { pack }) => [
    heading(view.say("section.contacts")),
    ...contactBlocks(
      view,
      pack.contacts.map((contact) => ({ ...contact, because: [] })),
    ),
  ],
};

const harms: Section = {
  title: "section.harms",
  rows: (view, { source: { tables } }) =>
    tables.harms.map(({ id, group, source, cites, signs }) => ({
      ...{ id, group, source, cites },
      name: textOrNull(view, `harm.${id}.name`),
      definition: textOrNull(view, `harm.${id}.definition`),
      signs: signTexts(view, id, signs),
      changes: textOrNull(view, `harm.${id}.changes`),
    })),
  blocks: (view, { source: { tables } }) => [
    heading(view.say("section.harms")),
    ...tables.harms.flatMap((row) => [
      titled(view, row.id, textOrNull(view, `harm.${row.id}.name`)),
      paragraph(2, view.find(`harm.${row.id}.definition`) ?? ""),
      ...signTexts(view, row.id, row.signs).map((sign) => paragraph(3, sign ?? "", "- ")),
      paragraph(2, view.find(`harm.${row.id}.changes`) ?? ""),
      paragraph(2, view.say("harm.cites", { source: row.cites })),
      cited(view, row.source),
    ]),
  ],
};

const signTexts = (view: View, harm: string, count: number): readonly (string | null)[] =>
  Array.from({ length: count }, (_, place) => textOrNull(view, `harm.${harm}.sign-${String(place + 1)}`));

const questions: Section = {
  title: "section.questions",
  rows: (view, { source: { tables }, pack }) =>
    tables.facts.map(({ id, group, kind, source }) => ({
      ...{ id, group, kind, values: valuesOf(pack, id), source },
      ask: textOrNull(view, `fact.${id}.ask`),
      self: textOrNull(view, `fact.${id}.self`),
      why: textOrNull(view, `fact.${id}.why`),
      how: textOrNull(view, `fact.${id}.how`),
    })),
  blocks: (view, { source: { tables }, pack }) =>
    [...new Set(tables.facts.map(({ group }) => group))].flatMap((group) => [
      heading(view.tell(`group.${group}`, group)),
      ...tables.facts
        .filter((row) => row.group === group)
        .flatMap((row) => [
          paragraph(
            1,
            isolate(
              view.language,
              `${row.id}: ${valuesOf(pack, row.id).join(" | ")}${row.kind === "list" ? " …" : ""}`,
            ),
            "- ",
          ),
          paragraph(2, view.find(`fact.${row.id}.ask`) ?? ""),
          paragraph(
            2,
            row.kind === "yes-no"
              ? ""
              : listInWords(
                  view,
                  valuesOf(pack, row.id).map((value) => valueInWords(view, row.id, value)),
                ),
          ),
          paragraph(2, view.find(`fact.${row.id}.why`) ?? ""),
          cited(view, row.source),
        ]),
    ]),
};

const valuesOf = (pack: LoadedPack["pack"], id: string): readonly string[] =>
  pack.facts.find((fact) => fact.id === id)?.values ?? [];

export const sections = { rules, gates, actions, tools, contacts, harms, questions } as const satisfies Record<
  string,
  Section
>;

export const sectionNames = [
  "rules",
  "gates",
  "actions",
  "tools",
  "contacts",
  "harms",
  "questions",
] as const satisfies readonly (keyof typeof sections)[];

export const isSection = (word: string): word is keyof typeof sections => Object.hasOwn(sections, word);
