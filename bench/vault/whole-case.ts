/** A case of 200 events: an adult's whole walk from first contact on, then facts that change and notes of each week. Invented. */

import { foldCase, type CaseEntry } from "@amana/casefile";
import { adultReadyToAct, consent, recordFact, takedown } from "../../packages/casefile/src/testing/commands.ts";
import { itemOf, shilan, startAt } from "../../packages/casefile/src/testing/people.ts";
import { must, newWorld } from "../../packages/casefile/src/testing/world.ts";

export const eventsOfCase = 200;

const changed = { correction: { kind: "changed", because: "It changed since." } } as const;

export const makeWholeCase = (): readonly CaseEntry[] => {
  const world = newWorld();
  adultReadyToAct(world);
  must(world, shilan, consent("store-file", "own-organisation"));
  must(world, shilan, consent("removal", "T-insm"));
  must(world, shilan, takedown("T-insm", startAt));
  for (let count = 0; eventsIn(world.entries) < eventsOfCase; count++) {
    const value = count % 2 === 0 ? "yes" : "no";
    const note = {
      note: itemOf(`note-${count}`),
      about: "case",
      text: `She called and said how week ${count} was.`,
    } as const;
    must(world, shilan, recordFact("honour-violence-risk", value, count === 0 ? {} : changed));
    must(world, shilan, { type: "WriteNote", ...note });
  }
  return world.entries;
};

export const foldWholeCase = (entries: readonly CaseEntry[]): void => {
  foldCase(entries);
};

const eventsIn = (entries: readonly CaseEntry[]): number => entries.reduce((sum, { events }) => sum + events.length, 0);
