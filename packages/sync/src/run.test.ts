/** A run gives back each entry byte for byte, takes fewer bytes than they do, and is refused when it says what it cannot. */

import {
  decodeHeader,
  encodeEntry,
  encodeHeader,
  entryBytesMax,
  hashOfParts,
  idBytes,
  keyIdOf,
  pageOf,
  parentsMax,
  parseEntry,
  splitEntry,
  toHex,
} from "@amana/log";
import type { Bytes, Header, SealedEntry } from "@amana/log";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRun, encodeRun, parseCarried } from "./run.ts";
import { bytesOfAll, chainOf, digestOf, entryOf, hashFor, headerWith, logIdFor, must } from "./testing/entries.ts";

const logId = logIdFor("case");
const other = logIdFor("another");

const room = (): { bytesLeft: number; entriesLeft: number } => ({ bytesLeft: 10_000_000, entriesLeft: 10_000 });
const comesBack = (entries: readonly Bytes[]): readonly Bytes[] | undefined =>
  decodeRun(logId, encodeRun(logId, entries), room());

/** What one step of a random log does. */
type Step = {
  readonly writer: number;
  readonly isControl: boolean;
  readonly isCase: boolean;
  readonly isOtherLog: boolean;
  readonly control: "as before" | "last control" | "another" | "none";
  readonly organisation: "as before" | "another";
  readonly previous: "own last" | "another" | "none";
  readonly skip: number;
  readonly parents: readonly number[];
  readonly length: number;
  readonly isErased: boolean;
};

const step: fc.Arbitrary<Step> = fc.record({
  writer: fc.integer({ min: 0, max: 3 }),
  isControl: fc.boolean(),
  isCase: fc.boolean(),
  isOtherLog: fc.integer({ min: 0, max: 9 }).map((each) => each === 0),
  control: fc.constantFrom("as before", "as before", "last control", "another", "none"),
  organisation: fc.constantFrom("as before", "as before", "another"),
  previous: fc.constantFrom("own last", "own last", "another", "none"),
  skip: fc.constantFrom(0, 0, 0, 1, 300, 70_000),
  parents: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
  length: fc.constantFrom(272, 272, 528, 1040, 16),
  isErased: fc.integer({ min: 0, max: 5 }).map((each) => each === 0),
});

/** Entries whose headers are right each by itself, and anything to one another. */
const entriesOf = (steps: readonly Step[]): readonly SealedEntry[] => {
  const entries: SealedEntry[] = [];
  const lastOf = new Map<number, SealedEntry>();
  for (const [place, each] of steps.entries()) {
    const entry = entryOf(headerOf(each, place, entries, lastOf), each);
    entries.push(entry);
    lastOf.set(each.writer, entry);
  }
  return entries;
};

const headerOf = (
  each: Step,
  place: number,
  entries: readonly SealedEntry[],
  lastOf: ReadonlyMap<number, SealedEntry>,
): Header => {
  const last = lastOf.get(each.writer);
  const own = each.previous === "own last" ? last?.hash : undefined;
  const previous = each.previous === "another" ? hashFor(`previous ${place}`) : own;
  const counter = previous === undefined ? 1 : (last?.header.counter ?? 1) + 1 + each.skip;
  const isControl = each.isControl || !each.isCase;
  const controls = entries.filter(({ header }) => header.kind === "control");
  const control = {
    "as before": entries.at(-1)?.header.control ?? hashFor("control"),
    "last control": controls.at(-1)?.hash ?? hashFor("control"),
    another: hashFor(`control ${place}`),
    none: isControl && counter === 1 ? undefined : hashFor("control"),
  }[each.control];
  const before = entries.at(-1)?.header.organisationHead ?? hashFor("organisation head");
  const known = each.parents.map((writer) => lastOf.get(writer)?.hash ?? hashFor(`parent ${writer}`));
  const parents = [...new Set(known)].filter((hash) => hash !== control && hash !== previous).sort();
  return headerWith({
    kind: isControl ? "control" : "content",
    logKind: each.isCase ? "case" : "organisation",
    logId: each.isOtherLog ? other : logId,
    control,
    organisationHead: !each.isCase ? undefined : each.organisation === "another" ? hashFor(`head ${place}`) : before,
    author: must(keyIdOf(digestOf(`author ${each.writer >> 1}`))),
    device: must(logIdOfDevice(each.writer)),
    counter,
    previous,
    parents: control === undefined ? [] : parents,
    nonce: digestOf(`nonce ${place}`),
    keyCommitment: control === undefined || (isControl && place % 2 === 0) ? digestOf("commitment") : undefined,
  });
};

const logIdOfDevice = (writer: number): Header["device"] =>
  toHex(digestOf(`device ${writer}`)).slice(0, 32) as Header["device"];

describe("a run of entries", () => {
  it("property: any entries come back byte for byte", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 24 }), (steps) => {
        const entries = bytesOfAll(entriesOf(steps));
        expect(comesBack(entries)).toEqual(entries);
      }),
      { numRuns: 300 },
    );
  });

  it("property: is the same for whoever knows the entries' names already", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 24 }), (steps) => {
        const entries = entriesOf(steps);
        const names = entries.map(({ hash }) => idBytes(hash));
        expect(encodeRun(logId, bytesOfAll(entries), names)).toEqual(encodeRun(logId, bytesOfAll(entries)));
      }),
    );
  });

  it("property: comes back the same onto one page, whatever finds no room there, and otherwise each in bytes of its own", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat(6000), (steps, pageBytes) => {
        const run = encodeRun(logId, bytesOfAll(entriesOf(steps)));
        const alone = must(decodeRun(logId, run, room()));
        const together = must(decodeRun(logId, run, { ...room(), page: pageOf(pageBytes) }));
        expect(together).toEqual(alone);
        expect(parseCarried(together)).toEqual(parseCarried(alone));
        expect(new Set(alone.map(({ buffer }) => buffer)).size).toBe(alone.length);
      }),
    );
  });

  it("property: what comes out of a run, changed on its way or not, reads as its bytes alone do", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat(), fc.nat(255), (steps, at, difference) => {
        const run = encodeRun(logId, bytesOfAll(entriesOf(steps)));
        const changed = run.slice();
        if (run.length > 0) changed[at % run.length] = must(run[at % run.length]) ^ difference;
        const entries = decodeRun(logId, changed, room()) ?? [];
        expect(parseCarried(entries)).toEqual(entries.map((bytes) => parseEntry(bytes.slice())));
      }),
      { numRuns: 300 },
    );
  });

  it("property: any bytes in the place of entries come back as they are", () => {
    const anyEntry = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.nat(), fc.nat(255))
        .map(([count, at, value]) => spoiled(must(bytesOfAll(chainOf(count)).at(-1)), at, value)),
    );
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 6 }), (entries) => {
        expect(comesBack(entries)).toEqual(entries);
      }),
      { numRuns: 1000 },
    );
  });

  it("property: a run never takes more than four bytes beyond each entry, and far less for a device's own line", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const entries = bytesOfAll(entriesOf(steps));
        const whole = entries.reduce((sum, { length }) => sum + length + 4, 0);
        expect(encodeRun(logId, entries).length).toBeLessThanOrEqual(whole);
      }),
    );
    const line = bytesOfAll(chainOf(50));
    // A flag, modes, a writer, a nonce, a length, the body and the signature.
    const first = 32 + 16 + 32 + 32;
    expect(encodeRun(logId, line)).toHaveLength(first + 50 * (3 + 32 + 3 + 272 + 64));
  });

  it("leaves out a control entry, a parent and an organisation head that stand in the run already", () => {
    const begin = entryOf(headerWith({ kind: "control", keyCommitment: digestOf("commitment") }));
    const author = must(keyIdOf(digestOf("Shilan")));
    const another = entryOf(headerWith({ author, control: begin.hash }));
    const next = entryOf(
      headerWith({ counter: 2, previous: begin.hash, control: begin.hash, parents: [another.hash] }),
    );
    const item = 3 + 32 + 3 + 272 + 64;
    const run = encodeRun(logId, bytesOfAll([begin, another, next]));
    expect(run).toHaveLength(3 * item + 2 * (32 + 16) + 32 + 32 + 32 + 2);
    expect(decodeRun(logId, run, room())).toEqual(bytesOfAll([begin, another, next]));
  });

  it("knows the hash of an entry as the log does, husks included", () => {
    for (const isErased of [false, true]) {
      const entry = entryOf(headerWith({}), { isErased });
      const split = must(splitEntry(encodeEntry(entry)));
      expect(toHex(hashOfParts(split.parts, split.headerBytes))).toBe(entry.hash);
    }
  });

  it("carries an entry of the greatest length, and the most parents", () => {
    const parents = Array.from({ length: parentsMax }, (_, place) => hashFor(`parent ${place}`)).sort();
    const header = headerWith({ parents, counter: 0xffff_ffff, previous: hashFor("previous") });
    const entries = bytesOfAll([entryOf(header, { length: 65_552 }), entryOf(header, { length: 65_535 })]);
    expect(comesBack(entries)).toEqual(entries);
    expect(comesBack([new Uint8Array(entryBytesMax)])).toEqual([new Uint8Array(entryBytesMax)]);
    expect(() => encodeRun(logId, [new Uint8Array(entryBytesMax + 1)])).toThrow();
  });

  it("names the last entry of more writers than it can number by carrying theirs whole", () => {
    const writers = Array.from({ length: 257 }, (_, place) => must(keyIdOf(digestOf(`writer ${place}`))));
    const entries = bytesOfAll(writers.map((author) => entryOf(headerWith({ author }))));
    const run = encodeRun(logId, entries);
    expect(decodeRun(logId, run, room())).toEqual(entries);
    const numbered = encodeRun(logId, entries.slice(0, 255));
    expect(run.length).toBe(numbered.length + 2 * (must(entries[0]).length + 4));
  });
});

const spoiled = (bytes: Bytes, at: number, value: number): Bytes => {
  const changed = bytes.slice();
  changed[at % changed.length] = value;
  return changed;
};

describe("what is no run", () => {
  const [first, second, third] = chainOf(3);
  const threeEntries = bytesOfAll([must(first), must(second), must(third)]);
  const run = encodeRun(logId, threeEntries);

  it("is refused when it ends within an item", () => {
    const ends = new Set<number>();
    for (let length = 1; length < run.length; length++)
      if (decodeRun(logId, run.slice(0, length), room()) !== undefined) ends.add(length);
    const one = encodeRun(logId, threeEntries.slice(0, 1)).length;
    const two = encodeRun(logId, threeEntries.slice(0, 2)).length;
    expect([...ends]).toEqual([one, two]);
  });

  it("property: changed anywhere it gives other entries or nothing, and never the same ones", () => {
    fc.assert(
      fc.property(fc.nat(run.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const changed = run.slice();
        changed[at] = must(run[at]) ^ difference;
        expect(decodeRun(logId, changed, room())).not.toEqual(threeEntries);
      }),
      { numRuns: 500 },
    );
  });

  it("property: random bytes neither crash nor stall", () => {
    const start = fc.constantFrom(new Uint8Array(), new Uint8Array([0xa0, 0x50, 0]), new Uint8Array([0xe4, 0xf8, 0]));
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 600 }), (beginning, bytes) => {
        const entries = decodeRun(logId, new Uint8Array([...beginning, ...bytes]), room());
        expect(entries === undefined || entries.every(({ length }) => length <= entryBytesMax)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  const one = encodeRun(logId, threeEntries.slice(0, 1));
  const own = encodeRun(logId, threeEntries.slice(0, 2)).slice(one.length);
  const changedAt = (at: number, value: number): Bytes => {
    const changed = one.slice();
    changed[at] = value;
    return changed;
  };

  it.each([
    ["a first byte that is neither mark nor flags", changedAt(0, 1)],
    ["a flag that has no meaning", changedAt(0, 0xa0 | 1)],
    ["another flag that has no meaning", changedAt(0, 0xa0 | 2)],
    ["a mode that has no meaning", changedAt(1, 0b0101_0001)],
    ["another mode that has no meaning", changedAt(1, 0b0101_0010)],
    [
      "a mode of the previous entry that has no meaning",
      new Uint8Array([...one, own[0] ?? 0, 0b0000_1100, ...own.slice(2)]),
    ],
    ["an organisation head in the run", new Uint8Array([...one, own[0] ?? 0, 0b0011_1000, ...own.slice(2)])],
    ["a writer beyond the next free number", changedAt(2, 1)],
    [
      "the last control entry of a run that has none",
      new Uint8Array([...one, own[0] ?? 0, 0b1100_1000, ...own.slice(2)]),
    ],
    ["the last entry of a writer that has none", changedAt(1, 0b0101_1000)],
  ])("is refused with %s", (_, bytes) => {
    expect(decodeRun(logId, new Uint8Array([...one, ...own]), room())).toHaveLength(2);
    expect(decodeRun(logId, bytes, room())).toBeUndefined();
  });

  it("is refused with parents that are none, too many, or of nobody", () => {
    const parents = [hashFor("parent")];
    const withParent = encodeRun(logId, bytesOfAll([entryOf(headerWith({ parents }))]));
    const countAt = 3 + 32 + 16 + 32 + 32;
    const given = [0xff, ...digestOf("hash parent")];
    const withCount = (count: number, ...said: readonly number[]): Bytes =>
      new Uint8Array([...withParent.slice(0, countAt), count, ...said, ...withParent.slice(countAt + 34)]);
    const times = (count: number): readonly number[] => Array.from({ length: count }, () => given).flat();
    expect(decodeRun(logId, withCount(1, ...given), room())).toHaveLength(1);
    expect(decodeRun(logId, withCount(parentsMax, ...times(parentsMax)), room())).toHaveLength(1);
    expect(decodeRun(logId, withCount(parentsMax + 1, ...times(parentsMax + 1)), room())).toBeUndefined();
    expect(decodeRun(logId, withCount(0), room())).toBeUndefined();
    expect(decodeRun(logId, withCount(1, 0), room())).toBeUndefined();
  });

  it("is refused when a counter would pass its greatest value", () => {
    const lastOne = entryOf(headerWith({ counter: 0xffff_ffff, previous: hashFor("previous") }));
    const begun = encodeRun(logId, bytesOfAll([lastOne]));
    expect(decodeRun(logId, new Uint8Array([...begun, ...own]), room())).toBeUndefined();
    const lower = encodeRun(logId, bytesOfAll([entryOf(headerWith({ counter: 9, previous: hashFor("previous") }))]));
    expect(decodeRun(logId, new Uint8Array([...lower, ...own]), room())).toHaveLength(2);
  });

  it("is refused when an entry of it would be longer than an entry may be", () => {
    const longest = encodeRun(logId, bytesOfAll([entryOf(headerWith({}), { length: 66_000 })]));
    expect(decodeRun(logId, longest, room())).toHaveLength(1);
    const lengthAt = 3 + 32 + 16 + 32 + 32 + 32;
    const longer = new Uint8Array([...longest, ...new Uint8Array(1000)]);
    new DataView(longer.buffer).setUint32(lengthAt - 1, 66_500);
    longer[lengthAt - 1] = must(longest[lengthAt - 1]);
    expect(decodeRun(logId, longer.slice(0, longest.length + 500), room())).toBeUndefined();
    const whole = new Uint8Array([0, 0x01, 0x04, 0x8d, ...new Uint8Array(entryBytesMax + 1)]);
    expect(decodeRun(logId, whole, room())).toBeUndefined();
  });

  it("is refused beyond the room that a message leaves for it, to the byte and to the entry", () => {
    const bytes = threeEntries.reduce((sum, { length }) => sum + length, 0);
    expect(decodeRun(logId, run, { bytesLeft: bytes, entriesLeft: 3 })).toHaveLength(3);
    expect(decodeRun(logId, run, { bytesLeft: bytes - 1, entriesLeft: 3 })).toBeUndefined();
    expect(decodeRun(logId, run, { bytesLeft: bytes, entriesLeft: 2 })).toBeUndefined();
  });

  it("says the log of its message, so that under another log it gives other entries", () => {
    const moved = must(decodeRun(other, run, room()));
    expect(moved).toHaveLength(3);
    expect(moved).not.toEqual(threeEntries);
    const header = decodeHeader(must(splitEntry(must(moved[0]))).headerBytes);
    expect(header.ok && header.value.logId).toBe(other);
  });
});

describe("an entry that the compact item cannot say", () => {
  const header = headerWith({ counter: 2, previous: hashFor("previous") });
  const good = encodeEntry(entryOf(header));
  const withHeader = (headerBytes: Bytes): Bytes => encodeEntry({ ...entryOf(header), headerBytes });
  const headerBytes = encodeHeader(header);
  const parentsAt = headerBytes.length - (1 + 34 + 1);
  const previousAt = parentsAt - 34;
  const husk = encodeEntry(entryOf(header, { isErased: true }));
  const withoutNull = new Uint8Array(husk.map((byte, at) => (at === 3 + headerBytes.length ? 0xf5 : byte)));
  const seventeen = Array.from({ length: parentsMax + 1 }, () => [0x58, 32, ...digestOf("parent")]).flat();
  const withSeventeenParents = new Uint8Array([
    ...headerBytes.slice(0, parentsAt),
    0x80 + parentsMax + 1,
    ...seventeen,
    ...headerBytes.slice(parentsAt + 1),
  ]);

  it.each<[string, Bytes]>([
    ["of a version of the future", withHeader(new Uint8Array([0x8e, 2, ...headerBytes.slice(2)]))],
    ["of a suite of the future", withHeader(new Uint8Array([0x8e, 1, 2, ...headerBytes.slice(3)]))],
    ["of a kind of the future", withHeader(new Uint8Array([0x8e, 1, 1, 2, ...headerBytes.slice(4)]))],
    ["of a log kind of the future", withHeader(new Uint8Array([0x8e, 1, 1, 0, 4, ...headerBytes.slice(5)]))],
    [
      "that counts on without an entry before",
      withHeader(new Uint8Array([...headerBytes.slice(0, previousAt), 0xf6, ...headerBytes.slice(previousAt + 34)])),
    ],
    ["of another log", encodeEntry(entryOf(headerWith({ logId: other })))],
    ["with a header of another count", withHeader(new Uint8Array([0x8f, ...headerBytes.slice(1)]))],
    [
      "that says what is to be destroyed",
      encodeEntry(
        entryOf({
          ...header,
          kind: "control",
          control: hashFor("control"),
          destroys: digestOf("what two people destroy"),
        }),
      ),
    ],
    ["with bytes after its end", new Uint8Array([...good, 0])],
    ["with more parts than an entry has", new Uint8Array([0x85, ...good.slice(1)])],
    ["with a length that is not in its shortest form", new Uint8Array([0x83, 0x59, 0, ...good.slice(2)])],
    ["without a body that does not say so with null", withoutNull],
    ["with more parents than a header has", withHeader(withSeventeenParents)],
  ])("travels whole: one %s", (_, bytes) => {
    const run = encodeRun(logId, [bytes]);
    expect(run).toHaveLength(bytes.length + 4);
    expect(decodeRun(logId, run, room())).toEqual([bytes]);
  });

  it("does not stand between an entry and the one before it", () => {
    const line = bytesOfAll(chainOf(2));
    const strange = new Uint8Array([1, 2, 3]);
    const run = encodeRun(logId, [must(line[0]), strange, must(line[1])]);
    expect(decodeRun(logId, run, room())).toEqual([line[0], strange, line[1]]);
    expect(run).toHaveLength(encodeRun(logId, line).length + 4 + 3);
  });
});
