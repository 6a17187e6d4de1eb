/** A decision about who reads that breaks off half-way: nothing is refused for it, nothing happens twice, and it is carried out. */

import { err, ok } from "@amana/kernel";
import { wire } from "@amana/sync";
import { describe, expect, it } from "vitest";
import { positionsName, bucketOf } from "../../packages/device/src/logs/names.ts";
import {
  must,
  openNewCase,
  password,
  reads,
  readersOf,
  startCase,
  startTeam,
  syncAll,
  write,
  type Member,
  type StartedCase,
} from "./access-world.ts";
import type { Carrier } from "./memory-server.ts";

const unreachable = err({ type: "Unreachable" } as const);
const pendingOf = async (member: Member) => must(await member.device().pendingChanges());

/** Nour's device, where a pull never has room for keys beside the entries: they are asked for with `read-wraps`. */
const withoutKeysBeside = async ({ nour, world }: StartedCase): Promise<Member> => {
  const line: Carrier = {
    call: async (name, token, bytes) => {
      const answer = await world.server.call(name, token, bytes);
      const pulled = name === "pull" && answer.ok ? wire.pull.decodeResponse(answer.value) : undefined;
      return pulled === undefined ? answer : ok(wire.pull.encodeResponse({ ...pulled, wraps: [] }));
    },
  };
  const same = world.member("nour", line, nour.store().contents());
  must(await same.device().unlock(password));
  must(await same.device().sync());
  same.person = nour.person;
  return same;
};

describe("a change of who reads that somebody else outruns", () => {
  it.each(["pull", "read-wraps"] as const)(
    "is carried out on what the other wrote, also where the line breaks at %s just then",
    async (request) => {
      const started = await startCase(`outrun, ${request}`);
      const { azad, shilan, omar, all, logId } = started;
      const nour = await withoutKeysBeside(started);
      must(await nour.device().giveAccess(logId, { kind: "person", person: omar.person }));
      nour.meanwhile.set("append-control", async () => {
        must(await azad.device().takeAccess(logId, { kind: "person", person: shilan.person }));
        must(await azad.device().sync());
      });
      nour.losing.set(request, "lost-before");
      expect(await nour.device().sync()).toEqual(unreachable);
      expect(await pendingOf(nour)).toMatchObject([{ change: { kind: "give" }, refusedAs: undefined }]);
      await syncAll(nour, azad, omar);
      expect(await pendingOf(nour)).toEqual([]);
      expect(await readersOf(azad, logId, all)).toEqual(["azad", "nour", "omar"]);
      expect(await reads(omar, logId)).toEqual(["first"]);
    },
  );

  it("waits until what this device wrote before it has arrived", async () => {
    const { nour, shilan, omar, all, logId } = await startCase("written before");
    await write(shilan, logId, "second");
    shilan.losing.set("push", "lost-before");
    expect(await shilan.device().sync()).toEqual(unreachable);
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    shilan.losing.set("push", "lost-before");
    expect(await shilan.device().sync()).toEqual(unreachable);
    expect(await pendingOf(shilan)).toMatchObject([{ change: { kind: "give" }, refusedAs: undefined }]);
    expect(await readersOf(nour, logId, all)).toEqual(["azad", "nour", "shilan"]);
    await syncAll(shilan, omar, nour);
    expect(await readersOf(nour, logId, all)).toEqual(["azad", "nour", "omar", "shilan"]);
    expect(await reads(omar, logId)).toEqual(["first", "second"]);
  });
});

describe("a decision that was given up on while its answer was still out", () => {
  it("keeps back what is written after it until the server has said whether it has it", async () => {
    const { shilan, nour, logId, world } = await startCase("given up on");
    const entry = world.server.state.logs.get(logId)?.entries.at(-1)?.hash ?? ("" as never);
    must(await shilan.device().proposeErasure(logId, [entry]));
    shilan.losing.set("append-control", "lost-after");
    expect(await shilan.device().sync()).toEqual(unreachable);
    for (const { number } of await pendingOf(shilan)) must(await shilan.device().dropPendingChange(number));
    await write(shilan, logId, "second");
    shilan.losing.set("append-control", "lost-before");
    expect(await shilan.device().sync()).toEqual(unreachable);
    expect(must(await shilan.device().syncState()).unsent).toBe(1);
    await syncAll(shilan, nour);
    expect(must(await shilan.device().syncState()).unsent).toBe(0);
    expect(await reads(nour, logId)).toEqual(["first", "second"]);
    expect(must(await nour.device().peopleWhoCanRead(logId)).erasures).toHaveLength(1);
  });
});

describe("a device that has lost how far it had followed", () => {
  it("begins a case on the server that was opened before, and what waited is sent", async () => {
    const { shilan, nour } = await startTeam("lost positions");
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "first");
    await shilan.store().write([{ name: positionsName(bucketOf(logId)), value: undefined }]);
    await shilan.restart();
    await syncAll(shilan, nour);
    expect(must(await shilan.device().syncState()).unsent).toBe(0);
    expect(await reads(nour, logId)).toEqual(["first"]);
  });
});

describe("a device whose storage somebody changed", () => {
  it.each([
    ["what is no list", Uint8Array.of(0x00)],
    ["a list of what is no entry", Uint8Array.of(0x81, 0x41, 0x00)],
  ])("keeps nothing of %s, and fetches the case again", async (what, value) => {
    const { shilan, logId } = await startCase(`changed storage: ${what}`);
    await write(shilan, logId, "second");
    await syncAll(shilan);
    const [segment] = await shilan.store().list(`log/${logId}/entries/`);
    await shilan.store().write([{ name: segment?.name ?? "", value }]);
    await shilan.restart();
    // Seen where the case is opened, said there, and made good with the next sync.
    expect(await reads(shilan, logId)).toEqual([]);
    expect(must(await shilan.device().viewCase(logId))).toMatchObject({ isBehind: true });
    expect(shilan.device().notices()).toEqual([{ type: "StorageSpoiled", logId }]);
    await shilan.restart();
    expect(must(await shilan.device().viewCase(logId))).toMatchObject({ isBehind: true });
    await syncAll(shilan);
    expect(await reads(shilan, logId)).toEqual(["first", "second"]);
    expect(must(await shilan.device().viewCase(logId))).toMatchObject({ isBehind: false, marks: [] });
    // Its own entries that come back are no copy's.
    expect(shilan.device().notices()).toEqual([]);
  });

  it("fetches a case again also where that is seen only when more of it comes", async () => {
    const { shilan, nour, logId } = await startCase("changed storage, and more comes");
    await write(nour, logId, "second");
    await syncAll(nour);
    const [segment] = await shilan.store().list(`log/${logId}/entries/`);
    await shilan.store().write([{ name: segment?.name ?? "", value: Uint8Array.of(0x00) }]);
    await shilan.restart();
    await syncAll(shilan);
    expect(await reads(shilan, logId)).toEqual(["first", "second"]);
    expect(must(await shilan.device().viewCase(logId))).toMatchObject({ isBehind: false, marks: [] });
    expect(shilan.device().notices()).toEqual([{ type: "StorageSpoiled", logId }]);
  });
});

describe("keys of many cases", () => {
  it("come with one sync, however few of them an answer has room for", async () => {
    const { world, nour, shilan, logId } = await startCase("few keys at once");
    const cases = [logId];
    for (const text of ["second", "third", "fourth"]) {
      const another = await openNewCase(shilan);
      await write(shilan, another, text);
      cases.push(another);
    }
    await syncAll(shilan, nour);
    const asked: number[] = [];
    const narrow: Carrier = {
      call: async (name, token, bytes) => {
        const answer = await world.server.call(name, token, bytes);
        if (!answer.ok || (name !== "pull" && name !== "read-wraps")) return answer;
        if (name === "pull") {
          const pulled = wire.pull.decodeResponse(answer.value);
          return pulled === undefined ? answer : ok(wire.pull.encodeResponse({ ...pulled, wraps: [] }));
        }
        asked.push(wire["read-wraps"].decodeRequest(bytes)?.logs.length ?? 0);
        const logs = wire["read-wraps"].decodeResponse(answer.value)?.logs.slice(0, 1) ?? [];
        return ok(wire["read-wraps"].encodeResponse({ logs }));
      },
    };
    const fresh = world.member("nour afresh", narrow);
    const digits = must(await nour.device().kit());
    must(await fresh.device().enrolWithKit({ digits, password, language: "ckb" }));
    must(await fresh.device().sync());
    const told = await Promise.all(cases.map((each) => reads(fresh, each)));
    expect(told).toEqual([["first"], ["second"], ["third"], ["fourth"]]);
    // Each case is asked for until its keys came, and none again.
    expect(asked.slice(-4)).toEqual([4, 3, 2, 1]);
  });
});
