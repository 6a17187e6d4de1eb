/** Whose word an entry is, and what one device said twice: as little as must be is set aside for it, on every device alike. */

import { describe, expect, it } from "vitest";
import { review, type EntryHash, type SealedEntry } from "./index.ts";
import {
  arrivalOf,
  begin,
  deviceIdFor,
  entryOf,
  headerWith,
  historyOf,
  keyIdFor,
  writerOf,
} from "./testing/entries.ts";

const hashes = (...entries: readonly SealedEntry[]): readonly EntryHash[] => entries.map(({ hash }) => hash);

/** Nour begins a case; what a person of it writes first follows her beginning. */
const begun = () => {
  const nour = writerOf("Nour");
  const first = begin(nour);
  const firstOf = (person: string, device: string) =>
    headerWith({ author: keyIdFor(person), device: deviceIdFor(device), control: first.hash });
  return { nour, first, firstOf };
};

describe("whose word an entry is", () => {
  it("is not vouched for by another device of the same person", () => {
    const { nour, first } = begun();
    const header = { ...nour.write().header };
    const forged = entryOf(header, "forged");
    const onTheTablet = entryOf({
      ...header,
      device: deviceIdFor("Nour's tablet"),
      counter: header.counter + 1,
      previous: forged.hash,
    });
    const reviewed = review(historyOf(first, arrivalOf(forged, "refused"), onTheTablet));
    expect([...reviewed.unauthentic]).toEqual(hashes(forged));
    expect(reviewed.findings.get(onTheTablet.hash)).toBe("PreviousOfAnother");
    expect(reviewed.counted).toEqual(hashes(first));
  });
});

describe("what one device said twice", () => {
  it("is told from its first doubled counter, whichever arrived first", () => {
    const { nour, first } = begun();
    const [one, two] = [nour.write(), nour.write()];
    const doubles = [one, two].flatMap((entry) => [entry, entryOf(entry.header, "double")]);
    for (const arrived of [doubles, doubles.toReversed()]) {
      const reviewed = review(historyOf(first, ...arrived));
      expect(reviewed.equivocations.map(({ counter }) => counter)).toEqual([one.header.counter]);
      expect(reviewed.quarantined).toEqual(new Set(hashes(...doubles)));
      expect(reviewed.counted).toEqual(hashes(first));
    }
  });

  it("is told in one order of persons and of their devices, whichever arrived first", () => {
    const { first, firstOf } = begun();
    const chains = ["Rami", "Azad", "Dilan"].flatMap((person) =>
      ["the clinic's tablet", "the office's computer", "a phone"].map((device) => firstOf(person, device)),
    );
    const doubles = chains.flatMap((header) => [entryOf(header, "to some"), entryOf(header, "to others")]);
    const inOrder = chains.map(({ author, device }) => `${author}${device}`).toSorted();
    for (const arrived of [doubles, doubles.toReversed()]) {
      const { equivocations } = review(historyOf(first, ...arrived));
      expect(equivocations.map(({ author, device }) => `${author}${device}`)).toEqual(inOrder);
    }
  });

  it("is no content because a control entry of that device has the same counter: the content counts", () => {
    const { nour, first } = begun();
    const said = nour.write();
    const kept = entryOf({ ...said.header, kind: "control" });
    const reviewed = review(historyOf(first, said, kept));
    expect(reviewed.equivocations).toEqual([]);
    expect(reviewed.quarantined.size).toBe(0);
    expect(new Set(reviewed.counted)).toEqual(new Set(hashes(first, said, kept)));
  });

  it("sets aside none of that device's control entries: those after it stand", () => {
    const { nour, first } = begun();
    const said = nour.write();
    const double = entryOf(said.header, "double");
    const epoch = nour.write({ kind: "control" });
    const after = nour.write();
    const reviewed = review(historyOf(first, said, double, epoch, after));
    expect(reviewed.quarantined).toEqual(new Set(hashes(said, double, after)));
    expect(reviewed.counted).toEqual(hashes(first, epoch));
  });
});

describe("a control entry whose counter the line has seen from that device", () => {
  /** Every header names the one before it in the line, and Nour's entry of the counter before as previous. */
  const lineOf = (...counters: readonly number[]) => {
    const { nour, first } = begun();
    const contents = Array.from({ length: Math.max(...counters) }, () => nour.write({ control: first.hash }));
    const chain = [first, ...contents];
    const line: SealedEntry[] = [];
    for (const counter of counters) {
      const control = line.at(-1)?.hash ?? first.hash;
      const previous = chain[counter - 2]?.hash;
      line.push(entryOf(headerWith({ kind: "control", control, counter, previous }), `control ${line.length}`));
    }
    return { line, reviewed: review(historyOf(first, ...contents, ...line)) };
  };
  const asideOf = ({ line, reviewed }: ReturnType<typeof lineOf>): readonly boolean[] =>
    line.map(({ hash }) => reviewed.saidTwice.has(hash) && !reviewed.counted.includes(hash));

  it("is set aside where it repeats that counter, and the earlier one stands", () => {
    expect(asideOf(lineOf(2, 2, 3))).toEqual([false, true, false]);
  });

  it("is set aside where it goes back behind that counter, and so is what follows until the counter goes on", () => {
    expect(asideOf(lineOf(4, 2, 3, 4, 5))).toEqual([false, true, true, true, false]);
  });

  it("keeps its place in the line, so that what others wrote after it stands", () => {
    const { line, reviewed } = lineOf(3, 2, 4);
    expect(reviewed.controlLine.slice(1)).toEqual(hashes(...line));
    expect(reviewed.findings.size).toBe(0);
  });

  it("stands where the counter is that of another device, or of a colleague", () => {
    const { first, firstOf } = begun();
    const line = [firstOf("Nour", "Nour's tablet"), firstOf("Azad", "Nour's phone")].reduce<readonly SealedEntry[]>(
      (before, header) => [
        ...before,
        entryOf({ ...header, kind: "control", control: before.at(-1)?.hash ?? first.hash }),
      ],
      [first],
    );
    const reviewed = review(historyOf(...line));
    expect(reviewed.saidTwice.size).toBe(0);
    expect(reviewed.counted).toEqual(hashes(...line));
  });
});
