/**
 * What an act changes in the organisation, if its author has a say in it.
 *
 * Four things change who can read: a person's keys, the role of supervisor, the recovery key, the policy. Each
 * counts only when a second person confirms it. No act leaves too few people to open a case. What does not
 * count changes nothing and is listed.
 */

import { exhausted, type Instant } from "@amana/kernel";
import type { EntryHash } from "@amana/log";
import { decideCover, isCoverEvent } from "./cover.ts";
import { confirmDirectory, decideDirectory, isDirectoryEvent } from "./directory.ts";
import type { OrganisationEvent } from "./events.ts";
import { lookOf } from "./look.ts";
import {
  hasCaseRole,
  noOrganisation,
  presentPeople,
  presentSupervisors,
  type Organisation,
  type Person,
  type PersonId,
  type PersonKeys,
  type Proposal,
  type Role,
  type Team,
  type TeamId,
} from "./organisation.ts";
import { placesAfter, whoOpensThose } from "./places.ts";
import { areTwoPersons, whoCouldMeet } from "./two-persons.ts";

/** From the envelope, never from the payload. */
export type Act = {
  readonly hash: EntryHash;
  readonly event: OrganisationEvent;
  readonly by: Person;
  /** Whom it is about, where the event itself does not say so: they do not confirm it. */
  readonly about?: PersonId | undefined;
  /** By the author's clock. */
  readonly recordedAt?: Instant | undefined;
};

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
    broughtBy: undefined,
    metBy: new Set(),
  });

export const withoutAuthority = (before: Organisation, hash: EntryHash): Organisation => ({
  ...before,
  withoutAuthority: [...before.withoutAuthority, hash],
});

/** Nothing when the act does not count. */
const decide = (before: Organisation, act: Act): Organisation | undefined => {
  const { hash, event, by, about, recordedAt } = act;
  if (event.type === "Confirmed") return confirm(before, event.proposal, by, recordedAt);
  if (isDirectoryEvent(event)) return decideDirectory(before, { hash, event, by });
  if (isCoverEvent(event)) return decideCover(before, event, by);
  if (!mayPropose(before, event, by) || !canHappen(before, event)) return undefined;
  // Over whose epoch is said by the line.
  if (isOverAnother(event) && about === undefined) return undefined;
  const proposal = { event, by: by.id, proposedAt: recordedAt, ...(about === undefined ? {} : { about }) };
  if (!needsSecondPerson(event) || mayAlone(before, event, by, about)) return carryOut(before, hash, proposal);
  // One proposal for each entry, since a confirmation names the entry.
  if (before.proposals.has(hash)) return undefined;
  return { ...before, proposals: new Map(before.proposals).set(hash, proposal) };
};

type Confirmation = { readonly by: PersonId; readonly at: Instant | undefined };

const carryOut = (
  before: Organisation,
  entry: EntryHash,
  proposal: Proposal,
  confirmation?: Confirmation,
): Organisation => {
  const { event, by } = proposal;
  const confirmed = { confirmedBy: confirmation?.by, confirmedAt: confirmation?.at };
  const after = apply(before, event, { by, ...confirmed });
  const changes = after.changesOfReading;
  return {
    ...after,
    places: placesAfter(before, after.teams, event),
    changesOfReading: changesReading(event) ? [...changes, { ...proposal, entry, ...confirmed }] : changes,
  };
};

const changesReading = (event: OrganisationEvent): boolean =>
  needsSecondPerson(event) || (event.type === "RoleTaken" && event.role === "supervisor");

/**
 * There is no second supervisor yet. Keys are another matter: whoever gives a colleague keys could write in their name, so once
 * anybody else has a part in cases, one of them confirms. So it is with going on over an epoch, which may have taken out whoever
 * goes on over it.
 */
const mayAlone = (organisation: Organisation, event: OrganisationEvent, { id }: Person, about?: PersonId): boolean => {
  if (!isOnlySupervisor(organisation, id)) return false;
  const others = presentPeople(organisation).filter((each) => each.id !== id && each.id !== about && hasCaseRole(each));
  if (event.type === "KeysReplaced") return presentPeople(organisation).filter(hasCaseRole).length === 1;
  return !isOverAnother(event) || others.every((each) => !areTwoPersons(organisation, id, each.id));
};

const confirm = (
  before: Organisation,
  hash: EntryHash,
  by: Person,
  at: Instant | undefined,
): Organisation | undefined => {
  const proposal = before.proposals.get(hash);
  if (proposal !== undefined && isDirectoryEvent(proposal.event))
    return confirmDirectory(before, hash, { event: proposal.event, by: proposal.by }, by);
  if (proposal === undefined || !mayConfirm(before, proposal, by)) return undefined;
  const proposer = before.people.get(proposal.by);
  const isStillProposed = proposer?.hasLeft === false && mayPropose(before, proposal.event, proposer);
  if (!isStillProposed || !canHappen(before, proposal.event)) return undefined;
  // Whoever brought a colleague does not confirm with them, while nobody else has met that colleague.
  if (!areTwoPersons(before, proposal.by, by.id)) return undefined;
  const proposals = new Map(before.proposals);
  proposals.delete(hash);
  return carryOut({ ...before, proposals }, hash, proposal, { by: by.id, at });
};

/**
 * Nobody confirms their own proposal, nor what is about themselves. Whoever opens those cases already confirms: a supervisor of
 * a team of the person, or of the team. Where there is none but these two, any supervisor does; and keys, and going on over an
 * epoch, where no other supervisor could, whoever has a part in cases.
 */
const mayConfirm = (before: Organisation, proposal: Proposal, by: Person): boolean => {
  const subject = proposal.about ?? subjectOf(proposal.event);
  const isOther = (person: Person): boolean => person.id !== proposal.by && person.id !== subject;
  if (!isOther(by)) return false;
  const opening = whoOpensThose(before, proposal.event, isOther);
  if (opening.length > 0) return opening.some(({ id }) => id === by.id);
  const mayBeAnybody = proposal.event.type === "KeysReplaced" || isOverAnother(proposal.event);
  const isSupervisorNeeded = !mayBeAnybody || presentSupervisors(before).some(isOther);
  return isSupervisorNeeded ? by.roles.has("supervisor") : hasCaseRole(by);
};

const subjectOf = (event: OrganisationEvent): PersonId | undefined =>
  event.type === "KeysReplaced" || event.type === "RoleGiven" ? event.person : undefined;

/** Begins an epoch over one that others were not given: `passing-over.ts`. */
const isOverAnother = (event: OrganisationEvent): boolean => event.type === "EpochBegun" && event.over !== undefined;

const needsSecondPerson = (event: OrganisationEvent): boolean =>
  isOverAnother(event) ||
  event.type === "KeysReplaced" ||
  event.type === "PolicySet" ||
  event.type === "RecoveryKeySet" ||
  event.type === "TeamKeyReplaced" ||
  (event.type === "RoleGiven" && event.role === "supervisor");

/** Whose role allows it at all. */
const mayPropose = (before: Organisation, event: OrganisationEvent, by: Person): boolean => {
  const { id, roles } = by;
  const isAdministrator = roles.has("administrator");
  const isSupervisor = roles.has("supervisor");
  switch (event.type) {
    case "OrganisationFounded":
    case "Confirmed":
    case "ProviderListed":
    case "ProviderClosed":
    case "CoverArranged":
    case "CoverEnded":
      return false;
    case "RoleGiven":
    case "RoleTaken":
      return isAdministrator;
    case "TeamFormed":
    case "TeamKeyReplaced":
    case "TeamJoined":
      return isSupervisor;
    case "TeamLeft":
      // Whose word counts for a colleague's keys rests on their team: nobody else takes them out of it.
      return isSupervisor && before.teams.get(event.team)?.supervisors.has(id) === true;
    case "KeysReplaced":
      // A person's new keys are announced by a colleague who has spoken with them.
      if (event.person === id) return false;
      return isAdministrator || isSupervisor || (hasCaseRole(by) && isOnlySupervisor(before, event.person));
    case "PersonEnrolled":
      return (isAdministrator || isSupervisor) && event.role !== "supervisor";
    case "PersonMet":
      return whoCouldMeet(before, event.person).includes(id);
    case "PersonLeft":
      // Nobody sends themselves away: what follows from it would be the act of somebody who has left.
      return (isAdministrator || isSupervisor) && event.person !== id;
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
    case "ProviderListed":
    case "ProviderClosed":
    case "CoverArranged":
    case "CoverEnded":
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
    case "PersonMet":
      return isPresent(before, event.person);
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

const isOnlySupervisor = (organisation: Organisation, person: PersonId): boolean => {
  const supervisors = presentSupervisors(organisation);
  return supervisors.length === 1 && supervisors[0]?.id === person;
};

const isPresent = (organisation: Organisation, person: PersonId): boolean =>
  organisation.people.get(person)?.hasLeft === false;

/**
 * Nobody is called as a colleague is or ever was, present or gone, nor by a name that looks like theirs: who wrote something, and who
 * can read it, is shown by name.
 */
const isFreeName = ({ namesById, formerNamesById }: Organisation, id: PersonId | TeamId, name: string): boolean => {
  const everBorne = [...[...namesById].map(([other, taken]) => [other, [taken]] as const), ...formerNamesById];
  return everBorne.every(([other, names]) => other === id || names.every((taken) => lookOf(taken) !== lookOf(name)));
};

/**
 * A key is one person's, for ever: nobody takes over a colleague's signatures or wraps by enrolling their key, and whoever has one that
 * was replaced is handed nothing by it under another's name.
 */
const areFreshKeys = (organisation: Organisation, { identityKey, receivingKey }: PersonKeys): boolean =>
  !organisation.personByKeyEver.has(identityKey.keyId) && !organisation.receivingKeysEver.has(receivingKey.keyId);

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

/** Whose act it was, and who confirmed it where a second person did. */
type Hands = { readonly by: PersonId; readonly confirmedBy: PersonId | undefined };

const apply = (before: Organisation, event: OrganisationEvent, { by, confirmedBy }: Hands): Organisation => {
  switch (event.type) {
    case "PersonEnrolled": {
      const { person: id, identityKey, receivingKey, role } = event;
      const met = { broughtBy: by, metBy: new Set<PersonId>() };
      return withPerson(before, { id, identityKey, receivingKey, roles: new Set([role]), hasLeft: false, ...met });
    }
    case "KeysReplaced": {
      const { identityKey, receivingKey } = event;
      const metBy = new Set(confirmedBy === undefined ? [] : [confirmedBy]);
      return changePerson(before, event.person, { identityKey, receivingKey, broughtBy: by, metBy });
    }
    case "PersonMet": {
      const metBy = new Set(before.people.get(event.person)?.metBy).add(by);
      return changePerson(before, event.person, { metBy });
    }
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
      return withName(before, event.person, event.name);
    case "TeamNamed":
      return withName(before, event.team, event.name);
    case "PolicySet":
      return { ...before, policy: event.policy };
    case "RecoveryKeySet":
      return { ...before, recoveryKey: event.recoveryKey };
    case "OrganisationFounded":
    case "Confirmed":
    case "ProviderListed":
    case "ProviderClosed":
    case "CoverArranged":
    case "CoverEnded":
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
  receivingKeysEver: new Set(before.receivingKeysEver).add(person.receivingKey.keyId),
});

const withName = (before: Organisation, id: PersonId | TeamId, name: string): Organisation => {
  const { namesById, formerNamesById } = before;
  const borne = namesById.get(id);
  const former = (formerNamesById.get(id) ?? []).filter((each) => each !== name && each !== borne);
  const names = borne === undefined || borne === name ? former : [...former, borne];
  return {
    ...before,
    namesById: new Map(namesById).set(id, name),
    formerNamesById: names.length === 0 ? formerNamesById : new Map(formerNamesById).set(id, names),
  };
};

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
