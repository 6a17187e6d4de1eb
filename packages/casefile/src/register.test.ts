/** What a register costs: somebody may say very much of one thing, and nobody's device stands still for it (SECURITY §6.2). */

import { expect, test, vi } from "vitest";
import type { By } from "./by.ts";
import { type CaseEntry, foldCase } from "./evolve.ts";
import { agenciesToBeTold } from "./law/law.ts";
import { type Register, type Version, addVersion, standing, standingAmong, versionsBefore } from "./register.ts";
import { hashOf, itemOf, omar, recipientOf, startAt } from "./testing/people.ts";

const entries = 50;
const eventsInEach = 20;

/** One after the other, as somebody writes who floods a case: many events in each of many entries. */
const flooded = (): { readonly register: Register<number>; readonly asked: number } => {
  let asked = 0;
  let register: Register<number> = [];
  for (let at = 0; at < entries; at++) {
    const before = new Set(Array.from({ length: at }, (_, earlier) => hashOf(earlier)));
    const past = {
      has: (entry: Parameters<typeof before.has>[0]) => {
        asked += 1;
        return before.has(entry);
      },
    };
    for (let index = 0; index < eventsInEach; index++) {
      const by: By = { ...omar, author: omar.person, entry: hashOf(at), index, recordedAt: startAt, past };
      register = addVersion(register, at * eventsInEach + index, by);
    }
  }
  return { register, asked };
};

/** The same, counting how often anybody looks at what came next. */
const counted = (register: Register<number>): { readonly register: Register<number>; readonly looks: () => number } => {
  let looks = 0;
  const watched = register.map(({ value, mark, followedBy }): Version<number> => ({
    value,
    mark,
    get followedBy() {
      looks += 1;
      return followedBy;
    },
  }));
  return { register: watched, looks: () => looks };
};

test("what stands before something is found in one walk, however much was said", () => {
  const { register, looks } = counted(flooded().register);
  const last = register.at(-1);
  expect(versionsBefore(register, (version) => version === last).size).toBe(entries * eventsInEach - 1);
  expect(standingAmong(register, register)).toEqual([last]);
  expect(looks()).toBeLessThanOrEqual(2 * register.length + 1);
});

test("an entry is asked once for all its events what its author had seen of others", () => {
  const { register, asked } = flooded();
  expect(standing(register).map(({ value }) => value)).toEqual([entries * eventsInEach - 1]);
  expect(register.every(({ followedBy }) => followedBy.length <= 1)).toBe(true);
  // For the first event of each: every version, and what followed it.
  expect(asked).toBeLessThanOrEqual(entries * entries * eventsInEach);
});

/** To one agency after the other, and back from each. */
const stepsToLaw = (agencies: number): readonly CaseEntry[] =>
  Array.from({ length: agencies / 4 }, (_, at): CaseEntry => {
    const before = new Set(Array.from({ length: at }, (_unused, earlier) => hashOf(earlier)));
    const { person: author, device, roles } = omar;
    return {
      envelope: { entry: hashOf(at), author, device, roles, recordedAt: startAt, past: before },
      events: Array.from({ length: 8 }, (_unused, index) => ({
        type: "LawStepRecorded",
        step: index % 2 === 0 ? "complaint-by-survivor" : "withdrawn-by-survivor",
        agency: recipientOf(`agency ${4 * at + Math.floor(index / 2)}`),
        accompaniedBy: { kind: "nobody" },
        happenedAt: startAt,
      })),
    };
  });

test("which agencies must be told is found in one walk for each, however many there are", () => {
  const state = foldCase(stepsToLaw(200));
  const spy = vi.spyOn(Map.prototype, "set");
  try {
    expect(agenciesToBeTold(state)).toEqual([]);
    // Once for each of its steps, and for each that another follows.
    expect(spy.mock.calls.length).toBeLessThanOrEqual(4 * 200);
  } finally {
    spy.mockRestore();
  }
});

/** Somebody writes new notes, each entry after the one before, in no order of their names. */
const notes = (from: number, to: number): readonly CaseEntry[] =>
  Array.from({ length: to - from }, (_, place): CaseEntry => {
    const at = from + place;
    const before = new Set(Array.from({ length: at }, (_unused, earlier) => hashOf(earlier)));
    const { person: author, device, roles } = omar;
    return {
      envelope: { entry: hashOf(at), author, device, roles, recordedAt: startAt, past: before },
      events: Array.from({ length: 8 }, (_unused, index) => ({
        type: "NoteWritten",
        note: itemOf(`note-${((at * 8 + index) * 37) % 1009}`),
        about: "case",
        text: "Again.",
      })),
    };
  });

test("each of very many new notes is put in its place once, and not again for each note after it", () => {
  const flood = notes(0, 100);
  const spy = vi.spyOn(Map.prototype, "set");
  try {
    expect(foldCase(flood).notes.saidById.size).toBe(800);
    // Added once, put in order once, and a few for each event besides.
    expect(spy.mock.calls.length).toBeLessThanOrEqual(6 * 800);
  } finally {
    spy.mockRestore();
  }
});

test("so is each of very many proposals and reopenings", () => {
  const flood = notes(0, 100).map(({ envelope }): CaseEntry => ({
    envelope,
    events: [
      { type: "RiskLoweringProposed", level: "normal", because: "Again." },
      { type: "CaseReopened", because: "Again." },
    ],
  }));
  const spy = vi.spyOn(Map.prototype, "set");
  try {
    const { approvals, closure } = foldCase(flood);
    expect([approvals.proposalsByEntry.size, closure.seenByEntry.size]).toEqual([100, 100]);
    expect(spy.mock.calls.length).toBeLessThanOrEqual(6 * 200);
  } finally {
    spy.mockRestore();
  }
});

test("what a fold goes on from never changes, and what it leaves is in order", () => {
  const before = foldCase(notes(0, 10));
  const kept = structuredClone(before);
  const after = foldCase(notes(10, 20), before);
  expect(before).toEqual(kept);
  expect([...before.notes.saidById.keys()]).toEqual([...kept.notes.saidById.keys()]);
  const keys = [...after.notes.saidById.keys()];
  expect(keys).toEqual([...keys].sort());
  expect(after).toEqual(foldCase(notes(0, 20)));
});
