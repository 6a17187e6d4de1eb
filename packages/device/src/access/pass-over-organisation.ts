/**
 * Going on over an epoch of the organisation's log whose key this device was not given: while it cannot be read, nothing here can
 * be done that rests on consent, access or risk, in any case. A second person confirms it, as whatever changes who can read.
 *
 * From then on all that was written since that epoch counts for nothing, for everybody: whoever says so has asked who began it.
 */

import { err, ok, type Result } from "@amana/kernel";
import { hashesPerListMax, type EntryHash, type Header, type SealedEntry } from "@amana/log";
import { wrapsPerAppendMax } from "@amana/sync";
import {
  evolveOrganisation,
  isSettled,
  makeCaseKey,
  presentPersonOf,
  writeOrganisationEvent,
  type OrganisationReading,
  type PersonId,
  type Wrap,
} from "@amana/vault";
import { appendControl, type ControlMade, type ControlStanding } from "../logs/append-control.ts";
import { holdOrganisation, type HeldLog } from "../logs/held-log.ts";
import { organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import type { Unread } from "./access.ts";
import { wrapsFor } from "./begin-epoch.ts";
import {
  anyHash,
  epochEvent,
  isKeeperIn,
  sendOrganisationWraps,
  type ActError,
  type Acted,
  type AlreadySo,
} from "./organisation-act.ts";
import { recipientsOf } from "./organisation-serving.ts";

export const passOverOrganisation = async (unlocked: Unlocked): Promise<Result<Acted, ActError>> => {
  const served = await passOver(unlocked, true);
  // Whoever began that epoch may have told the server that nobody else says whom it serves.
  const isRefused = !served.ok && served.error.type === "Refused" && served.error.code === "NotForYou";
  return isRefused ? passOver(unlocked, false) : served;
};

const passOver = async (unlocked: Unlocked, saysWhoIsServed: boolean): Promise<Result<Acted, ActError>> => {
  const logId = unlocked.organisation()?.logId;
  if (logId === undefined) return err({ type: "OrganisationUnknown" });
  let rest: readonly Wrap[] = [];
  let stands: "counts" | "waits" = "waits";
  const appended = await appendControl(unlocked, logId, async (standing) => {
    const made = await makePassing(unlocked, standing, saysWhoIsServed);
    if (!made.ok) return made;
    const { control } = made.value;
    stands = made.value.stands;
    rest = control.wraps.slice(wrapsPerAppendMax);
    return ok({ ...control, wraps: control.wraps.slice(0, wrapsPerAppendMax) });
  });
  if (!appended.ok)
    return appended.error.type === "AlreadySo" ? ok({ entry: undefined, stands: "already" }) : err(appended.error);
  const sent = await sendOrganisationWraps(unlocked, rest);
  return sent.ok ? ok({ entry: appended.value, stands }) : sent;
};

type Made = { readonly control: ControlMade; readonly stands: "counts" | "waits" };

const makePassing = async (
  unlocked: Unlocked,
  { log, organisation, heads }: ControlStanding,
  saysWhoIsServed: boolean,
): Promise<Result<Made, ActError | AlreadySo>> => {
  const { current, passings } = organisation;
  const over = unreadEpochsIn(log, organisation).slice(0, hashesPerListMax);
  // One waits already: a second person confirms that one.
  if (over.length === 0 || passings.size > 0) return err({ type: "AlreadySo" });
  const by = presentPersonOf(current, unlocked.own.identityKey.keyId);
  const [first] = over;
  const maker = first === undefined ? undefined : authorOf(log, organisation, first);
  if (by === undefined || by.id === maker || !isKeeperIn(current, unlocked)) return err({ type: "NotAllowed" });
  if (isSettled(current, maker, entriesAfter(log, organisation, first))) return err({ type: "NotAllowed" });
  const event = { ...epochEvent(current, heads), reason: "renew", over };
  const after = evolveOrganisation(current, { hash: anyHash, event, by, about: maker });
  const begins = makeCaseKey(unlocked.ports.randomness);
  const recipients = recipientsOf(current);
  const control: ControlMade = {
    events: [writeOrganisationEvent(event)],
    begins,
    wraps: await wrapsFor(unlocked, log.logId, begins, recipients),
    // Whoever began that epoch may have named nobody else to be served.
    serving: saysWhoIsServed ? { keys: recipients.map(({ keyId }) => keyId) } : undefined,
    organisation: undefined,
  };
  return ok({ control, stands: after.proposals.has(anyHash) ? "waits" : "counts" });
};

/** Epochs of the organisation's log that cannot be read here, with none after them that can; whoever began them is known. */
export const unreadOfOrganisation = (unlocked: Unlocked): Promise<readonly Unread[]> =>
  unlocked.inTurn(async () => {
    const log = await holdOrganisation(unlocked);
    const reading = await organisationReading(unlocked);
    if (log === undefined || reading === undefined) return [];
    return unreadEpochsIn(log, reading).map((entry) => ({ entry, by: authorOf(log, reading, entry) }));
  });

/** None where an epoch after them can be read: somebody has their keys, and has gone on. */
const unreadEpochsIn = (log: HeldLog, { unreadable, epochBegunBy }: OrganisationReading): readonly EntryHash[] => {
  if (epochBegunBy === undefined || !unreadable.includes(epochBegunBy)) return [];
  return unreadable.filter((hash) => headerOf(log, hash)?.keyCommitment !== undefined);
};

const authorOf = (log: HeldLog, { current }: OrganisationReading, hash: EntryHash): PersonId | undefined => {
  const author = headerOf(log, hash)?.author;
  return author === undefined ? undefined : current.personByKeyEver.get(author)?.person;
};

/** What counts of the line after this entry. */
const entriesAfter = (
  { entries }: HeldLog,
  { review }: OrganisationReading,
  hash: EntryHash | undefined,
): readonly SealedEntry[] => {
  const { controlLine } = review;
  const counted = new Set(review.counted);
  const since = new Set(hash === undefined ? [] : controlLine.slice(controlLine.indexOf(hash) + 1));
  return entries.flatMap(({ kind, entry }) =>
    kind === "entry" && since.has(entry.hash) && counted.has(entry.hash) ? [entry] : [],
  );
};

/** Nothing of an entry of a later version. */
const headerOf = ({ entries }: HeldLog, hash: EntryHash): Header | undefined => {
  const received = entries.find(({ entry }) => entry.hash === hash);
  return received?.kind === "entry" ? received.entry.header : undefined;
};
