/** Proves one property of a changed pack, for tests that expect it to be broken. */

import { assert } from "@amana/kernel";
import { compilePack } from "../compile/pack.ts";
import type { PackSource } from "../pack/source.ts";
import { type Counterexample, type PropertyResult, provePack } from "../proof/prove.ts";

/** The result of the property of this id. */
export const resultOf = (source: PackSource, id: string, isExact = true): PropertyResult => {
  const [result] = provePack(compilePack(source), { ids: [id], isExact });
  assert(result !== undefined, "a test asks for a property that does not exist");
  return result;
};

/** The counterexample, which must be there and must have been replayed through the engine. */
export const counterexampleTo = (source: PackSource, id: string): Counterexample => {
  const { counterexample } = resultOf(source, id);
  assert(counterexample !== undefined, "a broken pack is not caught");
  assert(counterexample.isReplayed, "the engine does not confirm the counterexample");
  return counterexample;
};
