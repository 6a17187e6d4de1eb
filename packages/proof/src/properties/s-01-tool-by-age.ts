/** S-1 (G-DIG-4): which fingerprint tool is offered, by age. */

import { claim, hasLimit, type Property } from "./property.ts";
import { bothAdult, contradicts } from "../spec/case.ts";

const forChildren = "T-takeitdown";

export const toolByAge: Property = {
  id: "S-1",
  title:
    "StopNCII is never offered where the person, or the person in the image, is or may be under 18; Take It Down is never offered where both are known to be adult; neither where the material is known not to be sexual.",
  claims: (world) => {
    const { view: c, answer } = world.any;
    // A tool that an organisation adds and that takes fingerprints is held to the rule for adults.
    const tools = answer.tools.filter(
      (tool) => tool.tool.kind === "fingerprint" || tool.id === "T-stopncii" || tool.id === forChildren,
    );
    return tools.flatMap((tool) => {
      const about = { part: "tool", id: tool.id } as const;
      const byAge =
        tool.id === forChildren
          ? claim(
              world,
              `${tool.id} is offered although both ages are known to be adult`,
              c.and(tool.offered, bothAdult(c)),
              about,
            )
          : claim(
              world,
              `${tool.id} is offered although someone is or may be under 18`,
              c.and(tool.offered, c.not(bothAdult(c))),
              about,
            );
      const notSexual = c.and(tool.offered, c.is("sexual-content", "no"), c.not(contradicts(c)));
      const unknown = c.and(tool.offered, c.not(c.known("sexual-content")));
      return [
        byAge,
        claim(world, `${tool.id} is offered although the material is known not to be sexual`, notSexual, about),
        claim(world, `${tool.id} is offered although it is not known whether the material is sexual`, unknown, about),
        claim(
          world,
          `${tool.id} is offered without the limit needs-own-copy although no copy is known to be there`,
          c.and(tool.offered, c.not(c.is("survivor-holds-copy", "yes")), c.not(hasLimit(tool, "needs-own-copy"))),
          about,
        ),
      ];
    });
  },
};
