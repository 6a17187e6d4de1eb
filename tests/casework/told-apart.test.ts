/** What a screen lists it tells apart by an id of its own: two with the same would break the page off and lock the device. */

import type { CaseEvent } from "@amana/casefile";
import { expect, test } from "vitest";
import { type CaseView, type SectionView, sections } from "../../apps/casework/src/case/screen.ts";
import { caseViewOf } from "../../apps/casework/src/worker/views/section.ts";
import type { Seen } from "../../apps/casework/src/worker/views/seen.ts";
import { adultReadyToAct } from "../../packages/casefile/src/testing/commands.ts";
import { dateOf, itemOf, nasrin, omar, recipientOf, shilan } from "../../packages/casefile/src/testing/people.ts";
import { write } from "../../packages/casefile/src/testing/world.ts";
import { lookedAt } from "./looked-at.ts";
import { seenBy, worldWith } from "./seen.ts";

type Listed = Readonly<Record<string, readonly (number | string)[]>>;

const together = (lists: readonly Listed[]): Listed => lists.reduce((all, each) => ({ ...all, ...each }), {});

const ofBlocks = (view: SectionView): Listed => {
  const blocks = "blocks" in view ? view.blocks : [];
  const cards = blocks.map(({ title, cards: of }): Listed => ({ [`cards of ${title}`]: of.map(({ id }) => id) }));
  return { blocks: blocks.map(({ title }) => title), ...together(cards) };
};

const ofAnswer = (view: SectionView): Listed => {
  if (!("answer" in view)) return {};
  const { actions, contacts, gates, tools } = view.answer;
  return together([
    { actions: actions.map(({ id }) => id), contacts: contacts.map(({ id }) => id) },
    ...Object.entries(gates).map(([id, { needs, limits }]) => ({
      [`needs of ${id}`]: needs,
      [`limits of ${id}`]: limits,
    })),
    ...tools.map(({ id, steps, limits }) => ({ [`steps of ${id}`]: steps, [`limits with ${id}`]: limits })),
  ]);
};

const ofSection = (view: SectionView): Listed => {
  switch (view.kind) {
    case "questions":
      return { questions: view.questions.map(({ fact }) => fact) };
    case "consent":
      return { consents: view.rows.map(({ purpose, recipient }) => `${purpose} ${recipient}`) };
    case "content":
      return { tools: view.tools.map(({ id }) => id) };
    case "history":
      return { items: view.items.map(({ id }) => id), access: view.access.map(({ entry }) => entry) };
    case "people":
      return { readers: view.access.readers, teams: view.access.teams.map(({ id }) => id) };
    case "now":
    case "blocks":
      return {};
    default:
      return view satisfies never;
  }
};

const listedIn = ({ head, section }: CaseView): Listed => ({
  recipients: head.recipients,
  ...ofBlocks(section),
  ...ofAnswer(section),
  ...ofSection(section),
});

/** Lists in which two could not be told apart, and those that held several at all. */
const look = (all: readonly Seen[]): { readonly alike: readonly string[]; readonly several: ReadonlySet<string> } => {
  const alike = new Set<string>();
  const several = new Set<string>();
  for (const seen of all)
    for (const section of sections)
      for (const [name, ids] of Object.entries(listedIn(caseViewOf(seen, section)))) {
        if (ids.length > 1) several.add(name);
        if (new Set(ids).size < ids.length) alike.add(`${section}: ${name}`);
      }
  return { alike: [...alike], several };
};

test("no list of a case holds two things that it could not tell apart, whatever was written in it", () => {
  const { alike, several } = look(lookedAt());
  expect(alike).toEqual([]);
  for (const name of ["recipients", "items", "consents", "cards of block.needs", "actions"])
    expect([...several]).toContain(name);
});

/** Of a client of somebody's own making. */
const twice: readonly CaseEvent[] = [
  { type: "RiskLoweringProposed", level: "normal", because: "He has moved away." },
  { type: "EvidenceExceptionProposed", because: "He controls her phone.", criticalToSafety: "It shows when he comes." },
  { type: "ResponsibilityOffered", to: omar.person, because: "Leave." },
  {
    type: "EmergencyActed",
    ...{ act: "emergency-call", recipient: recipientOf("A-community-police"), shared: [] },
    ...{ personTold: { kind: "told" }, because: "He was at the door." },
  },
  {
    type: "IncidentRecorded",
    ...{ incident: itemOf("incident-1"), incidentType: "emotional_abuse", perpetrators: [] },
    reportedOn: dateOf("2026-11-20"),
  },
];

test("a colleague's own client cannot break a section off, and lock every device that opens it, by saying a thing twice", () => {
  const world = worldWith((filled) => {
    adultReadyToAct(filled);
    for (const event of twice) write(filled, nasrin, event, event);
  });
  const { alike, several } = look([seenBy(world, nasrin), seenBy(world, shilan)]);
  expect(alike).toEqual([]);
  expect([...several]).toEqual(expect.arrayContaining(["cards of block.offers", "items"]));
});
