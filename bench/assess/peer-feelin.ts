/**
 * The rules for feelin, an interpreter of FEEL, the expression language of the DMN standard.
 *
 * FEEL has three values for `and`, `or` and `not`, with null as unknown, so the conditions are written
 * once. Its `=` is two-valued, so a test of a fact begins by asking whether the fact is null.
 * All rules are one context, in which conditions that are shared are entries of their own.
 *
 * The library has no call that parses once and evaluates often. It is measured both as documented, and
 * with all rules as the body of one FEEL function, parsed once, which is the quickest way we found.
 */

import { type CompiledPack, type Facts, type NodeIndex, type PackNode, operation } from "@amana/pathway";
import { importPeer, installedVersion } from "../peers.ts";
import { type Peer, sharedNodes, valuesOf } from "./peer.ts";
import type { Rule } from "./rules.ts";

/** The little of the library that is used here. */
type FeelFunction = { readonly invoke: (values: readonly unknown[]) => unknown };
type Module = {
  readonly evaluate: (expression: string, context?: Readonly<Record<string, unknown>>) => { readonly value: unknown };
};

const name = "feelin";

export const feelin = async (pack: CompiledPack, rules: readonly Rule[]): Promise<readonly [Peer, Peer]> => {
  // Its types are not installed where ours are checked; these are the parts its documentation promises.
  const { evaluate } = (await importPeer(name, "dist/index.js")) as Module;
  const version = `${name} ${installedVersion(name) ?? ""}`;
  const context = contextOf(pack, rules);
  const parameters = pack.facts.map((_, index) => factName(index)).join(", ");
  // A FEEL function definition evaluates to an object with `invoke`.
  const compiled = evaluate(`function(${parameters}) ${context}`).value as FeelFunction;
  const valuesFrom = (facts: Facts): readonly unknown[] => pack.facts.map(({ id }) => facts[id] ?? null);
  const holding = (result: unknown): ReadonlySet<string> => {
    // The result is the context above with its values.
    const entries = result as Readonly<Record<string, unknown>>;
    return new Set(rules.filter((_, index) => entries[ruleName(index)] === true).map(({ key }) => key));
  };
  return [
    {
      name: `${version}, parsed once as a function`,
      every: 1,
      caseFrom: valuesFrom,
      // The case is what `caseFrom` made.
      run: (peerCase) => Promise.resolve(compiled.invoke(peerCase as readonly unknown[])),
      holding,
    },
    {
      name: `${version}, evaluate()`,
      every: 50,
      caseFrom: (facts) => Object.fromEntries(valuesFrom(facts).map((value, index) => [factName(index), value])),
      // The case is what `caseFrom` made.
      run: (peerCase) => Promise.resolve(evaluate(context, peerCase as Readonly<Record<string, unknown>>).value),
      holding,
    },
  ];
};

const factName = (index: number): string => `f${index}`;
const nodeName = (index: NodeIndex): string => `n${index}`;
const ruleName = (index: number): string => `r${index}`;

/** All rules as one FEEL context: shared conditions first, children before parents. */
const contextOf = (pack: CompiledPack, rules: readonly Rule[]): string => {
  const shared = sharedNodes(
    pack,
    rules.map(({ node }) => node),
  );
  const write = (index: NodeIndex): string =>
    shared.has(index) ? nodeName(index) : expression(pack, pack.nodes[index] ?? [], write);
  const entries = [...shared]
    .sort((one, other) => one - other)
    .map((index) => `${nodeName(index)}: ${expression(pack, pack.nodes[index] ?? [], write)}`);
  const results = rules.map(({ node, holdsWhen }, index) => {
    const condition = write(node);
    return `${ruleName(index)}: ${holdsWhen === "true" ? condition : `(${condition}) != false`}`;
  });
  return `{ ${[...entries, ...results].join(", ")} }`;
};

const expression = (pack: CompiledPack, node: PackNode, write: (index: NodeIndex) => string): string => {
  const [kind, first = -1, second = -1, third = -1] = node;
  const parts = node.slice(1);
  switch (kind) {
    case operation.constant:
      return first === 1 ? "true" : first === 0 ? "false" : "null";
    case operation.has:
    case operation.only:
    case operation.isKnown:
      return atom(pack, node);
    case operation.and:
      return `(${parts.map(write).join(" and ")})`;
    case operation.or:
      return `(${parts.map(write).join(" or ")})`;
    case operation.not:
      return `not(${write(first)})`;
    case operation.maybe:
      return `((${write(first)}) != false)`;
    case operation.known:
      return `((${write(first)}) = true)`;
    case operation.when:
      return `(not(${write(first)}) or ${write(second)})`;
    default:
      return `(if (${write(first)}) = true then ${write(second)} else ${write(third)})`;
  }
};

const atom = (pack: CompiledPack, node: PackNode): string => {
  const fact = pack.facts[node[1] ?? -1];
  const factIs = factName(node[1] ?? -1);
  const values = valuesOf(pack, node).map((value) => `"${value}"`);
  if (node[0] === operation.isKnown) return `(${factIs} != null)`;
  if (fact?.kind !== "list") {
    const test = values.length === 1 ? `${factIs} = ${values[0] ?? ""}` : `${factIs} in (${values.join(", ")})`;
    return `(if ${factIs} = null then null else ${test})`;
  }
  const list = `[${values.join(", ")}]`;
  if (node[0] === operation.only) {
    return `(if ${factIs} = null then null else count(${factIs}) > 0 and every v in ${factIs} satisfies list contains(${list}, v))`;
  }
  // `list contains` of null is null, so one value needs no question before it.
  if (node[2] === 1 && values.length === 1) return `list contains(${factIs}, ${values[0] ?? ""})`;
  if (node[2] === 1)
    return `(if ${factIs} = null then null else some v in ${factIs} satisfies list contains(${list}, v))`;
  return `(if ${factIs} = null then null else count(${factIs}[list contains(${list}, item)]) >= ${node[2] ?? 1})`;
};
