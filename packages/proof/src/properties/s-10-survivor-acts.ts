/**
 * S-10 (G-EVID-3, G-EVID-4): the survivor acts, the organisation supports.
 *
 * [Note: What binds S-10] An action submits, reports, removes or documents when its `act` is `removal`,
 * `platform-report`, `evidence` or `law-report`, or when it handles the material in any way. A tool is a means
 * of removing or reporting, so every step of every tool counts. One thing alone may be done by others:
 * to keep, behind the gate `evidence-held`, what the survivor gave of their own will (G-EVID-3).
 */

import type { Act } from "@amana/pathway";
import { never } from "../circuit/circuit.ts";
import { claim, type Property } from "./property.ts";

const survivorsActs: ReadonlySet<Act> = new Set(["removal", "platform-report", "evidence", "law-report"]);

export const survivorActs: Property = {
  id: "S-10",
  title: "The survivor acts and the organisation supports: no step that submits, reports or removes has another actor.",
  claims: (world) => {
    const { answer } = world.any;
    const held = world.pack.gates.findIndex((gate) => gate.id === "evidence-held");
    const actions = answer.actions
      .filter(({ action }) => {
        const isKeptByExceptionOnly =
          action.act === "none" && action.handles === "copy" && action.gate >= 0 && action.gate === held;
        const isSurvivors = survivorsActs.has(action.act) || (action.handles !== "none" && !isKeptByExceptionOnly);
        return isSurvivors && action.actor !== "survivor";
      })
      .map(({ id, action, listed }) =>
        claim(world, `${id} is done by the ${action.actor}`, listed, { part: "action", id }),
      );
    const steps = answer.tools.flatMap(({ id, tool, steps }) =>
      tool.steps.flatMap((step, place) => {
        if (step.actor === "survivor") return [];
        const says = `step ${String(step.step)} of ${id} is done by the ${step.actor}`;
        return [claim(world, says, steps[place] ?? never, { part: "tool", id })];
      }),
    );
    return [...actions, ...steps];
  },
};
