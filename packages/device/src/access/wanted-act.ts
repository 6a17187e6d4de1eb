/**
 * What somebody wants done in the organisation, as it can wait for the network: who has which role, who has left, teams, names,
 * rules, cover, the directory, and a second person's word.
 *
 * It says what a person decided. Keys, and whom the server serves, follow from it only when it is carried out.
 */

import { encodeCbor, idBytes, sha256, type Bytes, type CborValue } from "@amana/log";
import {
  writeOrganisationEvent,
  type Organisation,
  type OrganisationEvent,
  type Person,
  type PersonId,
  type TeamId,
} from "@amana/vault";
import type { ProviderSaid } from "./organisation-act.ts";

const eventTypes = [
  ...(["RoleGiven", "RoleTaken", "PersonLeft", "PersonMet", "TeamJoined", "TeamLeft"] as const),
  ...(["PersonNamed", "TeamNamed", "PolicySet", "RecoveryKeySet", "Confirmed"] as const),
  ...(["ProviderListed", "ProviderClosed", "CoverArranged", "CoverEnded"] as const),
] as const satisfies readonly OrganisationEvent["type"][];

export type WantedEvent = Extract<OrganisationEvent, { readonly type: (typeof eventTypes)[number] }>;

export const isWantedEvent = (event: OrganisationEvent): event is WantedEvent =>
  eventTypes.some((type) => type === event.type);

export type WantedAct =
  | WantedEvent
  /** Their keys are made when they are carried out. */
  | {
      readonly type: "FormTeam";
      readonly team: TeamId;
      readonly name: string;
      readonly supervisors: readonly PersonId[];
    }
  | { readonly type: "ReplaceTeamKey"; readonly team: TeamId; readonly supervisors: readonly PersonId[] };

/** As it is sealed: without what surrounds it. */
export const withPlainName = (act: WantedAct): WantedAct =>
  "name" in act ? { ...act, name: act.name.trim().normalize("NFC") } : act;

/** Of two that are about the same, and that nobody has sent, the later takes the place of the earlier. */
export const isAboutTheSame = (one: WantedAct, other: WantedAct): boolean => subjectOf(one) === subjectOf(other);

const subjectOf = (act: WantedAct): string => {
  switch (act.type) {
    case "RoleGiven":
    case "RoleTaken":
      return `role ${act.person} ${act.role}`;
    case "TeamJoined":
    case "TeamLeft":
      return `member ${act.team} ${act.person}`;
    case "PersonLeft":
    case "PersonMet":
    case "PersonNamed":
      return `${act.type} ${act.person}`;
    case "TeamNamed":
      return `${act.type} ${act.team}`;
    case "Confirmed":
      return `${act.type} ${act.proposal}`;
    case "ProviderListed":
      return `provider ${act.listing.provider}`;
    case "ProviderClosed":
      return `provider ${act.provider}`;
    case "CoverArranged":
    case "CoverEnded":
      return `cover ${act.absent} ${act.cover}`;
    case "FormTeam":
    case "ReplaceTeamKey":
      return `team ${act.team}`;
    default:
      return act.type;
  }
};

/**
 * A digest of what stands where the act would put something in its place. What a colleague has said there in the meantime is not
 * overwritten unseen.
 */
export const standingUnder = (organisation: Organisation, act: WantedAct): Bytes =>
  digestOf(standing(organisation, act));

/** The same, of a provider as whoever wrote over it had it on their screen. */
export const standingProvider = (said: ProviderSaid | undefined): Bytes => digestOf(providerContent(said));

const digestOf = (value: CborValue): Bytes => sha256(encodeCbor(value));

const standing = (organisation: Organisation, act: WantedAct): CborValue => {
  switch (act.type) {
    case "PersonNamed":
      return organisation.namesById.get(act.person) ?? null;
    case "TeamNamed":
      return organisation.namesById.get(act.team) ?? null;
    case "PolicySet":
      return organisation.policy;
    case "RecoveryKeySet":
      return organisation.recoveryKey?.commitment ?? null;
    case "ProviderListed":
      return providerContent(organisation.providers.get(act.listing.provider));
    case "ProviderClosed":
      return providerContent(organisation.providers.get(act.provider));
    case "CoverArranged":
    case "CoverEnded": {
      const cover = organisation.covers.find((each) => each.absent === act.absent && each.cover === act.cover);
      return cover === undefined ? null : [cover.from, cover.until];
    }
    case "ReplaceTeamKey": {
      const team = organisation.teams.get(act.team);
      return team === undefined ? null : [team.commitment, [...team.supervisors].sort()];
    }
    default:
      return null;
  }
};

const providerContent = (said: ProviderSaid | undefined): CborValue => {
  if (said === undefined) return null;
  const { provider, names, services, governorates, reach, hours, serves, cost, checkedOn, closedOn } = said;
  const listing = { provider, names, services, governorates, reach, hours, serves, cost, checkedOn };
  return [writeOrganisationEvent({ type: "ProviderListed", listing }).data, closedOn ?? null];
};

/** The events it would be, for judging whether it could be. A team's key is not made yet: who is named is all that counts here. */
export const eventsOf = (act: WantedAct, me: Person): readonly OrganisationEvent[] => {
  if (act.type !== "FormTeam" && act.type !== "ReplaceTeamKey") return [act];
  const { team: id } = act;
  const { receivingKey } = me;
  const team = { id, receivingKey, commitment: idBytes(receivingKey.keyId), supervisors: new Set(act.supervisors) };
  return act.type === "FormTeam"
    ? [
        { type: "TeamFormed", team },
        { type: "TeamNamed", team: id, name: act.name },
      ]
    : [{ type: "TeamKeyReplaced", team }];
};
