/** The order in which what waits is shown, and what of it no screen of the day passes over. */

import { expect, test } from "vitest";
import {
  accessMostUrgentFirst,
  isAboutDirectory,
  isForToday,
  mostUrgentFirst,
  type PendingActView,
} from "./pending.ts";

const act = (number: number, change: Partial<PendingActView> = {}): PendingActView => ({
  number,
  what: "PersonNamed",
  people: [],
  isCover: false,
  role: undefined,
  name: undefined,
  names: undefined,
  days: undefined,
  confirms: undefined,
  askedAt: 0,
  state: "waits",
  why: undefined,
  stillReads: undefined,
  ...change,
});

test("a colleague who still reads stands first, the rest in the order in which it is carried out", () => {
  const removal = act(3, { what: "PersonLeft", stillReads: "somebody" });
  expect(mostUrgentFirst([act(1), act(2), removal]).map(({ number }) => number)).toEqual([3, 1, 2]);
});

test("the directory shows its own entries and what a second person says to them, and no other word of theirs", () => {
  const acts = [
    act(1, { what: "ProviderListed" }),
    act(2, { what: "Confirmed", confirms: "ProviderClosed" }),
    act(3, { what: "Confirmed", confirms: "RoleGiven" }),
    act(4, { what: "Confirmed" }),
  ];
  expect(acts.filter(isAboutDirectory).map(({ number }) => number)).toEqual([1, 2]);
});

test("the day shows who still reads, and what was refused until somebody has seen it", () => {
  const refused = act(2, { what: "PersonLeft", state: "refused", why: "TooFewSupervisors" });
  const shown = [act(1), refused, act(3, { stillReads: "somebody" })].filter(isForToday);
  expect(shown.map(({ number }) => number)).toEqual([2, 3]);
});

test("of who is to read a case, whoever is taken out and still reads stands first, then what was refused", () => {
  const waiting = [
    { number: 1, what: "give", refusedAs: undefined },
    { number: 2, what: "take", refusedAs: "SecondOpenerMissing" },
    { number: 3, what: "take", refusedAs: undefined },
    { number: 4, what: "give", refusedAs: undefined },
  ];
  expect(accessMostUrgentFirst(waiting).map(({ number }) => number)).toEqual([3, 2, 1, 4]);
});
