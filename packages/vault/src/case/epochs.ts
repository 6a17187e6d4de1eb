/**
 * Who can read a case, from which entry on: the epochs of its control line, each judged by the organisation its
 * author had seen. No epoch has a single opener.
 */

import { type Bytes, type EntryHash, type KeyId, type SealedEntry } from "@amana/log";
import {
  hasCaseRole,
  presentPeople,
  presentPersonOf,
  presentSupervisors,
  type Organisation,
  type Person,
  type PersonId,
  type TeamId,
} from "../organisation/organisation.ts";
import type { EpochBegun, EpochMember } from "./events.ts";

export type Epoch = {
  /** The entry that begins it. */
  readonly entry: EntryHash;
  readonly keyCommitment: Bytes;
  readonly members: readonly EpochMember[];
  /** The people behind the members, in the organisation as it was then. */
  readonly openers: ReadonlySet<PersonId>;
  readonly cut: readonly EntryHash[];
  /** As its author had seen it. */
  readonly organisation: Organisation;
};

/** Each case is opened by two people at least, so that none is lost with one of them, or hidden by one. */
export const openersMin = 2;

/** What an epoch is judged by. */
export type EpochGround = {
  /** As its author had seen it. */
  readonly organisation: Organisation;
  readonly before: Epoch | undefined;
  /** It was begun meanwhile (`meanwhile.ts`): a member who is nobody's key is left out of its openers, and spoils it for nobody. */
  readonly isMeanwhile: boolean;
};

/**
 * The epoch that an entry begins, or nothing when it has no authority: its author must be an opener of it, and of the one
 * before where there is one, every member must be someone of the organisation as far as it was not begun meanwhile, and two must
 * open. Whoever watches over a case is taken out of it only by a supervisor.
 */
export const beginEpoch = (
  entry: SealedEntry,
  event: EpochBegun,
  { organisation, before, isMeanwhile }: EpochGround,
): Epoch | undefined => {
  const keyCommitment = entry.header.keyCommitment;
  const author = presentPersonOf(organisation, entry.header.author);
  if (keyCommitment === undefined || author === undefined || !hasCaseRole(author)) return undefined;
  const known = isMeanwhile ? knownAmong(event.members, organisation) : event.members;
  const openers = openersOf(known, organisation);
  if (openers === undefined || openers.size < openersMin) return undefined;
  // Whoever makes a key has it, so an epoch without its author would have a reader whom nobody sees.
  if (!openers.has(author.id) || before?.openers.has(author.id) === false) return undefined;
  const { members, cut } = event;
  if (!author.roles.has("supervisor") && !keepsSupervisors(known, organisation, before)) return undefined;
  return { entry: entry.hash, keyCommitment, members, openers, cut, organisation };
};

/** Whether each team of the epoch before is a member still, and each of its people who supervises an opener. */
export const keepsSupervisors = (
  members: readonly EpochMember[],
  organisation: Organisation,
  before: Epoch | undefined,
): boolean => {
  if (before === undefined) return true;
  const [teams, openers] = [teamsAmong(members, organisation), openersOf(members, organisation)];
  const supervisors = new Set(presentSupervisors(organisation).map(({ id }) => id));
  const areTeamsKept = [...teamsAmong(before.members, before.organisation)].every((team) => teams.has(team));
  return (
    areTeamsKept &&
    peopleAmong(before.members, before.organisation).every(
      (person) => !supervisors.has(person) || openers?.has(person) === true,
    )
  );
};

/**
 * Whether this person's word is enough to go on though an epoch cannot be read: it may have taken out anybody but a supervisor,
 * unless a supervisor began it. Where none opens the case there is nobody else to ask.
 */
export const mayPassOver = ({ roles }: Person, organisation: Organisation, before: Epoch | undefined): boolean =>
  roles.has("supervisor") || !presentSupervisors(organisation).some(({ id }) => before?.openers.has(id) === true);

const teamsAmong = (members: readonly EpochMember[], { teams }: Organisation): ReadonlySet<TeamId> => {
  const keys = new Set(members.flatMap(({ kind, keyId }) => (kind === "team" ? [keyId] : [])));
  return new Set([...teams.values()].flatMap(({ id, receivingKey }) => (keys.has(receivingKey.keyId) ? [id] : [])));
};

const peopleAmong = (members: readonly EpochMember[], { people }: Organisation): readonly PersonId[] => {
  const keys = new Set(members.flatMap(({ kind, keyId }) => (kind === "person" ? [keyId] : [])));
  return [...people.values()].flatMap(({ id, receivingKey }) => (keys.has(receivingKey.keyId) ? [id] : []));
};

const knownAmong = (members: readonly EpochMember[], organisation: Organisation): readonly EpochMember[] =>
  members.filter(({ kind, keyId }) => peopleBehind(kind, keyId, organisation) !== undefined);

/** Nothing when a member is nobody's key. The recovery key opens, but is no person. */
export const openersOf = (
  members: readonly EpochMember[],
  organisation: Organisation,
): ReadonlySet<PersonId> | undefined => {
  const openers = new Set<PersonId>();
  for (const { kind, keyId } of members) {
    const behind = peopleBehind(kind, keyId, organisation);
    if (behind === undefined) return undefined;
    for (const person of behind) openers.add(person);
  }
  return openers;
};

const peopleBehind = (
  kind: EpochMember["kind"],
  keyId: KeyId,
  organisation: Organisation,
): Iterable<PersonId> | undefined => {
  if (kind === "recovery") return organisation.recoveryKey?.receivingKey.keyId === keyId ? [] : undefined;
  if (kind === "team")
    return [...organisation.teams.values()].find((team) => team.receivingKey.keyId === keyId)?.supervisors;
  const person = presentPeople(organisation).find((each) => each.receivingKey.keyId === keyId);
  return person !== undefined && hasCaseRole(person) ? [person.id] : undefined;
};

/** For each person who was an opener and is not one now: the epoch that left them out. */
export const removedIn = (epochs: readonly Epoch[]): ReadonlyMap<PersonId, Epoch> => {
  const removed = new Map<PersonId, Epoch>();
  epochs.forEach((epoch, index) => {
    for (const person of epochs[index - 1]?.openers ?? []) if (!epoch.openers.has(person)) removed.set(person, epoch);
    for (const person of epoch.openers) removed.delete(person);
  });
  return removed;
};

/** The first epoch whose writer knew that a person had replaced this identity key. */
export const replacedIn = (epochs: readonly Epoch[], identityKeyId: KeyId, person: PersonId): Epoch | undefined =>
  epochs.find(({ organisation }) => {
    const isKnown = organisation.personByKeyEver.has(identityKeyId);
    return isKnown && organisation.people.get(person)?.identityKey.keyId !== identityKeyId;
  });
