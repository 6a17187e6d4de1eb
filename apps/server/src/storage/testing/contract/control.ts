/** Of the contract of storage: control entries, what comes with them and whom they leave on the list of who is served. */

import { beforeAll, describe, expect, it } from "vitest";
import { err, ok } from "@amana/kernel";
import { toHex, type EntryHash } from "@amana/log";
import type { BegunControl, Member, Quotas, Storage } from "../../storage.ts";
import {
  beginningOf,
  controlAfter,
  found,
  join,
  must,
  newDevice,
  newKey,
  now,
  openCase,
  random,
  readLog,
  wide,
  wrapFor,
  writeLog,
  type LogWriter,
  type Written,
} from "../organisations.ts";
import { bytesOf, change, hashesOf, underHead, type ContractStore } from "./shared.ts";

export const describeControl = ({ name, storageInUse, append, changeOrganisation }: ContractStore): void => {
  describe(`${name}: a control entry`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    it("comes with its wraps and the list of who is served, or not at all", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const colleague = await join(storage, organisation);
      const log = await openCase(storage, founder);
      const next = log.control(founder.receivingKey);
      const wraps = [wrapFor(founder.receivingKey), wrapFor(colleague.receivingKey)];
      const serving = { keys: [founder.receivingKey, colleague.receivingKey] };
      const control = controlAfter(log, "case", log.first.entry.hash, next, { wraps, serving });
      const order = { by: founder, control, organisation: undefined, now };
      const none = { logs: 0, entries: 0, bytes: 0 };
      const refused = await storage.appendControl({ ...order, quotas: { ...wide, organisation: none } });
      expect(refused).toEqual(err({ type: "QuotaReached" }));
      expect(await storage.wrapsFor({ by: colleague, logs: [log.logId] })).toEqual([]);
      expect(await storage.appendControl({ ...order, quotas: wide })).toEqual(
        ok({ tip: next.entry.hash, again: false }),
      );
      expect(await storage.wrapsFor({ by: colleague, logs: [log.logId] })).toEqual([
        { logId: log.logId, wraps: [must(wraps[1]).bytes] },
      ]);
      expect(await readLog(storage, colleague, log.logId)).toEqual(bytesOf([log.first, next]));
    });

    it("begins many cases at once, each by itself, and again without doing it twice", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const [reader, stranger] = [await join(storage, organisation), await join(storage, organisation)];
      const foreign = await openCase(storage, stranger);
      const made = Array.from({ length: 3 }, () => beginningOf(founder, [reader]));
      const [one, two, three] = made.map(({ control }) => control) as [BegunControl, BegunControl, BegunControl];
      const taken = { ...beginningOf(founder, [reader], foreign.logId).control };
      const head = toHex(random(32)) as EntryHash; // 32 bytes are the name of an entry.
      const headless = { ...two, entry: { ...two.entry, organisationHead: head } };
      const unserved = { ...three, serving: { keys: [reader.receivingKey] } };
      const begin = (controls: readonly BegunControl[], quotas = wide) =>
        storage.beginLogs({ by: founder, controls, quotas });
      const before = await storage.usageOf({ by: founder });
      expect(await begin([taken, one, headless, unserved])).toEqual(["not-for-you", "begun", "not-now", "not-for-you"]);
      expect(await storage.usageOf({ by: founder })).toEqual({
        logs: before.logs + 1,
        entries: before.entries + 1,
        bytes:
          before.bytes +
          one.entry.bytes.length +
          one.wraps.reduce((sum, { bytes }) => sum + bytes.length, 0) +
          32 * one.serving.keys.length,
      });
      for (const { logId } of [two, three]) expect(await storage.servedLog({ by: founder, logId })).toBeUndefined();
      const little = { ...wide, account: { ...wide.account, entries: before.entries + 2 } };
      expect(await begin([one, two, three], little)).toEqual(["begun", "begun", "quota"]);
      expect(await begin([one, two, three])).toEqual(["begun", "begun", "begun"]);
      expect((await storage.usageOf({ by: founder })).entries).toBe(before.entries + 3);
      for (const [at, { logId, entry, wraps }] of [one, two, three].entries()) {
        for (const by of [founder, reader]) expect(await readLog(storage, by, logId)).toEqual([entry.bytes]);
        const own = must(wraps[1]).bytes;
        expect(await storage.wrapsFor({ by: reader, logs: [logId] })).toEqual([{ logId, wraps: [own] }]);
        expect(await storage.servedLog({ by: founder, logId })).toEqual({ kind: "case", tip: entry.hash });
        const next = must(made[at]).log.content(founder.receivingKey);
        expect(await append(founder, must(made[at]).log, [next])).toEqual(["stored"]);
      }
      // Another beginning of a case that is there.
      const again = beginningOf(founder, [reader], one.logId).control;
      expect(await begin([again])).toEqual(["not-for-you"]);
      expect(await begin([])).toEqual([]);
    });

    const together = async (by: Member, count: number, quotas: Quotas) => {
      const controls = Array.from({ length: count }, () => beginningOf(by, []).control);
      return storage.beginLogs({ by, controls, quotas });
    };
    const alone = async (by: Member, quotas: Quotas) => {
      const { control } = beginningOf(by, []);
      const begun = await storage.appendControl({ by, control, organisation: undefined, quotas, now });
      return begun.ok ? "begun" : begun.error.type;
    };

    it("begins no more cases than one account may, together or one by one, and leaves the others to its colleagues", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const colleague = await join(storage, organisation);
      const quotas = { ...wide, account: { ...wide.account, logs: 4 } };
      // With the organisation's own log.
      expect(await alone(founder, quotas)).toBe("begun");
      expect(await together(founder, 4, quotas)).toEqual(["begun", "begun", "quota", "quota"]);
      expect(await alone(founder, quotas)).toBe("QuotaReached");
      expect((await storage.usageOf({ by: founder })).logs).toBe(4);
      expect([await alone(colleague, quotas), await together(colleague, 1, quotas)]).toEqual(["begun", ["begun"]]);
      expect((await storage.usageOf({ by: colleague })).logs).toBe(2);
    });

    it("begins no more cases than the organisation may, whoever begins them, and another goes on", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const colleague = await join(storage, organisation);
      const quotas = { ...wide, organisation: { ...wide.organisation, logs: 4 } };
      expect(await alone(founder, quotas)).toBe("begun");
      expect(await together(colleague, 4, quotas)).toEqual(["begun", "begun", "quota", "quota"]);
      expect([await alone(founder, quotas), await alone(colleague, quotas)]).toEqual(["QuotaReached", "QuotaReached"]);
      expect(await alone((await found(storage)).founder, quotas)).toBe("begun");
      // Each has a number of its own, so every one of them is there.
      expect(await storage.positionsServed({ by: colleague, fromBucket: 0 })).toHaveLength(2);
    });

    it("begins nothing that two people have destroyed", async () => {
      const { founder } = await found(storage);
      const { control } = beginningOf(founder, []);
      const { organisation } = founder;
      const acts = { proposal: control.entry.hash, confirmation: control.entry.hash, at: now };
      await storage.replayLedger({ rows: [{ organisation, logId: control.logId, entry: undefined, ...acts }] });
      expect(await storage.beginLogs({ by: founder, controls: [control], quotas: wide })).toEqual(["not-for-you"]);
    });

    it("that was appended is appended, whatever came since", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const [second, third] = [log.control(founder.receivingKey), log.control(founder.receivingKey)];
      const send = (after: Written, written: Written) =>
        storage.appendControl({
          by: founder,
          control: controlAfter(log, "case", after.entry.hash, written, { wraps: [wrapFor(founder.receivingKey)] }),
          organisation: undefined,
          quotas: wide,
          now,
        });
      await send(log.first, second);
      expect(await send(log.first, second)).toEqual(ok({ tip: second.entry.hash, again: true }));
      await send(second, third);
      expect(await send(log.first, second)).toEqual(ok({ tip: third.entry.hash, again: true }));
      expect((await storage.wrapsFor({ by: founder, logs: [log.logId] }))[0]?.wraps).toHaveLength(3);
    });

    it("ends what those are served whom the new list leaves out", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const colleague = await join(storage, organisation);
      const log = await openCase(storage, founder, [colleague.receivingKey]);
      expect(await storage.servedLog({ by: colleague, logId: log.logId })).toBeDefined();
      const serving = { keys: [founder.receivingKey] };
      const control = controlAfter(log, "case", log.first.entry.hash, log.control(founder.receivingKey), { serving });
      await storage.appendControl({ by: founder, control, organisation: undefined, quotas: wide, now });
      expect(await storage.servedLog({ by: colleague, logId: log.logId })).toBeUndefined();
      expect(await append(colleague, log, [log.content(colleague.receivingKey)])).toBeUndefined();
      expect(await storage.wrapsFor({ by: colleague, logs: [log.logId] })).toEqual([]);
    });

    it("leaves nobody on its list who could put it right, and takes nobody on who was taken off", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const [member, colleague] = [await join(storage, organisation), await join(storage, organisation)];
      const log = await openCase(storage, founder, [member.receivingKey, colleague.receivingKey]);
      const send = (by: Member, after: Written, written: Written, keys: readonly Member[]) => {
        const serving = { keys: keys.map(({ receivingKey }) => receivingKey) };
        const control = controlAfter(log, "case", after.entry.hash, written, { serving });
        return storage.appendControl({ by, control, organisation: undefined, quotas: wide, now });
      };
      const served = async () => [...(await storage.accountsServed({ ...founder, logId: log.logId }))].sort();
      const accounts = (...members: readonly Member[]) => members.map(({ account }) => account).sort();
      const own = log.control(member.receivingKey);
      // Nobody, or others alone.
      for (const keys of [[], [colleague]])
        expect(await send(member, log.first, own, keys)).toEqual(err({ type: "NotKeeper" }));
      expect(await served()).toEqual(accounts(founder, member, colleague));
      // A colleague may be taken off, and the keeper stays on.
      expect((await send(member, log.first, own, [member])).ok).toBe(true);
      expect(await served()).toEqual(accounts(founder, member));
      const back = log.control(colleague.receivingKey);
      expect(await send(colleague, own, back, [founder, member, colleague])).toEqual(err({ type: "NotServed" }));
      // The keeper puts it right, and takes off whom they want.
      const made = log.control(founder.receivingKey);
      const right = { ...made, entry: { ...made.entry, control: own.entry.hash } };
      expect((await send(founder, own, right, [founder, colleague])).ok).toBe(true);
      expect(await served()).toEqual(accounts(founder, colleague));
      const again = log.control(member.receivingKey);
      expect(await send(member, right, again, [member, founder])).toEqual(err({ type: "NotServed" }));
    });

    it("of a member keeps a keeper on who reads by a team's key, or stands behind an earlier one", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const [member, supervisor] = [await join(storage, organisation), await join(storage, organisation)];
      const team = newKey();
      const log = await openCase(storage, founder, [member.receivingKey, team]);
      await changeOrganisation(
        organisation,
        change({
          teams: [{ team, people: [supervisor.receivingKey] }],
          keepers: [founder.receivingKey, supervisor.receivingKey],
        }),
      );
      const serving = { keys: [member.receivingKey] };
      const control = controlAfter(log, "case", log.first.entry.hash, log.control(member.receivingKey), { serving });
      const order = { by: member, control, organisation: undefined, quotas: wide, now };
      expect((await storage.appendControl(order)).ok).toBe(true);
      for (const keeper of [founder, supervisor])
        expect(await storage.servedLog({ by: keeper, logId: log.logId })).toBeDefined();
    });

    it("of a keeper who took all others off is put right by sending them away: keepers who were given its key are served", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const [hostile, member, never] = [
        await join(storage, organisation),
        await join(storage, organisation),
        await join(storage, organisation),
      ];
      const keepers = [founder, hostile, never].map(({ receivingKey }) => receivingKey);
      await changeOrganisation(organisation, change({ keepers }));
      const readers = [hostile.receivingKey, member.receivingKey];
      const [closed, shared] = [await openCase(storage, founder, readers), await openCase(storage, founder, readers)];
      const close = (log: typeof closed, keys: readonly Member[]) => {
        const serving = { keys: keys.map(({ receivingKey }) => receivingKey) };
        const control = controlAfter(log, "case", log.first.entry.hash, log.control(hostile.receivingKey), { serving });
        return storage.appendControl({ by: hostile, control, organisation: undefined, quotas: wide, now });
      };
      expect([(await close(closed, [hostile])).ok, (await close(shared, [hostile, member])).ok]).toEqual([true, true]);
      const served = ({ logId }: LogWriter) => storage.accountsServed({ ...founder, logId });
      expect(await served(closed)).toEqual([hostile.account]);
      await changeOrganisation(organisation, change({ leavers: [hostile.receivingKey] }));
      expect(await served(closed)).toEqual([founder.account]);
      // Where somebody is served still, whoever was taken off stays off.
      expect(await served(shared)).toEqual([member.account]);
    });

    it("finds room where contents have used all: who reads is changed and a leaver sent away", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const leaver = await join(storage, organisation);
      const log = await openCase(storage, founder, [leaver.receivingKey]);
      await append(founder, log, [log.content(founder.receivingKey, undefined, 8_192)]);
      const { bytes, entries } = await storage.usageOf({ by: founder });
      const full = {
        account: { logs: 0, entries: 1_000 + entries, bytes },
        organisation: { logs: 0, entries: 1_000, bytes },
      };
      expect(await append(founder, log, [log.content(founder.receivingKey, newDevice())], full)).toEqual(["quota"]);
      const serving = { keys: [founder.receivingKey] };
      const control = controlAfter(log, "case", log.first.entry.hash, log.control(founder.receivingKey), { serving });
      const order = { by: founder, control, organisation: undefined, quotas: full, now };
      expect((await storage.appendControl(order)).ok).toBe(true);
      expect(await storage.servedLog({ by: leaver, logId: log.logId })).toBeUndefined();
      // The reserve has an end as well, for each account and for all.
      const next = controlAfter(log, "case", control.entry.hash, log.control(founder.receivingKey), {
        wraps: Array.from({ length: 8 }, () => wrapFor(founder.receivingKey)),
      });
      expect(await storage.appendControl({ ...order, control: next })).toEqual(err({ type: "QuotaReached" }));
    });

    it("counts the lists that come with it as well, so that nobody fills the disk with them", async () => {
      const organisation = await found(storage);
      const { founder, log } = organisation;
      const { bytes } = await storage.usageOf({ by: founder });
      const people = Array.from({ length: 200 }, newKey);
      const next = log.control(founder.receivingKey);
      const control = controlAfter(log, "organisation", organisation.first.entry.hash, next, {});
      const room = { logs: 0, entries: 1_000, bytes: bytes + next.entry.bytes.length + 8 };
      const order = {
        ...{ by: founder, control, organisation: change({ teams: [{ team: newKey(), people }] }), now },
        quotas: { account: room, organisation: { ...room, bytes: 1_000_000 } },
      };
      expect(await storage.appendControl(order)).toEqual(err({ type: "QuotaReached" }));
      expect((await storage.appendControl({ ...order, organisation: undefined })).ok).toBe(true);
    });

    it("names what is in the log", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const written = log.control(founder.receivingKey);
      const entry = { ...written.entry, parents: [must(hashesOf([written])[0])] };
      const unknown = { ...entry, hash: hashesOf([writeLog("case").control(founder.receivingKey)])[0] };
      const control = controlAfter(log, "case", log.first.entry.hash, { ...written, entry: unknown as typeof entry });
      const order = { by: founder, organisation: undefined, quotas: wide, now };
      expect(await storage.appendControl({ ...order, control })).toEqual(err({ type: "LinkMissing" }));
    });

    it("of a case names an entry of the log of its own organisation, the first one as well", async () => {
      const { founder, first } = await found(storage);
      const log = writeLog("case");
      const [opening, next] = [log.control(founder.receivingKey), log.control(founder.receivingKey)];
      const serving = { keys: [founder.receivingKey] };
      const appendUnder = (written: Written, after: EntryHash | undefined, head: EntryHash) => {
        const { entry } = underHead(written, head);
        const control = { logId: log.logId, kind: "case" as const, after, entry, wraps: [], serving };
        return storage.appendControl({ by: founder, control, organisation: undefined, quotas: wide, now });
      };
      const nowhere = opening.entry.hash;
      expect(await appendUnder(opening, undefined, nowhere)).toEqual(err({ type: "LinkMissing" }));
      expect(await storage.servedLog({ by: founder, logId: log.logId })).toBeUndefined();
      expect((await appendUnder(opening, undefined, first.entry.hash)).ok).toBe(true);
      expect(await appendUnder(next, opening.entry.hash, nowhere)).toEqual(err({ type: "LinkMissing" }));
      expect((await appendUnder(next, opening.entry.hash, first.entry.hash)).ok).toBe(true);
    });

    it("begins cases alone: a second organisation log is refused", async () => {
      const { founder } = await found(storage);
      const log = writeLog("organisation");
      const first = log.control(founder.receivingKey);
      const control = {
        ...controlAfter(log, "organisation", first.entry.hash, first),
        after: undefined,
        serving: { keys: [founder.receivingKey] },
      };
      const order = { by: founder, control, organisation: undefined, quotas: wide, now };
      expect(await storage.appendControl(order)).toEqual(err({ type: "NotServed" }));
    });

    it("of an organisation's log never changes another organisation", async () => {
      const [one, other] = [await found(storage), await found(storage)];
      const refused = await changeOrganisation(one, change({ leavers: [other.founder.receivingKey] }));
      expect(refused.ok).toBe(true);
      expect((await storage.accountById({ account: other.founder.account }))?.leftAt).toBeUndefined();
    });
  });
};
