/**
 * What a screen is shown of one case: plain data, decided elsewhere. It says what is so, what does not count and why, and
 * what others cannot see yet.
 */

import {
  caseAsOf,
  due,
  exportCase,
  type Advice,
  type CaseState,
  type DueItem,
  type EventType,
  type Json,
} from "@amana/casefile";
import type { Instant } from "@amana/kernel";
import type { EntryHash, LogId } from "@amana/log";
import type { PersonId } from "@amana/vault";
import { firstSeenIn, holdLog } from "../logs/held-log.ts";
import { waitingOf } from "../logs/outbox.ts";
import { accessHistory } from "../access/access-history.ts";
import { caseReading, organisationReading } from "../logs/read.ts";
import type { Unlocked } from "../unlocked.ts";
import { adviceOn } from "./advice.ts";
import { ownDuePolicy } from "./due-policy.ts";
import { areEntriesUnread, openCaseFile } from "./open-case.ts";
import type { EntryMark } from "./opened-case.ts";
import { firstNames } from "./seal-drafts.ts";

export type CaseView = {
  readonly logId: LogId;
  /** As it is now, this device's own drafts included. Its history is in `state.history`. */
  readonly state: CaseState;
  readonly due: readonly DueItem[];
  /** The pathway's answer for exactly these facts. */
  readonly advice: Advice;
  /** Who can open the case since its newest epoch; empty until it has begun on the server. */
  readonly openers: readonly PersonId[];
  /** Entries that are held and change nothing, each with the reason. */
  readonly marks: readonly EntryMark[];
  /** Written down on this device, and not on the server yet: drafts, and what is sealed and waits. */
  readonly unsent: readonly Unsent[];
  /** By what a screen may still know an entry of this device: its name as a draft, before it was sealed. */
  readonly firstNames: ReadonlyMap<EntryHash, EntryHash>;
  /** Something here cannot be read: what rests on consent, access or risk waits ("update first"). */
  readonly isBehind: boolean;
  /** The server has shown two lines: the case is read, and no longer synced. */
  readonly isContradicted: boolean;
  /** Two people have destroyed the case: nothing of it is here, and nothing more is written. */
  readonly isShredded: boolean;
};

export type Unsent = {
  readonly entry: EntryHash;
  readonly recordedAt: Instant;
  readonly types: readonly EventType[];
};

/** Nothing for a case that this device does not hold. Called in turn. */
export const viewCase = async (unlocked: Unlocked, logId: LogId): Promise<CaseView | undefined> => {
  const folded = await openCaseFile(unlocked, logId);
  const log = await holdLog(unlocked, logId);
  const organisation = await organisationReading(unlocked);
  if (folded === undefined || log === undefined || organisation === undefined) return undefined;
  const { opened, drafts, entries, state } = folded;
  const now = unlocked.now();
  const advice = adviceOn(unlocked.ports.guidance, state, now);
  const seenAt = firstSeenIn(log);
  const waiting = (await waitingOf(unlocked, logId)).map(({ entry }) => entry.hash);
  const unsent = new Set<string>([...waiting, ...drafts.map(({ name }) => name)]);
  return {
    logId,
    state,
    due: due(state, now, {
      policy: await ownDuePolicy(unlocked),
      firstSeenAt: (entry) => seenAt.get(entry),
      vocabulary: advice.vocabulary,
      advised: advice.answer.risk.level,
    }),
    advice,
    openers: opened.openers,
    marks: opened.marks,
    unsent: entries
      .filter(({ envelope: { entry } }) => unsent.has(entry))
      .map(({ envelope: { entry, recordedAt }, events }) => ({
        entry,
        recordedAt,
        types: events.map(({ type }) => type),
      })),
    firstNames: firstNames(log.record.sealedAs),
    isBehind: !opened.isShredded && (opened.isBehind || areEntriesUnread(organisation)),
    isContradicted: opened.isContradicted,
    isShredded: opened.isShredded,
  };
};

/** What was known, decided and consented to at a past moment (G-CM-4). */
export const viewCaseAsOf = async (
  unlocked: Unlocked,
  logId: LogId,
  moment: Instant,
): Promise<CaseState | undefined> => {
  const folded = await openCaseFile(unlocked, logId);
  const log = await holdLog(unlocked, logId);
  if (folded === undefined || log === undefined) return undefined;
  const seenAt = firstSeenIn(log);
  return caseAsOf(folded.entries, moment, (entry) => seenAt.get(entry));
};

/** The whole case as documented JSON, for the survivor or another system. */
export const exportOfCase = async (unlocked: Unlocked, logId: LogId): Promise<Json | undefined> => {
  const folded = await openCaseFile(unlocked, logId);
  const reading = await caseReading(unlocked, logId);
  const organisation = await organisationReading(unlocked);
  if (folded === undefined || reading === undefined || organisation === undefined) return undefined;
  const access = accessHistory(reading, organisation.current);
  return exportCase(folded.state, unlocked.now(), access, folded.opened.marks);
};
