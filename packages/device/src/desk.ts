/**
 * What lies open while a device is unlocked, so that nothing is read from storage twice, and what is under way meanwhile. All that
 * must last is also in the store: it changes here only after the store has written. It is let go of when the device is locked.
 */

import type { LogId, SealedEntry } from "@amana/log";
import type { ResponseOf } from "@amana/sync";
import type { CaseReading, OrganisationReading } from "@amana/vault";
import type { ActOutcome } from "./access/pending-acts.ts";
import type { CaseRow } from "./case/case-row.ts";
import type { Draft } from "./case/draft.ts";
import type { OpenedCase } from "./case/opened-case.ts";
import type { SearchTable } from "./case/search-table.ts";
import type { HeldLog } from "./logs/held-log.ts";
import type { Unlisted } from "./logs/listing.ts";
import { bytesAtFirst } from "./logs/pace.ts";
import type { Position } from "./logs/positions.ts";
import type { ReadFrom } from "./logs/read.ts";
import { noPartsKnown, type KnownParts } from "./store/known-parts.ts";
import { makeTurns, type InTurn } from "./turns.ts";

/** A sealed entry that the server has not acknowledged, and its place in the outbox. */
export type Waiting = { readonly number: number; readonly logId: LogId; readonly entry: SealedEntry };

export type DueKnown = {
  readonly rows: ReadonlyMap<LogId, CaseRow>;
  readonly mark: string;
  /** Infinity where nothing ends by itself. */
  readonly until: number;
};

export type Desk = {
  positions: Map<LogId, Position> | undefined;
  outbox: readonly Waiting[] | undefined;
  drafts: ReadonlyMap<LogId, readonly Draft[]> | undefined;
  rows: ReadonlyMap<LogId, CaseRow> | undefined;
  /** Of the index, by bucket, and of snapshots, by case: what is written anew leaves none of what was longer behind. */
  readonly indexParts: KnownParts;
  readonly snapshotParts: KnownParts;
  /** What these are found by, once somebody has searched. */
  searchTable: SearchTable | undefined;
  /** The rows of which nothing is to be made anew, under which mark (`dueMark`), and until when. */
  dueKnown: DueKnown | undefined;
  /** When the rows that wait for more of the organisation's log, and logs without a row, were last looked for: as it read then. */
  rowsCheckedUnder: OrganisationReading | undefined;
  /** What the server said of all logs when it let this fresh device in: for the first comparison, and only for that. */
  listedAtSignIn: ResponseOf<"compare"> | undefined;
  /** What the server has not listed since the device was unlocked; nothing before the first comparison. */
  unlisted: Unlisted | undefined;
  /** Logs that it has not named where it was to list all: they are compared no more. */
  readonly unserved: Set<LogId>;
  /** Cases that the server has more of than is here, of the exchange under way or the last one. */
  stillToFetch: number;
  /** Whether places that the server has lost were looked for since the device was unlocked. */
  arePlacesChecked: boolean;
  /** Each with what it was read from: when that is other, it is read again. */
  organisationRead:
    { readonly log: HeldLog; readonly from: ReadFrom; readonly reading: OrganisationReading } | undefined;
  readonly caseReads: Map<
    LogId,
    { readonly from: ReadFrom; readonly organisation: OrganisationReading; readonly reading: CaseReading }
  >;
  readonly openedCases: Map<LogId, { readonly from: ReadFrom; readonly opened: OpenedCase }>;
  /** Carrying out what waits to be done in the organisation: one device does it once. Such a turn waits for the network. */
  readonly inActTurn: InTurn;
  /** Appending a control entry, from what waits for an answer to the answer. Such a turn waits for the network. */
  readonly inAppendTurn: InTurn;
  /** How those ended that somebody waits to be told of, by their number; nothing while they have not. */
  readonly actOutcomes: Map<number, ActOutcome | undefined>;
  /** The last number that anything that waits was given (`access/waiting-numbers.ts`). */
  lastWaitingNumber: number;
  /** Told after each write which logs are other than before. */
  changed: (logIds: readonly LogId[]) => void;
  /** Logs whose spoiled entries were asked for again since the device was unlocked. */
  readonly askedAgain: Set<LogId>;
  /** Of these, where room was for what of a later version had been left, and none of it was left again. */
  readonly newerAskedFor: Set<LogId>;
  /** Logs of nobody as the organisation read then, of which nothing is kept, and how long each was (`logs/strangers.ts`). */
  strangers: { readonly under: OrganisationReading | undefined; readonly ends: Map<LogId, number> };
  /** Shredded cases whose keys are known to be gone from here. */
  readonly forgotten: Set<LogId>;
  /** How much the next pull or push asks or sends (`logs/pace.ts`). */
  bytesAtOnce: number;
  /** How often the line broke since the device was unlocked. */
  lineBreaks: number;
};

export const emptyDesk = (): Desk => ({
  positions: undefined,
  outbox: undefined,
  drafts: undefined,
  rows: undefined,
  indexParts: noPartsKnown(),
  snapshotParts: noPartsKnown(),
  searchTable: undefined,
  dueKnown: undefined,
  rowsCheckedUnder: undefined,
  listedAtSignIn: undefined,
  unlisted: undefined,
  unserved: new Set(),
  stillToFetch: 0,
  arePlacesChecked: false,
  organisationRead: undefined,
  caseReads: new Map(),
  openedCases: new Map(),
  inActTurn: makeTurns(),
  inAppendTurn: makeTurns(),
  actOutcomes: new Map(),
  lastWaitingNumber: 0,
  changed: () => undefined,
  askedAgain: new Set(),
  newerAskedFor: new Set(),
  strangers: { under: undefined, ends: new Map() },
  forgotten: new Set(),
  bytesAtOnce: bytesAtFirst,
  lineBreaks: 0,
});
