/**
 * Who reads a case: people and teams, whatever keys they have at the moment. The members of an epoch are their keys then.
 *
 * The recovery key is a member wherever the organisation has one. It opens, but it is nobody.
 */

import type { KeyId } from "@amana/log";
import {
  openersOf,
  presentSupervisors,
  type Epoch,
  type EpochMember,
  type Organisation,
  type OrganisationReading,
  type PersonId,
  type PublicKey,
  type TeamId,
} from "@amana/vault";
import { waitsForTeamKey } from "./team-key.ts";

export type Reader =
  { readonly kind: "person"; readonly person: PersonId } | { readonly kind: "team"; readonly team: TeamId };

/** Whom an epoch names, and whose keys its case key is wrapped to. */
export type Membership = { readonly members: readonly EpochMember[]; readonly recipients: readonly PublicKey[] };

/** Behind the keys of an epoch, in the organisation that its writer had seen. */
export const readersOf = ({ members, organisation }: Epoch): readonly Reader[] =>
  members.flatMap(({ kind, keyId }): readonly Reader[] => {
    if (kind === "team") {
      const team = [...organisation.teams.values()].find(({ receivingKey }) => receivingKey.keyId === keyId);
      return team === undefined ? [] : [{ kind, team: team.id }];
    }
    const person = [...organisation.people.values()].find(({ receivingKey }) => receivingKey.keyId === keyId);
    return kind === "recovery" || person === undefined ? [] : [{ kind, person: person.id }];
  });

const isSameReader = (one: Reader, other: Reader): boolean =>
  one.kind === "person"
    ? other.kind === "person" && one.person === other.person
    : other.kind === "team" && one.team === other.team;

export const withReader = (readers: readonly Reader[], reader: Reader): readonly Reader[] =>
  readers.some((each) => isSameReader(each, reader)) ? readers : [...readers, reader];

export const withoutReader = (readers: readonly Reader[], reader: Reader): readonly Reader[] =>
  readers.filter((each) => !isSameReader(each, reader));

/** Without those who have left, or have no part in cases any more. */
export const presentReaders = (readers: readonly Reader[], organisation: Organisation): readonly Reader[] =>
  readers.filter((reader) => keyOfReader(reader, organisation) !== undefined);

// [Note: A team whose key a stranger holds] Whoever leaves a team takes its key along, in a copy of their own. Until two
// people have given the team another one, nothing more is wrapped to it: its supervisors get the case key by themselves,
// beside the team's name, so that the case is the team's again as soon as the team has its key.

/** The members an epoch would have now. Whoever has left, or has no part in cases any more, is none. */
export const membershipFor = (readers: readonly Reader[], reading: OrganisationReading): Membership => {
  const { current } = reading;
  const teams = readers.flatMap((reader) => (reader.kind === "team" ? (current.teams.get(reader.team) ?? []) : []));
  const waiting = teams.filter((team) => waitsForTeamKey(team, reading));
  const keyed = teams.filter((team) => !waiting.includes(team));
  const throughTeam = new Set(keyed.flatMap(({ supervisors }) => [...supervisors]));
  const alone = new Set([
    ...readers.flatMap((reader) => (reader.kind === "person" ? [reader.person] : [])),
    ...waiting.flatMap(({ supervisors }) => [...supervisors]),
  ]);
  // Who supervises a team that reads reads through it, and no longer once they do not.
  const people = [...alone].filter((person) => !throughTeam.has(person));
  const peopleKeys = people.flatMap((person) => keyOfReader({ kind: "person", person }, current) ?? []);
  const teamKeys = keyed.map(({ receivingKey }) => receivingKey);
  const recovery = current.recoveryKey === undefined ? [] : [current.recoveryKey.receivingKey];
  return {
    members: [
      ...peopleKeys.map(({ keyId }) => ({ kind: "person", keyId }) as const),
      ...teams.map(({ receivingKey }) => ({ kind: "team", keyId: receivingKey.keyId }) as const),
      ...recovery.map(({ keyId }) => ({ kind: "recovery", keyId }) as const),
    ],
    recipients: [...peopleKeys, ...teamKeys, ...recovery],
  };
};

/** Nothing for somebody who cannot read any case now. */
export const keyOfReader = (reader: Reader, organisation: Organisation): PublicKey | undefined => {
  if (reader.kind === "team") return organisation.teams.get(reader.team)?.receivingKey;
  const person = organisation.people.get(reader.person);
  const hasCases = person?.roles.has("caseworker") === true || person?.roles.has("supervisor") === true;
  return hasCases && !person.hasLeft ? person.receivingKey : undefined;
};

/**
 * Whether the case waits for a new epoch: somebody has left, has other keys or another role, a team has another key or
 * other supervisors, or the recovery key is another one.
 */
export const waitsForEpoch = (epoch: Epoch, reading: OrganisationReading): boolean => {
  const { members } = membershipFor(presentReaders(readersOf(epoch), reading.current), reading);
  const openers = openersOf(members, reading.current) ?? new Set();
  return (
    !isSameSet(new Set(members.map(memberName)), new Set(epoch.members.map(memberName))) ||
    !isSameSet(new Set<string>(openers), new Set<string>(epoch.openers)) ||
    hasLessSay(epoch, reading.current)
  );
};

/**
 * Whether somebody who opens the case supervises no more. By naming the organisation of before they would go on doing so here, until
 * an epoch begins that names one of after.
 */
const hasLessSay = ({ openers, organisation }: Epoch, current: Organisation): boolean => {
  const supervisorsNow = new Set(presentSupervisors(current).map(({ id }) => id));
  return presentSupervisors(organisation).some(({ id }) => openers.has(id) && !supervisorsNow.has(id));
};

/** Keys that read from this epoch on and did not read the one before: they lack the earlier case keys. */
export const newcomersOf = (epochs: readonly Epoch[]): ReadonlySet<KeyId> => {
  const [before, last] = [epochs.at(-2), epochs.at(-1)];
  if (before === undefined || last === undefined) return new Set();
  const known = new Set(before.members.map(({ keyId }) => keyId));
  return new Set(last.members.map(({ keyId }) => keyId).filter((keyId) => !known.has(keyId)));
};

const memberName = ({ kind, keyId }: EpochMember): string => `${kind} ${keyId}`;

const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((each) => other.has(each));
