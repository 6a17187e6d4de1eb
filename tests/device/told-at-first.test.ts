/** What a device tells of what it fetches first: entries come before their keys, and are read only with them. */

import { makeCaseKey } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { clientOf } from "../hostile/client-of.ts";
import { factsWritten, makeHostileWorld, sightOf, write } from "../hostile/hostile-world.ts";
import { keepBackWraps } from "../hostile/misdeeds.ts";
import { must, openNewCase, password, syncAll } from "./case-world.ts";

const minutesPerYear = 60 * 24 * 365;
const all = [...factsWritten].sort();

const withTablet = async (seed: string, minutesAhead = 0) => {
  const world = await makeHostileWorld(seed);
  const digits = must(await world.azad.device().kit());
  const tablet = world.handset("tablet", world.hostile);
  tablet.minutesAhead = minutesAhead;
  const enrol = async (): Promise<void> => {
    must(await tablet.device().enrolWithKit({ digits, password, language: "ckb" }));
  };
  return { ...world, tablet, enrol };
};

describe("a new device", () => {
  it("says once that its clock is years behind, by the furthest of many entries in many cases", async () => {
    const { tablet, enrol, logId, nour, azad, pass } = await withTablet("clock behind", -4 * minutesPerYear);
    pass(7);
    await openNewCase(nour);
    await write(nour, logId, "later");
    await syncAll(nour, azad);
    await enrol();
    await syncAll(tablet);
    expect((await sightOf(tablet, logId)).facts).toEqual([...all, "later"].sort());
    expect(tablet.device().notices()).toMatchObject([{ type: "ClockDiffers", minutes: 4 * minutesPerYear }]);
  });

  it("says nothing of clocks that agree", async () => {
    const { tablet, enrol, logId } = await withTablet("clocks agree", -5);
    await enrol();
    await syncAll(tablet);
    expect((await sightOf(tablet, logId)).facts).toEqual(all);
    expect(tablet.device().notices()).toEqual([]);
  });

  it("says which entry does not open under the key of its case", async () => {
    const world = await withTablet("damaged before");
    const { tablet, enrol, logId, nour } = world;
    const client = await clientOf(world, "damaged client", nour);
    await client.readCase(logId);
    const raised = { type: "RiskRaised", version: 1, data: { level: "high", because: "He writes." } };
    const forged = await client.forge(logId, [raised], { caseKey: makeCaseKey(seededRandomness("another key")) });
    await client.push(logId, forged);
    await enrol();
    await syncAll(tablet);
    expect(tablet.device().notices()).toContainEqual({ type: "DamagedEntry", logId, entry: forged.hash });
  });

  it.each([false, true])(
    "says it as soon as keys that were kept back come, begun again meanwhile: %s",
    async (isBegunAgain) => {
      const { tablet, enrol, logId, hostile } = await withTablet("keys later", -minutesPerYear);
      hostile.order({ lies: keepBackWraps });
      await enrol();
      await syncAll(tablet);
      expect((await sightOf(tablet, logId)).facts).toEqual([]);
      expect(tablet.device().notices()).toEqual([]);
      if (isBegunAgain) await tablet.restart();
      hostile.order({});
      await syncAll(tablet);
      expect((await sightOf(tablet, logId)).facts).toEqual(all);
      expect(tablet.device().notices()).toContainEqual({ type: "ClockDiffers", logId, minutes: minutesPerYear });
    },
  );
});

describe("a device that has said it", () => {
  it("does not say it again of what it has read, whatever comes to that case", async () => {
    const { fresh, shilan, nour, logId, pass } = await makeHostileWorld("said before");
    await syncAll(fresh);
    nour.minutesAhead = minutesPerYear;
    await write(nour, logId, "ahead");
    await syncAll(nour, fresh);
    const told = fresh.device().notices();
    expect(told).toContainEqual({ type: "ClockDiffers", logId, minutes: minutesPerYear });
    pass(-30);
    await write(shilan, logId, "on-time");
    await syncAll(shilan, fresh);
    expect((await sightOf(fresh, logId)).facts).toEqual([...all, "ahead", "on-time"].sort());
    // Only that the clock went back in between.
    expect(fresh.device().notices()).toEqual([...told, { type: "ClockBehind" }]);
  });
});
