/** Commands about take-down requests: gate, tool and consent for that tool must all be open (S-1, S-4). */

import { err, exhausted, ok } from "@amana/kernel";
import { requireConsent } from "../consent/require.ts";
import type { Context, Decision } from "../context.ts";
import { requireTool } from "../gates.ts";
import type { CaseState } from "../state.ts";
import type { TakedownCommand } from "./takedowns.ts";

export const decideTakedowns = (command: TakedownCommand, state: CaseState, context: Context): Decision => {
  switch (command.type) {
    case "RecordTakedown": {
      if (state.takedowns.requestedById.has(command.takedown)) return err({ type: "AlreadyThere" });
      if (command.madeAt > context.now) return err({ type: "MomentWrong", field: "madeAt" });
      const consent = requireConsent(state, context.now, "removal", command.tool);
      if (!consent.ok) return consent;
      const advice = requireTool(state, context, command.tool);
      return advice.ok ? ok([{ ...command, type: "TakedownRequested", advice: advice.value }]) : advice;
    }
    case "RecordTakedownCheck": {
      const requests = state.takedowns.requestedById.get(command.takedown) ?? [];
      if (requests.length === 0) return err({ type: "NotThere" });
      const isBefore = requests.every(({ value }) => command.checkedAt < value.madeAt);
      if (isBefore || command.checkedAt > context.now) return err({ type: "MomentWrong", field: "checkedAt" });
      return ok([{ ...command, type: "TakedownChecked" }]);
    }
    default:
      return exhausted(command);
  }
};
