/** Of the contract of storage: what two people have erased, and that it stays so after a restore. */

import { beforeAll, describe, expect, it } from "vitest";
import { assert, err, ok } from "@amana/kernel";
import { encodeEntry, huskOf, scopeOfConfirmation, scopeOfProposal, type EntryHash } from "@amana/log";
import type { Member, Storage } from "../../storage.ts";
import {
  controlAfter,
  found,
  instantOf,
  join,
  must,
  newKey,
  newLogId,
  now,
  openCase,
  readLog,
  wide,
  wrapFor,
  writeLog,
  type LogWriter,
} from "../organisations.ts";
import { hashesOf, type ContractStore } from "./shared.ts";

export const describeErasure = ({ name, storageInUse, append }: ContractStore): void => {
  describe(`${name}: erasure`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    /** A case with two people's control entries in it, and content. */
    const caseToErase = async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const second = await join(storage, organisation);
      const log = await openCase(storage, founder, [second.receivingKey]);
      const written = Array.from({ length: 3 }, () => log.content(founder.receivingKey));
      await append(founder, log, written);
      let tip = log.first;
      const act = async (by: Member, acted = log.act(by.receivingKey)): Promise<EntryHash> => {
        const control = controlAfter(log, "case", tip.entry.hash, acted);
        const appended = await storage.appendControl({ by, control, organisation: undefined, quotas: wide, now });
        assert(appended.ok, "A test's own act must be appended.");
        tip = acted;
        return acted.entry.hash;
      };
      const propose = (by: Member, entries: readonly EntryHash[]): Promise<EntryHash> =>
        act(by, log.act(by.receivingKey, scopeOfProposal({ logId: log.logId, entries })));
      const confirm = (by: Member, entries: readonly EntryHash[], proposal: EntryHash): Promise<EntryHash> =>
        act(by, log.act(by.receivingKey, scopeOfConfirmation({ logId: log.logId, entries }, proposal)));
      const agreeOn = async (entries: readonly EntryHash[]) => {
        const proposal = await propose(founder, entries);
        return { proposal, confirmation: await confirm(second, entries, proposal) };
      };
      return { founder, second, log, written, act, propose, confirm, agreeOn };
    };

    it("leaves a husk in the same place under the same hash, and the ledger remembers", async () => {
      const { founder, log, written, agreeOn } = await caseToErase();
      const erased = must(written[1]);
      const { proposal, confirmation } = await agreeOn([erased.entry.hash]);
      const before = await readLog(storage, founder, log.logId);
      const order = { by: founder, logId: log.logId, proposal, confirmation, entries: [erased.entry.hash], now };
      expect(await storage.eraseBodies(order)).toEqual(ok(undefined));
      expect(await storage.eraseBodies({ ...order, now: instantOf(now + 1) })).toEqual(ok(undefined));
      const husk = encodeEntry(huskOf(erased.sealed));
      expect(await readLog(storage, founder, log.logId)).toEqual(
        before.map((bytes, place) => (place === 2 ? husk : bytes)),
      );
      const ledger = await storage.ledgerAfter({ after: undefined, rowsMax: 1_000 });
      expect(ledger.filter(({ logId }) => logId === log.logId)).toEqual([
        {
          organisation: founder.organisation,
          logId: log.logId,
          entry: erased.entry.hash,
          proposal,
          confirmation,
          at: now,
        },
      ]);
    });

    it("needs two control entries of the log by two people", async () => {
      const { founder, second, log, written, confirm, agreeOn } = await caseToErase();
      const order = { by: founder, logId: log.logId, entries: hashesOf(written), now };
      const { proposal, confirmation } = await agreeOn(order.entries);
      const again = await confirm(founder, order.entries, proposal);
      const ofSecond = log.content(second.receivingKey);
      expect(await append(second, log, [ofSecond])).toEqual(["stored"]);
      const content = ofSecond.entry.hash;
      for (const [one, other] of [
        [proposal, again],
        [proposal, proposal],
        [proposal, content],
        [must(hashesOf([writeLog("case").control(newKey())])[0]), confirmation],
      ] as const) {
        const acts = { proposal: one, confirmation: other };
        expect(await storage.eraseBodies({ ...order, ...acts })).toEqual(err({ type: "NotByTwo" }));
        expect(await storage.shredLog({ ...order, ...acts })).toEqual(err({ type: "NotByTwo" }));
      }
      expect(await readLog(storage, founder, log.logId)).toContainEqual(must(written[0]).entry.bytes);
    });

    it("takes the word of two accounts, in order, and no author that somebody made up, nor what begins an epoch", async () => {
      const { founder, second, log, written, act, agreeOn } = await caseToErase();
      const order = { by: founder, logId: log.logId, entries: hashesOf(written), now };
      const { proposal, confirmation } = await agreeOn(order.entries);
      const scope = { logId: log.logId, entries: order.entries };
      const madeUp = await act(founder, log.act(newKey(), scopeOfConfirmation(scope, proposal)));
      const begun = await act(second, log.control(second.receivingKey));
      for (const [one, other] of [
        [proposal, madeUp],
        [proposal, begun],
        [confirmation, proposal],
      ] as const) {
        const acts = { proposal: one, confirmation: other };
        expect(await storage.eraseBodies({ ...order, ...acts })).toEqual(err({ type: "NotByTwo" }));
        expect(await storage.shredLog({ ...order, ...acts })).toEqual(err({ type: "NotByTwo" }));
      }
      expect(await readLog(storage, founder, log.logId)).toContainEqual(must(written[0]).entry.bytes);
    });

    it("destroys what both have named in their headers, and nothing for what else a colleague wrote", async () => {
      const { founder, second, log, written, act, propose, confirm, agreeOn } = await caseToErase();
      const [one, other] = [must(hashesOf(written)[0]), must(hashesOf(written)[1])];
      const order = { by: founder, logId: log.logId, entries: [one], now };
      const proposal = await propose(founder, [one]);
      const whole = await propose(founder, []);
      const ofBoth = await agreeOn([one, other]);
      const acts = [
        // A colleague adopted something, and never heard of an erasure.
        { proposal, confirmation: await act(second) },
        { proposal: await act(founder), confirmation: await act(second) },
        // They agreed to something else, or have proposed the same themselves.
        { proposal, confirmation: await confirm(second, [other], proposal) },
        { proposal, confirmation: await confirm(second, [one], whole) },
        { proposal, confirmation: await propose(second, [one]) },
        { proposal, confirmation: ofBoth.confirmation },
        ofBoth,
      ];
      for (const each of acts)
        expect(await storage.eraseBodies({ ...order, ...each })).toEqual(err({ type: "NotByTwo" }));
      const ofCase = [...acts, { proposal: whole, confirmation: await act(second) }];
      for (const each of ofCase)
        expect(await storage.shredLog({ ...order, ...each })).toEqual(err({ type: "NotByTwo" }));
      expect(await readLog(storage, founder, log.logId)).toContainEqual(must(written[0]).entry.bytes);
      const agreed = { proposal, confirmation: await confirm(second, [one], proposal) };
      expect(await storage.eraseBodies({ ...order, ...agreed })).toEqual(ok(undefined));
    });

    it("takes no control entry and nothing of another log", async () => {
      const { founder, log, written, agreeOn } = await caseToErase();
      const missing = err({ type: "EntryMissing" });
      const ofOther = must(hashesOf([writeLog("case").control(newKey())])[0]);
      for (const entries of [[must(hashesOf(written)[0]), log.first.entry.hash], [ofOther]]) {
        const order = { by: founder, logId: log.logId, ...(await agreeOn(entries)), now };
        expect(await storage.eraseBodies({ ...order, entries })).toEqual(missing);
      }
      expect(await readLog(storage, founder, log.logId)).toContainEqual(must(written[0]).entry.bytes);
    });

    it("of a whole case destroys its wraps, and takes no new ones", async () => {
      const { founder, second, log, agreeOn } = await caseToErase();
      const { wraps } = await storage.counts();
      const order = { by: founder, logId: log.logId, ...(await agreeOn([])), now };
      expect(await storage.shredLog(order)).toEqual(ok(undefined));
      expect((await storage.counts()).wraps).toBe(wraps - 2);
      expect(await storage.wrapsFor({ by: second, logs: [log.logId] })).toEqual([{ logId: log.logId, wraps: [] }]);
      const added = await storage.addWraps({
        by: founder,
        logId: log.logId,
        wraps: [wrapFor(founder.receivingKey)],
        quotas: wide,
      });
      expect(added).toEqual(err({ type: "NotServed" }));
      const revived = await storage.appendControl({
        by: founder,
        control: controlAfter(
          log,
          "case",
          must((await storage.servedLog({ by: founder, logId: log.logId }))?.tip),
          log.control(founder.receivingKey),
          { wraps: [wrapFor(founder.receivingKey)] },
        ),
        organisation: undefined,
        quotas: wide,
        now,
      });
      expect(revived).toEqual(err({ type: "NotServed" }));
    });

    it("is done again after a restore, from the ledger alone", async () => {
      const { founder, log, written, agreeOn } = await caseToErase();
      const erased = must(written[0]);
      const { proposal, confirmation } = await agreeOn([erased.entry.hash]);
      const row = { organisation: founder.organisation, logId: log.logId, proposal, confirmation, at: now };
      const rows = [
        { ...row, entry: erased.entry.hash },
        { ...row, entry: undefined },
        { ...row, logId: newLogId(), entry: erased.entry.hash },
      ];
      await storage.replayLedger({ rows });
      await storage.replayLedger({ rows });
      const entries = await readLog(storage, founder, log.logId);
      expect(entries).not.toContainEqual(erased.entry.bytes);
      expect(entries).toContainEqual(encodeEntry(huskOf(erased.sealed)));
      expect((await storage.wrapsFor({ by: founder, logs: [log.logId] }))[0]?.wraps).toEqual([]);
      const ledger = await storage.ledgerAfter({ after: undefined, rowsMax: 10_000 });
      for (const each of rows) expect(ledger).toContainEqual(each);
    });

    it("makes room for others of the organisation, once", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const written = log.content(founder.receivingKey, undefined, 4_096);
      await append(founder, log, [written]);
      const row = { organisation: founder.organisation, logId: log.logId, at: now };
      const acts = { proposal: written.entry.hash, confirmation: log.first.entry.hash };
      const rows = [
        { ...row, ...acts, entry: written.entry.hash },
        { ...row, ...acts, entry: undefined },
      ];
      const before = (await storage.counts()).bytes;
      await storage.replayLedger({ rows });
      await storage.replayLedger({ rows });
      const [wrap] = [wrapFor(founder.receivingKey)];
      const freed = written.entry.bytes.length - encodeEntry(huskOf(written.sealed)).length + wrap.bytes.length;
      expect(before - (await storage.counts()).bytes).toBe(freed);
      expect((await storage.usageOf({ by: founder })).bytes).toBeGreaterThan(4_096);
    });

    it("lasts where a server was put back to before the entry was written: who never heard of it brings back the husk alone", async () => {
      const { founder, log } = await caseToErase();
      const [erased, next, ofOther] = [0, 1, 2].map(() => log.content(founder.receivingKey));
      assert(erased !== undefined && next !== undefined && ofOther !== undefined, "Three were written.");
      const other = await openCase(storage, founder);
      const elsewhere = other.content(founder.receivingKey);
      const acts = { proposal: erased.entry.hash, confirmation: next.entry.hash, at: now };
      const row = { organisation: founder.organisation, ...acts };
      await storage.replayLedger({
        rows: [
          { ...row, logId: log.logId, entry: erased.entry.hash },
          // The same name in another log, and a whole case, say nothing of this one.
          { ...row, logId: newLogId(), entry: next.entry.hash },
          { ...row, logId: other.logId, entry: next.entry.hash },
        ],
      });
      const sent = [
        { logId: log.logId, entries: [erased.entry, next.entry, ofOther.entry] },
        { logId: other.logId, entries: [elsewhere.entry] },
      ];
      const stored = await storage.appendEntries({ by: founder, logs: sent, quotas: wide });
      expect(stored.map(({ results }) => results)).toEqual([["stored", "stored", "stored"], ["stored"]]);
      const there = await readLog(storage, founder, log.logId);
      expect(there.slice(-3)).toEqual([encodeEntry(huskOf(erased.sealed)), next.entry.bytes, ofOther.entry.bytes]);
      expect(await readLog(storage, founder, other.logId)).toContainEqual(elsewhere.entry.bytes);
      expect(await append(founder, log, [erased])).toEqual(["known"]);
    });

    it("of a whole case lasts where a server was put back to before it was opened: nobody begins it again", async () => {
      const { founder } = await found(storage);
      const [gone, other] = [writeLog("case"), writeLog("case")];
      const [proposal, confirmation] = [gone.control(newKey()).entry.hash, gone.control(newKey()).entry.hash];
      const row = { organisation: founder.organisation, proposal, confirmation, at: now };
      const ofOneEntry = { ...row, logId: other.logId, entry: proposal };
      await storage.replayLedger({ rows: [{ ...row, logId: gone.logId, entry: undefined }, ofOneEntry] });
      const begin = (log: LogWriter) => {
        const { entry } = writeLog("case", log.logId).control(founder.receivingKey);
        const sent = { wraps: [wrapFor(founder.receivingKey)], serving: { keys: [founder.receivingKey] } };
        const control = { logId: log.logId, kind: "case" as const, after: undefined, entry, ...sent };
        return storage.appendControl({ by: founder, control, organisation: undefined, quotas: wide, now });
      };
      expect(await begin(gone)).toEqual(err({ type: "NotServed" }));
      expect((await begin(other)).ok).toBe(true);
    });

    it("is read from the ledger in pages that miss nothing", async () => {
      const all = await storage.ledgerAfter({ after: undefined, rowsMax: 10_000 });
      const paged = [];
      for (let page = await storage.ledgerAfter({ after: undefined, rowsMax: 2 }); page.length > 0;) {
        paged.push(...page);
        page = await storage.ledgerAfter({ after: page.at(-1), rowsMax: 2 });
      }
      expect(all.length).toBeGreaterThan(3);
      expect(paged).toEqual(all);
    });
  });
};
