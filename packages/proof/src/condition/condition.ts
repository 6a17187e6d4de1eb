/**
 * A condition of the pack as a tree, as it was written: `docs/formats/pack.md`, section 2.
 * Names in it have been checked against the vocabulary, so whoever walks it need not doubt them.
 */

export type Condition =
  | { readonly kind: "constant"; readonly value: boolean }
  /** At least so many of these values hold. */
  | { readonly kind: "has"; readonly fact: string; readonly atLeast: number; readonly values: readonly string[] }
  /** Something holds, and nothing but these. */
  | { readonly kind: "only"; readonly fact: string; readonly values: readonly string[] }
  | { readonly kind: "fact-known"; readonly fact: string }
  | { readonly kind: "definition"; readonly id: string }
  | { readonly kind: "level"; readonly id: string }
  | { readonly kind: "open"; readonly gate: string }
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not" | "maybe" | "known"; readonly part: Condition }
  | { readonly kind: "if"; readonly condition: Condition; readonly then: Condition };

/** What a condition may speak of. */
export type Vocabulary = {
  readonly facts: ReadonlyMap<string, FactVocabulary>;
  readonly definitions: ReadonlySet<string>;
  readonly gates: ReadonlySet<string>;
  /** Levels a case can be at least at: all but the last. */
  readonly levels: ReadonlySet<string>;
};

export type FactVocabulary = { readonly isList: boolean; readonly values: readonly string[] };

/** The parts directly below. */
const partsOf = (condition: Condition): readonly Condition[] => {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.parts;
    case "not":
    case "maybe":
    case "known":
      return [condition.part];
    case "if":
      return [condition.condition, condition.then];
    default:
      return [];
  }
};

/** The condition and everything in it; what references stand for is not entered. */
export function* everyPart(condition: Condition): Generator<Condition> {
  yield condition;
  for (const part of partsOf(condition)) yield* everyPart(part);
}
