/** S-4 (G-DIG-1, G-DIG-3): no digital act before the assessments and the agreed purpose. */

import type { Act } from "@amana/pathway";
import { agreed, assessed } from "../spec/case.ts";
import type { Purpose } from "../spec/vocabulary.ts";
import { claim, isOpen, type Property } from "./property.ts";

const purposeOfAct: Partial<Readonly<Record<Act, Purpose>>> = {
  digital: "digital",
  removal: "removal",
  "platform-report": "removal",
};

const purposeOfGate = {
  "digital-safety": "digital",
  "block-perpetrator": "digital",
  "content-removal": "removal",
  "platform-report": "removal",
} as const satisfies Record<string, Purpose>;

export const digitalActs: Property = {
  id: "S-4",
  title:
    "No removal, report, block, password change or other digital act is open before digital risk and physical safety have been assessed and the purpose is agreed.",
  claims: (world) => {
    const { view: c, answer } = world.any;
    const tooEarly = (purpose: Purpose) => c.not(c.and(assessed(c), agreed(c, purpose)));
    const gates = Object.entries(purposeOfGate).map(([id, purpose]) =>
      claim(
        world,
        `${id} is open before the assessments and the agreed purpose`,
        c.and(isOpen(world.any, id), tooEarly(purpose)),
        { part: "gate", id },
      ),
    );
    const actions = answer.actions.flatMap(({ id, action, listed }) => {
      const purpose = purposeOfAct[action.act];
      if (purpose === undefined) return [];
      return [
        claim(
          world,
          `${id} is listed before the assessments and the agreed purpose`,
          c.and(listed, tooEarly(purpose)),
          { part: "action", id },
        ),
      ];
    });
    const tools = answer.tools.map(({ id, open }) =>
      claim(world, `${id} is open before the assessments and the agreed purpose`, c.and(open, tooEarly("removal")), {
        part: "tool",
        id,
      }),
    );
    return [...gates, ...actions, ...tools];
  },
};
