/**
 * What goes with a control entry that the server has lost, when this device sends it again: the keys that it begins, newly
 * wrapped, and whom the log is served. Without them whoever lacked the key would never read what follows.
 *
 * Only people who are still here are given keys: those who opened the epoch, by the keys they have now.
 */

import { assert } from "@amana/kernel";
import { toHex, type KeyId, type LogId, type SealedEntry } from "@amana/log";
import { teamsPerChangeMax, type OrganisationChange, type Serving } from "@amana/sync";
import {
  noOrganisation,
  presentPeople,
  wrap,
  type CaseKey,
  type CaseReading,
  type Epoch,
  type Organisation,
  type OrganisationReading,
  type PublicKey,
  type Team,
  type Wrap,
} from "@amana/vault";
import { wrapsFor } from "../access/begin-epoch.ts";
import { changeForServer, leaversOf, recipientsOf } from "../access/organisation-serving.ts";
import { newcomersTo, teamWrapsForNewcomers } from "../access/organisation-wraps.ts";
import { membershipFor, presentReaders, readersOf } from "../access/readers.ts";
import { waitsForTeamKey } from "../access/team-key.ts";
import type { Unlocked } from "../unlocked.ts";
import { holdLog, type HeldLog } from "./held-log.ts";
import { organisationReading, readCaseLog } from "./read.ts";

export type ControlAgain = {
  readonly wraps: readonly Wrap[];
  readonly serving: Serving | undefined;
  readonly organisation: OrganisationChange | undefined;
};

const nothingMore: ControlAgain = { wraps: [], serving: undefined, organisation: undefined };

/** Nothing when somebody else is to send it, and what follows it. Called in turn. */
export const controlAgain = async (
  unlocked: Unlocked,
  logId: LogId,
  entry: SealedEntry,
): Promise<ControlAgain | undefined> => {
  const log = await holdLog(unlocked, logId);
  const organisation = await organisationReading(unlocked);
  assert(log !== undefined, "A log was let go of while it was being sent again.");
  if (organisation === undefined) return nothingMore;
  if (log.logKind === "organisation") return organisationAgain(unlocked, log, organisation, entry);
  const reading = await readCaseLog(unlocked, log);
  // A case that was destroyed has no keys to give.
  if (reading === undefined || log.record.isShredded) return nothingMore;
  return caseAgain(unlocked, log, { organisation, reading }, entry);
};

type CaseStanding = { readonly organisation: OrganisationReading; readonly reading: CaseReading };

const caseAgain = async (
  unlocked: Unlocked,
  log: HeldLog,
  { organisation, reading }: CaseStanding,
  { hash, header }: SealedEntry,
): Promise<ControlAgain> => {
  const { epochs } = reading;
  const place = epochs.findIndex(({ entry }) => entry === hash);
  const newest = epochs.at(-1);
  // The first entry of a log always says whom it is served: those who read now.
  const isToServe = newest !== undefined && (newest.entry === hash || header.control === undefined);
  const serving = isToServe ? servingOf(newest, organisation) : undefined;
  const wraps: Wrap[] = [];
  for (const [earlier, { keyCommitment }] of epochs.slice(0, place + 1).entries()) {
    const key = log.record.keys.get(toHex(keyCommitment));
    const recipients = recipientsAgain(epochs, place, earlier, organisation);
    if (key !== undefined) wraps.push(...(await wrapsFor(unlocked, log.logId, key, recipients)));
  }
  return { wraps, serving, organisation: undefined };
};

const servingOf = (epoch: Epoch, organisation: OrganisationReading): Serving => {
  const readers = presentReaders(readersOf(epoch), organisation.current);
  return { keys: membershipFor(readers, organisation).recipients.map(({ keyId }) => keyId) };
};

/** Of the epoch's own key all who opened it; of an earlier one those who did not read just before. */
const recipientsAgain = (
  epochs: readonly Epoch[],
  place: number,
  earlier: number,
  organisation: OrganisationReading,
): readonly PublicKey[] => {
  const [epoch, before] = [epochs[place], epochs[place - 1]];
  assert(epoch !== undefined, "Keys are wrapped for an epoch that is not there.");
  const recipients = keysBehind(epoch, organisation);
  const known = new Set(before?.members.map(({ keyId }) => keyId));
  return earlier === place ? recipients : recipients.filter(({ keyId }) => !known.has(keyId));
};

/** Its members' keys as far as they stand, and the keys of its openers who would have no key by them. */
const keysBehind = ({ members, openers }: Epoch, reading: OrganisationReading): readonly PublicKey[] => {
  const { current } = reading;
  const named = new Set<KeyId>(members.map(({ keyId }) => keyId));
  const isNamed = ({ keyId }: PublicKey): boolean => named.has(keyId);
  const people = presentPeople(current).filter(({ id }) => openers.has(id));
  const teams = [...current.teams.values()].filter(
    (team) => isNamed(team.receivingKey) && !waitsForTeamKey(team, reading),
  );
  const reached = new Set(teams.flatMap(({ supervisors }) => [...supervisors]));
  const own = people.filter(({ id, receivingKey }) => isNamed(receivingKey) || !reached.has(id));
  const recovery = current.recoveryKey?.receivingKey;
  return [
    ...own.map(({ receivingKey }) => receivingKey),
    ...teams.map(({ receivingKey }) => receivingKey),
    ...(recovery !== undefined && isNamed(recovery) ? [recovery] : []),
  ];
};

/**
 * What changes whom the server serves only by those whom it trusts with it: sent by others, newcomers would be served
 * nothing.
 */
const organisationAgain = async (
  unlocked: Unlocked,
  log: HeldLog,
  { current, asOf, review }: OrganisationReading,
  { hash, header }: SealedEntry,
): Promise<ControlAgain | undefined> => {
  const before = header.control === undefined ? noOrganisation : asOf.get(header.control)?.organisation;
  const after = asOf.get(hash)?.organisation;
  if (before === undefined || after === undefined) return undefined;
  const isMine = isKeeper(unlocked, current);
  if (!isMine && isServedOtherwise(asOf, before, after)) return undefined;
  const isLast = isMine && review.controlLine.at(-1) === hash;
  const wraps = [
    ...(await logKeysAgain(unlocked, log, { before, after, current }, header)),
    ...(await teamKeysAgain(unlocked, log, before, after)),
    ...(await teamWrapsForNewcomers(unlocked, log, before, after)),
  ];
  const serving = isLast ? { keys: recipientsOf(current).map(({ keyId }) => keyId) } : undefined;
  return { wraps, serving, organisation: isLast ? wholeChange(asOf, current) : undefined };
};

const isServedOtherwise = (asOf: OrganisationReading["asOf"], before: Organisation, after: Organisation): boolean =>
  changeForServer(asOf, before, after) !== undefined || newcomersTo(before, after).length > 0;

const isKeeper = ({ own }: Unlocked, current: Organisation): boolean =>
  presentPeople(current).some(
    ({ roles, receivingKey }) =>
      receivingKey.keyId === own.receivingKey.keyId && (roles.has("administrator") || roles.has("supervisor")),
  );

type Change = { readonly before: Organisation; readonly after: Organisation; readonly current: Organisation };

/** The key that the entry begins for all, and every other key of the log for whom the entry brings. */
const logKeysAgain = async (
  unlocked: Unlocked,
  { logId, entries, record }: HeldLog,
  { before, after, current }: Change,
  { keyCommitment }: SealedEntry["header"],
): Promise<readonly Wrap[]> => {
  const present = recipientsOf(current);
  const brought = new Set(newcomersTo(before, after).map(({ keyId }) => keyId));
  const newcomers = present.filter(({ keyId }) => brought.has(keyId));
  const begun = keyCommitment === undefined ? undefined : toHex(keyCommitment);
  const commitments = entries.flatMap(({ kind, entry }) =>
    kind === "entry" && entry.header.keyCommitment !== undefined ? [toHex(entry.header.keyCommitment)] : [],
  );
  const wraps: Wrap[] = [];
  for (const commitment of new Set(commitments)) {
    const key = record.keys.get(commitment);
    const recipients = commitment === begun ? present : newcomers;
    if (key !== undefined) wraps.push(...(await wrapsFor(unlocked, logId, key, recipients)));
  }
  return wraps;
};

/** Of a team whose key the entry brings or proposes: for its supervisors. */
const teamKeysAgain = async (
  { own, ports }: Unlocked,
  { logId, record }: HeldLog,
  before: Organisation,
  after: Organisation,
): Promise<readonly Wrap[]> => {
  const known = new Set(teamsIn(before).map(({ commitment }) => toHex(commitment)));
  const wraps: Wrap[] = [];
  for (const { commitment, supervisors } of teamsIn(after)) {
    const key: CaseKey | undefined = known.has(toHex(commitment)) ? undefined : record.keys.get(toHex(commitment));
    const recipients = presentPeople(after).filter(({ id }) => supervisors.has(id));
    for (const { receivingKey: recipient } of key === undefined ? [] : recipients)
      if (key !== undefined)
        wraps.push(
          await wrap({ purpose: "team-wrap", logId, key, recipient, author: own.identityKey }, ports.randomness),
        );
  }
  return wraps;
};

const teamsIn = ({ teams, proposals }: Organisation): readonly Pick<Team, "commitment" | "supervisors">[] => [
  ...teams.values(),
  ...[...proposals.values()].flatMap(({ event }) =>
    event.type === "TeamFormed" || event.type === "TeamKeyReplaced" ? [event.team] : [],
  ),
];

/** All that the server was ever told of whom to serve, since nobody knows what of it was lost. */
const wholeChange = (asOf: OrganisationReading["asOf"], current: Organisation): OrganisationChange | undefined => {
  const change = changeForServer(asOf, noOrganisation, current);
  const ever = [...asOf.values()].map(({ organisation }) => organisation);
  const leavers = [...new Set(ever.flatMap((before) => leaversOf(before, current)))];
  return change && { ...change, teams: change.teams.slice(-teamsPerChangeMax), leavers };
};
