/** S-5 (G-LAW-2, G-LAW-3, G-LAW-8): going to the law, and that not going is always an option. */

import { agreed } from "../spec/case.ts";
import { claim, isListed, isOpen, type Property } from "./property.ts";

export const law: Property = {
  id: "S-5",
  title:
    "No complaint to law enforcement is open before the legal risk–benefit assessment and the agreed purpose law; a child is always accompanied; the answer always carries explain-options.",
  claims: (world) => {
    const { view: c, answer } = world.any;
    const tooEarly = c.not(c.and(c.is("legal-risk-assessed", "yes"), agreed(c, "law")));
    const notAdult = c.not(c.is("age", "adult"));
    const alone = c.not(isListed(world.any, "accompany-to-law-enforcement"));
    const gate = { part: "gate", id: "law-report" } as const;
    const open = isOpen(world.any, "law-report");
    const complaints = answer.actions.filter(({ action }) => action.act === "law-report");
    return [
      claim(
        world,
        "law-report is open before the legal assessment and the agreed purpose",
        c.and(open, tooEarly),
        gate,
      ),
      claim(
        world,
        "law-report is open and a child, or a person whose age is not known, would go alone",
        c.and(open, notAdult, alone),
        gate,
      ),
      ...complaints.flatMap(({ id, listed }) => [
        claim(world, `${id} is listed before the legal assessment and the agreed purpose`, c.and(listed, tooEarly), {
          part: "action",
          id,
        }),
        claim(
          world,
          `${id} is listed and a child, or a person whose age is not known, would go alone`,
          c.and(listed, notAdult, alone),
          { part: "action", id },
        ),
      ]),
      claim(
        world,
        "explain-options is missing: nobody says that doing nothing and not reporting are choices",
        c.not(isListed(world.any, "explain-options")),
        { part: "action", id: "explain-options" },
      ),
    ];
  },
};
