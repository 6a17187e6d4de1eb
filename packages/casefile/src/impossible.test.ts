/** What cannot happen stops: a value outside of its type is never taken for one of it. */

import { describe, expect, test } from "vitest";
import { decideConsent } from "./consent/decide.ts";
import type { Context } from "./context.ts";
import { decideEvidence } from "./evidence/decide.ts";
import { evolveEvidence } from "./evidence/evidence.ts";
import { decideFollowUps } from "./follow-ups/follow-ups.ts";
import { decideLaw } from "./law/decide.ts";
import { evolveLaw } from "./law/law.ts";
import { decideCasePlan, evolveCasePlan } from "./plans/case-plan.ts";
import { decideDigitalPlan } from "./plans/decide-digital-plan.ts";
import { evolveDigitalPlan } from "./plans/digital-plan.ts";
import { decideSafetyPlan, evolveSafetyPlan } from "./plans/safety-plan.ts";
import { decideResponsibility, evolveResponsibility } from "./responsibility/responsibility.ts";
import { evolveClosure } from "./closure/closure.ts";
import { decideRisk } from "./risk/decide.ts";
import { noCaseYet } from "./state.ts";
import { hashOf, shilan, startAt } from "./testing/people.ts";
import { decideTakedowns } from "./takedowns/decide.ts";
import { evolveTakedowns } from "./takedowns/takedowns.ts";

// The one place where a test steps outside of the types, to see that the code stops there.
const unheard = { type: "Unheard" } as never;
const context: Context = { now: startAt, actor: { person: shilan.person, roles: shilan.roles } };
const by = {
  ...{ entry: hashOf(1), author: shilan.person, device: shilan.device, roles: shilan.roles, recordedAt: startAt },
  ...{ past: new Set<string>(), index: 0 },
};

describe("a command or an event of no kind stops the case file", () => {
  test.each([
    ["consent", () => decideConsent(unheard, noCaseYet, context)],
    ["evidence", () => decideEvidence(unheard, noCaseYet, context)],
    ["follow-ups", () => decideFollowUps(unheard, noCaseYet, context)],
    ["law", () => decideLaw(unheard, noCaseYet, context)],
    ["the case plan", () => decideCasePlan(unheard, noCaseYet, context)],
    ["the digital safety plan", () => decideDigitalPlan(unheard, noCaseYet, context)],
    ["the safety plan", () => decideSafetyPlan(unheard, noCaseYet)],
    ["responsibility", () => decideResponsibility(unheard, noCaseYet, context)],
    ["risk", () => decideRisk(unheard, noCaseYet, context)],
    ["take-downs", () => decideTakedowns(unheard, noCaseYet, context)],
    ["events of evidence", () => evolveEvidence(noCaseYet.evidence, unheard, by)],
    ["events of law", () => evolveLaw(noCaseYet.law, unheard, by)],
    ["events of the case plan", () => evolveCasePlan(noCaseYet.casePlan, unheard, by)],
    ["events of the digital safety plan", () => evolveDigitalPlan(noCaseYet.digitalPlan, unheard, by)],
    ["events of the safety plan", () => evolveSafetyPlan(noCaseYet.safetyPlan, unheard, by)],
    ["events of responsibility", () => evolveResponsibility(noCaseYet.responsibility, unheard, by)],
    ["events of take-downs", () => evolveTakedowns(noCaseYet.takedowns, unheard, by)],
    ["events of closure", () => evolveClosure(noCaseYet, unheard, by)],
  ])("%s", (_subject, act) => {
    expect(act).toThrow("A value outside of its type reached a switch.");
  });
});
