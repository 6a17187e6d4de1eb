/** S-6 (G-SAFE-5, G-SAFE-7, G-MH-4): what makes a level, and what care each level carries. */

import { type Literal } from "../circuit/circuit.ts";
import { isWithin, urgencies } from "../encoding/answer.ts";
import { childAbuse, dangerFromOthers, dangerFromOthersFactors, highFactor, mediumFactor } from "../spec/case.ts";
import { type Claim, type Property, type World, claim, isLevel, isUrgent } from "./property.ts";

export const levelAndCare: Property = {
  id: "S-6",
  title:
    "Any high factor makes the level high; high carries at most 24 hours, immediate safety measures and the urgent referral that fits; any medium factor makes it at least medium and at most 48 hours; no deadline is longer than the most urgent action's.",
  claims: (world) => [...levelClaims(world), ...referralClaims(world), ...deadlineClaims(world)],
};

const level = { part: "level", id: "level" } as const;

const levelClaims = (world: World): readonly Claim[] => {
  const { circuit, any } = world;
  const { view: c, answer } = any;
  const high = isLevel(any, "high");
  const medium = isLevel(any, "medium");
  const within = (hours: number) => isWithin(circuit, answer.deadline, hours);
  return [
    claim(world, "a high factor does not make the level high", c.and(highFactor(c), c.not(high)), level),
    claim(world, "the level is high and the deadline is longer than 24 hours", c.and(high, c.not(within(24))), level),
    claim(
      world,
      "the level is high without immediate safety measures",
      c.and(high, c.not(isUrgent(world, any, "immediate-safety-measures"))),
      { part: "action", id: "immediate-safety-measures" },
    ),
    claim(world, "a medium factor leaves the level normal", c.and(mediumFactor(c), isLevel(any, "normal")), level),
    claim(
      world,
      "a medium factor leaves a deadline longer than 48 hours",
      c.and(mediumFactor(c), c.not(within(48))),
      level,
    ),
    claim(
      world,
      "the level is medium and the deadline is longer than 48 hours",
      c.and(medium, c.not(within(48))),
      level,
    ),
  ];
};

const referralClaims = (world: World): readonly Claim[] => {
  const { view: c } = world.any;
  const lacks = (id: string) => c.not(isUrgent(world, world.any, id));
  const protection = "urgent-protection-referral";
  const mentalHealth = "urgent-mental-health-referral";
  const missing = (says: string, when: Literal, id: string): Claim =>
    claim(world, says, c.and(when, lacks(id)), { part: "action", id });
  return [
    ...dangerFromOthersFactors.map((fact) =>
      missing(`${fact} brings no urgent referral to protection`, c.is(fact, "yes"), protection),
    ),
    missing(
      "suicide or self-harm brings no urgent referral to mental health",
      c.is("suicide-or-self-harm", "risk", "imminent"),
      mentalHealth,
    ),
    missing(
      "immediate danger brings no urgent referral to mental health",
      c.is("immediate-danger", "yes"),
      mentalHealth,
    ),
    missing("severe distress brings no urgent referral to mental health", c.is("severe-distress", "yes"), mentalHealth),
    missing(
      "the level is high for the abuse of a child alone, and no child-protection response stands for the referral",
      c.and(childAbuse(c), c.not(dangerFromOthers(c)), c.not(highFactor(c))),
      "child-protection-response",
    ),
    claim(
      world,
      "the level is high without any urgent referral",
      c.and(isLevel(world.any, "high"), lacks(protection), lacks(mentalHealth), lacks("child-protection-response")),
      level,
    ),
  ];
};

const hoursOfUrgency = { now: 24, "24h": 24, "48h": 48, standard: null } as const;

const deadlineClaims = (world: World): readonly Claim[] => {
  const { circuit, any } = world;
  const { view: c, answer } = any;
  return answer.actions.flatMap((action) =>
    urgencies.flatMap((urgency) => {
      const hours = hoursOfUrgency[urgency];
      if (hours === null) return [];
      const longer = c.and(action.urgency[urgency], c.not(isWithin(circuit, answer.deadline, hours)));
      return [
        claim(world, `the deadline is longer than that of ${action.id} (${urgency})`, longer, {
          part: "action",
          id: action.id,
        }),
      ];
    }),
  );
};
