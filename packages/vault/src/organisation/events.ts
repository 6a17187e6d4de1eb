/**
 * What can happen in an organisation, read from anyone's sealed data. A public key that enrolment refuses makes
 * the whole event unreadable, so that no such key ever enters the organisation. Format: docs/formats/keys.md §7.
 */

import { bytesOf, isCborMap, type Bytes, type CborMap, type CborValue, type EntryHash } from "@amana/log";
import type { SealedEvent } from "../body.ts";
import { readEpoch, readEpochOver, type EpochBegun } from "../case/events.ts";
import { exactFields, readHash, readId, readList } from "../fields.ts";
import { receivingPublicBytes } from "../hazmat/x-wing.ts";
import { enrolIdentityPublic, enrolReceivingPublic } from "../identity.ts";
import { readCoverArranged, readCoverEnded, type CoverEvent } from "./cover.ts";
import { readProviderClosed, readProviderListed, type DirectoryEvent } from "./directory.ts";
import type { PersonId, PersonKeys, RecoveryKey, Role, Team, TeamId } from "./organisation.ts";

export type OrganisationEvent =
  | ({ readonly type: "OrganisationFounded"; readonly person: PersonId } & PersonKeys)
  | ({ readonly type: "PersonEnrolled"; readonly person: PersonId; readonly role: Role } & PersonKeys)
  | ({ readonly type: "KeysReplaced"; readonly person: PersonId } & PersonKeys)
  | { readonly type: "RoleGiven"; readonly person: PersonId; readonly role: Role }
  | { readonly type: "RoleTaken"; readonly person: PersonId; readonly role: Role }
  | { readonly type: "PersonLeft"; readonly person: PersonId }
  /** Whoever says so has met this colleague in person, or has spoken with them. */
  | { readonly type: "PersonMet"; readonly person: PersonId }
  | { readonly type: "TeamFormed"; readonly team: Omit<Team, "members"> }
  | { readonly type: "TeamKeyReplaced"; readonly team: Omit<Team, "members"> }
  | { readonly type: "TeamJoined"; readonly team: TeamId; readonly person: PersonId }
  | { readonly type: "TeamLeft"; readonly team: TeamId; readonly person: PersonId }
  | { readonly type: "PersonNamed"; readonly person: PersonId; readonly name: string }
  | { readonly type: "TeamNamed"; readonly team: TeamId; readonly name: string }
  | { readonly type: "PolicySet"; readonly policy: CborMap }
  | { readonly type: "RecoveryKeySet"; readonly recoveryKey: RecoveryKey | undefined }
  | { readonly type: "Confirmed"; readonly proposal: EntryHash }
  | DirectoryEvent
  | CoverEvent
  | EpochBegun;

/** Nothing for a type or version this code does not know, and for data that is not as the type says. */
export const readOrganisationEvent = async (event: SealedEvent): Promise<OrganisationEvent | undefined> => {
  if (event.type === "EpochBegun" && event.version === 2) return readEpochOver(event.data);
  if (event.version !== 1 || !Object.hasOwn(readers, event.type)) return undefined;
  return readers[event.type]?.(event.data);
};

type Reader = (data: CborValue) => Promise<OrganisationEvent | undefined> | OrganisationEvent | undefined;

const readPersonId = (value: CborValue | undefined): PersonId | undefined => readId(value) as PersonId | undefined; // Any 16 bytes are an id.
const readTeamId = (value: CborValue | undefined): TeamId | undefined => readId(value) as TeamId | undefined; // Any 16 bytes are an id.

const nameLengthMax = 80;

/**
 * Latin and Arabic writing as blocks of code points that are full, never as properties: an older device knows fewer
 * letters of Unicode than a newer one, and both must agree on every name.
 */
const nameLetters = /^[ -~\u00a1-\u024f\u1e00-\u1eff\u0600-\u06ff\u0750-\u077f]+$/;

/** One line without surrounding spaces, and without signs that nobody sees: two names that look the same must be the same. */
const readName = (value: CborValue | undefined): string | undefined => {
  const isName =
    typeof value === "string" &&
    value.length >= 1 &&
    value.length <= nameLengthMax &&
    nameLetters.test(value) &&
    value === value.trim().normalize("NFC") &&
    !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\s{2}/u.test(value);
  return isName ? value : undefined;
};

const roles: readonly Role[] = ["caseworker", "supervisor", "administrator"];
const readRole = (value: CborValue | undefined): Role | undefined => roles.find((role) => role === value);

const readKeys = async (fields: CborMap): Promise<PersonKeys | undefined> => {
  const identityBytes = bytesOf(fields["identity"], 32);
  const receivingBytes = bytesOf(fields["receiving"], receivingPublicBytes);
  if (identityBytes === undefined || receivingBytes === undefined) return undefined;
  const identityKey = enrolIdentityPublic(identityBytes);
  const receivingKey = await enrolReceivingPublic(receivingBytes);
  return identityKey === undefined || receivingKey === undefined ? undefined : { identityKey, receivingKey };
};

const readPersonWithKeys = async (
  fields: CborMap | undefined,
): Promise<({ readonly person: PersonId } & PersonKeys) | undefined> => {
  const person = readPersonId(fields?.["person"]);
  const keys = fields === undefined ? undefined : await readKeys(fields);
  return person === undefined || keys === undefined ? undefined : { person, ...keys };
};

const readTeam = async (data: CborValue): Promise<Omit<Team, "members"> | undefined> => {
  const fields = exactFields(data, ["team", "receiving", "commitment", "supervisors"]);
  const id = readTeamId(fields?.["team"]);
  const receivingBytes = bytesOf(fields?.["receiving"], receivingPublicBytes);
  const commitment = bytesOf(fields?.["commitment"], 32);
  const supervisors = readList(fields?.["supervisors"], readPersonId);
  if (id === undefined || receivingBytes === undefined || commitment === undefined) return undefined;
  const receivingKey = await enrolReceivingPublic(receivingBytes);
  if (receivingKey === undefined || supervisors === undefined) return undefined;
  return { id, receivingKey, commitment, supervisors: new Set(supervisors) };
};

const readRecovery = async (data: CborValue): Promise<RecoveryKey | "none" | undefined> => {
  if (exactFields(data, []) !== undefined) return "none";
  const fields = exactFields(data, ["receiving", "commitment", "k", "n"]);
  const receivingBytes = bytesOf(fields?.["receiving"], receivingPublicBytes);
  const commitment: Bytes | undefined = bytesOf(fields?.["commitment"], 32);
  const [k, n] = [fields?.["k"], fields?.["n"]];
  if (receivingBytes === undefined || commitment === undefined) return undefined;
  if (typeof k !== "number" || typeof n !== "number" || !isSheetCount(k, n)) return undefined;
  const receivingKey = await enrolReceivingPublic(receivingBytes);
  return receivingKey === undefined ? undefined : { receivingKey, commitment, k, n };
};

/** Never one sheet alone, and few enough to know who holds each. */
export const isSheetCount = (k: number, n: number): boolean =>
  Number.isInteger(k) && Number.isInteger(n) && k >= 2 && k <= n && n <= 16;

const teamAndPerson =
  (type: "TeamJoined" | "TeamLeft"): Reader =>
  (data) => {
    const fields = exactFields(data, ["team", "person"]);
    const team = readTeamId(fields?.["team"]);
    const person = readPersonId(fields?.["person"]);
    return team === undefined || person === undefined ? undefined : { type, team, person };
  };

const personAlone =
  (type: "PersonLeft" | "PersonMet"): Reader =>
  (data) => {
    const person = readPersonId(exactFields(data, ["person"])?.["person"]);
    return person === undefined ? undefined : { type, person };
  };

const personAndRole =
  (type: "RoleGiven" | "RoleTaken"): Reader =>
  (data) => {
    const fields = exactFields(data, ["person", "role"]);
    const person = readPersonId(fields?.["person"]);
    const role = readRole(fields?.["role"]);
    return person === undefined || role === undefined ? undefined : { type, person, role };
  };

const personWithKeys =
  (type: "OrganisationFounded" | "KeysReplaced"): Reader =>
  async (data) => {
    const read = await readPersonWithKeys(exactFields(data, ["person", "identity", "receiving"]));
    return read === undefined ? undefined : { type, ...read };
  };

const team =
  (type: "TeamFormed" | "TeamKeyReplaced"): Reader =>
  async (data) => {
    const read = await readTeam(data);
    return read === undefined ? undefined : { type, team: read };
  };

const readers: Readonly<Record<string, Reader>> = {
  OrganisationFounded: personWithKeys("OrganisationFounded"),
  PersonEnrolled: async (data) => {
    const fields = exactFields(data, ["person", "identity", "receiving", "role"]);
    const read = await readPersonWithKeys(fields);
    const role = readRole(fields?.["role"]);
    return read === undefined || role === undefined ? undefined : { type: "PersonEnrolled", role, ...read };
  },
  KeysReplaced: personWithKeys("KeysReplaced"),
  RoleGiven: personAndRole("RoleGiven"),
  RoleTaken: personAndRole("RoleTaken"),
  PersonLeft: personAlone("PersonLeft"),
  PersonMet: personAlone("PersonMet"),
  TeamFormed: team("TeamFormed"),
  TeamKeyReplaced: team("TeamKeyReplaced"),
  TeamJoined: teamAndPerson("TeamJoined"),
  TeamLeft: teamAndPerson("TeamLeft"),
  PersonNamed: (data) => {
    const fields = exactFields(data, ["person", "name"]);
    const [person, name] = [readPersonId(fields?.["person"]), readName(fields?.["name"])];
    return person === undefined || name === undefined ? undefined : { type: "PersonNamed", person, name };
  },
  TeamNamed: (data) => {
    const fields = exactFields(data, ["team", "name"]);
    const [team, name] = [readTeamId(fields?.["team"]), readName(fields?.["name"])];
    return team === undefined || name === undefined ? undefined : { type: "TeamNamed", team, name };
  },
  PolicySet: (data) => {
    const policy = exactFields(data, ["policy"])?.["policy"];
    return policy === undefined || !isCborMap(policy) ? undefined : { type: "PolicySet", policy };
  },
  RecoveryKeySet: async (data) => {
    const read = await readRecovery(data);
    return read === undefined ? undefined : { type: "RecoveryKeySet", recoveryKey: read === "none" ? undefined : read };
  },
  Confirmed: (data) => {
    const proposal = readHash(exactFields(data, ["proposal"])?.["proposal"]);
    return proposal === undefined ? undefined : { type: "Confirmed", proposal };
  },
  ProviderListed: readProviderListed,
  ProviderClosed: readProviderClosed,
  CoverArranged: readCoverArranged,
  CoverEnded: readCoverEnded,
  EpochBegun: readEpoch,
};
