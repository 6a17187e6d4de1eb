/**
 * The graph of conditions while it is built: equal nodes are made once, children stand before parents.
 *
 * Simplified is only what leaves every verdict, of the three, and every explanation as it was: a part
 * said twice, a junction of one part, a constant that cannot decide.
 */

import { type NodeIndex, type PackNode, operation } from "@amana/pathway";

export type Graph = {
  readonly nodes: PackNode[];
  readonly indexByKey: Map<string, NodeIndex>;
};

export const emptyGraph = (): Graph => ({ nodes: [], indexByKey: new Map() });

/** The node's place; the same node twice is one place. */
export const nodeOf = (graph: Graph, node: PackNode): NodeIndex => {
  const key = node.join(" ");
  const known = graph.indexByKey.get(key);
  if (known !== undefined) return known;
  const index = graph.nodes.length;
  graph.nodes.push(node);
  graph.indexByKey.set(key, index);
  return index;
};

export type Constant = "true" | "false" | "unknown";
const constantValue = { true: 1, false: 0, unknown: 2 } as const;

export const constantOf = (graph: Graph, constant: Constant): NodeIndex =>
  nodeOf(graph, [operation.constant, constantValue[constant]]);

const isConstant = (graph: Graph, index: NodeIndex, constant: Constant): boolean => {
  const [kind, value] = graph.nodes[index] ?? [];
  return kind === operation.constant && value === constantValue[constant];
};

/** True when all parts are true; the parts keep their order. */
export const andOf = (graph: Graph, parts: readonly NodeIndex[]): NodeIndex =>
  junctionOf(graph, operation.and, parts, { neutral: "true", deciding: "false" });

/** True when a part is true. */
export const orOf = (graph: Graph, parts: readonly NodeIndex[]): NodeIndex =>
  junctionOf(graph, operation.or, parts, { neutral: "false", deciding: "true" });

const junctionOf = (
  graph: Graph,
  kind: number,
  parts: readonly NodeIndex[],
  { neutral, deciding }: { readonly neutral: Constant; readonly deciding: Constant },
): NodeIndex => {
  if (parts.some((part) => isConstant(graph, part, deciding))) return constantOf(graph, deciding);
  const left = [...new Set(parts)].filter((part) => !isConstant(graph, part, neutral));
  const [first] = left;
  if (first === undefined) return constantOf(graph, neutral);
  return left.length === 1 ? first : nodeOf(graph, [kind, ...left]);
};

export const notOf = (graph: Graph, part: NodeIndex): NodeIndex => {
  if (isConstant(graph, part, "true")) return constantOf(graph, "false");
  if (isConstant(graph, part, "false")) return constantOf(graph, "true");
  return nodeOf(graph, [operation.not, part]);
};

/** `maybe` or `known` of a part. */
export const settledOf = (graph: Graph, kind: "maybe" | "known", part: NodeIndex): NodeIndex => {
  const isSettled = isConstant(graph, part, "true") || isConstant(graph, part, "false");
  return isSettled ? part : nodeOf(graph, [operation[kind], part]);
};

/** True when the condition is known not to hold, else as `then` says. */
export const whenOf = (graph: Graph, condition: NodeIndex, then: NodeIndex): NodeIndex =>
  nodeOf(graph, [operation.when, condition, then]);

/** `then` while the condition is true, else `otherwise`. */
export const pickOf = (graph: Graph, condition: NodeIndex, then: NodeIndex, otherwise: NodeIndex): NodeIndex =>
  nodeOf(graph, [operation.pick, condition, then, otherwise]);
