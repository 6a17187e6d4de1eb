/** Of the contract of storage: many who write at the same time. */

import { beforeAll, describe, expect, it } from "vitest";
import { err, ok } from "@amana/kernel";
import type { Storage } from "../../storage.ts";
import {
  controlAfter,
  found,
  join,
  must,
  newDevice,
  now,
  openCase,
  readLog,
  wide,
  writeLog,
  type Written,
} from "../organisations.ts";
import { digestsOver, type ContractStore } from "./shared.ts";

export const describeWritingAtOnce = ({ name, storageInUse }: ContractStore): void => {
  describe(`${name}: many who write at the same time`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    it("leave contiguous places, nothing twice and nothing lost", async () => {
      const organisation = await found(storage);
      const people = [organisation.founder, await join(storage, organisation), await join(storage, organisation)];
      const keys = people.map(({ receivingKey }) => receivingKey);
      const logs = await Promise.all(Array.from({ length: 4 }, () => openCase(storage, organisation.founder, keys)));
      const sent = await Promise.all(
        Array.from({ length: 24 }, async (_, index) => {
          const by = must(people[index % people.length]);
          const device = newDevice();
          const written = logs.map((log) => Array.from({ length: 5 }, () => log.content(by.receivingKey, device)));
          const order = logs.map(({ logId }, place) => ({
            logId,
            entries: must(written[place]).map(({ entry }) => entry),
          }));
          // Each sends everything twice, at once: what is asked again must find what was stored.
          const turned = index % 2 === 0 ? order : order.toReversed();
          const answers = await Promise.all([
            storage.appendEntries({ by, logs: turned, quotas: wide }),
            storage.appendEntries({ by, logs: turned, quotas: wide }),
          ]);
          const results = answers.flat().flatMap((answer) => answer.results ?? []);
          expect(results.filter((result) => result === "stored")).toHaveLength(20);
          expect(results.filter((result) => result === "known")).toHaveLength(20);
          return written;
        }),
      );
      for (const [place, log] of logs.entries()) {
        const all = await readLog(storage, organisation.founder, log.logId);
        const expected = [log.first, ...sent.flatMap((written) => must(written[place]))];
        expect(all).toHaveLength(121);
        expect(new Set(all.map((bytes) => Buffer.from(bytes).toString("hex")))).toEqual(
          new Set(expected.map(({ entry }) => Buffer.from(entry.bytes).toString("hex"))),
        );
        const listed = must(
          await storage.hashesAfter({ by: organisation.founder, logId: log.logId, after: 0, hashesMax: 1_000 }),
        );
        expect(listed.hashes).toHaveLength(listed.end);
        const [position] = (await storage.positionsServed({ by: organisation.founder, fromBucket: 0 })).filter(
          ({ logId }) => logId === log.logId,
        );
        expect(must(position).digest).toEqual(digestsOver(listed.hashes));
      }
      const { entries } = await storage.usageOf({ by: organisation.founder });
      // The organisation's first entry, four cases, and eight senders of 20 entries.
      expect(entries).toBe(1 + 4 + 8 * 20);
    });

    it("append one control entry after the same one, and everyone else is told the tip", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const rivals = Array.from({ length: 8 }, () => {
        // Each device knows only the first entry.
        const own = writeLog("case", log.logId);
        own.control(founder.receivingKey);
        const written = own.control(founder.receivingKey, newDevice());
        const entry = { ...written.entry, control: log.first.entry.hash, previous: undefined };
        return controlAfter(log, "case", log.first.entry.hash, { ...written, entry });
      });
      const results = await Promise.all(
        rivals.map((control) =>
          storage.appendControl({ by: founder, control, organisation: undefined, quotas: wide, now }),
        ),
      );
      const won = results.filter((result) => result.ok);
      expect(won).toHaveLength(1);
      const tip = must((await storage.servedLog({ by: founder, logId: log.logId }))?.tip);
      for (const result of results) {
        if (!result.ok) expect(result).toEqual(err({ type: "ControlTipMoved", tip }));
      }
      expect(await readLog(storage, founder, log.logId)).toHaveLength(2);
    });

    it("fail by themselves: an order of ours that is wrong fails nobody else's", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      // Only a mistake of ours could hand over an entry without bytes.
      const wrong = { ...log.content(founder.receivingKey).entry, bytes: undefined as never };
      const order = (entry: Written["entry"]) =>
        storage.appendEntries({ by: founder, logs: [{ logId: log.logId, entries: [entry] }], quotas: wide });
      const fine = Array.from({ length: 4 }, () => ({
        ...log.content(founder.receivingKey, newDevice()).entry,
        previous: undefined,
      }));
      const [before, failed, ...after] = await Promise.allSettled([must(fine[0]), wrong, ...fine.slice(1)].map(order));
      expect(failed?.status).toBe("rejected");
      for (const each of [before, ...after])
        expect(each).toMatchObject({ value: [{ logId: log.logId, results: ["stored"] }] });
    });

    it("begin one log when two devices begin the same one", async () => {
      const { founder } = await found(storage);
      const log = writeLog("case");
      const first = log.control(founder.receivingKey);
      const control = {
        ...controlAfter(log, "case", first.entry.hash, first),
        after: undefined,
        serving: { keys: [founder.receivingKey] },
      };
      const order = { by: founder, control, organisation: undefined, quotas: wide, now };
      const results = await Promise.all([storage.appendControl(order), storage.appendControl(order)]);
      expect(results.filter((result) => result.ok && !result.value.again)).toHaveLength(1);
      // Whoever came second finds it there, on the spot or when it asks again.
      expect(await storage.appendControl(order)).toEqual(ok({ tip: first.entry.hash, again: true }));
      expect(await readLog(storage, founder, log.logId)).toEqual([first.entry.bytes]);
    });
  });
};
