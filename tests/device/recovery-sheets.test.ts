/** Cases that nobody can open any more come back with sheets in several hands, after a day that everyone can see. */

import { err } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import { bringIn, must, openNewCase, reads, startTeam, syncAll, write } from "./access-world.ts";

describe("recovery with sheets", () => {
  const withSheets = async (seed: string) => {
    const started = await startTeam(seed);
    const { nour, azad, all } = started;
    const { recoveryKey, sheets } = must(await nour.device().makeSheets(2, 3));
    must(await nour.device().proposeRecoveryKey(recoveryKey));
    must(await azad.device().sync());
    const [proposal] = must(await azad.device().proposals());
    if (proposal === undefined) throw new Error("The proposal is not there.");
    must(await azad.device().confirmProposal(proposal.entry));
    await syncAll(...all);
    return { ...started, sheets };
  };

  it("opens a case again whose every opener had lost their keys, after a day that everyone could see", async () => {
    const { nour, azad, shilan, omar, all, world, sheets } = await withSheets("recovery");
    // A case that only Shilan and Nour read.
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "first");
    await syncAll(...all);
    must(await nour.device().takeAccess(logId, { kind: "person", person: azad.person }));
    await syncAll(...all);
    const { history } = must(await nour.device().peopleWhoCanRead(logId));
    expect(history.map(({ recoveryKey }) => recoveryKey)).toEqual(["given", undefined]);
    // Nour and Azad give Shilan other keys; of the supervisors Azad is left then, and Omar confirms Nour's with him.
    for (const [lost, proposer, second] of [
      [shilan, nour, azad],
      [nour, azad, omar],
    ] as const) {
      lost.loseEverything();
      await bringIn(proposer, lost, { kind: "come-back", person: lost.person });
      must(await second.device().sync());
      for (const { entry } of must(await second.device().proposals()))
        must(await second.device().confirmProposal(entry));
      must(await proposer.device().sync());
    }
    await syncAll(shilan, nour);
    expect(await reads(shilan, logId)).toEqual([]);
    expect(await shilan.device().recoverWithSheets(sheets)).toEqual(err({ type: "NotRequested" }));
    must(await shilan.device().requestRecovery());
    expect(must(await azad.device().recoveries())).toMatchObject([{ state: "waiting" }]);
    const [first = "", second = ""] = sheets;
    // Before the day is over it is known whether the sheets belong together and to this organisation.
    must(await shilan.device().checkSheets([first, second]));
    const [other = ""] = must(await shilan.device().makeSheets(2, 3)).sheets;
    expect(await shilan.device().checkSheets([first, other])).toEqual(err({ type: "WrongSheets" }));
    expect(await shilan.device().recoverWithSheets([first, second])).toMatchObject({
      error: { type: "Refused", code: "NotNow" },
    });
    world.pass(24 * 60 + 1);
    expect(await shilan.device().recoverWithSheets([first])).toEqual(err({ type: "TooFewSheets" }));
    expect(await shilan.device().recoverWithSheets([first, first])).toEqual(err({ type: "WrongSheets" }));
    expect(await shilan.device().recoverWithSheets([first, "12"])).toMatchObject({ ok: false });
    expect(must(await shilan.device().recoverWithSheets([first, second]))).toEqual({
      cases: [logId],
      falseKeysFrom: [],
    });
    await syncAll(shilan, nour);
    expect(await reads(shilan, logId)).toEqual(["first"]);
    expect(await reads(nour, logId)).toEqual(["first"]);
    expect(must(await shilan.device().pendingChanges())).toEqual([]);
    await write(nour, logId, "goes-on");
    await syncAll(nour, shilan);
    expect(await reads(shilan, logId)).toEqual(["first", "goes-on"]);
  });

  it("can be forbidden by a supervisor", async () => {
    const { nour, shilan, omar, world, sheets } = await withSheets("forbidden");
    must(await shilan.device().requestRecovery());
    const [request] = must(await nour.device().recoveries());
    if (request === undefined) throw new Error("The request is not there.");
    expect(await omar.device().forbidRecovery(request.recovery)).toMatchObject({ error: { code: "NotForYou" } });
    must(await nour.device().forbidRecovery(request.recovery));
    world.pass(24 * 60 + 1);
    expect(await shilan.device().recoverWithSheets(sheets)).toMatchObject({ ok: false, error: { type: "Refused" } });
  });

  it("is not offered by an organisation without a recovery key", async () => {
    const { shilan } = await startTeam("none chosen");
    expect(await shilan.device().requestRecovery()).toEqual(err({ type: "NoRecoveryKey" }));
  });
});
