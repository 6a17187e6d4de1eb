/**
 * Epochs whose key somebody keeps, or the server keeps back: in the organisation's own log two persons go on, and agree with whoever
 * was given the key; in a case nobody is won back by whom such an epoch took out.
 */

import { assert, err } from "@amana/kernel";
import { toHex, type EntryHash, type LogId } from "@amana/log";
import {
  makeCaseKey,
  makeIdentityKey,
  makePersonId,
  makeReceivingKey,
  wrap,
  writeCaseControlEvent,
  writeOrganisationEvent,
  type CaseKey,
  type EpochMember,
  type PublicKey,
  type Wrap,
} from "@amana/vault";
import { describe, expect, it } from "vitest";
import { consent } from "../../packages/casefile/src/testing/commands.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { invite, must, syncAll, type Handset } from "./case-world.ts";
import { clientOf } from "../hostile/client-of.ts";
import type { HostileMember } from "../hostile/hostile-member.ts";
import { beliefOf, makeHostileWorld, readingOn, sightOf, write } from "../hostile/hostile-world.ts";

const personOf = async ({ device }: Handset) => {
  const person = must(await device().ownPerson());
  assert(person !== undefined, "Everybody here is enrolled.");
  return person;
};
const personMember = ({ unlocked }: Handset): EpochMember => ({
  kind: "person",
  keyId: unlocked().own.receivingKey.keyId,
});

const wrapsBy = (by: HostileMember, logId: LogId, key: CaseKey, recipients: readonly PublicKey[]): Promise<Wrap[]> =>
  Promise.all(
    recipients.map((recipient) =>
      wrap(
        { purpose: "key-wrap", logId, key, recipient, author: by.own.identityKey },
        seededRandomness(`wrap ${recipient.keyId}`),
      ),
    ),
  );

/** By what a device comes to know of it. Only the first tells it with the exchange itself. */
const ways: Readonly<Record<string, (device: Handset) => Promise<void>>> = {
  "an exchange": (device) => syncAll(device),
  "an act, and an exchange after it": async (device) => {
    must(await device.device().namePerson(await personOf(device), "Azad"));
    await syncAll(device);
  },
  "an act, after which it was locked": async (device) => {
    must(await device.device().namePerson(await personOf(device), "Azad"));
    await device.restart();
  },
};

/** Nour has been bribed, and begins an epoch of the organisation's log in which Shilan has no part in cases any more. */
const keptFromAll = async (seed: string, ...givenTo: readonly ("azad" | "shilan")[]) => {
  const world = await makeHostileWorld(seed);
  const { nour, shilan, organisation } = world;
  const caseKey = makeCaseKey(seededRandomness(`${seed} key`));
  const recipients = givenTo.map((name) => world[name].unlocked().own.receivingKey);
  const client = await clientOf(world, `${seed} client`, nour);
  await client.readOrganisation();
  const before = (await beliefOf(shilan, world.logId)).organisation;
  const taken = writeOrganisationEvent({ type: "RoleTaken", person: await personOf(shilan), role: "caseworker" });
  const begun = writeOrganisationEvent({ type: "EpochBegun", members: [], cut: [], reason: "left" });
  const wraps = await wrapsBy(client, organisation, caseKey, recipients);
  const kept = await client.appendControl(organisation, [taken, begun], { beginsEpoch: true, caseKey, wraps });
  return { ...world, client, before, kept };
};

describe("an epoch of the organisation's log whose key its maker keeps", () => {
  it("closes every case until two others have gone on over it; then all hold the same to be so, its maker too", async () => {
    const world = await keptFromAll("kept from all");
    const { nour, azad, shilan, hostile, client, logId, organisation, before, kept } = world;
    const random = seededRandomness("a friend of hers");
    const keys = { identityKey: makeIdentityKey(random), receivingKey: await makeReceivingKey(random) };
    const friend = { type: "PersonEnrolled", person: makePersonId(random), role: "administrator", ...keys } as const;
    const enrolled = await client.appendControl(organisation, [writeOrganisationEvent(friend)]);
    expect((await client.readOrganisation()).current.people.has(friend.person)).toBe(true);
    await syncAll(azad, shilan);
    const asked = consent("store-file", "own-organisation");
    expect(await shilan.device().tell(logId, asked)).toMatchObject({ error: { type: "UpdateFirst" } });
    expect(must(await azad.device().unreadOfOrganisation())).toEqual([{ entry: kept.hash, by: await personOf(nour) }]);
    // Whoever keeps nothing proposes nothing.
    expect(await shilan.device().passOverOrganisation()).toMatchObject({ error: { type: "NotAllowed" } });
    hostile.order({ lies: { "append-control": () => Promise.resolve(err({ type: "Unreachable" })) } });
    expect(await azad.device().passOverOrganisation()).toEqual(err({ type: "Unreachable" }));
    // Whoever keeps the key may have told the server that nobody else says whom it serves.
    hostile.order({
      lies: {
        "append-control": ({ request, pass }) =>
          request.serving === undefined
            ? pass()
            : Promise.resolve(err({ type: "Refused", code: "NotForYou", afterSeconds: undefined })),
      },
    });
    const going = must(await azad.device().passOverOrganisation());
    hostile.order({});
    expect(going.stands).toBe("waits");
    expect(must(await azad.device().passOverOrganisation()).stands).toBe("already");
    await syncAll(shilan);
    expect(must(await shilan.device().viewCase(logId)).isBehind).toBe(true);
    const [proposal] = must(await shilan.device().proposals());
    expect(proposal).toMatchObject({ entry: going.entry, canConfirm: true, about: await personOf(nour) });
    assert(going.entry !== undefined, "It was appended.");
    expect(must(await shilan.device().confirmProposal(going.entry)).stands).toBe("counts");
    expect(must(await shilan.device().confirmProposal(going.entry)).stands).toBe("already");
    await syncAll(azad, shilan, nour);
    const beliefs = await Promise.all([azad, shilan, nour].map((each) => beliefOf(each, logId)));
    for (const belief of beliefs) expect(belief.organisation).toEqual(beliefs[0]?.organisation);
    const now = beliefs[0]?.organisation;
    expect([now?.people, now?.proposals.size]).toEqual([before?.people, 0]);
    expect(now?.withoutAuthority).toEqual(expect.arrayContaining([kept.hash, enrolled.hash]));
    // Her own client has the key, and reads the same.
    expect((await client.readOrganisation()).current).toEqual(now);
    must(await shilan.device().tell(logId, asked));
    await syncAll(shilan, azad);
    expect((await sightOf(azad, logId)).isBehind).toBe(false);
  });

  it("is not gone on over by its maker, nor once somebody else has written since: it was given to them", async () => {
    const world = await keptFromAll("given and gone on from");
    const { nour, azad, organisation, kept } = world;
    await syncAll(nour, azad);
    expect(await nour.device().passOverOrganisation()).toMatchObject({ error: { type: "NotAllowed" } });
    const program = await clientOf(world, "another program of Azad's", azad);
    const met = writeOrganisationEvent({ type: "PersonMet", person: await personOf(nour) });
    await program.appendControl(organisation, [met], { caseKey: makeCaseKey(seededRandomness("any key")) });
    await syncAll(azad);
    expect(await azad.device().passOverOrganisation()).toMatchObject({ error: { type: "NotAllowed" } });
    expect(must(await azad.device().unreadOfOrganisation()).map(({ entry }) => entry)).toEqual([kept.hash]);
  });

  it.each(Object.keys(ways))(
    "gives nobody another say in a case than others hold them to have, on a device that was given the key, kept what it read, and hears of it by %s",
    async (way) => {
      const world = await keptFromAll(`given to one, ${way}`, "azad");
      const { nour, azad, shilan, logId, organisation, kept } = world;
      await syncAll(shilan, azad);
      must(await shilan.device().tell(logId, { type: "RaiseRisk", level: "high", because: "Since." }));
      await syncAll(shilan, azad);
      const seenByAzad = async () => [
        must(await azad.device().viewCase(logId)).state.risk.said.length,
        ...must(await azad.device().listCases()).map(({ level }) => level),
      ];
      // As of that epoch Shilan has no part in cases.
      expect(await seenByAzad()).toEqual([0, undefined]);
      const program = await clientOf(world, "a program of Azad's", azad);
      const caseKey = makeCaseKey(seededRandomness("the next key"));
      const recipients = [nour, azad, shilan].map(({ unlocked }) => unlocked().own.receivingKey);
      const wraps = await wrapsBy(program, organisation, caseKey, recipients);
      const over = { type: "EpochBegun", members: [], cut: [], reason: "renew", over: [kept.hash] } as const;
      const begins = { beginsEpoch: true, caseKey, wraps };
      const going = await program.appendControl(organisation, [writeOrganisationEvent(over)], begins);
      await syncAll(shilan);
      must(await shilan.device().confirmProposal(going.hash));
      await ways[way]?.(azad);
      expect(await seenByAzad()).toEqual([1, "high"]);
      await azad.restart();
      expect(await seenByAzad()).toEqual([1, "high"]);
    },
  );
});

describe("an honest epoch of the organisation's log that two people take back", () => {
  it("takes no colleague's words with it; those of whom it had brought are shown, and wait for a supervisor", async () => {
    const world = await makeHostileWorld("taken back");
    const { nour, azad, fresh, shilan, handset, logId, organisation } = world;
    const client = await clientOf(world, "a second device of Nour's", nour);
    await client.readOrganisation();
    const caseKey = makeCaseKey(seededRandomness("an honest key"));
    const wraps = await wrapsBy(
      client,
      organisation,
      caseKey,
      [nour, azad, shilan].map(({ unlocked }) => unlocked().own.receivingKey),
    );
    const begun = writeOrganisationEvent({ type: "EpochBegun", members: [], cut: [], reason: "left" });
    const honest = await client.appendControl(organisation, [begun], { beginsEpoch: true, caseKey, wraps });
    const dilan = handset("dilan");
    const person = await invite(nour, dilan);
    await syncAll(nour, azad, shilan, dilan);
    must(await shilan.device().giveAccess(logId, { kind: "person", person }));
    await syncAll(shilan, dilan);
    must(await dilan.device().tell(logId, { type: "RaiseRisk", level: "high", because: "He is at the door." }));
    await syncAll(dilan, shilan);
    await write(shilan, logId, "after-hers");
    await syncAll(shilan, nour, azad);
    expect(must(await azad.device().viewCase(logId)).state.risk.said).toHaveLength(1);
    const program = await clientOf(world, "a program of Azad's", azad);
    const over = { type: "EpochBegun", members: [], cut: [], reason: "renew", over: [honest.hash] } as const;
    const next = makeCaseKey(seededRandomness("the next key"));
    const recipients = [nour, azad, shilan].map(({ unlocked }) => unlocked().own.receivingKey);
    const going = await program.appendControl(organisation, [writeOrganisationEvent(over)], {
      ...{ beginsEpoch: true, caseKey: next },
      wraps: await wrapsBy(program, organisation, next, recipients),
    });
    await syncAll(shilan);
    must(await shilan.device().confirmProposal(going.hash));
    // One of these devices has read nothing before.
    await syncAll(nour, azad, shilan, fresh);
    const beliefs = await Promise.all([nour, azad, shilan, fresh].map((each) => beliefOf(each, logId)));
    for (const { state, isBehind } of beliefs) {
      expect(state).toEqual(beliefs[0]?.state);
      expect([[...state.facts.saidByFact.keys()].includes("after-hers"), state.risk.said, isBehind]).toEqual([
        true,
        [],
        true,
      ]);
    }
    const held = must(await nour.device().heldBackEntries(logId));
    expect(held).toMatchObject([{ person, canBeAdopted: false, isTakenBack: true }]);
    expect(held[0]?.events?.[0]).toMatchObject(["RiskRaised", 1, { level: "high" }]);
    const asked = consent("store-file", "own-organisation");
    expect(await shilan.device().tell(logId, asked)).toMatchObject({ error: { type: "UpdateFirst" } });
    // Danger never waits: whoever holds it true writes it anew.
    must(await shilan.device().tell(logId, { type: "RaiseRisk", level: "high", because: "Dilan said so." }));
    must(
      await nour.device().leaveUnread(
        logId,
        held.map(({ entry }) => entry),
      ),
    );
    await syncAll(nour, shilan, azad);
    must(await shilan.device().tell(logId, asked));
    await syncAll(shilan, azad);
    const { isBehind, openers, state } = await beliefOf(azad, logId);
    expect([isBehind, openers.includes(person), state.risk.said.length]).toEqual([false, false, 1]);
    const { members } = (await readingOn(azad, logId)).epochs.at(-1) ?? { members: [] };
    expect(members).not.toContainEqual(personMember(dilan));
  });
});

/** Rami was let into Shilan's case and is taken out again; the server, their accomplice, keeps the new key back from Shilan. */
const keptFromShilan = async (seed: string) => {
  const world = await makeHostileWorld(seed);
  const { nour, azad, shilan, server, logId, handset } = world;
  const rami = handset("rami");
  const person = await invite(nour, rami);
  await syncAll(nour, azad, shilan, rami);
  must(await shilan.device().giveAccess(logId, { kind: "person", person }));
  await syncAll(shilan, nour, azad, rami);
  const client = await clientOf(world, `${seed} client`, rami);
  await client.readCase(logId);
  const log = server.state.logs.get(logId);
  assert(log !== undefined, "The case has begun.");
  const known = new Set(log.wraps);
  must(await azad.device().takeAccess(logId, { kind: "person", person }));
  await syncAll(azad);
  const own = shilan.unlocked().own.receivingKey;
  const keptBack = log.wraps.filter((each) => !known.has(each) && each.recipient === own.keyId);
  log.wraps = log.wraps.filter((each) => !keptBack.includes(each));
  const takenOut = log.tip;
  assert(takenOut !== undefined && keptBack.length === 1, "An epoch has begun, and Shilan lacks its key.");
  await syncAll(shilan);
  const winBack = async (over: readonly EntryHash[]) => {
    log.serving = new Set([...log.serving, client.own.receivingKey.keyId]);
    const caseKey = makeCaseKey(seededRandomness(`${seed} ${over.length}`));
    const members = [nour, azad, shilan, rami].map(personMember);
    const event = { type: "EpochBegun", members, cut: [], reason: "", ...(over.length === 0 ? {} : { over }) } as const;
    return client.appendControl(logId, [writeCaseControlEvent(event)], {
      ...{ beginsEpoch: true, caseKey },
      wraps: await wrapsBy(client, logId, caseKey, [own]),
    });
  };
  const giveKeys = (): void => {
    log.wraps.push(...keptBack);
  };
  return { ...world, rami, client, log, takenOut, winBack, giveKeys };
};

describe("somebody who was taken out of a case, with the server's help", () => {
  it("wins back no colleague whose device was not given the key: it writes nothing until the key comes", async () => {
    const { azad, shilan, client, log, logId, takenOut, winBack, giveKeys } = await keptFromShilan("won back");
    for (const [fact, over] of [["kept", []] as const, ["more", [takenOut]] as const]) {
      const { header } = await winBack(over);
      const count = log.entries.length;
      await write(shilan, logId, fact);
      await syncAll(shilan);
      // The device has the key that it is offered, and does not go on under it.
      const { keys } = shilan.unlocked().held.get(logId)?.record ?? {};
      expect(keys?.has(toHex(header.keyCommitment ?? new Uint8Array()))).toBe(true);
      expect(log.entries).toHaveLength(count);
      const { unsent, isBehind } = must(await shilan.device().viewCase(logId));
      expect([unsent.length, isBehind]).toEqual([over.length + 1, true]);
    }
    expect(must(await shilan.device().peopleWhoCanRead(logId)).unreadEpochs).toEqual([
      { entry: takenOut, by: await personOf(azad) },
    ]);
    giveKeys();
    await syncAll(shilan, azad);
    expect(must(await shilan.device().viewCase(logId)).unsent).toEqual([]);
    expect((await sightOf(azad, logId)).facts).toEqual(expect.arrayContaining(["kept", "more"]));
    const begun = log.entries.find(({ hash }) => hash === takenOut)?.header.keyCommitment ?? new Uint8Array();
    expect(client.keys.has(toHex(begun))).toBe(false);
    const byShilan = log.entries.at(-1)?.header;
    expect(byShilan?.author).toBe(shilan.unlocked().own.identityKey.keyId);
  });
});

describe("somebody who does not open a case, and begins an epoch of it for some", () => {
  it("holds up the others only until a supervisor who was given the key next writes there", async () => {
    const world = await makeHostileWorld("for some");
    const { nour, azad, shilan, server, logId, handset } = world;
    const rami = handset("rami");
    await invite(nour, rami);
    await syncAll(nour, azad, shilan, rami);
    const log = server.state.logs.get(logId);
    assert(log !== undefined, "The case has begun.");
    const client = await clientOf(world, "for some client", rami);
    await client.readOrganisation();
    log.serving = new Set([...log.serving, client.own.receivingKey.keyId]);
    const members = [nour, azad, shilan, rami].map(personMember);
    const event = writeCaseControlEvent({ type: "EpochBegun", members, cut: [], reason: "" });
    const caseKey = makeCaseKey(seededRandomness("for some key"));
    const wraps = await wrapsBy(client, logId, caseKey, [azad.unlocked().own.receivingKey]);
    await client.appendControl(logId, [event], { beginsEpoch: true, caseKey, wraps });
    await write(shilan, logId, "kept");
    await syncAll(azad, shilan);
    const unsentOf = async ({ device }: Handset) => must(await device().viewCase(logId)).unsent.length;
    expect([await unsentOf(azad), await unsentOf(shilan)]).toEqual([0, 1]);
    await write(azad, logId, "goes-on");
    await syncAll(azad, shilan);
    expect([await unsentOf(azad), await unsentOf(shilan)]).toEqual([0, 0]);
    expect((await sightOf(shilan, logId)).isBehind).toBe(false);
    // And no epoch more is begun for it.
    const epochs = (await readingOn(azad, logId)).epochs.length;
    await write(azad, logId, "once");
    await syncAll(azad);
    expect((await readingOn(azad, logId)).epochs).toHaveLength(epochs);
  });
});
