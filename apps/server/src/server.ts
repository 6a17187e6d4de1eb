/**
 * The whole server as it is shipped, over a store that is open: relay, streams, waking, pages. It opens no socket and reads no
 * environment; `main.ts` does, and so do the tests that need the real thing.
 */

import { createSecretKey, randomBytes } from "node:crypto";
import { statfs } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import type { Instant } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import { apiRoutes } from "./api/api-routes.ts";
import { operatorRoutes } from "./api/operator-routes.ts";
import { streamRoute } from "./api/stream-route.ts";
import { buildApp } from "./app.ts";
import { bounds, networkOf, pagesFromAddress } from "./bounds/bounds.ts";
import { makeBuckets } from "./bounds/buckets.ts";
import type { Configuration } from "./configuration.ts";
import { caseHeaderOptions, defaultHeaderOptions } from "./headers.ts";
import { limits } from "./limits.ts";
import { gaugeLines, makeCounters } from "./metrics.ts";
import { placeOfMistake } from "./mistake.ts";
import { quotasOf } from "./quotas.ts";
import type { RelayPorts } from "./relay/answers.ts";
import { makeRelay, type Relay } from "./relay/relay.ts";
import type { Site } from "./site.ts";
import type { Storage } from "./storage/storage.ts";
import { isStorageUnavailable } from "./storage/unavailable.ts";
import { isEndpoint, type EgressOptions } from "./waking/egress.ts";
import { wakeByPushOnce, type PushCounts } from "./waking/push.ts";
import { nextSlot } from "./waking/slots.ts";
import { makeStreams, streamLimits, type Schedule, type Streams } from "./waking/streams.ts";
import { isTakenAsName, makeVapidKey, vapidKeyOf } from "./waking/vapid.ts";

export type ServerPorts = {
  readonly storage: Storage;
  readonly site: Site;
  readonly clock: () => Instant;
  /** Where this server is reached once it listens, if the configuration does not say. */
  readonly ownOrigin: () => string;
  readonly schedule: Schedule;
  /** Takes a line about our own mistakes. */
  readonly report: (line: string) => void;
};

export type Server = {
  readonly app: FastifyInstance;
  readonly relay: Relay;
  readonly answered: () => { readonly all: number; readonly refused: number };
  /** Answers what is under way, ends the streams, and closes the store. */
  readonly stop: () => Promise<void>;
};

/** Wraps that nobody can ask for any more are gone from our backups after this time. */
export const wrapBackupDays = 14;
const egress: EgressOptions = { timeoutMilliseconds: 10_000 };
const hourMilliseconds = 3_600_000;
/** How often a server looks at the clock, and notes that it is up, and how long none may have done so before the time counts as an outage. */
const minuteMilliseconds = 60_000;
const pauseMillisecondsMax = 5 * minuteMilliseconds;

export const openServer = async (configuration: Configuration, ports: ServerPorts): Promise<Server> => {
  const { storage, clock, report } = ports;
  const origin = (): string => configuration.origin ?? ports.ownOrigin();
  const counters = makeCounters();
  const onMistake = reportMistakes(report);
  const relayPorts = await relayPortsOf(configuration, storage, clock, origin);
  await storage.noteUp({ now: clock(), pauseMillisecondsMax });
  const milliseconds = (): number => performance.now();
  const relay = makeRelay({ ...relayPorts, bounds, milliseconds, onMistake, onCalled: counters.onCalled });
  const streams = makeStreams(storage, streamLimits, ports.schedule, onMistake);
  const pages = makeBuckets(pagesFromAddress, milliseconds, createSecretKey(Buffer.from(random(32))));
  const metrics = async (): Promise<readonly string[]> => {
    const running = { streams: streams.count(), memoryBytes: process.memoryUsage.rss(), seconds: process.uptime() };
    const more = {
      diskFreeBytes: await diskFreeBytes(configuration),
      lastSlot: await storage.lastSlot(),
      isNamedOverHttps: configuration.isPushOn ? isTakenAsName(origin()) : undefined,
    };
    return [...counters.lines(), ...gaugeLines(await storage.counts(), { ...running, ...more })];
  };
  const app = buildApp({
    site: ports.site,
    headers: defaultHeaderOptions,
    caseHeaders: caseHeaderOptions,
    limits,
    proxies: ["loopback", ...configuration.proxies],
    makeReference,
    report,
    onAnswered: counters.onAnswered,
    routes: [
      apiRoutes({ relay, origin }),
      streamRoute({ relay, streams, origin }),
      operatorRoutes({
        ping: pingOf(storage, milliseconds),
        metrics,
        metricsToken: configuration.metricsToken,
        milliseconds,
      }),
    ],
    takePage: (from) => pages.take(networkOf(from)),
  });
  const stopWaking = await wakeAtSlots(configuration, ports, { streams, origin, onMistake, onWoken: counters.onWoken });
  const stopForgetting = forgetEachHour(ports, onMistake);
  const stopNoting = noteUpEachMinute(ports, onMistake);
  // Streams have no end of their own, so a stop would wait for them.
  app.addHook("preClose", (closed) => {
    streams.close();
    closed();
  });
  const stop = async (): Promise<void> => {
    stopWaking();
    stopForgetting();
    stopNoting();
    await app.close();
    await storage.close();
  };
  return { app, relay, answered: counters.answered, stop };
};

/** Whether the store answers, and from time to time whether it still writes: a full disk can be read for long. */
const pingOf = (storage: Storage, milliseconds: () => number): (() => Promise<void>) => {
  let writtenAt = -Infinity;
  return async () => {
    if (milliseconds() - writtenAt < markMilliseconds) return storage.ping();
    await storage.proveWritable({ mark: random(16) });
    writtenAt = milliseconds();
  };
};

const markMilliseconds = 60_000;

/** Of the disk that the store is on; nothing of a database elsewhere. */
const diskFreeBytes = async ({ store }: Configuration): Promise<number | undefined> => {
  if (store.kind !== "sqlite") return undefined;
  const { bavail, bsize } = await statfs(store.folder);
  return bavail * bsize;
};

/** A store that is away is said once in a while, and not for each of the requests that found it so. */
const reportMistakes = (report: (line: string) => void): ((error: unknown) => void) => {
  let saidAt = -Infinity;
  return (error) => {
    if (!isStorageUnavailable(error)) {
      report(`Mistake ${makeReference()}: ${placeOfMistake(error)}`);
      return;
    }
    if (performance.now() - saidAt < awayMilliseconds) return;
    saidAt = performance.now();
    report(error.message);
  };
};

const awayMilliseconds = 10_000;

const makeReference = (): string => randomBytes(6).toString("hex");

const relayPortsOf = async (
  configuration: Configuration,
  storage: Storage,
  clock: () => Instant,
  origin: () => string,
): Promise<RelayPorts> => {
  const challengeKey = await storage.serverSecret({ name: "challenge-key", made: random(32) });
  const { isPushOn, backupDays } = configuration;
  const push = isPushOn
    ? {
        serverKey: (await vapidKeyIn(storage)).publicKey,
        isEndpoint: (endpoint: string) => isEndpoint(endpoint, egress),
      }
    : undefined;
  return {
    storage,
    clock,
    origin,
    randomness: random,
    quotas: quotasOf(configuration),
    accountsMax: configuration.organisation.accountsMax,
    challengeKey: createSecretKey(Buffer.from(challengeKey)),
    backupDays: { logs: backupDays, wraps: Math.min(backupDays, wrapBackupDays) },
    push,
  };
};

const random = (length: number): Bytes => new Uint8Array(randomBytes(length));

const vapidKeyIn = async (storage: Storage): Promise<ReturnType<typeof vapidKeyOf>> =>
  vapidKeyOf(await storage.serverSecret({ name: "vapid-key", made: makeVapidKey() }));

type Waking = {
  readonly streams: Streams;
  readonly origin: () => string;
  readonly onMistake: (error: unknown) => void;
  readonly onWoken: (counts: PushCounts) => void;
};

const wakeAtSlots = async (
  { wakeUps, isPushOn }: Configuration,
  { storage, clock, schedule }: ServerPorts,
  { streams, origin, onMistake, onWoken }: Waking,
): Promise<() => void> => {
  const key = isPushOn ? await vapidKeyIn(storage) : undefined;
  let cancel: () => void = () => undefined;
  const wakeAt = (slot: Instant): void => {
    streams.wakeAll();
    if (key !== undefined) {
      wakeByPushOnce(storage, { key, subject: origin(), egress }, { slot, now: clock() })
        .then(onWoken)
        .catch(onMistake);
    }
    plan();
  };
  const plan = (): void => {
    const now = clock();
    const slot = nextSlot(wakeUps, now);
    // Looked at each minute: where the clock is set meanwhile, or the machine sleeps, the moment is another one.
    cancel = schedule(Math.min(slot - now, minuteMilliseconds), () => (clock() < slot ? plan() : wakeAt(slot)));
  };
  plan();
  return () => cancel();
};

const forgetEachHour = (
  { storage, clock, schedule }: ServerPorts,
  onMistake: (error: unknown) => void,
): (() => void) => {
  let cancel: () => void = () => undefined;
  const forget = (): void => {
    storage.forgetExpired({ now: clock() }).catch(onMistake);
    cancel = schedule(hourMilliseconds, forget);
  };
  cancel = schedule(hourMilliseconds, forget);
  return () => cancel();
};

/** Only what is noted counts towards the hours for which a recovery waits. */
const noteUpEachMinute = (
  { storage, clock, schedule }: ServerPorts,
  onMistake: (error: unknown) => void,
): (() => void) => {
  let cancel: () => void = () => undefined;
  const note = (): void => {
    storage.noteUp({ now: clock(), pauseMillisecondsMax }).catch(onMistake);
    cancel = schedule(minuteMilliseconds, note);
  };
  cancel = schedule(minuteMilliseconds, note);
  return () => cancel();
};
