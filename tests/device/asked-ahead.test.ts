/** Cases that are asked for while others are read: lines that break, servers that lie, and what people do meanwhile. */

import { err, ok, type Result } from "@amana/kernel";
import type { Bytes, LogId } from "@amana/log";
import type { LogPulled, WireError } from "@amana/sync";
import { makeCaseKey, writeCaseControlEvent, type EpochMember } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { bytesAtFirst, bytesAtOnceMax } from "../../packages/device/src/logs/pace.ts";
import { pullLogs } from "../../packages/device/src/logs/pull.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { clientOf } from "../hostile/client-of.ts";
import type { Lies } from "../hostile/hostile-server.ts";
import { makeHostileWorld, write } from "../hostile/hostile-world.ts";
import { makeCaseWorld, must, openNewCase, syncAll, type Handset } from "./case-world.ts";
import type { Carrier } from "./memory-server.ts";

/** As after three whole answers. */
const onGoodLine = (handset: Handset): void => {
  handset.unlocked().desk.bytesAtOnce = bytesAtOnceMax;
};

const casesOn = async ({ device }: Handset): Promise<number> => must(await device().listCases()).length;
const stillToFetchOn = async ({ device }: Handset): Promise<number> => must(await device().syncState()).stillToFetch;

const casesCount = 36;
const unreachable = err<WireError>({ type: "Unreachable" });
const signedOut = err<WireError>({ type: "Refused", code: "NotSignedIn", afterSeconds: undefined });

/**
 * Azad's device knows the organisation and none of 36 cases: it asks for 32 of them and for the four others. Neither is answered before
 * both were asked for and something was done; then the first and the second are answered so, or as it is.
 */
const twoUnderWay = async (
  seed: string,
  meanwhile: (azad: Handset, logIds: readonly LogId[]) => Promise<unknown>,
  answers: readonly (Result<Bytes, WireError> | undefined)[] = [],
) => {
  const world = await makeCaseWorld(seed);
  const logIds: LogId[] = [];
  for (let count = 0; count < casesCount; count++) logIds.push(await openNewCase(world.shilan));
  must(await world.shilan.device().sync());
  let asked = 0;
  let bothAsked = (): void => undefined;
  const asking = new Promise<void>((resolve) => {
    bothAsked = resolve;
  });
  const carrier: Carrier = {
    call: async (name, token, bytes) => {
      const place = name === "pull" ? asked++ : undefined;
      if (place === undefined || place > 1) return world.server.call(name, token, bytes);
      const answer = await world.server.call(name, token, bytes);
      if (place === 1) bothAsked();
      await done;
      return answers[place] ?? answer;
    },
  };
  const azad = world.handset("azad behind", carrier);
  await azad.restart(world.azad.store().contents());
  onGoodLine(azad);
  const done = asking.then(() => meanwhile(azad, logIds));
  const answer = await azad.device().sync();
  return { ...world, azad, logIds, answer };
};

/** Of both requests some. */
const followedMeanwhile = (logIds: readonly LogId[]): readonly LogId[] => {
  const inOrder = [...logIds].sort();
  return [...inOrder.slice(0, 2), ...inOrder.slice(-1)];
};

const nothing = async (): Promise<void> => Promise.resolve();

describe("two requests for cases under way together", () => {
  it.each([
    ["first", 0, [unreachable]],
    ["second", 32, [undefined, unreachable]],
    ["first and the second", 0, [unreachable, unreachable]],
  ])("of which the %s is lost bring what came before, and the next exchange the rest", async (which, came, answers) => {
    const { azad, answer } = await twoUnderWay(`lost ${which}`, nothing, answers);
    expect(answer).toEqual(unreachable);
    expect([await casesOn(azad), await stillToFetchOn(azad)]).toEqual([came, casesCount - came]);
    expect(azad.unlocked().desk.bytesAtOnce).toBeLessThanOrEqual(2 * bytesAtFirst);
    must(await azad.device().sync());
    expect([await casesOn(azad), await stillToFetchOn(azad)]).toEqual([casesCount, 0]);
  });

  it("write nothing any more once the device is locked, and all comes after it", async () => {
    let kept: ReadonlyMap<string, Bytes> = new Map();
    const { azad, answer } = await twoUnderWay("locked", async (device) => {
      await device.device().lock();
      kept = device.store().contents();
    });
    expect(answer).toEqual(err({ type: "Locked" }));
    const store = azad.store();
    await azad.restart();
    expect(store.contents()).toEqual(kept);
    must(await azad.device().sync());
    expect(await casesOn(azad)).toBe(casesCount);
  });

  it("leave nothing behind once the device is erased", async () => {
    const { azad, answer } = await twoUnderWay("erased", ({ device }) => device().erase());
    expect(answer).toEqual(err({ type: "Locked" }));
    expect(await azad.device().phase()).toBe("new");
    expect(azad.store().contents().size).toBe(0);
  });

  it("that the server answers to nobody any more lock the device, once", async () => {
    const phases: string[] = [];
    const hear = async ({ device }: Handset): Promise<void> => {
      device().onChange((change) => void phases.push(change.type === "phase" ? change.phase : change.type));
      return Promise.resolve();
    };
    const { azad, answer } = await twoUnderWay("signed out", hear, [signedOut, signedOut]);
    expect(answer).toEqual(err({ type: "Locked" }));
    expect(await azad.device().phase()).toBe("locked");
    expect(phases.filter((each) => each === "signed-out")).toHaveLength(1);
    await azad.restart();
    must(await azad.device().sync());
    expect(await casesOn(azad)).toBe(casesCount);
  });

  it("take nothing back of a case that another step has followed meanwhile, and lose no other", async () => {
    const { azad, shilan, logIds, answer } = await twoUnderWay("followed meanwhile", async (device, all) => {
      await write(device, await openNewCase(device), "own");
      must(await pullLogs(device.unlocked(), followedMeanwhile(all)));
    });
    must(answer);
    expect([await casesOn(azad), await stillToFetchOn(azad)]).toEqual([casesCount + 1, 0]);
    expect(must(await azad.device().syncState()).unsent).toBe(0);
    for (const logId of followedMeanwhile(logIds)) await write(shilan, logId, "later");
    await syncAll(shilan, azad);
    for (const logId of followedMeanwhile(logIds))
      expect(must(await azad.device().viewCase(logId)).state.facts.saidByFact.size).toBe(1);
    expect(azad.device().notices()).toEqual([]);
  });
});

const cutBefore =
  (logId: LogId, place: number): NonNullable<Lies["pull"]> =>
  async ({ pass }) => {
    const answer = await pass();
    if (!answer.ok) return answer;
    const cut = (log: LogPulled): LogPulled =>
      log.logId === logId ? { ...log, entries: log.entries.slice(0, Math.max(0, place - log.after)) } : log;
    return ok({ ...answer.value, logs: answer.value.logs.map(cut) });
  };

describe("a case whose rest the server keeps back", () => {
  it("is told of all the same: who kept the key of an epoch that others have passed over", async () => {
    const world = await makeHostileWorld("rest kept back");
    const { nour, azad, shilan, fresh, hostile, server, logId } = world;
    const client = await clientOf(world, "rest kept back client", nour);
    await client.readCase(logId);
    const by = must(await nour.device().ownPerson());
    const members = [nour, azad, shilan].map(({ unlocked }): EpochMember => {
      return { kind: "person", keyId: unlocked().own.receivingKey.keyId };
    });
    const begun = writeCaseControlEvent({ type: "EpochBegun", members, cut: [], reason: "" });
    await client.appendControl(logId, [begun], {
      beginsEpoch: true,
      caseKey: makeCaseKey(seededRandomness("a key for nobody")),
      wraps: [],
      serving: members.map(({ keyId }) => keyId),
    });
    await syncAll(azad);
    must(await azad.device().passOverEpoch(logId));
    await syncAll(azad, shilan);
    const passedOver = server.state.logs.get(logId)?.entries.length ?? 0;
    await write(shilan, logId, "later");
    await syncAll(shilan);
    hostile.order({ lies: { pull: cutBefore(logId, passedOver) } });
    must(await fresh.device().sync());
    expect(must(await fresh.device().viewCase(logId)).isBehind).toBe(false);
    expect(fresh.device().notices()).toContainEqual({ type: "EpochWithoutKey", logId, by });
  });
});
