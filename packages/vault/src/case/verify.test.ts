/** Whose word an entry is: told by few signatures, and the same as by all of them. */

import { addEntries, concat, emptyHistory, fromAscii, review, type EntryHash, type Received } from "@amana/log";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { inBatches, atOnceMax } from "../batches.ts";
import { verifyEntry } from "../seal.ts";
import { beginEpoch, makeWorld, noted, type TestLog, type World } from "../testing/world.ts";
import type { CaseSource } from "./content.ts";
import { arrivalsOf } from "./verify.ts";

let world: World;
let log: TestLog;

/** Two people who write in turns: a chain of each. */
beforeAll(async () => {
  world = await makeWorld();
  log = world.openCase("chains");
  await beginEpoch(log, world.rojin, [world.rojin, world.nour]);
  for (let count = 0; count < 6; count++)
    await log.write(count % 2 === 0 ? world.rojin : world.nour, noted(`note ${count}`));
});

const spoiled = ({ kind, entry }: Received): Received =>
  kind === "entry"
    ? { kind, entry: { ...entry, signature: concat(fromAscii("x"), entry.signature.slice(1)) } }
    : { kind, entry };

/** The source, and how many times an author's key has been asked for: once for each signature that is verified. */
const countingSource = async (entries: readonly Received[]): Promise<{ source: CaseSource; asked: () => number }> => {
  const organisation = await world.readOrganisation();
  let count = 0;
  const { personByKeyEver } = organisation.current;
  const counting = new Map(personByKeyEver);
  counting.get = (key) => {
    count++;
    return personByKeyEver.get(key);
  };
  const current = { ...organisation.current, personByKeyEver: counting };
  const source = { logId: log.logId, entries, organisation: { ...organisation, current }, keyOf: log.keyOf };
  return { source, asked: () => count };
};

const authenticAmong = (arrivals: Awaited<ReturnType<typeof arrivalsOf>>): ReadonlySet<EntryHash> => {
  const { history } = addEntries(emptyHistory(log.logId, "case"), arrivals);
  const { unauthentic } = review(history);
  return new Set([...history.held.keys()].filter((hash) => !unauthentic.has(hash)));
};

describe("a case of two people's devices", () => {
  it("is believed by two signatures, one at the end of each device's chain", async () => {
    const { source, asked } = await countingSource(log.entries);
    expect(authenticAmong(await arrivalsOf(source)).size).toBe(7);
    expect(asked()).toBe(2);
  });

  it("is asked one entry further back for each that does not hold", async () => {
    const entries = log.entries.map((received, at) => (at >= 5 ? spoiled(received) : received));
    const { source, asked } = await countingSource(entries);
    expect(authenticAmong(await arrivalsOf(source)).size).toBe(5);
    expect(asked()).toBe(4);
  });

  it("believes nobody's entry because another person's entry names it", async () => {
    const other = world.openCase("another's");
    const first = await beginEpoch(other, world.rojin, [world.rojin, world.nour]);
    await other.write(world.nour, noted("names Rojin's entry as her own"), {
      header: { previous: first.hash, counter: 2 },
    });
    const { source, asked } = await countingSource(other.entries);
    const { history } = addEntries(
      emptyHistory(other.logId, "case"),
      await arrivalsOf({ ...source, logId: other.logId }),
    );
    expect(review(history).unauthentic.size).toBe(0);
    expect(asked()).toBe(2);
  });

  it("asks for no signature that this device has verified before", async () => {
    const { source, asked } = await countingSource(log.entries);
    const verifiedBefore = new Set(log.entries.map(({ entry }) => entry.hash));
    expect(authenticAmong(await arrivalsOf({ ...source, verifiedBefore })).size).toBe(7);
    expect(asked()).toBe(0);
  });

  it("keeps, of two copies of an entry, the one whose signature holds", async () => {
    const middle = log.entries[2];
    if (middle === undefined) throw new Error("The case has seven entries.");
    for (const entries of [
      [spoiled(middle), ...log.entries],
      [...log.entries, spoiled(middle)],
    ]) {
      const { source } = await countingSource(entries);
      const { history } = addEntries(emptyHistory(log.logId, "case"), await arrivalsOf(source));
      const kept = history.held.get(middle.entry.hash);
      expect(kept?.verdict).toBe("verified");
      expect(kept?.entry).toEqual(middle.entry);
    }
  });
});

describe("property: entries that came in any order, some missing, doubled or with spoiled signatures", () => {
  it("are believed exactly as if every signature had been verified (entry.md §5)", async () => {
    const fates = fc.array(fc.constantFrom("whole", "spoiled", "missing", "both"), { minLength: 7, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(fates, fc.nat(6), async (told, turn) => {
        const came = log.entries.flatMap((received, at) => {
          const fate = told[at];
          if (fate === "missing") return [];
          return fate === "both" ? [received, spoiled(received)] : [fate === "spoiled" ? spoiled(received) : received];
        });
        const entries = [...came.slice(turn), ...came.slice(0, turn)];
        const { source } = await countingSource(entries);
        const everyOne = await Promise.all(
          entries.map(async (received) => {
            const by =
              received.kind === "entry"
                ? [world.rojin, world.nour].find(
                    ({ identityKey }) => identityKey.keyId === received.entry.header.author,
                  )
                : undefined;
            const isVerified =
              received.kind === "entry" && by !== undefined && (await verifyEntry(received.entry, by.identityKey));
            return { received, verdict: isVerified ? "verified" : "refused" } as const;
          }),
        );
        expect(authenticAmong(await arrivalsOf(source))).toEqual(authenticAmong(everyOne));
      }),
      { numRuns: 60 },
    );
  });
});

describe("questions in batches", () => {
  it("are answered in the order they were asked, a limited number at once", async () => {
    const items = Array.from({ length: 3 * atOnceMax + 5 }, (_, item) => item);
    let [under, most] = [0, 0];
    const answers = await inBatches(items, async (item) => {
      most = Math.max(most, ++under);
      // Later ones of a batch answer first.
      for (let turns = atOnceMax - (item % atOnceMax); turns > 0; turns--) await Promise.resolve();
      under--;
      return item * 2;
    });
    expect(answers).toEqual(items.map((item) => item * 2));
    expect(most).toBe(atOnceMax);
  });
});
