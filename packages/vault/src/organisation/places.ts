/**
 * Who has which place in which team, the oldest first, and whose word therefore counts when somebody gets other keys or a team
 * another key: whoever opens those cases already.
 *
 * The oldest place decides, since any supervisor may form another team and put a colleague into it; and a place ends only by
 * an act of a supervisor of that very team. Otherwise whoever wants to read a team's cases would make themselves its neighbour.
 */

import type { OrganisationEvent } from "./events.ts";
import {
  presentSupervisors,
  type Organisation,
  type Person,
  type PersonId,
  type Team,
  type TeamId,
} from "./organisation.ts";

export type Place = { readonly team: TeamId; readonly person: PersonId; readonly as: "supervisor" | "member" };

type Teams = ReadonlyMap<TeamId, Team>;

/** Places that a team says no more end; who is only not a supervisor any more keeps theirs until the team's key is another. */
export const placesAfter = (
  { places, teams }: Organisation,
  after: Teams,
  event: OrganisationEvent,
): readonly Place[] => {
  if (after === teams) return places;
  const now = [...after.values()].flatMap(placesIn);
  const kept = places.filter((place) => !isEndedBy(event, place) || now.some((each) => isSame(each, place)));
  return [...kept, ...now.filter((place) => !kept.some((each) => isSame(each, place)))];
};

const placesIn = ({ id, supervisors, members }: Team): readonly Place[] => [
  ...[...supervisors].map((person) => ({ team: id, person, as: "supervisor" }) as const),
  ...[...members].map((person) => ({ team: id, person, as: "member" }) as const),
];

const isSame = (one: Place, other: Place): boolean =>
  one.team === other.team && one.person === other.person && one.as === other.as;

const isEndedBy = (event: OrganisationEvent, { team, person, as }: Place): boolean => {
  if (event.type === "TeamLeft") return event.team === team && event.person === person && as === "member";
  return event.type === "TeamKeyReplaced" && event.team.id === team && as === "supervisor";
};

/**
 * Of those who may confirm this at all, the supervisors who open those cases already; none where no team is concerned, or
 * where nobody else supervises it.
 */
export const whoOpensThose = (
  organisation: Organisation,
  event: OrganisationEvent,
  isOther: (person: Person) => boolean,
): readonly Person[] => {
  const others = presentSupervisors(organisation).filter(isOther);
  for (const team of teamsConcerned(organisation, event)) {
    const ofTeam = others.filter(({ id }) => organisation.teams.get(team)?.supervisors.has(id) === true);
    if (ofTeam.length > 0) return ofTeam;
  }
  return [];
};

/** Those that a person supervises first: their keys open all cases of these. */
const teamsConcerned = ({ places }: Organisation, event: OrganisationEvent): readonly TeamId[] => {
  if (event.type === "TeamKeyReplaced") return [event.team.id];
  if (event.type !== "KeysReplaced" && event.type !== "RoleGiven") return [];
  const own = places.filter(({ person }) => person === event.person);
  const supervised = own.filter(({ as }) => as === "supervisor");
  return [...supervised, ...own].map(({ team }) => team);
};
