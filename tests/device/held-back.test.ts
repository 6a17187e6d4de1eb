/** What waits in quarantine can be looked at before it is adopted, and the date when backups forget is kept. */

import { assert, later } from "@amana/kernel";
import { encodeEntry } from "@amana/log";
import { makeCaseKey, type SealedEvent } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { clientOf } from "../hostile/client-of.ts";
import { makeHostileWorld, sightOf } from "../hostile/hostile-world.ts";
import { keepBackWraps } from "../hostile/misdeeds.ts";
import * as cases from "./case-world.ts";
import { appendTo } from "./memory-server/state.ts";
import { must, reads, startCase, syncAll, write } from "./access-world.ts";

describe("what waits in quarantine", () => {
  it("is shown with its author and its words to whoever decides, and is gone from the list once adopted", async () => {
    const { shilan, omar, nour, all, logId } = await startCase("held back");
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    await syncAll(...all);
    await write(omar, logId, "unseen");
    must(await shilan.device().takeAccess(logId, { kind: "person", person: omar.person }));
    // Sent after Shilan's device had looked, and before its epoch began.
    shilan.meanwhile.set("append-control", async () => {
      must(await omar.device().sync());
    });
    await syncAll(shilan, nour);
    const held = must(await nour.device().heldBackEntries(logId));
    expect(held).toHaveLength(1);
    expect(held[0]).toMatchObject({ person: omar.person, canBeAdopted: true });
    expect(held[0]?.recordedAt).toBeDefined();
    expect(held[0]?.firstSeenAt).toBeDefined();
    const asWritten = recordFact("unseen", "yes");
    expect(held[0]?.events?.[0]).toMatchObject(["FactRecorded", 1, { fact: asWritten.fact, saidBy: asWritten.saidBy }]);
    expect(await reads(nour, logId)).not.toContain("unseen");
    must(await nour.device().adoptEntries(logId, [held[0]?.entry ?? ("" as never)]));
    await syncAll(nour);
    expect(must(await nour.device().heldBackEntries(logId))).toEqual([]);
  });

  it("is listed by the author's clock, with no word of what cannot be opened or read here", async () => {
    const world = await makeHostileWorld("two things at once");
    const { nour, azad, fresh, hostile, server, logId } = world;
    const client = await clientOf(world, "two things at once client", nour);
    await client.readCase(logId);
    const raised: SealedEvent = { type: "RiskRaised", version: 1, data: { level: "high", because: "He writes." } };
    // All of them under one counter: each may be meant for somebody else.
    const said = await client.forge(logId, [raised], { recordedAt: later(world.now(), 1000) });
    const before = await client.forge(logId, [raised], { recordedAt: world.now() });
    const unknown = await client.forge(logId, [{ type: "constructor", version: 1, data: {} }], {
      recordedAt: later(world.now(), 2000),
    });
    const other = await client.forge(logId, [raised], { caseKey: makeCaseKey(seededRandomness("another key")) });
    const log = server.state.logs.get(logId);
    assert(log !== undefined, "The case has begun.");
    for (const entry of [said, before, unknown, other])
      appendTo(log, { hash: entry.hash, header: entry.header, bytes: encodeEntry(entry) });
    await cases.syncAll(azad);
    const nourId = must(await nour.device().ownPerson());
    const held = must(await azad.device().heldBackEntries(logId));
    expect(held.map(({ entry }) => entry)).toEqual([other, before, said, unknown].map(({ hash }) => hash));
    expect(held.map(({ events }) => events?.length)).toEqual([undefined, 1, 1, undefined]);
    // Of two things said at once neither is ever taken over: nobody could say which was said to whom.
    expect(held.some(({ canBeAdopted }) => canBeAdopted)).toBe(false);
    expect(held.every(({ person, firstSeenAt }) => person === nourId && firstSeenAt !== undefined)).toBe(true);
    // Where no key has come yet, who wrote is known and nothing else.
    hostile.order({ lies: keepBackWraps });
    must(await fresh.device().sync());
    const closed = must(await fresh.device().heldBackEntries(logId));
    expect(closed.map(({ person, recordedAt, events }) => [person, recordedAt, events])).toEqual(
      Array.from({ length: 4 }, () => [nourId, undefined, undefined]),
    );
    hostile.order({});
    // Something else was decided about the case before: what was adopted is looked for, and is adopted once.
    must(await azad.device().proposeErasure(logId, [other.hash]));
    const controls = () => log.entries.filter(({ header }) => header.kind === "control").length;
    must(await azad.device().adoptEntries(logId, [said.hash]));
    await cases.syncAll(azad, nour);
    const after = controls();
    must(await nour.device().adoptEntries(logId, [said.hash]));
    await cases.syncAll(nour);
    expect(must(await nour.device().pendingChanges())).toEqual([]);
    expect(controls()).toBe(after);
    expect((await sightOf(nour, logId)).marks).toContain("quarantined");
  });

  it("is nothing in a case where all is well, and nothing in a case that is not here", async () => {
    const { nour, logId } = await startCase("nothing held back");
    expect(must(await nour.device().heldBackEntries(logId))).toEqual([]);
    expect(must(await nour.device().heldBackEntries("00".repeat(16) as never))).toEqual([]);
  });
});

describe("the date when no backup holds what was erased", () => {
  it("is kept by the device of whoever confirmed, also over a restart, and told once", async () => {
    const { shilan, azad, nour, all, logId, world } = await startCase("backup date");
    must(await shilan.device().proposeShredding(logId));
    await syncAll(...all);
    const [erasure] = must(await azad.device().peopleWhoCanRead(logId)).erasures;
    const proposal = erasure?.proposal ?? ("" as never);
    must(await azad.device().confirmErasure(logId, proposal));
    azad.losing.set("shred", "lost-after");
    expect(await azad.device().sync()).toMatchObject({ ok: false });
    expect(must(await azad.device().backupDates())).toEqual([]);
    must(await azad.device().sync());
    await azad.restart();
    const dates = must(await azad.device().backupDates());
    expect(dates).toMatchObject([{ logId, proposal }]);
    expect(dates[0]?.goneFromBackupsAt).toBeGreaterThan(world.now());
    expect(must(await nour.device().backupDates())).toEqual([]);
  });
});
