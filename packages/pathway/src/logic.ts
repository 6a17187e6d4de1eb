/**
 * Three-valued evaluation of the pack's conditions, 32 cases at a time.
 *
 * Every node has two words of bits: where it is known to be true and where it is known to be
 * false; a bit in neither is unknown, and no bit is ever in both. One pass therefore answers the
 * case itself, or 32 variants of it (`ask` needs hundreds), for about the price of one.
 */

import { assert } from "@amana/kernel";
import type { Facts } from "./answer.ts";
import { type PackNode, operation } from "./pack.ts";
import { type FactValue, type PreparedPack, type Variant, at, unknownValue } from "./prepare.ts";

export const lanesMax = 32;

/** What a node is worth: bit n of `isTrue[node]` and `isFalse[node]` speaks of case n. */
export type Verdicts = { readonly isTrue: Int32Array; readonly isFalse: Int32Array };

/** The facts as bits, in the pack's order. What the pack does not know must have been refused by `parseFacts`. */
export const factValues = (prepared: PreparedPack, facts: Facts): Int32Array => {
  const values = new Int32Array(prepared.pack.facts.length).fill(unknownValue);
  for (const [id, given] of Object.entries(facts)) {
    const index = prepared.factIndexById.get(id);
    assert(index !== undefined, "A fact that the pack does not know has not been refused.");
    const fact = at(prepared.pack.facts, index);
    let bits = 0;
    for (const value of typeof given === "string" ? [given] : given) {
      const place = fact.values.indexOf(value);
      assert(place >= 0, "A value that the pack does not know has not been refused.");
      bits |= 1 << place;
    }
    values[index] = bits;
  }
  return values;
};

/** 1 true, 0 false, 2 unknown: what one atom says of one fact's value. */
export const atomVerdict = (node: PackNode, value: FactValue): 0 | 1 | 2 => {
  if (node[0] === operation.isKnown) return value === unknownValue ? 0 : 1;
  if (value === unknownValue) return 2;
  if (node[0] === operation.only) {
    return value !== 0 && (value & ~bitsOf(node, 2)) === 0 ? 1 : 0;
  }
  return bitCount(value & bitsOf(node, 3)) >= at(node, 2) ? 1 : 0;
};

const bitsOf = (node: PackNode, from: number): number => {
  let bits = 0;
  for (let place = from; place < node.length; place++) bits |= 1 << at(node, place);
  return bits;
};

export const bitCount = (bits: number): number => {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
};

export const emptyVerdicts = (prepared: PreparedPack): Verdicts => {
  const count = prepared.pack.nodes.length;
  return { isTrue: new Int32Array(count), isFalse: new Int32Array(count) };
};

/** The same case in every lane. */
export const evaluate = (prepared: PreparedPack, values: Int32Array): Verdicts => {
  const verdicts = emptyVerdicts(prepared);
  setAtoms(prepared, values, verdicts);
  evaluateInner(prepared, verdicts);
  return verdicts;
};

/**
 * Up to 32 variants of a case, one in each lane; lanes beyond them hold the case itself.
 * `into` is overwritten, so that a caller with many variants allocates once.
 */
export const evaluateVariants = (
  prepared: PreparedPack,
  base: Verdicts,
  variants: readonly Variant[],
  into: Verdicts,
): void => {
  assert(variants.length <= lanesMax, "More variants were given than there are lanes.");
  into.isTrue.set(base.isTrue);
  into.isFalse.set(base.isFalse);
  variants.forEach((variant, lane) => {
    for (const atom of at(prepared.atomsByFact, variant.fact)) {
      setLane(at(prepared.pack.nodes, atom), variant.value, lane, atom, into);
    }
  });
  evaluateInner(prepared, into);
};

const setAtoms = (prepared: PreparedPack, values: Int32Array, into: Verdicts): void => {
  prepared.atomsByFact.forEach((atoms, fact) => {
    for (const atom of atoms) {
      const verdict = atomVerdict(at(prepared.pack.nodes, atom), at(values, fact));
      into.isTrue[atom] = verdict === 1 ? -1 : 0;
      into.isFalse[atom] = verdict === 0 ? -1 : 0;
    }
  });
};

const setLane = (node: PackNode, value: FactValue, lane: number, atom: number, into: Verdicts): void => {
  const bit = 1 << lane;
  const verdict = atomVerdict(node, value);
  const yes = at(into.isTrue, atom);
  const no = at(into.isFalse, atom);
  into.isTrue[atom] = verdict === 1 ? yes | bit : yes & ~bit;
  into.isFalse[atom] = verdict === 0 ? no | bit : no & ~bit;
};

const evaluateInner = (prepared: PreparedPack, { isTrue, isFalse }: Verdicts): void => {
  const { nodes } = prepared.pack;
  const trueOf = (index: number): number => at(isTrue, index);
  const falseOf = (index: number): number => at(isFalse, index);
  for (const index of prepared.inner) {
    const node = at(nodes, index);
    const first = at(node, 1);
    let yes = 0;
    let no = 0;
    switch (node[0]) {
      case operation.constant:
        yes = first === 1 ? -1 : 0;
        no = first === 0 ? -1 : 0;
        break;
      case operation.and:
        yes = -1;
        for (let place = 1; place < node.length; place++) {
          yes &= trueOf(at(node, place));
          no |= falseOf(at(node, place));
        }
        break;
      case operation.or:
        no = -1;
        for (let place = 1; place < node.length; place++) {
          yes |= trueOf(at(node, place));
          no &= falseOf(at(node, place));
        }
        break;
      case operation.not:
        yes = falseOf(first);
        no = trueOf(first);
        break;
      case operation.maybe:
        no = falseOf(first);
        yes = ~no;
        break;
      case operation.known:
        yes = trueOf(first);
        no = ~yes;
        break;
      case operation.when:
        yes = falseOf(first) | trueOf(at(node, 2));
        no = trueOf(first) & falseOf(at(node, 2));
        break;
      case operation.pick:
        yes = (trueOf(first) & trueOf(at(node, 2))) | (~trueOf(first) & trueOf(at(node, 3)));
        no = (trueOf(first) & falseOf(at(node, 2))) | (~trueOf(first) & falseOf(at(node, 3)));
        break;
      default:
        assert(false, "A node of the pack has an unknown operation.");
    }
    isTrue[index] = yes;
    isFalse[index] = no;
  }
};
