/** What the guidance does not understand: unknown to it, shown, and in nobody's way (SECURITY §6.2). */

import type { FactVocabulary } from "@amana/pathway";
import { beforeEach, expect, test } from "vitest";
import { openCase, recordFact } from "../testing/commands.ts";
import { omar, shilan } from "../testing/people.ts";
import { type World, meet, must, newWorld, part, tell, wholeCase, write } from "../testing/world.ts";
import { due } from "../views/due.ts";
import { factsOf } from "../views/facts-of.ts";
import { factValue } from "./facts.ts";
import { isUnderstood } from "./known.ts";

const vocabulary: FactVocabulary = new Map([
  ["immediate-danger", { kind: "yes-no", values: ["yes", "no"] }],
  ["harm", { kind: "list", values: ["csam", "hacking"] }],
  ["consent-removal", { kind: "yes-no", values: ["yes", "no"] }],
]);

let world: World;
beforeEach(() => {
  world = newWorld();
  must(world, shilan, openCase);
});

test.each([
  ["banana", "Adult!", undefined, []],
  ["immediate-danger", "perhaps", undefined, ["immediate-danger"]],
  ["immediate-danger", ["yes"], undefined, ["immediate-danger"]],
  ["immediate-danger", "yes", "yes", []],
  ["immediate-danger", undefined, undefined, []],
  ["harm", "csam", undefined, ["harm"]],
  ["harm", ["csam", "csam", "unheard"], ["csam"], ["harm"]],
  ["harm", ["unheard"], undefined, ["harm"]],
  ["harm", [], [], []],
  ["harm", ["csam", "hacking", "csam"], ["csam", "hacking"], []],
  // What the records say is not typed in, so nobody is asked for it.
  ["consent-removal", "perhaps", undefined, []],
] as const)("%s recorded as %j is %j to the guidance, and %j is asked again", (fact, value, understood, askedAgain) => {
  write(world, omar, { ...recordFact(fact, value), type: "FactRecorded" });
  const state = wholeCase(world);
  expect(factsOf(state, world.now, vocabulary)[fact]).toEqual(understood);
  const asked = due(state, world.now, { vocabulary }).filter(({ kind }) => kind === "answer-not-understood");
  expect(asked.map(({ about }) => about)).toEqual(askedAgain);
  expect(due(state, world.now).map(({ kind }) => kind)).not.toContain("answer-not-understood");
});

test("an answer is understood whole or not at all", () => {
  const said = (fact: string, value: string | readonly string[] | undefined) =>
    isUnderstood({ ...recordFact(fact, value), type: "FactRecorded" }, vocabulary);
  expect(said("harm", ["csam"])).toBe(true);
  expect(said("harm", ["csam", "unheard"])).toBe(false);
  expect(said("harm", "csam")).toBe(false);
  expect(said("harm", undefined)).toBe(true);
  expect(said("banana", undefined)).toBe(false);
  expect(isUnderstood({ ...recordFact("banana", "x"), type: "FactRecorded" }, undefined)).toBe(true);
});

test("what would not be understood is not written down here", () => {
  const { adviser } = world;
  world.adviser = (state, now) => {
    const advice = adviser(state, now);
    return advice === undefined ? undefined : { ...advice, facts: factsOf(state, now, vocabulary), vocabulary };
  };
  expect(tell(world, shilan, recordFact("banana", "x"))).toMatchObject({
    error: { type: "FieldWrong", field: "value" },
  });
  write(world, omar, { ...recordFact("banana", "x"), type: "FactRecorded" });
  // What is recorded with the level is what the guidance was asked with.
  must(world, shilan, { type: "AssessRisk" });
  const [assessed] = world.entries.at(-1)?.events ?? [];
  expect(assessed?.type === "RiskAssessed" && assessed.facts).toEqual({});
});

test.each([
  ["immediate-danger", "yes", "junk", "yes"],
  ["immediate-danger", "no", "junk", undefined],
  ["suicide-or-self-harm", "risk", "junk", "risk"],
  ["suicide-or-self-harm", "risk", undefined, "risk"],
  ["suicide-or-self-harm", "no", "junk", undefined],
  ["safe-device", "no", "junk", "no"],
  ["safe-device", "yes", "junk", undefined],
  ["age", "child", ["junk"], "child"],
  ["harm", ["csam"], "junk", ["csam"]],
  ["gender", "other", "junk", undefined],
] as const)("of %s as %j, beside %j that was recorded at once, %j stands", (fact, one, other, careful) => {
  part(world, shilan, omar);
  must(world, shilan, recordFact(fact, one));
  must(world, omar, recordFact(fact, other));
  meet(world);
  expect(factValue(wholeCase(world), fact)).toEqual(careful);
});
