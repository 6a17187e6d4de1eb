/** Cases on devices as they ship: drafts, late sealing, syncing, crashes (SECURITY §6.6), what is unread, against servers honest and not. */

import type { CaseCommand } from "@amana/casefile";
import { factConflicts, responsiblePersons, riskLevel } from "@amana/casefile";
import { encodeEntry, parseEntry, toHex, type Bytes, type LogId } from "@amana/log";
import { describe, expect, it } from "vitest";
import { consent, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { draftsOf } from "../../packages/device/src/case/draft.ts";
import { holdLog } from "../../packages/device/src/logs/held-log.ts";
import { caseReading } from "../../packages/device/src/logs/read.ts";
import { addPending } from "../../packages/device/src/access/pending.ts";
import { makeHostileServer } from "../hostile/hostile-server.ts";
import { invite, makeCaseWorld, must, openNewCase, syncAll, type Handset } from "./case-world.ts";

const raise = (because: string): CaseCommand => ({ type: "RaiseRisk", level: "high", because });
const respond = (measures: string): CaseCommand => ({ type: "RecordRiskResponse", measures });

const stateOn = async (handset: Handset, logId: LogId) => must(await handset.device().viewCase(logId)).state;
const tellOn = async (handset: Handset, logId: LogId, command: CaseCommand) =>
  must(await handset.device().tell(logId, command));
const sealedOn = async (handset: Handset, logId: LogId) =>
  must({ ok: true, value: await handset.unlocked().inTurn(() => caseReading(handset.unlocked(), logId)) });

/** A case that all three have. */
const sharedCase = async (seed: string) => {
  const world = await makeCaseWorld(seed);
  const logId = await openNewCase(world.shilan);
  await syncAll(world.shilan, world.nour, world.azad);
  return { ...world, logId };
};

describe("a case on several devices", () => {
  it("is opened offline, sealed late, and read by everybody it is for", async () => {
    const { shilan, nour, azad } = await makeCaseWorld("first case");
    shilan.isOffline = true;
    const logId = await openNewCase(shilan);
    expect(await shilan.device().sync()).toMatchObject({ ok: false, error: { type: "Unreachable" } });
    expect(must(await shilan.device().viewCase(logId)).unsent).toMatchObject([{ types: ["CaseOpened"] }]);
    shilan.isOffline = false;
    expect(must(await shilan.device().sync())).toMatchObject({ unsent: 0 });
    await syncAll(nour, azad);
    expect(await stateOn(nour, logId)).toEqual(await stateOn(shilan, logId));
    expect(must(await azad.device().viewCase(logId)).openers).toHaveLength(3);
    expect(must(await nour.device().listCases())).toMatchObject([{ logId, stage: "open", unsent: 0, isBehind: false }]);
  });

  it("never says that somebody had seen what was fetched only after they wrote", async () => {
    const { shilan, nour, azad, logId } = await sharedCase("late sealing");
    shilan.isOffline = true;
    await tellOn(shilan, logId, recordFact("age", "adult"));
    await tellOn(nour, logId, recordFact("age", "child"));
    must(await nour.device().sync());
    shilan.isOffline = false;
    await syncAll(shilan, nour, azad);
    expect(factConflicts(await stateOn(azad, logId))).toEqual(["age"]);
    expect(await stateOn(shilan, logId)).toEqual(await stateOn(azad, logId));
    // Who has seen both settles it.
    const settled = recordFact("age", "child", { correction: { kind: "mistake", because: "She showed her card." } });
    await tellOn(shilan, logId, settled);
    await syncAll(shilan, azad);
    expect(factConflicts(await stateOn(azad, logId))).toEqual([]);
  });

  it("lets a draft answer a draft: both are found again under their sealed names", async () => {
    const { shilan, nour, logId } = await sharedCase("drafts");
    shilan.isOffline = true;
    const person = shilan.unlocked().organisation()?.person;
    const offer = await tellOn(shilan, logId, { type: "OfferResponsibility", to: person as never, because: "My own." });
    await tellOn(shilan, logId, { type: "AcceptResponsibility", offer: offer.entry });
    expect(responsiblePersons(await stateOn(shilan, logId))).toEqual([person]);
    shilan.isOffline = false;
    await syncAll(shilan, nour);
    const state = await stateOn(nour, logId);
    expect(state.history.map(({ standing }) => standing.kind)).not.toContain("without-authority");
    expect(state.responsibility.answers[0]?.value.offer).toBe(state.responsibility.offers[0]?.mark.entry);
    expect(state.responsibility.offers[0]?.mark.entry).not.toBe(offer.entry);
    expect(await stateOn(shilan, logId)).toEqual(state);
  });

  it("takes a command that names a draft by the name it had before it was sealed", async () => {
    const { shilan, logId } = await sharedCase("old names");
    const person = shilan.unlocked().organisation()?.person;
    // Not to somebody who is nobody: the case would be nobody's.
    const toNobody: CaseCommand = { type: "OfferResponsibility", to: "00".repeat(16) as never, because: "Away." };
    expect(await shilan.device().tell(logId, toNobody)).toEqual({ ok: false, error: { type: "NotThere" } });
    const offer = await tellOn(shilan, logId, { type: "OfferResponsibility", to: person as never, because: "My own." });
    await syncAll(shilan);
    await shilan.restart();
    const accepted = await shilan.device().tell(logId, { type: "AcceptResponsibility", offer: offer.entry });
    expect(accepted).toMatchObject({ ok: true });
    await syncAll(shilan);
    expect(responsiblePersons(await stateOn(shilan, logId))).toEqual([person]);
  });

  it("seals what was written while more than sixteen others wrote, and loses none of what its author had seen", async () => {
    const { shilan, nour, logId } = await sharedCase("many drafts");
    shilan.isOffline = true;
    await tellOn(shilan, logId, raise("He stood at her door."));
    for (let count = 1; count < 40; count++) await tellOn(shilan, logId, respond(`She called again, ${count}.`));
    shilan.isOffline = false;
    await syncAll(shilan, nour);
    expect((await stateOn(nour, logId)).risk.said).toHaveLength(40);
    expect((await stateOn(nour, logId)).risk.said.filter(({ followedBy }) => followedBy.length === 0)).toHaveLength(1);
  });

  it("refuses a command before it is written down when it is too long for one entry", async () => {
    const { shilan, logId } = await sharedCase("too long");
    await tellOn(shilan, logId, recordFact("age", "adult"));
    await tellOn(shilan, logId, consent("store-file", "own-organisation"));
    const random = Array.from({ length: 40 }, (_, at) => toHex(shilan.unlocked().ports.randomness(3_900)) + String(at));
    const told = await shilan.device().tell(logId, {
      type: "RecordAssessment",
      assessment: "physical-safety",
      findings: "Looked at with her.",
      risks: random.map((text) => ({ kind: "physical", from: "perpetrator", likelihood: "likely", text })) as never,
    });
    expect(told).toMatchObject({ ok: false });
    expect(["TooLong", "FieldWrong"]).toContain(told.ok ? "" : told.error.type);
    expect(await shilan.unlocked().inTurn(() => draftsOf(shilan.unlocked(), logId))).toHaveLength(2);
  });

  it("answers before the network does, and is not disturbed by a sync under way", async () => {
    const { shilan, nour, logId } = await sharedCase("busy");
    const syncing = shilan.device().sync();
    const told = await shilan.device().tell(logId, raise("During a sync."));
    expect(told.ok).toBe(true);
    must(await syncing);
    await syncAll(shilan, nour);
    expect(riskLevel(await stateOn(nour, logId))).toBe("high");
  });

  it("answers Locked to whatever was under way, and opens again as it was", async () => {
    const { shilan, logId } = await sharedCase("locked");
    await tellOn(shilan, logId, raise("Before the lock."));
    const syncing = shilan.device().sync();
    const telling = shilan.device().tell(logId, raise("While it locks."));
    await shilan.device().lock();
    expect(await syncing).toMatchObject({ ok: false, error: { type: "Locked" } });
    expect(await telling).toMatchObject({ ok: false, error: { type: "Locked" } });
    expect(await shilan.device().viewCase(logId)).toMatchObject({ ok: false, error: { type: "Locked" } });
    await shilan.restart();
    await syncAll(shilan);
    expect((await stateOn(shilan, logId)).risk.said.length).toBeGreaterThanOrEqual(1);
  });

  it("says that there is no room, and keeps nothing half", async () => {
    const { shilan, nour, logId } = await sharedCase("full");
    shilan.fates.push("full");
    expect(await shilan.device().tell(logId, raise("No room."))).toMatchObject({
      ok: false,
      error: { type: "StoreFull" },
    });
    expect((await stateOn(shilan, logId)).risk.said).toEqual([]);
    await tellOn(shilan, logId, raise("Room again."));
    await syncAll(shilan, nour);
    expect((await stateOn(nour, logId)).risk.said).toHaveLength(1);
  });
});

describe("a device that stops anywhere", () => {
  it("has everything that was told once it starts again, and sends it once", { timeout: 300_000 }, async () => {
    for (const fate of ["crash-before", "crash-after"] as const) {
      for (let write = 0, isOver = false; !isOver; write++) {
        const { shilan, nour, logId } = await sharedCase(`crash ${fate} ${write}`);
        await tellOn(nour, logId, raise("From elsewhere."));
        must(await nour.device().sync());
        const before = shilan.fates;
        before.push(...Array.from({ length: write }, () => "written" as const), fate);
        const told = await shilan
          .device()
          .tell(logId, raise("From here."))
          .catch(() => undefined);
        await shilan
          .device()
          .sync()
          .catch(() => undefined);
        isOver = before.length > 0;
        before.length = 0;
        await shilan.restart();
        if (told?.ok === true) expect((await stateOn(shilan, logId)).risk.said.length).toBeGreaterThanOrEqual(1);
        await syncAll(shilan, nour);
        const texts = (await stateOn(nour, logId)).risk.said.map(({ value }) =>
          "because" in value ? value.because : "",
        );
        const isThere = texts.includes("From here.");
        expect(texts.filter((text) => text === "From here.")).toHaveLength(isThere ? 1 : 0);
        if (told?.ok === true) expect(isThere).toBe(true);
        expect(await stateOn(shilan, logId)).toEqual(await stateOn(nour, logId));
      }
    }
  });

  it.each(["lost-before", "lost-after", "answer-cut"] as const)(
    "loses and doubles nothing when any one request is %s",
    { timeout: 300_000 },
    async (fault) => {
      for (let request = 0, isOver = false; !isOver; request++) {
        const { shilan, nour, azad } = await makeCaseWorld(`fault ${fault} ${request}`);
        const logId = await openNewCase(shilan);
        await tellOn(shilan, logId, raise("Once."));
        shilan.faults.push(...Array.from({ length: request }, () => "none" as const), fault);
        await shilan.device().sync();
        isOver = shilan.faults.length > 0;
        shilan.faults.length = 0;
        await syncAll(shilan, nour, azad);
        expect((await stateOn(azad, logId)).risk.said).toHaveLength(1);
        expect(await stateOn(shilan, logId)).toEqual(await stateOn(azad, logId));
        expect(must(await shilan.device().syncState()).unsent).toBe(0);
      }
    },
  );
});

describe("what cannot be sent", () => {
  it("stays and is shown when its author opens the case no more", async () => {
    const { shilan, nour, azad, logId } = await sharedCase("removed");
    shilan.isOffline = true;
    await tellOn(shilan, logId, raise("Written before she knew."));
    const person = shilan.unlocked().organisation()?.person;
    must(
      await addPending(nour.unlocked(), logId, { kind: "take", reader: { kind: "person", person: person as never } }),
    );
    await syncAll(nour, azad);
    shilan.isOffline = false;
    must(await shilan.device().sync());
    expect(must(await shilan.device().syncState()).unsent).toBe(1);
    expect(must(await shilan.device().viewCase(logId)).unsent).toHaveLength(1);
    await syncAll(shilan, nour);
    expect((await stateOn(nour, logId)).risk.said).toEqual([]);
  });
});

describe("a server that serves somebody who is no reader any more", () => {
  it("makes them seal nothing: the draft stays a draft, and is told", async () => {
    const { shilan, nour, azad, server, logId } = await sharedCase("still served");
    const person = shilan.unlocked().organisation()?.person;
    must(await nour.device().takeAccess(logId, { kind: "person", person: person as never }));
    await syncAll(nour, azad);
    const log = server.state.logs.get(logId);
    if (log !== undefined) log.serving = new Set([...log.serving, shilan.unlocked().own.receivingKey.keyId]);
    await tellOn(shilan, logId, raise("Written before she knew."));
    must(await shilan.device().sync());
    expect(shilan.device().notices()).toContainEqual({ type: "CannotSend", logId });
    expect(shilan.unlocked().desk.outbox).toEqual([]);
    expect(must(await shilan.device().viewCase(logId)).unsent).toMatchObject([{ types: ["RiskRaised"] }]);
    expect(must(await shilan.device().viewCase(logId)).isBehind).toBe(true);
  });

  it("keeps back no other case: what can be sent is sent", async () => {
    const { shilan, nour, azad, logId } = await sharedCase("one of two");
    const second = await openNewCase(shilan);
    await syncAll(shilan, nour, azad);
    const person = shilan.unlocked().organisation()?.person;
    must(await nour.device().takeAccess(logId, { kind: "person", person: person as never }));
    await syncAll(nour, azad);
    await tellOn(shilan, logId, raise("Not for her any more."));
    await tellOn(shilan, second, raise("Still hers."));
    must(await shilan.device().sync());
    must(await nour.device().sync());
    expect((await stateOn(nour, second)).risk.said).toHaveLength(1);
    expect((await stateOn(nour, logId)).risk.said).toEqual([]);
    expect(must(await shilan.device().syncState()).unsent).toBe(1);
  });
});

describe("a copied device", () => {
  it("takes a new id, and both go on", async () => {
    const { shilan, nour, handset, logId } = await sharedCase("copied");
    await tellOn(shilan, logId, raise("Before the copy."));
    must(await shilan.device().sync());
    const copy = handset("the copy");
    await copy.restart(shilan.store().contents());
    const id = copy.unlocked().deviceVault().device;
    await tellOn(shilan, logId, respond("On the one."));
    await tellOn(copy, logId, respond("On the other."));
    await syncAll(shilan, copy, nour, shilan);
    expect(copy.device().notices()).toContainEqual({ type: "DeviceCopied", logId });
    expect(copy.unlocked().deviceVault().device).not.toBe(id);
    expect(shilan.unlocked().deviceVault().device).toBe(id);
    const said = (await stateOn(nour, logId)).risk.said;
    expect(said).toHaveLength(3);
    for (const each of [shilan, copy]) expect(await stateOn(each, logId)).toEqual(await stateOn(nour, logId));
    expect((await sealedOn(nour, logId))?.review.equivocations).toEqual([]);
  });

  it("takes sealed entries back as drafts when the other was quicker with the same counter", async () => {
    const { shilan, nour, handset, logId } = await sharedCase("copied late");
    const copy = handset("the copy");
    await copy.restart(shilan.store().contents());
    await tellOn(copy, logId, raise("Sealed here, and not sent."));
    // Everything is done but for the sending.
    copy.faults.push(...Array.from({ length: 40 }, () => "none" as const));
    const calls = copy.faults.length;
    for (let request = 0; request < calls; request++) {
      copy.faults.length = 0;
      copy.faults.push(...Array.from({ length: request }, () => "none" as const), "lost-before");
      await copy.device().sync();
      const outbox = copy.unlocked().desk.outbox ?? [];
      if (outbox.length > 0) break;
    }
    copy.faults.length = 0;
    expect(copy.unlocked().desk.outbox).toHaveLength(1);
    await tellOn(shilan, logId, raise("Sent at once."));
    must(await shilan.device().sync());
    await syncAll(copy, nour, shilan);
    const reading = await sealedOn(nour, logId);
    expect(reading?.review.equivocations).toEqual([]);
    expect((await stateOn(nour, logId)).risk.said).toHaveLength(2);
    expect(await stateOn(copy, logId)).toEqual(await stateOn(nour, logId));
  });
});

describe("a server that is not as it should be", () => {
  it("is sent again what it lacks after it was put back to an older state", async () => {
    const { shilan, nour, azad, server, logId } = await sharedCase("rolled back");
    await tellOn(shilan, logId, raise("What was lost."));
    must(await shilan.device().sync());
    const log = server.state.logs.get(logId);
    if (log === undefined) throw new Error("The test's own log is not there.");
    const last = log.entries.pop();
    log.digests.pop();
    if (last !== undefined) log.places.delete(last.hash);
    await tellOn(nour, logId, raise("Written meanwhile."));
    must(await nour.device().sync());
    await syncAll(shilan, nour, azad);
    expect(shilan.device().notices()).toContainEqual({ type: "ServerLacked", logId, count: 1 });
    expect((await stateOn(azad, logId)).risk.said).toHaveLength(2);
    expect(await stateOn(shilan, logId)).toEqual(await stateOn(azad, logId));
  });

  it("is sent a whole case again that it has lost, with its keys and with whom it serves", async () => {
    const { shilan, nour, azad, server } = await sharedCase("lost a case");
    const logId = await openNewCase(shilan);
    await tellOn(shilan, logId, raise("Before the backup."));
    await syncAll(shilan, nour, azad);
    server.state.logs.delete(logId);
    await tellOn(nour, logId, recordFact("written-meanwhile", "yes"));
    await nour.restart();
    await syncAll(nour);
    await azad.restart();
    await shilan.restart();
    await syncAll(azad, shilan, nour, azad);
    for (const each of [shilan, nour, azad]) {
      const { risk, facts } = await stateOn(each, logId);
      expect([risk.said.length, facts.saidByFact.size]).toEqual([1, 1]);
    }
    expect(server.state.logs.get(logId)?.wraps.length).toBeGreaterThan(0);
    expect(nour.device().notices()).toContainEqual({ type: "ServerLacked", logId, count: 2 });
    expect(
      nour
        .device()
        .notices()
        .some(({ type }) => type === "TakenOut"),
    ).toBe(false);
  });

  it("is followed no further in a log in which it has shown two lines, and reading goes on", async () => {
    const world = await makeCaseWorld("fork");
    const { nour, azad } = world;
    const hostile = makeHostileServer(world.server);
    const shilan = world.handset("shilan behind", hostile);
    await invite(nour, shilan);
    await syncAll(nour, azad, shilan, world.shilan);
    const logId = await openNewCase(shilan);
    await syncAll(shilan, nour, azad);
    // Nour and Azad each begin an epoch after the same one; the honest server takes one, the hostile one shows both.
    const epochs: Bytes[] = [];
    const before = world.server.state.logs.get(logId);
    if (before === undefined) throw new Error("The test's own log is not there.");
    const kept = [...before.entries];
    const tip = before.tip;
    for (const each of [nour, azad]) {
      before.entries.splice(0, before.entries.length, ...kept);
      before.digests.length = kept.length + 1;
      before.places.clear();
      kept.forEach(({ hash }, place) => before.places.set(hash, place));
      before.tip = tip;
      must(await addPending(each.unlocked(), logId, { kind: "adopt", entries: [kept[0]?.hash as never] }));
      must(await each.device().sync());
      const made = before.entries.at(-1);
      if (made !== undefined) epochs.push(made.bytes);
    }
    hostile.order({
      view: (log) => (log.logId === logId ? [...kept.map(({ bytes }) => bytes), ...epochs] : log.entries),
    });
    must(await shilan.device().sync());
    const view = must(await shilan.device().viewCase(logId));
    expect(view.isContradicted).toBe(true);
    expect(view.isBehind).toBe(true);
    expect(view.state.opening.opened).toHaveLength(1);
    expect(await shilan.device().tell(logId, consent("store-file", "own-organisation"))).toMatchObject({
      ok: false,
      error: { type: "UpdateFirst" },
    });
    expect(must(await shilan.device().tell(logId, raise("Danger never waits."))).events).toHaveLength(1);
    must(await shilan.device().sync());
    expect(must(await shilan.device().syncState()).unsent).toBe(1);
    expect(shilan.unlocked().desk.outbox).toEqual([]);
    expect(shilan.device().notices()).toContainEqual({ type: "ServerContradicts", logId });
  });
});

describe("what this device cannot read", () => {
  it("closes what rests on consent, access or risk until it has caught up, and nothing else", async () => {
    const { shilan, server, logId } = await sharedCase("newer");
    const log = server.state.logs.get(logId);
    const known = log?.entries[0];
    if (log === undefined || known === undefined) throw new Error("The test's own log is not there.");
    // An entry of a version of the future: everything of it is unknown but its name.
    const parsed = parseEntry(known.bytes);
    if (!parsed.ok || parsed.value.kind !== "entry") throw new Error("The test's own entry does not parse.");
    const { headerBytes } = parsed.value.entry;
    const future = headerBytes.slice();
    future[1] = 2;
    const bytes = encodeEntry({ ...parsed.value.entry, headerBytes: future });
    const newer = parseEntry(bytes);
    if (!newer.ok) throw new Error("An entry of the future must parse.");
    log.entries.push({ hash: newer.value.entry.hash, header: known.header, bytes });
    const { nextDigest } = await import("@amana/sync");
    log.digests.push(nextDigest(log.digests.at(-1) ?? new Uint8Array(32), newer.value.entry.hash));
    must(await shilan.device().sync());
    const view = must(await shilan.device().viewCase(logId));
    expect(view.isBehind).toBe(true);
    expect(view.marks).toContainEqual({ entry: newer.value.entry.hash, kind: "newer" });
    const refused = await shilan.device().tell(logId, consent("store-file", "own-organisation"));
    expect(refused).toMatchObject({ ok: false, error: { type: "UpdateFirst" } });
    await tellOn(shilan, logId, raise("Danger never waits."));
    expect(must(await shilan.device().sync())).toMatchObject({ unsent: 0 });
    await shilan.restart();
    expect(must(await shilan.device().viewCase(logId)).isBehind).toBe(true);
  });
});

describe("an erasure by two people", () => {
  it("leaves a husk here and no snapshot of what it said", async () => {
    const { shilan, nour, azad, logId } = await sharedCase("erased");
    await tellOn(shilan, logId, raise("A name that should not be here."));
    await syncAll(shilan, nour, azad);
    const entry = (await stateOn(shilan, logId)).risk.said[0]?.mark.entry;
    must(await addPending(nour.unlocked(), logId, { kind: "propose-erasure", entries: [entry as never] }));
    await syncAll(nour, azad);
    const proposal = (await sealedOn(azad, logId))?.review.controlLine.at(-1);
    must(await addPending(azad.unlocked(), logId, { kind: "confirm-erasure", proposal: proposal as never }));
    await syncAll(azad, nour, shilan);
    for (const each of [shilan, nour, azad]) {
      const view = must(await each.device().viewCase(logId));
      expect(view.state.risk.said).toEqual([]);
      expect(view.marks).toContainEqual({ entry, kind: "erased" });
      const log = await each.unlocked().inTurn(() => holdLog(each.unlocked(), logId));
      const held = log?.entries.find((received) => received.entry.hash === entry);
      expect(held).toMatchObject({ kind: "entry", entry: { ciphertext: undefined } });
      await each.restart();
      expect(must(await each.device().viewCase(logId)).state.risk.said).toEqual([]);
      expect(must(await each.device().viewCase(logId)).isBehind).toBe(false);
    }
    await tellOn(shilan, logId, raise("Without the name."));
    await syncAll(shilan, nour);
    expect((await stateOn(nour, logId)).risk.said).toHaveLength(1);
  });
});

describe("a store that somebody has changed", () => {
  it("is mended from the server when entries were taken out of it", async () => {
    const { shilan, nour, logId } = await sharedCase("taken out");
    await tellOn(nour, logId, raise("Hidden by somebody."));
    await syncAll(nour, shilan);
    const contents = new Map(shilan.store().contents());
    for (const name of contents.keys())
      if (name.startsWith(`log/${logId}`) || name.startsWith(`snapshot/${logId}`)) contents.delete(name);
    await shilan.restart(contents);
    must(await shilan.device().viewCase(logId));
    await syncAll(shilan);
    expect((await stateOn(shilan, logId)).risk.said).toHaveLength(1);
    expect(await stateOn(shilan, logId)).toEqual(await stateOn(nour, logId));
  });
});
