/** Changing the password, over a network that loses things: whatever is lost, one password opens the device and the account. */

import { err, ok } from "@amana/kernel";
import { fromAscii } from "@amana/log";
import { describe, expect, it } from "vitest";
import { failuresMax, firstLookAt } from "../../packages/device/src/account/account-record.ts";
import {
  changePassword,
  finishPasswordChange,
  takeNewPassword,
} from "../../packages/device/src/account/change-password.ts";
import { signOut } from "../../packages/device/src/account/devices.ts";
import { enrolWithKit } from "../../packages/device/src/account/enrol-with-kit.ts";
import { unlock } from "../../packages/device/src/account/unlock.ts";
import {
  foundWith,
  makeAccountWorld,
  notSignedIn,
  opened,
  otherPassword,
  password,
  ruleFor,
  start,
  wrong,
  type Handset,
} from "./account-world.ts";
import type { Carrier } from "./memory-server.ts";

describe("changing the password", () => {
  const change = { current: password, next: otherPassword };

  it("opens with the new password and no more with the one before, here and on the server", async () => {
    const { world, nour, device, kit } = await start("change");
    expect(await changePassword(device, ruleFor(nour), change)).toEqual(ok(undefined));
    expect(await device.unlocked.ask("read-vault", {})).toMatchObject({ ok: true, value: { generation: 2 } });
    device.lock();
    expect(await unlock(nour.ports, password, nour.tell)).toEqual(err({ type: "WrongPassword", triesLeft: 9 }));
    const again = await opened(nour, otherPassword);
    expect(await finishPasswordChange(again)).toEqual(ok(undefined));
    const tablet = world.handset("tablet");
    const enrolling = { digits: kit, password, language: "en" };
    expect(await enrolWithKit(tablet.ports, enrolling, tablet.tell)).toEqual(err({ type: "WrongKitOrPassword" }));
    const right = { ...enrolling, password: otherPassword };
    expect((await enrolWithKit(tablet.ports, right, tablet.tell)).ok).toBe(true);
    expect(nour.store().contents().has("device-vault/next")).toBe(false);
    expect(nour.store().contents().has("record/password-change")).toBe(false);
  });

  it("is refused with another password than the one in use, or a weak one, or while one is under way", async () => {
    const { nour, device } = await start("change refused");
    const rule = ruleFor(nour);
    expect(await changePassword(device, rule, { ...change, current: wrong })).toEqual(err({ type: "WrongPassword" }));
    expect(await changePassword(device, rule, { ...change, next: "1234" })).toEqual(
      err({ type: "WeakPassword", why: "too-short" }),
    );
    nour.faults.push("lost-before");
    expect(await changePassword(device, rule, change)).toEqual(err({ type: "NoAnswerYet" }));
    expect(await changePassword(device, rule, change)).toEqual(err({ type: "ChangeUnderWay" }));
  });

  it("is told by a locked device for as long as nobody knows which password the server has", async () => {
    const { nour, device } = await start("told while locked");
    const isChanging = async () => (await firstLookAt(nour.ports.store)).isChangingPassword;
    expect(await isChanging()).toBe(false);
    nour.faults.push("lost-before");
    expect(await changePassword(device, ruleFor(nour), change)).toEqual(err({ type: "NoAnswerYet" }));
    device.lock();
    expect(await isChanging()).toBe(true);
    const again = await opened(nour);
    expect(await finishPasswordChange(again)).toEqual(ok(undefined));
    again.lock();
    expect(await isChanging()).toBe(false);
  });

  it("is told as well where the server knew this device no more, so that it locked itself in the middle", async () => {
    const { nour, device } = await start("signed out in the middle");
    expect((await device.unlocked.ask("sign-out", { device: undefined })).ok).toBe(true);
    await changePassword(device, ruleFor(nour), change);
    expect(device.unlocked.isLocked()).toBe(true);
    expect((await firstLookAt(nour.ports.store)).isChangingPassword).toBe(true);
    for (const either of [otherPassword, password]) (await opened(nour, either)).lock();
  });

  it("happens once when it is asked for twice at the same moment", async () => {
    const { nour, device } = await start("change twice");
    const third = "seventeen storks over the flat roofs of Amedi";
    const rule = ruleFor(nour);
    const both = await Promise.all([
      changePassword(device, rule, change),
      changePassword(device, rule, { ...change, next: third }),
      finishPasswordChange(device),
    ]);
    expect(both).toEqual([ok(undefined), err({ type: "WrongPassword" }), ok(undefined)]);
    expect(await device.unlocked.ask("read-vault", {})).toMatchObject({ ok: true, value: { generation: 2 } });
    device.lock();
    expect((await unlock(nour.ports, third, nour.tell)).ok).toBe(false);
    expect((await unlock(nour.ports, otherPassword, nour.tell)).ok).toBe(true);
  });

  /** Whether either password opens the device, and which the server takes in the end. */
  const settle = async (nour: Handset): Promise<readonly string[]> => {
    const opening: string[] = [];
    for (const given of [password, otherPassword]) {
      const answer = await unlock(nour.ports, given, nour.tell);
      if (!answer.ok) continue;
      opening.push(given);
      answer.value.lock();
    }
    return opening;
  };

  /** What the device and the server agree on once all is quiet: one password, the same on both. */
  const expectOnePassword = async (nour: Handset, seed: string): Promise<void> => {
    const opening = await settle(nour);
    expect(opening, seed).not.toEqual([]);
    // Whichever of those the person remembers brings it to its end.
    for (const given of opening) {
      const answer = await unlock(nour.ports, given, nour.tell);
      if (!answer.ok) continue;
      expect(await finishPasswordChange(answer.value), seed).toEqual(ok(undefined));
      expect(await answer.value.unlocked.ask("read-vault", {}), seed).toMatchObject({ ok: true });
      answer.value.lock();
    }
    const left = await settle(nour);
    expect(left, seed).toHaveLength(1);
    const last = await opened(nour, left[0]);
    await signOut(last.unlocked, "everywhere");
    last.lock();
    const anew = await opened(nour, left[0]);
    expect(await anew.unlocked.ask("read-vault", {}), seed).toMatchObject({ ok: true });
  };

  it("locks nobody out wherever the device stops, before the server or after it", async () => {
    let stops = 0;
    for (const fate of ["crash-before", "crash-after"] as const) {
      for (let write = 0; write < 7; write++) {
        const seed = `stop ${fate} ${write}`;
        const { nour, device } = await start(seed);
        nour.fates.push(...Array<"written">(write).fill("written"), fate);
        const stopped = await changePassword(device, ruleFor(nour), change).then(
          () => false,
          () => true,
        );
        if (stopped) stops++;
        nour.fates.length = 0;
        nour.restart();
        await expectOnePassword(nour, seed);
      }
    }
    // One write before the server is asked, two when it has signed the device in, two after.
    expect(stops).toBe(10);
  });

  it("locks nobody out whichever requests or answers are lost", async () => {
    for (const fault of ["lost-before", "lost-after", "answer-cut"] as const) {
      for (let place = 0; place < 6; place++) {
        const seed = `lose ${fault} ${place}`;
        const { nour, device } = await start(seed);
        nour.faults.push(...Array<"none">(place).fill("none"), fault, fault);
        await changePassword(device, ruleFor(nour), change);
        device.lock();
        nour.faults.length = 0;
        nour.restart();
        await expectOnePassword(nour, seed);
      }
    }
  });

  it("keeps what the device learns meanwhile under both passwords", async () => {
    const { nour, device } = await start("meanwhile");
    nour.faults.push("lost-before");
    await changePassword(device, ruleFor(nour), change);
    const { unlocked } = device;
    const { root, logId } = unlocked.organisation() ?? {};
    if (root === undefined || logId === undefined) throw new Error("There is no organisation.");
    await unlocked.setDeviceVault({ ...unlocked.deviceVault(), headsSeen: new Map([[logId, [root]]]) });
    device.lock();
    nour.restart();
    for (const given of [password, otherPassword, password, otherPassword]) {
      const again = await opened(nour, given);
      const { headsSeen } = again.unlocked.deviceVault();
      expect(headsSeen.get(logId)).toEqual([root]);
      expect(again.passwordChange()).toBeDefined();
      await again.unlocked.setDeviceVault({ ...again.unlocked.deviceVault(), headsSeen });
      again.lock();
    }
  });

  it("stays as it was when the server will never make the change", async () => {
    const { world, nour, device, kit } = await start("void");
    const tablet = world.handset("tablet");
    const other = await enrolWithKit(tablet.ports, { digits: kit, password, language: "en" }, tablet.tell);
    if (!other.ok) throw new Error(other.error.type);
    await device.unlocked.ask("list-devices", {});
    nour.faults.push("lost-before");
    await changePassword(device, ruleFor(nour), change);
    const third = "green lamps hang over a long wooden bridge";
    expect(await changePassword(other.value, ruleFor(tablet), { current: password, next: third })).toEqual(
      ok(undefined),
    );
    // The other one has signed this device out, and nothing that it holds signs it in.
    expect(await finishPasswordChange(device)).toEqual(notSignedIn);
    expect(device.unlocked.isLocked()).toBe(true);
    const again = await opened(nour, otherPassword);
    expect(await finishPasswordChange(again)).toEqual(err({ type: "ChangeRefused", code: "NotSignedIn" }));
    again.lock();
    expect(await settle(nour)).toEqual([password]);

    const behind = await opened(nour);
    expect(await behind.unlocked.ask("list-devices", {})).toEqual(notSignedIn);
    // Nobody may know the new password here yet: it stays open, and says so.
    expect(behind.unlocked.isLocked()).toBe(false);
    expect(await takeNewPassword(behind, wrong)).toEqual(err({ type: "WrongPassword" }));
    nour.faults.push("lost-before");
    expect(await takeNewPassword(behind, third)).toEqual(err({ type: "Unreachable" }));
    nour.faults.push("none", "none", "answer-cut");
    expect(await takeNewPassword(behind, third)).toEqual(err({ type: "Unreachable" }));
    expect(await takeNewPassword(behind, third)).toEqual(ok(undefined));
    expect(await behind.unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    behind.lock();
    (await opened(nour, third)).lock();
  });

  it("locks nobody out where the server says falsely that it has not changed it", async () => {
    const world = makeAccountWorld("no clear answer");
    let isRefusing = false;
    const refusing: Carrier = {
      call: async (name, token, bytes) => {
        const answer = await world.server.call(name, token, bytes);
        if (isRefusing && name === "change-password")
          return err({ type: "Refused", code: "NotForYou", afterSeconds: undefined });
        return answer;
      },
    };
    const nour = world.handset("nour", refusing);
    const { device } = await foundWith(world, nour);
    isRefusing = true;
    expect(await changePassword(device, ruleFor(nour), change)).toEqual(
      err({ type: "ChangeRefused", code: "NotForYou" }),
    );
    expect(device.passwordChange()).toBeUndefined();
    device.lock();
    // In truth it had changed it: the password before opens the device, and the new one is taken as after a change elsewhere.
    const before = await opened(nour);
    expect(await before.unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    expect(await takeNewPassword(before, otherPassword)).toEqual(ok(undefined));
    before.lock();
    (await opened(nour, otherPassword)).lock();
  });

  it("locks nobody out where the server says so falsely to whoever came back by the kit with the new password", async () => {
    const { nour, device, kit } = await start("false refusal after the kit");
    await device.unlocked.ask("list-devices", {});
    nour.faults.push("lost-after");
    expect(await changePassword(device, ruleFor(nour), change)).toEqual(err({ type: "NoAnswerYet" }));
    device.lock();
    for (let tries = 0; tries < failuresMax; tries++) await unlock(nour.ports, wrong, nour.tell);
    const call: Carrier["call"] = (name, token, body) =>
      name === "change-password"
        ? Promise.resolve(err({ type: "Refused", code: "AlreadyUsed", afterSeconds: undefined } as const))
        : nour.ports.transport.call(name, token, body);
    const lying = { ...nour.ports, transport: { call } };
    const again = await enrolWithKit(lying, { digits: kit, password: otherPassword, language: "ckb" }, nour.tell);
    if (!again.ok) throw new Error(again.error.type);
    expect(await finishPasswordChange(again.value)).toEqual(err({ type: "ChangeRefused", code: "AlreadyUsed" }));
    // The device goes on to learn, and keeps it under what it takes for its password.
    await again.value.unlocked.setDeviceVault(again.value.unlocked.deviceVault());
    again.value.lock();
    const before = await opened(nour);
    expect(await takeNewPassword(before, otherPassword)).toEqual(ok(undefined));
    before.lock();
    (await opened(nour, otherPassword)).lock();
  });

  it("is not taken from a server that hands out another vault than the account's own", async () => {
    const { world, device } = await start("other vault");
    const account = [...world.server.state.accounts.values()][0];
    if (account === undefined) throw new Error("The account is not there.");
    account.vault = fromAscii("nothing");
    expect(await takeNewPassword(device, password)).toEqual(err({ type: "AccountVaultDamaged" }));
    expect(await device.unlocked.records.read("record/organisation")).toBeDefined();
  });

  it("does not go back to an account vault of before", async () => {
    const { world, nour, device } = await start("stale");
    const account = [...world.server.state.accounts.values()][0];
    if (account === undefined) throw new Error("The account is not there.");
    const before = { loginPublic: account.loginPublic, vault: account.vault, generation: account.generation };
    await changePassword(device, ruleFor(nour), change);
    Object.assign(account, before);
    expect(await takeNewPassword(device, password)).toEqual(err({ type: "StaleAccountVault" }));
  });
});
