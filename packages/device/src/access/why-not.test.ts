/** Why an act would not count: the reason that lets a person do something about it. */

import { entryHashOf, keyIdOf, type EntryHash } from "@amana/log";
import {
  makePersonId,
  makeTeamId,
  noOrganisation,
  type Organisation,
  type OrganisationEvent,
  type Person,
  type PublicKey,
  type Role,
} from "@amana/vault";
import { assert } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import { seededRandomness } from "../testing/randomness.ts";
import { whyNot } from "./why-not.ts";

const randomness = seededRandomness("why not");

const keyOf = (): PublicKey => {
  const publicKey = randomness(32);
  const keyId = keyIdOf(randomness(32));
  assert(keyId !== undefined, "An id is made of 32 bytes.");
  return { keyId, publicKey };
};

const personWith = (...roles: readonly Role[]): Person => ({
  id: makePersonId(randomness),
  roles: new Set(roles),
  hasLeft: false,
  broughtBy: undefined,
  metBy: new Set(),
  identityKey: keyOf(),
  receivingKey: keyOf(),
});

const nour = personWith("supervisor", "administrator");
const dina = personWith("supervisor");
const azad = { ...personWith("supervisor"), broughtBy: nour.id };
const shilan = personWith("caseworker");
const team = makeTeamId(randomness);
const unknownTeam = makeTeamId(randomness);

const hash = (): EntryHash => {
  const made = entryHashOf(randomness(32));
  assert(made !== undefined, "A hash has 32 bytes.");
  return made;
};

const [ofNour, ofShilan] = [hash(), hash()];
const makingSupervisor: OrganisationEvent = { type: "RoleGiven", person: shilan.id, role: "supervisor" };

const organisation: Organisation = {
  ...noOrganisation,
  people: new Map([nour, dina, shilan, azad].map((person) => [person.id, person])),
  personByKeyEver: new Map(
    [nour, dina, shilan, azad].map(({ id, identityKey }) => [identityKey.keyId, { person: id, key: identityKey }]),
  ),
  teams: new Map([
    [
      team,
      {
        id: team,
        receivingKey: keyOf(),
        commitment: randomness(32),
        supervisors: new Set([nour.id]),
        members: new Set(),
      },
    ],
  ]),
  proposals: new Map([
    [ofNour, { event: makingSupervisor, by: nour.id }],
    [ofShilan, { event: makingSupervisor, by: shilan.id }],
  ]),
};

const reason = (event: OrganisationEvent, me: Person): string | undefined => whyNot(organisation, event, me)?.type;

describe("an act that would not count", () => {
  it("is this person's lack of say where another's role would do", () => {
    expect(reason({ type: "PersonLeft", person: azad.id }, shilan)).toBe("NotAllowed");
  });

  it("says that what it is about is not there, of a team, a cover and a proposal", () => {
    expect(reason({ type: "TeamJoined", team: unknownTeam, person: shilan.id }, nour)).toBe("NotThere");
    expect(reason({ type: "TeamNamed", team: unknownTeam, name: "Duhok" }, nour)).toBe("NotThere");
    expect(reason({ type: "CoverEnded", absent: shilan.id, cover: azad.id }, nour)).toBe("NotThere");
    expect(reason({ type: "Confirmed", proposal: hash() }, nour)).toBe("NotThere");
  });

  it("says that whoever proposed it and this person count as one", () => {
    expect(reason({ type: "Confirmed", proposal: ofNour }, azad)).toBe("NotTwoPersons");
    expect(reason({ type: "Confirmed", proposal: ofNour }, nour)).toBe("NotTwoPersons");
  });

  it("says no more than that it is not allowed where nothing else is known", () => {
    expect(reason({ type: "Confirmed", proposal: ofShilan }, dina)).toBe("NotAllowed");
    // She was here from the beginning: there is nobody who has to have met her.
    expect(reason({ type: "PersonMet", person: shilan.id }, dina)).toBe("NotAllowed");
  });
});
