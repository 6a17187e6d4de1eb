/**
 * Who counts as a second person. Somebody whom only one colleague has met may be invented by that colleague: until another
 * says that they have met them too, they and whoever brought them count as one.
 *
 * Depends only on the organisation as it was, so it is the same on every device. Why it is so:
 * docs/decisions/2026-11-22-who-is-two-persons.md.
 */

import { presentPeople, type Organisation, type Person, type PersonId } from "./organisation.ts";

/** Somebody else than whoever gave their keys has met them. Nobody gave the founder's. */
export const isMet = ({ broughtBy, metBy }: Person): boolean => broughtBy === undefined || metBy.size > 0;

/** Whether these two can confirm each other's acts. */
export const areTwoPersons = (organisation: Organisation, one: PersonId, other: PersonId): boolean => {
  const standIns = standInsIn(organisation);
  return standOf(standIns, one) !== standOf(standIns, other);
};

/**
 * Who could say of a newcomer that they have met them: supervisors, or where there is none who could, whoever was here before
 * them. Never whoever they count as one with, and nobody who is themselves not met while others could have met them.
 */
export const whoCouldMeet = (organisation: Organisation, person: PersonId): readonly PersonId[] => {
  const standIns = standInsIn(organisation);
  const newcomer = organisation.people.get(person);
  if (newcomer?.broughtBy === undefined || newcomer.hasLeft) return [];
  return couldMeet(organisation, newcomer, newcomer.broughtBy, standIns);
};

/** For whom each counts, when two persons are needed: most for themselves. */
type StandIns = Map<PersonId, PersonId>;

const standOf = (standIns: StandIns, person: PersonId): PersonId => standIns.get(person) ?? person;

const standInsIn = (organisation: Organisation): StandIns => {
  const standIns: StandIns = new Map();
  for (const person of organisation.people.values()) settle(organisation, person, standIns, new Set());
  return standIns;
};

/** Whoever brought somebody is settled before them. Two who gave each other their keys have nobody before them. */
const settle = (organisation: Organisation, person: Person, standIns: StandIns, asked: ReadonlySet<PersonId>): void => {
  const { id, broughtBy } = person;
  if (standIns.has(id) || asked.has(id)) return;
  const bringer = broughtBy === undefined ? undefined : organisation.people.get(broughtBy);
  if (bringer !== undefined) settle(organisation, bringer, standIns, new Set([...asked, id]));
  // While nobody could meet them, as in an organisation of two, they count: else the first two could do nothing.
  const isOwn =
    bringer === undefined || isMet(person) || couldMeet(organisation, person, bringer.id, standIns).length === 0;
  standIns.set(id, isOwn ? id : standOf(standIns, bringer.id));
};

const couldMeet = (
  organisation: Organisation,
  newcomer: Person,
  broughtBy: PersonId,
  standIns: StandIns,
): readonly PersonId[] => {
  const bringer = standOf(standIns, broughtBy);
  const others = presentPeople(organisation).filter(
    (each) => each.id !== newcomer.id && each.id !== bringer && (isMet(each) || standIns.get(each.id) === each.id),
  );
  const supervisors = others.filter(({ roles }) => roles.has("supervisor"));
  const order = [...organisation.people.keys()];
  const before = others.filter(({ id }) => order.indexOf(id) < order.indexOf(newcomer.id));
  return (supervisors.length > 0 ? supervisors : before).map(({ id }) => id);
};
