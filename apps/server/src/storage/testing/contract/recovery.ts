/** Of the contract of storage: a recovery waits, is seen by everyone and can be forbidden before it opens. */

import { beforeAll, describe, expect, it } from "vitest";
import { assert, err, ok, type Instant } from "@amana/kernel";
import type { Member, Storage } from "../../storage.ts";
import { day, found, instantOf, join, must, newKey, now, openCase, random } from "../organisations.ts";
import type { ContractStore } from "./shared.ts";

export const describeRecovery = ({ name, storageInUse }: ContractStore): void => {
  describe(`${name}: recovery`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    const ask = (by: Member, recoveryKey = newKey(), waitingMax = 3, waitingInAllMax = 3) => {
      const recovery = random(16);
      const moments = { requestedAt: now, opensAt: instantOf(now + day) };
      const order = { by, recovery, recoveryKey, ...moments, waitingMax, waitingInAllMax };
      return storage.requestRecovery(order).then((asked) => ({ recovery, recoveryKey, asked }));
    };
    const open = instantOf(now + day);
    const setClock = (at: Instant) => storage.noteUp({ now: at, pauseMillisecondsMax: 0 });
    const stayUpUntil = (at: Instant) => storage.noteUp({ now: at, pauseMillisecondsMax: 10 * day });
    const minute = 60_000;
    const seenAt = async (by: Member, at: Instant) =>
      (await storage.recoveriesOf({ by, now: at })).map(({ state, opensAt }) => [state, opensAt - now]);

    it("counts no hour at which no server was up, so that everybody can forbid it for as long as is said", async () => {
      const { founder } = await found(storage);
      await setClock(now);
      const { recovery } = await ask(founder);
      await stayUpUntil(instantOf(now + day / 2));
      // Two days away, and back.
      const back = instantOf(now + day / 2 + 2 * day);
      await storage.noteUp({ now: back, pauseMillisecondsMax: minute });
      expect(await seenAt(founder, back)).toEqual([["waiting", 3 * day]]);
      const read = (at: Instant) => storage.recoveryWraps({ by: founder, recovery, now: at, after: 0, wrapsMax: 9 });
      expect(await read(back)).toEqual(err({ type: "RecoveryNotOpen" }));
      await stayUpUntil(instantOf(now + 3 * day));
      expect(await seenAt(founder, instantOf(now + 3 * day))).toEqual([["open", 3 * day]]);
      expect((await read(instantOf(now + 3 * day))).ok).toBe(true);
    });

    it("is opened by no clock that is set ahead, and not held up once it is set right again", async () => {
      const { founder } = await found(storage);
      await setClock(now);
      await ask(founder);
      const ahead = instantOf(now + 365 * day);
      expect(await seenAt(founder, ahead)).toEqual([["waiting", day]]);
      await storage.noteUp({ now: ahead, pauseMillisecondsMax: minute });
      expect(await seenAt(founder, ahead)).toEqual([["waiting", 366 * day]]);
      const { founder: other } = await found(storage);
      // Asked by the right clock while the mark is still ahead.
      await ask(other);
      expect(await seenAt(other, instantOf(now + 1))).toEqual([["waiting", day]]);
      await storage.noteUp({ now: instantOf(now + 1), pauseMillisecondsMax: minute });
      expect(await seenAt(founder, instantOf(now + 1))).toEqual([["waiting", day + 1]]);
    });

    it("is seen by everyone of the organisation, and opens at its time to whoever asked", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const colleague = await join(storage, organisation);
      const recoveryKey = newKey();
      const logs = [await openCase(storage, founder, [recoveryKey]), await openCase(storage, founder, [recoveryKey])];
      await setClock(now);
      const { recovery } = await ask(founder, recoveryKey);
      const stateAt = async (by: Member, at = now) =>
        (await storage.recoveriesOf({ by, now: at })).map(({ state }) => state);
      expect(await stateAt(colleague, open)).toEqual(["waiting"]);
      await stayUpUntil(open);
      expect(await stateAt(colleague)).toEqual(["waiting"]);
      expect(await stateAt(colleague, open)).toEqual(["open"]);
      expect(await stateAt((await found(storage)).founder)).toEqual([]);
      const read = (by: Member, at = open, after = 0) =>
        storage.recoveryWraps({ by, recovery, now: at, after, wrapsMax: 1 });
      const closed = err({ type: "RecoveryNotOpen" });
      expect(await read(founder, instantOf(open - 1))).toEqual(closed);
      expect(await read(colleague)).toEqual(closed);
      const first = await read(founder);
      assert(first.ok, "An open recovery must be read.");
      const second = await read(founder, open, must(first.value.next));
      assert(second.ok, "An open recovery must be read on.");
      expect([...first.value.wraps, ...second.value.wraps].map(({ logId }) => logId)).toEqual(
        logs.map(({ logId }) => logId),
      );
      expect(await stateAt(colleague, open)).toEqual(["used"]);
    });

    it("that is forbidden never opens", async () => {
      const { founder } = await found(storage);
      const { recovery } = await ask(founder);
      expect(await storage.forbidRecovery({ by: (await found(storage)).founder, recovery, now })).toEqual(
        err({ type: "RecoveryNotOpen" }),
      );
      expect(await storage.forbidRecovery({ by: founder, recovery, now })).toEqual(ok(undefined));
      await stayUpUntil(open);
      expect(await storage.recoveryWraps({ by: founder, recovery, now: open, after: 0, wrapsMax: 9 })).toEqual(
        err({ type: "RecoveryNotOpen" }),
      );
      expect((await storage.recoveriesOf({ by: founder, now: open }))[0]?.state).toBe("forbidden");
    });

    it("waits in a bounded number, of each person and of all", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const [colleague, another] = [await join(storage, organisation), await join(storage, organisation)];
      const tooMany = err({ type: "TooManyRecoveries" });
      await ask(founder, newKey(), 1, 2);
      expect((await ask(founder, newKey(), 1, 2)).asked).toEqual(tooMany);
      expect((await ask(colleague, newKey(), 1, 2)).asked.ok).toBe(true);
      expect((await ask(another, newKey(), 1, 2)).asked).toEqual(tooMany);
    });

    it("that is asked for again is the one that waits, and another once that is over", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const first = await ask(founder);
      const waiting = ok({ recovery: first.recovery, opensAt: open });
      expect(first.asked).toEqual(waiting);
      expect((await ask(founder, first.recoveryKey)).asked).toEqual(waiting);
      expect(await storage.recoveriesOf({ by: founder, now })).toHaveLength(1);
      const ofOther = await ask(await join(storage, organisation), first.recoveryKey);
      expect(ofOther.asked).not.toEqual(waiting);
      await storage.forbidRecovery({ by: founder, recovery: first.recovery, now });
      expect((await ask(founder, first.recoveryKey)).asked).not.toEqual(waiting);
      expect(await storage.recoveriesOf({ by: founder, now })).toHaveLength(3);
    });
  });
};
