/** Why an act in the organisation would not count, for whoever meant it: plainer than that it is not allowed. */

import {
  areTwoPersons,
  evolveOrganisation,
  type Organisation,
  type OrganisationEvent,
  type Person,
  type PersonId,
  type Role,
} from "@amana/vault";
import { anyHash } from "./organisation-act.ts";

export type WhyNot = {
  readonly type:
    /** This person has no say in it. */
    | "NotAllowed"
    /** One of those it names has left, or was never here. */
    | "PersonHasLeft"
    /** Somebody else is called so, or was. */
    | "NameTaken"
    /** Too few supervisors would be left, or a team without one. */
    | "TooFewSupervisors"
    /** One of those who were chosen is no supervisor. */
    | "NoSupervisor"
    /** Nobody covers for themselves, and no cover ends before it begins. */
    | "CoverNotUsable"
    /** Whoever proposed it and this person count as one, until somebody else has met them. */
    | "NotTwoPersons"
    /** What it is about is not there any more. */
    | "NotThere";
};

const allRoles: ReadonlySet<Role> = new Set<Role>(["caseworker", "supervisor", "administrator"]);

/** Nothing where it counts. */
export const whyNot = (before: Organisation, event: OrganisationEvent, me: Person): WhyNot | undefined => {
  if (isCounted(before, event, me)) return undefined;
  // Somebody of every role could: then it is this person's say that is missing.
  if (isCounted(before, event, { ...me, roles: allRoles })) return { type: "NotAllowed" };
  const isSomebodyGone = peopleIn(event).some((person) => before.people.get(person)?.hasLeft !== false);
  return { type: isSomebodyGone ? "PersonHasLeft" : whyOf(before, event, me) };
};

const isCounted = (before: Organisation, event: OrganisationEvent, by: Person): boolean =>
  evolveOrganisation(before, { hash: anyHash, event, by }).withoutAuthority.length === before.withoutAuthority.length;

const peopleIn = (event: OrganisationEvent): readonly PersonId[] => {
  if (event.type === "CoverArranged") return [event.absent, event.cover];
  return "person" in event ? [event.person] : [];
};

const whyOf = (before: Organisation, event: OrganisationEvent, me: Person): WhyNot["type"] => {
  switch (event.type) {
    case "PersonNamed":
      return "NameTaken";
    case "TeamNamed":
      return before.teams.has(event.team) ? "NameTaken" : "NotThere";
    case "RoleTaken":
    case "PersonLeft":
      return "TooFewSupervisors";
    case "TeamFormed":
      return "NoSupervisor";
    case "TeamKeyReplaced":
      return before.teams.has(event.team.id) ? "NoSupervisor" : "NotThere";
    case "TeamLeft":
    case "TeamJoined":
      return before.teams.has(event.team) ? "NotAllowed" : "NotThere";
    case "CoverArranged":
      return "CoverNotUsable";
    case "CoverEnded":
    case "ProviderClosed":
      return "NotThere";
    case "Confirmed": {
      const proposal = before.proposals.get(event.proposal);
      if (proposal === undefined) return "NotThere";
      return areTwoPersons(before, proposal.by, me.id) ? "NotAllowed" : "NotTwoPersons";
    }
    default:
      return "NotAllowed";
  }
};
