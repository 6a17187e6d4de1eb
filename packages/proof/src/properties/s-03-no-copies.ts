/** S-3 (G-EVID-5): nothing touches what may be CSAM but the fingerprint made by the person concerned. */

import { never } from "../circuit/circuit.ts";
import type { Actor, Handling } from "@amana/pathway";
import { possiblyCsam } from "../spec/case.ts";
import { claim, gateOf, hasLimit, type Property } from "./property.ts";

const touches = (handles: Handling, actor: Actor): boolean =>
  handles !== "none" && !(handles === "fingerprint" && actor === "survivor");

export const noCopies: Property = {
  id: "S-3",
  title:
    "Where material may be CSAM, no action, tool or step captures, copies, uploads or forwards it; only the on-device fingerprint by the person concerned is left.",
  claims: (world) => {
    const { view: c, answer } = world.any;
    const mayBe = possiblyCsam(c);
    const actions = answer.actions
      .filter(({ action }) => touches(action.handles, action.actor))
      .map(({ id, action, listed }) =>
        claim(world, `${id} lets the ${action.actor} ${action.handles} what may be CSAM`, c.and(mayBe, listed), {
          part: "action",
          id,
        }),
      );
    const tools = answer.tools.flatMap(({ id, tool, open, offered, steps }) =>
      tool.steps.flatMap((step, place) => {
        if (!touches(step.handles, step.actor)) return [];
        const says = `step ${String(step.step)} of ${id} lets the ${step.actor} ${step.handles} what may be CSAM`;
        // A step is seen as soon as its tool is offered, so that is the case it must be left out in.
        const seen = c.or(open, offered);
        return [claim(world, says, c.and(mayBe, seen, steps[place] ?? never), { part: "tool", id })];
      }),
    );
    const partners = answer.tools
      .filter(({ tool }) => tool.kind === "partner")
      .map((tool) =>
        claim(
          world,
          `${tool.id} is offered without the limit no-images for what may be CSAM`,
          c.and(mayBe, tool.offered, c.not(hasLimit(tool, "no-images"))),
          { part: "tool", id: tool.id },
        ),
      );
    // To the police, too, go links, usernames and times only (G-EVID-5).
    const complaints = answer.actions
      .filter(({ action }) => action.act === "law-report")
      .map((complaint) =>
        claim(
          world,
          `${complaint.id} is listed without the limit no-images for what may be CSAM`,
          c.and(mayBe, complaint.listed, c.not(hasLimit(complaint, "no-images"))),
          { part: "action", id: complaint.id },
        ),
      );
    const evidence = gateOf(world.any, "evidence-by-survivor");
    const gates =
      evidence === undefined
        ? []
        : [
            claim(
              world,
              "evidence may be kept without the limit addresses-only for what may be CSAM",
              c.and(mayBe, evidence.open, c.not(hasLimit(evidence, "addresses-only"))),
              { part: "gate", id: evidence.id },
            ),
          ];
    return [...actions, ...tools, ...partners, ...complaints, ...gates];
  },
};
