/** Of the contract of storage: what whoever runs a server needs of it, and putting it back from a backup. */

import { beforeAll, describe, expect, it } from "vitest";
import { err, ok } from "@amana/kernel";
import type { Storage, TablePage } from "../../storage.ts";
import {
  accountsMax,
  day,
  firstLoginOf,
  found,
  instantOf,
  join,
  newAccount,
  newDevice,
  newKey,
  now,
  openCase,
  random,
  readLog,
  wide,
} from "../organisations.ts";
import { bytesOf, type ContractStore } from "./shared.ts";

export const describeRunning = ({ name, storageInUse, openOther, append }: ContractStore): void => {
  describe(`${name}: running`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    it("keeps a secret of the server as it was first made", async () => {
      const name = `secret ${Buffer.from(random(8)).toString("hex")}`;
      const [made, other] = [random(32), random(32)];
      expect(await storage.serverSecret({ name, made })).toEqual(made);
      expect(await storage.serverSecret({ name, made: other })).toEqual(made);
    });

    it("counts without ids", async () => {
      const before = await storage.counts();
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const written = log.content(founder.receivingKey);
      await append(founder, log, [written]);
      const after = await storage.counts();
      expect(after.organisations - before.organisations).toBe(1);
      expect(after.accounts - before.accounts).toBe(1);
      expect(after.logs - before.logs).toBe(2);
      expect(after.entries - before.entries).toBe(3);
      expect(after.wraps - before.wraps).toBe(2);
      expect(after.bytes).toBeGreaterThan(before.bytes + written.entry.bytes.length);
    });

    it("answers, writes, and knows its schema", async () => {
      await storage.ping();
      await storage.proveWritable({ mark: random(16) });
      await storage.proveWritable({ mark: random(16) });
      expect(await storage.schemaVersion()).toBe(5);
    });

    it("begins a restore anew where one broke off, and takes a store in which a server was only started", async () => {
      const source = await openOther();
      const { founder } = await found(source);
      const pages: TablePage[] = [];
      const snapshot = await source.openSnapshot();
      for await (const page of snapshot.pages()) pages.push(page);
      await snapshot.close();
      await source.close();
      const restored = await openOther();
      const made = random(32);
      await restored.serverSecret({ name: "challenge-key", made });
      await restored.addSetUpCode({ codeHash: random(32), expiresAt: instantOf(now + day) });
      await restored.noteUp({ now, pauseMillisecondsMax: 0 });
      await restored.takeSlot({ slot: now });
      expect(await restored.storeStanding()).toBe("empty");
      for (const count of [Math.ceil(pages.length / 2), pages.length]) {
        expect(await restored.beginRestore({ now })).toEqual(ok(undefined));
        for (const page of pages.slice(0, count)) await restored.restorePage({ page });
      }
      await restored.finishRestore();
      expect(await restored.accountById(founder)).toBeDefined();
      const other = random(32);
      expect(await restored.serverSecret({ name: "challenge-key", made: other })).toEqual(other);
      await restored.close();
    });

    it("brings back no sign-in, no open invitation and no waiting recovery, so that nobody gains by a restore", async () => {
      const source = await openOther();
      const organisation = await found(source);
      const { founder } = organisation;
      const { account } = founder;
      const order = { account, loginPublic: firstLoginOf(founder), device: newDevice(), now, devicesMax: 3 };
      const tokenHash = random(32);
      const expiresAt = instantOf(now + day);
      const challenge = random(32);
      await source.signIn({ ...order, tokenHash, challenge, expiresAt });
      const invitation = random(16);
      await source.openInvitation({ by: founder, invitation, expiresAt, now, openMax: 100 });
      const joined = await join(source, organisation);
      const recovery = random(16);
      const asked = { by: founder, recovery, recoveryKey: newKey(), requestedAt: now, opensAt: now };
      await source.requestRecovery({ ...asked, waitingMax: 3, waitingInAllMax: 3 });
      const snapshot = await source.openSnapshot();
      const restored = await openOther();
      await restored.beginRestore({ now });
      for await (const page of snapshot.pages()) await restored.restorePage({ page });
      await snapshot.close();
      await source.close();
      await restored.finishRestore();
      await restored.noteUp({ now, pauseMillisecondsMax: 0 });
      expect(await restored.signInByToken({ tokenHash, now })).toBeUndefined();
      // Its secret is another: a challenge that was used before is none there, and is not kept.
      const signedIn = await restored.signIn({ ...order, tokenHash, challenge, expiresAt });
      expect(signedIn).toEqual(ok(undefined));
      const answer = { invitation, answer: random(9), account: newAccount(), accountsMax, now };
      expect(await restored.answerInvitation(answer)).toEqual(err({ type: "InvitationSpent" }));
      expect(await restored.openInvitation({ by: founder, invitation, expiresAt, now, openMax: 100 })).toEqual(
        ok(undefined),
      );
      expect(await restored.accountById(joined)).toBeDefined();
      const read = await restored.recoveryWraps({ by: founder, recovery, now, after: 0, wrapsMax: 9 });
      expect(read).toEqual(err({ type: "RecoveryNotOpen" }));
      await restored.close();
    });

    it("is copied whole as it stood at one moment, while others write, and put back elsewhere", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const written = Array.from({ length: 600 }, () => log.content(founder.receivingKey));
      await append(founder, log, written);
      const before = await storage.counts();
      const snapshot = await storage.openSnapshot();
      await append(founder, log, [log.content(founder.receivingKey)]);
      const pages: TablePage[] = [];
      for await (const page of snapshot.pages()) pages.push(page);
      await snapshot.close();
      const restored = await openOther();
      expect(await restored.storeStanding()).toBe("empty");
      expect(await restored.beginRestore({ now })).toEqual(ok(undefined));
      expect(await restored.storeStanding()).toBe("restoring");
      for (const page of pages) await restored.restorePage({ page });
      expect(await restored.storeStanding()).toBe("restoring");
      await restored.finishRestore();
      expect(await restored.storeStanding()).toBe("used");
      expect(await restored.beginRestore({ now })).toEqual(err({ type: "StoreUsed" }));
      expect(await restored.counts()).toEqual({ ...before, signIns: 0 });
      expect(await readLog(restored, founder, log.logId)).toEqual(bytesOf([log.first, ...written]));
      expect(await restored.schemaVersion()).toBe(snapshot.schemaVersion);
      const next = log.content(founder.receivingKey);
      const order = { by: founder, logs: [{ logId: log.logId, entries: [next.entry] }], quotas: wide };
      // The entry in between was not in the snapshot: the device sends it again.
      expect((await restored.appendEntries(order))[0]?.results).toEqual(["link-missing"]);
      await restored.close();
    });
  });
};
