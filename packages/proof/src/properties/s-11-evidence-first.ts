/** S-11 (G-EVID-6): evidence stands before removal. It orders actions and closes nothing. */

import { actionBefore } from "../encoding/answer.ts";
import { claim, type Property } from "./property.ts";

export const evidenceFirst: Property = {
  id: "S-11",
  title: "Where both are listed, preserving evidence stands before requesting removal.",
  claims: (world) => {
    const { circuit, any } = world;
    const { view: c, answer } = any;
    const keeping = answer.actions.filter(({ id, action }) => action.act === "evidence" || id === "preserve-evidence");
    const removing = answer.actions.filter(
      ({ id, action }) => action.act === "removal" || action.act === "platform-report" || id === "request-removal",
    );
    return keeping.flatMap((keep) =>
      removing.map((remove) =>
        claim(
          world,
          `${remove.id} stands before ${keep.id}`,
          c.and(keep.listed, remove.listed, c.not(actionBefore(circuit, answer.actions, keep, remove))),
          { part: "action", id: remove.id },
        ),
      ),
    );
  },
};
