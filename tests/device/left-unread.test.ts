/** What nobody here can read and what closes a case for it: named, left unread or passed over by a person, and never twice. */

import { assert } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { makeCaseKey, writeCaseControlEvent, type EpochMember } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { clientOf, falseWrap } from "../hostile/client-of.ts";
import { makeHostileWorld, write, type HostileWorld } from "../hostile/hostile-world.ts";
import { must, syncAll, type Handset } from "./case-world.ts";

/** Nour has been bribed: her device is as it ships, and she has a client of her own beside it. */
const bribed = async (seed: string) => {
  const world = await makeHostileWorld(seed);
  const client = await clientOf(world, `${seed} client`, world.nour);
  await client.readCase(world.logId);
  const nourId = must(await world.nour.device().ownPerson());
  assert(nourId !== undefined, "Nour is known.");
  return { ...world, client, nourId };
};

const waitingOn = async ({ device }: Handset) => must(await device().pendingChanges());
const isBehindOn = async ({ device }: Handset, logId: LogId) => must(await device().viewCase(logId)).isBehind;

const controlsOf = ({ server, logId }: HostileWorld) =>
  server.state.logs.get(logId)?.entries.filter(({ header }) => header.kind === "control").length;

describe("an entry of a kind that nobody knows", () => {
  it("is left unread by a supervisor, once; its author and whoever supervises nothing are refused and told", async () => {
    const world = await bribed("left unread");
    const { nour, azad, shilan, client, logId, nourId } = world;
    const forged = await client.forge(logId, [{ type: "constructor", version: 1, data: {} }]);
    await client.push(logId, forged);
    await syncAll(nour, shilan, azad);
    expect(must(await azad.device().peopleWhoCanRead(logId)).heldUpBy).toEqual([{ entry: forged.hash, by: nourId }]);
    for (const each of [nour, shilan]) {
      must(await each.device().leaveUnread(logId, [forged.hash]));
      await syncAll(each);
      expect(await waitingOn(each)).toMatchObject([
        { change: { kind: "leave-unread", entries: [forged.hash] }, refusedAs: "NotToLeaveUnread" },
      ]);
      expect(await isBehindOn(each, logId)).toBe(true);
    }
    must(await azad.device().leaveUnread(logId, [forged.hash]));
    await syncAll(azad, nour, shilan);
    for (const each of [azad, nour, shilan]) {
      expect(await isBehindOn(each, logId)).toBe(false);
      // What was refused to the others is so now, and is not asked again.
      expect(await waitingOn(each)).toEqual([]);
    }
    const controls = controlsOf(world);
    must(await azad.device().leaveUnread(logId, [forged.hash]));
    await syncAll(azad);
    expect(await waitingOn(azad)).toEqual([]);
    expect(controlsOf(world)).toBe(controls);
  });
});

const personMember = ({ unlocked }: Handset): EpochMember => ({
  kind: "person",
  keyId: unlocked().own.receivingKey.keyId,
});

describe("an epoch whose key its maker kept from the others", () => {
  it("stops every change of who reads, and its maker is named, until a supervisor passes over it, once", async () => {
    const world = await bribed("kept key");
    const { nour, azad, shilan, client, logId, nourId } = world;
    const members = [nour, azad, shilan].map(personMember);
    const begins = { beginsEpoch: true, caseKey: makeCaseKey(seededRandomness("a key for one")) };
    const begun = writeCaseControlEvent({ type: "EpochBegun", members, cut: [], reason: "" });
    const { header } = await client.forge(logId, [begun], { ...begins, header: { kind: "control" } });
    assert(header.keyCommitment !== undefined, "It begins an epoch.");
    const forAzad = await falseWrap(client, logId, header.keyCommitment, azad.unlocked().own.receivingKey);
    const forShilan = await falseWrap(client, logId, header.keyCommitment, shilan.unlocked().own.receivingKey);
    // What Shilan is sent says nothing of anybody: it may have been damaged on the way.
    const damaged = { ...forShilan, ciphertext: forShilan.ciphertext.map((byte) => byte ^ 1) };
    await client.appendControl(logId, [begun], {
      ...begins,
      wraps: [forAzad, damaged],
      serving: members.map(({ keyId }) => keyId),
    });
    await syncAll(azad, shilan);
    const falseKey = { type: "FalseKey", logId, from: client.own.identityKey.keyId };
    expect(azad.device().notices()).toContainEqual(falseKey);
    expect(shilan.device().notices()).not.toContainEqual(falseKey);
    for (const each of [azad, shilan])
      expect(each.device().notices()).toContainEqual({ type: "EpochWithoutKey", logId, by: nourId });
    await write(shilan, logId, "kept");
    must(await azad.device().renewAccess(logId));
    await syncAll(azad, shilan);
    expect(await waitingOn(azad)).toMatchObject([{ refusedAs: "EpochUnread" }]);
    expect(must(await shilan.device().syncState()).unsent).toBe(1);
    must(await shilan.device().passOverEpoch(logId));
    await syncAll(shilan);
    expect(await waitingOn(shilan)).toMatchObject([{ refusedAs: "SupervisorNeeded" }]);
    must(await azad.device().passOverEpoch(logId));
    await syncAll(azad, shilan, azad);
    expect([await waitingOn(shilan), await waitingOn(azad)]).toEqual([[], []]);
    expect(must(await shilan.device().syncState()).unsent).toBe(0);
    expect([...must(await azad.device().viewCase(logId)).state.facts.saidByFact.keys()]).toContain("kept");
    const controls = controlsOf(world);
    must(await azad.device().passOverEpoch(logId));
    await syncAll(azad);
    expect(await waitingOn(azad)).toEqual([]);
    expect(controlsOf(world)).toBe(controls);
  });
});
