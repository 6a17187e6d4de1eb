/** Of the contract of storage: how people come into an organisation by an invitation, and come back by a code. */

import { beforeAll, describe, expect, it } from "vitest";
import { err, ok } from "@amana/kernel";
import type { Bytes, KeyId } from "@amana/log";
import type { Member, Storage } from "../../storage.ts";
import {
  accountsMax,
  day,
  found,
  instantOf,
  join,
  must,
  newAccount,
  newDevice,
  now,
  random,
} from "../organisations.ts";
import { change, signingIn, type ContractStore } from "./shared.ts";

export const describeInvitations = ({ name, storageInUse, changeOrganisation }: ContractStore): void => {
  describe(`${name}: an invitation`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    const openOne = async (by: Member, openMax = 10) => {
      const invitation = random(16);
      const opened = await storage.openInvitation({ by, invitation, expiresAt: instantOf(now + day), now, openMax });
      return { invitation, opened };
    };

    it("is answered once, and only whoever opened it reads the answer", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const { invitation } = await openOne(founder);
      const answer = random(300);
      const account = newAccount();
      expect(await storage.answerInvitation({ invitation, answer, account, accountsMax, now })).toEqual(ok(undefined));
      expect(await storage.answerInvitation({ invitation, answer, account: newAccount(), accountsMax, now })).toEqual(
        err({ type: "InvitationSpent" }),
      );
      expect(await storage.answersFor({ by: founder })).toEqual([{ invitation, answer }]);
      const other = await join(storage, organisation);
      expect(await storage.answersFor({ by: other })).toEqual([]);
      expect(await storage.positionsServed({ by: other, fromBucket: 0 })).toEqual([]);
    });

    it("is taken by one of many who answer at the same time", async () => {
      const { founder } = await found(storage);
      const { invitation } = await openOne(founder);
      const before = (await storage.counts()).accounts;
      const results = await Promise.all(
        Array.from({ length: 8 }, () =>
          storage.answerInvitation({ invitation, answer: random(200), account: newAccount(), accountsMax, now }),
        ),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect((await storage.counts()).accounts).toBe(before + 1);
    });

    it("is spent when it is unknown, over or closed", async () => {
      const { founder } = await found(storage);
      const spent = err({ type: "InvitationSpent" });
      const { invitation } = await openOne(founder);
      const answerTo = (which: typeof invitation, at = now) =>
        storage.answerInvitation({
          invitation: which,
          answer: random(10),
          account: newAccount(),
          accountsMax,
          now: at,
        });
      expect(await answerTo(random(16))).toEqual(spent);
      expect(await answerTo(invitation, instantOf(now + day))).toEqual(spent);
      const stranger = await found(storage);
      await storage.closeInvitation({ by: stranger.founder, invitation });
      await storage.closeInvitation({ by: founder, invitation });
      expect(await answerTo(invitation)).toEqual(spent);
    });

    it("is not closed by another organisation", async () => {
      const [{ founder }, stranger] = [await found(storage), await found(storage)];
      const { invitation } = await openOne(founder);
      await storage.closeInvitation({ by: stranger.founder, invitation });
      const answered = await storage.answerInvitation({
        invitation,
        answer: random(10),
        account: newAccount(),
        accountsMax,
        now,
      });
      expect(answered).toEqual(ok(undefined));
    });

    it("is one of at most so many open ones, and its id is used once", async () => {
      const { founder } = await found(storage);
      const { invitation } = await openOne(founder, 2);
      await openOne(founder, 2);
      expect((await openOne(founder, 2)).opened).toEqual(err({ type: "TooManyInvitations" }));
      const again = { by: founder, invitation, expiresAt: instantOf(now + day - 1), now, openMax: 10 };
      expect(await storage.openInvitation(again)).toEqual(err({ type: "InvitationTaken" }));
    });

    it("that the same account opened is opened, however often it is asked for", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const order = { by: founder, invitation: random(16), expiresAt: instantOf(now + day), now, openMax: 1 };
      expect(await storage.openInvitation(order)).toEqual(ok(undefined));
      expect(await storage.openInvitation(order)).toEqual(ok(undefined));
      const colleague = { ...order, by: await join(storage, organisation), openMax: 5 };
      expect(await storage.openInvitation(colleague)).toEqual(err({ type: "InvitationTaken" }));
    });

    it("counts until it is closed, so that no answer is out of sight, and leaves room for others", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const colleague = await join(storage, organisation);
      const places = [await openOne(founder, 3), await openOne(founder, 3)];
      for (const { invitation } of places)
        await storage.answerInvitation({ invitation, answer: random(9), account: newAccount(), accountsMax, now });
      // With the one by which the colleague came.
      const full = err({ type: "TooManyInvitations" });
      expect((await openOne(founder, 3)).opened).toEqual(full);
      expect(await storage.answersFor({ by: founder })).toHaveLength(3);
      expect((await openOne(colleague, 3)).opened).toEqual(ok(undefined));
      await storage.closeInvitation({ by: founder, invitation: must(places[0]).invitation });
      expect((await openOne(founder, 3)).opened).toEqual(ok(undefined));
      expect((await openOne(founder, 3)).opened).toEqual(full);
    });

    it("is closed by whoever opened it and by a keeper, and by no other colleague", async () => {
      const organisation = await found(storage);
      const [one, other] = [await join(storage, organisation), await join(storage, organisation)];
      const [mine, theirs] = [await openOne(one), await openOne(one)];
      const isOpen = async ({ invitation }: { readonly invitation: Bytes }): Promise<boolean> =>
        (await storage.answerInvitation({ invitation, answer: random(9), account: newAccount(), accountsMax, now })).ok;
      await storage.closeInvitation({ by: one, invitation: mine.invitation });
      expect(await isOpen(mine)).toBe(false);
      await storage.closeInvitation({ by: other, invitation: theirs.invitation });
      expect(await isOpen(theirs)).toBe(true);
      await storage.closeInvitation({ by: organisation.founder, invitation: theirs.invitation });
      expect(await storage.answersFor({ by: one })).toEqual([]);
    });

    it("lets an organisation grow to so many accounts, those who left among them, and no further, and another goes on", async () => {
      const organisation = await found(storage);
      const answer = async (by: Member) => {
        const { invitation } = await openOne(by);
        const account = newAccount();
        const answered = await storage.answerInvitation({
          invitation,
          answer: random(9),
          account,
          accountsMax: 2,
          now,
        });
        return answered.ok ? account.receivingKey : answered.error.type;
      };
      const leaver = await answer(organisation.founder);
      expect(await answer(organisation.founder)).toBe("QuotaReached");
      expect((await changeOrganisation(organisation, change({ leavers: [leaver as KeyId] }))).ok).toBe(true); // It was let in.
      expect(await answer(organisation.founder)).toBe("QuotaReached");
      expect(await answer((await found(storage)).founder)).not.toBe("QuotaReached");
    });

    it("makes no account whose id or receiving key is someone's, and stays open", async () => {
      const { founder } = await found(storage);
      const { invitation } = await openOne(founder);
      const order = { invitation, answer: random(10), accountsMax, now };
      const taken = err({ type: "AccountTaken" });
      const sameId = { ...newAccount(), account: founder.account };
      const sameKey = { ...newAccount(), receivingKey: founder.receivingKey };
      expect(await storage.answerInvitation({ ...order, account: sameId })).toEqual(taken);
      expect(await storage.answerInvitation({ ...order, account: sameKey })).toEqual(taken);
      expect(await storage.accountById({ account: sameKey.account })).toBeUndefined();
      expect(await storage.answerInvitation({ ...order, account: newAccount() })).toEqual(ok(undefined));
    });
  });

  describe(`${name}: a code to come back by`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

    const open = async () => {
      const organisation = await found(storage);
      const [colleague, back] = [await join(storage, organisation), await join(storage, organisation)];
      const codeHash = random(32);
      await storage.addSetUpCode({ codeHash, expiresAt: instantOf(now + day) });
      return { ...organisation, colleague, back, codeHash };
    };
    const keeps = async ({ account }: Member): Promise<boolean | undefined> => {
      const [tokenHash, device] = [random(32), newDevice()];
      await storage.signIn(signingIn({ account }, device, tokenHash));
      return (await storage.signInByToken({ tokenHash, now }))?.isKeeper;
    };

    it("makes one account a keeper that is served the organisation's log, once, and the same again is done", async () => {
      const { colleague, back, codeHash } = await open();
      const order = { by: colleague, codeHash, receivingKey: back.receivingKey, now };
      expect(await storage.isCodeStanding({ codeHash, now })).toBe(true);
      expect(await keeps(back)).toBe(false);
      expect(await storage.letBack(order)).toEqual(ok(undefined));
      expect(await keeps(back)).toBe(true);
      expect(await storage.positionsServed({ by: back, fromBucket: 0 })).toHaveLength(1);
      expect(await storage.positionsServed({ by: colleague, fromBucket: 0 })).toEqual([]);
      expect(await storage.isCodeStanding({ codeHash, now })).toBe(false);
      expect(await storage.letBack(order)).toEqual(ok(undefined));
      const spent = err({ type: "SetUpCodeSpent" });
      expect(await storage.letBack({ ...order, by: back, receivingKey: colleague.receivingKey })).toEqual(spent);
      expect(await keeps(colleague)).toBe(false);
    });

    it("is good for nobody's own account, for none of another organisation, and not when it is over", async () => {
      const { colleague, back, codeHash } = await open();
      const stranger = await found(storage);
      const gone = err({ type: "AccountGone" });
      const order = { by: colleague, codeHash, receivingKey: back.receivingKey, now };
      expect(await storage.letBack({ ...order, receivingKey: colleague.receivingKey })).toEqual(gone);
      expect(await storage.letBack({ ...order, by: stranger.founder })).toEqual(gone);
      const late = instantOf(now + day);
      expect(await storage.letBack({ ...order, now: late })).toEqual(err({ type: "SetUpCodeSpent" }));
      expect(await storage.isCodeStanding({ codeHash, now: late })).toBe(false);
      expect(await keeps(back)).toBe(false);
      expect(await storage.positionsServed({ by: back, fromBucket: 0 })).toEqual([]);
    });
  });
};
