/** Stops when something that cannot happen has happened: our own mistake, never the caller's. */

/** The sentence is a constant, so that no value from a case can reach an error or a log. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

/** The last branch of a `switch` over a union: the compiler refuses it while a case is missing. */
export const exhausted = (_value: never): never => {
  throw new Error("A value outside of its type reached a switch.");
};
