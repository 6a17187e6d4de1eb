/**
 * A server that lacks what this device holds, or takes nothing of it: what was written is kept, sent again, and told; what is
 * not this device's to say is not said.
 */

import { assert, err, ok } from "@amana/kernel";
import { decodeCbor, encodeCbor, encodeEntry, isCborArray, type LogId, type SealedEntry } from "@amana/log";
import { writeCaseControlEvent, writeOrganisationEvent } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { pushLogs } from "../../packages/device/src/logs/push.ts";
import { vouchedFor } from "../../packages/device/src/logs/read.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { clientOf } from "../hostile/client-of.ts";
import { entriesAt, factsWritten, makeHostileWorld, places, sightOf, write } from "../hostile/hostile-world.ts";
import { acknowledgeControlWithoutAppending, append, dropTail, only, replaceAt } from "../hostile/misdeeds.ts";
import * as access from "./access-world.ts";
import { must, openNewCase, syncAll, type Handset } from "./case-world.ts";
import { makeMemoryServer, restoreServer, type MemoryServer } from "./memory-server.ts";

const all = [...factsWritten].sort();
const notForYou = err({ type: "Refused", code: "NotForYou", afterSeconds: undefined } as const);
const unreachable = err({ type: "Unreachable" } as const);

/** As after a restore of a backup that has the rest. */
const loseTail = (server: MemoryServer, logId: LogId, count: number): void => {
  const log = server.state.logs.get(logId);
  assert(log !== undefined, "The log has begun.");
  const kept = log.entries.length - count;
  for (const { hash } of log.entries.splice(kept)) log.places.delete(hash);
  log.digests.splice(kept + 1);
  log.tip = log.entries.findLast(({ header }) => header.kind === "control")?.hash;
};

const unsentOn = async ({ device }: Handset) => must(await device().syncState()).unsent;

describe("what a server has lost", () => {
  it("is sent again by who holds it, also where the server names what it has one by one", async () => {
    const world = await makeHostileWorld("one by one");
    const { nour, azad, hostile, server, logId } = world;
    const before = entriesAt(world, logId);
    loseTail(server, logId, 3);
    let asked = 0;
    hostile.order({
      lies: {
        "list-hashes": async ({ pass }) => {
          asked++;
          const answer = await pass();
          return answer.ok ? ok({ ...answer.value, hashes: answer.value.hashes.slice(0, 1) }) : answer;
        },
      },
    });
    await syncAll(nour);
    expect(asked).toBeGreaterThan(2);
    expect(entriesAt(world, logId)).toEqual(before);
    expect((await sightOf(nour, logId)).notices).toEqual(["ServerLacked"]);
    await syncAll(azad);
    expect((await sightOf(azad, logId)).facts).toEqual(all);
  });

  it("and never had is not given to it: an entry of a later format goes no further than who was shown it", async () => {
    const world = await makeHostileWorld("later format");
    const { nour, hostile, server, logId } = world;
    const ofLaterFormat = (entry: SealedEntry) => {
      const decoded = decodeCbor(entry.headerBytes);
      assert(decoded.ok && isCborArray(decoded.value), "A header is a list.");
      return encodeEntry({ ...entry, headerBytes: encodeCbor([2, ...decoded.value.slice(1)]) });
    };
    const before = entriesAt(world, logId);
    hostile.order({ view: only(logId, replaceAt(places.last, ofLaterFormat)) });
    must(await nour.device().sync());
    hostile.order({});
    loseTail(server, logId, 1);
    await syncAll(nour);
    expect(entriesAt(world, logId)).toEqual(before);
    expect(await sightOf(nour, logId)).toMatchObject({ facts: all, marks: ["newer"], isBehind: true });
    // A later version of this program can read it, and does not take it for verified.
    const log = nour.unlocked().held.get(logId);
    const later = log?.entries.find(({ kind }) => kind === "newer")?.entry.hash;
    assert(log !== undefined && later !== undefined, "It is kept.");
    expect(vouchedFor(log).has(later)).toBe(false);
    expect(vouchedFor(log).size).toBe(log.hashes.size - 1);
  });

  it("and will not have back it is offered again another time", async () => {
    const world = await makeHostileWorld("will not have it");
    const { nour, hostile, server, logId } = world;
    const log = server.state.logs.get(logId);
    const before = log?.tip;
    hostile.order({ lies: acknowledgeControlWithoutAppending(before) });
    must(await nour.device().proposeErasure(logId, [log?.entries.at(-1)?.hash ?? ("" as never)]));
    await nour.device().sync();
    const no = () => Promise.resolve(ok({ isAppended: false, tip: before }));
    hostile.order({ lies: { "append-control": no } });
    must(await nour.device().sync());
    expect(log?.tip).toBe(before);
    hostile.order({});
    await syncAll(nour);
    expect(log?.tip).not.toBe(before);
    expect(must(await nour.device().peopleWhoCanRead(logId)).erasures).toHaveLength(1);
  });

  it("of the organisation, as it says, from its beginning on, changes nothing where it has all of it", async () => {
    const world = await makeHostileWorld("no organisation");
    const { nour, shilan, hostile, organisation } = world;
    const before = entriesAt(world, organisation);
    hostile.order({
      view: only(organisation, dropTail(1)),
      lies: { "list-hashes": () => Promise.resolve(ok({ hashes: [], end: 0 })) },
    });
    await nour.device().sync();
    expect(nour.device().notices()).toContainEqual({
      type: "ServerLacked",
      logId: organisation,
      count: before.length,
    });
    expect(entriesAt(world, organisation)).toEqual(before);
    hostile.order({});
    await syncAll(nour, shilan);
    const person = must(await shilan.device().ownPerson()) ?? ("" as never);
    must(await nour.device().namePerson(person, "Shilan"));
    await syncAll(shilan);
    expect(must(await shilan.device().organisation())?.namesById.get(person)).toBe("Shilan");
  });

  it("of a case that two people have shredded comes back without a key, and stays shredded", async () => {
    const { world, nour, azad, shilan, logId } = await access.startCase("shredded there");
    const backup = makeMemoryServer({
      clock: world.now,
      randomness: seededRandomness("shredded there backup"),
      origin: "https://amana.example",
      copied: world.server.state,
    });
    must(await azad.device().proposeShredding(logId));
    await access.syncAll(azad, nour);
    const [erasure] = must(await nour.device().peopleWhoCanRead(logId)).erasures;
    assert(erasure !== undefined, "The shredding is proposed.");
    must(await nour.device().confirmErasure(logId, erasure.proposal));
    await access.syncAll(nour, azad);
    const isShreddedOn = async (member: access.Member) => must(await member.device().viewCase(logId)).isShredded;
    expect([await isShreddedOn(nour), await isShreddedOn(azad)]).toEqual([true, true]);
    restoreServer(world.server, backup);
    await nour.restart();
    await access.syncAll(nour, azad, shilan);
    for (const each of [nour, azad, shilan]) {
      expect(await isShreddedOn(each)).toBe(true);
      expect((await each.keysOf(logId)).size).toBe(0);
    }
  });
});

describe("what waits to be sent", () => {
  it("is sent with what it names where the server lost that just before, also if the line breaks then", async () => {
    const { world, nour, shilan, azad, logId } = await access.startCase("lost just before");
    await access.write(shilan, logId, "second");
    await access.syncAll(shilan, nour);
    await access.write(nour, logId, "third");
    nour.meanwhile.set("push", () => {
      loseTail(world.server, logId, 1);
      return Promise.resolve();
    });
    nour.losing.set("list-hashes", "lost-before");
    expect(await nour.device().sync()).toEqual(unreachable);
    expect(must(await nour.device().syncState()).unsent).toBe(1);
    await access.write(nour, logId, "fourth");
    await access.syncAll(nour);
    await access.write(nour, logId, "fifth");
    nour.meanwhile.set("push", () => {
      loseTail(world.server, logId, 1);
      return Promise.resolve();
    });
    await access.syncAll(nour, azad);
    expect(must(await nour.device().syncState()).unsent).toBe(0);
    expect(await access.reads(azad, logId)).toEqual(["fifth", "first", "fourth", "second", "third"]);
  });

  it("for several cases stays where the line breaks while each is tried alone", async () => {
    const world = await makeHostileWorld("each alone");
    const { shilan, nour, hostile, logId } = world;
    const other = await openNewCase(shilan);
    await syncAll(shilan, nour);
    await write(shilan, logId, "one");
    await write(shilan, other, "other");
    let pushes = 0;
    hostile.order({ lies: { push: () => Promise.resolve(pushes++ === 0 ? notForYou : unreachable) } });
    expect(await shilan.device().sync()).toEqual(unreachable);
    expect(pushes).toBe(2);
    expect(await unsentOn(shilan)).toBe(2);
    hostile.order({});
    await syncAll(shilan, nour);
    expect((await sightOf(nour, logId)).facts).toContain("one");
    expect((await sightOf(nour, other)).facts).toEqual(["other"]);
  });

  it("and of which the answer says nothing stays, and the person is told", async () => {
    const world = await makeHostileWorld("not in the answer");
    const { shilan, hostile, logId } = world;
    await write(shilan, logId, "one");
    hostile.order({ lies: { push: () => Promise.resolve(ok({ logs: [] })) } });
    must(await shilan.device().sync());
    expect(await unsentOn(shilan)).toBe(1);
    expect(shilan.device().notices()).toContainEqual({ type: "CannotSend", logId });
  });

  it("stands once among what is held, however often it was on its way at the same time", async () => {
    const world = await makeHostileWorld("twice on its way");
    const { shilan, hostile, logId } = world;
    await write(shilan, logId, "one");
    hostile.order({
      lies: { push: () => Promise.resolve(err({ type: "Refused", code: "NotNow", afterSeconds: undefined })) },
    });
    await shilan.device().sync();
    expect(await unsentOn(shilan)).toBe(1);
    hostile.order({});
    const unlocked = shilan.unlocked();
    await Promise.all([pushLogs(unlocked), pushLogs(unlocked)]);
    expect(await unsentOn(shilan)).toBe(0);
    await syncAll(shilan);
    expect(entriesAt(world, logId)).toHaveLength(places.last + 2);
    expect(unlocked.held.get(logId)?.entries).toHaveLength(places.last + 2);
  });
});

describe("a server that shows two lines", () => {
  it("of a case is sent nothing more of it: what is sealed and what is decided stays here, and is told", async () => {
    const world = await makeHostileWorld("two lines");
    const { shilan, nour, azad, hostile, logId } = world;
    await write(shilan, logId, "sealed");
    hostile.order({
      lies: { push: () => Promise.resolve(err({ type: "Refused", code: "NotNow", afterSeconds: undefined })) },
    });
    await shilan.device().sync();
    const adopted = writeCaseControlEvent({ type: "Adopted", entries: [] });
    const lines = [];
    for (const each of [nour, azad]) {
      const client = await clientOf(world, `two lines ${String(lines.length)}`, each);
      await client.readCase(logId);
      lines.push(encodeEntry(await client.forge(logId, [adopted], { header: { kind: "control" } })));
    }
    hostile.order({ view: only(logId, append(...lines)) });
    must(await shilan.device().renewAccess(logId));
    must(await shilan.device().sync());
    expect(shilan.device().notices()).toContainEqual({ type: "ServerContradicts", logId });
    expect(must(await shilan.device().pendingChanges())).toMatchObject([{ refusedAs: "ServerContradicts" }]);
    expect(await unsentOn(shilan)).toBe(1);
    expect(entriesAt(world, logId)).toHaveLength(places.last + 1);
    expect((await sightOf(shilan, logId)).facts).toContain("sealed");
  });

  it("of the organisation is told, and cases are read as they were", async () => {
    const world = await makeHostileWorld("two organisations");
    const { shilan, nour, azad, hostile, logId, organisation } = world;
    const person = must(await shilan.device().ownPerson()) ?? ("" as never);
    const lines = [];
    for (const [each, name] of [[nour, "Shilan"] as const, [azad, "Shilan Omar"] as const]) {
      const client = await clientOf(world, `two organisations ${name}`, each);
      await client.readOrganisation();
      lines.push(
        encodeEntry(await client.forge(organisation, [writeOrganisationEvent({ type: "PersonNamed", person, name })])),
      );
    }
    hostile.order({ view: only(organisation, append(...lines)) });
    must(await shilan.device().sync());
    expect(shilan.device().notices()).toContainEqual({ type: "ServerContradicts", logId: organisation });
    expect((await sightOf(shilan, logId)).facts).toEqual(all);
    expect(await shilan.device().namePerson(person, "Shilan")).toMatchObject({ ok: false });
  });
});
