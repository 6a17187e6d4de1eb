/** A server that makes entries up, without anybody's key, and hands them to devices as they ship: nothing of them lasts. */

import type { CaseCommand } from "@amana/casefile";
import { assert, err, ok } from "@amana/kernel";
import {
  deviceIdOf,
  encodeCbor,
  encodeEntry,
  encodeHeader,
  hashEntry,
  keyIdOf,
  parseEntry,
  sha256,
  type Bytes,
  type Header,
  type LogId,
} from "@amana/log";
import { describe, expect, it } from "vitest";
import { addPending, dropPending, listPending } from "../../packages/device/src/access/pending.ts";
import { caseReading } from "../../packages/device/src/logs/read.ts";
import { invite, makeCaseWorld, must, openNewCase, syncAll, type Handset } from "../device/case-world.ts";
import { appendTo } from "../device/memory-server/state.ts";
import { makeHostileServer, type TrueLog } from "./hostile-server.ts";

const raise = (because: string): CaseCommand => ({ type: "RaiseRisk", level: "high", because });
const respond = (measures: string): CaseCommand => ({ type: "RecordRiskResponse", measures });
const refused = err({ type: "Refused", code: "NotForYou", afterSeconds: undefined } as const);
const notNow = err({ type: "Refused", code: "NotNow", afterSeconds: undefined } as const);

const readingOn = async (handset: Handset, logId: LogId) => {
  const reading = await handset.unlocked().inTurn(() => caseReading(handset.unlocked(), logId));
  assert(reading !== undefined, "The case is held here.");
  return reading;
};

const sealedFrom = (bytes: Bytes | undefined) => {
  const parsed = parseEntry(bytes ?? new Uint8Array());
  assert(parsed.ok && parsed.value.kind === "entry", "A device sends entries.");
  return parsed.value.entry;
};

/** Nobody's body under any header, with nobody's signature. */
const madeUp = (header: Header): Bytes => {
  const headerBytes = encodeHeader(header);
  const ciphertext = new Uint8Array(272).fill(9);
  const bodyDigest = sha256(ciphertext);
  const signature = new Uint8Array(64).fill(7);
  return encodeEntry({
    hash: hashEntry(headerBytes, bodyDigest),
    header,
    headerBytes,
    bodyDigest,
    ciphertext,
    signature,
  });
};

/** Only the shape of such an entry is known, and any bytes have it. */
const ofAVersionToCome = encodeCbor([encodeCbor([2, 1, "made up"]), new Uint8Array(16), new Uint8Array(64)]);

/** A case of Shilan, whose device has a hostile server before it, with two supervisors at the honest one. */
const behindHostile = async (seed: string) => {
  const world = await makeCaseWorld(seed);
  const hostile = makeHostileServer(world.server);
  const shilan = world.handset("shilan behind", hostile);
  await invite(world.nour, shilan);
  await syncAll(world.nour, world.azad, shilan);
  const logId = await openNewCase(shilan);
  await syncAll(shilan, world.nour, world.azad);
  return { ...world, hostile, shilan, logId };
};

describe("a server that makes up an entry under a counter that waits to be sent", () => {
  it("makes the device seal nothing again: what waits is sent as it is, and read", async () => {
    const { shilan, nour, hostile, logId } = await behindHostile("forged clash");
    must(await shilan.device().tell(logId, raise("First.")));
    must(await shilan.device().sync());
    must(await shilan.device().tell(logId, respond("Second, which the server does not take at once.")));
    let waiting: Bytes | undefined;
    const push = ({ request }: { request: { logs: readonly { entries: readonly Bytes[] }[] } }) => {
      waiting = request.logs[0]?.entries[0];
      return Promise.resolve(notNow);
    };
    hostile.order({ lies: { push } });
    await shilan.device().sync();
    const { header, hash } = sealedFrom(waiting);
    const junk = madeUp({ ...header, nonce: new Uint8Array(32) });
    hostile.order({ view: (log) => (log.logId === logId ? [...log.entries, junk] : log.entries) });
    must(await shilan.device().sync());
    hostile.order({});
    await syncAll(shilan, nour, shilan);
    expect(must(await shilan.device().syncState()).unsent).toBe(0);
    expect((await readingOn(nour, logId)).review.counted).toContain(hash);
    expect(shilan.device().notices()).not.toContainEqual({ type: "DeviceCopied", logId });
    // And what nobody has signed is not passed on to the honest server.
    expect((await readingOn(nour, logId)).review.unauthentic.size).toBe(0);
  });
});

describe("a server that says no to a control entry and keeps it for later", () => {
  it("sets aside nothing that the device wrote instead of it", async () => {
    const { shilan, nour, azad, hostile, server, logId } = await behindHostile("a lying no");
    let kept: Bytes | undefined;
    const append = ({ request }: { request: { entry: Bytes } }) => {
      kept = request.entry;
      return Promise.resolve(refused);
    };
    hostile.order({ lies: { "append-control": append } });
    const entries = (await readingOn(shilan, logId)).review.controlLine;
    must(await addPending(shilan.unlocked(), logId, { kind: "adopt", entries }));
    await shilan.device().sync();
    hostile.order({});
    for (const { number } of await listPending(shilan.unlocked())) await dropPending(shilan.unlocked(), number);
    must(await shilan.device().tell(logId, raise("Written instead.")));
    await syncAll(shilan, nour, azad);
    const log = server.state.logs.get(logId);
    assert(log !== undefined && kept !== undefined, "The server has the log, and has kept the entry.");
    const { hash, header } = sealedFrom(kept);
    appendTo(log, { hash, header, bytes: kept });
    await syncAll(nour, azad, shilan);
    for (const each of [nour, azad, shilan]) {
      expect((await readingOn(each, logId)).review.quarantined.size).toBe(0);
      expect(must(await each.device().viewCase(logId)).state.risk.said).toHaveLength(1);
    }
  });
});

describe("a server that says that somebody was quicker, and keeps the control entry for later", () => {
  it("sets aside nothing that the device wrote instead of it", async () => {
    const { shilan, nour, azad, hostile, server, logId } = await behindHostile("a lying tip");
    const kept: Bytes[] = [];
    const tip = server.state.logs.get(logId)?.tip;
    hostile.order({
      lies: {
        "append-control": ({ request }) => {
          kept.push(request.entry);
          return Promise.resolve(ok({ isAppended: false, tip }));
        },
      },
    });
    const entries = (await readingOn(shilan, logId)).review.controlLine;
    must(await addPending(shilan.unlocked(), logId, { kind: "adopt", entries }));
    await shilan.device().sync();
    hostile.order({});
    for (const { number } of await listPending(shilan.unlocked())) await dropPending(shilan.unlocked(), number);
    must(await shilan.device().tell(logId, raise("Written instead.")));
    await syncAll(shilan, nour, azad);
    const log = server.state.logs.get(logId);
    assert(log !== undefined, "The server has the log.");
    expect(kept.length).toBeGreaterThan(1);
    for (const bytes of kept) {
      const { hash, header } = sealedFrom(bytes);
      appendTo(log, { hash, header, bytes });
    }
    await syncAll(nour, azad, shilan);
    for (const each of [nour, azad, shilan]) {
      expect((await readingOn(each, logId)).review.quarantined.size).toBe(0);
      expect(must(await each.device().viewCase(logId)).state.risk.said).toHaveLength(1);
    }
  });
});

describe("a server that begins a case with an entry of an organisation", () => {
  it("keeps nobody from reading the case once it is honest", async () => {
    const { nour, server, handset, logId } = await behindHostile("another kind");
    const hostile = makeHostileServer(server);
    const rojin = handset("rojin", hostile);
    const person = await invite(nour, rojin);
    await syncAll(nour, rojin);
    must(await nour.device().giveAccess(logId, { kind: "person", person }));
    must(await nour.device().sync());
    const [author, device] = [keyIdOf(new Uint8Array(32)), deviceIdOf(new Uint8Array(16))];
    assert(author !== undefined && device !== undefined, "Zeros are an id.");
    const links = { control: undefined, previous: undefined, parents: [], organisationHead: undefined, counter: 1 };
    const kinds = { kind: "control", logKind: "organisation", logId } as const;
    const [nonce, keyCommitment] = [new Uint8Array(32), new Uint8Array(32)];
    const junk = madeUp({ ...links, ...kinds, author, device, nonce, keyCommitment });
    hostile.order({ view: (log) => (log.logId === logId ? [junk, ...log.entries] : log.entries) });
    await rojin.device().sync();
    hostile.order({});
    await syncAll(rojin);
    expect(must(await rojin.device().viewCase(logId)).isBehind).toBe(false);
  });
});

describe("a server that begins the organisation's log with an entry that nobody can read yet", () => {
  it("keeps nobody out of their organisation once it is honest", async () => {
    const { nour, server, handset } = await behindHostile("another beginning");
    const hostile = makeHostileServer(server);
    const rojin = handset("rojin", hostile);
    await invite(nour, rojin);
    hostile.order({ view: ({ kind, entries }) => (kind === "organisation" ? [ofAVersionToCome] : entries) });
    await rojin.device().sync();
    hostile.order({});
    await syncAll(rojin);
    expect(must(await rojin.device().organisationLog())).toEqual(must(await nour.device().organisationLog()));
    expect(must(await rojin.device().ownPerson())).toBeDefined();
  });
});

describe("a server that makes up an entry of the organisation of a version to come", () => {
  it("stops nobody's work for longer than it shows it", async () => {
    const { shilan, nour, hostile, logId } = await behindHostile("made up of a version to come");
    const isBehind = async (): Promise<boolean> => must(await shilan.device().viewCase(logId)).isBehind;
    const shown = {
      view: ({ kind, entries }: TrueLog) => (kind === "organisation" ? [...entries, ofAVersionToCome] : entries),
    };
    hostile.order(shown);
    must(await shilan.device().sync());
    expect(await isBehind()).toBe(true);
    hostile.order({});
    must(await shilan.device().sync());
    expect(await isBehind()).toBe(false);
    await shilan.restart();
    must(await shilan.device().sync());
    expect(await isBehind()).toBe(false);
    expect(must(await shilan.device().listCases()).map((each) => each.isBehind)).toEqual([false]);
    // It was kept, and counts again as what cannot be read where it is handed out again.
    hostile.order(shown);
    must(await shilan.device().sync());
    expect(await isBehind()).toBe(true);
    hostile.order({});
    await syncAll(shilan, nour);
    expect(await isBehind()).toBe(false);
    expect(must(await nour.device().viewCase(logId)).isBehind).toBe(false);
  });
});
