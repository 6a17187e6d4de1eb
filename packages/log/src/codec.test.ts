/** What a log reads and writes: one form for each value, and nothing that is not in it. */

import { err, ok } from "@amana/kernel";
import { encode } from "cborg";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesOf,
  concat,
  decodeCbor,
  decodeHeader,
  deviceIdOf,
  encodeCbor,
  encodeEntries,
  encodeEntry,
  encodeHeader,
  entryBytesMax,
  entryHashOf,
  entrySize,
  equalBytes,
  fromAscii,
  fromHex,
  headerBytesMax,
  huskOf,
  idBytes,
  isCborArray,
  isCborMap,
  isPaddedLength,
  keyIdOf,
  label,
  labelNumbers,
  labelText,
  logIdOf,
  nestingMax,
  paddedLength,
  parentsMax,
  parseEntry,
  sha256,
  toHex,
  type Bytes,
  type CborValue,
  type Header,
  type SealedEntry,
} from "./index.ts";
import { parseAny } from "./entry.ts";
import * as ofNode from "./node/platform.ts";
import * as ofLanguage from "./platform.ts";
import { entryOf, firstHeader, headerWith, keyIdFor } from "./testing/entries.ts";

const hex = (text: string): Bytes => fromHex(text) ?? new Uint8Array();
const hashFor = (name: string) => keyIdFor(name) as unknown as NonNullable<Header["control"]>;

const anyCbor: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((n) => n + 0),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.string({ unit: "grapheme", maxLength: 8 }), tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

describe("deterministic CBOR", () => {
  it("property: reads back what it wrote", () => {
    fc.assert(
      fc.property(anyCbor, (value) => {
        fc.pre(!JSON.stringify(value).includes("__proto__"));
        expect(decodeCbor(encodeCbor(value))).toEqual(ok(value));
      }),
    );
  });

  it("writes maps in bytewise order of their keys", () => {
    expect(toHex(encodeCbor({ bb: 1, a: 2, c: 3 }))).toBe("a361610261630362626201");
  });

  it.each([
    ["a number in more bytes than it needs", "1801"],
    ["a length in more bytes than it needs", "5801aa"],
    ["an array without its length", "9f01ff"],
    ["text without its length", "7f6161ff"],
    ["map keys out of order", "a2616201616102"],
    ["a map key twice", "a2616101616102"],
    ["a map key that is no text", "a10102"],
    ["the key __proto__", "a1695f5f70726f746f5f5f01"],
    ["a whole number as a float", "f93c00"],
    ["a fraction", "f93e00"],
    ["minus zero", "f98000"],
    ["not a number", "f97e00"],
    ["infinity", "f97c00"],
    ["undefined", "f7"],
    ["a tag", "c100"],
    ["a simple value", "f8ff"],
    ["a number above 2^53", "1b0020000000000000"],
    ["text that is not UTF-8", "62c328"],
    ["a lone surrogate", "63eda080"],
    ["something after the end", "0000"],
    ["an end that is missing", "82"],
    ["an endless array", "9b00ffffffffffffff"],
    ["a length that nobody holds", "5b7fffffffffffffff"],
    ["nothing", ""],
    ["a break alone", "ff"],
  ])("refuses %s", (_, bytes) => {
    expect(decodeCbor(hex(bytes))).toEqual(err({ type: "NotCanonical" }));
  });

  it("reads as deep as the limit and no deeper", () => {
    const nested = (depth: number): Bytes => hex(`${"81".repeat(depth)}00`);
    expect(decodeCbor(nested(nestingMax)).ok).toBe(true);
    expect(decodeCbor(nested(nestingMax + 1)).ok).toBe(false);
    expect(decodeCbor(hex(`${"a16161".repeat(nestingMax + 1)}00`)).ok).toBe(false);
    expect(decodeCbor(hex("81".repeat(60_000))).ok).toBe(false);
  });

  it("writes nothing outside of its subset", () => {
    const outside: readonly unknown[] = [1.5, -0, 2 ** 53, NaN, undefined, "\ud800", new Map(), [undefined], () => 1];
    for (const value of outside) expect(() => encodeCbor(value as CborValue)).toThrow("outside of our subset");
    expect(() => encodeCbor(JSON.parse('{"__proto__":1}') as CborValue)).toThrow("outside of our subset");
    expect(() => encodeCbor({ "\ud800": 1 })).toThrow("outside of our subset");
    let deep: CborValue = 0;
    for (let depth = 0; depth <= nestingMax; depth++) deep = [deep];
    expect(() => encodeCbor(deep)).toThrow("outside of our subset");
  });

  it("property: refuses or reads any bytes, without crashing and in little time", () => {
    const startedAt = performance.now();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (given) => {
        const bytes = new Uint8Array(given);
        const decoded = decodeCbor(bytes);
        return !decoded.ok || equalBytes(encodeCbor(decoded.value), bytes);
      }),
      { numRuns: 5000 },
    );
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  });

  it("tells maps, arrays and bytes of a length apart", () => {
    expect([{}, [], null, "", new Uint8Array()].map((value) => isCborMap(value))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(isCborArray([])).toBe(true);
    expect(bytesOf(new Uint8Array(2), 2)).toHaveLength(2);
    expect(bytesOf(new Uint8Array(3), 2)).toBeUndefined();
    expect(bytesOf(undefined, 2)).toBeUndefined();
  });
});

describe("bytes", () => {
  it("are written as lowercase pairs and read back", () => {
    expect(toHex(hex("00ff10"))).toBe("00ff10");
    for (const text of ["0", "0G", "AB", " 00"]) expect(fromHex(text)).toBeUndefined();
  });

  it("are equal when all of them are", () => {
    expect(equalBytes(hex("0102"), hex("0102"))).toBe(true);
    expect(equalBytes(hex("0102"), hex("0103"))).toBe(false);
    expect(equalBytes(hex("0102"), hex("010203"))).toBe(false);
  });

  it("are joined in order and hashed as everyone does", () => {
    expect(toHex(concat(hex("01"), hex(""), hex("0203")))).toBe("010203");
    expect(toHex(sha256(fromAscii("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("are an id only in its own length", () => {
    const sized = (length: number): Bytes => new Uint8Array(length);
    expect([entryHashOf, keyIdOf].map((idOf) => idOf(sized(31)) ?? idOf(sized(33)))).toEqual([undefined, undefined]);
    expect([logIdOf, deviceIdOf].map((idOf) => idOf(sized(15)) ?? idOf(sized(32)))).toEqual([undefined, undefined]);
    expect(idBytes(keyIdFor("Nour"))).toHaveLength(32);
    expect(() => idBytes("no id" as never)).toThrow("hexadecimal");
  });

  it("property: are hashed and written as text alike by the language alone and by Node.js", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 20 }), (drawn, from) => {
        // A view that begins somewhere within other bytes, as many are.
        const bytes = new Uint8Array(drawn).subarray(Math.min(from, drawn.length));
        expect(ofNode.sha256(bytes)).toEqual(ofLanguage.sha256(bytes));
        expect(ofNode.toHex(bytes)).toBe(ofLanguage.toHex(bytes));
        expect(fromHex(ofNode.toHex(bytes))).toEqual(bytes.slice());
        for (const { areSameBytes } of [ofNode, ofLanguage]) {
          expect(areSameBytes(bytes, bytes.slice())).toBe(true);
          expect(areSameBytes(bytes, new Uint8Array([...bytes, 0]))).toBe(false);
          const changed = bytes.map((byte, at) => (at === from % bytes.length ? byte ^ 1 : byte));
          if (bytes.length > 0) expect(areSameBytes(bytes, changed)).toBe(false);
        }
      }),
    );
  });
});

describe("labels", () => {
  it("have each their own number and text, and end so that none begins another", () => {
    const purposes = Object.keys(labelNumbers) as (keyof typeof labelNumbers)[];
    expect(new Set(Object.values(labelNumbers)).size).toBe(purposes.length);
    for (const purpose of purposes) {
      expect(labelText(purpose)).toBe(`amana/${purpose}/1`);
      expect(label(purpose).indexOf(0)).toBe(label(purpose).length - 1);
    }
  });
});

describe("padding", () => {
  it("has three small steps and then Padmé's", () => {
    expect([1, 256, 257, 512, 513, 1024, 1025, 1100, 2048, 2049, 10_000, 65_536].map(paddedLength)).toEqual([
      256, 256, 512, 512, 1024, 1024, 1088, 1152, 2048, 2176, 10_240, 65_536,
    ]);
  });

  it("property: never shortens, adds at most 12 % above 1,024 bytes, and is stable", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_536 }), (length) => {
        const padded = paddedLength(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        if (length > 1024) expect(padded).toBeLessThanOrEqual(length * 1.12);
        expect(isPaddedLength(padded)).toBe(true);
      }),
    );
    expect([0, 1, 255, 257, 1025, 65_535].some(isPaddedLength)).toBe(false);
  });

  it("leaves few lengths to see", () => {
    const lengths = new Set(Array.from({ length: 65_536 }, (_, index) => paddedLength(index + 1)));
    expect(lengths.size).toBeLessThan(120);
  });
});

const content = headerWith({ control: hashFor("control") });
const later = headerWith({
  control: hashFor("control"),
  counter: 2,
  previous: hashFor("previous"),
  parents: [hashFor("a"), hashFor("b")].sort(),
});

describe("a header", () => {
  it("reads back what it wrote", () => {
    for (const header of [
      content,
      later,
      firstHeader(),
      firstHeader({ logKind: "organisation", organisationHead: undefined }),
      { ...later, kind: "control", destroys: new Uint8Array(32).fill(5) } as const,
    ])
      expect(decodeHeader(encodeHeader(header))).toEqual(ok(header));
  });

  it("fits its limit with everything in it", () => {
    const parents = Array.from({ length: parentsMax }, (_, index) => hashFor(`parent ${index}`)).sort();
    const fullest = headerWith({
      kind: "control",
      control: hashFor("control"),
      counter: 0xffff_ffff,
      previous: hashFor("previous"),
      parents,
      keyCommitment: new Uint8Array(32),
    });
    expect(encodeHeader(fullest).length).toBeLessThanOrEqual(headerBytesMax);
    const { keyCommitment: _, ...named } = fullest;
    const destroying = { ...named, keyCommitment: undefined, destroys: new Uint8Array(32) };
    expect(encodeHeader(destroying).length).toBeLessThanOrEqual(headerBytesMax);
  });

  const parents = [hashFor("a"), hashFor("b")].sort();
  it.each<[string, Header]>([
    ["counts from zero", { ...content, counter: 0 }],
    ["counts beyond the limit", { ...later, counter: 2 ** 32 }],
    ["has a first entry with one before it", { ...content, previous: hashFor("previous") }],
    ["has a later entry with none before it", { ...later, previous: undefined }],
    ["names its parents out of order", { ...later, parents: [...parents].reverse() }],
    ["names a parent twice", { ...later, parents: [hashFor("a"), hashFor("a")] }],
    ["names its previous as a parent", { ...later, parents: [hashFor("previous")] }],
    ["names its control entry as a parent", { ...later, parents: [hashFor("control")] }],
    ["has too many parents", { ...later, parents: Array.from({ length: 17 }, (_, n) => hashFor(`p${n}`)).sort() }],
    ["is content and begins an epoch", { ...content, keyCommitment: new Uint8Array(32) }],
    ["is content without a control entry", { ...content, control: undefined }],
    ["has a nonce of another length", { ...content, nonce: new Uint8Array(31) }],
    ["begins a log without a key", firstHeader({ keyCommitment: undefined })],
    ["begins a log with parents", firstHeader({ parents })],
    ["begins a log with a later counter", firstHeader({ counter: 2, previous: hashFor("previous") })],
    ["is of a case and names no organisation", { ...content, organisationHead: undefined }],
    ["is of an organisation and names one", firstHeader({ logKind: "organisation" })],
    ["is content and destroys something", { ...later, destroys: new Uint8Array(32) }],
    ["begins a log and destroys something", firstHeader({ destroys: new Uint8Array(32) })],
    [
      "begins an epoch and destroys something",
      { ...later, kind: "control", keyCommitment: new Uint8Array(32), destroys: new Uint8Array(32) },
    ],
    [
      "is of an organisation and destroys something",
      { ...later, kind: "control", logKind: "organisation", organisationHead: undefined, destroys: new Uint8Array(32) },
    ],
    ["names what it destroys in another length", { ...later, kind: "control", destroys: new Uint8Array(31) }],
    ["is content of an organisation", { ...content, logKind: "organisation", organisationHead: undefined }],
  ])("is refused when it %s", (_, header) => {
    expect(() => encodeHeader(header)).toThrow("breaks its own rules");
    expect(decodeHeader(forge(header))).toEqual(err({ type: "NotAHeader" }));
  });

  const fieldsOf = (header: Header): CborValue[] => {
    const decoded = decodeCbor(encodeHeader(header));
    return decoded.ok && isCborArray(decoded.value) ? [...decoded.value] : [];
  };
  const withField = (at: number, value: CborValue): Bytes => {
    const fields = fieldsOf(later);
    fields[at] = value;
    return encodeCbor(fields);
  };

  /** Writes a header without looking at its rules, as a hostile client would. */
  const forge = (header: Header): Bytes => {
    const bytes = (hash: string | undefined): Bytes | null => (hash === undefined ? null : hex(hash));
    return encodeCbor([
      1,
      1,
      header.kind === "control" ? 1 : 0,
      header.logKind === "organisation" ? 1 : 2,
      hex(header.logId),
      bytes(header.control),
      bytes(header.organisationHead),
      hex(header.author),
      hex(header.device),
      header.counter,
      bytes(header.previous),
      header.parents.map(hex),
      header.nonce,
      header.keyCommitment ?? null,
      ...(header.destroys === undefined ? [] : [header.destroys]),
    ]);
  };

  it("is refused when it says that it destroys, and not what", () => {
    const acting = fieldsOf({ ...later, kind: "control" });
    expect(decodeHeader(encodeCbor([...acting, new Uint8Array(32)])).ok).toBe(true);
    for (const wrong of [null, "text", new Uint8Array(31), [new Uint8Array(32)]])
      expect(decodeHeader(encodeCbor([...acting, wrong]))).toEqual(err({ type: "NotAHeader" }));
  });

  it.each([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])("is refused with something else in field %i", (at) => {
    for (const wrong of ["text", new Uint8Array(5), [new Uint8Array(5)], { a: 1 }, false])
      expect(decodeHeader(withField(at, wrong))).toEqual(err({ type: "NotAHeader" }));
  });

  it("is refused when it is too long, too short, or no array at all", () => {
    expect(decodeHeader(new Uint8Array(headerBytesMax + 1))).toEqual(err({ type: "NotAHeader" }));
    for (const value of [
      {},
      1,
      [],
      [1],
      ["1", 1],
      [1, "1"],
      [1, 1, "0", 2],
      fieldsOf(later).slice(0, 13),
      [...fieldsOf(later), null],
    ])
      expect(decodeHeader(encodeCbor(value))).toEqual(err({ type: "NotAHeader" }));
    const wrongKind = fieldsOf(later);
    wrongKind[2] = "0";
    expect(decodeHeader(encodeCbor(wrongKind))).toEqual(err({ type: "NotAHeader" }));
  });

  it("of another version, suite, kind or log kind is newer, whatever else it holds", () => {
    for (const [at, value] of [
      [0, 2],
      [1, 2],
      [2, 2],
      [3, 4],
      [3, 0],
    ] as const)
      expect(decodeHeader(withField(at, value))).toEqual(err({ type: "Newer" }));
    expect(decodeHeader(encodeCbor([9, 1, "anything"]))).toEqual(err({ type: "Newer" }));
  });

  it("is refused in any form but its own", () => {
    // The library would write the same value in this longer form, and read it.
    const loose = encode(fieldsOf(later), { float64: true });
    expect(decodeHeader(new Uint8Array([0x98, 14, ...loose.slice(1)]))).toEqual(err({ type: "NotAHeader" }));
  });
});

describe("an entry", () => {
  const entry = entryOf(later);

  it("reads back what it wrote, whole and as a husk, under the same name", () => {
    expect(parseEntry(encodeEntry(entry))).toEqual(ok({ kind: "entry", entry }));
    expect(parseEntry(encodeEntry(huskOf(entry)))).toEqual(ok({ kind: "entry", entry: huskOf(entry) }));
    expect(huskOf(entry).hash).toBe(entry.hash);
  });

  it("of the future keeps its name and its bytes", () => {
    const bytes = encodeCbor([encodeCbor([2, 7, "who knows"]), new Uint8Array(3), new Uint8Array(64)]);
    const parsed = parseEntry(bytes);
    expect(parsed.ok && parsed.value.kind === "newer" && equalBytes(parsed.value.entry.bytes, bytes)).toBe(true);
  });

  it.each<[string, CborValue]>([
    ["is no array", {}],
    ["has too few parts", [entry.headerBytes, new Uint8Array(272)]],
    ["has too many parts", [entry.headerBytes, null, entry.signature, entry.bodyDigest, 1]],
    ["has a header that is no header", [new Uint8Array(3), new Uint8Array(272), entry.signature]],
    ["has a header that is no bytes", ["header", new Uint8Array(272), entry.signature]],
    ["has a header beyond its limit", [new Uint8Array(headerBytesMax + 1), new Uint8Array(272), entry.signature]],
    ["has a signature of another length", [entry.headerBytes, new Uint8Array(272), new Uint8Array(63)]],
    ["has a body of a length that padding does not make", [entry.headerBytes, new Uint8Array(273), entry.signature]],
    ["has a body without room for its tag", [entry.headerBytes, new Uint8Array(8), entry.signature]],
    ["has a body beyond its limit", [entry.headerBytes, new Uint8Array(65_552 + 2048), entry.signature]],
    ["has text for a body", [entry.headerBytes, "body", entry.signature]],
    ["is a husk without a digest", [entry.headerBytes, null, entry.signature]],
    ["is a husk with a short digest", [entry.headerBytes, null, entry.signature, new Uint8Array(31)]],
    ["is a husk with a body", [entry.headerBytes, new Uint8Array(272), entry.signature, entry.bodyDigest]],
  ])("is refused when it %s", (_, parts) => {
    expect(parseEntry(encodeCbor(parts))).toEqual(err({ type: "NotAnEntry" }));
  });

  it("is refused by its size before it is read", () => {
    expect(parseEntry(new Uint8Array(entryBytesMax + 1))).toEqual(err({ type: "NotAnEntry" }));
  });

  it("has another name or is refused after any change of a byte of header or body", () => {
    const bytes = encodeEntry(entry);
    const signatureFrom = bytes.length - 64;
    for (let at = 0; at < signatureFrom; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const parsed = parseEntry(changed);
      expect(parsed.ok && parsed.value.entry.hash === entry.hash, `byte ${at}`).toBe(false);
    }
  });

  const forms: readonly SealedEntry[] = [
    entry,
    huskOf(entry),
    entryOf(firstHeader()),
    entryOf(firstHeader({ logKind: "organisation", organisationHead: undefined })),
    entryOf(headerWith({ control: hashFor("control"), counter: 24, previous: hashFor("previous") })),
    entryOf(headerWith({ control: hashFor("control"), counter: 70_000, previous: hashFor("previous") })),
    entryOf(headerWith({ control: hashFor("control"), parents: [hashFor("one"), hashFor("other")].sort() })),
  ];

  it("stands in a list of entries as its own bytes do, whole, as a husk and of the future, in lists of any length", () => {
    const newer = encodeCbor([encodeCbor([2, 7, "who knows"]), new Uint8Array(3), new Uint8Array(64)]);
    const all = [...forms.map(encodeEntry), newer];
    for (const count of [0, 1, all.length, 23, 24, 300]) {
      const listed = Array.from({ length: count }, (_, at) => all[at % all.length] ?? new Uint8Array());
      const received = listed.map(parseEntry).flatMap((parsed) => (parsed.ok ? [parsed.value] : []));
      expect(encodeEntries(received)).toEqual(encodeCbor(listed));
      expect(received.map(entrySize)).toEqual(listed.map(({ length }) => length));
    }
  });

  it("reads the same at once as through CBOR after any change of a bit", () => {
    for (const bytes of forms.map(encodeEntry)) {
      expect(parseEntry(bytes)).toEqual(parseAny(bytes));
      for (let bit = 0; bit < bytes.length * 8; bit += 7) {
        const changed = bytes.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(parseEntry(changed), `bit ${bit}`).toEqual(parseAny(changed));
      }
    }
  });

  it("property: reads the same at once as through CBOR when bytes are put in or left out, and in a header of any fields", () => {
    const splice = fc.record({
      form: fc.nat({ max: forms.length - 1 }),
      at: fc.nat({ max: 600 }),
      gone: fc.nat({ max: 4 }),
      put: fc.uint8Array({ maxLength: 5 }),
      inHeader: fc.boolean(),
    });
    fc.assert(
      fc.property(splice, ({ form, at, gone, put, inHeader }) => {
        const chosen = forms[form] ?? entry;
        const whole = inHeader ? chosen.headerBytes : encodeEntry(chosen);
        const changed = concat(whole.slice(0, at), new Uint8Array(put), whole.slice(at + gone));
        const bytes = inHeader ? encodeEntry({ ...chosen, headerBytes: changed }) : changed;
        expect(parseEntry(bytes)).toEqual(parseAny(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it("property: any bytes are read or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        parseEntry(new Uint8Array(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});
