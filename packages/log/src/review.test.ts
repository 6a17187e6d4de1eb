/** What a set of entries says as one log: whose word, which order, and what is set aside, on every device alike. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addEntries,
  emptyHistory,
  encodeCbor,
  nextLinks,
  parseEntry,
  pastOf,
  review,
  type Arrival,
  type EntryHash,
  type Received,
  type SealedEntry,
} from "./index.ts";
import {
  arrivalOf,
  begin,
  caseLog,
  deviceIdFor,
  entryOf,
  firstHeader,
  headerWith,
  historyOf,
  keyIdFor,
  logIdFor,
  writerOf,
} from "./testing/entries.ts";

const hashes = (...entries: readonly SealedEntry[]): readonly EntryHash[] => entries.map(({ hash }) => hash);
const newerEntry = (name: string): Received => {
  const parsed = parseEntry(encodeCbor([encodeCbor([2, 1, name]), new Uint8Array(9), new Uint8Array(64)]));
  if (!parsed.ok) throw new Error("The test's own entry must be readable.");
  return parsed.value;
};

/** Nour begins a case; Nour and Azad write after each other. */
const twoWriters = () => {
  const nour = writerOf("Nour");
  const azad = writerOf("Azad");
  const first = begin(nour);
  azad.learn(first);
  return { nour, azad, first };
};

describe("whose word an entry is", () => {
  const { nour, azad, first } = twoWriters();
  const one = nour.write();
  const two = nour.write();
  azad.learn(one, two);
  const other = azad.write();

  it("is its author's when its signature verifies", () => {
    expect(review(historyOf(first, one)).counted).toEqual(hashes(first, one));
  });

  it("is its author's when an authentic entry of the same device names it as the one before", () => {
    const reviewed = review(historyOf(first, arrivalOf(one, "unchecked"), two));
    expect(reviewed.counted).toEqual(hashes(first, one, two));
    expect(review(historyOf(first, arrivalOf(one, "refused"), two)).unauthentic.size).toBe(0);
  });

  it("is nobody's because someone else names it as a parent", () => {
    const reviewed = review(historyOf(first, one, arrivalOf(two, "refused"), other));
    expect([...reviewed.unauthentic]).toEqual(hashes(two));
    expect(reviewed.counted).toEqual(hashes(first, one));
    expect([...reviewed.barred]).toEqual(hashes(other));
  });

  it("is not vouched for by another member who uses the same device id", () => {
    const forged = entryOf(two.header, "forged");
    const colluding = entryOf({ ...two.header, author: keyIdFor("Rami"), counter: 4, previous: forged.hash });
    const reviewed = review(historyOf(first, one, arrivalOf(forged, "refused"), colluding));
    expect([...reviewed.unauthentic]).toEqual(hashes(forged));
    expect(reviewed.findings.get(colluding.hash)).toBe("PreviousOfAnother");
  });

  it("does not depend on whether the spoiled or the good copy comes first", () => {
    const spoiled = arrivalOf({ ...one, signature: new Uint8Array(64) }, "refused");
    for (const arrivals of [
      [spoiled, arrivalOf(one)],
      [arrivalOf(one), spoiled],
    ]) {
      const history = historyOf(first, ...arrivals);
      expect(history.held.get(one.hash)).toEqual({ entry: one, verdict: "verified" });
    }
  });

  it("keeps the same copy of two equally good ones, whichever comes first", () => {
    const copies = [1, 2].map((byte) => arrivalOf({ ...one, signature: new Uint8Array(64).fill(byte) }));
    const [a, b] = [historyOf(...copies), historyOf(...copies.toReversed())];
    expect(a.held).toEqual(b.held);
  });
});

describe("adding entries", () => {
  const { nour, first } = twoWriters();
  const one = nour.write();

  it("refuses what belongs to another log", () => {
    const elsewhere = entryOf(firstHeader({ logId: logIdFor("another") }));
    const kind = entryOf(firstHeader({ logKind: "organisation", organisationHead: undefined }));
    const added = addEntries(emptyHistory(caseLog, "case"), [arrivalOf(elsewhere), arrivalOf(kind), arrivalOf(first)]);
    expect(added.refused.map(({ why }) => why)).toEqual(["OtherLog", "OtherLog"]);
    expect([...added.history.held.keys()]).toEqual(hashes(first));
  });

  it("refuses more than a log may hold, and still takes what it has already", () => {
    const full = {
      ...historyOf(first),
      newer: new Map(
        Array.from({ length: 99_999 }, (_, n) => [
          `${n}` as EntryHash,
          { hash: `${n}` as EntryHash, bytes: new Uint8Array() },
        ]),
      ),
    };
    const added = addEntries(full, [
      arrivalOf(one),
      arrivalOf(first),
      { received: newerEntry("a"), verdict: "unchecked" },
    ]);
    expect(added.refused.map(({ why }) => why)).toEqual(["LogFull", "LogFull"]);
  });

  it("keeps a body that comes after its husk", () => {
    const husk = { ...one, ciphertext: undefined };
    for (const order of [
      [husk, one],
      [one, husk],
    ])
      expect(historyOf(first, ...order).held.get(one.hash)?.entry.ciphertext).toEqual(one.ciphertext);
  });
});

describe("what an entry names", () => {
  it("is waited for, and asked for", () => {
    const { nour, first } = twoWriters();
    const [one, two] = [nour.write(), nour.write()];
    const reviewed = review(historyOf(first, two));
    expect(reviewed.counted).toEqual(hashes(first));
    expect([...reviewed.waiting]).toEqual(hashes(two));
    expect([...reviewed.missing]).toEqual(hashes(one));
    expect(reviewed.heads).toEqual(hashes(first));
  });

  it("is not asked for on the word of a forged entry", () => {
    const { first } = twoWriters();
    const forged = entryOf(headerWith({ control: first.hash, parents: [keyIdFor("junk") as unknown as EntryHash] }));
    expect(review(historyOf(first, arrivalOf(forged, "refused"))).missing.size).toBe(0);
  });

  it("may be of the future: it is there, unread, and those after it count", () => {
    const { nour, azad, first } = twoWriters();
    const future = newerEntry("future");
    const parents = [future.entry.hash];
    const after = entryOf({ ...nour.write().header, control: first.hash, previous: first.hash, parents });
    const history = historyOf(first, { received: future, verdict: "unchecked" }, after);
    const reviewed = review(history);
    expect(reviewed.counted).toEqual(hashes(first, after));
    expect(reviewed.newer).toEqual(parents);
    expect(reviewed.missing.size).toBe(0);
    expect(azad.known().newer.size).toBe(0);
  });

  it("must be its own device's entry with the counter before, where it is named as previous", () => {
    const { nour, azad, first } = twoWriters();
    const one = nour.write();
    azad.learn(one);
    const his = azad.write();
    for (const wrong of [
      entryOf({ ...his.header, counter: 2, previous: one.hash, parents: [] }),
      entryOf({ ...one.header, counter: 5, previous: first.hash, parents: [] }),
    ]) {
      const reviewed = review(historyOf(first, one, wrong));
      expect(reviewed.findings.get(wrong.hash)).toBe("PreviousOfAnother");
      expect(reviewed.counted).toEqual(hashes(first, one));
    }
  });

  it("must be a control entry where it is named as control", () => {
    const { nour, first } = twoWriters();
    const one = nour.write();
    const wrong = entryOf(headerWith({ author: keyIdFor("Azad"), control: one.hash }));
    expect(review(historyOf(first, one, wrong)).findings.get(wrong.hash)).toBe("ControlNotControl");
  });

  it("must not be of a later epoch than its own control entry", () => {
    const { nour, azad, first } = twoWriters();
    const second = nour.write({ kind: "control" });
    const third = nour.write();
    const wrong = entryOf({ ...azad.write().header, parents: [third.hash] });
    const reviewed = review(historyOf(first, second, third, wrong));
    expect(reviewed.findings.get(wrong.hash)).toBe("ControlBehind");
    expect(reviewed.counted).toEqual(hashes(first, second, third));
  });
});

describe("the control line", () => {
  it("goes from each control entry to the one that names it", () => {
    const { nour, azad, first } = twoWriters();
    const second = nour.write({ kind: "control" });
    azad.learn(second);
    const third = azad.write({ kind: "control" });
    const reviewed = review(historyOf(third, first, second));
    expect(reviewed.controlLine).toEqual(hashes(first, second, third));
    expect(reviewed.heads).toEqual(hashes(third));
  });

  const forked = () => {
    const { nour, azad, first } = twoWriters();
    const hers = nour.write({ kind: "control" });
    const his = azad.write({ kind: "control" });
    const after = nour.write();
    return { first, hers, his, after };
  };

  it("ends before two entries that follow the same one", () => {
    const { first, hers, his, after } = forked();
    const reviewed = review(historyOf(first, hers, his, after));
    expect(reviewed.forks).toEqual([{ after: first.hash, entries: [hers.hash, his.hash].sort() }]);
    expect(reviewed.controlLine).toEqual(hashes(first));
    expect(reviewed.counted).toEqual(hashes(first));
    expect(reviewed.barred).toEqual(new Set(hashes(hers, his, after)));
  });

  it("keeps the branch that the device had accepted before", () => {
    const { first, hers, his, after } = forked();
    const reviewed = review(historyOf(first, hers, his, after), { accepted: hers.hash });
    expect(reviewed.forks).toHaveLength(1);
    expect(reviewed.counted).toEqual(hashes(first, hers, after));
    expect([...reviewed.barred]).toEqual(hashes(his));
  });

  it("has no line when a log has two beginnings", () => {
    const [one, other] = [entryOf(firstHeader(), "one"), entryOf(firstHeader(), "other")];
    const reviewed = review(historyOf(one, other));
    expect(reviewed.forks).toEqual([{ after: undefined, entries: [one.hash, other.hash].sort() }]);
    expect(reviewed.counted).toEqual([]);
  });

  it("is not forked by an entry that nobody signed", () => {
    const { first, hers, his } = forked();
    const reviewed = review(historyOf(first, hers, arrivalOf(his, "refused")));
    expect(reviewed.forks).toEqual([]);
    expect(reviewed.counted).toEqual(hashes(first, hers));
  });

  it("goes on after an entry that nobody signed and that the server put into it, which counts for nothing", () => {
    const { nour, first } = twoWriters();
    const junk = entryOf(headerWith({ kind: "control", author: keyIdFor("Azad"), control: first.hash }));
    const history = historyOf(first, arrivalOf(junk, "refused"));
    const links = nextLinks(history, review(history), first.hash, junk.hash);
    expect(links.control).toBe(junk.hash);
    expect(nextLinks(history, review(history), first.hash).control).toBe(first.hash);
    const hers = nour.write({ kind: "control", control: junk.hash });
    const reviewed = review(historyOf(first, arrivalOf(junk, "refused"), hers));
    expect(reviewed.controlLine).toEqual(hashes(first, junk, hers));
    expect(reviewed.counted).toEqual(hashes(first, hers));
    expect([...reviewed.voided]).toEqual(hashes(junk));
  });

  it("goes on after a member's entry that names a forged parent, and after one with a finding", () => {
    const { nour, first } = twoWriters();
    const forged = entryOf(headerWith({ author: keyIdFor("Rami"), control: first.hash }));
    const azads = headerWith({ kind: "control", author: keyIdFor("Azad"), control: first.hash });
    for (const bad of [
      entryOf({ ...azads, parents: [forged.hash] }),
      entryOf({ ...azads, counter: 9, previous: first.hash }),
    ]) {
      const hers = nour.write({ kind: "control", control: bad.hash, previous: first.hash, counter: 2, parents: [] });
      const reviewed = review(historyOf(first, arrivalOf(forged, "refused"), bad, hers));
      expect(reviewed.counted).toEqual(hashes(first, hers));
      expect([...reviewed.voided]).toEqual(hashes(bad));
      expect(reviewed.forks).toEqual([]);
    }
  });

  it("is not followed to a tip that does not come after it", () => {
    const { nour, first } = twoWriters();
    const content = nour.write();
    const history = historyOf(first, content);
    for (const tip of [content.hash, keyIdFor("unknown") as unknown as EntryHash])
      expect(nextLinks(history, review(history), first.hash, tip).control).toBe(first.hash);
  });
});

describe("equivocation", () => {
  it("sets aside that device from the doubled counter on, and nobody else", () => {
    const { nour, azad, first } = twoWriters();
    const one = nour.write();
    const two = nour.write({}, "to some");
    azad.learn(one, two);
    const his = azad.write();
    // One that is named before his, though what counts comes first.
    const others = Array.from({ length: 99 }, (_, at) => entryOf(two.header, `to others ${at}`));
    const otherTwo = others.find(({ hash }) => hash < his.hash) ?? two;
    expect(otherTwo).not.toBe(two);
    const three = nour.write();
    const history = historyOf(first, one, two, otherTwo, three, his);
    const reviewed = review(history);
    const { parents } = nextLinks(history, reviewed, undefined);
    expect(parents).toEqual(hashes(his, otherTwo, three).toSorted());
    expect(reviewed.equivocations).toEqual([
      {
        author: keyIdFor("Nour"),
        device: deviceIdFor("Nour's phone"),
        counter: 3,
        entries: hashes(two, otherTwo).toSorted(),
      },
    ]);
    expect(reviewed.quarantined).toEqual(new Set(hashes(two, otherTwo, three)));
    expect(reviewed.counted).toEqual(hashes(first, one, his));
    // Whoever goes on has seen what it says: it is named, so that its careful half can be answered.
    expect(reviewed.heads).toEqual([his.hash, ...hashes(otherTwo, three).toSorted()]);
    expect(new Set(reviewed.asideInOrder)).toEqual(new Set(hashes(two, otherTwo, three)));
  });

  it("lets nothing count on that is set aside for another reason too", () => {
    const { nour, first } = twoWriters();
    const two = nour.write({}, "to some");
    const otherTwo = entryOf(two.header, "to others");
    const history = historyOf(first, two, otherTwo);
    const reviewed = review(history, { setAside: new Set(hashes(two, otherTwo)) });
    expect(reviewed.asideInOrder).toEqual([]);
    expect(reviewed.heads).toEqual(hashes(first));
    // Where that reason is in doubt it may be asked for, and is no head all the same.
    const inDoubt = new Set(hashes(two));
    const doubted = review(history, { setAside: new Set(hashes(two, otherTwo)), inDoubt });
    expect([doubted.asideInOrder, doubted.heads]).toEqual([hashes(two), hashes(first)]);
  });

  it("is not proved by an entry that nobody signed", () => {
    const { nour, first } = twoWriters();
    const one = nour.write();
    const forged = arrivalOf(entryOf(one.header, "forged"), "refused");
    const reviewed = review(historyOf(first, one, forged));
    expect(reviewed.equivocations).toEqual([]);
    expect(reviewed.counted).toEqual(hashes(first, one));
  });

  it("of a member who uses a colleague's device id touches the member alone", () => {
    const { nour, first } = twoWriters();
    const one = nour.write();
    const theirs = headerWith({ author: keyIdFor("Rami"), control: first.hash });
    const [a, b] = [entryOf(theirs, "a"), entryOf(theirs, "b")];
    const reviewed = review(historyOf(first, one, a, b));
    expect(reviewed.quarantined).toEqual(new Set(hashes(a, b)));
    expect(reviewed.counted).toEqual(hashes(first, one));
  });

  it("is counted from the first doubled counter, and for each device by itself", () => {
    const { nour, first } = twoWriters();
    const [one, two] = [nour.write(), nour.write()];
    const doubles = [entryOf(two.header, "x"), entryOf(one.header, "x")];
    const rami = headerWith({ author: keyIdFor("Rami"), device: deviceIdFor("Rami's phone"), control: first.hash });
    const ramis = [entryOf(rami, "a"), entryOf(rami, "b"), entryOf(rami, "c")];
    const found = review(historyOf(first, two, one, ...doubles, ...ramis)).equivocations;
    expect(found.map(({ counter, entries }) => [counter, entries.length]).sort()).toEqual([
      [1, 3],
      [2, 2],
    ]);
  });
});

describe("a cut", () => {
  it("holds everything before it, and the caller sets aside the rest", () => {
    const { nour, azad, first } = twoWriters();
    const his = azad.write();
    nour.learn(his);
    const hers = nour.write();
    const late = azad.write();
    const history = historyOf(first, his, hers, late);
    expect(pastOf(history, [hers.hash])).toEqual(new Set(hashes(first, his, hers)));
    expect(pastOf(history, [keyIdFor("unknown") as unknown as EntryHash]).size).toBe(0);
    const reviewed = review(history, { setAside: new Set([late.hash]) });
    expect(reviewed.counted).toEqual(hashes(first, his, hers));
    expect([...reviewed.quarantined]).toEqual(hashes(late));
    expect(reviewed.heads).toEqual(hashes(hers));
  });
});

type Step = { readonly who: number; readonly learns: number; readonly isControl: boolean; readonly mischief: number };

/** A random history of three devices that learn from one another now and then, with some mischief in it. */
const randomHistory = (steps: readonly Step[]): readonly Arrival[] => {
  const writers = ["Nour", "Azad", "Rami"].map((name) => writerOf(name));
  const [chair] = writers;
  const first = begin(chair as (typeof writers)[number]);
  for (const writer of writers) writer.learn(first);
  const written: SealedEntry[] = [first];
  const arrivals: Arrival[] = [arrivalOf(first)];
  for (const { who, learns, isControl, mischief } of steps) {
    const writer = writers[who % 3] as (typeof writers)[number];
    writer.learn(...written.slice(0, learns % (written.length + 1)));
    const isLine = isControl && who % 3 === 0;
    const entry = writer.write(isLine ? { kind: "control" } : {});
    written.push(entry);
    // Now and then a spoiled copy, a forgery, or the same counter twice.
    if (mischief === 1) arrivals.push(arrivalOf({ ...entry, signature: new Uint8Array(64) }, "refused"));
    if (mischief === 2) arrivals.push(arrivalOf(entryOf(entry.header, "forged"), "refused"));
    if (mischief === 3) arrivals.push(arrivalOf(entryOf(entry.header, "double"), "verified"));
    arrivals.push(arrivalOf(entry, mischief === 4 ? "unchecked" : "verified"));
  }
  return arrivals;
};

const anySteps = fc.array(
  fc.record({
    who: fc.nat(2),
    learns: fc.nat(40),
    isControl: fc.boolean(),
    mischief: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(4) }),
  }),
  { maxLength: 25 },
);

describe("property: any history", () => {
  const shuffled = <T>(items: readonly T[], seed: number): readonly T[] =>
    items
      .map((item, index) => ({ item, key: Math.sin(seed * 9973 + index * 7919) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);

  it("ends in the same whether read one by one, in batches, or in another order", () => {
    fc.assert(
      fc.property(anySteps, fc.nat(1000), fc.integer({ min: 1, max: 7 }), (steps, seed, size) => {
        const arrivals = randomHistory(steps);
        const atOnce = review(historyOf(...arrivals));
        let oneByOne = emptyHistory(caseLog, "case");
        for (const each of shuffled(arrivals, seed)) oneByOne = addEntries(oneByOne, [each]).history;
        let batches = emptyHistory(caseLog, "case");
        const other = shuffled(arrivals, seed + 1);
        for (let at = 0; at < other.length; at += size)
          batches = addEntries(batches, other.slice(at, at + size)).history;
        expect(review(oneByOne)).toEqual(atOnce);
        expect(review(batches)).toEqual(atOnce);
      }),
      { numRuns: 60 },
    );
  });

  it("is folded in an order in which everything follows what it names", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const history = historyOf(...randomHistory(steps));
        const { counted } = review(history);
        const places = new Map(counted.map((hash, index) => [hash, index]));
        for (const hash of counted) {
          const past = [...pastOf(history, [hash])].filter((each) => each !== hash);
          for (const each of past) expect(places.get(each) ?? -1).toBeLessThan(places.get(hash) ?? -1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("loses no authentic entry: each is counted, set aside, waiting, or marked", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const history = historyOf(...randomHistory(steps));
        const r = review(history);
        const said = new Set([
          ...r.counted,
          ...r.quarantined,
          ...r.waiting,
          ...r.barred,
          ...r.voided,
          ...r.unauthentic,
        ]);
        expect(said.size).toBe(history.held.size);
      }),
      { numRuns: 60 },
    );
  });
});

describe("what was signed by somebody who is nobody any more", () => {
  /** Dilan was brought by what has been passed over since: one device has verified her, another never can. */
  const meanwhile = () => {
    const { azad, first } = twoWriters();
    const dilan = writerOf("Dilan");
    dilan.learn(first);
    const one = dilan.write();
    azad.learn(one);
    const his = azad.write();
    return { first, one, his };
  };
  const readTwice = (entries: readonly SealedEntry[], ...ofNobody: readonly SealedEntry[]) => {
    const settings = { ofNobody: new Set(hashes(...ofNobody)) };
    const verdictOf = (entry: SealedEntry) => (ofNobody.includes(entry) ? "unchecked" : "verified");
    const [knowing, other] = [
      review(historyOf(...entries), settings),
      review(historyOf(...entries.map((entry) => arrivalOf(entry, verdictOf(entry)))), settings),
    ];
    const { counted, heads, controlLine, barred, waiting, missing } = knowing;
    expect(other).toMatchObject({ counted, heads, controlLine, barred, waiting, missing });
    return knowing;
  };

  it("counts for nothing on any device, and bars nobody who goes on from it", () => {
    const { first, one, his } = meanwhile();
    const reviewed = readTwice([first, one, his], one);
    expect(reviewed.counted).toEqual(hashes(first, his));
    expect([...reviewed.ofNobody]).toEqual(hashes(one));
    expect(reviewed.heads).toEqual(hashes(his));
    // Not so where the caller does not say so: nobody goes on from what nobody has signed.
    const plain = review(historyOf(first, arrivalOf(one, "unchecked"), his));
    expect([plain.counted, [...plain.barred]]).toEqual([hashes(first), hashes(his)]);
  });

  it("keeps what follows it in order, and makes it wait for what is not here", () => {
    const { nour, azad, first } = twoWriters();
    const dilan = writerOf("Dilan");
    const before = nour.write();
    dilan.learn(first, before);
    const between = dilan.write();
    // So that the smaller hash alone would put it first.
    azad.learn(between);
    const after = Array.from({ length: 99 }, (_, at) => writerOf("Azad", `phone ${at}`))
      .map((writer) => {
        writer.learn(first, between);
        return writer.write({ parents: [between.hash] });
      })
      .find(({ hash }) => hash < before.hash);
    if (after === undefined) throw new Error("One of so many comes before.");
    const reviewed = readTwice([first, before, between, after], between);
    expect(reviewed.counted).toEqual(hashes(first, before, after));
    const lacking = readTwice([first, after, between], between);
    expect(lacking.counted).not.toContain(after.hash);
    expect([...lacking.missing]).toContain(before.hash);
  });

  it("holds a place in the line once somebody has written under it, and forks none by itself", () => {
    const { nour, azad, first } = twoWriters();
    const dilan = writerOf("Dilan");
    dilan.learn(first);
    const begun = dilan.write({ kind: "control", keyCommitment: new Uint8Array(32).fill(3) });
    const honest = nour.write({ kind: "control", keyCommitment: new Uint8Array(32).fill(4) });
    expect(readTwice([first, begun, honest], begun).controlLine).toEqual(hashes(first, honest));
    azad.learn(begun);
    const under = azad.write();
    const reviewed = readTwice([first, begun, under], begun);
    expect(reviewed.controlLine).toEqual(hashes(first, begun));
    expect(reviewed.counted).toEqual(hashes(first, under));
  });
});
