/** The case plan: goals, and the services needed, each assessed and put into the plan (G-CM-2). */

import { err, exhausted, ok } from "@amana/kernel";
import type { By } from "../by.ts";
import type { Context, Decision } from "../context.ts";
import type { ItemId } from "../ids.ts";
import { type Registers, addTo, standing } from "../register.ts";
import { type Command, type EventOf, type Of, line, listOf, moment, oneOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { service, services } from "../vocabulary.ts";
import { itemId } from "./items.ts";

const goalOutcome = oneOf("open", "partly-met", "met", "not-met", "dropped");
export type GoalOutcome = Of<typeof goalOutcome>;

export const casePlanEvents = {
  GoalSet: record(
    { goal: itemId, words: prose, services: listOf(service, services.length), who: line },
    { dueAt: moment },
  ),
  GoalMarked: record({ goal: itemId, outcome: goalOutcome }, { text: prose }),
  ServiceNeedRecorded: record(
    { service, need: oneOf("urgent", "needed", "has-already", "not-needed", "declined-by-survivor") },
    { text: prose },
  ),
};

export type CasePlanEvent = EventOf<typeof casePlanEvents>;
type GoalSet = Extract<CasePlanEvent, { type: "GoalSet" }>;
type GoalMarked = Extract<CasePlanEvent, { type: "GoalMarked" }>;
export type ServiceNeedRecorded = Extract<CasePlanEvent, { type: "ServiceNeedRecorded" }>;

export type CasePlanCommand =
  | Command<"SetGoal", typeof casePlanEvents.GoalSet>
  | Command<"MarkGoal", typeof casePlanEvents.GoalMarked>
  | Command<"RecordServiceNeed", typeof casePlanEvents.ServiceNeedRecorded>;

export type CasePlanState = {
  readonly goalsById: Registers<GoalSet>;
  readonly marksByGoal: Registers<GoalMarked>;
  readonly needsByService: Registers<ServiceNeedRecorded>;
};

export const noCasePlan: CasePlanState = { goalsById: new Map(), marksByGoal: new Map(), needsByService: new Map() };

export const evolveCasePlan = (state: CasePlanState, event: CasePlanEvent, by: By): CasePlanState => {
  switch (event.type) {
    case "GoalSet":
      return { ...state, goalsById: addTo(state.goalsById, event.goal, event, by) };
    case "GoalMarked":
      return { ...state, marksByGoal: addTo(state.marksByGoal, event.goal, event, by) };
    case "ServiceNeedRecorded":
      return { ...state, needsByService: addTo(state.needsByService, event.service, event, by) };
    default:
      return exhausted(event);
  }
};

/** From the outcome that lets go to the one that keeps somebody looking. */
const outcomes: readonly GoalOutcome[] = ["dropped", "met", "partly-met", "not-met", "open"];

/** Whether the first lets go of more than the other. */
export const isGoalLetGo = (one: GoalOutcome, other: GoalOutcome): boolean =>
  outcomes.indexOf(one) < outcomes.indexOf(other);

export type Goal = { readonly goal: ItemId; readonly words: readonly GoalSet[]; readonly outcome: GoalOutcome };

export const goalsOf = ({ casePlan }: CaseState): readonly Goal[] =>
  [...casePlan.goalsById.values()].flatMap((register) => {
    const goal = register[0]?.value.goal;
    if (goal === undefined) return [];
    const marks = standing(casePlan.marksByGoal.get(goal)).map(({ value }) => outcomes.indexOf(value.outcome));
    const outcome = outcomes[Math.max(...marks)] ?? "open";
    return [{ goal, words: standing(register).map(({ value }) => value), outcome }];
  });

export const decideCasePlan = (command: CasePlanCommand, state: CaseState, { now }: Context): Decision => {
  switch (command.type) {
    case "SetGoal":
      if (command.dueAt !== undefined && command.dueAt <= now) return err({ type: "MomentWrong", field: "dueAt" });
      return ok([{ ...command, type: "GoalSet" }]);
    case "MarkGoal":
      if (!state.casePlan.goalsById.has(command.goal)) return err({ type: "NotThere" });
      return ok([{ ...command, type: "GoalMarked" }]);
    case "RecordServiceNeed":
      return ok([{ ...command, type: "ServiceNeedRecorded" }]);
    default:
      return exhausted(command);
  }
};
