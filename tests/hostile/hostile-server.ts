/**
 * A server that lies, as whoever seized it could make it lie. It stands in front of any carrier of the wire (the server in
 * memory, the real one over HTTP), lets everything through while it has no orders, and changes what it was ordered to.
 *
 * It knows what a server knows: sealed bytes, tokens, ids. A lie about a log is told consistently: positions and
 * digests are those of the log it shows, so that nothing but the log itself can give it away.
 */

import { assert, err, ok, type Result } from "@amana/kernel";
import {
  entryHashOf,
  parseEntry,
  sha256,
  toHex,
  type Bytes,
  type EntryHash,
  type LogId,
  type LogKind,
} from "@amana/log";
import {
  bucketDigests,
  differingBuckets,
  digestOfNone,
  nextDigest,
  wire,
  type LogPosition,
  type LogPulled,
  type LogWant,
  type RequestName,
  type RequestOf,
  type ResponseOf,
  type WireError,
} from "@amana/sync";
import type { Carrier } from "../device/memory-server.ts";

/** A log as it truly stands, and who asks for it: a token, by which one device is told from another. */
export type TrueLog = {
  readonly logId: LogId;
  readonly kind: LogKind;
  readonly entries: readonly Bytes[];
  readonly reader: string;
};

/** What it shows instead. */
export type View = (log: TrueLog) => readonly Bytes[];

export type Exchange<Name extends RequestName> = {
  readonly request: RequestOf<Name>;
  readonly reader: string;
  /** Hands the request on, whole or changed, and gives the true answer. */
  readonly pass: (request?: RequestOf<Name>) => Promise<Answered<Name>>;
};

export type Answered<Name extends RequestName> = Result<ResponseOf<Name>, WireError>;

/** Orders for single answers, by request. */
export type Lies = { readonly [Name in RequestName]?: (exchange: Exchange<Name>) => Promise<Answered<Name>> };

export type Orders = { readonly view?: View; readonly lies?: Lies };

export type HostileServer = Carrier & {
  /** Obeyed from the next request on. Without orders it is honest. */
  readonly order: (orders: Orders) => void;
};

export const makeHostileServer = (server: Carrier): HostileServer => {
  let orders: Orders = {};
  return {
    order: (given) => {
      orders = given;
    },
    call: (name, token, bytes) => obey(server, orders, name, token, bytes),
  };
};

/** A reader who is not signed in has no name. */
const readerOf = (token: Bytes | undefined): string => (token === undefined ? "" : toHex(token));

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- one name ties the request to its own answer.
const obey = async <Name extends RequestName>(
  server: Carrier,
  { view, lies }: Orders,
  name: Name,
  token: Bytes | undefined,
  bytes: Bytes,
): Promise<Result<Bytes, WireError>> => {
  const request = wire[name].decodeRequest(bytes);
  const shown = view === undefined ? {} : liesOfView(server, view, token);
  const lie: Lies[Name] = lies?.[name] ?? shown[name];
  if (lie === undefined || request === undefined) return server.call(name, token, bytes);
  const pass = (changed: RequestOf<Name> = request): Promise<Answered<Name>> => ask(server, token, name, changed);
  const answer = await lie({ request, reader: readerOf(token), pass });
  return answer.ok ? ok(wire[name].encodeResponse(answer.value)) : answer;
};

/** Asks the true server, as the one who holds the token. */
export const ask = async <Name extends RequestName>(
  server: Carrier,
  token: Bytes | undefined,
  name: Name,
  request: RequestOf<Name>,
): Promise<Answered<Name>> => {
  const answer = await server.call(name, token, wire[name].encodeRequest(request));
  if (!answer.ok) return answer;
  const response = wire[name].decodeResponse(answer.value);
  return response === undefined ? err({ type: "Unreachable" }) : ok(response);
};

/** The answers that speak of a log's contents, told of what the view shows. */
const liesOfView = (server: Carrier, view: View, token: Bytes | undefined): Lies => ({
  compare: async ({ request }) => {
    const shown = await shownLogs(server, view, token);
    if (!shown.ok) return shown;
    const here = bucketDigests(shown.value.map(({ position }) => position));
    const differing = new Set(differingBuckets(request.buckets ?? new Uint8Array(here.length).fill(1), here));
    const logs = shown.value.filter(
      ({ position }) => request.buckets === undefined || differing.has(parseInt(position.logId.slice(0, 2), 16)),
    );
    return ok({ logs: logs.map(({ position, kind }) => ({ ...position, kind })), nextBucket: undefined });
  },
  // Whoever it lets in is told of the same logs as with the next comparison.
  "sign-in": async ({ pass }) => {
    const answer = await pass();
    if (!answer.ok || answer.value.fresh === undefined) return answer;
    const shown = await shownLogs(server, view, answer.value.token);
    if (!shown.ok) return shown;
    const logs = shown.value.map(({ position, kind }) => ({ ...position, kind }));
    return ok({ ...answer.value, fresh: { ...answer.value.fresh, logs, nextBucket: undefined } });
  },
  pull: async ({ request, pass }) => {
    const logs: LogPulled[] = [];
    let left = request.bytesMax;
    for (const want of request.wants) {
      const log = await shownLog(server, view, token, want.logId);
      if (log === undefined) continue;
      const pulled = pullFrom(log, want, left, logs.length === 0);
      left -= pulled.entries.reduce((sum, { length }) => sum + length, 0);
      logs.push(pulled);
    }
    // Keys as they truly stand: lies about those have a name of their own.
    const passed = await pass();
    const isShown = ({ logId }: { readonly logId: LogId }): boolean => logs.some((log) => log.logId === logId);
    return ok({ logs, wraps: passed.ok ? passed.value.wraps.filter(isShown) : [] });
  },
  "list-hashes": async ({ request, pass }) => {
    const log = await shownLog(server, view, token, request.logId);
    if (log === undefined) return pass();
    return ok({ hashes: log.map(nameOf).slice(request.after, request.after + hashesPerPage), end: log.length });
  },
});

const hashesPerPage = 1000;

type Shown = { readonly position: LogPosition; readonly kind: LogKind };

const shownLogs = async (
  server: Carrier,
  view: View,
  token: Bytes | undefined,
): Promise<Result<readonly Shown[], WireError>> => {
  const compared = await ask(server, token, "compare", { buckets: undefined, fromBucket: 0 });
  if (!compared.ok) return compared;
  const shown: Shown[] = [];
  for (const { logId, kind } of compared.value.logs) {
    const entries = await shownLog(server, view, token, logId);
    if (entries === undefined || entries.length === 0) continue;
    shown.push({ kind, position: { logId, end: entries.length, digest: digestOf(entries, entries.length) } });
  }
  return ok(shown);
};

const shownLog = async (
  server: Carrier,
  view: View,
  token: Bytes | undefined,
  logId: LogId,
): Promise<readonly Bytes[] | undefined> => {
  const entries = await trueEntries(server, token, logId);
  if (entries === undefined) return undefined;
  return view({ logId, kind: kindOf(entries), entries, reader: readerOf(token) });
};

/** The whole log from the true server; nothing when it serves none to this reader. */
const trueEntries = async (
  server: Carrier,
  token: Bytes | undefined,
  logId: LogId,
): Promise<readonly Bytes[] | undefined> => {
  const entries: Bytes[] = [];
  for (;;) {
    const want = { logId, after: entries.length, digest: digestOf(entries, entries.length) };
    const pulled = await ask(server, token, "pull", { wants: [want], bytesMax: 1_000_000, withWraps: false });
    const log = pulled.ok ? pulled.value.logs[0] : undefined;
    if (log === undefined) return undefined;
    entries.push(...log.entries);
    if (entries.length >= log.end || log.entries.length === 0) return entries;
  }
};

const kindOf = ([first]: readonly Bytes[]): LogKind => {
  const parsed = first === undefined ? undefined : parseEntry(first);
  return parsed?.ok === true && parsed.value.kind === "entry" ? parsed.value.entry.header.logKind : "case";
};

const pullFrom = (log: readonly Bytes[], want: LogWant, bytesMax: number, isFirst: boolean): LogPulled => {
  const { logId, after } = want;
  const isSame = after <= log.length && toHex(digestOf(log, after)) === toHex(want.digest);
  const entries: Bytes[] = [];
  let left = bytesMax;
  for (const bytes of isSame ? log.slice(after) : []) {
    if (bytes.length > left && !(isFirst && entries.length === 0)) break;
    entries.push(bytes);
    left -= bytes.length;
  }
  return { logId, after, isSame, entries, end: log.length };
};

const digestOf = (entries: readonly Bytes[], end: number): Bytes =>
  entries.slice(0, end).reduce((digest, bytes) => nextDigest(digest, nameOf(bytes)), digestOfNone());

/** What it calls an entry: its hash, or for bytes that are none, any name of the right length. */
const nameOf = (bytes: Bytes): EntryHash => {
  const parsed = parseEntry(bytes);
  const name = parsed.ok ? parsed.value.entry.hash : entryHashOf(sha256(bytes));
  assert(name !== undefined, "SHA-256 gave something else than 32 bytes.");
  return name;
};
