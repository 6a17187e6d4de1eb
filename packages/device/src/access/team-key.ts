/** Whether a team's key is in the hands of those who supervise it, and of nobody else. */

import type { OrganisationReading, Team } from "@amana/vault";

/** Somebody holds it who supervises the team no more, or under keys that were replaced since: the team needs another. */
export const waitsForTeamKey = (
  { id, receivingKey, supervisors }: Team,
  { current, asOf }: OrganisationReading,
): boolean =>
  [...asOf.values()].some(({ organisation }) => {
    const team = organisation.teams.get(id);
    if (team?.receivingKey.keyId !== receivingKey.keyId) return false;
    return [...team.supervisors].some((person) => {
      const keyThen = organisation.people.get(person)?.receivingKey.keyId;
      return !supervisors.has(person) || current.people.get(person)?.receivingKey.keyId !== keyThen;
    });
  });
