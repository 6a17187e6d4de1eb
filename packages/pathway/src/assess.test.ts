/** What the engine promises of every pack: three values, careful deadlines, minimal reasons, decisive questions. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assess, parseFacts, preparePack } from "./index.ts";
import type { Answer, Facts } from "./index.ts";
import { smallPack } from "./testing/pack.ts";

const prepared = preparePack(smallPack);
const answerTo = (facts: Facts): Answer => assess(prepared, facts);
const listed = (answer: Answer): readonly string[] => answer.actions.map((action) => `${action.id} ${action.urgency}`);

/** Every combination of the small pack's facts, unknown included. */
const anyFacts = fc.record(
  {
    danger: fc.constantFrom("yes", "no"),
    age: fc.constantFrom("child", "adult"),
    consent: fc.constantFrom("yes", "no"),
    assent: fc.constantFrom("yes", "no", "cannot"),
    places: fc.subarray(["page", "group", "chat"]),
    "image-age": fc.constantFrom("child", "adult"),
    pressure: fc.constantFrom("yes", "no"),
    wish: fc.constantFrom("yes", "no"),
  },
  { requiredKeys: [] },
);

describe("level and deadline", () => {
  test("with nothing known the level is normal, may still change, and the shortest deadline stands", () => {
    expect(answerTo({}).risk).toMatchObject({ level: "normal", provisional: true, actWithinHours: 24 });
  });

  test("a high factor makes the level high, and high is never provisional", () => {
    expect(answerTo({ danger: "yes" }).risk).toMatchObject({ level: "high", provisional: false, actWithinHours: 24 });
  });

  test("a factor that counts for a child counts while the age is not known", () => {
    expect(answerTo({ pressure: "yes", danger: "no" }).risk.level).toBe("medium");
    expect(answerTo({ pressure: "yes", danger: "no", age: "adult" }).risk.level).toBe("normal");
  });

  test("an action's own deadline shortens the case's, and while it is possible the level stays provisional", () => {
    const calm = { danger: "no", pressure: "no" };
    expect(answerTo(calm).risk).toMatchObject({ level: "normal", provisional: true, actWithinHours: 48 });
    expect(answerTo({ ...calm, places: [] }).risk).toMatchObject({ provisional: false, actWithinHours: null });
    expect(answerTo({ ...calm, places: ["page", "chat"] }).risk).toMatchObject({ level: "normal", actWithinHours: 48 });
  });

  test("a medium level that could still become high is provisional", () => {
    const medium = { pressure: "yes", age: "child", places: [] };
    expect(answerTo(medium).risk).toMatchObject({ level: "medium", provisional: true, actWithinHours: 24 });
    expect(answerTo({ ...medium, danger: "no" }).risk).toMatchObject({ provisional: false, actWithinHours: 48 });
  });

  test("property: a fact forgotten never lengthens the deadline", () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(), (facts, pick) => {
        const ids = Object.keys(facts);
        const forgotten = ids[pick % Math.max(1, ids.length)];
        const fewer = Object.fromEntries(Object.entries(facts).filter(([id]) => id !== forgotten));
        const hours = (answer: Answer): number => answer.risk.actWithinHours ?? Number.POSITIVE_INFINITY;
        return hours(answerTo(fewer)) <= hours(answerTo(facts));
      }),
    );
  });
});

describe("track", () => {
  test("an age that is not known is a child's until it is", () => {
    expect(answerTo({}).track).toBe("child-until-age-known");
    expect(answerTo({ age: "child" }).track).toBe("child");
    expect(answerTo({ age: "adult" }).track).toBe("adult");
  });
});

describe("gates", () => {
  test("a gate is open only when everything it needs is known to be so", () => {
    expect(answerTo({ age: "adult", consent: "yes" }).gates["share"]).toMatchObject({
      state: "closed",
      needs: ["wish"],
    });
    const open = answerTo({ age: "adult", consent: "yes", wish: "yes" }).gates["share"];
    expect(open).toMatchObject({ state: "open", needs: [], limits: [] });
    expect(open?.because).toEqual([
      { rule: "R-share-agreed", facts: { age: "adult", consent: "yes" }, source: "G-3" },
      { rule: "R-share-wanted", facts: { wish: "yes" }, source: "G-3" },
    ]);
  });

  test("while the age is not known, what an adult and what a child must agree to are both needed", () => {
    expect(answerTo({ wish: "yes" }).gates["share"]?.needs).toEqual(["age", "consent", "assent"]);
    expect(answerTo({ wish: "yes", consent: "yes", assent: "cannot" }).gates["share"]?.state).toBe("open");
  });

  test("a known adult is not asked for what only a child must give", () => {
    expect(answerTo({ age: "adult", wish: "yes" }).gates["share"]?.needs).toEqual(["consent"]);
  });

  test("a closed gate names the known facts in the way with their values, and the missing ones as unknown", () => {
    expect(answerTo({ age: "child", assent: "no" }).gates["share"]?.because).toEqual([
      { rule: "R-share-agreed", facts: { assent: "no" }, source: "G-3" },
      { rule: "R-share-wanted", facts: {}, source: "G-3", unknown: ["wish"] },
    ]);
  });

  test("a limit is named once, whichever of its rules hold", () => {
    expect(answerTo({ age: "child" }).gates["share"]?.limits).toEqual(["careful"]);
  });

  test("a gate that does not apply says why", () => {
    expect(answerTo({ age: "adult" }).gates["guardian"]).toEqual({
      state: "not-applicable",
      needs: [],
      limits: [],
      because: [{ rule: "guardian", facts: { age: "adult" }, source: "G-2" }],
    });
  });

  test("the needs of a negated condition are the facts that must turn out otherwise", () => {
    const needsOf = (facts: Facts): unknown => answerTo(facts).gates["strict"]?.needs;
    expect(needsOf({})).toEqual(["danger", "age", "consent", "places", "image-age"]);
    expect(needsOf({ danger: "yes", places: [], age: "adult", consent: "yes", "image-age": "adult" })).toEqual([
      "danger",
      "age",
      "consent",
      "image-age",
    ]);
    expect(needsOf({ danger: "no", places: [], age: "adult", consent: "no", "image-age": "child" })).toEqual([]);
  });

  test("property: a closed gate always says what it needs, and an open one needs nothing", () => {
    fc.assert(
      fc.property(anyFacts, (facts) =>
        Object.values(answerTo(facts).gates).every((gate) =>
          gate.state === "closed" ? gate.needs.length > 0 && gate.because.length > 0 : gate.needs.length === 0,
        ),
      ),
    );
  });

  test("property: a fact forgotten never opens a gate", () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.constantFrom(...Object.keys({ danger: 0, age: 0, consent: 0, assent: 0, wish: 0 })),
        (facts, id) => {
          const fewer = Object.fromEntries(Object.entries(facts).filter(([key]) => key !== id));
          return answerTo(facts).gates["share"]?.state === "open" || answerTo(fewer).gates["share"]?.state === "closed";
        },
      ),
    );
  });
});

describe("contradictions", () => {
  test("a child pictured as an adult is read as a child's picture, and the picture's age is asked again first", () => {
    const answer = answerTo({ age: "child", "image-age": "adult" });
    expect(answer.tools[0]?.offered).toBe(false);
    expect(answer.ask[0]).toEqual({
      fact: "image-age",
      because: [{ rule: "X-image-age", facts: { age: "child", "image-age": "adult" }, source: "G-2" }],
    });
  });

  test("what a contradiction decides is explained by both answers", () => {
    const because = answerTo({ age: "child", "image-age": "adult", danger: "no", places: [] }).gates["strict"]?.because;
    expect(because?.map((reason) => reason.rule)).toEqual(["R-strict-disagreed"]);
    expect(answerTo({ age: "child", "image-age": "adult" }).tools[0]?.because[0]?.facts).toEqual({
      age: "child",
      "image-age": "adult",
    });
  });
});

describe("actions", () => {
  test("they stand in the order to be done, urgency first and then the pack's order", () => {
    expect(listed(answerTo({ danger: "yes" }))).toEqual(["listen now", "call now", "plan 24h"]);
    expect(listed(answerTo({ danger: "no", pressure: "no", places: [] }))).toEqual([
      "listen standard",
      "plan standard",
    ]);
  });

  test("what follows the case takes the shortest deadline still possible", () => {
    expect(listed(answerTo({}))).toEqual(["listen 24h", "plan 24h"]);
    expect(listed(answerTo({ danger: "no", pressure: "no" }))).toEqual(["listen 48h", "plan 48h"]);
  });

  test("the most urgent of several reasons decides, and all that hold are given", () => {
    const plan = answerTo({ danger: "no", pressure: "no", places: ["page", "group"] }).actions.find(
      ({ id }) => id === "plan",
    );
    expect(plan?.because.map((reason) => reason.rule)).toEqual(["R-plan", "R-plan-places"]);
    expect(plan?.urgency).toBe("48h");
  });

  test("an action behind a gate is listed only while it is open", () => {
    expect(listed(answerTo({ age: "adult", consent: "yes", wish: "yes", danger: "no" }))[0]).toBe("remove now");
    expect(listed(answerTo({ age: "adult", consent: "yes", danger: "no" }))).not.toContain("remove now");
  });

  test("a limit follows the list of places exactly", () => {
    const limitsWith = (places: readonly string[]): unknown =>
      answerTo({ places }).actions.find(({ id }) => id === "plan")?.limits;
    expect(limitsWith(["chat"])).toEqual(["chat-only"]);
    expect(limitsWith(["chat", "page"])).toEqual([]);
    expect(limitsWith([])).toEqual([]);
  });
});

describe("tools", () => {
  test("a tool is open only when it is offered, its gate is open and its own need is met", () => {
    const open = { age: "adult", "image-age": "adult", consent: "yes", wish: "yes" };
    expect(answerTo(open).tools[0]).toMatchObject({ offered: true, open: true, steps: [1, 2, 3] });
    expect(answerTo({ ...open, wish: "no" }).tools[0]).toMatchObject({ offered: true, open: false, steps: [1, 3] });
    expect(answerTo({ age: "adult", "image-age": "adult" }).tools[0]).toMatchObject({ offered: true, steps: [1] });
  });

  test("a tool that is not offered says what stands in the way", () => {
    expect(answerTo({ age: "child" }).tools[0]?.because).toEqual([
      { rule: "T-hash", facts: { age: "child" }, source: "G-6", unknown: ["image-age"] },
    ]);
  });

  test("what is unknown is never offered", () => {
    expect(answerTo({}).tools.map((tool) => tool.offered)).toEqual([false, true, false]);
  });
});

describe("contacts", () => {
  test("the best mandate comes first, then the pack's order", () => {
    expect(answerTo({}).contacts.map(({ id }) => id)).toEqual(["A-first", "A-second"]);
    expect(answerTo({ danger: "yes" }).contacts.map(({ id }) => id)).toEqual(["A-second", "A-first"]);
  });

  test("each says why it is shown", () => {
    const [best] = answerTo({ danger: "yes" }).contacts;
    expect(best?.because.map((reason) => reason.rule)).toEqual(["shows-kri", "R-call-second"]);
  });
});

describe("what to ask next", () => {
  test("the question that can raise the level most comes first", () => {
    expect(answerTo({}).ask[0]?.fact).toBe("danger");
  });

  test("what can no longer change anything is not asked", () => {
    const asked = answerTo({ age: "adult" }).ask.map(({ fact }) => fact);
    expect(asked).not.toContain("assent");
    expect(asked).toContain("consent");
  });

  test("a question that may not be asked yet waits, even where a gate needs its answer", () => {
    const answer = answerTo({ age: "adult", wish: "yes" });
    expect(answer.ask.map(({ fact }) => fact)).not.toContain("assent");
    expect(answerTo({ wish: "yes" }).ask.map(({ fact }) => fact)).toContain("assent");
  });

  test("each question says what it would help to settle", () => {
    expect(answerTo({}).ask[0]?.because[0]).toEqual({ rule: "R-danger", facts: {}, source: "G-1" });
    expect(
      answerTo({ danger: "yes", age: "adult", "image-age": "adult" }).ask.every(({ because }) => because.length > 0),
    ).toBe(true);
  });

  test("with everything known there is nothing to ask", () => {
    const all = {
      danger: "no",
      age: "adult",
      consent: "yes",
      assent: "yes",
      places: [],
      "image-age": "adult",
      pressure: "no",
      wish: "no",
    };
    expect(answerTo(all).ask).toEqual([]);
  });

  test("property: an unknown fact that could change a gate, the level or the deadline is asked", () => {
    const values: Record<string, readonly unknown[]> = {
      danger: ["yes", "no"],
      age: ["child", "adult"],
      consent: ["yes", "no"],
      assent: ["yes", "no", "cannot"],
      "image-age": ["child", "adult"],
      wish: ["yes", "no"],
    };
    const decided = ({ risk, gates, track }: Answer): string =>
      JSON.stringify([track, risk.level, risk.actWithinHours, Object.values(gates).map(({ state }) => state)]);
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...Object.keys(values)), (facts, id) => {
        const fewer: Facts = Object.fromEntries(Object.entries(facts).filter(([key]) => key !== id));
        const answer = answerTo(fewer);
        const changes = (values[id] ?? []).some(
          (value) => decided(answerTo({ ...fewer, [id]: String(value) })) !== decided(answer),
        );
        return !changes || answer.ask.some(({ fact }) => fact === id);
      }),
    );
  });
});

describe("reasons", () => {
  test("of several sufficient facts only the fewest are named", () => {
    const reason = answerTo({ danger: "yes", pressure: "yes" }).risk.because;
    expect(reason).toEqual([{ rule: "R-danger", facts: { danger: "yes" }, source: "G-1" }]);
  });

  test("the normal level rests on every factor that is known not to hold", () => {
    expect(answerTo({ danger: "no", pressure: "no", places: [] }).risk.because).toEqual([
      { rule: "normal", facts: { danger: "no", pressure: "no" }, source: "G-1" },
    ]);
  });

  test("property: the facts of a gate's reasons alone open it again", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const [id, gate] of Object.entries(answerTo(facts).gates)) {
          if (gate.state !== "open") continue;
          const alone: Facts = Object.fromEntries(gate.because.flatMap((reason) => Object.entries(reason.facts)));
          if (answerTo(alone).gates[id]?.state !== "open") return false;
        }
        return true;
      }),
    );
  });
});

describe("facts from outside", () => {
  const problemsOf = (input: unknown): unknown => {
    const parsed = parseFacts(smallPack, input);
    return parsed.ok ? [] : parsed.error;
  };

  test("a right object is taken, and a value named twice counts once", () => {
    expect(parseFacts(smallPack, { danger: "yes", places: ["page", "page"] })).toEqual({
      ok: true,
      value: { danger: "yes", places: ["page"] },
    });
  });

  test.each([["text"], [null], [3], [["danger"]], [undefined]])("%j is not a case", (input) => {
    expect(problemsOf(input)).toEqual([{ type: "NotAnObject" }]);
  });

  test("an unknown fact is refused, with the ids that may have been meant", () => {
    expect(problemsOf({ "image-ages": "adult" })).toEqual([
      { type: "FactUnknown", fact: "image-ages", nearest: ["image-age"] },
    ]);
    expect(problemsOf({ "age-of-image": "adult" })).toMatchObject([{ nearest: ["image-age", "age"] }]);
    expect(problemsOf({ constructor: "yes" })).toEqual([{ type: "FactUnknown", fact: "constructor", nearest: [] }]);
    expect(problemsOf(JSON.parse('{"__proto__":"yes"}'))).toEqual([
      { type: "FactUnknown", fact: "__proto__", nearest: [] },
    ]);
  });

  test.each([
    [{ danger: "maybe" }, "ValueWrong"],
    [{ danger: true }, "ValueWrong"],
    [{ danger: null }, "ValueWrong"],
    [{ danger: ["yes"] }, "OneValueExpected"],
    [{ places: "page" }, "ListExpected"],
    [{ places: ["moon"] }, "ValueWrong"],
    [{ places: [["page"]] }, "ValueWrong"],
    [{ places: Array.from({ length: 100 }, () => "page") }, "ListTooLong"],
  ])("%j is refused with the fact's name and what is allowed", (input, type) => {
    const [fact] = Object.keys(input);
    const allowed = smallPack.facts.find(({ id }) => id === fact)?.values;
    expect(problemsOf(input)).toEqual([{ type, fact, allowed }]);
  });

  test("every problem is reported, not only the first", () => {
    expect(problemsOf({ danger: "x", age: "y" })).toHaveLength(2);
  });

  test("a fact that slipped past the check stops the assessment instead of being read as unknown", () => {
    expect(() => answerTo({ unheard: "yes" })).toThrow("has not been refused");
    expect(() => answerTo({ danger: "perhaps" })).toThrow("has not been refused");
  });
});

describe("damaged packs", () => {
  test("a node with an unknown operation, or one that points nowhere, stops the assessment", () => {
    const withNode = (node: readonly number[]): (() => unknown) => {
      const pack = { ...smallPack, nodes: smallPack.nodes.map((old, index) => (index === 10 ? node : old)) };
      return () => assess(preparePack(pack), {});
    };
    expect(withNode([99, 1])).toThrow("unknown operation");
    expect(withNode([6])).toThrow("nothing stands");
  });
});
