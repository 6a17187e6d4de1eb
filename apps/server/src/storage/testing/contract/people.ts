/** Of the contract of storage: people who leave, change their password, are in a team or keep the organisation. */

import { beforeAll, describe, expect, it } from "vitest";
import { err } from "@amana/kernel";
import type { Member, Storage } from "../../storage.ts";
import {
  accountsMax,
  controlAfter,
  day,
  found,
  instantOf,
  join,
  newAccount,
  newKey,
  now,
  openCase,
  random,
  wide,
} from "../organisations.ts";
import { change, signingIn, type ContractStore } from "./shared.ts";

export const describePeople = ({ name, storageInUse, append, changeOrganisation }: ContractStore): void => {
  describe(`${name}: people`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    it("who leave are signed out everywhere and served nothing, at once", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const leaver = await join(storage, organisation);
      const log = await openCase(storage, founder, [leaver.receivingKey]);
      const order = signingIn(leaver);
      await storage.signIn(order);
      const invitation = random(16);
      await storage.openInvitation({
        by: leaver,
        invitation,
        expiresAt: instantOf(now + day),
        now,
        openMax: 10,
      });
      expect((await changeOrganisation(organisation, change({ leavers: [leaver.receivingKey] }))).ok).toBe(true);
      expect(await storage.signInByToken({ tokenHash: order.tokenHash, now })).toBeUndefined();
      expect(await storage.servedLog({ by: leaver, logId: log.logId })).toBeUndefined();
      expect(await append(leaver, log, [log.content(leaver.receivingKey)])).toBeUndefined();
      expect(await storage.accountById({ account: leaver.account })).toMatchObject({ leftAt: now });
      expect(await storage.devicesOf({ by: leaver, now })).toEqual([]);
      expect(await storage.signIn(signingIn(leaver))).toEqual(err({ type: "AccountGone" }));
      const answered = await storage.answerInvitation({
        invitation,
        answer: random(9),
        account: newAccount(),
        accountsMax,
        now,
      });
      expect(answered).toEqual(err({ type: "InvitationSpent" }));
    });

    it("who left are not let in by a sign-in that an old backup brings back", async () => {
      const organisation = await found(storage);
      const leaver = await join(storage, organisation);
      await changeOrganisation(organisation, change({ leavers: [leaver.receivingKey] }));
      const tokenHash = random(32);
      const number = parseInt(leaver.organisation, 16);
      const account = new Uint8Array(Buffer.from(leaver.account, "hex"));
      await storage.restorePage({
        page: { table: "places", columns: ["kind", "id", "organisation"], rows: [[3, tokenHash, number]] },
      });
      const columns = [
        ...["organisation", "account_id", "device_id", "token_hash"],
        ...["signed_in_at", "last_seen_at", "expires_at"],
      ];
      const row = [number, account, random(16), tokenHash, now, now, now + day];
      await storage.restorePage({ page: { table: "sign_ins", columns, rows: [row] } });
      expect(await storage.devicesOf({ by: leaver, now })).toHaveLength(1);
      expect(await storage.signInByToken({ tokenHash, now })).toBeUndefined();
    });

    it("who left are in the ledger, and stay out of a store that was put back to before it", async () => {
      const organisation = await found(storage);
      const [leaver, stays] = [await join(storage, organisation), await join(storage, organisation)];
      const all = async () => storage.leaversAfter({ after: undefined, rowsMax: 10_000 });
      const row = { organisation: leaver.organisation, account: leaver.account, at: now };
      expect(await all()).not.toContainEqual(row);
      await storage.replayLeavers({ rows: [row, { ...row, account: "00".repeat(16) }] });
      await storage.replayLeavers({ rows: [{ ...row, at: instantOf(now + day) }] });
      expect(await all()).toContainEqual(row);
      expect((await storage.leaversAfter({ after: (await all()).at(-1), rowsMax: 9 })).length).toBe(0);
      expect(await storage.signIn(signingIn(leaver))).toEqual(err({ type: "AccountGone" }));
      expect((await storage.signIn(signingIn(stays))).ok).toBe(true);
      // The entry that sends them away comes again from a device.
      const again = await changeOrganisation(organisation, change({ leavers: [leaver.receivingKey] }));
      expect(again.ok).toBe(true);
      expect(await storage.accountById({ account: leaver.account })).toMatchObject({ leftAt: now, isKeeper: false });
    });

    it("who changed their password are in the ledger with it, and no older one takes its place", async () => {
      const { founder } = await found(storage);
      const { organisation, account } = founder;
      const own = async () =>
        (await storage.changedPasswordsAfter({ after: undefined, rowsMax: 10_000 })).filter(
          (each) => each.account === account,
        );
      expect(await own()).toEqual([]);
      const row = { organisation, account, loginPublic: random(32), generation: 3, vault: random(700) };
      await storage.replayPasswords({ rows: [row] });
      expect(await own()).toEqual([row]);
      await storage.replayPasswords({ rows: [{ ...row, loginPublic: random(32), vault: random(700) }] });
      await storage.replayPasswords({ rows: [{ ...row, loginPublic: random(32), generation: 2 }] });
      expect(await own()).toEqual([row]);
      expect((await storage.accountById({ account }))?.loginPublic).toEqual(row.loginPublic);
      expect(await storage.vaultOf({ by: founder })).toEqual({ generation: 3, vault: row.vault });
    });

    it("are served what their team is served, and no more once they left the team", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const supervisor = await join(storage, organisation);
      const team = newKey();
      const people = [supervisor.receivingKey];
      expect((await changeOrganisation(organisation, change({ teams: [{ team, people }] }))).ok).toBe(true);
      const log = await openCase(storage, founder, [team]);
      expect(await storage.servedLog({ by: supervisor, logId: log.logId })).toBeDefined();
      expect((await storage.wrapsFor({ by: supervisor, logs: [log.logId] }))[0]?.wraps).toHaveLength(1);
      expect(await storage.accountsServed({ organisation: founder.organisation, logId: log.logId })).toEqual(
        [founder.account, supervisor.account].sort(),
      );
      expect(await append(supervisor, log, [log.content(supervisor.receivingKey)])).toEqual(["stored"]);
      await changeOrganisation(organisation, change({ teams: [{ team, people: [founder.receivingKey] }] }));
      expect(await storage.servedLog({ by: supervisor, logId: log.logId })).toBeUndefined();
      expect(await storage.accountsServed({ organisation: founder.organisation, logId: log.logId })).toEqual([
        founder.account,
      ]);
    });

    it("who are not keepers change nothing in the organisation, and neither does a case", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const member = await join(storage, organisation);
      expect((await changeOrganisation(organisation, undefined, founder, [founder, member])).ok).toBe(true);
      const refused = err({ type: "NotKeeper" });
      const leavers = [founder.receivingKey];
      expect(await changeOrganisation(organisation, change({ leavers }), member)).toEqual(refused);
      expect((await storage.accountById({ account: founder.account }))?.leftAt).toBeUndefined();
      const other = await found(storage);
      const otherMember = await join(storage, other);
      await changeOrganisation(other, undefined, other.founder, [other.founder, otherMember]);
      expect(await changeOrganisation(other, undefined, otherMember, [otherMember])).toEqual(refused);
      expect(await storage.servedLog({ by: other.founder, logId: other.log.logId })).toBeDefined();
      const log = await openCase(storage, founder);
      const control = controlAfter(log, "case", log.first.entry.hash, log.control(founder.receivingKey));
      const order = { by: founder, control, organisation: change({}), quotas: wide, now };
      expect(await storage.appendControl(order)).toEqual(refused);
    });

    it("are keepers when the list names them, and never does an organisation lose its last one", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const colleague = await join(storage, organisation);
      const isKeeper = async (member: Member) => (await storage.accountById({ account: member.account }))?.isKeeper;
      const refused = await changeOrganisation(organisation, change({ keepers: [newKey()] }));
      expect(refused).toEqual(err({ type: "NotKeeper" }));
      expect(await isKeeper(founder)).toBe(true);
      // The refused entry is not in the log: the next one comes after the one before it.
      const fresh = await found(storage);
      const second = await join(storage, fresh);
      expect((await changeOrganisation(fresh, change({ keepers: [second.receivingKey] }))).ok).toBe(true);
      expect([await isKeeper(fresh.founder), await isKeeper(second)]).toEqual([false, true]);
      expect(await isKeeper(colleague)).toBe(false);
    });
  });
};
