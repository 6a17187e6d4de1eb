/**
 * Ours beside the peers: entries that were sealed beforehand, from one device to the server and to a fresh device of the same
 * person, which parses them, verifies whose they are and keeps them in its store. Nothing is opened and nothing folded.
 */

import { encodeEntry, parseEntry, toHex, fromHex, type LogId, type Received, type SealedEntry } from "@amana/log";
import {
  nextDigest,
  planPull,
  planPush,
  pullBytesMax,
  type EntryToPush,
  type LogPulled,
  type LogWant,
} from "@amana/sync";
import {
  conceal,
  exposeSecret,
  makeCaseKey,
  open,
  platformDeflate,
  platformRandomness,
  type CaseKey,
} from "@amana/vault";
import { differingLogs } from "../../packages/device/src/logs/compare.ts";
import { newLog, recordChanges, withEntries } from "../../packages/device/src/logs/held-log.ts";
import { followOrganisation } from "../../packages/device/src/logs/own-organisation.ts";
import { positionChanges, startOf, type Position } from "../../packages/device/src/logs/positions.ts";
import { organisationReading } from "../../packages/device/src/logs/read.ts";
import type { StoreChange } from "../../packages/device/src/ports.ts";
import type { Unlocked } from "../../packages/device/src/unlocked.ts";
import { arrivalsOf } from "../../packages/vault/src/case/verify.ts";
import { absent, durability, enrol, found, must, newDevice, noteBytes, startServer } from "./amana.ts";
import type { ExchangePeer } from "./peer.ts";
import { beginLog, sealNotes } from "./sealing.ts";

type OurTicket = { readonly kit: string; readonly logIds: readonly LogId[]; readonly caseKey: string };

export const ours: ExchangePeer = {
  name: "Amana",
  isEncrypting: true,
  textBytes: noteBytes,
  durability,
  startServer,
  write: async (logs, port, folder) => {
    const opened = newDevice(port, folder);
    const kit = await found(opened);
    await must(opened.device.sync());
    const unlocked = opened.unlocked();
    const caseKey = makeCaseKey(platformRandomness);
    const entries: EntryToPush[] = [];
    const logIds: LogId[] = [];
    for (const texts of logs) {
      const first = await beginLog(unlocked, caseKey);
      const sealed = await sealNotes(unlocked, caseKey, first, texts);
      logIds.push(first.header.logId);
      entries.push(...sealed.map((entry) => ({ logId: first.header.logId, bytes: encodeEntry(entry) })));
    }
    const ticket: OurTicket = { kit, logIds, caseKey: toHex(exposeSecret(caseKey)) };
    return { ticket, upload: () => pushAll(unlocked, entries) };
  },
  download: async (ticket, numbers, port, folder) => {
    // Made by `write` above.
    const { kit, logIds, caseKey } = ticket as OurTicket;
    const fresh = newDevice(port, folder);
    await enrol(fresh, kit);
    const wanted = new Set(numbers.map((number) => logIds[number] ?? absent()));
    const held = await fetchLogs(fresh.unlocked(), wanted);
    const key = conceal("case-key", fromHex(caseKey) ?? absent());
    return async () => Promise.all([...wanted].map((logId) => textsOf(held.get(logId) ?? [], key)));
  },
};

const pushAll = async (unlocked: Unlocked, entries: readonly EntryToPush[]): Promise<void> => {
  for (const request of planPush(entries)) {
    const { logs } = await must(unlocked.ask("push", request));
    const results = logs.flatMap((log) => log.results);
    const count = request.logs.reduce((sum, log) => sum + log.entries.length, 0);
    const isStored = results.length === count && results.every((result) => result === "stored");
    if (!isStored) throw new Error("The server did not take every entry of the benchmark.");
  }
};

/** The organisation's log first, because it says whose keys are whose; then the cases that are asked for. */
const fetchLogs = async (
  unlocked: Unlocked,
  wanted: ReadonlySet<LogId>,
): Promise<ReadonlyMap<LogId, readonly Received[]>> => {
  const held = new Map<LogId, readonly Received[]>();
  const differing = await must(differingLogs(unlocked));
  await must(followOrganisation(unlocked, differing));
  const served = differing.filter(({ logId }) => wanted.has(logId));
  let open: readonly LogWant[] = served.map(({ logId }) => wantOf(logId, startOf("case")));
  while (open.length > 0) {
    const [wants = []] = planPull(open);
    const { logs } = await must(unlocked.ask("pull", { wants, bytesMax: pullBytesMax }));
    const unfinished = await keep(unlocked, logs, held);
    open = [...unfinished, ...open.slice(wants.length)];
  }
  return held;
};

const wantOf = (logId: LogId, { end, digest }: Position): LogWant => ({ logId, after: end, digest });

/** In one write, as the device does: entries, record and position of each log. Gives the logs that have more. */
const keep = async (
  unlocked: Unlocked,
  pulled: readonly LogPulled[],
  held: Map<LogId, readonly Received[]>,
): Promise<readonly LogWant[]> => {
  const changes: StoreChange[] = [];
  const moved = new Map<LogId, Position>();
  const unfinished: LogWant[] = [];
  for (const { logId, after, entries, end } of pulled) {
    const arrived = entries.map(parsed);
    const position = { ...startOf("case"), end: after + arrived.length };
    const all = [...(held.get(logId) ?? []), ...arrived];
    const digest = all.reduce((before, { entry }) => nextDigest(before, entry.hash), position.digest);
    if (position.end < end) unfinished.push(wantOf(logId, { ...position, digest }));
    if (arrived.length === 0) continue;
    await verify(unlocked, logId, all);
    const grown = withEntries(newLog(logId, "case"), all, unlocked.now());
    held.set(logId, all);
    moved.set(logId, { ...position, digest });
    changes.push(...grown.changes, ...(await recordChanges(unlocked, verifiedLog(grown.log))));
  }
  await unlocked.ports.store.write([...changes, ...(await positionChanges(unlocked, moved))]);
  return unfinished;
};

type Grown = ReturnType<typeof withEntries>["log"];

const verifiedLog = (log: Grown): Grown => ({ ...log, record: { ...log.record, unverified: new Set() } });

const parsed = (bytes: Parameters<typeof parseEntry>[0]): Received => {
  const received = parseEntry(bytes);
  return received.ok ? received.value : absent();
};

/** One signature for each chain, as the device asks; whoever breaks one stops the benchmark. */
const verify = async (unlocked: Unlocked, logId: LogId, entries: readonly Received[]): Promise<void> => {
  const organisation = (await organisationReading(unlocked)) ?? absent();
  const arrivals = await arrivalsOf({ logId, entries, organisation, keyOf: () => undefined, accepted: undefined });
  const verdicts = new Set(arrivals.map(({ verdict }) => verdict));
  if (!verdicts.has("verified") || verdicts.has("refused")) throw new Error("An entry is not its author's.");
};

/** Only to hold the download to every byte, and not timed. */
const textsOf = async (entries: readonly Received[], caseKey: CaseKey): Promise<readonly Uint8Array[]> => {
  const sealed = entries.flatMap((received) => (received.kind === "entry" ? [received.entry] : []));
  const contents = sealed.filter(({ header }: SealedEntry) => header.kind === "content");
  const texts: Uint8Array[] = [];
  for (const entry of contents) {
    const opened = await open(entry, caseKey, platformDeflate);
    const [event] = opened.ok ? opened.value.events : [];
    texts.push(event === undefined ? absent() : new Uint8Array(Buffer.from(textIn(event.data), "latin1")));
  }
  return texts;
};

const textIn = (data: unknown): string =>
  typeof data === "object" && data !== null && "text" in data ? String(data.text) : absent();
