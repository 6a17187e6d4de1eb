/** What two people have erased or shredded, on devices as they ship: gone from every device and from the server. */

import type { CaseCommand } from "@amana/casefile";
import { err } from "@amana/kernel";
import type { EntryHash } from "@amana/log";
import { describe, expect, it } from "vitest";
import { consent, recordFact, withdraw } from "../../packages/casefile/src/testing/commands.ts";
import { must, reads, startCase, syncAll, write } from "./access-world.ts";

describe("erasing", () => {
  it("takes two people; then a body is gone from every device and from the server", async () => {
    const { shilan, nour, azad, all, logId, world } = await startCase("erase");
    await write(shilan, logId, "to-be-erased");
    await syncAll(...all);
    const entry = world.server.state.logs.get(logId)?.entries.at(-1)?.hash;
    if (entry === undefined) throw new Error("The entry is not there.");
    must(await shilan.device().proposeErasure(logId, [entry]));
    must(await shilan.device().proposeErasure(logId, [entry]));
    await syncAll(...all);
    const erasures = must(await nour.device().peopleWhoCanRead(logId)).erasures;
    expect(erasures).toMatchObject([{ proposedBy: shilan.person, entries: [entry], confirmation: undefined }]);
    const proposal = erasures[0]?.proposal;
    if (proposal === undefined) throw new Error("The proposal is not there.");
    must(await shilan.device().confirmErasure(logId, proposal));
    must(await shilan.device().sync());
    expect(must(await shilan.device().pendingChanges())).toMatchObject([{ refusedAs: "NotToConfirm" }]);
    expect(await reads(azad, logId)).toContain("to-be-erased");

    must(await nour.device().confirmErasure(logId, proposal));
    await syncAll(...all);
    for (const each of [shilan, nour, azad]) expect(await reads(each, logId)).toEqual(["first"]);
    expect(world.server.state.ledger).toEqual([{ logId, entries: [entry] }]);
    expect(must(await nour.device().peopleWhoCanRead(logId)).erasures[0]?.confirmation).toBeDefined();
    must(await nour.device().confirmErasure(logId, proposal));
    must(await nour.device().sync());
    expect(must(await nour.device().pendingChanges())).toEqual([]);
  });

  it("is refused to both people while something less careful would stand again without it (G-CONS-2)", async () => {
    const { shilan, nour, all, logId, world } = await startCase("careful");
    const tell = async (command: CaseCommand): Promise<EntryHash> => {
      must(await shilan.device().tell(logId, command));
      await syncAll(...all);
      const entry = world.server.state.logs.get(logId)?.entries.at(-1)?.hash;
      if (entry === undefined) throw new Error("The entry is not there.");
      return entry;
    };
    const change = { correction: { kind: "changed", because: "She said so." } } as const;
    await tell(recordFact("age", "adult", change));
    await tell(consent("removal", "T-insm"));
    const withdrawn = await tell(withdraw("removal", "T-insm"));
    expect(await shilan.device().proposeErasure(logId, [withdrawn])).toEqual(err({ type: "WouldBeLessCareful" }));
    const anew = await tell(withdraw("removal", "T-insm"));
    // Each may go while the other stands, and the second of them no more.
    for (const entry of [withdrawn, anew]) must(await shilan.device().proposeErasure(logId, [entry]));
    await syncAll(...all);
    const [first, second] = must(await nour.device().peopleWhoCanRead(logId)).erasures;
    if (first === undefined || second === undefined) throw new Error("The proposals are not there.");
    must(await nour.device().confirmErasure(logId, first.proposal));
    await syncAll(...all);
    expect(await nour.device().confirmErasure(logId, second.proposal)).toEqual(err({ type: "WouldBeLessCareful" }));
    expect(must(await nour.device().pendingChanges())).toEqual([]);
  });

  it("shreds a whole case by destroying its keys, on the server and here", async () => {
    const { shilan, nour, all, logId, world } = await startCase("shred");
    must(await nour.device().proposeShredding(logId));
    await syncAll(...all);
    const [erasure] = must(await shilan.device().peopleWhoCanRead(logId)).erasures;
    if (erasure === undefined) throw new Error("The proposal is not there.");
    expect(erasure.entries).toEqual([]);
    must(await shilan.device().confirmErasure(logId, erasure.proposal));
    must(await shilan.device().sync());
    expect(world.server.state.logs.get(logId)?.wraps).toEqual([]);
    for (const each of [shilan, nour]) {
      must(await each.device().sync());
      expect(await reads(each, logId)).toEqual([]);
      await each.restart();
      must(await each.device().sync());
      expect(await reads(each, logId)).toEqual([]);
    }
  });

  it("of a shredded case leaves nothing on the device of any colleague, who sees that it was shredded", async () => {
    const { shilan, nour, azad, all, logId } = await startCase("shred all");
    must(await nour.device().proposeShredding(logId));
    await syncAll(...all);
    const [erasure] = must(await shilan.device().peopleWhoCanRead(logId)).erasures;
    if (erasure === undefined) throw new Error("The proposal is not there.");
    // Azad writes without a network, and wants to give access to it; Nour tries to confirm what she proposed herself.
    await write(azad, logId, "never-sent");
    must(await azad.device().renewAccess(logId));
    must(await nour.device().confirmErasure(logId, erasure.proposal));
    must(await nour.device().sync());
    must(await shilan.device().confirmErasure(logId, erasure.proposal));
    must(await shilan.device().sync());
    for (const each of [shilan, nour, azad]) {
      for (let round = 0; round < 2; round++) {
        must(await each.device().sync());
        expect(must(await each.device().listCases())).toMatchObject([
          { logId, stage: "shredded", codes: [], unsent: 0, marks: 0, isBehind: false },
        ]);
        expect(must(await each.device().viewCase(logId))).toMatchObject({ isShredded: true, isBehind: false });
        expect(must(await each.device().viewCase(logId)).state.history).toEqual([]);
        expect(must(await each.device().due())).toEqual([]);
        expect(must(await each.device().syncState()).unsent).toBe(0);
        expect(must(await each.device().pendingChanges())).toEqual([]);
        expect(await each.device().tell(logId, recordFact("after", "yes"))).toEqual(err({ type: "CaseNotHeld" }));
        const names = [...each.store().contents().keys()].filter((name) => name.includes(logId));
        expect(names.filter((name) => /^(draft|snapshot|outbox)/.test(name))).toEqual([]);
        expect((await each.keysOf(logId)).size).toBe(0);
        await each.restart();
      }
    }
  });

  it("forgets a shredded case only once the server was told, however often the answer is lost", async () => {
    const { shilan, nour, all, logId, world } = await startCase("shred told");
    must(await nour.device().proposeShredding(logId));
    await syncAll(...all);
    const [erasure] = must(await shilan.device().peopleWhoCanRead(logId)).erasures;
    if (erasure === undefined) throw new Error("The proposal is not there.");
    must(await shilan.device().confirmErasure(logId, erasure.proposal));
    for (const fault of ["lost-before", "lost-after"] as const) {
      shilan.losing.set("shred", fault);
      expect(await shilan.device().sync()).toEqual(err({ type: "Unreachable" }));
      // The case key, and the key under which the shredding is told to devices that come later.
      expect((await shilan.keysOf(logId)).size).toBe(2);
      await shilan.restart();
    }
    must(await shilan.device().sync());
    expect(world.server.state.logs.get(logId)?.wraps).toEqual([]);
    expect((await shilan.keysOf(logId)).size).toBe(0);
  });
});
