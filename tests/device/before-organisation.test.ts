/** A new device that is shown cases before its organisation: it believes and shows nothing of them, and all of it afterwards. */

import { err, ok } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import { factsWritten, makeHostileWorld, sightOf } from "../hostile/hostile-world.ts";
import { denyAll, keepBackWraps, only } from "../hostile/misdeeds.ts";
import { must } from "./case-world.ts";

const password = "the river runs past four white houses";
const all = [...factsWritten].sort();

const withTablet = async (seed: string) => {
  const world = await makeHostileWorld(seed);
  const digits = must(await world.azad.device().kit());
  const tablet = world.handset("tablet", world.hostile);
  must(await tablet.device().enrolWithKit({ digits, password, language: "ckb" }));
  return { ...world, tablet };
};

describe("a device that is shown a case and not its organisation", () => {
  it("shows nothing, knows nobody and lets nothing be decided, and reads all once it is shown both", async () => {
    const { tablet, hostile, logId, organisation, nour } = await withTablet("no organisation");
    const person = must(await nour.device().ownPerson()) ?? ("" as never);
    hostile.order({
      view: only(organisation, denyAll),
      lies: {
        // It also says that the case is the organisation.
        compare: async ({ pass }) => {
          const answer = await pass();
          if (!answer.ok) return answer;
          const logs = answer.value.logs.filter((log) => log.logId !== organisation);
          return ok({ ...answer.value, logs: logs.map((log) => ({ ...log, kind: "organisation" as const })) });
        },
      },
    });
    must(await tablet.device().sync());
    expect(tablet.unlocked().organisation()).toBeUndefined();
    hostile.order({ view: only(organisation, denyAll) });
    must(await tablet.device().sync());
    const device = tablet.device();
    expect(must(await device.listCases())).toEqual([]);
    expect(await device.viewCase(logId)).toEqual(err({ type: "CaseNotHeld" }));
    expect(await device.peopleWhoCanRead(logId)).toEqual(err({ type: "CaseUnknown" }));
    expect(must(await device.heldBackEntries(logId))).toEqual([]);
    expect(must(await device.colleagues())).toEqual([]);
    expect(must(await device.proposals())).toEqual([]);
    expect(must(await device.casesWaitingForEpoch())).toEqual([]);
    expect(await device.personLeft(person)).toEqual(err({ type: "OrganisationUnknown" }));
    expect(await device.actOrWait({ type: "PersonLeft", person })).toEqual(err({ type: "OrganisationUnknown" }));
    expect(must(await device.unreadOfOrganisation())).toEqual([]);
    expect(await device.passOverOrganisation()).toEqual(err({ type: "OrganisationUnknown" }));
    hostile.order({});
    must(await device.sync());
    must(await device.sync());
    expect(await sightOf(tablet, logId)).toMatchObject({ facts: all, marks: [], isBehind: false });
    expect(must(await device.listCases())).toHaveLength(1);
  });

  it("that was switched off at any write meanwhile is in step with the next sync", { timeout: 60_000 }, async () => {
    const { tablet, logId, handset, server } = await withTablet("switched off");
    const contents = tablet.store().contents();
    let writes = 0;
    for (let isOver = false; !isOver; writes++) {
      const again = handset(`tablet ${String(writes)}`, server);
      await again.restart(contents);
      again.fates.push(...Array.from({ length: writes }, () => "written" as const), "crash-after");
      await again
        .device()
        .sync()
        .catch(() => undefined);
      isOver = again.fates.length > 0;
      again.fates.length = 0;
      await again.restart();
      must(await again.device().sync());
      expect(await sightOf(again, logId), String(writes)).toMatchObject({ facts: all, isBehind: false });
    }
    expect(writes).toBeGreaterThan(5);
  });
});

describe("keys that do not come", () => {
  it("are asked for with each sync until they are there; a line that breaks then is told", async () => {
    const { fresh, hostile, logId } = await makeHostileWorld("keys later");
    hostile.order({ lies: keepBackWraps });
    must(await fresh.device().sync());
    expect(await sightOf(fresh, logId)).toMatchObject({ facts: [], isBehind: true });
    hostile.order({ lies: { "read-wraps": () => Promise.resolve(err({ type: "Unreachable" })) } });
    expect(await fresh.device().sync()).toEqual(err({ type: "Unreachable" }));
    hostile.order({});
    must(await fresh.device().sync());
    expect(await sightOf(fresh, logId)).toMatchObject({ facts: all, isBehind: false });
  });

  it("leave a case of which nobody is told that they were taken out, as a server could make them up", async () => {
    const { fresh, hostile, logId } = await makeHostileWorld("never read");
    hostile.order({ lies: keepBackWraps });
    must(await fresh.device().sync());
    hostile.order({ lies: keepBackWraps, view: only(logId, denyAll) });
    await fresh.restart();
    must(await fresh.device().sync());
    expect(
      fresh
        .device()
        .notices()
        .map(({ type }) => type),
    ).not.toContain("TakenOut");
  });
});
