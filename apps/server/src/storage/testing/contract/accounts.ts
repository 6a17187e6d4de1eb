/** Of the contract of storage: how an organisation is founded, and how its accounts sign in and change their password. */

import { beforeAll, describe, expect, it } from "vitest";
import { err, ok } from "@amana/kernel";
import type { Member, Storage } from "../../storage.ts";
import {
  day,
  found,
  instantOf,
  must,
  newAccount,
  newDevice,
  now,
  prepareFounding,
  random,
  wide,
} from "../organisations.ts";
import { challengeOf, digestsOver, signingIn, type ContractStore } from "./shared.ts";

export const describeAccounts = ({ name, storageInUse }: ContractStore): void => {
  describe(`${name}: an organisation`, () => {
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

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
    let storage: Storage;
    beforeAll(() => {
      storage = storageInUse();
    });

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

    it("lets nobody in with the password before, whose signature was looked at while it changed", async () => {
      const { founder } = await found(storage);
      const late = signingIn(founder);
      const order = { by: founder, device: undefined, loginPublicBefore: late.loginPublic, generation: 2 };
      const loginPublic = random(32);
      expect(await storage.changePassword({ ...order, loginPublic, vault: random(700) })).toEqual(ok(undefined));
      expect(await storage.signIn(late)).toEqual(err({ type: "PasswordChanged" }));
      expect(await storage.signInByToken({ tokenHash: late.tokenHash, now })).toBeUndefined();
      expect(await storage.signIn({ ...late, loginPublic })).toEqual(ok(undefined));
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
};
