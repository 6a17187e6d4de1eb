/** Compiling: the same bytes each time, children before parents, three values kept, and contradictions read with care. */

import { type CompiledPack, type Facts, assess, operation, parseFacts, preparePack } from "@amana/pathway";
import { describe, expect, it } from "vitest";
import { emptyCircuit, evaluateCircuit } from "../circuit/circuit.ts";
import { freeCase, inputsFor } from "../encoding/facts.ts";
import { encodeNodes } from "../encoding/nodes.ts";
import { nationalSource, withCells } from "../testing/national.ts";
import { randomCase, randomFrom } from "../testing/random-case.ts";
import { compileText, makeCompiler } from "./conditions.ts";
import { compilePack } from "./pack.ts";

const national = nationalSource();

type Verdict = "true" | "false" | "unknown";

/** What a condition says of a case, compiled in each of the three readings. */
const verdictsOf = (
  when: string,
  facts: Facts,
  source = national,
): Readonly<Record<"given" | "read" | "possible", Verdict>> => {
  const compiler = makeCompiler(source.tables);
  const at = {
    given: compileText(compiler, when, "given"),
    read: compileText(compiler, when, "read"),
    possible: compileText(compiler, when, "possible"),
  };
  const pack: CompiledPack = { ...compilePack(source), nodes: compiler.graph.nodes };
  const circuit = emptyCircuit();
  const literals = freeCase(circuit, pack);
  const nodes = encodeNodes(circuit, pack, literals);
  const worth = evaluateCircuit(circuit, inputsFor(circuit, pack, literals, facts));
  const verdict = (index: number): Verdict => {
    const node = nodes[index];
    if (node === undefined) return "unknown";
    return worth(node.isTrue) ? "true" : worth(node.isFalse) ? "false" : "unknown";
  };
  return { given: verdict(at.given), read: verdict(at.read), possible: verdict(at.possible) };
};

describe("a compiled pack", () => {
  const pack = compilePack(national);

  it("is the same each time", () => {
    expect(JSON.stringify(compilePack(nationalSource()))).toBe(JSON.stringify(pack));
  });

  it("has each node once, and children before parents", () => {
    expect(new Set(pack.nodes.map((node) => node.join(" "))).size).toBe(pack.nodes.length);
    pack.nodes.forEach((node, index) => {
      const [kind, ...parts] = node;
      const isLeaf =
        kind === operation.constant || kind === operation.has || kind === operation.only || kind === operation.isKnown;
      if (!isLeaf) for (const part of parts) expect(part).toBeLessThan(index);
    });
  });

  it("keeps the order of the tables", () => {
    expect(pack.facts.map(({ id }) => id)).toEqual(national.tables.facts.map(({ id }) => id));
    expect(pack.actions.map(({ id }) => id)).toEqual(national.tables.actions.map(({ id }) => id));
    expect(pack.facts.find(({ id }) => id === "disability")?.values).toEqual(["yes", "no"]);
  });
});

describe("a condition", () => {
  it.each<[string, Facts, Verdict]>([
    ["age is child", {}, "unknown"],
    ["not age is child", {}, "unknown"],
    ["maybe age is child", {}, "true"],
    ["known age is child", {}, "false"],
    ["age is known", {}, "false"],
    ["age is child and never", {}, "false"],
    ["age is child or always", {}, "true"],
    ["if age is child then safe-device is yes", {}, "unknown"],
    ["if age is child then safe-device is yes", { age: "adult" }, "true"],
    ["if age is child then safe-device is yes", { age: "child", "safe-device": "no" }, "false"],
    ["if age is child then safe-device is yes", { "safe-device": "no" }, "unknown"],
    ["platforms has whatsapp", { platforms: [] }, "false"],
    ["platforms has only whatsapp/telegram", { platforms: [] }, "false"],
    ["platforms has only whatsapp/telegram", { platforms: ["whatsapp"] }, "true"],
    ["platforms has only whatsapp/telegram", { platforms: ["whatsapp", "x"] }, "false"],
    ["platforms has at least 2", { platforms: ["whatsapp", "x"] }, "true"],
    ["platforms has at least 2", { platforms: ["whatsapp"] }, "false"],
    ["@level:high", {}, "false"],
    ["@level:medium", { "immediate-danger": "yes" }, "true"],
    ["@open:law-report", {}, "false"],
  ])("%s of %j is %s", (when, facts, verdict) => {
    expect(verdictsOf(when, facts).read).toBe(verdict);
  });

  it("is possible until no missing fact could make it true", () => {
    expect(verdictsOf("known age is child", {}).possible).toBe("unknown");
    expect(verdictsOf("known age is child", { age: "adult" }).possible).toBe("false");
    expect(verdictsOf("age is known", {}).possible).toBe("unknown");
    expect(verdictsOf("@open:law-report", { "wants-law-report": "no" }).possible).toBe("false");
  });
});

describe("a contradiction", () => {
  const contradicting = { age: "child", "age-in-image": "adult" };

  it("is seen in the answers as given, and read as the pack says", () => {
    expect(verdictsOf("age-in-image is child", contradicting)).toEqual({
      given: "false",
      read: "true",
      possible: "true",
    });
    expect(verdictsOf("age-in-image is adult", contradicting)).toEqual({
      given: "true",
      read: "false",
      possible: "false",
    });
  });

  it("that reads a fact as unknown makes every test of it unknown, and the fact not known", () => {
    const facts = { harm: ["csam"], "sexual-content": "no" };
    expect(verdictsOf("sexual-content is no", facts).read).toBe("unknown");
    expect(verdictsOf("sexual-content is yes", facts).read).toBe("unknown");
    expect(verdictsOf("sexual-content is known", facts).read).toBe("false");
    expect(verdictsOf("not sexual-content is known", facts).read).toBe("true");
  });

  it("that could still come to be leaves open what rests on it", () => {
    // Not a child's as far as is known; but were the person a child, the image would be read as a child's.
    expect(verdictsOf("age-in-image is child", { "age-in-image": "adult" })).toEqual({
      given: "false",
      read: "false",
      possible: "unknown",
    });
    expect(verdictsOf("age-in-image is child", { "age-in-image": "adult", age: "adult" }).possible).toBe("false");
  });

  it("only asked again leaves the answer as it is", () => {
    expect(verdictsOf("guardian-unsafe is no", { "guardian-unsafe": "no", "threat-source": ["family"] }).read).toBe(
      "true",
    );
  });

  it("that stands first decides, where two speak of one fact", () => {
    const source = withCells(national, "contradictions", "X-region-and-governorate", {
      fact: "age-in-image",
      when: "age is child",
      "treat-as": "unknown",
    });
    expect(verdictsOf("age-in-image is child", contradicting, source).read).toBe("true");
    expect(verdictsOf("age-in-image is adult", { age: "child", "age-in-image": "child" }, source).read).toBe("unknown");
  });
});

describe("what the proof cannot see of the engine", () => {
  it("property: every part of an answer that is listed, open or shown gives a reason with a source", () => {
    const pack = compilePack(national);
    const prepared = preparePack(pack);
    const random = randomFrom(21);
    for (let round = 0; round < 300; round++) {
      const facts = parseFacts(pack, randomCase(pack, random, [0.1, 0.5, 1][round % 3] ?? 1));
      if (!facts.ok) throw new Error("A random case is always in the vocabulary.");
      const answer = assess(prepared, facts.value);
      const parts = [
        answer.risk,
        ...Object.values(answer.gates),
        ...answer.actions,
        ...answer.tools,
        ...answer.contacts,
      ];
      for (const { because } of parts) {
        expect(because.length).toBeGreaterThan(0);
        for (const reason of because) expect(reason.source).not.toBe("");
      }
    }
  });
});
