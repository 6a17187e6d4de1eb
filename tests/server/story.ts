/**
 * One organisation from its founding to its recovery, on devices as they ship and over real HTTP to the server as it
 * ships, while every tenth request is lost. The same story over either store.
 */

import { err, ok } from "@amana/kernel";
import { toHex, type EntryHash, type LogId } from "@amana/log";
import { digestOfNone } from "@amana/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { origin } from "../../apps/server/src/testing/world.ts";
import { fetchTransport } from "../../apps/casework/src/worker/transport.ts";
import { cheapKdf, seededRandomness } from "../../packages/vault/src/testing/world.ts";
import { makeHostileMember } from "../hostile/hostile-member.ts";
import {
  bringIn,
  confirmAll,
  found,
  makeTown,
  openCase,
  openOffice,
  passwordOf,
  reads,
  syncAll,
  take,
  viewOf,
  write,
  type Office,
  type Town,
} from "./people.ts";
import { openLine, serve, type Line, type Served } from "./served.ts";
import { entriesOf, ledgerOf, wrapsOf, wrapsTo } from "./tables.ts";

const dayMilliseconds = 86_400_000;

/** `environment` is asked for once there is a store. */
export const describeStory = (name: string, environment: () => Readonly<Record<string, string>>): void => {
  describe(`an organisation over real HTTP on ${name}, with every tenth request lost,`, () => {
    let served: Served;
    let line: Line;
    let town: Town;
    let office: Office;
    beforeAll(async () => {
      served = await serve(environment());
      line = await openLine(served.address);
      town = makeTown(served, line, name);
      line.loseEvery = 10;
      office = await openOffice(town);
    });
    afterAll(async () => {
      await line.close();
      await served.close();
    });

    it("reads the same case on every device, whoever wrote while the others were away", async () => {
      const { nour, azad, rojin, shilan } = office;
      const logId = await openCase(rojin, nour, shilan);
      await write(rojin, logId, "first");
      await syncAll(rojin, nour, shilan);
      rojin.handset.isOnline = shilan.handset.isOnline = false;
      for (const letter of "abcdefghij") {
        await write(rojin, logId, `of-rojin-${letter}`);
        await write(shilan, logId, `of-shilan-${letter}`);
      }
      expect(await rojin.device.sync()).toEqual(err({ type: "Unreachable" }));
      rojin.handset.isOnline = shilan.handset.isOnline = true;
      await syncAll(rojin, shilan, nour, azad);
      const all = await reads(rojin, logId);
      expect(all).toHaveLength(21);
      expect(await reads(shilan, logId)).toEqual(all);
      expect(await reads(nour, logId)).toEqual(all);
      expect((await viewOf(rojin, logId)).unsent).toEqual([]);
      expect(await reads(azad, logId)).toBeUndefined();
      expect(await entriesOf(served.storage, logId)).toHaveLength(1 + 22);
    });

    it("gives a removed person nothing from that moment, and nothing that was written after", async () => {
      const { nour, rojin, azad, shilan } = office;
      const rami = await bringIn(town, nour, "Rami");
      await syncAll(rojin);
      const logId = await openCase(rojin, nour, rami);
      await write(rojin, logId, "before");
      await syncAll(rojin, nour, azad, shilan, rami);
      expect(await reads(rami, logId)).toEqual(["before"]);
      await take(() => nour.device.personLeft(rami.id));
      await untilSignedOut(() => rami.device.sync());
      // Whoever left opens what they saw, and is served nothing.
      await take(() => rami.device.unlock(rami.password));
      expect(await untilReached(() => rami.device.sync())).toMatchObject({ error: { code: "NotSignedIn" } });
      await syncAll(nour, rojin);
      await write(rojin, logId, "after");
      await syncAll(rojin, nour);
      expect(await reads(nour, logId)).toEqual(["after", "before"]);
      expect(await reads(rami, logId)).toEqual(["before"]);
      const people = (await take(() => nour.device.peopleWhoCanRead(logId))).people.map(({ person }) => person);
      expect(people).not.toContain(rami.id);
    });

    it("erases what two people agreed on: the server keeps a husk and remembers, and no device reads it", async () => {
      const { nour, rojin } = office;
      const logId = await openCase(rojin, nour);
      await write(rojin, logId, "kept");
      await write(rojin, logId, "erased");
      await syncAll(rojin, nour);
      const entry = (await entriesOf(served.storage, logId)).at(-1)?.hash;
      if (entry === undefined) throw new Error("The entry is not there.");
      await take(() => rojin.device.proposeErasure(logId, [entry]));
      await syncAll(rojin, nour);
      const [erasure] = (await take(() => nour.device.peopleWhoCanRead(logId))).erasures;
      if (erasure === undefined) throw new Error("The proposal is not there.");
      await take(() => nour.device.confirmErasure(logId, erasure.proposal));
      await syncAll(nour, rojin);
      for (const each of [nour, rojin]) expect(await reads(each, logId)).toEqual(["kept"]);
      const stored = await entriesOf(served.storage, logId);
      expect(stored.filter(({ ciphertext }) => ciphertext === undefined).map(({ hash }) => hash)).toEqual([entry]);
      expect(await ledgerOf(served.storage, logId)).toEqual([entry]);
    });

    it("shreds a case that two people agreed on: its keys are nowhere any more", async () => {
      const { nour, rojin } = office;
      const logId = await openCase(rojin, nour);
      await write(rojin, logId, "gone");
      await syncAll(rojin, nour);
      await take(() => rojin.device.proposeShredding(logId));
      await syncAll(rojin, nour);
      const [erasure] = (await take(() => nour.device.peopleWhoCanRead(logId))).erasures;
      if (erasure === undefined) throw new Error("The proposal is not there.");
      await take(() => nour.device.confirmErasure(logId, erasure.proposal));
      await syncAll(nour, rojin, nour);
      expect(await wrapsOf(served.storage, logId)).toBe(0);
      expect(await ledgerOf(served.storage, logId)).toEqual(["00"]);
      for (const each of [nour, rojin]) expect((await reads(each, logId)) ?? []).toEqual([]);
      // A device that comes later has no key of it, and is told what became of it.
      const later = town.newHandset("Rojin's tablet");
      const enrolling = { digits: rojin.kit, password: rojin.password, language: "ar" };
      await take(() => later.device().enrolWithKit(enrolling));
      await take(() => later.device().sync());
      expect(await take(() => later.device().viewCase(logId))).toMatchObject({ isShredded: true, isBehind: false });
    });

    it("changes a password at once: every other device is out, and only the new one opens what comes", async () => {
      const { shilan } = office;
      const second = town.newHandset("Shilan's tablet");
      const enrolling = { digits: shilan.kit, password: shilan.password, language: "ar" };
      await take(() => second.device().enrolWithKit(enrolling));
      await take(() => second.device().sync());
      // A try whose answer was lost may have left one more behind, which its person sees and the change puts out.
      expect((await take(() => shilan.device.listDevices())).length).toBeGreaterThanOrEqual(2);
      const next = "a blue kettle sings before the seventh morning";
      const changed = await shilan.device.changePassword({ current: shilan.password, next });
      if (!changed.ok) expect(changed.error.type).toBe("NoAnswerYet");
      await take(() => shilan.device.sync());
      expect(await take(() => shilan.device.listDevices())).toMatchObject([{ isThis: true }]);
      await untilSignedOut(() => second.device().sync());
      await take(() => second.device().unlock(shilan.password));
      expect(await untilReached(() => second.device().sync())).toMatchObject({ error: { code: "NotSignedIn" } });
      const third = town.newHandset("Shilan's new phone");
      const withOld = await untilReached(() => third.device().enrolWithKit(enrolling));
      expect(withOld).toMatchObject({ ok: false });
      await take(() => third.device().enrolWithKit({ ...enrolling, password: next }));
      await take(() => third.device().sync());
      shilan.password = next;
    });

    it("puts out a lost phone by name: it locks itself, and is served nothing more", async () => {
      const { rojin } = office;
      const lost = town.newHandset("Rojin's lost phone");
      await take(() =>
        lost.device().enrolWithKit({ digits: rojin.kit, password: passwordOf("Rojin"), language: "ckb" }),
      );
      await take(() => lost.device().sync());
      const others = (await take(() => rojin.device.listDevices())).filter(({ isThis }) => !isThis);
      expect(others.length).toBeGreaterThan(0);
      for (const { device } of others) await take(() => rojin.device.signOut(device));
      expect(await take(() => rojin.device.listDevices())).toHaveLength(1);
      await untilSignedOut(() => lost.device().sync());
      expect(await lost.device().phase()).toBe("locked");
      // Whoever has the phone and the password signs in again; so the password is changed as well.
      const next = "three herons cross the quiet harbour twice";
      const changed = await rojin.device.changePassword({ current: rojin.password, next });
      if (!changed.ok) expect(changed.error.type).toBe("NoAnswerYet");
      await take(() => rojin.device.sync());
      await take(() => lost.device().unlock(rojin.password));
      rojin.password = next;
      expect(await untilReached(() => lost.device().sync())).toMatchObject({ error: { code: "NotSignedIn" } });
    });

    it("opens a case again with the sheets, a day after everyone was told, and the old key's wraps are destroyed", async () => {
      const { nour, azad, rojin, shilan } = office;
      const { recoveryKey, sheets } = await take(() => nour.device.makeSheets(2, 3));
      await take(() => nour.device.proposeRecoveryKey(recoveryKey));
      await confirmAll(azad);
      await syncAll(nour, azad, rojin, shilan);
      const logId = await openCase(rojin, shilan);
      await write(rojin, logId, "first");
      await syncAll(rojin, shilan, nour);
      expect(await reads(nour, logId)).toBeUndefined();
      await take(() => nour.device.requestRecovery());
      expect((await take(() => azad.device.recoveries())).map(({ state }) => state)).toContain("waiting");
      // A server is up all the while, and says so.
      const stayUp = async (milliseconds: number): Promise<void> => {
        served.pass(milliseconds);
        await served.storage.noteUp({ now: served.now(), pauseMillisecondsMax: milliseconds });
      };
      await stayUp(dayMilliseconds - 1);
      const early = await untilReached(() => nour.device.recoverWithSheets(sheets.slice(1)));
      expect(early).toMatchObject({ ok: false, error: { type: "Refused", code: "NotNow" } });
      await stayUp(1);
      const recovered = await take(() => nour.device.recoverWithSheets(sheets.slice(1)));
      expect(recovered.cases).toContain(logId);
      await syncAll(nour, rojin);
      const oldKey = recoveryKey.receivingKey.keyId;
      expect(await wrapsTo(served.storage, oldKey)).toBeGreaterThan(0);
      const next = await take(() => nour.device.makeSheets(2, 3));
      await take(() => nour.device.proposeRecoveryKey(next.recoveryKey));
      await syncAll(nour);
      expect(await wrapsTo(served.storage, oldKey)).toBeGreaterThan(0);
      await confirmAll(azad);
      await syncAll(nour);
      expect(await wrapsTo(served.storage, oldKey)).toBe(0);
      expect((await take(() => azad.device.recoveries())).map(({ state }) => state)).toEqual(["used"]);
    });

    it("shares the server with another organisation, to which nothing of it exists", async () => {
      const { nour, rojin } = office;
      const logId = await openCase(rojin, nour);
      await syncAll(rojin, nour);
      const stranger = await found(town, "Hawre");
      // Their own client sends each request once.
      line.loseEvery = undefined;
      await take(() => stranger.device.sync());
      const client = await makeHostileMember({
        server: fetchTransport(line.address),
        origin,
        randomness: seededRandomness("a stranger's own client"),
        kdf: cheapKdf,
        kit: stranger.kit,
        password: stranger.password,
        // Only what is of the stranger's own organisation; none of it is read here.
        root: "00".repeat(32) as EntryHash,
        organisation: logId,
      });
      const unknown = toHex(new Uint8Array(16).fill(9)) as LogId; // 32 hexadecimal digits are an id.
      for (const each of [logId, unknown]) {
        const wants = [{ logId: each, after: 0, digest: digestOfNone() }];
        expect(await untilReached(() => client.call("pull", { wants, bytesMax: 65_536, withWraps: true }))).toEqual(
          ok({ logs: [], wraps: [] }),
        );
        expect(await untilReached(() => client.call("read-wraps", { logs: [each] }))).toEqual(ok({ logs: [] }));
        expect(await untilReached(() => client.call("list-hashes", { logId: each, after: 0 }))).toEqual(notForYou);
        const none = { logId: each, wraps: [] };
        expect(await untilReached(() => client.call("add-wraps", none))).toEqual(notForYou);
      }
      expect((await take(() => stranger.device.listCases())).length).toBe(0);
      expect(await served.storage.counts()).toMatchObject({ organisations: 2 });
    });

    it("needs few bytes: a quiet sync is three short requests at most, and a day's notes about half a kilobyte each", async () => {
      const { nour, rojin } = office;
      line.loseEvery = undefined;
      const logId = await openCase(rojin, nour);
      await syncAll(rojin, nour);
      const quiet = await measured(line, () => take(() => rojin.device.sync()));
      expect(quiet.requests).toBeLessThanOrEqual(3);
      expect(quiet.up + quiet.down).toBeLessThan(quiet.requests * 4096);
      for (let number = 0; number < 40; number++) await write(rojin, logId, `note-${"x".repeat(number)}`);
      const sent = await measured(line, () => take(() => rojin.device.sync()));
      expect(sent.up - quiet.up).toBeLessThan(40 * 600);
      expect((await reads(rojin, logId))?.length).toBe(40);
    });

    it("has left no line of a mistake on the server", () => {
      expect(served.lines).toEqual([]);
    });
  });
};

const measured = async (line: Line, run: () => Promise<unknown>) => {
  const [before, requestsBefore] = [line.bytes(), line.requests()];
  await run();
  const after = line.bytes();
  return { up: after.up - before.up, down: after.down - before.down, requests: line.requests() - requestsBefore };
};

type Answered = { readonly ok: boolean; readonly error?: { readonly type: string } };

/** The first answer that is not a lost one. */
const untilReached = async <T extends Answered>(step: () => Promise<T>): Promise<T> => {
  for (let tries = 0; tries < 12; tries++) {
    const answer = await step();
    if (answer.error?.type !== "Unreachable") return answer;
  }
  throw new Error("The server was never reached.");
};

/** The server has ended what a device had: it locks itself with the first answer that says so. */
const untilSignedOut = async (sync: () => Promise<Answered>): Promise<void> => {
  expect(await untilReached(sync)).toEqual(err({ type: "Locked" }));
};

const notForYou = err({ type: "Refused", code: "NotForYou", afterSeconds: undefined });
