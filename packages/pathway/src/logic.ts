/**
 * Three-valued evaluation of the pack's conditions, 32 cases at a time.
 *
 * Every node has two words of bits: where it is known to be true and where it is known to be
 * false; a bit in neither is unknown, and no bit is ever in both. One pass therefore answers the
 * case itself, or 32 variants of it (`ask` needs hundreds), for about the price of one.
 */

import { assert } from "@amana/kernel";
import type { Facts } from "./answer.ts";
import { operation } from "./pack.ts";
import { type FactValue, type PreparedPack, type Variant, at, atomVerdict, unknownValue, wordAt } from "./prepare.ts";

export const lanesMax = 32;

/** What a node is worth: bit n of `isTrue[node]` and `isFalse[node]` speaks of case n. */
export type Verdicts = { readonly isTrue: Int32Array; readonly isFalse: Int32Array };

/** The facts as bits, in the pack's order. What the pack does not know must have been refused by `parseFacts`. */
export const factValues = (prepared: PreparedPack, facts: Facts): Int32Array => {
  const values = new Int32Array(prepared.pack.facts.length).fill(unknownValue);
  for (const id of Object.keys(facts)) {
    const given = facts[id];
    const index = prepared.factIndexById.get(id);
    assert(index !== undefined && given !== undefined, "A fact that the pack does not know has not been refused.");
    const bits = at(prepared.bitsByFact, index);
    values[index] =
      typeof given === "string" ? bitOf(bits, given) : given.reduce((all, one) => all | bitOf(bits, one), 0);
  }
  return values;
};

const bitOf = (bits: ReadonlyMap<string, FactValue>, value: string): FactValue => {
  const bit = bits.get(value);
  assert(bit !== undefined, "A value that the pack does not know has not been refused.");
  return bit;
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
  variants.forEach(({ makesTrue, makesFalse }, lane) => {
    const bit = 1 << lane;
    setLane(makesTrue, into.isTrue, into.isFalse, bit);
    setLane(makesFalse, into.isFalse, into.isTrue, bit);
  });
  evaluateInner(prepared, into);
};

/** In this lane these atoms have the one verdict, and so not the other. */
const setLane = (atoms: Int32Array, has: Int32Array, lacks: Int32Array, bit: number): void => {
  for (const atom of atoms) {
    has[atom] = wordAt(has, atom) | bit;
    lacks[atom] = wordAt(lacks, atom) & ~bit;
  }
};

const setAtoms = (prepared: PreparedPack, values: Int32Array, into: Verdicts): void => {
  prepared.atomsByFact.forEach((atoms, fact) => {
    for (const atom of atoms) {
      const verdict = atomVerdict(at(prepared.pack.nodes, atom), wordAt(values, fact));
      into.isTrue[atom] = verdict === 1 ? -1 : 0;
      into.isFalse[atom] = verdict === 0 ? -1 : 0;
    }
  });
};

const evaluateInner = ({ program }: PreparedPack, { isTrue, isFalse }: Verdicts): void => {
  const trueOf = (place: number): number => wordAt(isTrue, wordAt(program, place));
  const falseOf = (place: number): number => wordAt(isFalse, wordAt(program, place));
  for (let place = 0; place < program.length;) {
    const index = wordAt(program, place);
    const first = place + 3;
    const end = first + wordAt(program, place + 2);
    let yes = 0;
    let no = 0;
    switch (wordAt(program, place + 1)) {
      case operation.constant:
        yes = wordAt(program, first) === 1 ? -1 : 0;
        no = wordAt(program, first) === 0 ? -1 : 0;
        break;
      case operation.and:
        yes = -1;
        for (let part = first; part < end; part++) {
          yes &= trueOf(part);
          no |= falseOf(part);
        }
        break;
      case operation.or:
        no = -1;
        for (let part = first; part < end; part++) {
          yes |= trueOf(part);
          no &= falseOf(part);
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
        yes = falseOf(first) | trueOf(first + 1);
        no = trueOf(first) & falseOf(first + 1);
        break;
      case operation.pick:
        yes = (trueOf(first) & trueOf(first + 1)) | (~trueOf(first) & trueOf(first + 2));
        no = (trueOf(first) & falseOf(first + 1)) | (~trueOf(first) & falseOf(first + 2));
        break;
      default:
        assert(false, "A node of the pack has an unknown operation.");
    }
    isTrue[index] = yes;
    isFalse[index] = no;
    place = end;
  }
};
