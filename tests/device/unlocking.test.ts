/** A device that is locked, opened with its password, and erased; and the time that it goes by. */

import { err, later, ok } from "@amana/kernel";
import { fromAscii } from "@amana/log";
import { exposeSecret } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { readLanguage, readStanding, setLanguage } from "../../packages/device/src/account/account-record.ts";
import { listDevices } from "../../packages/device/src/account/devices.ts";
import { enrolWithKit } from "../../packages/device/src/account/enrol-with-kit.ts";
import { eraseDevice } from "../../packages/device/src/account/erase-device.ts";
import { unlock } from "../../packages/device/src/account/unlock.ts";
import { orStoreFull, whileUnlocked } from "../../packages/device/src/account/while-unlocked.ts";
import { foundWith, latin1, makeAccountWorld, opened, password, start, storedText, wrong } from "./account-world.ts";
import type { Carrier } from "./memory-server.ts";

describe("unlocking", () => {
  it("opens with the password and with nothing else, also without the network", async () => {
    const { nour, device } = await start("unlock");
    const keyId = device.unlocked.own.identityKey.keyId;
    device.lock();
    nour.restart();
    nour.faults.push(...Array<"lost-before">(50).fill("lost-before"));
    expect(await unlock(nour.ports, wrong, nour.tell)).toEqual(err({ type: "WrongPassword", triesLeft: 9 }));
    const again = await opened(nour);
    expect(again.unlocked.own.identityKey.keyId).toBe(keyId);
    expect(again.unlocked.organisation()).toEqual(device.unlocked.organisation());
    expect(again.unlocked.deviceVault().device).toBe(device.unlocked.deviceVault().device);
    expect(nour.faults).toHaveLength(50);
  });

  it("says so on a device without an account", async () => {
    const nour = makeAccountWorld("none").handset("nour");
    expect(await unlock(nour.ports, password, nour.tell)).toEqual(err({ type: "NotEnrolled" }));
    await setLanguage(nour.store(), "ar");
    expect(nour.store().contents().size).toBe(0);
    expect(await readLanguage(nour.store())).toBeUndefined();
  });

  it("counts each failure before the password is stretched, and begins anew after a success", async () => {
    const { nour, device } = await start("count");
    device.lock();
    for (const triesLeft of [9, 8, 7])
      expect(await unlock(nour.ports, wrong, nour.tell)).toEqual(err({ type: "WrongPassword", triesLeft }));
    const stopping = { ...nour.ports, kdf: () => Promise.reject(new Error("Switched off.")) };
    await expect(unlock(stopping, wrong, nour.tell)).rejects.toThrow("Switched off.");
    nour.restart();
    expect(await readStanding(nour.store())).toMatchObject({ record: { failures: 4 } });
    (await opened(nour)).lock();
    expect(await readStanding(nour.store())).toMatchObject({ record: { failures: 0 } });
  });

  it("stretches no password that could not be counted", async () => {
    const { nour, device } = await start("full");
    device.lock();
    const before = nour.stretched();
    nour.fates.push("full");
    const answer = await orStoreFull(() => unlock(nour.ports, password, nour.tell));
    expect(answer).toEqual(err({ type: "StoreFull" }));
    expect(nour.stretched()).toBe(before);
  });

  it("takes the account secret away after ten failures; the kit opens all again, with what waited", async () => {
    const { nour, device, kit } = await start("ten");
    await device.unlocked.records.write("record/waits", "sealed words");
    const id = device.unlocked.deviceVault().device;
    device.lock();
    const standing = await readStanding(nour.store());
    const secret = standing.kind === "locked" ? latin1(exposeSecret(standing.record.accountSecret)) : "";
    expect(storedText(nour)).toContain(secret);
    for (let left = 9; left > 0; left--) await unlock(nour.ports, wrong, nour.tell);
    expect(await unlock(nour.ports, wrong, nour.tell)).toEqual(err({ type: "Emptied" }));
    nour.restart();
    expect(storedText(nour)).not.toContain(secret);
    expect(nour.store().contents().has("account-vault")).toBe(false);
    expect(await readStanding(nour.store())).toEqual({ kind: "emptied", language: "ckb" });
    expect(await readLanguage(nour.store())).toBe("ckb");
    await setLanguage(nour.store(), "ar");
    expect(await readLanguage(nour.store())).toBe("ckb");
    const stretched = nour.stretched();
    expect(await unlock(nour.ports, password, nour.tell)).toEqual(err({ type: "Emptied" }));
    expect(nour.stretched()).toBe(stretched);

    const badly = await enrolWithKit(nour.ports, { digits: kit, password: wrong, language: "ar" }, nour.tell);
    expect(badly).toEqual(err({ type: "SealedOtherwise" }));
    const again = await enrolWithKit(nour.ports, { digits: kit, password, language: "ar" }, nour.tell);
    if (!again.ok) throw new Error(again.error.type);
    expect(await again.value.unlocked.records.read("record/waits")).toBe("sealed words");
    expect(again.value.unlocked.deviceVault().device).toBe(id);
    expect(again.value.unlocked.organisation()).toEqual(device.unlocked.organisation());
    again.value.lock();
    (await opened(nour)).lock();
  });

  it("gives no further try to whoever lets the tenth go without its answer", async () => {
    const { nour, device } = await start("tenth");
    device.lock();
    const stopping = { ...nour.ports, kdf: () => Promise.reject(new Error("Switched off.")) };
    for (let each = 0; each < 10; each++) await expect(unlock(stopping, wrong, nour.tell)).rejects.toThrow();
    expect(await unlock(nour.ports, password, nour.tell)).toEqual(err({ type: "Emptied" }));
    expect((await readStanding(nour.store())).kind).toBe("emptied");
  });

  it("needs the kit when the account record was spoiled", async () => {
    const { nour, device } = await start("spoiled");
    device.lock();
    const record = nour.store().contents().get("account") ?? new Uint8Array();
    for (const value of [record.slice(1), fromAscii("nothing"), new Uint8Array()]) {
      await nour.store().write([{ name: "account", value }]);
      expect((await readStanding(nour.store())).kind).toBe("emptied");
    }
  });

  it("tells a damaged or newer vault from a wrong password", async () => {
    const { nour, device } = await start("damaged");
    device.lock();
    const honest = nour.store().contents();
    const vault = honest.get("device-vault") ?? new Uint8Array();
    const newer = vault.slice();
    newer[1] = 2;
    await nour.store().write([{ name: "device-vault", value: newer }]);
    expect(await unlock(nour.ports, password, nour.tell)).toEqual(err({ type: "Newer" }));
    await nour.store().write([{ name: "device-vault", value: fromAscii("nothing") }]);
    expect(await unlock(nour.ports, password, nour.tell)).toEqual(err({ type: "StorageDamaged" }));
    nour.restart(honest);
    const spoiled = (honest.get("account-vault") ?? new Uint8Array()).slice();
    spoiled[spoiled.length - 1] = (spoiled.at(-1) ?? 0) ^ 1;
    await nour.store().write([{ name: "account-vault", value: spoiled }]);
    expect(await unlock(nour.ports, password, nour.tell)).toEqual(err({ type: "StorageDamaged" }));
  });

  it("keeps the language of the screen that asks for the password", async () => {
    const { nour, device } = await start("language");
    device.lock();
    await setLanguage(nour.store(), "kmr");
    expect(await readLanguage(nour.store())).toBe("kmr");
    (await opened(nour)).lock();
    expect(await readStanding(nour.store())).toMatchObject({ record: { language: "kmr" } });
  });
});

describe("locking", () => {
  it("clears every key, and ends what is under way", async () => {
    const { world, nour, device } = await start("lock");
    const { unlocked } = device;
    const { own, account } = unlocked;
    let lockNow = (): void => undefined;
    const locking: Carrier = {
      call: async (name, token, bytes) => {
        lockNow();
        return world.server.call(name, token, bytes);
      },
    };
    const slow = { ...nour.ports, transport: locking };
    device.lock();
    const answer = await unlock(slow, password, nour.tell);
    if (!answer.ok) throw new Error(answer.error.type);
    lockNow = answer.value.lock;
    const call = whileUnlocked(answer.value.unlocked, () => listDevices(answer.value.unlocked));
    expect(await call).toEqual(err({ type: "Locked" }));
    expect(await whileUnlocked(unlocked, () => listDevices(unlocked))).toEqual(err({ type: "Locked" }));
    const secrets = [own.identityKey.seed, own.receivingKey.seed, own.ownDevicesKey, account.unlockKey];
    for (const secret of [...secrets, unlocked.deviceVault().storageKey])
      expect(() => exposeSecret(secret)).toThrow("after it had been cleared");
    await expect(unlocked.records.read("record/organisation")).rejects.toThrow();
  });

  it("hides no mistake of ours while the device is open", async () => {
    const { device } = await start("mistake");
    const mistaken = whileUnlocked(device.unlocked, () => Promise.reject(new Error("Our own mistake.")));
    await expect(mistaken).rejects.toThrow("Our own mistake.");
    await expect(orStoreFull(() => Promise.reject(new Error("Another.")))).rejects.toThrow("Another.");
    expect(await whileUnlocked(device.unlocked, () => Promise.resolve(ok(1)))).toEqual(ok(1));
    const { device: other } = await start("locks itself");
    const locking = whileUnlocked(other.unlocked, () => {
      other.lock();
      return Promise.resolve(ok("done just before"));
    });
    expect(await locking).toEqual(err({ type: "Locked" }));
    const full = Object.assign(new Error("Full."), { type: "StoreFull" });
    expect(await whileUnlocked(device.unlocked, () => Promise.reject(full))).toEqual(err({ type: "StoreFull" }));
  });
});

const minutesPerYear = 60 * 24 * 365;
const hours = 3_600_000;

describe("time on a device", () => {
  it("never goes back behind what was written here; a difference of more than five minutes is told", async () => {
    const { world, nour, device } = await start("clock");
    const written = device.unlocked.now();
    await nour.store().write([...(await device.unlocked.floorChanges())]);
    device.lock();
    world.pass(-5);
    const within = await opened(nour);
    expect(within.unlocked.now()).toBe(written);
    expect(nour.notices).toEqual([]);
    within.lock();
    world.pass(-minutesPerYear);
    const behind = await opened(nour);
    expect(behind.unlocked.now()).toBe(written);
    expect(nour.notices).toEqual([{ type: "ClockBehind" }]);
    world.pass(minutesPerYear + 7);
    expect(behind.unlocked.now()).toBe(world.now());
    expect(await behind.unlocked.floorChanges()).toHaveLength(1);
  });

  it("goes on when a clock that was years ahead is put right, told at once and also after locking", async () => {
    const { world, nour, device } = await start("put right");
    world.pass(5 * minutesPerYear);
    const ahead = device.unlocked.now();
    world.pass(-5 * minutesPerYear);
    expect(device.unlocked.now()).toBe(ahead);
    expect(nour.notices).toEqual([{ type: "ClockBehind" }]);
    world.pass(60);
    expect(device.unlocked.now()).toBe(later(ahead, hours));
    await nour.store().write([...(await device.unlocked.floorChanges())]);
    device.lock();
    world.pass(20 * 60);
    const again = await opened(nour);
    expect(again.unlocked.now()).toBe(later(ahead, 21 * hours));
    world.pass(60);
    expect(again.unlocked.now()).toBe(later(ahead, 22 * hours));
    expect(nour.notices).toEqual([{ type: "ClockBehind" }, { type: "ClockBehind" }]);
  });

  it("takes no leap from one wrong time to another for time that has passed", async () => {
    const { world, device } = await start("leap");
    const written = device.unlocked.now();
    world.pass(-9 * minutesPerYear);
    expect(device.unlocked.now()).toBe(written);
    world.pass(4 * minutesPerYear);
    expect(device.unlocked.now()).toBe(later(written, 24 * hours));
  });

  it("stands still while the clock is some hours behind, so that the difference ends", async () => {
    const { world, device } = await start("wrong zone");
    const written = device.unlocked.now();
    world.pass(-3 * 60);
    expect(device.unlocked.now()).toBe(written);
    world.pass(2 * 60);
    expect(device.unlocked.now()).toBe(written);
    world.pass(61);
    expect(device.unlocked.now()).toBe(later(written, hours / 60));
  });

  it("has no floor before anything was written", async () => {
    const { device } = await start("no floor");
    expect(await device.unlocked.floorChanges()).toEqual([]);
  });
});

describe("erasing a device", () => {
  it("leaves nothing, and takes the keys first", async () => {
    const { world, nour, device } = await start("erase");
    const many = Array.from({ length: 1200 }, (_, at) => ({ name: `draft/log/${at}`, value: new Uint8Array(3) }));
    await nour.store().write(many);
    device.lock();
    nour.fates.push("crash-after");
    await expect(eraseDevice(nour.ports.store)).rejects.toThrow("crashed");
    nour.restart();
    const left = [...nour.store().contents().keys()];
    expect(left.filter((name) => !name.startsWith("draft/") && !name.startsWith("record/"))).toEqual([]);
    expect(left.length).toBeGreaterThan(1000);
    expect(await readStanding(nour.store())).toEqual({ kind: "new" });
    await foundWith(world, nour);
    expect(nour.store().contents().has("draft/log/7")).toBe(false);
    await eraseDevice(nour.ports.store);
    expect(nour.store().contents().size).toBe(0);
  });
});
