/** Answers that cannot both be so are asked again (sections 12 and 13), whatever is read in the meantime. */

import { type Literal, never, or } from "../circuit/circuit.ts";
import { type Claim, type Property, type World, claim } from "./property.ts";

export const contradictions: Property = {
  id: "contradictions",
  title:
    "Answers that contradict each other are asked again: the age in the image, whether material is sexual, and a guardian said to be safe while the family threatens.",
  claims: (world) => {
    const { view: c } = world.any;
    const material = ["csam", "live-streaming", "self-generated-content"];
    return [
      askedAgain(world, ["age", "age-in-image"], c.and(c.is("age", "child"), c.is("age-in-image", "adult"))),
      askedAgain(world, ["harm", "sexual-content"], c.and(c.is("harm", ...material), c.is("sexual-content", "no"))),
      askedAgain(world, ["guardian-unsafe"], c.and(c.is("threat-source", "family"), c.is("guardian-unsafe", "no"))),
    ];
  },
};

const askedAgain = (world: World, facts: readonly string[], when: Literal): Claim => {
  const { circuit, pack, any } = world;
  const asked = pack.contradictions
    .filter((rule) => facts.includes(pack.facts[rule.fact]?.id ?? ""))
    .map((rule) => any.answer.nodes[rule.node]?.isTrue ?? never);
  const { and, not } = any.view;
  return claim(
    world,
    `what is said of ${facts.join(" and ")} contradicts and is not asked again`,
    and(when, not(or(circuit, ...asked))),
  );
};
