/**
 * What an act changes in the organisation, if its author has a say in it.
 *
 * Four things change who can read: a person's keys, the role of supervisor, the recovery key, the policy. Each
 * counts only when a second person confirms it. No act leaves too few people to open a case. What does not
 * count changes nothing and is listed.
 */

import { exhausted } from "@amana/kernel";
import type { EntryHash } from "@amana/log";
import type { OrganisationEvent } from "./events.ts";
import { lookOf } from "./look.ts";
import {
  noOrganisation,
  presentSupervisors,
  type Organisation,
  type Person,
  type PersonId,
  type PersonKeys,
  type Role,
  type Team,
  type TeamId,
} from "./organisation.ts";

/** From the envelope, never from the payload. */
export type Act = { readonly hash: EntryHash; readonly event: OrganisationEvent; readonly by: Person };

export const evolveOrganisation = (before: Organisation, act: Act): Organisation =>
  decide(before, act) ?? withoutAuthority(before, act.hash);

/** The first entry makes its author administrator and supervisor of an organisation of one. */
export const foundOrganisation = (event: OrganisationEvent & { type: "OrganisationFounded" }): Organisation =>
  withPerson(noOrganisation, {
    id: event.person,
    identityKey: event.identityKey,
    receivingKey: event.receivingKey,
    roles: new Set<Role>(["administrator", "supervisor", "caseworker"]),
    hasLeft: false,
  });

export const withoutAuthority = (before: Organisation, hash: EntryHash): Organisation => ({
  ...before,
  withoutAuthority: [...before.withoutAuthority, hash],
});

/** Nothing when the act does not count. */
const decide = (before: Organisation, { hash, event, by }: Act): Organisation | undefined => {
  if (event.type === "Confirmed") return confirm(before, event.proposal, by);
  if (!mayPropose(event, by) || !canHappen(before, event)) return undefined;
  if (!needsSecondPerson(event) || isOnlySupervisor(before, by)) return apply(before, event);
  // One proposal for each entry, since a confirmation names the entry.
  if (before.proposals.has(hash)) return undefined;
  return { ...before, proposals: new Map(before.proposals).set(hash, { event, by: by.id }) };
};

/** There is no second person yet, and no case either: none is opened by one person alone. */
const isOnlySupervisor = (organisation: Organisation, { id }: Person): boolean =>
  presentSupervisors(organisation).every((person) => person.id === id);

const confirm = (before: Organisation, hash: EntryHash, by: Person): Organisation | undefined => {
  const proposal = before.proposals.get(hash);
  if (proposal === undefined || !by.roles.has("supervisor")) return undefined;
  // Nobody confirms their own proposal, nor what is about themselves.
  if (proposal.by === by.id || subjectOf(proposal.event) === by.id) return undefined;
  const proposer = before.people.get(proposal.by);
  const isStillProposed = proposer?.hasLeft === false && mayPropose(proposal.event, proposer);
  if (!isStillProposed || !canHappen(before, proposal.event)) return undefined;
  const proposals = new Map(before.proposals);
  proposals.delete(hash);
  return apply({ ...before, proposals }, proposal.event);
};

const subjectOf = (event: OrganisationEvent): PersonId | undefined =>
  event.type === "KeysReplaced" || event.type === "RoleGiven" ? event.person : undefined;

const needsSecondPerson = (event: OrganisationEvent): boolean =>
  event.type === "KeysReplaced" ||
  event.type === "PolicySet" ||
  event.type === "RecoveryKeySet" ||
  event.type === "TeamKeyReplaced" ||
  (event.type === "RoleGiven" && event.role === "supervisor");

/** Whose role allows it at all. */
const mayPropose = (event: OrganisationEvent, { id, roles }: Person): boolean => {
  const isAdministrator = roles.has("administrator");
  const isSupervisor = roles.has("supervisor");
  switch (event.type) {
    case "OrganisationFounded":
    case "Confirmed":
      return false;
    case "RoleGiven":
    case "RoleTaken":
      return isAdministrator;
    case "TeamFormed":
    case "TeamKeyReplaced":
    case "TeamJoined":
    case "TeamLeft":
      return isSupervisor;
    case "KeysReplaced":
      // A person's new keys are announced by a colleague who has spoken with them.
      return (isAdministrator || isSupervisor) && event.person !== id;
    case "PersonEnrolled":
      return (isAdministrator || isSupervisor) && event.role !== "supervisor";
    case "PersonLeft":
    case "PersonNamed":
    case "TeamNamed":
    case "PolicySet":
    case "RecoveryKeySet":
    case "EpochBegun":
      return isAdministrator || isSupervisor;
    default:
      return exhausted(event);
  }
};

/** Whether it fits what is so, and leaves enough people who open cases. */
const canHappen = (before: Organisation, event: OrganisationEvent): boolean => {
  switch (event.type) {
    case "OrganisationFounded":
    case "Confirmed":
      return false;
    case "PersonEnrolled":
      return !before.people.has(event.person) && areFreshKeys(before, event);
    case "KeysReplaced":
      return isPresent(before, event.person) && areFreshKeys(before, event);
    case "RoleGiven":
      return isPresent(before, event.person);
    case "RoleTaken":
      return isPresent(before, event.person) && (event.role !== "supervisor" || leavesEnough(before, event.person));
    case "PersonLeft":
      return isPresent(before, event.person) && leavesEnough(before, event.person);
    case "TeamFormed":
      return !before.teams.has(event.team.id) && areSupervisors(before, event.team.supervisors);
    case "TeamKeyReplaced":
      return before.teams.has(event.team.id) && areSupervisors(before, event.team.supervisors);
    case "TeamJoined":
    case "TeamLeft":
      return before.teams.has(event.team) && isPresent(before, event.person);
    case "PersonNamed":
      return isPresent(before, event.person) && isFreeName(before, event.person, event.name);
    case "TeamNamed":
      return before.teams.has(event.team) && isFreeName(before, event.team, event.name);
    case "PolicySet":
    case "RecoveryKeySet":
    case "EpochBegun":
      return true;
    default:
      return exhausted(event);
  }
};

const isPresent = (organisation: Organisation, person: PersonId): boolean =>
  organisation.people.get(person)?.hasLeft === false;

/**
 * Nobody is called as a colleague is, present or gone, nor by a name that looks like theirs: who wrote something, and who
 * can read it, is shown by name.
 */
const isFreeName = ({ namesById }: Organisation, id: PersonId | TeamId, name: string): boolean =>
  [...namesById].every(([other, taken]) => other === id || lookOf(taken) !== lookOf(name));

/** A key is one person's, for ever: nobody takes over a colleague's signatures or wraps by enrolling their key. */
const areFreshKeys = (organisation: Organisation, { identityKey, receivingKey }: PersonKeys): boolean =>
  !organisation.personByKeyEver.has(identityKey.keyId) &&
  ![...organisation.people.values()].some((person) => person.receivingKey.keyId === receivingKey.keyId);

const areSupervisors = (organisation: Organisation, people: ReadonlySet<PersonId>): boolean => {
  const supervisors = new Set(presentSupervisors(organisation).map(({ id }) => id));
  return people.size > 0 && [...people].every((person) => supervisors.has(person));
};

/** Two supervisors stay two, and no team is left without one. */
const leavesEnough = (organisation: Organisation, leaving: PersonId): boolean => {
  const supervisors = presentSupervisors(organisation).map(({ id }) => id);
  const left = supervisors.filter((person) => person !== leaving);
  const isTeamLeft = [...organisation.teams.values()].every((team) =>
    left.some((person) => team.supervisors.has(person)),
  );
  return left.length >= Math.min(2, supervisors.length) && isTeamLeft;
};

const apply = (before: Organisation, event: OrganisationEvent): Organisation => {
  switch (event.type) {
    case "PersonEnrolled": {
      const { person: id, identityKey, receivingKey, role } = event;
      return withPerson(before, { id, identityKey, receivingKey, roles: new Set([role]), hasLeft: false });
    }
    case "KeysReplaced":
      return changePerson(before, event.person, { identityKey: event.identityKey, receivingKey: event.receivingKey });
    case "RoleGiven":
      return changeRoles(before, event.person, (roles) => roles.add(event.role));
    case "RoleTaken":
      return withoutSupervision(
        changeRoles(before, event.person, (roles) => roles.delete(event.role)),
        event.role === "supervisor" ? event.person : undefined,
      );
    case "PersonLeft":
      return withoutSupervision(changePerson(before, event.person, { hasLeft: true }), event.person);
    case "TeamFormed":
    case "TeamKeyReplaced": {
      const members = before.teams.get(event.team.id)?.members ?? new Set();
      return withTeam(before, { ...event.team, members });
    }
    case "TeamJoined":
      return changeMembers(before, event, (members) => members.add(event.person));
    case "TeamLeft":
      return changeMembers(before, event, (members) => members.delete(event.person));
    case "PersonNamed":
      return { ...before, namesById: new Map(before.namesById).set(event.person, event.name) };
    case "TeamNamed":
      return { ...before, namesById: new Map(before.namesById).set(event.team, event.name) };
    case "PolicySet":
      return { ...before, policy: event.policy };
    case "RecoveryKeySet":
      return { ...before, recoveryKey: event.recoveryKey };
    case "OrganisationFounded":
    case "Confirmed":
    case "EpochBegun":
      return before;
    default:
      return exhausted(event);
  }
};

const withPerson = (before: Organisation, person: Person): Organisation => ({
  ...before,
  people: new Map(before.people).set(person.id, person),
  personByKeyEver: new Map(before.personByKeyEver).set(person.identityKey.keyId, {
    person: person.id,
    key: person.identityKey,
  }),
});

const changePerson = (before: Organisation, id: PersonId, change: Partial<Person>): Organisation => {
  const person = before.people.get(id);
  return person === undefined ? before : withPerson(before, { ...person, ...change });
};

const changeRoles = (before: Organisation, id: PersonId, change: (roles: Set<Role>) => unknown): Organisation => {
  const roles = new Set(before.people.get(id)?.roles);
  change(roles);
  return changePerson(before, id, { roles });
};

const withTeam = (before: Organisation, team: Team): Organisation => ({
  ...before,
  teams: new Map(before.teams).set(team.id, team),
});

const changeMembers = (
  before: Organisation,
  event: OrganisationEvent & { type: "TeamJoined" | "TeamLeft" },
  change: (members: Set<PersonId>) => unknown,
): Organisation => {
  const team = before.teams.get(event.team);
  const members = new Set(team?.members);
  change(members);
  return team === undefined ? before : withTeam(before, { ...team, members });
};

/** Who is no supervisor any more is none of any team; the team's key is replaced by an act of its own. */
const withoutSupervision = (before: Organisation, person: PersonId | undefined): Organisation => {
  const teams = [...before.teams].map(([id, team]) => {
    const supervisors = new Set([...team.supervisors].filter((each) => each !== person));
    return [id, { ...team, supervisors }] as const;
  });
  return { ...before, teams: new Map(teams) };
};
