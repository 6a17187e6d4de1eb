/** What a new case is told of the answers to its steps. */

import { eventShapes } from "@amana/casefile";
import { expect, test } from "vitest";
import type { Values } from "../forms/fields.ts";
import { consentFields, limitsFields, newCaseOf, stillOffered } from "./new-case.ts";

const consent: Values = {
  options: ["do-nothing", "not-report"],
  ...{ answer: "yes", obtainedHow: "in-person", interpreter: "none" },
  ...{ pressureSeen: false, othersCouldHear: false, deviceWatched: false },
};
const now = 1_700_000_000_000;

const told = (limits: Values, given: { readonly consent: Values | undefined } = { consent }) =>
  newCaseOf({ code: " 2026-7k3b", searchedAt: now, isAnonymous: false, contact: undefined, limits, ...given }, now);

const typesIn = (limits: Values): readonly string[] => told(limits).more.map(({ type }) => type);

test("an adult is asked for consent, a child for assent, and both are asked for while the age is not known (G-CONS-3)", () => {
  expect(typesIn({ ageNow: "adult", saidBy: "survivor", toldNow: "told" })).toEqual(["RecordFact", "RecordConsent"]);
  expect(typesIn({ ageNow: "child", saidBy: "guardian", toldNow: "told" })).toEqual(["RecordFact", "RecordAssent"]);
  expect(typesIn({ ageNow: "age-not-known", toldNow: "told" })).toEqual(["RecordConsent", "RecordAssent"]);
  expect(typesIn({ toldNow: "told" })).toEqual(["RecordConsent", "RecordAssent"]);
});

test("an age that is known is somebody's word, and the limits are worded for it", () => {
  const { command, more } = told({ ageNow: "child", saidBy: "guardian", toldNow: "told" });
  expect(command).toMatchObject({ code: "2026-7K3B", limits: { kind: "told", wording: "child" } });
  expect(more[0]).toMatchObject({ fact: "age", value: { kind: "one", value: "child" }, saidBy: "guardian" });
});

test("whoever is not here has agreed to nothing, and the case says that the limits are still to be told", () => {
  const { command, more } = told({ ageNow: "age-not-known", toldNow: "not-present" }, { consent: undefined });
  expect(command.limits).toEqual({ kind: "not-yet", because: "not-present" });
  expect(more).toEqual([]);
});

test("the case file takes what it is told of the limits, the age and the consent", () => {
  const { command, more } = told({ ageNow: "adult", saidBy: "survivor", toldNow: "told" });
  const [opening, age, agreed] = [command, ...more].map(({ type: _type, ...fields }) => fields);
  expect(eventShapes.CaseOpened.wrong(opening)).toBeUndefined();
  expect(eventShapes.FactRecorded.wrong(age)).toBeUndefined();
  expect(eventShapes.ConsentRecorded.wrong(agreed)).toBeUndefined();
});

test("that a child could not answer does not stand as an adult's answer once the age is put right", () => {
  const answer = { ...consent, answer: "cannot" };
  expect(stillOffered(consentFields({ ageNow: "child" }), answer)).toEqual(answer);
  const { answer: _answer, ...others } = consent;
  expect(stillOffered(consentFields({ ageNow: "adult" }), answer)).toEqual(others);
});

test("nobody was told of the limits whose safe contact cannot be asked now", () => {
  const limits = { ageNow: "adult", saidBy: "survivor", toldNow: "told" };
  expect(stillOffered(limitsFields(limits, false), limits)).toEqual(limits);
  expect(stillOffered(limitsFields(limits, true), limits)).toEqual({ ageNow: "adult", saidBy: "survivor" });
});
