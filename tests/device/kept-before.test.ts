/** What a device kept of a case under the rules of an older version of the app is not used: it may count what counts no more. */

import { assert } from "@amana/kernel";
import { decodeCbor, encodeCbor, isCborArray, type LogId } from "@amana/log";
import { openBox, sealBox } from "@amana/vault";
import { expect, it } from "vitest";
import { foldVersion } from "../../packages/device/src/case/caseload.ts";
import { indexBucketOf, indexName, snapshotName } from "../../packages/device/src/logs/names.ts";
import { bytesFrom } from "../../packages/device/src/logs/own-values.ts";
import { makeCaseWorld, must, openNewCase, type Handset } from "./case-world.ts";

/** Before it was decided that adopting gives no role back, and who goes on over an epoch. */
const versionBefore = 1;

/** The snapshot says that nothing was ever written, as of this version of the rules; so it is seen whether it is used. */
const emptySnapshot = async ({ unlocked, store }: Handset, logId: LogId, version: number): Promise<void> => {
  const { own, ports } = unlocked();
  const name = snapshotName(logId, 0);
  const kept = store().contents().get(name);
  const opened = kept === undefined ? undefined : await openBox("snapshot", own.ownDevicesKey, kept, ports.deflate);
  assert(opened?.ok === true && isCborArray(opened.value.context), "The case was kept as it was opened.");
  const whole = decodeCbor(bytesFrom(opened.value.content));
  assert(whole.ok && isCborArray(whole.value), "It is a list.");
  const [log, , ...rest] = opened.value.context;
  const [nodes, , ...more] = whole.value;
  assert(log !== undefined && nodes !== undefined, "It names its log.");
  const context = [log, version, ...rest];
  const value = await sealBox(
    "snapshot",
    own.ownDevicesKey,
    { context, content: encodeCbor([nodes, [], ...more]) },
    ports,
  );
  await store().write([{ name, value }]);
};

it("a snapshot that an older version made is made again from the log, and so is a part of the index", async () => {
  const { shilan } = await makeCaseWorld("kept before");
  const logId = await openNewCase(shilan);
  must(await shilan.device().tell(logId, { type: "RaiseRisk", level: "high", because: "Kept." }));
  must(await shilan.device().sync());
  const risksSaid = async () => must(await shilan.device().viewCase(logId)).state.risk.said.length;
  await emptySnapshot(shilan, logId, versionBefore);
  await shilan.restart();
  expect(await risksSaid()).toBe(1);
  // As of these rules it would have been used.
  await emptySnapshot(shilan, logId, foldVersion);
  await shilan.restart();
  expect(await risksSaid()).toBe(0);

  const { own, ports } = shilan.unlocked();
  const bucket = indexBucketOf(logId);
  const context = [versionBefore, bucket, 0, 1];
  const content = new TextEncoder().encode("[]");
  const value = await sealBox("index", own.ownDevicesKey, { context, content }, ports);
  await shilan.store().write([{ name: indexName(bucket, 0), value }]);
  await shilan.restart();
  expect(must(await shilan.device().listCases()).map((row) => row.logId)).toEqual([logId]);
});
