/** What the author of an entry had seen (docs/formats/entry.md §5), and how the device keeps it. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { entryHashOf, fromAscii, sha256, type EntryHash, type History, type SealedEntry } from "@amana/log";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceStoreExample } from "../testing/worked-example.ts";
import { headsAmong, makeSeen, seenLinksOf, seenNodes } from "./seen.ts";

const named = (name: string): EntryHash => {
  const hash = entryHashOf(sha256(fromAscii(name)));
  if (hash === undefined) throw new Error("A digest is a hash.");
  return hash;
};

type Given = {
  readonly kind?: "content" | "control";
  readonly previous?: string;
  readonly parents?: readonly string[];
  readonly control?: string;
};

/** Only what this question asks of an entry. */
const historyOf = (given: Readonly<Record<string, Given>>): History => {
  const held = new Map(
    Object.entries(given).map(([name, { kind = "content", previous, parents = [], control }]) => {
      const header = {
        kind,
        previous: previous === undefined ? undefined : named(previous),
        parents: parents.map(named),
        control: control === undefined ? undefined : named(control),
      };
      const entry = { hash: named(name), header } as unknown as SealedEntry;
      return [named(name), { entry, verdict: "verified" as const }];
    }),
  );
  return { held } as unknown as History;
};

const pastIn = (given: Readonly<Record<string, Given>>, name: string): readonly string[] => {
  const history = historyOf(given);
  const seen = makeSeen(seenNodes(history));
  const header = history.held.get(named(name))?.entry.header;
  if (header === undefined) throw new Error("The test asks for an entry that it did not give.");
  const past = seen.pastOf(seenLinksOf(header));
  return Object.keys(given).filter((each) => past.has(named(each)));
};

describe("what an author had seen", () => {
  it("is what follows by previous and parents", () => {
    const given = { a: {}, b: {}, c: { previous: "a", parents: ["b"] }, d: { previous: "c" } };
    expect(pastIn(given, "d")).toEqual(["a", "b", "c"]);
    expect(pastIn(given, "a")).toEqual([]);
  });

  it("is nothing through a control link, and nothing through the parents of a control entry", () => {
    const given = {
      theirs: {},
      mine: {},
      epoch: { kind: "control", previous: "mine", parents: ["theirs"] },
      next: { previous: "epoch", control: "epoch" },
      other: { control: "epoch" },
    } as const;
    expect(pastIn(given, "next")).toEqual(["mine", "epoch"]);
    expect(pastIn(given, "other")).toEqual([]);
  });

  it("is not stopped by an entry that is not held", () => {
    expect(pastIn({ a: {}, c: { previous: "a", parents: ["gone"] } }, "c")).toEqual(["a"]);
    expect(makeSeen([]).pastOf([]).has(named("gone"))).toBe(false);
  });

  it("property: is the same as walking the links, for any history and any number of entries", () => {
    const anyLinks = fc.array(fc.array(fc.nat(90), { maxLength: 3 }), { minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(anyLinks, (links) => {
        const given: Record<string, Given> = {};
        const earlier = links.map((each, at) => [...new Set(each.filter((link) => link < at))]);
        earlier.forEach((each, at) => {
          const [previous, ...parents] = each.map(String);
          given[String(at)] = { ...(previous === undefined ? {} : { previous }), parents };
        });
        const walk = (at: number): ReadonlySet<number> =>
          new Set((earlier[at] ?? []).flatMap((link) => [link, ...walk(link)]));
        const last = links.length - 1;
        const expected = [...walk(last)].sort((one, other) => one - other).map(String);
        expect([...pastIn(given, String(last))].sort((one, other) => Number(one) - Number(other))).toEqual(expected);
        const seen = makeSeen(seenNodes(historyOf(given)));
        const all = links.map((_, at) => named(String(at)));
        const heads = links
          .map((_, at) => at)
          .filter((at) => !links.some((__, other) => other !== at && walk(other).has(at)));
        expect(headsAmong(all, seen)).toEqual(heads.map((at) => named(String(at))).sort());
      }),
      { numRuns: 60 },
    );
  });
});

describe("the page on what a device keeps", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/formats/device-store.md"), "utf8");

  it("shows the bytes that the code makes", async () => {
    expect(page).toContain(await deviceStoreExample());
  });

  it("names every record that the code keeps", () => {
    const sources = globSync(join(import.meta.dirname, "../**/*.ts")).filter((path) => !path.endsWith(".test.ts"));
    const kept = sources.flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/recordName\("([a-z-]+)"\)/g)].map(([, name = ""]) => name),
    );
    const row = /^\| `record\/<name>` \|.*$/m.exec(page)?.[0] ?? "";
    expect(kept.length).toBeGreaterThan(15);
    expect(kept.filter((name) => !row.includes(`\`${name}\``))).toEqual([]);
  });
});
