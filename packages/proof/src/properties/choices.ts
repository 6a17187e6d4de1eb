/** *Agreed*, *Settled* and *Possibly CSAM* of section 13: what the gates must never do without. */

import { never } from "../circuit/circuit.ts";
import { agreed, possiblyCsam, settled } from "../spec/case.ts";
import { type Property, claim, gateOf, hasLimit, isListed, isOpen, toolOf } from "./property.ts";

const purposeOfGate = {
  "digital-safety": "digital",
  "block-perpetrator": "digital",
  "content-removal": "removal",
  "platform-report": "removal",
  "evidence-by-survivor": "evidence",
  "evidence-held": "evidence",
  "law-report": "law",
} as const;

export const agreement: Property = {
  id: "agreed",
  title:
    "No gate opens before its purpose is agreed: by an adult's consent, or by a child's assent with the guardian or the best-interests decision.",
  claims: (world) => {
    const { view: c } = world.any;
    return Object.entries(purposeOfGate).map(([id, purpose]) =>
      claim(
        world,
        `${id} is open although the purpose ${purpose} is not agreed`,
        c.and(isOpen(world.any, id), c.not(agreed(c, purpose))),
        {
          ...{ part: "gate", id },
        },
      ),
    );
  },
};

export const settledRisk: Property = {
  id: "settled",
  title: "No digital or legal gate opens while the act could escalate and that is not planned for.",
  claims: (world) => {
    const { view: c } = world.any;
    const digital = ["digital-safety", "block-perpetrator", "content-removal", "platform-report"];
    const by = [...digital.map((id) => [id, "digital"] as const), ["law-report", "law"] as const];
    return by.map(([id, which]) =>
      claim(
        world,
        `${id} is open although the risk of escalation is not settled`,
        c.and(isOpen(world.any, id), c.not(settled(c, which))),
        {
          ...{ part: "gate", id },
        },
      ),
    );
  },
};

export const possiblyAbuseMaterial: Property = {
  id: "possibly-csam",
  title:
    "What may be CSAM is treated so: addresses only, no images to partners, nothing held, and the survivor is not told to preserve it.",
  claims: (world) => {
    const { any, isExact } = world;
    const { view: c } = any;
    const mayBe = possiblyCsam(c);
    const gate = { part: "gate", id: "evidence-held" } as const;
    const preserve = { part: "action", id: "preserve-evidence" } as const;
    const evidence = gateOf(any, "evidence-by-survivor");
    const asWell =
      evidence === undefined ? never : c.and(evidence.open, c.not(mayBe), hasLimit(evidence, "addresses-only"));
    const partners = ["T-insm", "T-t4p"].flatMap((id) => {
      const tool = toolOf(any, id);
      if (tool === undefined) return [];
      const lacks = c.and(mayBe, c.not(hasLimit(tool, "no-images")));
      return [claim(world, `${id} lacks the limit no-images`, lacks, { part: "tool", id })];
    });
    return [
      claim(world, "evidence-held is open for what may be CSAM", c.and(isOpen(any, "evidence-held"), mayBe), gate),
      claim(
        world,
        "preserve-evidence is listed for what may be CSAM",
        c.and(isListed(any, "preserve-evidence"), mayBe),
        preserve,
      ),
      ...partners,
      ...(isExact
        ? [
            claim(world, "addresses-only limits what cannot be CSAM", asWell, {
              part: "gate",
              id: "evidence-by-survivor",
            }),
          ]
        : []),
    ];
  },
};
