/** What happens in an organisation as data to be sealed: the other direction of `events.ts`. */

import { assert, exhausted } from "@amana/kernel";
import { fromHex, idBytes, type Bytes, type CborMap } from "@amana/log";
import type { SealedEvent } from "../body.ts";
import { writeEpoch } from "../case/write.ts";
import { writeCoverEvent } from "./cover.ts";
import { writeDirectoryEvent } from "./directory.ts";
import type { OrganisationEvent } from "./events.ts";
import type { PersonId, PersonKeys, RecoveryKey, Team, TeamId } from "./organisation.ts";

export const writeOrganisationEvent = (event: OrganisationEvent): SealedEvent =>
  event.type === "EpochBegun" ? writeEpoch(event) : { type: event.type, version: 1, data: dataOf(event) };

const dataOf = (event: Exclude<OrganisationEvent, { type: "EpochBegun" }>): CborMap => {
  switch (event.type) {
    case "OrganisationFounded":
    case "KeysReplaced":
      return { person: bytesIn(event.person), ...keysOf(event) };
    case "PersonEnrolled":
      return { person: bytesIn(event.person), role: event.role, ...keysOf(event) };
    case "RoleGiven":
    case "RoleTaken":
      return { person: bytesIn(event.person), role: event.role };
    case "PersonLeft":
    case "PersonMet":
      return { person: bytesIn(event.person) };
    case "TeamFormed":
    case "TeamKeyReplaced":
      return teamOf(event.team);
    case "TeamJoined":
    case "TeamLeft":
      return { team: bytesIn(event.team), person: bytesIn(event.person) };
    case "PersonNamed":
      return { person: bytesIn(event.person), name: event.name };
    case "TeamNamed":
      return { team: bytesIn(event.team), name: event.name };
    case "PolicySet":
      return { policy: event.policy };
    case "RecoveryKeySet":
      return event.recoveryKey === undefined ? {} : recoveryOf(event.recoveryKey);
    case "Confirmed":
      return { proposal: idBytes(event.proposal) };
    case "ProviderListed":
    case "ProviderClosed":
      return writeDirectoryEvent(event);
    case "CoverArranged":
    case "CoverEnded":
      return writeCoverEvent(event);
    default:
      return exhausted(event);
  }
};

const bytesIn = (id: PersonId | TeamId): Bytes => {
  const bytes = fromHex(id);
  assert(bytes?.length === 16, "An id of a person or team is not 16 bytes.");
  return bytes;
};

const keysOf = ({ identityKey, receivingKey }: PersonKeys): CborMap => ({
  identity: identityKey.publicKey,
  receiving: receivingKey.publicKey,
});

const teamOf = ({ id, receivingKey, commitment, supervisors }: Omit<Team, "members">): CborMap => ({
  team: bytesIn(id),
  receiving: receivingKey.publicKey,
  commitment,
  supervisors: [...supervisors].map(bytesIn),
});

const recoveryOf = ({ receivingKey, commitment, k, n }: RecoveryKey): CborMap => ({
  receiving: receivingKey.publicKey,
  commitment,
  k,
  n,
});
