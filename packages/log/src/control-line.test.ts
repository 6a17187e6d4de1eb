/** An entry stands where its own control entry stands, and names nothing that came later in the line. */

import { describe, expect, it } from "vitest";
import { review, type EntryHash, type SealedEntry } from "./index.ts";
import { begin, deviceIdFor, entryOf, headerWith, historyOf, keyIdFor, writerOf } from "./testing/entries.ts";

const hashes = (...entries: readonly SealedEntry[]): readonly EntryHash[] => entries.map(({ hash }) => hash);

/** A case with three epochs, of which Nour began each and wrote in the last. */
const threeEpochs = () => {
  const nour = writerOf("Nour");
  const first = begin(nour);
  const second = nour.write({ kind: "control" });
  const third = nour.write({ kind: "control" });
  const last = nour.write();
  const azads = headerWith({ author: keyIdFor("Azad"), device: deviceIdFor("Azad's phone") });
  return { first, second, third, last, azads };
};

describe("an entry under an earlier epoch than what it names", () => {
  it("never counts, in whatever epoch it is", () => {
    const { first, second, third, last, azads } = threeEpochs();
    for (const control of hashes(first, second)) {
      const behind = entryOf({ ...azads, control, parents: [last.hash] });
      const reviewed = review(historyOf(first, second, third, last, behind));
      expect(reviewed.findings).toEqual(new Map([[behind.hash, "ControlBehind"]]));
      expect(reviewed.counted).toEqual(hashes(first, second, third, last));
    }
  });

  it("never counts where it names the very control entry that began the later epoch", () => {
    const { first, second, third, last, azads } = threeEpochs();
    for (const [control, parent] of [
      [first, second],
      [second, third],
    ] as const) {
      const behind = entryOf({ ...azads, control: control.hash, parents: [parent.hash] });
      const reviewed = review(historyOf(first, second, third, last, behind));
      expect(reviewed.findings).toEqual(new Map([[behind.hash, "ControlBehind"]]));
    }
  });

  it("counts where what it names is of its own epoch or of one before", () => {
    const { first, second, third, last, azads } = threeEpochs();
    const parents = hashes(second, last).toSorted();
    const beside = entryOf({ ...azads, control: third.hash, parents });
    const reviewed = review(historyOf(first, second, third, last, beside));
    expect(reviewed.findings.size).toBe(0);
    expect(reviewed.counted).toEqual(hashes(first, second, third, last, beside));
  });
});
