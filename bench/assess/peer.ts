/** What a peer must do to be measured: be made ready once from the pack, then say for a case which rules hold. */

import type { CompiledPack, Facts, NodeIndex, PackNode } from "@amana/pathway";
import { operation } from "@amana/pathway";

/** A case as the peer wants it. Made outside of what is measured. */
export type PeerCase = unknown;

export type Peer = {
  readonly name: string;
  readonly caseFrom: (facts: Facts) => PeerCase;
  /** It is measured on each so-manieth case: 1 unless it is so slow that all of them would take many minutes. */
  readonly every: number;
  /** The work that is measured. */
  readonly run: (peerCase: PeerCase) => Promise<unknown>;
  /** The keys of the rules that held, from what `run` gave back. */
  readonly holding: (result: unknown) => ReadonlySet<string>;
};

const isAtom = (node: PackNode): boolean =>
  node[0] === operation.has || node[0] === operation.only || node[0] === operation.isKnown;

/** The nodes below a node. */
const childrenOf = (node: PackNode): readonly NodeIndex[] =>
  isAtom(node) || node[0] === operation.constant ? [] : node.slice(1);

/** Nodes that more than one other node or rule rests on: a peer gives each a name, as an author would. */
export const sharedNodes = (pack: CompiledPack, roots: readonly NodeIndex[]): ReadonlySet<NodeIndex> => {
  const uses = new Map<NodeIndex, number>();
  const visit = (index: NodeIndex): void => {
    const before = uses.get(index) ?? 0;
    uses.set(index, before + 1);
    if (before === 0) childrenOf(pack.nodes[index] ?? []).forEach(visit);
  };
  roots.forEach(visit);
  const isShared = ([index, count]: readonly [NodeIndex, number]): boolean =>
    count > 1 && !isAtom(pack.nodes[index] ?? []);
  return new Set([...uses].filter(isShared).map(([index]) => index));
};

/** The values that an atom names. */
export const valuesOf = (pack: CompiledPack, node: PackNode): readonly string[] => {
  const fact = pack.facts[node[1] ?? -1];
  return node.slice(node[0] === operation.has ? 3 : 2).map((value) => fact?.values[value] ?? "");
};
