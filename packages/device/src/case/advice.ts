/** The guidance's answer for a case: from what it understands of the case's facts, and never from anything else. */

import { type Advice, type CaseState, type Level, factsOf, isClosed, riskLevel } from "@amana/casefile";
import type { Instant } from "@amana/kernel";
import type { Guidance } from "../ports.ts";

export const adviceOn = ({ assess, vocabulary }: Guidance, state: CaseState, now: Instant): Advice => {
  const facts = factsOf(state, now, vocabulary);
  return { facts, answer: assess(facts), ...(vocabulary === undefined ? {} : { vocabulary }) };
};

/** The level by the rules, where it may be above the one on file; nothing is above the highest, and a closed case is let go. */
export const advisedLevel = (guidance: Guidance, state: CaseState, now: Instant): Level | undefined => {
  const level = riskLevel(state);
  const isPossible = level !== undefined && level !== "high" && !isClosed(state);
  return isPossible ? adviceOn(guidance, state, now).answer.risk.level : undefined;
};
