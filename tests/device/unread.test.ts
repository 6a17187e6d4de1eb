/** What a device cannot read, does not count, or must not believe, as others or the server make it. */

import type { CaseCommand } from "@amana/casefile";
import { assert } from "@amana/kernel";
import { encodeEntry, fromHex, parseEntry, type Bytes, type CborValue, type LogId, type SealedEntry } from "@amana/log";
import { nextDigest } from "@amana/sync";
import { seal } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { consent } from "../../packages/casefile/src/testing/commands.ts";
import { holdLog } from "../../packages/device/src/logs/held-log.ts";
import { organisationReading, readCaseLog } from "../../packages/device/src/logs/read.ts";
import { caseSealingKey, ownLast } from "../../packages/device/src/logs/sealing.ts";
import { makeHostileServer } from "../hostile/hostile-server.ts";
import { invite, makeCaseWorld, must, openNewCase, syncAll, type CaseWorld, type Handset } from "./case-world.ts";

const raise = (because: string): CaseCommand => ({ type: "RaiseRisk", level: "high", because });

const sharedCase = async (seed: string): Promise<CaseWorld & { readonly logId: LogId }> => {
  const world = await makeCaseWorld(seed);
  const logId = await openNewCase(world.shilan);
  await syncAll(world.shilan, world.nour, world.azad);
  return { ...world, logId };
};

/** A member's own client: seals whatever it likes as its own next entry. */
const sealAs = async (by: Handset, logId: LogId, type: string, data: CborValue, version = 1): Promise<SealedEntry> => {
  const unlocked = by.unlocked();
  return unlocked.inTurn(async () => {
    const log = await holdLog(unlocked, logId);
    const organisation = await organisationReading(unlocked);
    const reading = log === undefined ? undefined : await readCaseLog(unlocked, log);
    assert(log !== undefined && organisation !== undefined && reading !== undefined, "The case is held.");
    const caseKey = caseSealingKey(log, reading);
    assert(caseKey !== undefined, "The case has a key.");
    const own = ownLast(unlocked, log);
    const sealed = await seal(
      {
        header: {
          kind: "content",
          logKind: "case",
          logId,
          control: reading.review.controlLine.at(-1),
          organisationHead: organisation.review.controlLine.at(-1),
          device: unlocked.deviceVault().device,
          counter: (own?.counter ?? 0) + 1,
          previous: own?.hash,
          parents: [],
          nonce: unlocked.ports.randomness(32),
          keyCommitment: undefined,
        },
        body: { recordedAt: unlocked.now(), events: [{ type, version, data }] },
        author: unlocked.own.identityKey,
        caseKey,
      },
      unlocked.ports.deflate,
    );
    assert(sealed.ok, "The test's own entry fits.");
    return sealed.value;
  });
};

const push = async (by: Handset, logId: LogId, ...entries: readonly SealedEntry[]): Promise<void> => {
  must(await by.unlocked().ask("push", { logs: [{ logId, entries: entries.map(encodeEntry) }] }));
};

describe("an entry of a colleague", () => {
  it("of a kind of event that this device does not know is named, and closes what rests on consent", async () => {
    const { shilan, nour, logId } = await sharedCase("newer event");
    const entry = await sealAs(nour, logId, "SomethingOfTheFuture", {});
    await push(nour, logId, entry);
    must(await shilan.device().sync());
    const view = must(await shilan.device().viewCase(logId));
    expect(view.marks).toContainEqual({ entry: entry.hash, kind: "newer" });
    expect(view.isBehind).toBe(true);
    // Nobody takes what can be read here for the whole case.
    expect(must(await shilan.device().exportCase(logId))).toMatchObject({
      leftOut: [{ entry: entry.hash, kind: "newer" }],
    });
    expect(await shilan.device().tell(logId, consent("store-file", "own-organisation"))).toMatchObject({
      error: { type: "UpdateFirst" },
    });
    // A letter rests on a consent that what cannot be read may have withdrawn; a copy for herself does not.
    const copy = (more: object) => shilan.device().tell(logId, { type: "RecordCopy", ...more } as CaseCommand);
    expect(await copy({ copy: "referral-letter", referral: "r-1" })).toMatchObject({ error: { type: "UpdateFirst" } });
    expect((await copy({ copy: "safety-plan" })).ok).toBe(true);
    expect(must(await shilan.device().listCases())).toMatchObject([{ isBehind: true, marks: 1 }]);
  });

  it("of a kind of event that this device does not know closes the same where its author signed that counter twice", async () => {
    const { shilan, nour, logId } = await sharedCase("newer event said twice");
    const entry = await sealAs(nour, logId, "SomethingOfTheFuture", {});
    await push(nour, logId, entry, await sealAs(nour, logId, "RiskRaised", { level: "high", because: "x" }));
    must(await shilan.device().sync());
    const { marks, isBehind } = must(await shilan.device().viewCase(logId));
    expect([marks.map(({ kind }) => kind), isBehind]).toEqual([["quarantined", "quarantined"], true]);
    expect(await shilan.device().tell(logId, consent("store-file", "own-organisation"))).toMatchObject({
      error: { type: "UpdateFirst" },
    });
  });

  it("with a spoiled event is named, changes nothing, and closes nothing", async () => {
    const { shilan, nour, logId } = await sharedCase("damaged event");
    const entry = await sealAs(nour, logId, "RiskRaised", { level: "terrible", because: "x" });
    const list = await sealAs(nour, logId, "RiskRaised", [1, 2, 3]);
    await push(nour, logId, entry);
    must(await shilan.device().sync());
    const view = must(await shilan.device().viewCase(logId));
    expect(view.marks).toEqual([{ entry: entry.hash, kind: "event-damaged" }]);
    expect(view.isBehind).toBe(false);
    expect(view.state.risk.said).toEqual([]);
    expect(list.hash).not.toBe(entry.hash);
  });

  it("whose body was changed on the way is damage, and people are told", async () => {
    const { shilan, nour, logId } = await sharedCase("changed body");
    const entry = await sealAs(nour, logId, "RiskRaised", { level: "high", because: "x" });
    const other = await sealAs(nour, logId, "RiskRaised", { level: "high", because: "y" });
    const swapped = { ...entry, ciphertext: other.ciphertext };
    await push(nour, logId, swapped);
    must(await shilan.device().sync());
    const view = must(await shilan.device().viewCase(logId));
    expect(view.state.risk.said).toEqual([]);
    // Its hash is another one, so nobody's signature vouches for it.
    expect(view.marks.map(({ kind }) => kind)).toEqual(["unauthentic"]);
  });

  it("by somebody who is no opener is kept, marked, and changes nothing", async () => {
    const { shilan, nour, handset, server, logId } = await sharedCase("stranger");
    const rami = handset("rami");
    await invite(nour, rami);
    must(await rami.device().sync());
    const entry = await sealAs(nour, logId, "RiskRaised", { level: "high", because: "x" });
    // The stranger signs what a member had sealed.
    const resealed = await seal(
      {
        header: { ...entry.header, device: rami.unlocked().deviceVault().device, counter: 1, previous: undefined },
        body: {
          recordedAt: rami.unlocked().now(),
          events: [{ type: "RiskRaised", version: 1, data: { level: "high", because: "z" } }],
        },
        author: rami.unlocked().own.identityKey,
        caseKey: [...((await holdLog(nour.unlocked(), logId))?.record.keys.values() ?? [])][0] as never,
      },
      rami.unlocked().ports.deflate,
    );
    const stranger = must(resealed);
    await push(nour, logId, stranger);
    await syncAll(shilan);
    const view = must(await shilan.device().viewCase(logId));
    expect(view.marks).toContainEqual({ entry: stranger.hash, kind: "without-authority" });
    expect(view.state.risk.said).toEqual([]);
    expect(server.state.logs.has(logId)).toBe(true);
  });
});

describe("a server", () => {
  it("that spoiled a signature on the way is asked again after the next unlocking, and the entry counts", async () => {
    const world = await makeCaseWorld("spoiled");
    const hostile = makeHostileServer(world.server);
    const rojin = world.handset("rojin", hostile);
    await invite(world.nour, rojin);
    await syncAll(world.nour, world.azad, rojin);
    const logId = await openNewCase(rojin);
    await syncAll(rojin, world.nour);
    must(await world.nour.device().tell(logId, raise("Spoiled on its way.")));
    must(await world.nour.device().sync());
    hostile.order({ view: ({ entries }) => entries.map((bytes) => spoilt(bytes, world.nour)) });
    must(await rojin.device().sync());
    expect(must(await rojin.device().viewCase(logId)).state.risk.said).toEqual([]);
    expect(must(await rojin.device().viewCase(logId)).marks.map(({ kind }) => kind)).toContain("unauthentic");
    hostile.order({});
    await rojin.restart();
    must(await rojin.device().sync());
    expect(must(await rojin.device().viewCase(logId)).state.risk.said).toHaveLength(1);
    expect(must(await rojin.device().viewCase(logId)).marks).toEqual([]);
  });

  it("that lost its newest control entry is given it back by any member", async () => {
    const { shilan, nour, azad, server, logId } = await sharedCase("lost epoch");
    must(await nour.device().renewAccess(logId));
    must(await nour.device().adoptEntries(logId, [server.state.logs.get(logId)?.entries[0]?.hash as never]));
    await syncAll(nour, azad, shilan);
    must(await shilan.device().tell(logId, raise("After the epoch.")));
    await syncAll(shilan, azad);
    const log = server.state.logs.get(logId);
    assert(log !== undefined, "The log is there.");
    const count = log.entries.length;
    const lost = log.entries.splice(1);
    log.digests.length = 2;
    for (const { hash } of lost) log.places.delete(hash);
    log.tip = log.entries[0]?.hash;
    await syncAll(azad);
    expect(log.entries).toHaveLength(count);
    expect(azad.device().notices()).toContainEqual({ type: "ServerLacked", logId, count: count - 1 });
    await syncAll(shilan, nour);
    expect(must(await nour.device().viewCase(logId)).state).toEqual(must(await shilan.device().viewCase(logId)).state);
  });

  it("that shows an older organisation than the invitation named is found out", async () => {
    const world = await makeCaseWorld("older organisation");
    const hostile = makeHostileServer(world.server);
    const rojin = world.handset("rojin", hostile);
    await invite(world.nour, rojin);
    hostile.order({ view: ({ kind, entries }) => (kind === "organisation" ? entries : entries) });
    must(await rojin.device().sync());
    const organisation = rojin.unlocked().organisation()?.logId;
    await invite(world.nour, world.handset("somebody else"));
    must(await rojin.device().sync());
    // What is held was taken out of the storage, and the server shows what was before.
    const contents = new Map(rojin.store().contents());
    for (const name of contents.keys()) if (name.startsWith(`log/${organisation}`)) contents.delete(name);
    hostile.order({ view: ({ kind, entries }) => (kind === "organisation" ? entries.slice(0, -1) : entries) });
    await rojin.restart(contents);
    must(await rojin.device().sync());
    expect(rojin.device().notices()).toContainEqual({ type: "LogBehind", logId: organisation });
    hostile.order({});
    await rojin.restart();
    must(await rojin.device().sync());
    expect(rojin.device().notices()).toEqual([]);
  });

  it("that hands out what is no entry of the log is taken at its word no further than the entry before", async () => {
    const { shilan, nour, server, logId } = await sharedCase("rubbish");
    const log = server.state.logs.get(logId);
    assert(log !== undefined, "The log is there.");
    const rubbish = fromHex("8301") as Bytes;
    log.entries.push({ hash: "ff".repeat(32) as never, header: log.entries[0]?.header as never, bytes: rubbish });
    log.digests.push(nextDigest(log.digests.at(-1) ?? new Uint8Array(32), "ff".repeat(32) as never));
    expect((await shilan.device().sync()).ok).toBeDefined();
    expect(must(await shilan.device().viewCase(logId)).isBehind).toBe(false);
    expect(must(await nour.device().viewCase(logId)).state.opening.opened).toHaveLength(1);
  });
});

/** The last byte of a signature of hers is another. */
const spoilt = (bytes: Bytes, by: Handset): Bytes => {
  const parsed = parseEntry(bytes);
  if (!parsed.ok || parsed.value.kind !== "entry") return bytes;
  const { entry } = parsed.value;
  if (entry.header.author !== by.unlocked().own.identityKey.keyId || entry.header.kind !== "content") return bytes;
  const signature = entry.signature.slice();
  signature[0] = (signature[0] ?? 0) ^ 1;
  return encodeEntry({ ...entry, signature });
};
