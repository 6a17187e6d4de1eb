/** S-14 (G-FRAME-5, G-SAFE-8): abuse of a child, online or off. */

import { childAbuse } from "../spec/case.ts";
import { claim, isLevel, isListed, isNow, isOpen, type Property } from "./property.ts";

export const childAbuseResponse: Property = {
  id: "S-14",
  title:
    "Sexual abuse or exploitation of a child, online or offline, makes the level high and calls child protection now; on the child track child protection is always there, and an unsafe guardian makes the level at least medium.",
  claims: (world) => {
    const { any } = world;
    const { view: c, answer } = any;
    const id = "child-protection-response";
    const response = { part: "action", id } as const;
    const level = { part: "level", id: "level" } as const;
    const abuse = childAbuse(c);
    const notAdult = c.not(c.is("age", "adult"));
    const adultPictured = c.and(c.is("age", "adult"), c.is("age-in-image", "child"), c.is("sexual-content", "yes"));
    const limits = answer.actions.find((action) => action.id === id)?.limits ?? [];
    const unlimited = c.and(...limits.map((limit) => c.not(limit.shown)));
    return [
      claim(
        world,
        "the abuse of a child does not make the level high",
        c.and(abuse, c.not(isLevel(any, "high"))),
        level,
      ),
      claim(
        world,
        "the abuse of a child does not call child protection now",
        c.and(abuse, c.not(isNow(any, id))),
        response,
      ),
      claim(
        world,
        "child protection is missing on the child track",
        c.and(notAdult, c.not(isListed(any, id))),
        response,
      ),
      claim(
        world,
        "an unsafe guardian of a child leaves the level normal",
        c.and(notAdult, c.is("guardian-unsafe", "yes"), isLevel(any, "normal")),
        level,
      ),
      claim(
        world,
        "child protection is told of an adult without the limit to ask without naming her",
        c.and(adultPictured, isListed(any, id), unlimited),
        response,
      ),
      claim(world, "a guardian is asked about an adult", c.and(c.is("age", "adult"), isOpen(any, "guardian-consent")), {
        part: "gate",
        id: "guardian-consent",
      }),
    ];
  },
};
