/** How a device signs in and out, and what is left of it once somebody has put it out. */

import { err, ok } from "@amana/kernel";
import { exposeSecret } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { listDevices, signOut } from "../../packages/device/src/account/devices.ts";
import { enrolWithKit } from "../../packages/device/src/account/enrol-with-kit.ts";
import { notSignedIn, opened, password, start } from "./account-world.ts";

describe("signing in and out", () => {
  it("signs in once, with all that it asks at the same time, and holds the key for it no longer than that", async () => {
    const { world, nour, device } = await start("token");
    const { ask, loginKey } = device.unlocked;
    const seed = loginKey()?.seed;
    if (seed === undefined) throw new Error("A device that never signed in has the key for it.");
    const heard = world.server.heard.length;
    nour.faults.push("none", "lost-after");
    expect(await ask("list-devices", {})).toEqual(err({ type: "Unreachable" }));
    const answers = await Promise.all([ask("list-devices", {}), ask("read-vault", {}), ask("list-devices", {})]);
    expect(answers.map(({ ok: isOk }) => isOk)).toEqual([true, true, true]);
    expect(world.server.heard).toHaveLength(heard + 7);
    expect(loginKey()).toBeUndefined();
    expect(() => exposeSecret(seed)).toThrow("after it had been cleared");
    device.lock();
    // With each unlocking the first question lets go of it, whether the server is reached or not.
    for (const fault of ["none", "lost-before"] as const) {
      const again = await opened(nour);
      expect(again.unlocked.loginKey()).toBeDefined();
      nour.faults.push(fault);
      await again.unlocked.ask("list-devices", {});
      expect(again.unlocked.loginKey()).toBeUndefined();
      again.lock();
    }
  });

  it("goes on at once where it was signed out while it was locked: its password was typed since", async () => {
    const { world, nour, device } = await start("signed out, locked");
    await device.unlocked.ask("list-devices", {});
    device.lock();
    world.server.state.tokens.clear();
    const again = await opened(nour);
    const answers = await Promise.all([again.unlocked.ask("list-devices", {}), again.unlocked.ask("read-vault", {})]);
    expect(answers.map(({ ok: isOk }) => isOk)).toEqual([true, true]);
    world.server.state.tokens.clear();
    expect(await again.unlocked.ask("list-devices", {})).toEqual(notSignedIn);
    expect(again.unlocked.isLocked()).toBe(true);
  });

  it("locks where it was signed out, and nothing that it held signs in again until the password is typed", async () => {
    const { world, device, kit } = await start("stolen");
    const tablet = world.handset("tablet");
    const enrolled = await enrolWithKit(tablet.ports, { digits: kit, password, language: "en" }, tablet.tell);
    if (!enrolled.ok) throw new Error(enrolled.error.type);
    const { unlocked, onSignedOut } = enrolled.value;
    let isTold = false;
    onSignedOut(() => {
      isTold = true;
    });
    // All that whoever takes it while it is open could take out of it.
    const held = { ...unlocked.account };
    expect(unlocked.loginKey()).toBeUndefined();
    const tabletId = unlocked.deviceVault().device;
    await signOut(device.unlocked, tabletId);
    expect(await unlocked.ask("list-devices", {})).toEqual(notSignedIn);
    expect([unlocked.isLocked(), isTold]).toEqual([true, true]);
    expect(() => exposeSecret(held.unlockKey)).toThrow("after it had been cleared");
    expect([...world.server.state.tokens.values()].map((each) => each.device)).not.toContain(tabletId);
    const back = await opened(tablet);
    expect(await back.unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    back.lock();
  });

  it("goes on without a word while its sign-in lasts, and renews one that ends soon with the next password typed", async () => {
    const { world, nour, device } = await start("renewed");
    await device.unlocked.ask("list-devices", {});
    const tokens = (): readonly string[] => [...world.server.state.tokens.keys()];
    const [first] = tokens();
    device.lock();
    world.pass(19 * 24 * 60);
    const early = await opened(nour);
    expect(await early.unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    expect(tokens()).toEqual([first]);
    world.pass(2 * 24 * 60);
    expect(await early.unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    early.lock();
    const late = await opened(nour);
    expect(await late.unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    expect(tokens()).toHaveLength(2);
    world.pass(29 * 24 * 60);
    expect(await late.unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    world.pass(2 * 24 * 60);
    expect(await late.unlocked.ask("list-devices", {})).toEqual(notSignedIn);
    expect(late.unlocked.isLocked()).toBe(true);
    expect(await (await opened(nour)).unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
  });

  it("lets go of the key where a sign-in that ends soon could not be renewed: put out since, it locks", async () => {
    const { world, nour, device } = await start("not renewed");
    await device.unlocked.ask("list-devices", {});
    device.lock();
    world.pass(21 * 24 * 60);
    const { unlocked } = await opened(nour);
    nour.faults.push("lost-before");
    expect(await unlocked.ask("list-devices", {})).toEqual(err({ type: "Unreachable" }));
    expect(unlocked.loginKey()).toBeUndefined();
    expect(await unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    world.server.state.tokens.clear();
    expect(await unlocked.ask("list-devices", {})).toEqual(notSignedIn);
    expect(unlocked.isLocked()).toBe(true);
  });

  it("keeps it where the sign-in had ended before the password was typed, until there is another", async () => {
    const { world, nour, device } = await start("over");
    await device.unlocked.ask("list-devices", {});
    device.lock();
    world.pass(31 * 24 * 60);
    const { unlocked } = await opened(nour);
    nour.faults.push("lost-before");
    expect(await unlocked.ask("list-devices", {})).toEqual(err({ type: "Unreachable" }));
    expect(await unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    expect(unlocked.loginKey()).toBeUndefined();
  });

  it("puts one device out, or all of them", async () => {
    const { world, nour, device, kit } = await start("out");
    const tablet = world.handset("tablet");
    const other = await enrolWithKit(tablet.ports, { digits: kit, password, language: "en" }, tablet.tell);
    if (!other.ok) throw new Error(other.error.type);
    const tabletId = other.value.unlocked.deviceVault().device;
    expect(await signOut(device.unlocked, tabletId)).toEqual(ok(undefined));
    const listed = await listDevices(device.unlocked);
    expect(listed.ok && listed.value.map(({ device: id }) => id)).not.toContain(tabletId);
    expect(await signOut(device.unlocked, "everywhere")).toEqual(ok(undefined));
    expect(world.server.state.tokens.size).toBe(0);
    expect(await device.unlocked.records.read("record/sign-in")).toBeUndefined();
    expect(await listDevices(device.unlocked)).toEqual(notSignedIn);
    expect(device.unlocked.isLocked()).toBe(true);
    const again = await opened(nour);
    world.server.state.accounts.clear();
    expect(await signOut(again.unlocked, "everywhere")).toMatchObject({ ok: false });
    expect(await listDevices(again.unlocked)).toMatchObject({ ok: false });
  });
});
