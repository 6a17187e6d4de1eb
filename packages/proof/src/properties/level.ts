/** *Level* of section 13: the highest that what is known says, provisional while more could come, the shortest deadline still possible. */

import { type Literal, never } from "../circuit/circuit.ts";
import { type Deadline, isWithin } from "../encoding/answer.ts";
import type { CaseView } from "../spec/view.ts";
import { childAbuseAtWidest, highFactor, highIsPossible, mediumFactor, mediumIsPossible } from "../spec/case.ts";
import { type Case, type Claim, type Property, type World, claim, isLevel, withMore } from "./property.ts";

const about = { part: "level", id: "level" } as const;

export const level: Property = {
  id: "level",
  title:
    "The level is the highest that what is known says; the deadline is the shortest still possible; what is not provisional does not get worse by learning more.",
  claims: (world) => [...boundClaims(world), ...deadlineClaims(world), ...provisionalClaims(world)],
};

/** An overlay may see more risk than section 13 does, never less. */
const boundClaims = (world: World): readonly Claim[] => {
  const { view: c } = world.any;
  if (!world.isExact) return [];
  const noHigh = c.and(isLevel(world.any, "high"), c.not(highFactor(c)), c.not(childAbuseAtWidest(c)));
  const noMedium = c.and(isLevel(world.any, "medium"), c.not(mediumFactor(c)));
  return [
    claim(world, "the level is high although nothing known makes it so", noHigh, about),
    claim(world, "the level is medium although nothing known makes it so", noMedium, about),
  ];
};

const deadlineClaims = (world: World): readonly Claim[] => {
  const { circuit, any } = world;
  const { view: c, answer } = any;
  const within = (hours: number) => isWithin(circuit, answer.deadline, hours);
  return [
    claim(
      world,
      "the deadline is longer than 24 hours although high is still possible",
      c.and(highIsPossible(c), c.not(within(24))),
      about,
    ),
    claim(
      world,
      "the deadline is longer than 48 hours although medium is still possible",
      c.and(mediumIsPossible(c), c.not(within(48))),
      about,
    ),
  ];
};

const provisionalClaims = (world: World): readonly Claim[] => {
  const { any } = world;
  const { view: c, answer } = any;
  const high = isLevel(any, "high");
  const missing = c.and(highIsPossible(c), c.not(high), c.not(answer.provisional));
  return [
    claim(world, "the level is high and yet provisional", c.and(high, answer.provisional), about),
    claim(world, "the level is not provisional although it could still be high", missing, about),
    ...learningClaims(world),
  ];
};

/** What was said of a case, and what is said of it when more is known. */
const learningClaims = (world: World): readonly Claim[] => {
  const { any } = world;
  const { and, not } = any.view;
  const more = withMore(world);
  const settled = not(any.answer.provisional);
  const learning = (broken: string, when: Literal): Claim => ({
    ...claim(world, broken, when, about),
    second: more.literals,
  });
  return [
    learning("the level is not provisional and yet rises when more is known", and(settled, isRaised(any, more))),
    learning(
      "the level is not provisional and yet the deadline is shortened when more is known",
      and(settled, isShorter(any.answer.knownDeadline, more.answer.knownDeadline, any.view)),
    ),
    learning(
      "the deadline turns out shorter than was said when more is known",
      isShorter(any.answer.deadline, more.answer.knownDeadline, any.view),
    ),
  ];
};

/** Whether the second deadline is shorter than the first. */
export const isShorter = (before: Deadline, after: Deadline, { and, not, or }: CaseView): Literal =>
  or(...before.map((step, place) => and(after[place]?.isWithin ?? never, not(step.isWithin))));

/** Whether the second case has a higher level than the first. */
export const isRaised = (before: Case, after: Case): Literal => {
  const { and, not, or } = before.view;
  const toHigh = and(isLevel(after, "high"), not(isLevel(before, "high")));
  return or(toHigh, and(isLevel(after, "medium"), isLevel(before, "normal")));
};
