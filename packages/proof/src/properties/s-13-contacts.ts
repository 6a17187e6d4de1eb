/**
 * S-13 (G-LAW-8, DOMAIN section 9.1): who is shown to call, and in which order.
 *
 * [Note: Best mandate first] The guide gives each number its people and its purpose. What follows from that
 * without doubt is proved here: 911 first in danger where the guide gives it, and 104 before it elsewhere;
 * electronic extortion to the National Security Office; violence against women in the Kurdistan Region to the
 * directorate that exists for it; in federal Iraq domestic violence to the community police and the harassment of
 * women and girls to the family and child directorate; the Asayish of one's own governorate before the other.
 */

import { type Literal } from "../circuit/circuit.ts";
import { contactBefore } from "../encoding/answer.ts";
import { type Claim, type Property, type World, claim, contactOf } from "./property.ts";
import type { CaseView } from "../spec/view.ts";

const governoratesOfKri = ["IQ-AR", "IQ-SU", "IQ-DA", "IQ-HA"] as const;

export const contacts: Property = {
  id: "S-13",
  title:
    "Contacts shown match the survivor's region, all of that region's, best mandate first; with the region unknown, both sets.",
  claims: (world) => [...regionClaims(world), ...orderClaims(world)],
};

const inKri = (c: CaseView): Literal => c.is("governorate", ...governoratesOfKri);
const inFederal = (c: CaseView): Literal => c.and(c.known("governorate"), c.not(inKri(c)));

/** Known, by the region itself or by the governorate, and not contradicted by the other. */
const isKnownAs = (c: CaseView, region: string): Literal => {
  const [itself, other] = region === "kri" ? [inKri(c), inFederal(c)] : [inFederal(c), inKri(c)];
  const otherRegion = region === "kri" ? "federal" : "kri";
  return c.and(c.or(c.is("region", region), itself), c.not(c.is("region", otherRegion)), c.not(other));
};

const regionClaims = (world: World): readonly Claim[] => {
  const { view: c, answer } = world.any;
  return answer.contacts.flatMap(({ id, contact, shown }) => {
    const about = { part: "contact", id } as const;
    const otherRegion = contact.region === "kri" ? "federal" : "kri";
    const isElsewhere = isKnownAs(c, otherRegion);
    return [
      claim(world, `${id} is shown although the survivor is known to be elsewhere`, c.and(shown, isElsewhere), about),
      claim(
        world,
        `${id} is left out although the survivor is, or may be, in its region`,
        c.and(c.not(shown), c.not(isElsewhere)),
        about,
      ),
    ];
  });
};

const orderClaims = (world: World): readonly Claim[] => {
  const { view: c } = world.any;
  const danger = c.or(c.is("immediate-danger", "yes"), c.is("suicide-or-self-harm", "imminent"));
  const extortion = c.or(
    c.is("harm", "sexual-extortion", "child-sexual-extortion", "blackmail"),
    ...[c.is("online-blackmail", "yes"), c.is("severe-blackmail", "yes")],
  );
  const atHome = c.is("threat-source", "family", "intimate-partner");
  const harassment = c.is("harm", "online-sexual-harassment", "online-harassment", "cyberbullying", "cyberstalking");
  const calm = c.and(c.not(extortion), c.not(danger));
  const others = ["A-911", "A-police-iq", "A-nss"];
  const women = c.and(c.is("gender", "woman-or-girl"), c.not(danger));
  return [
    ...["A-police-iq", "A-community-police", "A-dfcp", "A-nss"].map((other) =>
      stands(
        world,
        "A-911",
        other,
        c.and(c.is("immediate-danger", "yes"), c.is("governorate", "IQ-BG", "IQ-BA")),
        "in immediate danger in Baghdad or Basrah",
      ),
    ),
    stands(
      world,
      "A-police-iq",
      "A-911",
      c.is("governorate", "IQ-NI", "IQ-KI"),
      "in Ninewa or Kirkuk, where the guide does not give 911",
    ),
    ...["A-911", "A-police-iq"].map((other) =>
      stands(world, "A-nss", other, c.and(extortion, c.not(danger)), "for extortion"),
    ),
    ...others.map((other) => stands(world, "A-community-police", other, c.and(atHome, calm), "for violence at home")),
    ...others.map((other) =>
      stands(
        world,
        "A-dfcp",
        other,
        c.and(harassment, c.is("gender", "woman-or-girl"), calm),
        "for a woman or girl who is harassed",
      ),
    ),
    stands(world, "A-dcvaw", "A-police-kri", women, "for a woman or girl in the Kurdistan Region"),
    stands(world, "A-asayish-erbil", "A-asayish-sul", c.is("governorate", "IQ-AR"), "in Erbil"),
    stands(world, "A-asayish-sul", "A-asayish-erbil", c.is("governorate", "IQ-SU"), "in Sulaimani"),
  ];
};

const stands = (world: World, first: string, second: string, where: Literal, inWords: string): Claim => {
  const one = contactOf(world.any, first);
  const other = contactOf(world.any, second);
  const { and, not } = world.any.view;
  const about = { part: "contact", id: second } as const;
  if (one === undefined || other === undefined) return claim(world, `${first} or ${second} is missing`, where, about);
  const before = contactBefore(world.circuit, world.any.answer.contacts, one, other);
  return claim(
    world,
    `${second} stands before ${first} ${inWords}`,
    and(where, one.shown, other.shown, not(before)),
    about,
  );
};
