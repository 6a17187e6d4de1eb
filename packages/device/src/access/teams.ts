/**
 * Teams: a key that their supervisors share, so that a case is open to all who watch over it. Whoever stops being a
 * supervisor of a team has held its key, so the team needs another one.
 */

import { err, ok, type Result } from "@amana/kernel";
import {
  clearSecret,
  commitTo,
  makeReceivingKey,
  makeTeamId,
  wrap,
  type OrganisationReading,
  type PersonId,
  type TeamId,
  type Wrap,
} from "@amana/vault";
import { organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { waitsForTeamKey } from "./team-key.ts";
import { actInOrganisation, type ActError, type Acted, type Beside } from "./organisation-act.ts";

/** For a form on a screen: the team keeps this id however often it is sent. */
export const newTeamId = ({ ports }: Unlocked): TeamId => makeTeamId(ports.randomness);

export const formTeam = (
  unlocked: Unlocked,
  team: TeamId,
  supervisors: readonly PersonId[],
  beside: Beside = {},
): Promise<Result<Acted, ActError>> => withNewKey(unlocked, "TeamFormed", { id: team, supervisors }, beside);

/** Other supervisors, or the same with a fresh key. It waits for a second person. */
export const replaceTeamKey = (
  unlocked: Unlocked,
  team: TeamId,
  supervisors: readonly PersonId[],
  beside: Beside = {},
): Promise<Result<Acted, ActError>> => withNewKey(unlocked, "TeamKeyReplaced", { id: team, supervisors }, beside);

export const joinTeam = (unlocked: Unlocked, team: TeamId, person: PersonId): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "TeamJoined", team, person });

export const leaveTeam = (unlocked: Unlocked, team: TeamId, person: PersonId): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "TeamLeft", team, person });

/** Teams whose key somebody holds who should not. Nothing is wrapped to it any more; two people give the team another. */
export const teamsWaitingForKey = (reading: OrganisationReading): readonly TeamId[] =>
  [...reading.current.teams.values()].filter((team) => waitsForTeamKey(team, reading)).map(({ id }) => id);

const withNewKey = async (
  unlocked: Unlocked,
  type: "TeamFormed" | "TeamKeyReplaced",
  { id, supervisors }: { readonly id: TeamId; readonly supervisors: readonly PersonId[] },
  beside: Beside,
): Promise<Result<Acted, ActError>> => {
  const logId = unlocked.organisation()?.logId;
  const reading = await unlocked.inTurn(() => organisationReading(unlocked));
  if (logId === undefined || reading === undefined) return err({ type: "OrganisationUnknown" });
  if (type === "TeamFormed" && reading.current.teams.has(id)) return ok({ entry: undefined, stands: "already" });
  const { ports, own } = unlocked;
  const { keyId, publicKey, seed } = await makeReceivingKey(ports.randomness);
  const wraps: Wrap[] = [];
  for (const person of supervisors) {
    const recipient = reading.current.people.get(person)?.receivingKey;
    const wrapFor = { purpose: "team-wrap", logId, key: seed, author: own.identityKey } as const;
    if (recipient !== undefined) wraps.push(await wrap({ ...wrapFor, recipient }, ports.randomness));
  }
  const commitment = await commitTo(seed, logId);
  // The supervisors' devices, this one among them, get it back as they get every key.
  clearSecret(seed);
  const team = { id, receivingKey: { keyId, publicKey }, commitment, supervisors: new Set(supervisors) };
  return actInOrganisation(unlocked, { type, team }, { ...beside, teamWraps: wraps });
};
