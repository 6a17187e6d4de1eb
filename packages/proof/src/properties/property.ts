/**
 * What a property is: sentences about every possible case, each with the cases in which it would be broken.
 * It is proved when there is no such case.
 */

import type { CompiledPack } from "@amana/pathway";
import { type Circuit, type Literal, never, or } from "../circuit/circuit.ts";
import {
  type EncodedAction,
  type EncodedAnswer,
  type EncodedContact,
  type EncodedGate,
  type EncodedTool,
  encodeAnswer,
} from "../encoding/answer.ts";
import { type CaseLiterals, type FactValue, caseWith, caseWithMore } from "../encoding/facts.ts";
import { type CaseView, viewOf } from "../spec/view.ts";

/** The part of the answer that a sentence is about; its reasons are shown with a counterexample. */
export type About = {
  readonly part: "level" | "track" | "gate" | "action" | "tool" | "contact";
  readonly id: string;
};

/** One sentence with the cases in which it is broken. */
export type Claim = {
  /** What is wrong in such a case, in words. */
  readonly broken: string;
  readonly when: Literal;
  readonly about: About | null;
  /** The case it speaks of, and for what compares two cases, the second. */
  readonly first: CaseLiterals;
  readonly second: CaseLiterals | null;
};

/** Something that some case must allow. */
export type Possibility = { readonly missing: string; readonly when: Literal };

export type Property = {
  /** `S-1` to `S-14`, or the name of what section 13 defines. */
  readonly id: string;
  /** A sentence a supervisor can confirm. */
  readonly title: string;
  readonly claims: (world: World) => readonly Claim[];
  readonly possibilities?: (world: World) => readonly Possibility[];
  /** What is worth knowing and breaks nothing. */
  readonly notes?: (pack: CompiledPack) => readonly string[];
};

/** One case with its answer. */
export type Case = { readonly literals: CaseLiterals; readonly view: CaseView; readonly answer: EncodedAnswer };

/** All cases of one pack. */
export type World = {
  readonly circuit: Circuit;
  readonly pack: CompiledPack;
  /** Any case at all. */
  readonly any: Case;
  /** Whether the pack must open and offer all that section 13 does, or may be more careful: an overlay. */
  readonly isExact: boolean;
  readonly cases: Map<string, Case>;
  /** The pack below an overlay, and its answer to the very case `any`; null where nothing is below or was given. */
  readonly below: Below | null;
};

export type Below = { readonly pack: CompiledPack; readonly any: Case };

/** The case with one fact set, everything else as in `any`. */
export const withFact = (world: World, fact: string, value: FactValue): Case => {
  const key = JSON.stringify([fact, value]);
  const known = world.cases.get(key);
  if (known !== undefined) return known;
  const made = caseOf(world.circuit, world.pack, caseWith(world.pack, world.any.literals, fact, value));
  world.cases.set(key, made);
  return made;
};

/** A case that knows all that `any` knows, and perhaps more. */
export const withMore = (world: World): Case =>
  caseOf(world.circuit, world.pack, caseWithMore(world.circuit, world.pack, world.any.literals));

export const caseOf = (circuit: Circuit, pack: CompiledPack, literals: CaseLiterals): Case => ({
  literals,
  view: viewOf(circuit, pack, literals),
  answer: encodeAnswer(circuit, pack, literals),
});

/** A sentence about one case. */
export const claim = (world: World, broken: string, when: Literal, about: About | null = null): Claim => ({
  ...{ broken, when, about },
  first: world.any.literals,
  second: null,
});

/** Whether a gate is open; a gate the pack lacks never is. */
export const isOpen = ({ answer }: Case, id: string): Literal =>
  answer.gates.find((gate) => gate.id === id)?.open ?? never;

/** Whether an action is listed; one the pack lacks never is. */
export const isListed = ({ answer }: Case, id: string): Literal =>
  answer.actions.find((action) => action.id === id)?.listed ?? never;

/** Whether an action is listed to be done now, or within 24 hours. */
export const isUrgent = (world: World, { answer }: Case, id: string): Literal => {
  const action = answer.actions.find((candidate) => candidate.id === id);
  return action === undefined ? never : or(world.circuit, action.urgency.now, action.urgency["24h"]);
};

export const isNow = ({ answer }: Case, id: string): Literal =>
  answer.actions.find((action) => action.id === id)?.urgency.now ?? never;

export const isLevel = ({ answer }: Case, level: "high" | "medium" | "normal"): Literal =>
  answer.level.get(level) ?? never;

export const hasLimit = (of: EncodedAction | EncodedGate | EncodedTool, limit: string): Literal =>
  of.limits.find((candidate) => candidate.id === limit)?.shown ?? never;

export const toolOf = ({ answer }: Case, id: string): EncodedTool | undefined =>
  answer.tools.find((tool) => tool.id === id);

export const contactOf = ({ answer }: Case, id: string): EncodedContact | undefined =>
  answer.contacts.find((contact) => contact.id === id);

export const gateOf = ({ answer }: Case, id: string): EncodedGate | undefined =>
  answer.gates.find((gate) => gate.id === id);
