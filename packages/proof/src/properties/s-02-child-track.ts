/** S-2 (G-FRAME-4): a child is on the child-protection track, and an unknown age is never an adult's. */

import { agreed } from "../spec/case.ts";
import { claim, isOpen, type Property } from "./property.ts";

const gateByPurpose = {
  digital: ["digital-safety", "block-perpetrator"],
  removal: ["content-removal", "platform-report"],
  evidence: ["evidence-by-survivor", "evidence-held"],
  law: ["law-report"],
} as const;

export const childTrack: Property = {
  id: "S-2",
  title: "A child's pathway is always the child-protection track; age not known is never treated as adult.",
  claims: (world) => {
    const { view: c, answer } = world.any;
    const about = { part: "track", id: "track" } as const;
    const unknown = c.not(c.known("age"));
    const byConsentAlone = (["digital", "removal", "evidence", "law"] as const).flatMap((purpose) =>
      gateByPurpose[purpose].map((gate) =>
        claim(
          world,
          `${gate} is open on an adult's consent alone although age is not known`,
          c.and(unknown, isOpen(world.any, gate), c.not(agreed(c, purpose))),
          { part: "gate", id: gate },
        ),
      ),
    );
    return [
      claim(
        world,
        "a child is not on the child-protection track",
        c.and(c.is("age", "child"), c.not(answer.track.child)),
        about,
      ),
      claim(
        world,
        "the track is an adult's although age is not known to be adult",
        c.and(answer.track.adult, c.not(c.is("age", "adult"))),
        about,
      ),
      claim(
        world,
        "the track is a child's although age is not known to be a child's",
        c.and(answer.track.child, c.not(c.is("age", "child"))),
        about,
      ),
      ...byConsentAlone,
    ];
  },
};
