/**
 * The organisation as its log tells it: people and their keys, roles, teams, policy, recovery key, and what still
 * waits for a second person. It says whose keys are whose; everything about who may read starts here.
 */

import type { Brand, Instant } from "@amana/kernel";
import { toHex, type Bytes, type CborMap, type EntryHash, type KeyId } from "@amana/log";
import type { PublicKey } from "../identity.ts";
import type { Cover } from "./cover.ts";
import type { Provider, ProviderId } from "./directory.ts";
import type { Randomness } from "../ports.ts";
import type { OrganisationEvent } from "./events.ts";
import type { Place } from "./places.ts";

export type PersonId = string & Brand<"PersonId">;
export type TeamId = string & Brand<"TeamId">;

export type Role = "caseworker" | "supervisor" | "administrator";

export type PersonKeys = { readonly identityKey: PublicKey; readonly receivingKey: PublicKey };

export type Person = PersonKeys & {
  readonly id: PersonId;
  readonly roles: ReadonlySet<Role>;
  /** Someone who left keeps their place, so that what they wrote keeps its author. */
  readonly hasLeft: boolean;
  /** Who gave the organisation the keys that this person has now; nobody for the founder. */
  readonly broughtBy: PersonId | undefined;
  /** Others who have said since that they have met this person (`two-persons.ts`). */
  readonly metBy: ReadonlySet<PersonId>;
};

/** Whatever is wrapped to a team is open to its supervisors. */
export type Team = {
  readonly id: TeamId;
  readonly receivingKey: PublicKey;
  /** Binds the team's key for those it is wrapped to. */
  readonly commitment: Bytes;
  readonly supervisors: ReadonlySet<PersonId>;
  readonly members: ReadonlySet<PersonId>;
};

/** A master key, split on sheets: k of n together open what is wrapped to it. */
export type RecoveryKey = {
  readonly receivingKey: PublicKey;
  readonly commitment: Bytes;
  readonly k: number;
  readonly n: number;
};

/** What was proposed by whom, and counts once a second person confirms it. */
export type Proposal = {
  readonly event: OrganisationEvent;
  readonly by: PersonId;
  /** Of an epoch over another: who began that one. */
  readonly about?: PersonId;
  /** By the clock of whoever proposed it, which proves nothing. */
  readonly proposedAt?: Instant | undefined;
};

/** What changed who can read: a person's keys, the role of supervisor, a team's or the recovery key, the policy. */
export type ChangeOfReading = Proposal & {
  /** The entry that proposed it, or that did it where nobody else could confirm. */
  readonly entry: EntryHash;
  /** Nobody where the organisation had no second person for it. */
  readonly confirmedBy: PersonId | undefined;
  readonly confirmedAt: Instant | undefined;
};

/** Whose identity key it is, with the key itself. */
export type KeyOwner = { readonly person: PersonId; readonly key: PublicKey };

export type Organisation = {
  readonly people: ReadonlyMap<PersonId, Person>;
  /** Every identity key that was ever someone's: to verify what they signed while it was. */
  readonly personByKeyEver: ReadonlyMap<KeyId, KeyOwner>;
  /** Every receiving key that was ever a person's: what was wrapped to one stays open to whoever has it. */
  readonly receivingKeysEver: ReadonlySet<KeyId>;
  readonly teams: ReadonlyMap<TeamId, Team>;
  /** What colleagues call a person or a team; nothing here rests on it. */
  readonly namesById: ReadonlyMap<PersonId | TeamId, string>;
  /** What they were called before, the latest last: nobody else takes such a name. */
  readonly formerNamesById: ReadonlyMap<PersonId | TeamId, readonly string[]>;
  readonly policy: CborMap;
  readonly recoveryKey: RecoveryKey | undefined;
  readonly proposals: ReadonlyMap<EntryHash, Proposal>;
  /** Whom one can refer to. */
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly covers: readonly Cover[];
  /** The oldest first (`places.ts`). */
  readonly places: readonly Place[];
  /** All that ever changed who can read, in the order in which it counted: everyone sees it. */
  readonly changesOfReading: readonly ChangeOfReading[];
  /** Entries that changed nothing, because their author had no say in it. Shown to everyone. */
  readonly withoutAuthority: readonly EntryHash[];
};

export const noOrganisation: Organisation = {
  people: new Map(),
  personByKeyEver: new Map(),
  receivingKeysEver: new Set(),
  teams: new Map(),
  namesById: new Map(),
  formerNamesById: new Map(),
  policy: {},
  recoveryKey: undefined,
  proposals: new Map(),
  providers: new Map(),
  covers: [],
  places: [],
  changesOfReading: [],
  withoutAuthority: [],
};

/** Who signs with this key now. A key that was replaced, or of someone who left, is nobody's any more. */
export const presentPersonOf = (organisation: Organisation, keyId: KeyId): Person | undefined => {
  const known = organisation.personByKeyEver.get(keyId);
  const person = known === undefined ? undefined : organisation.people.get(known.person);
  return person?.identityKey.keyId === keyId && !person.hasLeft ? person : undefined;
};

export const presentPeople = (organisation: Organisation): readonly Person[] =>
  [...organisation.people.values()].filter(({ hasLeft }) => !hasLeft);

export const presentSupervisors = (organisation: Organisation): readonly Person[] =>
  presentPeople(organisation).filter(({ roles }) => roles.has("supervisor"));

/** Supervisors and administrators alone begin an epoch of the organisation's log. */
export const isKeeper = ({ roles }: Person): boolean => roles.has("supervisor") || roles.has("administrator");

/** Administrators as such see no case. */
export const hasCaseRole = ({ roles }: Person): boolean => roles.has("caseworker") || roles.has("supervisor");

/** Random, so that an id says nothing of the person or team. */
export const makePersonId = (randomness: Randomness): PersonId => toHex(randomness(16)) as PersonId; // Made here.
export const makeProviderId = (randomness: Randomness): ProviderId => toHex(randomness(16)) as ProviderId; // Made here.
export const makeTeamId = (randomness: Randomness): TeamId => toHex(randomness(16)) as TeamId; // Made here.
