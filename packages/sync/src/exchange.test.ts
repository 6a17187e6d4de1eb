/** Positions, buckets, plans, the typed call, refusals and the token: what one exchange is made of. */

import { err, ok } from "@amana/kernel";
import { concat, encodeCbor, label, sha256, toHex, type Bytes, type LogId } from "@amana/log";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { call, type Transport } from "./call.ts";
import * as limit from "./limits.ts";
import { planPull, planPush, pushLimits, type EntryToPush } from "./plan.ts";
import { bucketDigests, bucketOf, differingBuckets, digestOfNone, nextDigest } from "./position.ts";
import { decodeRefusal, encodeRefusal, refusalStatus } from "./refusal.ts";
import type { LogPosition, WireRefusal } from "./requests.ts";
import { digestOf, hashFor, logIdFor, must } from "./testing/entries.ts";
import { bytesOf, logId } from "./testing/messages.ts";
import { wireExample } from "./testing/worked-example.ts";
import { authorizationOf, tokenIn } from "./token-text.ts";
import { wire } from "./wire.ts";

const positions: fc.Arbitrary<readonly LogPosition[]> = fc.uniqueArray(
  fc.record({ logId, end: fc.integer({ min: 1, max: 100_000 }), digest: bytesOf(32) }),
  { maxLength: 20, selector: (position) => position.logId },
);

describe("where a log stands", () => {
  it("is a digest over the hashes in their order", () => {
    const [one, two] = [hashFor("one"), hashFor("two")];
    const bytes = digestOf("hash one");
    expect(nextDigest(digestOfNone(), one)).toEqual(
      sha256(concat(label("position-digest"), new Uint8Array(32), bytes)),
    );
    const forth = nextDigest(nextDigest(digestOfNone(), one), two);
    const back = nextDigest(nextDigest(digestOfNone(), two), one);
    expect(toHex(forth)).not.toBe(toHex(back));
  });

  it("property: all logs together have the same digests in whatever order they are named", () => {
    fc.assert(
      fc.property(positions, (held) => {
        expect(bucketDigests([...held].reverse())).toEqual(bucketDigests(held));
        expect(differingBuckets(bucketDigests(held), bucketDigests(held))).toEqual([]);
      }),
    );
  });

  it("property: a log that is further, other or missing there makes exactly its bucket differ", () => {
    fc.assert(
      fc.property(positions, fc.nat(), fc.integer({ min: 0, max: 2 }), (held, place, how) => {
        const changed = held[place % Math.max(held.length, 1)];
        if (changed === undefined) return;
        const instead = [{ ...changed, end: changed.end + 1 }, { ...changed, digest: digestOf("other") }, undefined][
          how
        ];
        const others = held.filter((position) => position !== changed);
        const there = bucketDigests(instead === undefined ? others : [...others, instead]);
        expect(differingBuckets(bucketDigests(held), there)).toEqual([bucketOf(changed.logId)]);
      }),
    );
  });

  it("is nowhere while a log has no entries", () => {
    const empty = { logId: logIdFor("case"), end: 0, digest: digestOfNone() };
    expect(bucketDigests([empty])).toEqual(bucketDigests([]));
    expect(toHex(bucketDigests([]).subarray(0, 8))).toBe(toHex(sha256(label("bucket-digest"))).slice(0, 16));
  });

  it("is compared over all buckets or not at all", () => {
    expect(() => differingBuckets(new Uint8Array(8), bucketDigests([]))).toThrow();
  });
});

const toPush: fc.Arbitrary<readonly EntryToPush[]> = fc.array(
  fc.record({
    logId: fc.constantFrom("one", "two", "three").map(logIdFor),
    bytes: fc.integer({ min: 1, max: 4000 }).map((length) => new Uint8Array(length)),
  }),
  { maxLength: 40 },
);

describe("a plan", () => {
  it("property: pushes every entry once, each log in its order, the first of all first, within the limits", () => {
    fc.assert(
      fc.property(
        toPush,
        fc.integer({ min: 1, max: 9000 }),
        fc.integer({ min: 1, max: 9 }),
        (entries, bytesMax, entriesMax) => {
          const requests = planPush(entries, { bytesMax, entriesMax });
          const sent = requests.flatMap((request) => request.logs);
          for (const name of ["one", "two", "three"].map(logIdFor)) {
            const ofLog = entries.filter((entry) => entry.logId === name).map((entry) => entry.bytes);
            expect(sent.filter((log) => log.logId === name).flatMap((log) => log.entries)).toEqual(ofLog);
          }
          let before = 0;
          for (const { logs } of requests) {
            const all = logs.flatMap((log) => log.entries);
            const planned = entries.slice(before, before + all.length).map(({ bytes }) => bytes);
            expect(new Set(all)).toEqual(new Set(planned));
            expect(all.length <= entriesMax).toBe(true);
            expect(all.length === 1 || all.reduce((sum, { length }) => sum + length, 0) <= bytesMax).toBe(true);
            before += all.length;
          }
          expect(before).toBe(entries.length);
        },
      ),
    );
  });

  it("hands on the names of a log's entries where all of them are known", () => {
    const [known, other] = [logIdFor("known"), logIdFor("other")];
    const entry = (logId: LogId, name?: Bytes): EntryToPush => ({
      logId,
      bytes: new Uint8Array(400),
      ...(name && { name }),
    });
    const [one, two] = [digestOf("one"), digestOf("two")];
    const [request] = planPush([entry(known, one), entry(other, two), entry(known, two), entry(other)]);
    expect(must(request).logs.map(({ names }) => names)).toEqual([[one, two], undefined]);
  });

  it("makes requests that the wire carries, however small the entries and however many the logs", () => {
    const many = Array.from({ length: 1100 }, (_, place) => ({
      logId: logIdFor(`${place}`),
      bytes: new Uint8Array(400),
    }));
    const requests = planPush(many);
    expect(requests.map(({ logs }) => logs.length)).toEqual([512, 512, 76]);
    for (const request of requests) expect(wire.push.decodeRequest(wire.push.encodeRequest(request))).toEqual(request);
    expect(planPush([])).toEqual([]);
    expect(() => planPush(many, { ...pushLimits, bytesMax: limit.pushBytesMax + 1 })).toThrow();
    expect(() => planPush(many, { ...pushLimits, entriesMax: limit.entriesPerPushMax + 1 })).toThrow();
  });

  it("names as many logs in one pull as it may, in their order", () => {
    const wants = Array.from({ length: 1025 }, (_, place) => ({
      logId: logIdFor(`${place}`),
      after: 0,
      digest: digestOfNone(),
    }));
    const parts = planPull(wants);
    expect(parts.map((part) => part.length)).toEqual([512, 512, 1]);
    expect(parts.flat()).toEqual(wants);
    expect(planPull([])).toEqual([]);
  });
});

const transportThat = (answer: (body: Bytes) => ReturnType<Transport["call"]>): Transport => ({
  call: (_name, _token, body) => answer(body),
});

describe("a call", () => {
  const token = new Uint8Array(32).fill(3);
  const logIdAsked = logIdFor("case");
  const request = { logId: logIdAsked, after: 2 };
  const response = { hashes: [hashFor("one")], end: 3 };

  it("sends what was asked, once, and gives back what came", async () => {
    const sent: unknown[] = [];
    const transport: Transport = {
      call: (name, given, body) => {
        sent.push([name, given, wire["list-hashes"].decodeRequest(body)]);
        return Promise.resolve(ok(wire["list-hashes"].encodeResponse(response)));
      },
    };
    expect(await call(transport, "list-hashes", token, request)).toEqual(ok(response));
    expect(sent).toEqual([["list-hashes", token, request]]);
  });

  it("hands on a refusal and a broken line as they are", async () => {
    const refused = err({ type: "Refused", code: "NotNow", afterSeconds: 9 } as const);
    expect(
      await call(
        transportThat(() => Promise.resolve(refused)),
        "list-hashes",
        token,
        request,
      ),
    ).toEqual(refused);
  });

  it.each<[string, Bytes]>([
    ["nothing", new Uint8Array()],
    ["half of an answer", wire["list-hashes"].encodeResponse(response).slice(0, 20)],
    ["an answer to another request", wire["read-vault"].encodeResponse({ generation: 1, vault: new Uint8Array(9) })],
    ["an answer about something else", wire["list-hashes"].encodeResponse({ ...response, end: 2 })],
  ])("takes %s for no answer", async (_, bytes) => {
    const transport = transportThat(() => Promise.resolve(ok(bytes)));
    expect(await call(transport, "list-hashes", token, request)).toEqual(err({ type: "Unreachable" }));
  });
});

describe("a refusal", () => {
  const codes = Object.keys(refusalStatus) as WireRefusal[];

  it("property: comes back with its code and when to ask again", () => {
    const seconds = fc.option(fc.integer({ min: 0, max: limit.afterSecondsMax }), { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom(...codes), seconds, (code, afterSeconds) => {
        expect(decodeRefusal(encodeRefusal({ code, afterSeconds }))).toEqual({ type: "Refused", code, afterSeconds });
      }),
    );
  });

  it("has a status of its own, none of which means success", () => {
    expect(new Set(Object.values(refusalStatus)).size).toBe(codes.length);
    expect(Object.values(refusalStatus).every((status) => status >= 400 && status < 600)).toBe(true);
  });

  it.each<[string, Bytes]>([
    ["a code of nobody", encodeCbor(["NotToday", null])],
    ["a name that every object has", encodeCbor(["toString", null])],
    ["a code that is no text", encodeCbor([1, null])],
    ["a time that is no time", encodeCbor(["NotNow", "soon"])],
    ["a time before now", encodeCbor(["NotNow", -1])],
    ["a time beyond a week", encodeCbor(["NotNow", limit.afterSecondsMax + 1])],
    ["one field", encodeCbor(["NotNow"])],
    ["a third field", encodeCbor(["NotNow", null, null])],
    ["no array", encodeCbor("NotNow")],
    ["no canonical form", new Uint8Array([0x82, 0x66, ...must(encodeCbor("NotNow")).slice(1), 0x18, 1])],
    ["too much", new Uint8Array(limit.refusalBytesMax + 1)],
  ])("is not one with %s", (_, bytes) => {
    expect(decodeRefusal(bytes)).toBeUndefined();
  });
});

describe("the token of a sign-in", () => {
  it("property: is read back from its text, which is base64url without padding", () => {
    fc.assert(
      fc.property(bytesOf(32), (token) => {
        const text = authorizationOf(token);
        expect(text).toBe(`Bearer ${Buffer.from(token).toString("base64url")}`);
        expect(tokenIn(text)).toEqual(token);
      }),
    );
  });

  it("is nothing in any other text", () => {
    const text = authorizationOf(new Uint8Array(32).fill(255));
    const others = ["", "Bearer ", `${text}=`, text.slice(0, -1), text.replace("Bearer", "bearer"), text.slice(7)];
    for (const other of others) expect(tokenIn(other)).toBeUndefined();
    // The last digit holds two bits more than the token has.
    expect(tokenIn(`${text.slice(0, -1)}9`)).toBeUndefined();
    expect(tokenIn(text.replace("_", "/"))).toBeUndefined();
    expect(() => authorizationOf(new Uint8Array(31))).toThrow();
  });
});

const page = readFileSync(join(import.meta.dirname, "../../../docs/formats/wire.md"), "utf8");

const between = (name: string, end = `/${name}`): string =>
  page.slice(page.indexOf(`<!-- ${name} -->`), page.indexOf(`<!-- ${end} -->`));

describe("the page of the wire", () => {
  it("shows the bytes that the code makes", () => {
    expect(between("example:wire", "/example")).toContain(`\n${wireExample()}\n`);
  });

  it("names every limit that it lists with the value of the code", () => {
    const rows = [...between("limits").matchAll(/^\|.*\| ([\d,]+)[^|]*\| `(\w+)` \|$/gm)];
    const listed = rows.map(([, value, name]) => [name, Number(must(value).replaceAll(",", ""))]);
    const known: Readonly<Record<string, number>> = { ...limit };
    expect(listed.length).toBeGreaterThan(20);
    expect(listed).toEqual(listed.map(([name]) => [name, known[String(name)]]));
  });

  it("lists every refusal with its status", () => {
    const rows = [...between("refusals").matchAll(/^\| `(\w+)` \| (\d+) \|/gm)];
    expect(Object.fromEntries(rows.map(([, code, status]) => [code, Number(status)]))).toEqual(refusalStatus);
  });

  it("lists every request with its limits and whether anyone may make it", () => {
    const section = page.slice(page.indexOf("## 5."), page.indexOf("## 6."));
    const listed = [...section.matchAll(/^\| `([a-z-]+)`(, anyone)?(?:; ([–\d,]+?)(?:, ([\d,]+))?)? \|/gm)];
    const numberIn = (text: string | undefined): number =>
      text === undefined || text === "–" ? 4096 : Number(text.replaceAll(",", ""));
    const said = listed.map(([, name, anyone, request, response]) => [
      name,
      { isForAnyone: anyone !== undefined, requestBytesMax: numberIn(request), responseBytesMax: numberIn(response) },
    ]);
    const known = Object.entries(wire).map(([name, row]) => [
      name,
      { isForAnyone: !row.needsSignIn, requestBytesMax: row.requestBytesMax, responseBytesMax: row.responseBytesMax },
    ]);
    expect(said).toEqual(known);
  });
});
