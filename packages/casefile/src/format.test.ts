/** The page docs/formats/case-events.md and the code say the same. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatInstant } from "@amana/kernel";
import { describe, expect, test } from "vitest";
import { isClosed } from "./closure/closure.ts";
import { isAgreed } from "./consent/require.ts";
import { eventShapes, parseEvent } from "./event.ts";
import { type CaseEntry, foldCase } from "./evolve.ts";
import type { EntryHash } from "./ids.ts";
import { deadlineOf, riskFloors, riskLevel, runningClocks } from "./risk/risk.ts";
import { anyOrderOf } from "./testing/histories.ts";
import { detailFields } from "./survivor/details.ts";
import { deviceOf, momentOf, personOf } from "./testing/people.ts";
import type { CaseState } from "./state.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/formats/case-events.md"), "utf8");

describe("every event is documented with all its fields, and nothing else is", () => {
  const rows = new Map(
    [...page.matchAll(/^\| `([A-Z][A-Za-z]+)` \| (.*?) \|/gm)].map(([, type = "", data = ""]) => [type, data] as const),
  );

  test("the page and the code know the same events", () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(eventShapes).sort());
  });

  test.each(Object.entries(eventShapes))("%s is documented with each of its fields", (type, shape) => {
    const named = [...(rows.get(type) ?? "").matchAll(/`([a-z][A-Za-z]+)`(\??)/g)].map(
      ([, field = "", mark = ""]) => `${field}${mark}`,
    );
    for (const field of Object.keys(shape.required)) expect(named).toContain(field);
    for (const field of Object.keys(shape.optional)) expect(named).toContain(`${field}?`);
    const fields = [...Object.keys(shape.required), ...Object.keys(shape.optional).map((field) => `${field}?`)];
    expect(named.filter((field) => !fields.includes(field) && !["done"].includes(field))).toEqual([]);
  });
});

test("every detail of a survivor that a case may hold is named, in its order", () => {
  const [, named = ""] = /\| `DetailRecorded` \| `field` ([a-z/-]+);/.exec(page) ?? [];
  expect(named.split("/")).toEqual([...detailFields]);
});

describe("the worked example", () => {
  type Written = {
    readonly entry: string;
    readonly by: string;
    readonly as: "caseworker" | "supervisor";
    readonly at: string;
    readonly after: readonly string[];
    readonly events: readonly (readonly [string, number, Readonly<Record<string, unknown>>])[];
  };
  const block = /<!-- example:case -->\s*```json\s*([\s\S]*?)```/.exec(page)?.[1] ?? "[]";
  const written = JSON.parse(block) as readonly Written[];
  const hashOf = (letter: string): EntryHash => letter.repeat(64) as EntryHash;

  const pastOf = (letters: readonly string[]): ReadonlySet<string> =>
    new Set(
      letters.flatMap((letter) => [letter, ...pastOf(written.find(({ entry }) => entry === letter)?.after ?? [])]),
    );

  const entries = written.map(({ entry, by, as, at, after, events }): CaseEntry => {
    const past = new Set([...pastOf(after)].map(hashOf));
    const envelope = {
      entry: hashOf(entry),
      author: personOf(by),
      device: deviceOf(`${by}-phone`),
      roles: [as],
      recordedAt: momentOf(at),
      past,
    };
    const read = events.map(([type, version, data]) => {
      const proposal = typeof data["proposal"] === "string" ? { proposal: hashOf(data["proposal"]) } : {};
      const parsed = parseEvent([type, version, { ...data, ...proposal }]);
      if (!parsed.ok) throw new Error(`The example's ${type} is not as its shape says.`);
      return parsed.value;
    });
    return { envelope, events: read };
  });

  const upTo = (...letters: readonly string[]): CaseState => {
    const past = pastOf(letters);
    return foldCase(entries.filter(({ envelope }) => past.has(envelope.entry.slice(0, 1))));
  };
  const now = momentOf("2026-11-22T10:00:00Z");

  test("ends as the page says", () => {
    expect(isAgreed(upTo("d"), now, "removal", "T-insm")).toBe(true);
    const [clock] = runningClocks(upTo("d"));
    const deadline = clock === undefined ? undefined : deadlineOf(clock);
    expect(deadline === undefined ? "" : formatInstant(deadline)).toBe("2026-11-22T08:20:00.000Z");
    expect(isAgreed(upTo("d", "e"), now, "removal", "T-insm")).toBe(false);
    expect(runningClocks(upTo("f"))).toEqual([]);
    expect(riskLevel(upTo("1"))).toBe("high");
    expect(upTo("1").history.at(-1)?.standing).toEqual({ kind: "without-authority", why: "OwnProposal" });
    expect(riskLevel(upTo("2"))).toBe("normal");
    expect(riskFloors(upTo("2"))).toMatchObject([{ from: "lowering" }]);
    expect(isClosed(upTo("3"))).toBe(true);
  });

  test("is the same in whatever order its entries arrive", () => {
    const orders = [[0], [1], [0, 1], [1, 0, 0], [1, 1, 0]].map((choices) => foldCase(anyOrderOf(entries, choices)));
    for (const state of orders) expect(state).toEqual(foldCase(entries));
  });
});
