/** What every store must do, whichever is behind the contract. The same tests run over SQLite and over PostgreSQL. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assert, err, ok, type Instant } from "@amana/kernel";
import {
  encodeEntry,
  huskOf,
  scopeOfConfirmation,
  scopeOfProposal,
  toHex,
  type Bytes,
  type EntryHash,
  type KeyId,
} from "@amana/log";
import { digestOfNone, nextDigest, wrapsPerLogMax, type OrganisationChange } from "@amana/sync";
import type { BegunControl, Change, Member, Quotas, Storage, TablePage } from "../storage.ts";
import {
  accountsMax,
  beginningOf,
  controlAfter,
  day,
  found,
  instantOf,
  join,
  must,
  newAccount,
  newDevice,
  newKey,
  newLogId,
  now,
  openCase,
  prepareFounding,
  random,
  readLog,
  wide,
  wrapFor,
  writeLog,
  type LogWriter,
  type Organisation,
  type Written,
} from "./organisations.ts";

export type StoreUnderTest = {
  /** An empty store. */
  readonly open: () => Promise<Storage>;
  /** Another one, also empty, of the same kind. */
  readonly openOther: () => Promise<Storage>;
};

const digestsOver = (hashes: readonly EntryHash[]): Bytes => hashes.reduce(nextDigest, digestOfNone());
const hashesOf = (written: readonly Written[]): readonly EntryHash[] => written.map(({ entry }) => entry.hash);
const underHead = (written: Written, organisationHead: EntryHash): Written => ({
  ...written,
  entry: { ...written.entry, organisationHead },
});
const bytesOf = (written: readonly Written[]): readonly Uint8Array[] => written.map(({ entry }) => entry.bytes);

/** Each with a challenge of its own, as the server gives them: first its end, then what nobody foresees. */
const challengeOf = (endsAt: number): Bytes => {
  const challenge = random(32);
  Buffer.from(challenge.buffer).writeUIntBE(endsAt, 0, 6);
  return challenge;
};
const signingIn = (
  { account }: Pick<Member, "account">,
  device = newDevice(),
  tokenHash = random(32),
  challenge = challengeOf(now + 60_000),
) => ({ account, device, tokenHash, challenge, now, expiresAt: instantOf(now + day), devicesMax: 8 });

export const describeStorage = (name: string, { open, openOther }: StoreUnderTest): void => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });
  afterAll(() => storage.close());

  const append = async (by: Member, log: Pick<LogWriter, "logId">, written: readonly Written[], quotas = wide) => {
    const logs = [{ logId: log.logId, entries: written.map(({ entry }) => entry) }];
    return must((await storage.appendEntries({ by, logs, quotas }))[0]).results;
  };
  const change = (more: Partial<OrganisationChange>): OrganisationChange => ({
    teams: [],
    leavers: [],
    keepers: undefined,
    ...more,
  });
  /** Appends the next entry of the organisation log with what it changes. */
  const changeOrganisation = async (
    { founder, log, first }: Organisation,
    organisation: OrganisationChange | undefined,
    by: Member = founder,
    keys: readonly Member[] = [],
  ) => {
    const tip = (await storage.servedLog({ by: founder, logId: log.logId }))?.tip ?? first.entry.hash;
    const serving = keys.length === 0 ? undefined : { keys: keys.map(({ receivingKey }) => receivingKey) };
    const control = controlAfter(log, "organisation", tip, log.control(by.receivingKey), { serving });
    return storage.appendControl({ by, control, organisation, quotas: wide, now });
  };

  describe(`${name}: an organisation`, () => {
    it("is founded once with one set-up code, whole", async () => {
      const { codeHash, account, control, log, first } = await prepareFounding(storage);
      const order = { codeHash, account, control, quotas: wide, now };
      expect(await storage.foundOrganisation(order)).toEqual(ok(undefined));
      expect(await storage.foundOrganisation({ ...order, account: newAccount() })).toEqual(
        err({ type: "SetUpCodeSpent" }),
      );
      const found = must(await storage.accountById({ account: account.account }));
      expect(found).toMatchObject({ isKeeper: true, leftAt: undefined, receivingKey: account.receivingKey });
      expect(await storage.positionsServed({ by: found, fromBucket: 0 })).toEqual([
        { logId: log.logId, kind: "organisation", end: 1, digest: digestsOver([first.entry.hash]) },
      ]);
      expect(await storage.vaultOf({ by: found })).toEqual({ generation: 1, vault: account.vault });
    });

    it("is not founded with a code that is unknown or over", async () => {
      const { codeHash, account, control } = await prepareFounding(storage);
      const late = instantOf(now + day);
      const order = { codeHash, account, control, quotas: wide, now };
      expect(await storage.foundOrganisation({ ...order, now: late })).toEqual(err({ type: "SetUpCodeSpent" }));
      expect(await storage.foundOrganisation({ ...order, codeHash: random(32) })).toEqual(
        err({ type: "SetUpCodeSpent" }),
      );
      expect(await storage.accountById({ account: account.account })).toBeUndefined();
    });

    it("leaves nothing behind when founding is refused, and the code still holds", async () => {
      const { founder } = await found(storage);
      const { codeHash, account, control } = await prepareFounding(storage);
      const taken = { ...account, account: founder.account };
      const before = await storage.counts();
      const refused = await storage.foundOrganisation({ codeHash, account: taken, control, quotas: wide, now });
      expect(refused).toEqual(err({ type: "AccountTaken" }));
      expect(await storage.counts()).toEqual(before);
      expect((await storage.foundOrganisation({ codeHash, account, control, quotas: wide, now })).ok).toBe(true);
    });
  });

  describe(`${name}: an account`, () => {
    const signIn = (member: Member, device = newDevice(), tokenHash = random(32), devicesMax = 5) =>
      storage
        .signIn({ ...signingIn(member, device, tokenHash), devicesMax })
        .then((signedIn) => ({ signedIn, device, tokenHash }));

    it("is known by its token until that is over", async () => {
      const { founder } = await found(storage);
      const { tokenHash, device, signedIn } = await signIn(founder);
      expect(signedIn).toEqual(ok(undefined));
      expect(await storage.signInByToken({ tokenHash, now })).toMatchObject({ by: founder, device, isKeeper: true });
      expect(await storage.signInByToken({ tokenHash, now: instantOf(now + day) })).toBeUndefined();
      expect(await storage.signInByToken({ tokenHash: random(32), now })).toBeUndefined();
    });

    it("signs in once with one challenge, on whatever device, until nobody could know it any more", async () => {
      const { founder } = await found(storage);
      const challenge = challengeOf(now + 60_000);
      const first = signingIn(founder, newDevice(), random(32), challenge);
      const used = err({ type: "ChallengeUsed" });
      expect(await storage.signIn(first)).toEqual(ok(undefined));
      expect(await storage.signIn({ ...first, tokenHash: random(32) })).toEqual(used);
      expect(await storage.signIn(signingIn(founder, newDevice(), random(32), challenge))).toEqual(used);
      await storage.forgetExpired({ now: instantOf(now + 60_000 + 3_600_000) });
      expect(await storage.signIn(signingIn(founder, newDevice(), random(32), challenge))).toEqual(used);
      expect(await storage.devicesOf({ by: founder, now })).toHaveLength(1);
      expect(await storage.signInByToken({ tokenHash: first.tokenHash, now })).toBeDefined();
      // By every server's clock the challenge itself is too late now; what was kept of it goes.
      await storage.forgetExpired({ now: instantOf(now + 60_001 + 3_600_000) });
      expect((await storage.signIn(signingIn(founder, newDevice(), random(32), challenge))).ok).toBe(true);
    });

    it("has one sign-in for each device, the newest", async () => {
      const { founder } = await found(storage);
      const first = await signIn(founder);
      const second = await signIn(founder, first.device);
      expect(await storage.signInByToken({ tokenHash: first.tokenHash, now })).toBeUndefined();
      expect(await storage.signInByToken({ tokenHash: second.tokenHash, now })).toBeDefined();
      expect(await storage.devicesOf({ by: founder, now })).toHaveLength(1);
    });

    it("has no more devices than the limit, and the same device may sign in again at the limit", async () => {
      const { founder } = await found(storage);
      const first = await signIn(founder, newDevice(), random(32), 1);
      expect((await signIn(founder, newDevice(), random(32), 1)).signedIn).toEqual(err({ type: "TooManyDevices" }));
      expect((await signIn(founder, first.device, random(32), 1)).signedIn).toEqual(ok(undefined));
    });

    it("is signed out on one device, or on every one", async () => {
      const { founder } = await found(storage);
      const [one, two, three] = [await signIn(founder), await signIn(founder), await signIn(founder)];
      await storage.signOut({ by: founder, device: one.device });
      const stands = async () =>
        Promise.all(
          [one, two, three].map(
            async ({ tokenHash }) => (await storage.signInByToken({ tokenHash, now })) !== undefined,
          ),
        );
      expect(await stands()).toEqual([false, true, true]);
      await storage.signOut({ by: founder, device: undefined });
      expect(await stands()).toEqual([false, false, false]);
    });

    it("changes its password as a whole, from exactly the generation before, and keeps only this device signed in", async () => {
      const { founder } = await found(storage);
      const account = must(await storage.accountById({ account: founder.account }));
      const [here, there] = [await signIn(founder), await signIn(founder)];
      const order = {
        by: founder,
        device: here.device,
        loginPublicBefore: account.loginPublic,
        loginPublic: random(32),
        generation: 2,
        vault: random(700),
      };
      expect(await storage.changePassword({ ...order, generation: 3 })).toEqual(err({ type: "GenerationMoved" }));
      expect(await storage.changePassword({ ...order, loginPublicBefore: random(32) })).toEqual(
        err({ type: "GenerationMoved" }),
      );
      expect((await storage.vaultOf({ by: founder }))?.generation).toBe(1);
      expect(await storage.changePassword(order)).toEqual(ok(undefined));
      expect(await storage.changePassword(order)).toEqual(err({ type: "GenerationMoved" }));
      expect(await storage.vaultOf({ by: founder })).toEqual({ generation: 2, vault: order.vault });
      expect((await storage.accountById({ account: founder.account }))?.loginPublic).toEqual(order.loginPublic);
      expect(await storage.signInByToken({ tokenHash: here.tokenHash, now })).toBeDefined();
      expect(await storage.signInByToken({ tokenHash: there.tokenHash, now })).toBeUndefined();
    });

    it("changes its password once when two devices do it at the same time", async () => {
      const { founder } = await found(storage);
      const { loginPublic } = must(await storage.accountById({ account: founder.account }));
      const results = await Promise.all(
        Array.from({ length: 6 }, () =>
          storage.changePassword({
            by: founder,
            device: newDevice(),
            loginPublicBefore: loginPublic,
            loginPublic: random(32),
            generation: 2,
            vault: random(700),
          }),
        ),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect((await storage.vaultOf({ by: founder }))?.generation).toBe(2);
    });

    it("forgets what is over, and nothing else", async () => {
      const { founder } = await found(storage);
      const { tokenHash } = await signIn(founder);
      await storage.forgetExpired({ now });
      expect(await storage.signInByToken({ tokenHash, now })).toBeDefined();
      await storage.forgetExpired({ now: instantOf(now + day) });
      expect(await storage.signInByToken({ tokenHash, now })).toBeUndefined();
    });

    it("notes when a device was last seen", async () => {
      const { founder } = await found(storage);
      const { device } = await signIn(founder);
      await storage.noteSeen({ by: founder, device, now: instantOf(now + 5_000) });
      await storage.noteSeen({ by: founder, device, now: instantOf(now + 1_000) });
      expect(await storage.devicesOf({ by: founder, now })).toEqual([
        { device, signedInAt: now, lastSeenAt: now + 5_000 },
      ]);
    });
  });

  describe(`${name}: an invitation`, () => {
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

  describe(`${name}: content entries`, () => {
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

  describe(`${name}: many who write at the same time`, () => {
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

  describe(`${name}: a control entry`, () => {
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

  describe(`${name}: people`, () => {
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

  describe(`${name}: what a device asks for`, () => {
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

  describe(`${name}: wraps`, () => {
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

  describe(`${name}: erasure`, () => {
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

  describe(`${name}: recovery`, () => {
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

  describe(`${name}: waking`, () => {
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
  });

  describe(`${name}: running`, () => {
    it("keeps a secret of the server as it was first made", async () => {
      const name = `secret ${Buffer.from(random(8)).toString("hex")}`;
      const [made, other] = [random(32), random(32)];
      expect(await storage.serverSecret({ name, made })).toEqual(made);
      expect(await storage.serverSecret({ name, made: other })).toEqual(made);
    });

    it("counts without ids", async () => {
      const before = await storage.counts();
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const written = log.content(founder.receivingKey);
      await append(founder, log, [written]);
      const after = await storage.counts();
      expect(after.organisations - before.organisations).toBe(1);
      expect(after.accounts - before.accounts).toBe(1);
      expect(after.logs - before.logs).toBe(2);
      expect(after.entries - before.entries).toBe(3);
      expect(after.wraps - before.wraps).toBe(2);
      expect(after.bytes).toBeGreaterThan(before.bytes + written.entry.bytes.length);
    });

    it("answers, writes, and knows its schema", async () => {
      await storage.ping();
      await storage.proveWritable({ mark: random(16) });
      await storage.proveWritable({ mark: random(16) });
      expect(await storage.schemaVersion()).toBe(5);
    });

    it("begins a restore anew where one broke off, and takes a store in which a server was only started", async () => {
      const source = await openOther();
      const { founder } = await found(source);
      const pages: TablePage[] = [];
      const snapshot = await source.openSnapshot();
      for await (const page of snapshot.pages()) pages.push(page);
      await snapshot.close();
      await source.close();
      const restored = await openOther();
      const made = random(32);
      await restored.serverSecret({ name: "challenge-key", made });
      await restored.addSetUpCode({ codeHash: random(32), expiresAt: instantOf(now + day) });
      await restored.noteUp({ now, pauseMillisecondsMax: 0 });
      await restored.takeSlot({ slot: now });
      expect(await restored.storeStanding()).toBe("empty");
      for (const count of [Math.ceil(pages.length / 2), pages.length]) {
        expect(await restored.beginRestore({ now })).toEqual(ok(undefined));
        for (const page of pages.slice(0, count)) await restored.restorePage({ page });
      }
      await restored.finishRestore();
      expect(await restored.accountById(founder)).toBeDefined();
      const other = random(32);
      expect(await restored.serverSecret({ name: "challenge-key", made: other })).toEqual(other);
      await restored.close();
    });

    it("brings back no sign-in, no open invitation and no waiting recovery, so that nobody gains by a restore", async () => {
      const source = await openOther();
      const organisation = await found(source);
      const { founder } = organisation;
      const order = { account: founder.account, device: newDevice(), now, devicesMax: 3 };
      const tokenHash = random(32);
      const expiresAt = instantOf(now + day);
      const challenge = random(32);
      await source.signIn({ ...order, tokenHash, challenge, expiresAt });
      const invitation = random(16);
      await source.openInvitation({ by: founder, invitation, expiresAt, now, openMax: 100 });
      const joined = await join(source, organisation);
      const recovery = random(16);
      const asked = { by: founder, recovery, recoveryKey: newKey(), requestedAt: now, opensAt: now };
      await source.requestRecovery({ ...asked, waitingMax: 3, waitingInAllMax: 3 });
      const snapshot = await source.openSnapshot();
      const restored = await openOther();
      await restored.beginRestore({ now });
      for await (const page of snapshot.pages()) await restored.restorePage({ page });
      await snapshot.close();
      await source.close();
      await restored.finishRestore();
      await restored.noteUp({ now, pauseMillisecondsMax: 0 });
      expect(await restored.signInByToken({ tokenHash, now })).toBeUndefined();
      // Its secret is another: a challenge that was used before is none there, and is not kept.
      const signedIn = await restored.signIn({ ...order, tokenHash, challenge, expiresAt });
      expect(signedIn).toEqual(ok(undefined));
      const answer = { invitation, answer: random(9), account: newAccount(), accountsMax, now };
      expect(await restored.answerInvitation(answer)).toEqual(err({ type: "InvitationSpent" }));
      expect(await restored.openInvitation({ by: founder, invitation, expiresAt, now, openMax: 100 })).toEqual(
        ok(undefined),
      );
      expect(await restored.accountById(joined)).toBeDefined();
      const read = await restored.recoveryWraps({ by: founder, recovery, now, after: 0, wrapsMax: 9 });
      expect(read).toEqual(err({ type: "RecoveryNotOpen" }));
      await restored.close();
    });

    it("is copied whole as it stood at one moment, while others write, and put back elsewhere", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      const written = Array.from({ length: 600 }, () => log.content(founder.receivingKey));
      await append(founder, log, written);
      const before = await storage.counts();
      const snapshot = await storage.openSnapshot();
      await append(founder, log, [log.content(founder.receivingKey)]);
      const pages: TablePage[] = [];
      for await (const page of snapshot.pages()) pages.push(page);
      await snapshot.close();
      const restored = await openOther();
      expect(await restored.storeStanding()).toBe("empty");
      expect(await restored.beginRestore({ now })).toEqual(ok(undefined));
      expect(await restored.storeStanding()).toBe("restoring");
      for (const page of pages) await restored.restorePage({ page });
      expect(await restored.storeStanding()).toBe("restoring");
      await restored.finishRestore();
      expect(await restored.storeStanding()).toBe("used");
      expect(await restored.beginRestore({ now })).toEqual(err({ type: "StoreUsed" }));
      expect(await restored.counts()).toEqual({ ...before, signIns: 0 });
      expect(await readLog(restored, founder, log.logId)).toEqual(bytesOf([log.first, ...written]));
      expect(await restored.schemaVersion()).toBe(snapshot.schemaVersion);
      const next = log.content(founder.receivingKey);
      const order = { by: founder, logs: [{ logId: log.logId, entries: [next.entry] }], quotas: wide };
      // The entry in between was not in the snapshot: the device sends it again.
      expect((await restored.appendEntries(order))[0]?.results).toEqual(["link-missing"]);
      await restored.close();
    });
  });
};
