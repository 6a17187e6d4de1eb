/**
 * People of the organisation: their roles, who has left, and what waits for a second person. Each is an act that everyone
 * sees, by whoever is signed in here.
 */

import { err, type Result } from "@amana/kernel";
import type { CborMap, EntryHash } from "@amana/log";
import {
  evolveOrganisation,
  presentPersonOf,
  readOrganisationEvent,
  writeOrganisationEvent,
  type Organisation,
  type OrganisationEvent,
  type PersonId,
  type Proposal,
  type Role,
  type TeamId,
} from "@amana/vault";
import { organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { actInOrganisation, type ActError, type Acted } from "./organisation-act.ts";

/** The role of supervisor waits for a second person. */
export const giveRole = (unlocked: Unlocked, person: PersonId, role: Role): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "RoleGiven", person, role });

export const takeRole = (unlocked: Unlocked, person: PersonId, role: Role): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "RoleTaken", person, role });

/**
 * At once: the organisation's log begins a new epoch and the server serves them nothing. Their cases begin a new epoch when
 * next written to; `casesWaitingForEpoch` lists those that have not.
 */
export const personLeft = (unlocked: Unlocked, person: PersonId): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "PersonLeft", person });

/** What colleagues read where the person's or the team's id stands. Nobody else has that name, present or gone. */
export const namePerson = (unlocked: Unlocked, person: PersonId, name: string): Promise<Result<Acted, NameError>> =>
  nameIn(unlocked, { type: "PersonNamed", person, name: name.trim().normalize("NFC") });

export const nameTeam = (unlocked: Unlocked, team: TeamId, name: string): Promise<Result<Acted, NameError>> =>
  nameIn(unlocked, { type: "TeamNamed", team, name: name.trim().normalize("NFC") });

/** Empty, too long, of more than one line, or with signs that nobody sees. */
export type NameError = ActError | { readonly type: "NameNotUsable" };

const nameIn = async (unlocked: Unlocked, event: OrganisationEvent): Promise<Result<Acted, NameError>> =>
  (await readOrganisationEvent(writeOrganisationEvent(event))) === undefined
    ? err({ type: "NameNotUsable" })
    : actInOrganisation(unlocked, event);

export const setPolicy = (unlocked: Unlocked, policy: CborMap): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "PolicySet", policy });

/** By a second person, who has looked at what is proposed. */
export const confirmProposal = (unlocked: Unlocked, proposal: EntryHash): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "Confirmed", proposal });

export type StandingProposal = Proposal & {
  readonly entry: EntryHash;
  /** Whether this person could be the second. */
  readonly canConfirm: boolean;
};

export const standingProposals = async (unlocked: Unlocked): Promise<readonly StandingProposal[]> => {
  const reading = await unlocked.inTurn(() => organisationReading(unlocked));
  if (reading === undefined) return [];
  const { current } = reading;
  return [...current.proposals].map(([entry, proposal]) => ({
    ...proposal,
    entry,
    canConfirm: wouldCount(unlocked, current, entry),
  }));
};

const wouldCount = ({ own }: Unlocked, before: Organisation, proposal: EntryHash): boolean => {
  const by = presentPersonOf(before, own.identityKey.keyId);
  if (by === undefined) return false;
  const after = evolveOrganisation(before, { hash: proposal, event: { type: "Confirmed", proposal }, by });
  return after.withoutAuthority.length === before.withoutAuthority.length;
};
