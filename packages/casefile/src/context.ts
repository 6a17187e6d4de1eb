/** What a command is decided with, beside the state: the moment, the person, the pathway's answer. */

import type { Instant, Result } from "@amana/kernel";
import type { Answer, FactVocabulary, Facts } from "@amana/pathway";
import type { CaseRole } from "./by.ts";
import type { CaseError } from "./error.ts";
import type { CaseEvent } from "./event.ts";
import type { PersonId } from "./ids.ts";

export type Actor = { readonly person: PersonId; readonly roles: readonly CaseRole[] };

export type Context = {
  readonly now: Instant;
  readonly actor: Actor;
  /** Commands behind a gate are refused without it. */
  readonly advice?: Advice;
};

/**
 * The pathway's answer, and the facts it was given for: what `factsOf(state, now, vocabulary)` said. For other facts it
 * counts for nothing.
 */
export type Advice = { readonly answer: Answer; readonly facts: Facts; readonly vocabulary?: FactVocabulary };

export type Decision = Result<readonly CaseEvent[], CaseError>;
