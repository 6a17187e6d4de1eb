/** What lies in the store in several boxes leaves none of them behind when it needs fewer: they may hold what was erased since. */

import type { LogId } from "@amana/log";
import { describe, expect, it } from "vitest";
import { indexPartBytesMax, rowChanges } from "../../packages/device/src/case/caseload.ts";
import { loadRows } from "../../packages/device/src/case/refresh.ts";
import { snapshotChanges } from "../../packages/device/src/case/snapshot.ts";
import { indexBucketOf, indexPrefix, snapshotPrefix } from "../../packages/device/src/logs/names.ts";
import { makeCaseWorld, must, openNewCase, type Handset } from "./case-world.ts";

describe("what lies in several boxes", () => {
  const boxesOf = (handset: Handset, prefix: string): readonly string[] =>
    [...handset.store().contents().keys()].filter((name) => name.startsWith(prefix)).sort();
  /** Between the two writes of this program, of one that was started since, and where somebody took a box out meanwhile. */
  const between = [
    ["nothing", () => Promise.resolve()],
    ["a restart", (handset: Handset) => handset.restart()],
    [
      "a box that somebody took out",
      (handset: Handset, prefix: string) => {
        const contents = new Map(handset.store().contents());
        contents.delete(boxesOf(handset, prefix)[1] ?? "");
        return handset.restart(contents);
      },
    ],
  ] as const;

  it.each(between)("of the index: fewer leave none of the others behind, after %s", async (what, happen) => {
    const { shilan } = await makeCaseWorld(`fewer rows, ${what}`);
    const logId = await openNewCase(shilan);
    const prefix = `${indexPrefix}${indexBucketOf(logId)}/`;
    const rowOf = async () => (await shilan.unlocked().inTurn(() => loadRows(shilan.unlocked()))).get(logId);
    const row = await rowOf();
    if (row === undefined) throw new Error("The case has a row.");
    const rows = Array.from({ length: 40 }, (_, at) => ({
      ...row,
      logId: `${logId.slice(0, 2)}${String(at).padStart(30, "0")}` as LogId,
      searchKeys: "name:هالة".repeat(indexPartBytesMax / 110),
    }));
    const many = new Map(rows.map((each) => [each.logId, each]));
    await shilan.unlocked().ports.store.write(await rowChanges(shilan.unlocked(), many, rows));
    expect(boxesOf(shilan, prefix).length).toBeGreaterThan(3);
    await happen(shilan, prefix);
    await rowOf();
    await shilan.unlocked().ports.store.write(await rowChanges(shilan.unlocked(), new Map([[logId, row]]), [row]));
    expect(boxesOf(shilan, prefix)).toHaveLength(1);
  });

  it.each(between)("of a snapshot: fewer leave none of the others behind, after %s", async (what, happen) => {
    const { shilan } = await makeCaseWorld(`shorter snapshot, ${what}`);
    const logId = await openNewCase(shilan);
    must(await shilan.device().tell(logId, { type: "RaiseRisk", level: "high", because: "He writes again." }));
    must(await shilan.device().sync());
    const prefix = snapshotPrefix(logId);
    const openedNow = async () => {
      must(await shilan.device().viewCase(logId));
      const known = shilan.unlocked().desk.openedCases.get(logId);
      if (known === undefined) throw new Error("The case is open.");
      return known;
    };
    const { from, opened } = await openedNow();
    const mark = { entry: opened.heads[0] ?? ("" as never), kind: "damaged" } as const;
    const long = { ...opened, marks: Array.from({ length: 5000 }, () => mark) };
    await shilan.unlocked().ports.store.write(await snapshotChanges(shilan.unlocked(), logId, from, long));
    expect(boxesOf(shilan, prefix).length).toBeGreaterThan(2);
    await happen(shilan, prefix);
    await openedNow();
    await shilan.unlocked().ports.store.write(await snapshotChanges(shilan.unlocked(), logId, from, opened));
    expect(boxesOf(shilan, prefix)).toHaveLength(1);
  });
});
