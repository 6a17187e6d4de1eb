/** Of the contract of storage: content entries, in which order they stand, what they wait for and whom they are charged to. */

import { beforeAll, describe, expect, it } from "vitest";
import { err } from "@amana/kernel";
import { digestOfNone } from "@amana/sync";
import type { Storage } from "../../storage.ts";
import { found, join, must, newLogId, openCase, readLog, wide } from "../organisations.ts";
import { bytesOf, digestsOver, hashesOf, underHead, type ContractStore } from "./shared.ts";

export const describeContent = ({ name, storageInUse, append }: ContractStore): void => {
  describe(`${name}: content entries`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    it("stand in the order they came, each with the digest over all before it", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const written = Array.from({ length: 5 }, () => log.content(founder.receivingKey));
      expect(await append(founder, log, written)).toEqual(Array(5).fill("stored"));
      const hashes = hashesOf([log.first, ...written]);
      expect(await storage.hashesAfter({ by: founder, logId: log.logId, after: 0, hashesMax: 100 })).toEqual({
        hashes,
        end: 6,
      });
      expect(await storage.hashesAfter({ by: founder, logId: log.logId, after: 2, hashesMax: 3 })).toEqual({
        hashes: hashes.slice(2, 5),
        end: 6,
      });
      const positions = await storage.positionsServed({ by: founder, fromBucket: 0 });
      expect(positions).toContainEqual({ logId: log.logId, kind: "case", end: 6, digest: digestsOver(hashes) });
      expect(await readLog(storage, founder, log.logId)).toEqual(bytesOf([log.first, ...written]));
    });

    it("are stored once, however often they come", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const written = [log.content(founder.receivingKey), log.content(founder.receivingKey)];
      expect(await append(founder, log, [...written, ...written])).toEqual(["stored", "stored", "known", "known"]);
      expect(await append(founder, log, [log.first, ...written])).toEqual(["known", "known", "known"]);
      expect(await readLog(storage, founder, log.logId)).toHaveLength(3);
    });

    it("wait for what they name: control entry, previous and parents", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const [one, two] = [log.content(founder.receivingKey), log.content(founder.receivingKey)];
      expect(await append(founder, log, [two])).toEqual(["link-missing"]);
      const orphan = { ...one, entry: { ...one.entry, parents: [two.entry.hash] } };
      expect(await append(founder, log, [orphan])).toEqual(["link-missing"]);
      const unknownControl = { ...one, entry: { ...one.entry, control: two.entry.hash } };
      expect(await append(founder, log, [unknownControl])).toEqual(["link-missing"]);
      const noControl = { ...one, entry: { ...one.entry, control: undefined } };
      expect(await append(founder, log, [noControl])).toEqual(["link-missing"]);
      expect(await append(founder, log, [one, two])).toEqual(["stored", "stored"]);
    });

    it("name an entry of the log of their own organisation", async () => {
      const { founder, first } = await found(storage);
      const other = await found(storage);
      const log = await openCase(storage, founder);
      const written = log.content(founder.receivingKey);
      for (const head of [log.first.entry.hash, other.first.entry.hash])
        expect(await append(founder, log, [underHead(written, head)])).toEqual(["link-missing"]);
      expect(await append(founder, log, [underHead(written, first.entry.hash)])).toEqual(["stored"]);
    });

    it("are not written under a content entry", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const [one, two] = [log.content(founder.receivingKey), log.content(founder.receivingKey)];
      await append(founder, log, [one]);
      const underContent = { ...two, entry: { ...two.entry, control: one.entry.hash } };
      expect(await append(founder, log, [underContent])).toEqual(["link-missing"]);
    });

    it("of one log are no link in another", async () => {
      const { founder } = await found(storage);
      const [log, other] = [await openCase(storage, founder), await openCase(storage, founder)];
      const foreign = other.content(founder.receivingKey);
      expect(await append(founder, log, [foreign])).toEqual(["link-missing"]);
    });

    it("are taken for many logs at once, each answered by itself", async () => {
      const { founder } = await found(storage);
      const logs = await Promise.all(Array.from({ length: 20 }, () => openCase(storage, founder)));
      const written = logs.map((log) => [log.content(founder.receivingKey), log.content(founder.receivingKey)]);
      const missing = newLogId();
      const order = [
        ...logs.map(({ logId }, index) => ({ logId, entries: must(written[index]).map(({ entry }) => entry) })),
        { logId: missing, entries: must(written[0]).map(({ entry }) => entry) },
      ];
      const answers = await storage.appendEntries({ by: founder, logs: order, quotas: wide });
      expect(answers).toEqual([
        ...logs.map(({ logId }) => ({ logId, results: ["stored", "stored"] })),
        { logId: missing, results: undefined },
      ]);
    });

    it("are refused to whoever is not served the log, as if it were not there", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const [colleague, stranger] = [await join(storage, organisation), (await found(storage)).founder];
      const log = await openCase(storage, founder);
      const written = log.content(founder.receivingKey);
      for (const by of [colleague, stranger]) {
        expect(await append(by, log, [written])).toBeUndefined();
        expect(await storage.servedLog({ by, logId: log.logId })).toBeUndefined();
        expect(await storage.hashesAfter({ by, logId: log.logId, after: 0, hashesMax: 9 })).toBeUndefined();
        expect(await storage.wrapsFor({ by, logs: [log.logId] })).toEqual([]);
        const wants = [{ logId: log.logId, after: 0, digest: digestOfNone() }];
        expect(await storage.entriesAfter({ by, wants, bytesMax: 1_000 })).toEqual([]);
        expect(await storage.addWraps({ by, logId: log.logId, wraps: [], quotas: wide })).toEqual(
          err({ type: "NotServed" }),
        );
      }
    });

    it("stop at the quota of the account, and go on when it is wider", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const { entries } = await storage.usageOf({ by: founder });
      const narrow = { ...wide, account: { ...wide.account, entries: entries + 2 } };
      const written = Array.from({ length: 3 }, () => log.content(founder.receivingKey));
      expect(await append(founder, log, written, narrow)).toEqual(["stored", "stored", "quota"]);
      expect(await append(founder, log, written)).toEqual(["known", "known", "stored"]);
    });

    it("stop at the quota of the organisation, whoever sends", async () => {
      const organisation = await found(storage);
      const colleague = await join(storage, organisation);
      const log = await openCase(storage, organisation.founder, [colleague.receivingKey]);
      const { bytes } = await storage.usageOf({ by: organisation.founder });
      const first = log.content(organisation.founder.receivingKey);
      const room = bytes + first.entry.bytes.length;
      const narrow = { ...wide, organisation: { ...wide.organisation, bytes: room } };
      expect(await append(organisation.founder, log, [first], narrow)).toEqual(["stored"]);
      expect(await append(colleague, log, [log.content(colleague.receivingKey)], narrow)).toEqual(["quota"]);
    });

    it("are charged to whoever sent them", async () => {
      const organisation = await found(storage);
      const colleague = await join(storage, organisation);
      const log = await openCase(storage, organisation.founder, [colleague.receivingKey]);
      const written = log.content(organisation.founder.receivingKey);
      await append(colleague, log, [written]);
      expect(await storage.usageOf({ by: colleague })).toEqual({
        logs: 0,
        entries: 1,
        bytes: written.entry.bytes.length,
      });
    });
  });
};
