/** Of the contract of storage: wraps, who reads them and when they are destroyed. */

import { beforeAll, describe, expect, it } from "vitest";
import { assert, ok } from "@amana/kernel";
import type { Bytes, LogId } from "@amana/log";
import { wrapsPerLogMax } from "@amana/sync";
import type { Member, Storage } from "../../storage.ts";
import {
  controlAfter,
  found,
  instantOf,
  join,
  must,
  newKey,
  now,
  openCase,
  random,
  wide,
  wrapFor,
} from "../organisations.ts";
import type { ContractStore } from "./shared.ts";

export const describeWraps = ({ name, storageInUse }: ContractStore): void => {
  describe(`${name}: wraps`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    it("are read by their recipients alone, oldest first, each once", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const colleague = await join(storage, organisation);
      const log = await openCase(storage, founder, [colleague.receivingKey]);
      const late = [wrapFor(colleague.receivingKey), wrapFor(colleague.receivingKey)];
      const add = (wraps = late) => storage.addWraps({ by: founder, logId: log.logId, wraps, quotas: wide });
      expect(await add()).toEqual(ok(undefined));
      expect(await add()).toEqual(ok(undefined));
      const own = must((await storage.wrapsFor({ by: colleague, logs: [log.logId] }))[0]).wraps;
      expect(own).toHaveLength(3);
      expect(own.slice(1)).toEqual(late.map(({ bytes }) => bytes));
      expect((await storage.wrapsFor({ by: founder, logs: [log.logId] }))[0]?.wraps).toHaveLength(1);
    });

    it("that a member sends another in masses do not keep those of others from their reader", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const [reader, hostile] = [await join(storage, organisation), await join(storage, organisation)];
      const log = await openCase(storage, founder, [reader.receivingKey, hostile.receivingKey]);
      const send = async (by: Member, count: number): Promise<readonly Bytes[]> => {
        const wraps = Array.from({ length: count }, () => wrapFor(reader.receivingKey));
        expect(await storage.addWraps({ by, logId: log.logId, wraps, quotas: wide })).toEqual(ok(undefined));
        return wraps.map(({ bytes }) => bytes);
      };
      const before = await send(founder, 2);
      const rubbish = await send(hostile, wrapsPerLogMax + 50);
      const after = await send(founder, 1);
      const read = must((await storage.wrapsFor({ by: reader, logs: [log.logId] }))[0]).wraps;
      expect(read).toHaveLength(wrapsPerLogMax);
      // One came with the case itself.
      expect(read.slice(1, 3)).toEqual(before);
      expect(read.at(-1)).toEqual(must(after[0]));
      expect(read.slice(3, -1)).toEqual(rubbish.slice(-(wrapsPerLogMax - 4)));
    });

    it("of many logs are read as long as an answer could carry them, the first logs first, and what is not served counts for nothing", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const reader = await join(storage, organisation);
      const logs = await Promise.all(
        Array.from({ length: 3 }, () => openCase(storage, founder, [reader.receivingKey])),
      );
      const wraps = Array.from({ length: wrapsPerLogMax - 1 }, () => wrapFor(reader.receivingKey));
      for (const { logId } of logs) {
        const added = await storage.addWraps({ by: founder, logId, wraps, quotas: wide });
        expect(added).toEqual(ok(undefined));
      }
      const [a, b, c] = logs.map(({ logId }) => logId);
      const read = async (...asked: readonly (LogId | undefined)[]) => {
        const found = await storage.wrapsFor({ by: reader, logs: asked.map(must) });
        return found.map((each) => [each.logId, each.wraps.length]);
      };
      expect(await read(a, b, c, a)).toEqual([a, b].map((logId) => [logId, wrapsPerLogMax]));
      expect(await read(c)).toEqual([[c, wrapsPerLogMax]]);
      for (const log of logs.slice(0, 2)) {
        const serving = { keys: [founder.receivingKey] };
        const control = controlAfter(log, "case", log.first.entry.hash, log.control(founder.receivingKey), { serving });
        await storage.appendControl({ by: founder, control, organisation: undefined, quotas: wide, now });
      }
      expect(await read(a, b, c)).toEqual([[c, wrapsPerLogMax]]);
    });

    it("of a recovery key are destroyed when the recovery that used it is ended, and again after a restore", async () => {
      const { founder } = await found(storage);
      const recoveryKey = newKey();
      const log = await openCase(storage, founder, [recoveryKey]);
      const recovery = random(16);
      const asked = { by: founder, recovery, recoveryKey, requestedAt: now, opensAt: now };
      await storage.requestRecovery({ ...asked, waitingMax: 3, waitingInAllMax: 3 });
      await storage.noteUp({ now, pauseMillisecondsMax: 0 });
      const readOn = async () => {
        const read = await storage.recoveryWraps({ by: founder, recovery, now, after: 0, wrapsMax: 10 });
        assert(read.ok, "An open recovery must be read.");
        return read.value.wraps.length;
      };
      const wraps = async () => (await storage.counts()).wraps;
      expect(await readOn()).toBe(1);
      const before = await wraps();
      expect(await storage.forbidRecovery({ by: founder, recovery, now })).toEqual(ok(undefined));
      expect((await storage.wrapsFor({ by: founder, logs: [log.logId] }))[0]?.wraps).toHaveLength(1);
      expect(await wraps()).toBe(before - 1);
      const row = { organisation: founder.organisation, receivingKey: recoveryKey, at: now };
      const all = await storage.endedKeysAfter({ after: undefined, rowsMax: 1_000 });
      expect(all).toContainEqual(row);
      expect(await storage.endedKeysAfter({ after: all.at(-1), rowsMax: 1_000 })).toEqual([]);
      await storage.addWraps({ by: founder, logId: log.logId, wraps: [wrapFor(recoveryKey)], quotas: wide });
      expect(await wraps()).toBe(before);
      await storage.replayEndedKeys({ rows: [row, { ...row, at: instantOf(now + 1), receivingKey: newKey() }] });
      expect(await wraps()).toBe(before - 1);
    });

    it("of a recovery key that was never used stay when its recovery is forbidden", async () => {
      const { founder } = await found(storage);
      const recoveryKey = newKey();
      await openCase(storage, founder, [recoveryKey]);
      const recovery = random(16);
      const asked = { by: founder, recovery, recoveryKey, requestedAt: now, opensAt: now };
      await storage.requestRecovery({ ...asked, waitingMax: 3, waitingInAllMax: 3 });
      const { wraps } = await storage.counts();
      expect(await storage.forbidRecovery({ by: founder, recovery, now })).toEqual(ok(undefined));
      expect((await storage.counts()).wraps).toBe(wraps);
    });
  });
};
