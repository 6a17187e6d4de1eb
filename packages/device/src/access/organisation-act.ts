/**
 * One act in the organisation, by this person: judged here first, as everyone will judge it, then sealed and appended,
 * together with all that follows from it: keys for whoever comes, a new key once somebody has left, and what the
 * server is told of whom to serve.
 *
 * What a second person must confirm follows only from the confirmation.
 */

import { err, ok, type Result } from "@amana/kernel";
import { encodeCbor, equalBytes, hashesPerListMax, toHex, type EntryHash, type KeyId } from "@amana/log";
import { wrapsPerAppendMax, type WireError } from "@amana/sync";
import {
  encodeWrap,
  evolveOrganisation,
  isKeeper,
  makeCaseKey,
  presentPersonOf,
  writeOrganisationEvent,
  type EpochBegun,
  type Organisation,
  type OrganisationEvent,
  type OrganisationReading,
  type Provider,
  type Wrap,
} from "@amana/vault";
import { appendControl, type AppendError, type ControlMade, type ControlStanding } from "../logs/append-control.ts";
import type { HeldLog } from "../logs/held-log.ts";
import { organisationReading } from "../logs/read.ts";
import { sendWraps } from "../logs/send-wraps.ts";
import type { StoreChange } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import { wrapsFor } from "./begin-epoch.ts";
import {
  changeForServer,
  leaversOf,
  leaversSinceEpoch,
  receivingKeysOf,
  recipientsOf,
} from "./organisation-serving.ts";
import { earlierKeyWraps, newestKeyWraps, teamWrapsForNewcomers } from "./organisation-wraps.ts";

export type ActError =
  | AppendError
  /** This person has no say in it, or it does not fit what is so. */
  | { readonly type: "NotAllowed" }
  /** A colleague has changed since what this would put in its place. */
  | { readonly type: "ChangedSince" }
  /** The organisation has not confirmed this person yet, or this device has not met its log. */
  | { readonly type: "OrganisationUnknown" };

export type Acted =
  /** `waits`: it counts only once a second person has confirmed it. */
  | { readonly entry: EntryHash; readonly stands: "counts" | "waits" }
  | { readonly entry: undefined; readonly stands: "already" };

export type AlreadySo = { readonly type: "AlreadySo" };

/** What an act brings beside its event. */
export type Beside = {
  /** The seed of a team's key, wrapped to its supervisors, where the act brings a new one. */
  readonly teamWraps?: readonly Wrap[];
  /** Asked of the organisation as it is when the act is appended, whatever it was when somebody began to write. */
  readonly isStillMeant?: (current: Organisation) => boolean;
  /** A second event of the same act: both count or neither. */
  readonly also?: OrganisationEvent;
  readonly once?: Once;
};

/** Of an act that waited for the network: it may have been carried out or called off, and this device may stop at any point. */
export type Once = {
  /** Called in turn. Nothing is made of it otherwise. */
  readonly isToDo: (log: HeldLog) => Promise<boolean>;
  /** Called in turn: what is written together with the entry, before it is sent. */
  readonly noted: (entry: EntryHash) => Promise<readonly StoreChange[]>;
};

export const actInOrganisation = async (
  unlocked: Unlocked,
  event: OrganisationEvent,
  beside: Beside = {},
): Promise<Result<Acted, ActError>> => {
  const logId = unlocked.organisation()?.logId;
  if (logId === undefined) return err({ type: "OrganisationUnknown" });
  const prepared = await sendEarlierKeys(unlocked, event);
  if (!prepared.ok) return prepared;
  let rest: readonly Wrap[] = [];
  let stands: "counts" | "waits" = "counts";
  const appended = await appendControl(unlocked, logId, async (standing) => {
    const made = await makeAct(unlocked, standing, event, beside);
    if (!made.ok) return made;
    ({ rest, stands } = made.value);
    return ok(made.value.control);
  });
  if (!appended.ok)
    return appended.error.type === "AlreadySo" ? ok({ entry: undefined, stands: "already" }) : err(appended.error);
  const sent = await sendOrganisationWraps(unlocked, rest);
  return sent.ok ? ok({ entry: appended.value, stands }) : sent;
};

type Made = { readonly control: ControlMade; readonly rest: readonly Wrap[]; readonly stands: "counts" | "waits" };

const makeAct = async (
  unlocked: Unlocked,
  standing: ControlStanding,
  event: OrganisationEvent,
  { teamWraps = [], isStillMeant = () => true, also, once }: Beside,
): Promise<Result<Made, ActError | AlreadySo>> => {
  if (once !== undefined && !(await once.isToDo(standing.log))) return err({ type: "AlreadySo" });
  const { passings, current } = standing.organisation;
  const passing = event.type === "Confirmed" ? passings.get(event.proposal) : undefined;
  // Going on over an epoch is judged as of before it, and said under the key of the one that is to go on.
  const before = passing?.organisation ?? current;
  const under = passing === undefined ? undefined : standing.log.record.keys.get(toHex(passing.keyCommitment));
  if (isAlreadySo(unlocked, before, event)) return err({ type: "AlreadySo" });
  if (!isStillMeant(before)) return err({ type: "ChangedSince" });
  const acted = judged(unlocked, before, event);
  const after = acted.ok && also !== undefined ? judged(unlocked, acted.value, also) : acted;
  if (!after.ok) return after;
  const mayTellServer = isKeeperIn(before, unlocked);
  const hasLeavers = leaversOf(before, after.value).length > 0;
  const begins = hasLeavers && mayTellServer ? makeCaseKey(unlocked.ports.randomness) : undefined;
  const wraps = [
    ...teamWraps,
    ...(await teamWrapsForNewcomers(unlocked, standing.log, before, after.value)),
    ...(begins === undefined
      ? await newestKeyWraps(unlocked, standing, before, after.value)
      : await wrapsFor(unlocked, standing.log.logId, begins, recipientsOf(after.value))),
  ];
  const events = [
    event,
    ...(also === undefined ? [] : [also]),
    ...(begins === undefined ? [] : [epochEvent(after.value, standing.heads)]),
  ];
  const control: ControlMade = {
    events: events.map(writeOrganisationEvent),
    begins,
    ...(under === undefined ? {} : { under }),
    ...(once === undefined ? {} : { noted: once.noted }),
    wraps: wraps.slice(0, wrapsPerAppendMax),
    ...(mayTellServer ? tellingServer(standing.organisation, before, after.value) : nothingForServer),
  };
  const stands = after.value.proposals.size > before.proposals.size ? "waits" : "counts";
  return ok({ control, rest: wraps.slice(wrapsPerAppendMax), stands });
};

// [Note: What only a keeper tells the server] Whom the server serves, and whom it signs out, it is told by supervisors and
// administrators alone; they alone begin an epoch of the organisation's log. Where caseworkers give their only supervisor
// other keys, the next keeper to be in step does both.

const nothingForServer = { serving: undefined, organisation: undefined };

const tellingServer = (
  { asOf }: ControlStanding["organisation"],
  before: Organisation,
  after: Organisation,
  leavers?: readonly KeyId[],
): Pick<ControlMade, "serving" | "organisation"> => ({
  serving: { keys: recipientsOf(after).map(({ keyId }) => keyId) },
  organisation: changeForServer(asOf, before, after, leavers),
});

export const isKeeperIn = (organisation: Organisation, { own }: Unlocked): boolean => {
  const person = presentPersonOf(organisation, own.identityKey.keyId);
  return person !== undefined && isKeeper(person);
};

/** With each sync: what a colleague's act has left to a keeper. See the note above. */
export const finishOrganisation = async (unlocked: Unlocked): Promise<Result<undefined, ActError>> => {
  const logId = unlocked.organisation()?.logId;
  const isWaiting = await unlocked.inTurn(async () => {
    const reading = await organisationReading(unlocked);
    return reading !== undefined && organisationToFinish(unlocked, reading) !== undefined;
  });
  if (logId === undefined || !isWaiting) return ok(undefined);
  const appended = await appendControl(unlocked, logId, async (standing): Promise<Result<ControlMade, AlreadySo>> => {
    const { organisation, heads } = standing;
    const before = organisationToFinish(unlocked, organisation);
    if (before === undefined) return err({ type: "AlreadySo" });
    const { current } = organisation;
    const begins = makeCaseKey(unlocked.ports.randomness);
    return ok({
      events: [writeOrganisationEvent(epochEvent(current, heads))],
      begins,
      wraps: await wrapsFor(unlocked, logId, begins, recipientsOf(current)),
      ...tellingServer(organisation, before, current, leaversSinceEpoch(organisation)),
    });
  });
  return appended.ok || appended.error.type === "AlreadySo" ? ok(undefined) : err(appended.error);
};

/** As the organisation was when its log last began an epoch, if somebody has left or has other keys since. */
const organisationToFinish = (unlocked: Unlocked, reading: OrganisationReading): Organisation | undefined => {
  const { current, asOf, epochBegunBy } = reading;
  const before = epochBegunBy === undefined ? undefined : asOf.get(epochBegunBy)?.organisation;
  if (before === undefined || !isKeeperIn(current, unlocked)) return undefined;
  return leaversSinceEpoch(reading).length > 0 ? before : undefined;
};

/** In place of the hash that the entry will have: only its being another than those that stand matters here. */
export const anyHash = "0".repeat(64) as EntryHash; // 64 hexadecimal digits are a hash.

const judged = ({ own }: Unlocked, before: Organisation, event: OrganisationEvent): Result<Organisation, ActError> => {
  const by = presentPersonOf(before, own.identityKey.keyId);
  if (by === undefined) return err({ type: "OrganisationUnknown" });
  const after = evolveOrganisation(before, { hash: anyHash, event, by });
  return after.withoutAuthority.length > before.withoutAuthority.length ? err({ type: "NotAllowed" }) : ok(after);
};

export const epochEvent = (after: Organisation, heads: readonly EntryHash[]): EpochBegun => {
  const members = receivingKeysOf(after).map(({ kind, publicKey }) => ({ kind, keyId: publicKey.keyId }));
  // Who reads is said by the organisation itself; a list that does not fit says nothing.
  return { type: "EpochBegun", members: members.length > hashesPerListMax ? [] : members, cut: heads, reason: "left" };
};

/** Before a newcomer is named: the keys of all but the newest epoch, so that none is missing once they are served. */
const sendEarlierKeys = async (unlocked: Unlocked, event: OrganisationEvent): Promise<Result<undefined, ActError>> => {
  const wraps = await unlocked.inTurn(async () => {
    const reading = await organisationReading(unlocked);
    if (reading === undefined || isAlreadySo(unlocked, reading.current, event)) return [];
    const after = judged(unlocked, reading.current, event);
    return after.ok ? earlierKeyWraps(unlocked, reading.current, after.value) : [];
  });
  return sendOrganisationWraps(unlocked, wraps);
};

/** All are of the organisation's log. */
export const sendOrganisationWraps = async (
  unlocked: Unlocked,
  wraps: readonly Wrap[],
): Promise<Result<undefined, WireError>> => {
  const [first] = wraps;
  return first === undefined ? ok(undefined) : sendWraps(unlocked, first.logId, wraps.map(encodeWrap));
};

/** So that what was done, and whose answer was lost, is not done twice. */
export const isAlreadySo = ({ own }: Unlocked, organisation: Organisation, event: OrganisationEvent): boolean => {
  const { people, teams, namesById, policy, recoveryKey, proposals } = organisation;
  if ([...proposals.values()].some((proposal) => isSameEvent(proposal.event, event))) return true;
  switch (event.type) {
    case "PersonEnrolled":
      return people.get(event.person)?.identityKey.keyId === event.identityKey.keyId;
    case "KeysReplaced":
      return people.get(event.person)?.identityKey.keyId === event.identityKey.keyId;
    case "RoleGiven":
      return people.get(event.person)?.roles.has(event.role) === true;
    case "RoleTaken":
      return people.get(event.person)?.roles.has(event.role) === false;
    case "PersonLeft":
      return people.get(event.person)?.hasLeft === true;
    case "PersonMet": {
      const me = presentPersonOf(organisation, own.identityKey.keyId);
      return me !== undefined && people.get(event.person)?.metBy.has(me.id) === true;
    }
    case "TeamFormed":
    case "TeamKeyReplaced":
      return teams.get(event.team.id)?.receivingKey.keyId === event.team.receivingKey.keyId;
    case "TeamJoined":
      return teams.get(event.team)?.members.has(event.person) === true;
    case "TeamLeft":
      return teams.get(event.team)?.members.has(event.person) === false;
    case "PersonNamed":
      return namesById.get(event.person) === event.name;
    case "TeamNamed":
      return namesById.get(event.team) === event.name;
    case "PolicySet":
      return equalBytes(encodeCbor(policy), encodeCbor(event.policy));
    case "RecoveryKeySet":
      return recoveryKey?.receivingKey.keyId === event.recoveryKey?.receivingKey.keyId;
    case "ProviderListed": {
      const provider = organisation.providers.get(event.listing.provider);
      const isOwnWord = provider?.checkedBy === presentPersonOf(organisation, own.identityKey.keyId)?.id;
      return isOwnWord && isSameProvider(provider, { ...event.listing, closedOn: undefined });
    }
    case "ProviderClosed":
      return organisation.providers.get(event.provider)?.closedOn === event.closedOn;
    case "CoverArranged":
      return organisation.covers.some((cover) => isSameEvent({ type: "CoverArranged", ...cover }, event));
    case "CoverEnded":
      return organisation.covers.every((cover) => cover.absent !== event.absent || cover.cover !== event.cover);
    default:
      return false;
  }
};

/** What is said of a provider, whoever said it. */
export type ProviderSaid = Omit<Provider, "checkedBy">;

export const isSameProvider = (one: ProviderSaid | undefined, other: ProviderSaid | undefined): boolean =>
  one === undefined || other === undefined
    ? one === other
    : one.closedOn === other.closedOn && isSameEvent(listedAs(one), listedAs(other));

const listedAs = ({ provider, names, services, governorates, reach, hours, serves, cost, checkedOn }: ProviderSaid) =>
  ({
    type: "ProviderListed",
    listing: { provider, names, services, governorates, reach, hours, serves, cost, checkedOn },
  }) as const;

const isSameEvent = (one: OrganisationEvent, other: OrganisationEvent): boolean => {
  const [a, b] = [writeOrganisationEvent(one), writeOrganisationEvent(other)];
  return a.type === b.type && equalBytes(encodeCbor(a.data), encodeCbor(b.data));
};
