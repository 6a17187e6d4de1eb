/** The table of section 13: each gate is open exactly when. An overlay may ask for more. */

import { never } from "../circuit/circuit.ts";
import { contradicts, gateConditions } from "../spec/case.ts";
import { claim, gateOf, isOpen, type Property } from "./property.ts";

export const gates: Property = {
  id: "gates",
  title:
    "Each gate is open exactly when section 13 says; only guardian-consent is ever not-applicable, and that for an adult.",
  claims: (world) => {
    const { any, pack, isExact } = world;
    const { view: c } = any;
    const table = Object.entries(gateConditions).flatMap(([id, conditionOf]) => {
      const condition = conditionOf(c);
      const open = isOpen(any, id);
      const about = { part: "gate", id } as const;
      const tooOpen = claim(
        world,
        `${id} is open although what it needs is not all so`,
        c.and(open, c.not(condition)),
        about,
      );
      const tooClosed = c.and(condition, c.not(open), c.not(contradicts(c)));
      return isExact
        ? [tooOpen, claim(world, `${id} is closed although all it needs is so`, tooClosed, about)]
        : [tooOpen];
    });
    const settled = pack.gates.flatMap(({ id }) => {
      const notApplicable = gateOf(any, id)?.notApplicable ?? never;
      const may = id === "guardian-consent" ? c.is("age", "adult") : never;
      const about = { part: "gate", id } as const;
      const wrongly = claim(
        world,
        `${id} is not-applicable where it is closed`,
        c.and(notApplicable, c.not(may)),
        about,
      );
      const must = claim(world, `${id} is closed where it is not-applicable`, c.and(may, c.not(notApplicable)), about);
      return isExact ? [wrongly, must] : [wrongly];
    });
    return [...table, ...settled];
  },
};
