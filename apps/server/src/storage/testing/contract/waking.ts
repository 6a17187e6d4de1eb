/** Of the contract of storage: whom a server wakes, and when. */

import { beforeAll, describe, expect, it } from "vitest";
import { ok } from "@amana/kernel";
import type { Change, Member, Storage } from "../../storage.ts";
import {
  day,
  found,
  instantOf,
  must,
  newDevice,
  newKey,
  now,
  openCase,
  random,
  wide,
  wrapFor,
  writeLog,
} from "../organisations.ts";
import { signingIn, type ContractStore } from "./shared.ts";

export const describeWaking = ({ name, storageInUse, append }: ContractStore): void => {
  describe(`${name}: waking`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    const subscriptionOf = (text: string) => ({
      endpoint: `https://push.example/${text}`,
      publicKey: random(65),
      authentication: random(16),
    });
    const wakeUps = async (by: Member) => {
      const all = await storage.wakeUpsAfter({ after: undefined, rowsMax: 10_000 });
      return all.filter(({ account }) => account === by.account);
    };

    it("has one subscription for each device, and none once it is signed out", async () => {
      const { founder } = await found(storage);
      const device = newDevice();
      await storage.signIn(signingIn(founder, device));
      await storage.setWakeUp({ by: founder, device, subscription: subscriptionOf("old") });
      const subscription = subscriptionOf("new");
      await storage.setWakeUp({ by: founder, device, subscription });
      expect(await wakeUps(founder)).toEqual([
        { organisation: founder.organisation, account: founder.account, device, subscription },
      ]);
      await storage.signOut({ by: founder, device });
      expect(await wakeUps(founder)).toEqual([]);
    });

    it("keeps no address of a device that was signed out while it gave one", async () => {
      const { founder } = await found(storage);
      const devices = Array.from({ length: 8 }, () => newDevice());
      for (const device of devices) {
        await storage.signIn(signingIn(founder, device));
        const order = { by: founder, device, subscription: subscriptionOf("late") };
        await Promise.all([storage.setWakeUp(order), storage.signOut({ by: founder, device })]);
        expect(await storage.setWakeUp(order)).toBe(false);
        expect(await storage.setWakeUp({ ...order, subscription: undefined })).toBe(true);
      }
      expect(await wakeUps(founder)).toEqual([]);
    });

    it("keeps the address of a device for as long as its sign-in lasts, and no longer", async () => {
      const { founder } = await found(storage);
      const [away, here] = [newDevice(), newDevice()];
      const until = instantOf(now + day);
      await storage.signIn({ ...signingIn(founder, away), expiresAt: until });
      await storage.signIn({ ...signingIn(founder, here), expiresAt: instantOf(until + 1) });
      for (const device of [away, here])
        await storage.setWakeUp({ by: founder, device, subscription: subscriptionOf(device) });
      await storage.forgetExpired({ now: instantOf(until - 1) });
      expect(await wakeUps(founder)).toHaveLength(2);
      await storage.forgetExpired({ now: until });
      expect((await wakeUps(founder)).map(({ device }) => device)).toEqual([here]);
    });

    it("has one server for each moment of the day, of many that ask at the same time", async () => {
      const slots = [now, instantOf(now + day)];
      for (const slot of slots) {
        const asked = await Promise.all(Array.from({ length: 8 }, () => storage.takeSlot({ slot })));
        expect(asked.filter((isTaken) => isTaken)).toHaveLength(1);
      }
      expect(await storage.takeSlot({ slot: now })).toBe(false);
    });

    it("comes again soon after a server whose clock was years ahead has taken its turn", async () => {
      const later = instantOf(now + 2 * day);
      expect(await storage.takeSlot({ slot: instantOf(now + 1_000 * day) })).toBe(true);
      expect(await storage.takeSlot({ slot: later })).toBe(true);
      expect(await storage.takeSlot({ slot: later })).toBe(false);
      expect(await storage.takeSlot({ slot: instantOf(later - day) })).toBe(false);
    });

    it("ends when the device says so, or when the push service has lost exactly that one", async () => {
      const { founder } = await found(storage);
      const [one, two] = [newDevice(), newDevice()];
      for (const device of [one, two]) await storage.signIn(signingIn(founder, device));
      await storage.setWakeUp({ by: founder, device: one, subscription: subscriptionOf("one") });
      await storage.setWakeUp({ by: founder, device: two, subscription: subscriptionOf("two") });
      await storage.setWakeUp({ by: founder, device: one, subscription: undefined });
      const [left] = await wakeUps(founder);
      expect(must(left).device).toBe(two);
      await storage.setWakeUp({ by: founder, device: two, subscription: subscriptionOf("newer") });
      await storage.forgetWakeUp({ wakeUp: must(left) });
      expect(await wakeUps(founder)).toHaveLength(1);
      await storage.forgetWakeUp({ wakeUp: must((await wakeUps(founder))[0]) });
      expect(await wakeUps(founder)).toEqual([]);
    });

    it("tells of logs that grew and of people who were signed out, and of nothing that was refused", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      await storage.signIn(signingIn(founder));
      const told: Change[] = [];
      const stop = storage.watch((each) => void told.push(each));
      const { organisation } = founder;
      await append(founder, log, [log.content(founder.receivingKey)]);
      const elsewhere = writeLog("case");
      elsewhere.control(founder.receivingKey);
      await append(founder, log, [elsewhere.content(founder.receivingKey)]);
      await storage.signOut({ by: founder, device: undefined });
      stop();
      await append(founder, log, [log.content(founder.receivingKey)]);
      expect(told.filter((each) => each.organisation === organisation)).toEqual([
        { kind: "log", organisation, logId: log.logId },
        { kind: "organisation", organisation },
      ]);
    });

    it("tells of the same again to nobody: it costs who asks nothing, and would call all others each time", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const device = newDevice();
      await storage.signIn(signingIn(founder, device));
      const recovery = random(16);
      const asked = { by: founder, recovery, recoveryKey: newKey(), requestedAt: now, opensAt: now };
      await storage.requestRecovery({ ...asked, waitingMax: 1, waitingInAllMax: 1 });
      const wraps = [wrapFor(newKey())];
      const told: Change[] = [];
      const stop = storage.watch((each) => void told.push(each));
      for (const _time of ["first", "again"]) {
        await storage.addWraps({ by: founder, logId: log.logId, wraps, quotas: wide });
        await storage.signOut({ by: founder, device });
        expect(await storage.forbidRecovery({ by: founder, recovery, now })).toEqual(ok(undefined));
      }
      stop();
      const { organisation } = founder;
      expect(told.filter((each) => each.organisation === organisation)).toEqual([
        { kind: "log", organisation, logId: log.logId },
        { kind: "organisation", organisation },
        { kind: "organisation", organisation },
      ]);
    });
  });
};
