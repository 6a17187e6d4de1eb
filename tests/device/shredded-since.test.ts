/**
 * A device that never had the keys of a case that two people have shredded: it is told that the case was shredded, by what
 * those two have signed, and by nothing that the server or one person alone can make.
 */

import { assert } from "@amana/kernel";
import type { EntryHash, LogId } from "@amana/log";
import { describe, expect, it } from "vitest";
import { bringIn, must, reads, startCase, syncAll, type Member, type StartedCase } from "./access-world.ts";

const password = "the river runs past four white houses";

/** Of the same person, from the printed kit. */
const enrolAnother = async ({ world }: StartedCase, owner: Member): Promise<Member> => {
  const tablet = world.member(`${owner.name}'s tablet`);
  const digits = must(await owner.device().kit());
  must(await tablet.device().enrolWithKit({ digits, password, language: "ckb" }));
  tablet.person = owner.person;
  return tablet;
};

const proposalIn = async (member: Member, logId: LogId): Promise<EntryHash> => {
  const [erasure] = must(await member.device().peopleWhoCanRead(logId)).erasures;
  assert(erasure !== undefined, "The shredding is proposed.");
  return erasure.proposal;
};

/** Nour proposes, Shilan confirms; both know. */
const shred = async ({ nour, shilan, all, logId }: StartedCase): Promise<void> => {
  must(await nour.device().proposeShredding(logId));
  await syncAll(...all);
  must(await shilan.device().confirmErasure(logId, await proposalIn(shilan, logId)));
  await syncAll(...all);
};

/** What the device lists and shows of the case. */
const shown = async (member: Member, logId: LogId) => {
  const [row] = must(await member.device().listCases()).filter((each) => each.logId === logId);
  assert(row !== undefined, "The case is listed.");
  const view = must(await member.device().viewCase(logId));
  const known = { stage: row.stage, isBehind: row.isBehind, isShredded: view.isShredded };
  return { ...known, history: view.state.history.length, unsent: must(await member.device().syncState()).unsent };
};

const knownAsShredded = { stage: "shredded", isBehind: false, isShredded: true, history: 0, unsent: 0 };

describe("a device that is enrolled after a case was shredded", () => {
  it("shows the case as shredded, at once and after each unlocking, and asks for nothing more", async () => {
    const started = await startCase("enrolled since");
    await shred(started);
    const tablet = await enrolAnother(started, started.nour);
    for (let round = 0; round < 2; round++) {
      must(await tablet.device().sync());
      expect(await shown(tablet, started.logId)).toEqual(knownAsShredded);
      expect(tablet.device().notices()).toEqual([]);
      expect(await reads(tablet, started.logId)).toEqual([]);
      await tablet.restart();
    }
  });

  it("knows it also where others read since it was proposed, and of a person who has other keys since", async () => {
    const started = await startCase("other epoch");
    const { nour, azad, shilan, omar, all, logId } = started;
    must(await nour.device().proposeShredding(logId));
    await syncAll(...all);
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    await syncAll(...all);
    must(await shilan.device().confirmErasure(logId, await proposalIn(shilan, logId)));
    await syncAll(...all);
    azad.loseEverything();
    await bringIn(nour, azad, { kind: "come-back", person: azad.person });
    must(await shilan.device().sync());
    // Nour has brought him back; where a supervisor is left who could, one confirms. Here none is, so Shilan does.
    const [proposal] = must(await shilan.device().proposals());
    assert(proposal?.canConfirm === true, "Azad's keys are proposed.");
    must(await shilan.device().confirmProposal(proposal.entry));
    // What a caseworker's act leaves to a keeper is done by Nour's device; then Azad is served.
    await syncAll(...all);
    await syncAll(...all);
    expect(await shown(azad, logId)).toEqual(knownAsShredded);
    expect(await shown(await enrolled(started, omar), logId)).toEqual(knownAsShredded);
  });

  it("is not told so by keys that the server keeps back, nor by one person's proposal", async () => {
    const started = await startCase("kept back");
    const { nour, all, logId, world } = started;
    must(await nour.device().proposeShredding(logId));
    await syncAll(...all);
    const log = world.server.state.logs.get(logId);
    assert(log !== undefined, "The case has begun.");
    log.wraps.length = 0;
    const tablet = await enrolled(started, nour);
    expect(await shown(tablet, logId)).toMatchObject({ isBehind: true, isShredded: false });
  });

  it("keeps what told it and remembers nothing else, so that keys which come after all would decide", async () => {
    const started = await startCase("come after all");
    await shred(started);
    const tablet = await enrolled(started, started.nour);
    for (let round = 0; round < 2; round++) {
      expect((await tablet.keysOf(started.logId)).size).toBe(1);
      await tablet.restart();
      must(await tablet.device().sync());
    }
    // A device that had the keys has forgotten them, and what tells of it as well.
    expect((await started.nour.keysOf(started.logId)).size).toBe(0);
  });
});

const enrolled = async (started: StartedCase, owner: Member): Promise<Member> => {
  const tablet = await enrolAnother(started, owner);
  must(await tablet.device().sync());
  return tablet;
};

describe("telling of a shredding", () => {
  it("comes before the keys are destroyed, is done once, and is tried again when an answer was lost", async () => {
    const started = await startCase("told once");
    const { nour, shilan, all, logId, world } = started;
    must(await nour.device().proposeShredding(logId));
    await syncAll(...all);
    must(await shilan.device().confirmErasure(logId, await proposalIn(shilan, logId)));
    const log = world.server.state.logs.get(logId);
    assert(log !== undefined, "The case has begun.");
    const controls = (): number => log.entries.filter(({ header }) => header.kind === "control").length;
    const before = controls();
    shilan.losing.set("shred", "lost-before");
    expect((await shilan.device().sync()).ok).toBe(false);
    // The confirmation, and what tells of it.
    expect([controls(), log.isShredded]).toEqual([before + 2, false]);
    await shilan.restart();
    must(await shilan.device().sync());
    expect([controls(), log.isShredded]).toEqual([before + 2, true]);
    await syncAll(...all);
    expect(await shown(nour, logId)).toEqual(knownAsShredded);
  });

  it.each([
    ["it", 1],
    ["it and the two acts before it", 3],
  ])("is done again where the server has lost %s, by whoever holds it still", async (what, count) => {
    const started = await startCase(`lost ${what}`);
    const { nour, all, logId, world } = started;
    await shred(started);
    const log = world.server.state.logs.get(logId);
    const told = log?.entries.at(-1);
    assert(log !== undefined && told !== undefined, "It was told.");
    // As a server that was put back to just before, with its ledger.
    for (const { hash } of log.entries.splice(-count)) log.places.delete(hash);
    log.digests.splice(-count);
    log.tip = log.entries.findLast(({ header }) => header.kind === "control")?.hash;
    for (const member of all) await member.restart();
    must(await nour.device().sync());
    expect(log.entries.at(-1)?.hash).toBe(told.hash);
    expect(await shown(await enrolled(started, nour), logId)).toEqual(knownAsShredded);
  });
});
