/**
 * Ours beside the peers: entries that were sealed beforehand, from one device to the server and to a fresh device of the same
 * person, which parses them, verifies whose they are and keeps them in its store. Nothing is opened and nothing folded.
 */

import { ok, type Ok } from "@amana/kernel";
import { encodeEntry, fromHex, idBytes, toHex, type LogId, type Received, type SealedEntry } from "@amana/log";
import {
  nextDigest,
  parseCarried,
  planPush,
  pullBytesMax,
  pushesUnderWayMax,
  pushSeveral,
  type EntryToPush,
  type LogPulled,
  type LogWant,
  type RequestOf,
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
import { followOrganisation, organisationLogs } from "../../packages/device/src/logs/own-organisation.ts";
import { positionChanges, startOf, type Position } from "../../packages/device/src/logs/positions.ts";
import type { Answered } from "../../packages/device/src/logs/pull.ts";
import { organisationReading } from "../../packages/device/src/logs/read.ts";
import type { StoreChange } from "../../packages/device/src/ports.ts";
import type { Unlocked } from "../../packages/device/src/unlocked.ts";
import { arrivalsOf } from "../../packages/vault/src/case/verify.ts";
import { absent, durability, enrol, found, must, newDevice, noteBytes, startServer } from "./amana.ts";
import type { ExchangePeer } from "./peer.ts";

type OurTicket = { readonly kit: string; readonly logIds: readonly LogId[]; readonly caseKey: string };

export const ours: ExchangePeer = {
  name: "Amana",
  isEncrypting: true,
  textBytes: noteBytes,
  bundled: { file: "ours.ts", name: "ours" },
  durability,
  startServer,
  write: async (logs, port, folder) => {
    const { beginLogs, sealNotes } = await import("./sealing.ts");
    const opened = newDevice(port, folder);
    const kit = await found(opened);
    await must(opened.device.sync());
    const unlocked = opened.unlocked();
    const caseKey = makeCaseKey(platformRandomness);
    const entries: EntryToPush[] = [];
    const logIds: LogId[] = [];
    const firsts = await beginLogs(unlocked, caseKey, logs.length);
    for (const [number, texts] of logs.entries()) {
      const first = firsts[number] ?? absent();
      const sealed = await sealNotes(unlocked, caseKey, first, texts);
      logIds.push(first.header.logId);
      const { logId } = first.header;
      entries.push(...sealed.map((entry) => ({ logId, bytes: encodeEntry(entry), name: idBytes(entry.hash) })));
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

type Push = RequestOf<"push">;

const pushAll = async (unlocked: Unlocked, entries: readonly EntryToPush[]): Promise<void> => {
  const requests = planPush(entries).values();
  const send = async (request: Push): Promise<Ok<undefined>> => {
    const { logs } = await must(unlocked.ask("push", request));
    const results = logs.flatMap((log) => log.results);
    const count = request.logs.reduce((sum, log) => sum + log.entries.length, 0);
    const isStored = results.length === count && results.every((result) => result === "stored");
    if (!isStored) throw new Error("The server did not take every entry of the benchmark.");
    return ok(undefined);
  };
  const underWayMax = (): number => pushesUnderWayMax;
  await pushSeveral({ next: () => requests.next().value, send, underWayMax });
};

/** Asked for together. The organisation's log is taken first, because it says whose keys are whose; then the cases. */
const fetchLogs = async (
  unlocked: Unlocked,
  wanted: ReadonlySet<LogId>,
): Promise<ReadonlyMap<LogId, readonly Received[]>> => {
  const held = new Map<LogId, readonly Received[]>();
  const differing = await must(differingLogs(unlocked));
  const own = await organisationLogs(unlocked, differing);
  const wants = differing
    .filter(({ logId }) => own.includes(logId) || wanted.has(logId))
    .map(({ logId, kind }) => wantOf(logId, startOf(kind)));
  const ahead = await ask(unlocked, wants, true);
  let came = ahead.logs.filter(({ logId }) => wanted.has(logId)).map(arrived);
  let open = stillOpen(
    wants.filter(({ logId }) => wanted.has(logId)),
    came,
  );
  // Asked for before what came is verified and kept.
  let asked = open.length === 0 ? undefined : ask(unlocked, open, false);
  await must(followOrganisation(unlocked, own, ahead));
  for (;;) {
    await keep(unlocked, came, held);
    if (asked === undefined) return held;
    came = (await asked).logs.map(arrived);
    open = stillOpen(open, came);
    asked = open.length === 0 ? undefined : ask(unlocked, open, false);
  }
};

const wantOf = (logId: LogId, { end, digest }: Position): LogWant => ({ logId, after: end, digest });

/** Some more than an answer has room for. As many as a device that fetches everything names at once would each be looked up for nothing. */
const logsAtOnce = 96;

/** The keys of a case are not asked for, because nothing is opened here; those of the organisation's log come with it. */
const ask = async (unlocked: Unlocked, open: readonly LogWant[], withWraps: boolean): Promise<Answered> => {
  const wants = open.slice(0, logsAtOnce);
  return { wants, ...(await must(unlocked.ask("pull", { wants, bytesMax: pullBytesMax, withWraps }))) };
};

type Arrived = Omit<LogPulled, "entries"> & { readonly received: readonly Received[] };

const arrived = ({ entries, ...log }: LogPulled): Arrived => ({ ...log, received: parseCarried(entries).map(whole) });

/** What has not come yet, in its order: logs that were not asked for, and the rest of those that were. */
const stillOpen = (open: readonly LogWant[], logs: readonly Arrived[]): readonly LogWant[] => {
  const byId = new Map(logs.map((log) => [log.logId, log]));
  return open.flatMap((want) => {
    const log = byId.get(want.logId);
    if (log === undefined) return [want];
    const isMore = want.after + log.received.length < log.end;
    return isMore ? [wantOf(want.logId, { ...startOf("case"), ...positionAfter(want, log.received) })] : [];
  });
};

const positionAfter = (
  { after, digest }: LogWant,
  received: readonly Received[],
): Pick<Position, "end" | "digest"> => ({
  end: after + received.length,
  digest: received.reduce((before, { entry }) => nextDigest(before, entry.hash), digest),
});

/** In one write, as the device does: entries, record and position of each log. */
const keep = async (
  unlocked: Unlocked,
  logs: readonly Arrived[],
  held: Map<LogId, readonly Received[]>,
): Promise<void> => {
  const moved = new Map<LogId, Position>();
  const changes: StoreChange[] = [];
  const kept = await Promise.all(
    logs
      .filter(({ received }) => received.length > 0)
      .map(async ({ logId, received }) => {
        const all = [...(held.get(logId) ?? []), ...received];
        await verify(unlocked, logId, all);
        const grown = withEntries(newLog(logId, "case"), all, unlocked.now());
        held.set(logId, all);
        // All that is held was followed, so that its digest is the position's, as in the device.
        const { count: end, digest } = grown.log.record.held;
        moved.set(logId, { ...startOf("case"), end, digest });
        return [...grown.changes, ...(await recordChanges(unlocked, verifiedLog(grown.log)))];
      }),
  );
  for (const each of kept) changes.push(...each);
  await unlocked.ports.store.write([...changes, ...(await positionChanges(unlocked, moved))]);
};

type Grown = ReturnType<typeof withEntries>["log"];

const verifiedLog = (log: Grown): Grown => ({ ...log, record: { ...log.record, unverified: new Set() } });

const whole = (received: ReturnType<typeof parseCarried>[number]): Received =>
  received.ok ? received.value : absent();

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
