/** Explanations of single conditions, operation by operation: what decided, and what is in the way. */

import { describe, expect, test } from "vitest";
import type { Facts } from "./answer.ts";
import { type Case, caseOf, decidingFacts, factsInTheWay } from "./explain.ts";
import { evaluate, factValues } from "./logic.ts";
import { type PackNode, operation } from "./pack.ts";
import { preparePack } from "./prepare.ts";
import { smallPack } from "./testing/pack.ts";

const { constant, has, isKnown, and, or, not, maybe, known, when, pick } = operation;

/** The first atoms of every graph here: danger, consent and wish are yes; age is child. */
const danger = 0;
const consent = 1;
const wish = 2;
const child = 3;
const atoms: readonly PackNode[] = [
  [has, 0, 1, 0],
  [has, 2, 1, 0],
  [has, 7, 1, 0],
  [has, 1, 1, 0],
];

const names = (facts: readonly number[]): readonly string[] => facts.map((fact) => smallPack.facts[fact]?.id ?? "");

const aboutLast = (nodes: readonly PackNode[], facts: Facts): readonly [Case, number] => {
  const prepared = preparePack({ ...smallPack, nodes: [...atoms, ...nodes, ...filler] });
  const base = evaluate(prepared, factValues(prepared, facts));
  return [caseOf(prepared, facts, base), atoms.length + nodes.length - 1];
};

/** The small pack's rules point to places beyond a short graph; constants stand there. */
const filler: readonly PackNode[] = smallPack.nodes.map(() => [constant, 0]);

const decided = (nodes: readonly PackNode[], facts: Facts): readonly string[] =>
  names(decidingFacts(...aboutLast(nodes, facts)));
const inTheWay = (nodes: readonly PackNode[], facts: Facts): readonly string[] =>
  names(factsInTheWay(...aboutLast(nodes, facts)));

describe("what decided", () => {
  test("a false `and` rests on one false part, an undecided one on all its undecided parts", () => {
    const both: readonly PackNode[] = [[and, danger, consent]];
    expect(decided(both, { danger: "no", consent: "no" })).toEqual(["danger"]);
    expect(decided(both, { danger: "yes" })).toEqual(["consent"]);
    expect(decided(both, {})).toEqual(["danger", "consent"]);
  });

  test("a true `or` rests on the true part with the fewest facts", () => {
    const graph: readonly PackNode[] = [
      [and, danger, consent],
      [or, 4, wish],
    ];
    expect(decided(graph, { danger: "yes", consent: "yes", wish: "yes" })).toEqual(["wish"]);
    expect(decided(graph, { danger: "yes", consent: "yes", wish: "no" })).toEqual(["danger", "consent"]);
  });

  test("a conditional rests on its condition, its consequence, or both", () => {
    const graph: readonly PackNode[] = [[when, child, consent]];
    expect(decided(graph, { age: "adult" })).toEqual(["age"]);
    expect(decided(graph, { age: "child", consent: "yes" })).toEqual(["consent"]);
    expect(decided(graph, { age: "child", consent: "no" })).toEqual(["age", "consent"]);
    expect(decided(graph, { consent: "no" })).toEqual(["age"]);
    expect(decided(graph, {})).toEqual(["age", "consent"]);
  });

  test("a constant rests on nothing, and what is known rests on its fact", () => {
    expect(decided([[constant, 1]], {})).toEqual([]);
    expect(decided([[isKnown, 7]], {})).toEqual(["wish"]);
    expect(decided([[maybe, danger]], {})).toEqual(["danger"]);
    expect(decided([[known, danger]], { danger: "yes" })).toEqual(["danger"]);
  });
});

describe("what is in the way", () => {
  test("nothing, once the condition is true", () => {
    expect(inTheWay([[or, danger, wish]], { wish: "yes" })).toEqual([]);
    expect(inTheWay([[constant, 0]], {})).toEqual([]);
  });

  test("a conditional needs its consequence, and its condition only while that is not known", () => {
    const graph: readonly PackNode[] = [[when, child, consent]];
    expect(inTheWay(graph, {})).toEqual(["age", "consent"]);
    expect(inTheWay(graph, { age: "child" })).toEqual(["consent"]);
  });

  test("an answer that is read otherwise is in the way together with what contradicts it", () => {
    const graph: readonly PackNode[] = [
      [constant, 0],
      [pick, child, 4, consent],
    ];
    expect(inTheWay(graph, { age: "child", consent: "yes" })).toEqual(["age"]);
    expect(inTheWay(graph, { age: "adult" })).toEqual(["consent"]);
  });

  test.each([
    ["a negated test", [[not, danger]], {}, ["danger"]],
    [
      "a negated `is known`",
      [
        [isKnown, 7],
        [not, 4],
      ],
      { wish: "no" },
      ["wish"],
    ],
    [
      "a double negation",
      [
        [not, danger],
        [not, 4],
      ],
      { danger: "no" },
      ["danger"],
    ],
    [
      "a negated conditional",
      [
        [when, child, consent],
        [not, 4],
      ],
      { age: "adult", consent: "yes" },
      ["age", "consent"],
    ],
    [
      "a negated junction",
      [
        [or, danger, wish],
        [not, 4],
      ],
      { danger: "yes", wish: "no" },
      ["danger"],
    ],
    [
      "a negated constant",
      [
        [constant, 1],
        [not, 4],
      ],
      {},
      [],
    ],
    [
      "a negated possibility",
      [
        [maybe, danger],
        [not, 4],
      ],
      {},
      ["danger"],
    ],
    [
      "a negated contradiction",
      [
        [constant, 1],
        [pick, child, 4, consent],
        [not, 5],
      ],
      { age: "child" },
      ["age"],
    ],
    [
      "a negated alternative",
      [
        [constant, 1],
        [pick, child, 4, consent],
        [not, 5],
      ],
      { age: "adult" },
      ["consent"],
    ],
  ] as const)("%s needs the facts that must turn out otherwise", (_, nodes, facts, expected) => {
    expect(inTheWay(nodes, facts)).toEqual(expected);
  });
});
