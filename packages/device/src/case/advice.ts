/** The guidance's answer for a case: from what it understands of the case's facts, and never from anything else. */

import { type Advice, type CaseState, factsOf } from "@amana/casefile";
import type { Instant } from "@amana/kernel";
import type { Guidance } from "../ports.ts";

export const adviceOn = ({ assess, vocabulary }: Guidance, state: CaseState, now: Instant): Advice => {
  const facts = factsOf(state, now, vocabulary);
  return { facts, answer: assess(facts), ...(vocabulary === undefined ? {} : { vocabulary }) };
};
