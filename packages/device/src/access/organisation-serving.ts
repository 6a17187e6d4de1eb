/**
 * What the server is told when the organisation changes: who is signed out for good, who may invite, and whose keys stand
 * behind another key. It decides what is fetched; keys decide what can be read.
 */

import type { KeyId } from "@amana/log";
import type { OrganisationChange } from "@amana/sync";
import {
  presentPeople,
  type EpochMember,
  type Organisation,
  type OrganisationReading,
  type Person,
  type PersonId,
  type PublicKey,
} from "@amana/vault";

/** All who read the organisation's log: its people, and its recovery key. */
export const receivingKeysOf = (
  organisation: Organisation,
): readonly { readonly kind: EpochMember["kind"]; readonly publicKey: PublicKey }[] => {
  const people = presentPeople(organisation).map(
    ({ receivingKey }) => ({ kind: "person", publicKey: receivingKey }) as const,
  );
  const recovery = organisation.recoveryKey?.receivingKey;
  return recovery === undefined ? people : [...people, { kind: "recovery", publicKey: recovery }];
};

export const recipientsOf = (organisation: Organisation): readonly PublicKey[] =>
  receivingKeysOf(organisation).map(({ publicKey }) => publicKey);

/** Receiving keys that are nobody's any more: of those who left, and those that were replaced. */
export const leaversOf = (before: Organisation, after: Organisation): readonly KeyId[] => {
  const left = new Set(presentPeople(after).map(({ receivingKey }) => receivingKey.keyId));
  return presentPeople(before)
    .map(({ receivingKey }) => receivingKey.keyId)
    .filter((keyId) => !left.has(keyId));
};

/**
 * The same, of all who were here at any time since the log last began an epoch: somebody may have come since, and have lost their
 * keys again.
 */
export const leaversSinceEpoch = ({ current, asOf, epochBegunBy }: OrganisationReading): readonly KeyId[] => {
  const from = epochBegunBy === undefined ? undefined : asOf.get(epochBegunBy)?.place;
  if (from === undefined) return [];
  const since = [...asOf.values()].filter(({ place }) => place >= from);
  return [...new Set(since.flatMap(({ organisation }) => leaversOf(organisation, current)))];
};

/** Nothing when the server need not be told: only those it trusts with it may say anything here. */
export const changeForServer = (
  asOf: OrganisationReading["asOf"],
  before: Organisation,
  after: Organisation,
  leavers: readonly KeyId[] = leaversOf(before, after),
): OrganisationChange | undefined => {
  const known = standInsOf(asOf, before);
  const teams = [...standInsOf(asOf, after)]
    .filter(([key, people]) => known.get(key)?.join() !== people.join())
    .map(([team, people]) => ({ team, people }));
  const keepers = keepersOf(after);
  const isSame = keepersOf(before).join() === keepers.join();
  if (teams.length === 0 && leavers.length === 0 && isSame) return undefined;
  return { teams, leavers, keepers: isSame ? undefined : keepers };
};

const keepersOf = (organisation: Organisation): readonly KeyId[] =>
  presentPeople(organisation)
    .filter(({ roles }) => roles.has("administrator") || roles.has("supervisor"))
    .map(({ receivingKey }) => receivingKey.keyId)
    .sort();

// [Note: Keys stand in for keys] A case names whom it serves by the keys they had when its epoch began. Until it begins
// another, a team's older keys still mean its supervisors, and a person's older keys that same person, so that nobody
// loses sight of a case whose keys they can get again. Whoever has left stands behind no key.

/** By every key that a case may still name: the keys that stand behind it now. */
const standInsOf = (asOf: OrganisationReading["asOf"], now: Organisation): ReadonlyMap<KeyId, readonly KeyId[]> => {
  const standIns = new Map<KeyId, readonly KeyId[]>();
  for (const organisation of [...[...asOf.values()].map((each) => each.organisation), now]) {
    for (const { id, receivingKey } of organisation.people.values()) {
      const person = now.people.get(id);
      // A person's own key needs nobody behind it.
      if (person?.receivingKey.keyId !== receivingKey.keyId) standIns.set(receivingKey.keyId, presentKey(person));
    }
    for (const { id, receivingKey } of organisation.teams.values())
      standIns.set(receivingKey.keyId, supervisorKeys(now, now.teams.get(id)?.supervisors ?? new Set()));
  }
  return standIns;
};

const presentKey = (person: Person | undefined): readonly KeyId[] =>
  person === undefined || person.hasLeft ? [] : [person.receivingKey.keyId];

const supervisorKeys = ({ people }: Organisation, supervisors: ReadonlySet<PersonId>): readonly KeyId[] =>
  [...supervisors].flatMap((person) => presentKey(people.get(person))).sort();
