/**
 * The rules for json-rules-engine.
 *
 * It knows true and false only, so every condition is written twice: where it is known to be true and
 * where it is known to be false. With both, it gives exactly our three-valued answers. Unknown facts
 * are null. Conditions that several rules share are named conditions of the engine.
 */

import { type CompiledPack, type NodeIndex, type PackNode, operation } from "@amana/pathway";
import { importPeer, installedVersion } from "../peers.ts";
import { type Peer, sharedNodes, valuesOf } from "./peer.ts";
import type { Rule } from "./rules.ts";

type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly condition: string }
  | { readonly fact: string; readonly operator: string; readonly value: unknown };

/** The little of the engine that is used here. */
type Engine = {
  readonly addRule: (rule: { conditions: Condition; event: { type: string } }) => unknown;
  readonly setCondition: (name: string, condition: Condition) => unknown;
  readonly addOperator: (name: string, test: (named: unknown, value: unknown) => boolean) => void;
  readonly run: (
    facts: Readonly<Record<string, unknown>>,
  ) => Promise<{ readonly events: readonly { readonly type: string }[] }>;
};
type Module = { readonly Engine: new () => Engine };

const name = "json-rules-engine";

export const jsonRulesEngine = async (pack: CompiledPack, rules: readonly Rule[]): Promise<Peer> => {
  // Its types are not installed where ours are checked; these are the parts its documentation promises.
  const { Engine } = (await importPeer(name, "dist/index.js")) as Module;
  const engine = new Engine();
  addOperators(engine);
  const writer = makeWriter(
    pack,
    sharedNodes(
      pack,
      rules.map(({ node }) => node),
    ),
  );
  for (const { key, node, holdsWhen } of rules) {
    const condition = holdsWhen === "true" ? writer.whereTrue(node) : { not: writer.whereFalse(node) };
    engine.addRule({ conditions: { all: [condition] }, event: { type: key } });
  }
  writer.named.forEach((condition, key) => void engine.setCondition(key, { all: [condition] }));
  const unknown = Object.fromEntries(pack.facts.map(({ id }) => [id, null]));
  return {
    name: `${name} ${installedVersion(name) ?? ""}`,
    every: 1,
    caseFrom: (facts) => ({ ...unknown, ...facts }),
    // The case is what `caseFrom` made.
    run: (peerCase) => engine.run(peerCase as Readonly<Record<string, unknown>>),
    // The result is what `run` gave.
    holding: (result) => new Set((result as Awaited<ReturnType<Engine["run"]>>).events.map(({ type }) => type)),
  };
};

/** Tests of lists as operators of their own: quicker for the engine than one `contains` for each value. */
const addOperators = (engine: Engine): void => {
  const onList = (
    operator: string,
    test: (list: readonly unknown[], value: { least: number; values: readonly unknown[] }) => boolean,
  ): void =>
    engine.addOperator(operator, (list, value) => {
      // Every condition below hands these operators such a value.
      return Array.isArray(list) && test(list, value as { least: number; values: readonly unknown[] });
    });
  const count = (list: readonly unknown[], values: readonly unknown[]): number =>
    values.filter((value) => list.includes(value)).length;
  onList("namesAtLeast", (list, { least, values }) => count(list, values) >= least);
  onList("namesFewer", (list, { least, values }) => count(list, values) < least);
  onList("namesOnly", (list, { values }) => list.length > 0 && list.every((value) => values.includes(value)));
  onList("namesNotOnly", (list, { values }) => list.length === 0 || !list.every((value) => values.includes(value)));
};

type Writer = {
  readonly whereTrue: (index: NodeIndex) => Condition;
  readonly whereFalse: (index: NodeIndex) => Condition;
  readonly named: ReadonlyMap<string, Condition>;
};

const makeWriter = (pack: CompiledPack, shared: ReadonlySet<NodeIndex>): Writer => {
  const named = new Map<string, Condition>();
  const write = (index: NodeIndex, side: "true" | "false"): Condition => {
    const node = pack.nodes[index] ?? [];
    const condition = () => (side === "true" ? trueSide(pack, node, write) : falseSide(pack, node, write));
    if (!shared.has(index)) return condition();
    const key = `${side}-${index}`;
    if (!named.has(key)) named.set(key, condition());
    return { condition: key };
  };
  return { whereTrue: (index) => write(index, "true"), whereFalse: (index) => write(index, "false"), named };
};

type Write = (index: NodeIndex, side: "true" | "false") => Condition;

const always: Condition = { all: [] };
const never: Condition = { not: always };

const trueSide = (pack: CompiledPack, node: PackNode, write: Write): Condition => {
  const [kind, first = -1, second = -1, third = -1] = node;
  const parts = node.slice(1);
  switch (kind) {
    case operation.constant:
      return first === 1 ? always : never;
    case operation.has:
    case operation.only:
    case operation.isKnown:
      return atom(pack, node, "true");
    case operation.and:
      return { all: parts.map((part) => write(part, "true")) };
    case operation.or:
      return { any: parts.map((part) => write(part, "true")) };
    case operation.not:
      return write(first, "false");
    case operation.maybe:
      return { not: write(first, "false") };
    case operation.known:
      return write(first, "true");
    case operation.when:
      return { any: [write(first, "false"), write(second, "true")] };
    default:
      return picked(write(first, "true"), write(second, "true"), write(third, "true"));
  }
};

const falseSide = (pack: CompiledPack, node: PackNode, write: Write): Condition => {
  const [kind, first = -1, second = -1, third = -1] = node;
  const parts = node.slice(1);
  switch (kind) {
    case operation.constant:
      return first === 0 ? always : never;
    case operation.has:
    case operation.only:
    case operation.isKnown:
      return atom(pack, node, "false");
    case operation.and:
      return { any: parts.map((part) => write(part, "false")) };
    case operation.or:
      return { all: parts.map((part) => write(part, "false")) };
    case operation.not:
      return write(first, "true");
    case operation.maybe:
      return write(first, "false");
    case operation.known:
      return { not: write(first, "true") };
    case operation.when:
      return { all: [write(first, "true"), write(second, "false")] };
    default:
      return picked(write(first, "true"), write(second, "false"), write(third, "false"));
  }
};

const picked = (condition: Condition, then: Condition, otherwise: Condition): Condition => ({
  any: [{ all: [condition, then] }, { all: [{ not: condition }, otherwise] }],
});

const atom = (pack: CompiledPack, node: PackNode, side: "true" | "false"): Condition => {
  const fact = pack.facts[node[1] ?? -1];
  const id = fact?.id ?? "";
  const values = valuesOf(pack, node);
  if (node[0] === operation.isKnown) return { fact: id, operator: side === "true" ? "notEqual" : "equal", value: null };
  if (fact?.kind !== "list") {
    const others = fact?.values.filter((value) => !values.includes(value)) ?? [];
    return { fact: id, operator: "in", value: side === "true" ? values : others };
  }
  if (node[0] === operation.only)
    return { fact: id, operator: side === "true" ? "namesOnly" : "namesNotOnly", value: { values } };
  return {
    fact: id,
    operator: side === "true" ? "namesAtLeast" : "namesFewer",
    value: { least: node[2] ?? 1, values },
  };
};
