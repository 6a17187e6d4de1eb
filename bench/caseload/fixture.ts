/**
 * What a device has stored that belongs to ten thousand cases: an organisation founded and synced as any, then the index and the
 * positions of the logs, sealed and written by the device's own functions.
 *
 * The entries of the cases are not there: opening a caseload reads none of them.
 */

import { defaultDuePolicy } from "@amana/casefile";
import { makeCore, makeMemoryStore, deviceOver, type DevicePorts } from "@amana/device";
import type { Instant, Result } from "@amana/kernel";
import { sha256, fromAscii, type Bytes } from "@amana/log";
import { makePersonId, platformRandomness, type PersonId } from "@amana/vault";
import { rowChanges } from "../../packages/device/src/case/caseload.ts";
import type { CaseRow } from "../../packages/device/src/case/case-row.ts";
import { dueMark } from "../../packages/device/src/case/due-policy.ts";
import { positionChanges } from "../../packages/device/src/logs/positions.ts";
import type { Unlocked } from "../../packages/device/src/unlocked.ts";
import { makeMemoryServer } from "../../tests/device/memory-server.ts";
import { makeRows } from "./rows.ts";
import { now as usualNow, openingPorts, password } from "./opening.ts";

export type Fixture = {
  readonly contents: ReadonlyMap<string, Bytes>;
  readonly rows: readonly CaseRow[];
};

const colleagues = 30;

/** Where and when the device is, how it stretches its password and by which guidance; nothing is what this benchmark itself opens. */
export type FixtureTerms = Partial<Pick<DevicePorts, "kdf" | "origin" | "guidance">> & { readonly now?: Instant };

export const makeFixture = async ({ now = usualNow, ...terms }: FixtureTerms = {}): Promise<Fixture> => {
  const usual = openingPorts(makeMemoryStore());
  const { origin } = { ...usual, ...terms };
  const server = makeMemoryServer({ clock: (): Instant => now, randomness: platformRandomness, origin });
  const store = makeMemoryStore();
  const ports: DevicePorts = { ...usual, ...terms, clock: () => now, store, transport: server };
  const core = makeCore(ports);
  const device = deviceOver(core);
  await must(device.found({ code: server.makeSetUpCode(), password, language: "en" }));
  await must(device.sync());
  const unlocked = core.opened()?.unlocked;
  const own = await must(device.ownPerson());
  if (unlocked === undefined || own === undefined) throw new Error("The benchmark's own device did not enrol.");
  const rows = makeRows([own, ...makePeople()], now, dueMark(defaultDuePolicy, ports.guidance, new Set()));
  await writeCaseload(unlocked, rows);
  return { contents: store.contents(), rows };
};

const makePeople = (): readonly PersonId[] =>
  Array.from({ length: colleagues }, () => makePersonId(platformRandomness));

const writeCaseload = async (unlocked: Unlocked, rows: readonly CaseRow[]): Promise<void> => {
  const byLog = new Map(rows.map((row) => [row.logId, row]));
  const digest = sha256(fromAscii("a position of the benchmark"));
  const positions = new Map(rows.map(({ logId }) => [logId, { kind: "case", end: 20, digest, awaited: [] } as const]));
  await unlocked.inTurn(async () =>
    unlocked.ports.store.write([
      ...(await rowChanges(unlocked, byLog, rows)),
      ...(await positionChanges(unlocked, positions)),
    ]),
  );
};

const must = async <T>(answer: Promise<Result<T, { readonly type: string }>>): Promise<T> => {
  const answered = await answer;
  if (!answered.ok) throw new Error(`A step of the benchmark was refused: ${answered.error.type}`);
  return answered.value;
};
