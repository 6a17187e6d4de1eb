/** Who would open a case if it got a new key now: whoever has left, or has no part in cases any more, would not. */

import { openersMin, type Organisation, type PersonId, type TeamId } from "@amana/vault";

type Reader = { readonly person: PersonId; readonly through: readonly ("own-key" | TeamId)[] };

/** Then it gets no new key before a colleague is let in: no case has a single opener. */
export const hasTooFewOpeners = (readers: readonly Reader[], organisation: Organisation): boolean => {
  const opens = (id: PersonId): boolean => {
    const person = organisation.people.get(id);
    return person?.hasLeft === false && (person.roles.has("caseworker") || person.roles.has("supervisor"));
  };
  const openers = readers.flatMap(({ person, through }) =>
    through.flatMap((way) => (way === "own-key" ? [person] : [...(organisation.teams.get(way)?.supervisors ?? [])])),
  );
  return new Set(openers.filter(opens)).size < openersMin;
};
