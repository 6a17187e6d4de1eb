/**
 * Who is listening now, and telling them to come. A stream says only that something changed, never what, where or by whom.
 *
 * What must stay true: whoever is signed out or left hears nothing more; a listener that does not take what it is sent is
 * let go; the number of streams is bounded; many changes in a moment are one call, and however many come, an organisation's streams
 * are looked through once at a time, and none waits for another's.
 */

import type { LogId } from "@amana/log";
import type { AccountId } from "@amana/sync";
import type { Change, OrganisationId, Storage } from "../storage/storage.ts";

export type StreamLimits = {
  readonly streamsMax: number;
  readonly streamsPerAccountMax: number;
  /** So that none of the organisations on a server takes the places of the others. */
  readonly streamsPerOrganisationMax: number;
  /** Changes that come within this time are told once. */
  readonly gatherMilliseconds: number;
  /** How often a stream shows that it is there, well within every proxy's patience. */
  readonly heartbeatMilliseconds: number;
  /** After so many heartbeats each stream's sign-in is looked at again, should a change not have been told. */
  readonly heartbeatsPerCheck: number;
  /** Of one organisation in one moment; beyond, all its streams are told. */
  readonly logsGatheredMax: number;
};

export const streamLimits: StreamLimits = {
  streamsMax: 2048,
  streamsPerAccountMax: 8,
  streamsPerOrganisationMax: 1024,
  gatherMilliseconds: 200,
  heartbeatMilliseconds: 20_000,
  heartbeatsPerCheck: 3,
  logsGatheredMax: 64,
};

export type Listener = {
  readonly organisation: OrganisationId;
  readonly account: AccountId;
  readonly come: () => void;
  readonly beat: () => void;
  readonly end: () => void;
  /** Whether the sign-in of this stream still holds. */
  readonly isSignedIn: () => Promise<boolean>;
};

/** Calls something once, later; gives back what prevents it. */
export type Schedule = (milliseconds: number, run: () => void) => () => void;

export type Streams = {
  /** Gives back what removes the listener; nothing when there are too many. */
  readonly open: (listener: Listener) => (() => void) | undefined;
  /** At a slot of the day: everyone alike. */
  readonly wakeAll: () => void;
  readonly count: () => number;
  /** Ends every stream, and listens to the storage no more. */
  readonly close: () => void;
};

type Gathered = { readonly logs: Set<LogId>; isForAll: boolean };

export const makeStreams = (
  storage: Pick<Storage, "watch" | "accountsServed">,
  limits: StreamLimits,
  schedule: Schedule,
  onMistake: (error: unknown) => void,
): Streams => {
  const listeners = new Set<Listener>();
  const gathered = new Map<OrganisationId, Gathered>();
  const telling = new Set<OrganisationId>();
  let cancelFlush: (() => void) | undefined;
  const listenersOf = (organisation: OrganisationId): readonly Listener[] =>
    [...listeners].filter((each) => each.organisation === organisation);

  const tell = async (organisation: OrganisationId, { logs, isForAll }: Gathered): Promise<void> => {
    const here = listenersOf(organisation);
    gathered.delete(organisation);
    telling.add(organisation);
    await (isForAll ? checkAndTell(here) : tellServed(storage, organisation, logs, here)).catch(onMistake);
    telling.delete(organisation);
    if (gathered.has(organisation)) plan();
  };
  const plan = (): void => {
    cancelFlush ??= schedule(limits.gatherMilliseconds, () => {
      cancelFlush = undefined;
      for (const [organisation, change] of [...gathered]) {
        if (!telling.has(organisation)) void tell(organisation, change);
      }
    });
  };
  const note = (change: Change): void => {
    if (!hasListener(listeners, change.organisation)) return;
    const known = gathered.get(change.organisation) ?? { logs: new Set(), isForAll: false };
    if (change.kind === "log" && known.logs.size < limits.logsGatheredMax) known.logs.add(change.logId);
    else known.isForAll = true;
    gathered.set(change.organisation, known);
    plan();
  };

  const unwatch = storage.watch(note);
  const stopBeating = beatFor(listeners, limits, schedule, onMistake);
  return {
    open: (listener) => {
      const beside = listenersOf(listener.organisation);
      const own = beside.filter(({ account }) => account === listener.account).length;
      if (listeners.size >= limits.streamsMax || own >= limits.streamsPerAccountMax) return undefined;
      if (beside.length >= limits.streamsPerOrganisationMax) return undefined;
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    wakeAll: () => listeners.forEach((each) => each.come()),
    count: () => listeners.size,
    close: () => {
      unwatch();
      stopBeating();
      cancelFlush?.();
      gathered.clear();
      listeners.forEach((each) => each.end());
      listeners.clear();
    },
  };
};

const hasListener = (listeners: ReadonlySet<Listener>, organisation: OrganisationId): boolean => {
  for (const each of listeners) if (each.organisation === organisation) return true;
  return false;
};

const tellServed = async (
  storage: Pick<Storage, "accountsServed">,
  organisation: OrganisationId,
  logs: ReadonlySet<LogId>,
  here: readonly Listener[],
): Promise<void> => {
  const served = new Set<AccountId>();
  for (const logId of logs) {
    for (const account of await storage.accountsServed({ organisation, logId })) served.add(account);
  }
  for (const each of here) if (served.has(each.account)) each.come();
};

/** Someone of the organisation was signed out or left, or there is too much to tell one by one. */
const checkAndTell = async (here: readonly Listener[]): Promise<void> => {
  for (const each of here) {
    if (await each.isSignedIn()) each.come();
    else each.end();
  }
};

const beatFor = (
  listeners: ReadonlySet<Listener>,
  limits: StreamLimits,
  schedule: Schedule,
  onMistake: (error: unknown) => void,
): (() => void) => {
  let beats = 0;
  let cancel: () => void = () => undefined;
  const check = async (): Promise<void> => {
    for (const each of [...listeners]) if (!(await each.isSignedIn())) each.end();
  };
  const beat = (): void => {
    listeners.forEach((each) => each.beat());
    beats++;
    if (beats % limits.heartbeatsPerCheck === 0) check().catch(onMistake);
    cancel = schedule(limits.heartbeatMilliseconds, beat);
  };
  cancel = schedule(limits.heartbeatMilliseconds, beat);
  return () => cancel();
};
