/** Every message comes back as it was sent, and nothing but a message of its one form is read. */

import { encodeCbor, nestingMax, toHex, type Bytes, type LogId } from "@amana/log";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as limit from "./limits.ts";
import type { ControlAppend, FreshStart, RequestName, RequestOf, ResponseOf } from "./requests.ts";
import { bytesOfAll, chainOf, digestOf, hashFor, logIdFor, must } from "./testing/entries.ts";
import { bytesOf, requests, responses } from "./testing/messages.ts";
import { wire } from "./wire.ts";

const names = Object.keys(wire) as RequestName[];

type Way = {
  readonly name: RequestName;
  readonly way: "request" | "answer";
  readonly messages: fc.Arbitrary<unknown>;
  readonly encode: (message: never) => Bytes;
  readonly decode: (bytes: Bytes) => unknown;
  readonly bytesMax: number;
};

const ways: readonly Way[] = names.flatMap((name): readonly Way[] => {
  const row = wire[name];
  return [
    {
      name,
      way: "request",
      messages: requests[name],
      encode: row.encodeRequest,
      decode: row.decodeRequest,
      bytesMax: row.requestBytesMax,
    },
    {
      name,
      way: "answer",
      messages: responses[name],
      encode: row.encodeResponse,
      decode: row.decodeResponse,
      bytesMax: row.responseBytesMax,
    },
  ];
});

/** Each seed sees every message; more of each when run for long. */
const runs = { numRuns: 40 };

describe.each(ways)("$name, the $way", ({ messages, encode, decode, bytesMax }) => {
  const send = (message: unknown): Bytes => encode(message as never);

  it("property: comes back as it was sent", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const bytes = send(message);
        expect(bytes.length).toBeLessThanOrEqual(bytesMax);
        expect(decode(bytes)).toEqual(message);
      }),
      runs,
    );
  });

  it("property: is not understood when cut, extended or led in by anything", () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.nat(255), (message, place, byte) => {
        const bytes = send(message);
        expect(decode(bytes.slice(0, place % bytes.length))).toBeUndefined();
        expect(decode(new Uint8Array([...bytes, byte]))).toBeUndefined();
        expect(decode(new Uint8Array([byte, ...bytes]))).toBeUndefined();
      }),
      runs,
    );
  });

  it("property: changed in one byte it is another message or none", () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.integer({ min: 1, max: 255 }), (message, place, difference) => {
        const bytes = send(message);
        const changed = bytes.slice();
        changed[place % bytes.length] = must(bytes[place % bytes.length]) ^ difference;
        const read = decode(changed);
        if (read !== undefined) expect(read).not.toEqual(message);
      }),
      runs,
    );
  });

  it("property: is not understood with a field less, a field more, or fields in another order", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const bytes = send(message);
        const count = must(bytes[0]) - 0x80;
        const fields = fieldsIn(bytes);
        expect(decode(new Uint8Array([0x80 + count + 1, ...bytes.slice(1), 0xf6]))).toBeUndefined();
        if (count > 0) expect(decode(joined(fields.slice(0, -1)))).toBeUndefined();
        const turned = [...fields].reverse();
        if (toHex(joined(turned)) === toHex(bytes)) return;
        const read = decode(joined(turned));
        if (read !== undefined) expect(read).not.toEqual(message);
      }),
      runs,
    );
  });

  it("property: random bytes neither crash nor stall", () => {
    fc.assert(
      fc.property(bytesOf(0, 200), (bytes) => {
        const read = decode(bytes);
        if (read !== undefined) expect(toHex(send(read))).toBe(toHex(bytes));
      }),
      runs,
    );
  });

  it("is refused by its length before it is read", () => {
    expect(decode(new Uint8Array(bytesMax + 1))).toBeUndefined();
  });

  it("refuses arrays nested deeper than a body may be", () => {
    const deep = new Uint8Array([...new Array<number>(nestingMax + 4).fill(0x81), 0x80]);
    expect(decode(deep)).toBeUndefined();
    expect(decode(new Uint8Array(4000).fill(0x81))).toBeUndefined();
  });
});

/** The items of an array, each with its bytes. */
const fieldsIn = (bytes: Bytes): readonly Bytes[] => {
  const fields: Bytes[] = [];
  for (let at = 1; at < bytes.length;) {
    const end = endOfItem(bytes, at);
    fields.push(bytes.slice(at, end));
    at = end;
  }
  return fields;
};

const endOfItem = (bytes: Bytes, at: number): number => {
  const major = must(bytes[at]) >> 5;
  const short = must(bytes[at]) & 31;
  const size = short < 24 ? 0 : 2 ** (short - 24);
  const number = short < 24 ? short : Number(`0x${toHex(bytes.slice(at + 1, at + 1 + size))}`);
  const after = at + 1 + size;
  if (major === 2 || major === 3) return after + number;
  const items = major === 4 ? number : 0;
  let end = after;
  for (let item = 0; item < items; item++) end = endOfItem(bytes, end);
  return end;
};

const joined = (fields: readonly Bytes[]): Bytes =>
  new Uint8Array([0x80 + fields.length, ...fields.flatMap((field) => [...field])]);

describe("the table of the wire", () => {
  it("asks for a sign-in of everyone but those who found, answer an invitation, sign in, or cannot until a change is given back", () => {
    const forAnyone = names.filter((name) => !wire[name].needsSignIn);
    expect(forAnyone).toEqual(["begin-sign-in", "sign-in", "found", "answer-invitation", "repeat-password-change"]);
  });

  it("keeps every message within the limits of the wire", () => {
    for (const name of names) {
      expect(wire[name].requestBytesMax).toBeLessThanOrEqual(limit.requestBytesMax);
      expect(wire[name].responseBytesMax).toBeLessThanOrEqual(limit.responseBytesMax);
    }
  });
});

const logs = (count: number): readonly LogId[] => Array.from({ length: count }, (_, place) => logIdFor(`${place}`));
const wantsOf = (count: number): RequestOf<"pull">["wants"] =>
  logs(count).map((logId) => ({ logId, after: 100_000, digest: digestOf("held") }));
const append: ControlAppend = {
  logId: logIdFor("case"),
  kind: "case",
  after: undefined,
  entry: new Uint8Array(500),
  wraps: [],
  serving: undefined,
  organisation: undefined,
};
const filled = (count: number, length: number): readonly Bytes[] =>
  Array.from({ length: count }, () => new Uint8Array(length));
const sealedWrap = new Uint8Array(1362);
const key = hashFor("key") as unknown as NonNullable<ControlAppend["serving"]>["keys"][number];

describe("limits at their edges", () => {
  it("a pull names so many logs, none twice, and the server can answer for all of them", () => {
    const request = { wants: wantsOf(limit.logsPerPullMax), bytesMax: limit.pullBytesMax, withWraps: true };
    expect(wire.pull.decodeRequest(wire.pull.encodeRequest(request))).toEqual(request);
    expect(() => wire.pull.encodeRequest({ ...request, wants: wantsOf(limit.logsPerPullMax + 1) })).toThrow();
    expect(() => wire.pull.encodeRequest({ ...request, bytesMax: limit.pullBytesMax + 1 })).toThrow();
    const twice = [...wantsOf(1), ...wantsOf(1)];
    expect(() => wire.pull.encodeRequest({ ...request, wants: twice })).toThrow();
    const one = wire.pull.encodeRequest({ wants: wantsOf(1), bytesMax: 1, withWraps: false });
    const same = one.slice(3, -2);
    expect(wire.pull.decodeRequest(new Uint8Array([0x83, 0x82, ...same, ...same, 1, 0xf4]))).toBeUndefined();
    expect(wire.pull.decodeRequest(new Uint8Array([0x83, 0x81, ...one.slice(2)]))).toBeDefined();
  });

  it("a want without a position says no digest, and one with a position does", () => {
    const wants = [{ ...must(wantsOf(1)[0]), after: 0 }];
    const begun = wire.pull.encodeRequest({ wants, bytesMax: 1, withWraps: false });
    expect(begun.slice(-4)).toEqual(new Uint8Array([0, 0xf6, 1, 0xf4]));
    const further = begun.slice();
    further[further.length - 4] = 1;
    expect(wire.pull.decodeRequest(begun)).toBeDefined();
    expect(wire.pull.decodeRequest(further)).toBeUndefined();
  });

  const big = new Uint8Array(57_344).fill(9);

  it("a push holds so many bytes and entries of all its logs together", () => {
    const four = { logs: logs(2).map((logId) => ({ logId, entries: [big, big] })) };
    expect(4 * big.length).toBe(limit.pushBytesMax);
    expect(wire.push.decodeRequest(wire.push.encodeRequest(four))).toEqual(four);
    const oneMore = { logs: [...four.logs, { logId: logIdFor("more"), entries: [new Uint8Array(1)] }] };
    expect(() => wire.push.encodeRequest(oneMore)).toThrow();
    const small = (count: number): readonly Bytes[] => Array.from({ length: count }, () => new Uint8Array(1));
    const many = { logs: logs(2).map((logId) => ({ logId, entries: small(limit.entriesPerPushMax / 2) })) };
    expect(wire.push.decodeRequest(wire.push.encodeRequest(many))).toEqual(many);
    const tooMany = [...many.logs, { logId: logIdFor("more"), entries: small(1) }];
    expect(() => wire.push.encodeRequest({ logs: tooMany })).toThrow();
    const tooManyLogs = logs(limit.logsPerPushMax + 1).map((logId) => ({ logId, entries: [] }));
    expect(() => wire.push.encodeRequest({ logs: tooManyLogs })).toThrow();
  });

  it("a push that becomes more than it may hold is not understood, however short it is", () => {
    // Each item is short; the entry it becomes names many parents.
    const parents = Array.from({ length: 16 }, (_, place) => place % 2);
    const item = [0xa4, 0, 0, 16, ...parents.map(() => 0), ...new Array<number>(32 + 3 + 64).fill(0)];
    const first = [0xa0, 0, 0, ...new Array<number>(32 + 16 + 32 + 3 + 64).fill(0)];
    const runOf = (count: number): Bytes =>
      new Uint8Array([...first, ...Array.from({ length: count }, () => item).flat()]);
    const messageOf = (run: Bytes): Bytes =>
      new Uint8Array([
        0x81,
        0x81,
        0x82,
        0x50,
        ...new Array<number>(16).fill(5),
        0x59,
        run.length >> 8,
        run.length & 255,
        ...run,
      ]);
    const read = wire.push.decodeRequest(messageOf(runOf(200)));
    const grown = must(read?.logs[0]).entries.reduce((sum, { length }) => sum + length, 0);
    expect(grown).toBeLessThanOrEqual(limit.pushBytesMax);
    expect(grown).toBeGreaterThan(4 * runOf(200).length);
    expect(wire.push.decodeRequest(messageOf(runOf(400)))).toBeUndefined();
  });

  it("a push is not understood when a log of it is named twice, is no array, or has no run", () => {
    const log = [0x82, 0x50, ...new Array<number>(16).fill(5), 0x40];
    const read = (...body: readonly number[]): unknown => wire.push.decodeRequest(new Uint8Array([0x81, ...body]));
    expect(read(0x81, ...log)).toEqual({ logs: [{ logId: "05".repeat(16), entries: [] }] });
    expect(read(0x82, ...log, ...log)).toBeUndefined();
    expect(read(0x81, 0xf6)).toBeUndefined();
    expect(read(0x81, ...log.slice(0, -1), 0xf6)).toBeUndefined();
    expect(read(0x81, ...log.slice(0, -1), 0x41, 1)).toBeUndefined();
    expect(read(0x81, 0x83, ...log.slice(1), 0xf6)).toBeUndefined();
    expect(read(0xf6)).toBeUndefined();
  });

  it("an answer to a pull is as long as all it may hold, and says what it could not", () => {
    const entries = Array.from({ length: 16 }, () => new Uint8Array(65_536).fill(9));
    const [first, ...others] = logs(limit.logsPerPullMax);
    const rest = others.map((logId) => ({ logId, after: 99_999, isSame: true, entries: [], end: 100_000 }));
    const logId = must(first);
    const most = {
      logId,
      wraps: filled(Math.floor(limit.pullWrapsBytesMax / (sealedWrap.length + 3)), sealedWrap.length),
    };
    const full = { logs: [{ logId, after: 0, isSame: true, entries, end: 17 }, ...rest], wraps: [most] };
    expect(wire.pull.decodeResponse(wire.pull.encodeResponse(full))).toEqual(full);
    const short = { ...must(full.logs[0]), end: 15 };
    expect(() => wire.pull.encodeResponse({ logs: [short], wraps: [] })).toThrow();
    const contradicted = { ...must(full.logs[0]), isSame: false };
    expect(() => wire.pull.encodeResponse({ logs: [contradicted], wraps: [] })).toThrow();
  });

  it("an answer to a push of every log and entry fits", () => {
    const results = logs(limit.logsPerPushMax).map((logId) => ({ logId, results: ["stored"] as const }));
    expect(wire.push.decodeResponse(wire.push.encodeResponse({ logs: results }))).toEqual({ logs: results });
    const unknown = wire.push.encodeResponse({ logs: results.slice(0, 1) });
    unknown[unknown.length - 1] = 6;
    expect(wire.push.decodeResponse(unknown)).toBeUndefined();
  });

  it("a control entry brings so many wraps at once", () => {
    const wraps = Array.from({ length: limit.wrapsPerAppendMax }, () => sealedWrap);
    const serving = { keys: Array.from({ length: limit.keysPerListMax }, () => key) };
    const full = { ...append, wraps, serving };
    const row = wire["append-control"];
    expect(row.decodeRequest(row.encodeRequest(full))).toEqual(full);
    expect(() => row.encodeRequest({ ...full, wraps: [...wraps, sealedWrap] })).toThrow();
    expect(() => row.encodeRequest({ ...full, serving: { keys: [...serving.keys, key] } })).toThrow();
    const longest = Array.from({ length: limit.wrapsPerAppendMax }, () => new Uint8Array(limit.wrapBytesMax));
    expect(() => row.encodeRequest({ ...full, wraps: longest })).toThrow();
  });

  it("a message that passes a limit is not understood, whoever wrote it", () => {
    const row = wire["append-control"];
    const fields = (wraps: number): Bytes =>
      encodeCbor([new Uint8Array(16), 2, null, new Uint8Array(500), filled(wraps, limit.wrapBytesMax), null, null]);
    expect(row.decodeRequest(fields(127))).toBeDefined();
    expect(fields(128).length).toBeGreaterThan(row.requestBytesMax);
    expect(row.decodeRequest(fields(128))).toBeUndefined();
    const asked = (count: number): Bytes =>
      encodeCbor([Array.from({ length: count }, (_, place) => new Uint8Array(16).fill(place))]);
    expect(wire["read-wraps"].decodeRequest(asked(limit.logsPerReadWrapsMax))?.logs).toHaveLength(64);
    expect(wire["read-wraps"].decodeRequest(asked(limit.logsPerReadWrapsMax + 1))).toBeUndefined();
    const pushed = (count: number): Bytes =>
      encodeCbor([Array.from({ length: count }, (_, place) => [digestOf(`${place}`).slice(0, 16), new Uint8Array()])]);
    expect(wire.push.decodeRequest(pushed(limit.logsPerPushMax))?.logs).toHaveLength(512);
    expect(wire.push.decodeRequest(pushed(limit.logsPerPushMax + 1))).toBeUndefined();
  });

  it("a page of a comparison holds the logs of one bucket above its own limit", () => {
    const count = limit.logsPerCompareMax + limit.logsPerBucketMax;
    const ids = Array.from({ length: count + 1 }, (_, place) => place.toString(16).padStart(32, "0") as LogId);
    const page = (length: number): ResponseOf<"compare"> => ({
      logs: ids.slice(0, length).map((logId) => ({ logId, end: 100_000, digest: digestOf("digest"), kind: "case" })),
      nextBucket: undefined,
    });
    expect(wire.compare.decodeResponse(wire.compare.encodeResponse(page(count)))?.logs).toHaveLength(count);
    expect(() => wire.compare.encodeResponse(page(count + 1))).toThrow();
    const turned = { ...page(2), logs: [...page(2).logs].reverse() };
    expect(() => wire.compare.encodeResponse(turned)).toThrow();
  });

  it("hashes travel joined, and a part of one is no hash", () => {
    const hashes = Array.from({ length: limit.hashesPerPageMax }, () => hashFor("entry"));
    const row = wire["list-hashes"];
    expect(row.decodeResponse(row.encodeResponse({ hashes, end: 100_000 }))?.hashes).toEqual(hashes);
    expect(() => row.encodeResponse({ hashes: [...hashes, hashFor("more")], end: 1 })).toThrow();
    const one = row.encodeResponse({ hashes: [hashFor("entry")], end: 1 });
    const cut = new Uint8Array([0x82, 0x58, 31, ...one.slice(4)]);
    expect(row.decodeResponse(new Uint8Array([0x82, 0x58, 32, ...one.slice(3)]))).toBeDefined();
    expect(row.decodeResponse(cut)).toBeUndefined();
    expect(row.decodeResponse(new Uint8Array([0x82, 0, 0]))).toBeUndefined();
  });

  it("wraps of one log, answers and devices fit as many as there may be", () => {
    const perLog = Array.from({ length: limit.wrapsPerLogMax }, () => new Uint8Array(limit.wrapBytesMax));
    const wraps = { logs: [{ logId: logIdFor("case"), wraps: perLog }] };
    expect(limit.wrapsPerLogMax * limit.wrapBytesMax).toBe(limit.readWrapsBytesMax);
    expect(wire["read-wraps"].decodeResponse(wire["read-wraps"].encodeResponse(wraps))).toEqual(wraps);
    const answer = { invitation: new Uint8Array(16), answer: new Uint8Array(limit.answerBytesMax) };
    const answers = { answers: Array.from({ length: limit.answersPerReadMax }, () => answer) };
    expect(wire["read-answers"].decodeResponse(wire["read-answers"].encodeResponse(answers))).toEqual(answers);
    const twice = [logIdFor("case"), logIdFor("case")];
    expect(() => wire["read-wraps"].encodeRequest({ logs: twice })).toThrow();
  });

  it("an address of a push service is visible text", () => {
    const row = wire["set-wake-up"];
    const subscription = { endpoint: "", publicKey: new Uint8Array(65), authentication: new Uint8Array(16) };
    for (const endpoint of ["", "https://push.example/a b", "https://push.example/é", "x".repeat(1025)])
      expect(() => row.encodeRequest({ subscription: { ...subscription, endpoint } })).toThrow();
    const longest = { subscription: { ...subscription, endpoint: "x".repeat(1024) } };
    expect(row.decodeRequest(row.encodeRequest(longest))).toEqual(longest);
  });

  it("an account id that is not of its form is never sent", () => {
    for (const account of ["", "ab", "g".repeat(32), "A".repeat(32)])
      expect(() => wire["begin-sign-in"].encodeRequest({ account })).toThrow();
  });
});

describe("whether a response speaks of what was asked", () => {
  const [one, two, three] = logs(3) as [LogId, LogId, LogId];
  const entries = bytesOfAll(chainOf(2));

  it("a push is answered entry by entry, and a log left out is not there", () => {
    const asked = { logs: [one, two].map((logId) => ({ logId, entries })) };
    const answered = (...ids: readonly LogId[]): ResponseOf<"push"> => ({
      logs: ids.map((logId) => ({ logId, results: ["stored", "known"] })),
    });
    const { isAnswer } = wire.push;
    expect(isAnswer(asked, answered(one, two))).toBe(true);
    expect(isAnswer(asked, answered(two))).toBe(true);
    expect(isAnswer(asked, answered())).toBe(true);
    expect(isAnswer(asked, answered(two, one))).toBe(false);
    expect(isAnswer(asked, answered(three))).toBe(false);
    expect(isAnswer(asked, { logs: [{ logId: one, results: ["stored"] }] })).toBe(false);
    expect(isAnswer(asked, { logs: [{ logId: one, results: ["stored", "stored", "stored"] }] })).toBe(false);
  });

  it("a pull is answered from the position that was asked for", () => {
    const asked = { wants: [{ logId: one, after: 4, digest: digestOf("held") }], bytesMax: 1, withWraps: false };
    const from = (after: number): ResponseOf<"pull"> => ({
      logs: [{ logId: one, after, isSame: true, entries, end: 9 }],
      wraps: [],
    });
    expect(wire.pull.isAnswer(asked, from(4))).toBe(true);
    expect(wire.pull.isAnswer(asked, from(5))).toBe(false);
  });

  it("a pull is answered with wraps where they were asked for, and of logs that came alone", () => {
    const asked = { wants: [{ logId: one, after: 4, digest: digestOf("held") }], bytesMax: 1, withWraps: true };
    const answerOf = (logId: LogId): ResponseOf<"pull"> => ({
      logs: [{ logId: one, after: 4, isSame: true, entries, end: 9 }],
      wraps: [{ logId, wraps: [sealedWrap] }],
    });
    expect(wire.pull.isAnswer(asked, answerOf(one))).toBe(true);
    expect(wire.pull.isAnswer(asked, answerOf(two))).toBe(false);
    expect(wire.pull.isAnswer({ ...asked, withWraps: false }, answerOf(one))).toBe(false);
  });

  it("a sign-in is answered with what a fresh device begins with exactly where it was asked for", () => {
    const { isAnswer } = wire["sign-in"];
    const asked = (isFresh: boolean): RequestOf<"sign-in"> => ({
      account: "0a".repeat(16),
      challenge: new Uint8Array(32),
      signature: new Uint8Array(64),
      device: one as unknown as RequestOf<"sign-in">["device"],
      isFresh,
    });
    const fresh = (nextBucket: number | undefined): FreshStart => ({
      generation: 1,
      vault: new Uint8Array(1),
      logs: [],
      nextBucket,
    });
    const answered = (begins: FreshStart | undefined): ResponseOf<"sign-in"> => ({
      token: new Uint8Array(32),
      expiresAt: 0 as ResponseOf<"sign-in">["expiresAt"],
      fresh: begins,
    });
    expect(isAnswer(asked(true), answered(fresh(undefined)))).toBe(true);
    expect(isAnswer(asked(true), answered(fresh(0)))).toBe(false);
    expect(isAnswer(asked(true), answered(undefined))).toBe(false);
    expect(isAnswer(asked(false), answered(fresh(undefined)))).toBe(false);
    expect(isAnswer(asked(false), answered(undefined))).toBe(true);
  });

  it("a comparison stays within the buckets that it answers for, and goes on", () => {
    const inBucket = (bucket: number): ResponseOf<"compare">["logs"] => {
      const logId = (bucket.toString(16).padStart(2, "0") + "0".repeat(30)) as LogId;
      return [{ logId, end: 1, digest: digestOf("digest"), kind: "case" }];
    };
    const asked = { buckets: undefined, fromBucket: 5 };
    const { isAnswer } = wire.compare;
    expect(isAnswer(asked, { logs: inBucket(5), nextBucket: 6 })).toBe(true);
    expect(isAnswer(asked, { logs: inBucket(255), nextBucket: undefined })).toBe(true);
    expect(isAnswer(asked, { logs: inBucket(4), nextBucket: undefined })).toBe(false);
    expect(isAnswer(asked, { logs: inBucket(6), nextBucket: 6 })).toBe(false);
    expect(isAnswer(asked, { logs: [], nextBucket: 5 })).toBe(false);
  });

  it("hashes, wraps and pages of a recovery stay within what was asked", () => {
    const hashes = [hashFor("one"), hashFor("two")];
    const asked = { logId: one, after: 3 };
    expect(wire["list-hashes"].isAnswer(asked, { hashes, end: 5 })).toBe(true);
    expect(wire["list-hashes"].isAnswer(asked, { hashes, end: 4 })).toBe(false);
    expect(wire["list-hashes"].isAnswer(asked, { hashes: [], end: 0 })).toBe(true);
    const wrapsOf = (logId: LogId): ResponseOf<"read-wraps"> => ({ logs: [{ logId, wraps: [] }] });
    expect(wire["read-wraps"].isAnswer({ logs: [one] }, wrapsOf(one))).toBe(true);
    expect(wire["read-wraps"].isAnswer({ logs: [one] }, wrapsOf(two))).toBe(false);
    const recovery = { recovery: new Uint8Array(16), after: 7 };
    expect(wire["read-recovery-wraps"].isAnswer(recovery, { wraps: [], next: 8 })).toBe(true);
    expect(wire["read-recovery-wraps"].isAnswer(recovery, { wraps: [], next: 7 })).toBe(false);
    expect(wire["read-recovery-wraps"].isAnswer(recovery, { wraps: [], next: undefined })).toBe(true);
    expect(wire["read-vault"].isAnswer({}, { generation: 1, vault: new Uint8Array(1) })).toBe(true);
  });
});
