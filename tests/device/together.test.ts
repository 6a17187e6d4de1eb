/** Work on many cases goes out and comes in together: in as many writes as work on one, and nothing is kept twice. */

import type { CaseCommand } from "@amana/casefile";
import type { LogId } from "@amana/log";
import { expect, it } from "vitest";
import type { MemoryStore } from "../../packages/device/src/store/memory-store.ts";
import { makeCaseWorld, must, openNewCase, type Handset } from "./case-world.ts";

const password = "the river runs past four white houses";
const raise: CaseCommand = { type: "RaiseRisk", level: "high", because: "He has come to the house." };

/** How often the device writes until it is in step. */
const writesOfSync = async (handset: Handset): Promise<number> => {
  const many = 200;
  handset.fates.push(...Array.from({ length: many }, () => "written" as const));
  must(await handset.device().sync());
  return many - handset.fates.splice(0).length;
};

/** What the store is asked for from now on. */
const countLooks = (store: MemoryStore): readonly string[] => {
  const looks: string[] = [];
  const { read, list } = store;
  Object.assign(store, {
    read: (name: string) => (looks.push(name), read(name)),
    list: (prefix: string) => (looks.push(`${prefix}*`), list(prefix)),
  });
  return looks;
};

/** A caseworker who opened so many cases and wrote to each of them; and the same person's new device. */
const writesWith = async (cases: number) => {
  const { shilan, handset } = await makeCaseWorld(`together ${cases}`);
  const logIds = [];
  for (let count = 0; count < cases; count++) logIds.push(await openNewCase(shilan));
  must(await shilan.device().sync());
  for (const logId of logIds) must(await shilan.device().tell(logId, raise));
  const sending = await writesOfSync(shilan);
  expect(must(await shilan.device().syncState()).unsent).toBe(0);
  const tablet = handset("tablet");
  const digits = must(await shilan.device().kit());
  must(await tablet.device().enrolWithKit({ digits, password, language: "ckb" }));
  const fetching = await writesOfSync(tablet);
  for (const logId of logIds) expect(must(await tablet.device().viewCase(logId)).state.risk.said).toHaveLength(1);
  return { sending, fetching };
};

it("keeps each new case once, with the key that came with it, and a few in one turn", { timeout: 60_000 }, async () => {
  const { shilan, handset } = await makeCaseWorld("kept once");
  const logIds: LogId[] = [];
  for (let count = 0; count < 10; count++) logIds.push(await openNewCase(shilan));
  must(await shilan.device().sync());
  const tablet = handset("tablet");
  const digits = must(await shilan.device().kit());
  must(await tablet.device().enrolWithKit({ digits, password, language: "ckb" }));
  const kept: (readonly LogId[])[] = [];
  tablet.unlocked().desk.changed = (changed) => void kept.push(changed.filter((logId) => logIds.includes(logId)));
  const looks = countLooks(tablet.store());
  must(await tablet.device().sync());
  expect(kept.flat().sort()).toEqual([...logIds].sort());
  // Whoever writes something down meanwhile waits for one turn.
  expect(Math.max(...kept.map(({ length }) => length))).toBe(8);
  // Of each case whether it is here is asked once, and nothing else: what was never written is not looked for.
  expect(looks.filter((name) => logIds.some((logId) => name.includes(logId))).sort()).toEqual(
    logIds.map((logId) => `record/log/${logId}`).sort(),
  );
  expect(looks.filter((name) => name.startsWith("record/positions/"))).toEqual(["record/positions/*"]);
  expect(looks.filter((name) => name.startsWith("index/") && name !== "index/*")).toEqual([]);
  expect(must(await tablet.device().listCases()).filter(({ isBehind }) => isBehind)).toEqual([]);
});

it("sends and fetches six cases with as many writes as one", { timeout: 60_000 }, async () => {
  expect(await writesWith(6)).toEqual(await writesWith(1));
});
