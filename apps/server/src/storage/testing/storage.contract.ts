/** What every store must do, whichever is behind the contract. The same tests run over SQLite and over PostgreSQL. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assert, err, ok } from "@amana/kernel";
import { encodeEntry, huskOf, type Bytes, type EntryHash } from "@amana/log";
import { digestOfNone, nextDigest, wrapsPerLogMax, type OrganisationChange } from "@amana/sync";
import type { Change, Member, Storage, TablePage } from "../storage.ts";
import {
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
        .signIn({ account: member.account, device, tokenHash, now, expiresAt: instantOf(now + day), devicesMax })
        .then((signedIn) => ({ signedIn, device, tokenHash }));

    it("is known by its token until that is over", async () => {
      const { founder } = await found(storage);
      const { tokenHash, device, signedIn } = await signIn(founder);
      expect(signedIn).toEqual(ok(undefined));
      expect(await storage.signInByToken({ tokenHash, now })).toMatchObject({ by: founder, device, isKeeper: true });
      expect(await storage.signInByToken({ tokenHash, now: instantOf(now + day) })).toBeUndefined();
      expect(await storage.signInByToken({ tokenHash: random(32), now })).toBeUndefined();
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
      expect(await storage.answerInvitation({ invitation, answer, account, now })).toEqual(ok(undefined));
      expect(await storage.answerInvitation({ invitation, answer, account: newAccount(), now })).toEqual(
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
          storage.answerInvitation({ invitation, answer: random(200), account: newAccount(), now }),
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
        storage.answerInvitation({ invitation: which, answer: random(10), account: newAccount(), now: at });
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
        now,
      });
      expect(answered).toEqual(ok(undefined));
    });

    it("is one of at most so many open ones, and its id is used once", async () => {
      const { founder } = await found(storage);
      const { invitation } = await openOne(founder, 2);
      await openOne(founder, 2);
      expect((await openOne(founder, 2)).opened).toEqual(err({ type: "TooManyInvitations" }));
      const again = { by: founder, invitation, expiresAt: instantOf(now + day), now, openMax: 10 };
      expect(await storage.openInvitation(again)).toEqual(err({ type: "InvitationTaken" }));
    });

    it("makes no account whose id or receiving key is someone's, and stays open", async () => {
      const { founder } = await found(storage);
      const { invitation } = await openOne(founder);
      const order = { invitation, answer: random(10), now };
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
      await storage.signIn({ account, device, tokenHash, now, expiresAt: instantOf(now + day), devicesMax: 8 });
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
      const narrow = { ...wide, account: { entries: entries + 2, bytes: 1_000_000 } };
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
      const narrow = { ...wide, organisation: { entries: 1_000, bytes: room } };
      expect(await append(organisation.founder, log, [first], narrow)).toEqual(["stored"]);
      expect(await append(colleague, log, [log.content(colleague.receivingKey)], narrow)).toEqual(["quota"]);
    });

    it("are charged to whoever sent them", async () => {
      const organisation = await found(storage);
      const colleague = await join(storage, organisation);
      const log = await openCase(storage, organisation.founder, [colleague.receivingKey]);
      const written = log.content(organisation.founder.receivingKey);
      await append(colleague, log, [written]);
      expect(await storage.usageOf({ by: colleague })).toEqual({ entries: 1, bytes: written.entry.bytes.length });
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
      const none = { entries: 0, bytes: 0 };
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
      const order = { account: leaver.account, device: newDevice(), tokenHash: random(32), now, devicesMax: 3 };
      await storage.signIn({ ...order, expiresAt: instantOf(now + day) });
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
      const again = { ...order, tokenHash: random(32), expiresAt: instantOf(now + day) };
      expect(await storage.signIn(again)).toEqual(err({ type: "AccountGone" }));
      const answered = await storage.answerInvitation({ invitation, answer: random(9), account: newAccount(), now });
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
      });
      expect(must(second).entries).toEqual(bytesOf(must(written[1])));
    });

    it("is not sent when the device holds something else up to there", async () => {
      const { founder } = await found(storage);
      const log = await openCase(storage, founder);
      await append(founder, log, [log.content(founder.receivingKey)]);
      const ask = (after: number, digest: Bytes) =>
        storage.entriesAfter({ by: founder, wants: [{ logId: log.logId, after, digest }], bytesMax: 1_000_000 });
      const nothing = { logId: log.logId, isSame: false, entries: [], end: 2 };
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

    it("of a recovery key are deleted with it", async () => {
      const { founder } = await found(storage);
      const recoveryKey = newKey();
      const log = await openCase(storage, founder, [recoveryKey]);
      await storage.deleteWrapsTo({ organisation: founder.organisation, receivingKey: recoveryKey });
      expect((await storage.wrapsFor({ by: founder, logs: [log.logId] }))[0]?.wraps).toHaveLength(1);
      const recovery = random(16);
      await storage.requestRecovery({
        by: founder,
        recovery,
        recoveryKey,
        requestedAt: now,
        opensAt: now,
        waitingMax: 3,
        waitingInAllMax: 3,
      });
      const read = await storage.recoveryWraps({ by: founder, recovery, now, after: 0, wrapsMax: 10 });
      expect(read).toEqual(ok({ wraps: [], next: undefined }));
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
      const [proposal, confirmation, again] = [await act(founder), await act(second), await act(founder)];
      return { founder, second, log, written, act, proposal, confirmation, again };
    };

    it("leaves a husk in the same place under the same hash, and the ledger remembers", async () => {
      const { founder, log, written, proposal, confirmation } = await caseToErase();
      const erased = must(written[1]);
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
      const { founder, second, log, written, proposal, confirmation, again } = await caseToErase();
      const order = { by: founder, logId: log.logId, entries: hashesOf(written), now };
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
      const { founder, second, log, written, act, proposal, confirmation } = await caseToErase();
      const order = { by: founder, logId: log.logId, entries: hashesOf(written), now };
      const madeUp = await act(founder, log.act(newKey()));
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

    it("takes no control entry and nothing of another log", async () => {
      const { founder, log, written, proposal, confirmation } = await caseToErase();
      const order = { by: founder, logId: log.logId, proposal, confirmation, now };
      const missing = err({ type: "EntryMissing" });
      const both = [must(hashesOf(written)[0]), log.first.entry.hash];
      expect(await storage.eraseBodies({ ...order, entries: both })).toEqual(missing);
      expect(
        await storage.eraseBodies({ ...order, entries: [must(hashesOf([writeLog("case").control(newKey())])[0])] }),
      ).toEqual(missing);
      expect(await readLog(storage, founder, log.logId)).toContainEqual(must(written[0]).entry.bytes);
    });

    it("of a whole case destroys its wraps, and takes no new ones", async () => {
      const { founder, second, log, proposal, confirmation } = await caseToErase();
      const { wraps } = await storage.counts();
      const order = { by: founder, logId: log.logId, proposal, confirmation, now };
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
      const { founder, log, written, proposal, confirmation } = await caseToErase();
      const erased = must(written[0]);
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

    it("is seen by everyone of the organisation, and opens at its time to whoever asked", async () => {
      const organisation = await found(storage);
      const { founder } = organisation;
      const colleague = await join(storage, organisation);
      const recoveryKey = newKey();
      const logs = [await openCase(storage, founder, [recoveryKey]), await openCase(storage, founder, [recoveryKey])];
      const { recovery } = await ask(founder, recoveryKey);
      const stateAt = async (by: Member, at = now) =>
        (await storage.recoveriesOf({ by, now: at })).map(({ state }) => state);
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
      expect(await storage.forbidRecovery({ by: (await found(storage)).founder, recovery })).toEqual(
        err({ type: "RecoveryNotOpen" }),
      );
      expect(await storage.forbidRecovery({ by: founder, recovery })).toEqual(ok(undefined));
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
      expect((await ask(colleague, newKey(), 1, 2)).asked).toEqual(ok(undefined));
      expect((await ask(another, newKey(), 1, 2)).asked).toEqual(tooMany);
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
      const order = { account: founder.account, device, tokenHash: random(32), now, devicesMax: 3 };
      await storage.signIn({ ...order, expiresAt: instantOf(now + day) });
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

    it("answers, and knows its schema", async () => {
      await storage.ping();
      expect(await storage.schemaVersion()).toBe(3);
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
      for (const page of pages) await restored.restorePage({ page });
      expect(await restored.counts()).toEqual(before);
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
