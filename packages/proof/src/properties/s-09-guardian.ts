/** S-9 (G-CONS-3): when a guardian may be asked. */

import { always } from "../circuit/circuit.ts";
import { claim, isOpen, type Property } from "./property.ts";

export const guardianAsked: Property = {
  id: "S-9",
  title:
    "Guardian consent is sought only where the person is known to be under 18 and the guardian is known to be safe.",
  claims: (world) => {
    const { view: c, answer, literals } = world.any;
    const unsafe = c.not(c.and(c.is("age", "child"), c.is("guardian-unsafe", "no")));
    const gate = { part: "gate", id: "guardian-consent" } as const;
    const asked = world.pack.facts.filter((fact) => fact.id.startsWith("guardian-consent-"));
    return [
      ...asked.map((fact) => {
        const mayBeAsked = answer.nodes[fact.askWhen]?.isTrue ?? always;
        return claim(world, `${fact.id} is asked`, c.and(mayBeAsked, unsafe));
      }),
      claim(world, "guardian-consent is open", c.and(isOpen({ view: c, answer, literals }, gate.id), unsafe), gate),
      ...answer.actions
        .filter(({ action }) => action.act === "guardian-consent")
        .map(({ id, listed }) => claim(world, `${id} is listed`, c.and(listed, unsafe), { part: "action", id })),
    ];
  },
};
