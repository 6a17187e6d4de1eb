/**
 * People of the organisation: their roles, who has left, and what waits for a second person. Each is an act that everyone
 * sees, by whoever is signed in here.
 */

import { err, ok, type Result } from "@amana/kernel";
import type { CborMap, EntryHash } from "@amana/log";
import {
  evolveOrganisation,
  isMet,
  presentPeople,
  presentPersonOf,
  readOrganisationEvent,
  whoCouldMeet,
  writeOrganisationEvent,
  type Organisation,
  type OrganisationEvent,
  type OrganisationReading,
  type PersonId,
  type Proposal,
  type Role,
  type TeamId,
} from "@amana/vault";
import { organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { actInOrganisation, type ActError, type Acted, type Beside } from "./organisation-act.ts";

/** The role of supervisor waits for a second person. */
export const giveRole = (unlocked: Unlocked, person: PersonId, role: Role): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "RoleGiven", person, role });

export const takeRole = (unlocked: Unlocked, person: PersonId, role: Role): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "RoleTaken", person, role });

/**
 * At once: the organisation's log begins a new epoch and the server serves them nothing. Their cases begin a new epoch when
 * next written to; `casesWaitingForEpoch` lists those that have not.
 */
export const personLeft = async (
  unlocked: Unlocked,
  person: PersonId,
): Promise<Result<Acted, ActError | { readonly type: "NotOneself" }>> => {
  const reading = await unlocked.inTurn(() => organisationReading(unlocked));
  // A colleague sends them away: what follows from it would be the act of somebody who has left.
  if (ownPersonIn(unlocked, reading?.current) === person) return err({ type: "NotOneself" });
  return actInOrganisation(unlocked, { type: "PersonLeft", person });
};

/** This person has met the colleague, or has spoken with them: from then on two people stand for who they are. */
export const confirmColleague = (unlocked: Unlocked, person: PersonId): Promise<Result<Acted, ActError>> =>
  actInOrganisation(unlocked, { type: "PersonMet", person });

export type Colleague = {
  readonly person: PersonId;
  /** Who gave the organisation their keys; nobody for the founder. */
  readonly broughtBy: PersonId | undefined;
  readonly metBy: readonly PersonId[];
  /** Nobody but whoever brought them has met them, and somebody could: with whoever brought them they count as one. */
  readonly waitsForMeeting: boolean;
  /** Whether this person could say that they have met them. */
  readonly canConfirm: boolean;
  /** What they were called before. */
  readonly formerNames: readonly string[];
};

/** Those who are here now. */
export const colleagues = async (unlocked: Unlocked): Promise<readonly Colleague[]> => {
  const reading = await unlocked.inTurn(() => organisationReading(unlocked));
  if (reading === undefined) return [];
  const { current } = reading;
  const me = ownPersonIn(unlocked, current);
  return presentPeople(current).map((person) => {
    const { id, broughtBy, metBy } = person;
    const others = isMet(person) ? [] : whoCouldMeet(current, id);
    return {
      person: id,
      broughtBy,
      metBy: [...metBy],
      waitsForMeeting: others.length > 0,
      canConfirm: me !== undefined && others.includes(me),
      formerNames: current.formerNamesById.get(id) ?? [],
    };
  });
};

const ownPersonIn = ({ own }: Unlocked, organisation: Organisation | undefined): PersonId | undefined =>
  organisation === undefined ? undefined : presentPersonOf(organisation, own.identityKey.keyId)?.id;

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
export const confirmProposal = async (
  unlocked: Unlocked,
  proposal: EntryHash,
  beside: Beside = {},
): Promise<Result<Acted, ActError | { readonly type: "NotTwoPersons" }>> => {
  const proposed = (await standingProposals(unlocked)).find(({ entry }) => entry === proposal);
  if (proposed !== undefined && proposed.unmet.length > 0) return err({ type: "NotTwoPersons" });
  const acted = await actInOrganisation(unlocked, { type: "Confirmed", proposal }, beside);
  if (acted.ok || acted.error.type !== "NotAllowed") return acted;
  // The answer to an earlier try may have been lost: what stood and stands no more was confirmed.
  const reading = await unlocked.inTurn(() => organisationReading(unlocked));
  const isDone = reading !== undefined && (wasConfirmed(reading, proposal) || reading.epochBegunBy === proposal);
  return isDone ? ok({ entry: undefined, stands: "already" }) : acted;
};

const wasConfirmed = ({ current, asOf }: OrganisationReading, proposal: EntryHash): boolean =>
  !current.proposals.has(proposal) &&
  [...asOf.values()].some(({ organisation }) => organisation.proposals.has(proposal));

export type StandingProposal = Proposal & {
  readonly entry: EntryHash;
  /** Whether this person could be the second. */
  readonly canConfirm: boolean;
  /** Of the proposer and this person, whoever nobody else has met: until somebody has, the two count as one. */
  readonly unmet: readonly PersonId[];
};

export const standingProposals = async (unlocked: Unlocked): Promise<readonly StandingProposal[]> => {
  const reading = await unlocked.inTurn(() => organisationReading(unlocked));
  if (reading === undefined) return [];
  const { current, passings } = reading;
  return [...current.proposals].map(([entry, proposal]) => {
    // Going on over an epoch is judged by the organisation as it was before it.
    const judging = passings.get(entry)?.organisation ?? current;
    const canConfirm = wouldCount(unlocked, judging, entry);
    return { ...proposal, entry, canConfirm, unmet: canConfirm ? [] : unmetOf(unlocked, judging, proposal, entry) };
  });
};

/** Only where this person's word would count, were both met: who has no say in it is told that. */
const unmetOf = (
  unlocked: Unlocked,
  current: Organisation,
  { by }: Proposal,
  entry: EntryHash,
): readonly PersonId[] => {
  const me = ownPersonIn(unlocked, current);
  const unmet = [...current.people.values()].filter((each) => (each.id === by || each.id === me) && !isMet(each));
  const met = unmet.map((each) => [each.id, { ...each, metBy: new Set([each.id]) }] as const);
  const people = new Map([...current.people, ...met]);
  return wouldCount(unlocked, { ...current, people }, entry) ? unmet.map(({ id }) => id) : [];
};

const wouldCount = ({ own }: Unlocked, before: Organisation, proposal: EntryHash): boolean => {
  const by = presentPersonOf(before, own.identityKey.keyId);
  if (by === undefined) return false;
  const after = evolveOrganisation(before, { hash: proposal, event: { type: "Confirmed", proposal }, by });
  return after.withoutAuthority.length === before.withoutAuthority.length;
};
