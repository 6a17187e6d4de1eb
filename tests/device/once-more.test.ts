/** What is asked of a device once more than needed, or where there is nothing for it to do. */

import { assert, err } from "@amana/kernel";
import { entryHashOf, type EntryHash, type LogId } from "@amana/log";
import { describe, expect, it } from "vitest";
import { closeCase } from "../../packages/casefile/src/testing/commands.ts";
import { beginTogether } from "../../packages/device/src/access/begin-together.ts";
import { forgetShreddedCase } from "../../packages/device/src/access/forget-shredded.ts";
import { makeShreddingTold } from "../../packages/device/src/access/tell-shredding.ts";
import { signInAtNextUnlock } from "../../packages/device/src/account/sign-in.ts";
import { sealDrafts } from "../../packages/device/src/case/seal-drafts.ts";
import { holdLog } from "../../packages/device/src/logs/held-log.ts";
import { organisationReading, readCaseLog } from "../../packages/device/src/logs/read.ts";
import { recordName } from "../../packages/device/src/store/names.ts";
import { makeCaseWorld, must, openNewCase, syncAll, type Handset } from "./case-world.ts";

const hashOf = (byte: number): EntryHash => {
  const hash = entryHashOf(new Uint8Array(32).fill(byte));
  assert(hash !== undefined, "A hash has 32 bytes.");
  return hash;
};

const shred = async (logId: LogId, one: Handset, other: Handset): Promise<void> => {
  must(await one.device().proposeShredding(logId));
  await syncAll(one, other);
  const [erasure] = must(await other.device().peopleWhoCanRead(logId)).erasures;
  assert(erasure !== undefined, "The shredding is proposed.");
  must(await other.device().confirmErasure(logId, erasure.proposal));
  await syncAll(other, one);
};

describe("a case", () => {
  it("that is closed and owes nothing is under no heading of what is due, and is found with nothing due", async () => {
    const { shilan } = await makeCaseWorld("owes nothing");
    const logId = await openNewCase(shilan);
    must(await shilan.device().tell(logId, { type: "AssessRisk" }));
    must(await shilan.device().tell(logId, closeCase()));
    const headings = must(await shilan.device().dueByCase({ overdue: 9, due: 9, coming: 9 }));
    expect(Object.values(headings).map(({ count }) => count)).toEqual([0, 0, 0]);
    const [summary] = must(await shilan.device().listCases());
    const ids = summary?.codes ?? [];
    const [found] = must(await shilan.device().findCases({ names: [], phones: [], ids }));
    expect(found).toMatchObject({ match: "same", firstDue: undefined });
    expect(must(await shilan.device().firstDues()).size).toBe(0);
  });

  it("in which nothing was written since seals nothing, also while it cannot be sent", async () => {
    const { shilan } = await makeCaseWorld("nothing to seal");
    const logId = await openNewCase(shilan);
    must(await shilan.device().sync());
    shilan.isOffline = true;
    expect([...(await sealDrafts(shilan.unlocked(), [logId]))]).toEqual([[logId, "sealed"]]);
    expect(must(await shilan.device().syncState()).unsent).toBe(0);
  });

  it("that has begun is not begun again together with others, and nothing is sent for one that cannot be", async () => {
    const { shilan } = await makeCaseWorld("begun before");
    const logId = await openNewCase(shilan);
    must(await shilan.device().sync());
    shilan.isOffline = true;
    let asked = 0;
    const answer = await beginTogether(shilan.unlocked(), [logId], () => {
      asked += 1;
      return Promise.resolve(err({ type: "AlreadySo" }));
    });
    expect([answer.ok, asked]).toEqual([true, 1]);
  });

  it("is forgotten once, and it is told of no shredding that nobody confirmed", async () => {
    const { shilan, nour, azad } = await makeCaseWorld("forgotten once");
    const logId = await openNewCase(shilan);
    await syncAll(shilan, nour, azad);
    const unlocked = shilan.unlocked();
    const [log, organisation] = [await holdLog(unlocked, logId), await organisationReading(unlocked)];
    assert(log !== undefined && organisation !== undefined, "The case is held.");
    const reading = await readCaseLog(unlocked, log);
    for (const read of [reading, undefined])
      expect(
        await makeShreddingTold(unlocked, { log, organisation, reading: read, heads: [] }, hashOf(7)),
      ).toMatchObject({ error: { type: "AlreadySo" } });
    expect(await forgetShreddedCase(unlocked, logId)).toBe(false);
    await shred(logId, nour, azad);
    for (const device of [nour, azad]) {
      expect(await forgetShreddedCase(device.unlocked(), logId)).toBe(true);
      expect(await forgetShreddedCase(device.unlocked(), logId)).toBe(true);
      expect((await holdLog(device.unlocked(), logId))?.record.keys.size).toBe(0);
    }
  });
});

describe("a device", () => {
  it("is woken where the server says how, no longer once it says so, and says when it cannot be asked", async () => {
    const { shilan } = await makeCaseWorld("woken");
    const place = {
      endpoint: "https://push.example/1",
      publicKey: new Uint8Array(65),
      authentication: new Uint8Array(16),
    };
    expect((await shilan.device().setWakeUp(place)).ok).toBe(true);
    expect((await shilan.device().setWakeUp(undefined)).ok).toBe(true);
    shilan.isOffline = true;
    expect(await shilan.device().setWakeUp(undefined)).toEqual(err({ type: "Unreachable" }));
  });

  it("without a sign-in has none to renew", async () => {
    const { shilan } = await makeCaseWorld("no sign-in");
    const { records } = shilan.unlocked();
    await records.remove(recordName("sign-in"));
    await signInAtNextUnlock(records);
    expect(await records.read(recordName("sign-in"))).toBeUndefined();
    // What this device cannot have written is our own mistake, and stops.
    await records.write(recordName("sign-in"), "no token");
    await expect(signInAtNextUnlock(records)).rejects.toThrow("is not what this device wrote");
  });
});
