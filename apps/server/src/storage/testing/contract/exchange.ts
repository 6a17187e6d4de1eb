/** Of the contract of storage: what a device is told and sent when it asks for what it lacks. */

import { beforeAll, describe, expect, it } from "vitest";
import type { Bytes } from "@amana/log";
import { digestOfNone } from "@amana/sync";
import type { Storage } from "../../storage.ts";
import { found, must, openCase, random } from "../organisations.ts";
import { bytesOf, digestsOver, hashesOf, type ContractStore } from "./shared.ts";

export const describeExchange = ({ name, storageInUse, append }: ContractStore): void => {
  describe(`${name}: what a device asks for`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    it("comes in the order of its wants, as much as fits, and at least one entry", async () => {
      const { founder } = await found(storage);
      const logs = [await openCase(storage, founder), await openCase(storage, founder)] as const;
      const written = logs.map((log) => Array.from({ length: 4 }, () => log.content(founder.receivingKey)));
      await append(founder, logs[0], must(written[0]));
      await append(founder, logs[1], must(written[1]));
      const size = must(must(written[0])[0]).entry.bytes.length;
      const wants = logs.map((log) => ({ logId: log.logId, after: 1, digest: digestsOver(hashesOf([log.first])) }));
      const ask = (bytesMax: number) => storage.entriesAfter({ by: founder, wants, bytesMax });
      const counts = async (bytesMax: number) => (await ask(bytesMax)).map(({ entries }) => entries.length);
      expect(await counts(1)).toEqual([1, 0]);
      expect(await counts(3 * size)).toEqual([3, 0]);
      expect(await counts(6 * size + size / 2)).toEqual([4, 2]);
      const [first, second] = await ask(1_000_000);
      expect(must(first)).toEqual({
        logId: logs[0].logId,
        after: 1,
        isSame: true,
        entries: bytesOf(must(written[0])),
        end: 5,
        hasControl: false,
      });
      expect(must(second).entries).toEqual(bytesOf(must(written[1])));
      const start = [{ logId: logs[0].logId, after: 0, digest: digestOfNone() }];
      const begun = await storage.entriesAfter({ by: founder, wants: start, bytesMax: 1 });
      expect(begun.map(({ hasControl }) => hasControl)).toEqual([true]);
    });

    it("is not sent when the device holds something else up to there", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      await append(founder, log, [log.content(founder.receivingKey)]);
      const ask = (after: number, digest: Bytes) =>
        storage.entriesAfter({ by: founder, wants: [{ logId: log.logId, after, digest }], bytesMax: 1_000_000 });
      const nothing = { logId: log.logId, isSame: false, entries: [], end: 2, hasControl: false };
      expect(await ask(1, random(32))).toEqual([{ ...nothing, after: 1 }]);
      expect(await ask(9, random(32))).toEqual([{ ...nothing, after: 9 }]);
      expect(await ask(0, random(32))).toEqual([{ ...nothing, after: 0 }]);
    });

    it("lists its logs ascending, from a bucket on", async () => {
      const { founder } = await found(storage);
      const logs = await Promise.all(Array.from({ length: 12 }, () => openCase(storage, founder)));
      const listed = (await storage.positionsServed({ by: founder, fromBucket: 0 })).map(({ logId }) => logId);
      expect(listed).toHaveLength(13);
      expect(listed).toEqual(listed.toSorted());
      expect(listed).toEqual(expect.arrayContaining(logs.map(({ logId }) => logId)));
      const from = (await storage.positionsServed({ by: founder, fromBucket: 128 })).map(({ logId }) => logId);
      expect(from).toEqual(listed.filter((logId) => logId >= "80"));
    });
  });
};
