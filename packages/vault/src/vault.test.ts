/** Sealing and opening, bodies, boxes, wraps and secrets: what opens, what is refused, and what each refusal says. */

import { err, isInstant, ok } from "@amana/kernel";
import {
  bodyBytesMax,
  concat,
  decodeCbor,
  encodeCbor,
  encodeEntry,
  fromAscii,
  fromHex,
  idBytes,
  isPaddedLength,
  labelNumbers,
  parseEntry,
  sha256,
  toHex,
  type Bytes,
  type CborValue,
} from "@amana/log";
import fc from "fast-check";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { pack, unpack } from "./body.ts";
import {
  clearSecret,
  commitTo,
  conceal,
  decodeBody,
  encodeBody,
  encodeWrap,
  enrolIdentityPublic,
  enrolReceivingPublic,
  entryKeyOf,
  exposeSecret,
  makeCaseKey,
  makeIdentityKey,
  makeReceivingKey,
  open,
  openBox,
  parseWrap,
  platformDeflate,
  seal,
  sealBox,
  unwrap,
  verifyEntry,
  wrap,
  type Body,
  type Wrap,
} from "./index.ts";
import { hpkeSeal } from "./hazmat/x-wing.ts";
import * as ofBrowsers from "./deflate.ts";
import { signFor } from "./identity.ts";
import * as ofNode from "./node/deflate.ts";
import { openAlone } from "./seal.ts";
import {
  beginEpoch,
  logIdFor,
  makeLog,
  makeWorld,
  must,
  noted,
  seededRandomness,
  tenOClock,
  type World,
} from "./testing/world.ts";

const randomness = seededRandomness("vault.test");
const ports = { randomness, deflate: platformDeflate };
const bodyWith = (data: CborValue): Body => ({
  recordedAt: tenOClock,
  events: [{ type: "NoteWritten", version: 1, data }],
});

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

describe("an entry", () => {
  const aCase = async () => {
    const log = world.openCase("sealed");
    await beginEpoch(log, world.nour, [world.nour, world.azad]);
    const entry = await log.write(world.nour, noted("ئەمڕۆ"));
    const caseKey = must([...log.keys.values()][0]);
    return { log, entry, caseKey };
  };

  it("opens for whoever holds its case key, and is verified by its author's public key", async () => {
    const { entry, caseKey } = await aCase();
    const parsed = parseEntry(encodeEntry(entry));
    expect(parsed).toEqual(ok({ kind: "entry", entry }));
    expect(await verifyEntry(entry, world.nour.identityKey)).toBe(true);
    expect(await open(entry, caseKey, platformDeflate)).toEqual(ok({ recordedAt: tenOClock, events: noted("ئەمڕۆ") }));
  });

  it("is nobody else's, whatever key id they claim", async () => {
    const { entry } = await aCase();
    expect(await verifyEntry(entry, world.rami.identityKey)).toBe(false);
    expect(await verifyEntry(entry, { ...world.rami.identityKey, keyId: world.nour.identityKey.keyId })).toBe(false);
    expect(await verifyEntry({ ...entry, signature: new Uint8Array(64) }, world.nour.identityKey)).toBe(false);
  });

  it("is not its author's word because a colleague signed it", async () => {
    const { entry } = await aCase();
    const { rami } = world;
    const signature = await signFor("entry-signature", rami.identityKey.seed, idBytes(entry.hash));
    // The signature holds under Rami's key; the entry says that Nour wrote it.
    expect(await verifyEntry({ ...entry, signature }, rami.identityKey)).toBe(false);
    expect(await verifyEntry({ ...entry, signature }, world.nour.identityKey)).toBe(false);
  });

  it("opens alone with the key that was told for it, which opens no other, and nothing once it is erased", async () => {
    const { log, entry, caseKey } = await aCase();
    const other = await log.write(world.nour, noted("other"));
    const told = await entryKeyOf(entry, caseKey);
    expect(await openAlone(entry, told, platformDeflate)).toEqual(await open(entry, caseKey, platformDeflate));
    expect(await openAlone(other, told, platformDeflate)).toEqual(err({ type: "Damaged" }));
    expect(await openAlone({ ...entry, ciphertext: undefined }, told, platformDeflate)).toEqual(
      err({ type: "Erased" }),
    );
  });

  it("is damaged under another key, and erased without its body", async () => {
    const { entry } = await aCase();
    expect(await open(entry, makeCaseKey(randomness), platformDeflate)).toEqual(err({ type: "Damaged" }));
    const { caseKey } = await aCase();
    expect(await open({ ...entry, ciphertext: undefined }, caseKey, platformDeflate)).toEqual(err({ type: "Erased" }));
  });

  it("is refused after each single change of a byte", async () => {
    const { entry, caseKey } = await aCase();
    const bytes = encodeEntry(entry);
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 0x80]) {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(await isAccepted(changed, caseKey), `byte ${at}`).toBe(false);
      }
    }
    expect(await isAccepted(bytes, caseKey)).toBe(true);
  });

  const isAccepted = async (bytes: Bytes, caseKey: ReturnType<typeof makeCaseKey>): Promise<boolean> => {
    const parsed = parseEntry(bytes);
    if (!parsed.ok || parsed.value.kind !== "entry") return false;
    const { entry } = parsed.value;
    return (await verifyEntry(entry, world.nour.identityKey)) && (await open(entry, caseKey, platformDeflate)).ok;
  };

  it("does not open when its header is swapped for another's, though both are the same author's", async () => {
    const { log, entry, caseKey } = await aCase();
    const other = await log.write(world.nour, noted("other"));
    const swapped = { ...entry, header: other.header, headerBytes: other.headerBytes };
    expect(await open(swapped, caseKey, platformDeflate)).toEqual(err({ type: "Damaged" }));
    expect(await open({ ...entry, ciphertext: other.ciphertext }, caseKey, platformDeflate)).toEqual(
      err({ type: "Damaged" }),
    );
  });

  it("that does not fit is refused before it is sealed, and says so", async () => {
    const { caseKey, entry } = await aCase();
    const body = bodyWith(randomness(bodyBytesMax));
    const sealed = await seal({ header: entry.header, body, author: world.nour.identityKey, caseKey }, platformDeflate);
    expect(sealed).toEqual(err({ type: "TooLong" }));
  });

  it("never begins an epoch with another key than it commits to", async () => {
    const { caseKey, entry } = await aCase();
    const header = { ...entry.header, kind: "control", keyCommitment: new Uint8Array(32) } as const;
    const sealing = { header, body: bodyWith(null), author: world.nour.identityKey, caseKey };
    await expect(seal(sealing, platformDeflate)).rejects.toThrow("another key than the one it commits to");
  });
});

describe("a body", () => {
  it("property: reads back what was sealed, and its length is one of few", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 3000 }),
        fc.integer({ min: 0, max: 2_000_000_000_000 }),
        async (text, at) => {
          fc.pre(isInstant(at) && !/\p{Surrogate}/u.test(text));
          const body = { ...bodyWith({ text }), recordedAt: at };
          const plain = must(await encodeBody(body, platformDeflate));
          expect(isPaddedLength(plain.length)).toBe(true);
          expect(await decodeBody(plain, platformDeflate)).toEqual(body);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("looks alike for all short texts", async () => {
    const lengths = new Set<number>();
    for (let length = 0; length < 180; length += 20)
      lengths.add(must(await encodeBody(bodyWith("a".repeat(length)), platformDeflate)).length);
    expect([...lengths]).toEqual([256]);
  });

  it("is deflated above 512 bytes where that helps, and only there", async () => {
    expect(must(await encodeBody(bodyWith("a".repeat(400)), platformDeflate))[0]).toBe(0);
    expect(must(await encodeBody(bodyWith("a".repeat(5000)), platformDeflate))[0]).toBe(1);
    expect(must(await encodeBody(bodyWith(randomness(5000)), platformDeflate))[0]).toBe(0);
  });

  it("holds up to 64 events and refuses one more", async () => {
    const event = { type: "NoteWritten", version: 1, data: null };
    const many = (count: number): Body => ({
      recordedAt: tenOClock,
      events: Array.from({ length: count }, () => event),
    });
    expect((await decodeBody(must(await encodeBody(many(64), platformDeflate)), platformDeflate))?.events).toHaveLength(
      64,
    );
    expect(await encodeBody(many(65), platformDeflate)).toBeUndefined();
    await expect(encodeBody(many(0), platformDeflate)).rejects.toThrow("well-formed events");
    await expect(
      encodeBody({ recordedAt: tenOClock, events: [{ ...event, type: "a b" }] }, platformDeflate),
    ).rejects.toThrow();
  });

  const packed = async (content: CborValue): Promise<Bytes> => must(await pack(encodeCbor(content), platformDeflate));

  it.each<[string, CborValue]>([
    ["no list", {}],
    ["more than two parts", [tenOClock, [], 1]],
    ["a time that is none", ["now", [["A", 1, null]]]],
    ["a time out of range", [2 ** 50, [["A", 1, null]]]],
    ["no events", [tenOClock, []]],
    ["too many events", [tenOClock, Array.from({ length: 65 }, () => ["A", 1, null])]],
    ["events that are no list", [tenOClock, {}]],
    ["an event that is no list", [tenOClock, [1]]],
    ["an event with too few parts", [tenOClock, [["A", 1]]]],
    ["an event without a type", [tenOClock, [[1, 1, null]]]],
    ["an event of a strange type", [tenOClock, [["<b>", 1, null]]]],
    ["an event whose type is too long", [tenOClock, [["A".repeat(65), 1, null]]]],
    ["an event of no version", [tenOClock, [["A", 0, null]]]],
    ["an event whose version is text", [tenOClock, [["A", "1", null]]]],
  ])("is damaged with %s", async (_, content) => {
    expect(await decodeBody(await packed(content), platformDeflate)).toBeUndefined();
  });

  it("is damaged when its framing is not the one form", async () => {
    const good = await packed([tenOClock, [["A", 1, null]]]);
    expect(await decodeBody(good, platformDeflate)).toBeDefined();
    const change = (at: number, to: number): Bytes => {
      const bytes = good.slice();
      bytes[at] = to;
      return bytes;
    };
    const wrong = [
      good.slice(1),
      change(0, 2),
      change(0, 1),
      change(1, 1),
      change(2, 255),
      change(3, (good[3] ?? 0) + 1),
      change(good.length - 1, 1),
      new Uint8Array([...good, ...new Uint8Array(256)]),
      new Uint8Array(131_072),
      new Uint8Array(),
    ];
    for (const bytes of wrong) expect(await decodeBody(bytes, platformDeflate)).toBeUndefined();
  });

  it("property: any bytes are read or refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 250 }), async (bytes) => {
        const framed = new Uint8Array(256);
        framed.set([bytes.length & 1, 0, 0, bytes.length]);
        framed.set(bytes, 4);
        await decodeBody(framed, platformDeflate);
      }),
      { numRuns: 200 },
    );
  });
});

describe.each([
  ["the streams of browsers", ofBrowsers],
  ["Node.js", ofNode],
])("a body deflated by %s", (_, { platformDeflate: each }) => {
  it("is never inflated beyond its limit, whatever it promises", async () => {
    const bomb = await each.deflate(new Uint8Array(40_000_000));
    expect(bomb.length).toBeLessThan(45_000);
    const framed = new Uint8Array(
      must([40_960, 45_056].find((size) => size >= bomb.length + 4 && isPaddedLength(size))),
    );
    framed.set([1, bomb.length >> 16, (bomb.length >> 8) & 255, bomb.length & 255]);
    framed.set(bomb, 4);
    const startedAt = performance.now();
    expect(await unpack(framed, each)).toBeUndefined();
    expect(await each.inflate(bomb, 65_532)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it("is damaged when its stream ends early or goes on after its end", async () => {
    const stream = await each.deflate(fromAscii("text ".repeat(300)));
    expect(await each.inflate(stream, 65_532)).toHaveLength(1500);
    expect(await each.inflate(stream.slice(0, -1), 65_532)).toBeUndefined();
    expect(await each.inflate(new Uint8Array([...stream, 0]), 65_532)).toBeUndefined();
    expect(await each.inflate(new Uint8Array([255, 255]), 65_532)).toBeUndefined();
  });

  it("property: comes back, whichever of the two inflates it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.nat(40), async (drawn, times) => {
        const text = concat(...Array.from({ length: times + 1 }, () => new Uint8Array(drawn)));
        const stream = await each.deflate(text);
        for (const { platformDeflate: other } of [ofBrowsers, ofNode]) {
          expect(await other.inflate(stream, 200_000)).toEqual(text);
          if (text.length > 1) expect(await other.inflate(stream, text.length - 1)).toBeUndefined();
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("a wrapped case key", () => {
  const logId = logIdFor("wrapped");
  const wrapped = async () => {
    const key = makeCaseKey(randomness);
    const recipient = await makeReceivingKey(randomness);
    const author = makeIdentityKey(randomness);
    const given = await wrap({ purpose: "key-wrap", logId, key, recipient, author }, randomness);
    const keyCommitment = await commitTo(key, logId);
    const asked = { wrap: given, purpose: "key-wrap", logId, keyCommitment, recipient, author } as const;
    return { key, given, asked };
  };

  it("comes out for its reader as the key the epoch commits to", async () => {
    const { key, given, asked } = await wrapped();
    const parsed = parseWrap(encodeWrap(given));
    expect(parsed).toEqual(ok(given));
    const unwrapped = await unwrap("case-key", asked);
    expect(unwrapped.ok && toHex(exposeSecret(unwrapped.value))).toBe(toHex(exposeSecret(key)));
  });

  it("is not for this key when it is for another reader, log, epoch or purpose", async () => {
    const { asked } = await wrapped();
    const other = await makeReceivingKey(randomness);
    const notFor = err({ type: "NotForThisKey" });
    expect(await unwrap("case-key", { ...asked, recipient: other })).toEqual(notFor);
    expect(await unwrap("case-key", { ...asked, logId: logIdFor("other") })).toEqual(notFor);
    expect(await unwrap("case-key", { ...asked, keyCommitment: new Uint8Array(32) })).toEqual(notFor);
    expect(await unwrap("case-key", { ...asked, purpose: "team-wrap" })).toEqual(notFor);
  });

  it("is damaged after each change on the way, whoever made it", async () => {
    const { given, asked } = await wrapped();
    const bytes = encodeWrap(given);
    for (let at = 0; at < bytes.length; at += 13) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const parsed = parseWrap(changed);
      const result = parsed.ok ? await unwrap("case-key", { ...asked, wrap: parsed.value }) : parsed;
      expect(result.ok, `byte ${at}`).toBe(false);
      expect(!result.ok && result.error.type, `byte ${at}`).not.toBe("FalseKey");
    }
    expect(await unwrap("case-key", { ...asked, author: makeIdentityKey(randomness) })).toEqual(
      err({ type: "Damaged" }),
    );
  });

  it("with another key than everyone was told is refused, and names who sent it", async () => {
    const { asked, given } = await wrapped();
    const falseKey = makeCaseKey(randomness);
    // A hostile member seals another key, and signs it as a wrap of this epoch.
    const { author, recipient } = asked;
    const named = encodeCbor([
      1,
      1,
      labelNumbers["key-wrap"],
      idOf(logId),
      asked.keyCommitment,
      idOf(recipient.keyId),
      idOf(author.keyId),
    ]);
    const info = new Uint8Array([...fromAscii("amana/key-wrap/1\0"), ...sha256(named)]);
    for (const plain of [exposeSecret(falseKey), new Uint8Array(31)]) {
      const sealed = await hpkeSeal(recipient.publicKey, info, plain, randomness(64));
      const forged = await signed({ ...given, ...sealed }, author);
      expect(await unwrap("case-key", { ...asked, wrap: forged })).toEqual(
        err({ type: "FalseKey", from: author.keyId }),
      );
    }
    const garbage = await signed({ ...given, ciphertext: new Uint8Array(48) }, author);
    expect(await unwrap("case-key", { ...asked, wrap: garbage })).toEqual(
      err({ type: "FalseKey", from: author.keyId }),
    );
  });

  const idOf = (id: string): Bytes => must(fromHex(id));
  const signed = async (unsigned: Wrap, author: ReturnType<typeof makeIdentityKey>): Promise<Wrap> => {
    const decoded = decodeCbor(encodeWrap(unsigned));
    const fields = decoded.ok ? (decoded.value as readonly CborValue[]).slice(0, 9) : [];
    return { ...unsigned, signature: await signFor("key-wrap-signature", author.seed, sha256(encodeCbor(fields))) };
  };

  it("is refused in any other shape, and kept when it is of the future", async () => {
    const { given } = await wrapped();
    const decoded = decodeCbor(encodeWrap(given));
    const fields = decoded.ok ? (decoded.value as readonly CborValue[]) : [];
    const withField = (at: number, value: CborValue): Bytes =>
      encodeCbor(fields.map((field, index) => (index === at ? value : field)));
    for (const at of [0, 1]) expect(parseWrap(withField(at, 2))).toEqual(err({ type: "Newer" }));
    expect(parseWrap(withField(2, 999))).toEqual(err({ type: "Newer" }));
    expect(parseWrap(withField(0, "1"))).toEqual(err({ type: "NotAWrap" }));
    for (const at of [3, 4, 5, 6, 7, 8, 9])
      expect(parseWrap(withField(at, new Uint8Array(3)))).toEqual(err({ type: "NotAWrap" }));
    for (const value of [{}, fields.slice(1), [...fields, 1]]) expect(parseWrap(encodeCbor(value)).ok).toBe(false);
    expect(parseWrap(new Uint8Array(5000))).toEqual(err({ type: "NotAWrap" }));
  });
});

describe("a box", () => {
  const key = conceal("own-devices", new Uint8Array(32).fill(4));
  const opened = { context: [1, "heads"], content: { level: "high" } };
  const sealed = async (): Promise<Bytes> => must(await sealBox("snapshot", key, opened, ports));

  it("opens under its key for its purpose, with its context", async () => {
    expect(await openBox("snapshot", key, await sealed(), platformDeflate)).toEqual(ok(opened));
  });

  it("is not for another key, and no box of another purpose", async () => {
    const other = conceal("own-devices", new Uint8Array(32));
    expect(await openBox("snapshot", other, await sealed(), platformDeflate)).toEqual(err({ type: "NotForThisKey" }));
    expect(await openBox("index", key, await sealed(), platformDeflate)).toEqual(err({ type: "NotABox" }));
  });

  it("does not open after any change of a byte, its readable context included", async () => {
    const bytes = await sealed();
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect((await openBox("snapshot", key, changed, platformDeflate)).ok, `byte ${at}`).toBe(false);
    }
  });

  it("is kept when it is of the future, and refused in any other shape", async () => {
    const fields = [1, 1, labelNumbers.snapshot, null, new Uint8Array(32), new Uint8Array(272)] as const;
    const answer = async (value: CborValue) => {
      const result = await openBox("snapshot", key, encodeCbor(value), platformDeflate);
      return result.ok ? "ok" : result.error.type;
    };
    expect(await answer(fields)).toBe("NotForThisKey");
    expect(await answer([2, ...fields.slice(1)])).toBe("Newer");
    expect(await answer([1, 2, ...fields.slice(2)])).toBe("Newer");
    expect(await answer([1, 1, 999, ...fields.slice(3)])).toBe("Newer");
    for (const value of [
      {},
      [1, 1],
      ["1", 1, 22],
      [1, 1],
      fields.slice(0, 5),
      [...fields, 1],
      [...fields.slice(0, 4), new Uint8Array(3), new Uint8Array(272)],
    ])
      expect(await answer(value)).toBe("NotABox");
    expect(await answer([...fields.slice(0, 5), "text"])).toBe("NotABox");
    const large = await openBox("snapshot", key, new Uint8Array(80_000), platformDeflate);
    expect(large).toEqual(err({ type: "NotABox" }));
  });

  it("that is too long is not sealed", async () => {
    expect(await sealBox("snapshot", key, { context: null, content: randomness(70_000) }, ports)).toBeUndefined();
  });
});

describe("a secret", () => {
  it("shows nothing however it is printed", () => {
    const secret = conceal("case-key", fromAscii("a key that nobody may see, ever!"));
    const shown = [String(secret), JSON.stringify({ secret }), inspect(secret), inspect({ secret })];
    for (const text of shown) {
      expect(text).toContain("<redacted>");
      expect(text).not.toContain("nobody");
    }
    expect(Object.keys(secret)).toEqual([]);
  });

  it("is overwritten when it is cleared, and stops whoever uses it after", () => {
    const secret = conceal("case-key", new Uint8Array(32).fill(7));
    const bytes = exposeSecret(secret);
    clearSecret(secret);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(() => exposeSecret(secret)).toThrow("after it had been cleared");
    clearSecret(secret);
  });
});

describe("public keys", () => {
  it("are enrolled under their own name when every verifier agrees on them", async () => {
    const { identityKey, receivingKey } = world.nour;
    expect(enrolIdentityPublic(identityKey.publicKey)?.keyId).toBe(identityKey.keyId);
    expect((await enrolReceivingPublic(receivingKey.publicKey))?.keyId).toBe(receivingKey.keyId);
    expect(enrolIdentityPublic(new Uint8Array(32))).toBeUndefined();
    expect(await enrolReceivingPublic(new Uint8Array(1216).fill(255))).toBeUndefined();
  });
});

describe("the code", () => {
  it("names crypto, and imports ciphers, only in hazmat", () => {
    const files = globSync("**/*.ts", { cwd: import.meta.dirname }).filter(
      (path) => !/\.test\.ts$|^testing\//.test(path),
    );
    const outside = files.filter((path) => !path.startsWith("hazmat/"));
    expect(files.length).toBeGreaterThan(20);
    for (const path of outside) {
      const text = readFileSync(join(import.meta.dirname, path), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      expect(text, path).not.toMatch(/\bcrypto\b|@hpke|@noble|hash-wasm|shamir-secret-sharing/);
    }
  });

  it("knows one log by one id", () => {
    expect(makeLog("a", "case", () => undefined).logId).not.toBe(logIdFor("b"));
  });
});
