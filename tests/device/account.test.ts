/** An account's life on its devices, against an honest server behind a network that loses things. */

import { assert, err, ok } from "@amana/kernel";
import { fromAscii, toHex, type Bytes } from "@amana/log";
import {
  answerInvitation,
  encodeInvitation,
  exposeSecret,
  headsToCompare,
  makeAccountVault,
  makeInvitation,
  parseAnswer,
  printDigits,
  wordsToCompare,
} from "@amana/vault";
import { openDevice } from "@amana/device";
import { describe, expect, it } from "vitest";
import { acceptInvitation, wordsOfOwnAnswer } from "../../packages/device/src/account/accept-invitation.ts";
import { readLanguage, readStanding, setLanguage } from "../../packages/device/src/account/account-record.ts";
import {
  changePassword,
  finishPasswordChange,
  takeNewPassword,
} from "../../packages/device/src/account/change-password.ts";
import { listDevices, readKit, signOut } from "../../packages/device/src/account/devices.ts";
import { enrolWithKit, newDeviceId } from "../../packages/device/src/account/enrol-with-kit.ts";
import { finishEnrolment } from "../../packages/device/src/account/enrolment.ts";
import { eraseDevice } from "../../packages/device/src/account/erase-device.ts";
import { found } from "../../packages/device/src/account/found.ts";
import type { OpenedDevice } from "../../packages/device/src/account/opened-device.ts";
import { unlock } from "../../packages/device/src/account/unlock.ts";
import { orStoreFull, whileUnlocked } from "../../packages/device/src/account/while-unlocked.ts";
import {
  foundWith,
  makeAccountWorld,
  otherPassword,
  password,
  ruleFor,
  type AccountWorld,
  type Handset,
} from "./account-world.ts";
import type { Carrier } from "./memory-server.ts";

const wrong = "nobody would ever guess at these words";

const opened = async (handset: Handset, given = password): Promise<OpenedDevice> => {
  const answer = await unlock(handset.ports, given, handset.tell);
  if (!answer.ok) throw new Error(answer.error.type);
  return answer.value;
};

/** What the store of a handset holds, as a thief would read it. */
const storedText = (handset: Handset): string =>
  [...handset.store().contents().values()].map((value) => Buffer.from(value).toString("latin1")).join("\n");

const latin1 = (bytes: Bytes): string => Buffer.from(bytes).toString("latin1");

const start = async (
  seed: string,
): Promise<{ world: AccountWorld; nour: Handset; device: OpenedDevice; kit: string }> => {
  const world = makeAccountWorld(seed);
  const nour = world.handset("nour");
  const { device, kit } = await foundWith(world, nour);
  return { world, nour, device, kit };
};

const notSignedIn = err({ type: "Refused", code: "NotSignedIn", afterSeconds: undefined });

describe("founding an organisation", () => {
  it("makes an account, an organisation and a printed kit", async () => {
    const { world, nour, device, kit } = await start("founding");
    expect(kit).toMatch(/^\d{54}$/);
    expect(await readKit(device.unlocked)).toBe(kit);
    const organisation = device.unlocked.organisation();
    expect(organisation?.root).toBe(device.unlocked.expected.root);
    expect(organisation?.person).toMatch(/^[0-9a-f]{32}$/);
    expect([...world.server.state.logs.values()][0]?.tip).toBe(organisation?.root);
    expect(await readStanding(nour.store())).toMatchObject({ kind: "locked", record: { stage: "enrolled" } });
    expect(await finishEnrolment(device)).toEqual(ok("done"));
  });

  it("leaves nothing in clear on the device but the account id, its secret and the language", async () => {
    const { nour, device } = await start("clear");
    const { own, deviceVault } = device.unlocked;
    await device.unlocked.ask("list-devices", {});
    const text = storedText(nour);
    for (const secret of [own.identityKey.seed, own.receivingKey.seed, own.ownDevicesKey, deviceVault().storageKey])
      expect(text).not.toContain(latin1(exposeSecret(secret)));
    expect(text).not.toContain(latin1(fromAscii(password)));
    expect(text).not.toContain(latin1(exposeSecret(device.unlocked.account.unlockKey)));
  });

  it.each(["lost-before", "lost-after", "answer-cut"] as const)(
    "loses no account when the request or its answer is %s: the same bytes are sent again, also after a restart",
    async (fault) => {
      const world = makeAccountWorld(`lost ${fault}`);
      const nour = world.handset("nour");
      nour.faults.push(fault);
      const first = await foundWith(world, nour);
      expect(first.enrolment).toBe("waiting");
      first.device.lock();
      nour.restart();
      const again = await opened(nour);
      nour.faults.push(fault);
      expect(await finishEnrolment(again)).toEqual(ok("waiting"));
      expect(await finishEnrolment(again)).toEqual(ok("done"));
      const sent = world.server.heard.map(toHex).filter((text) => text.length > 4000);
      expect(new Set(sent).size).toBe(1);
      expect(world.server.state.accounts.size).toBe(1);
      expect(await again.unlocked.ask("list-devices", {})).toMatchObject({ ok: true });
    },
  );

  it("finds its own account where the server says that the code is used already", async () => {
    const { world, nour, device } = await start("used");
    // What the server did is not known here, as after a lost answer; and this server does not know the bytes again.
    device.lock();
    const code = world.server.makeSetUpCode();
    const forgetful: Carrier = {
      call: async (name, token, bytes) => {
        const answer = await world.server.call(name, token, bytes);
        if (name !== "found") return answer;
        return err({ type: "Refused", code: "AlreadyUsed", afterSeconds: undefined });
      },
    };
    const azad = world.handset("azad", forgetful);
    const enrolled = await found(azad.ports, ruleFor(azad), { code, password, language: "en" }, azad.tell);
    expect(enrolled).toMatchObject({ ok: true, value: { enrolment: "done" } });
    expect(nour.notices).toEqual([]);
  });

  it("leaves the device new when the code founds nothing", async () => {
    const world = makeAccountWorld("wrong code");
    const nour = world.handset("nour");
    const founding = { code: new Uint8Array(32), password, language: "en" };
    const refused = await found(nour.ports, ruleFor(nour), founding, nour.tell);
    expect(refused).toEqual(err({ type: "EnrolmentRefused", code: "NotForYou" }));
    expect(nour.store().contents().size).toBe(0);
    const code = world.server.makeSetUpCode();
    await foundWith(world, world.handset("hevi"));
    world.server.state.setUpCodes.set(toHex(code), "another account");
    const used = await found(nour.ports, ruleFor(nour), { ...founding, code }, nour.tell);
    expect(used).toEqual(err({ type: "EnrolmentRefused", code: "AlreadyUsed" }));
  });

  it("keeps what waits when a later answer is a refusal, until the person gives up", async () => {
    const world = makeAccountWorld("refused later");
    const nour = world.handset("nour");
    nour.faults.push("lost-before");
    const { device } = await foundWith(world, nour);
    world.server.state.setUpCodes.clear();
    expect(await finishEnrolment(device)).toEqual(err({ type: "EnrolmentRefused", code: "NotForYou" }));
    expect(await readStanding(nour.store())).toMatchObject({ kind: "locked", record: { stage: "enrolling" } });
  });

  it("waits when the server is busy or its answer to signing in is lost", async () => {
    const world = makeAccountWorld("busy");
    let code: "NotNow" | "AlreadyUsed" = "NotNow";
    const busy: Carrier = {
      call: (name) =>
        Promise.resolve(
          name === "found" ? err({ type: "Refused", code, afterSeconds: 30 }) : err({ type: "Unreachable" }),
        ),
    };
    const nour = world.handset("nour", busy);
    const { device, enrolment } = await foundWith(world, nour);
    expect(enrolment).toBe("waiting");
    code = "AlreadyUsed";
    expect(await finishEnrolment(device)).toEqual(ok("waiting"));
  });

  it("is refused on a device with an account, and with a weak password", async () => {
    const { world, nour } = await start("refused");
    const code = world.server.makeSetUpCode();
    const again = await found(nour.ports, ruleFor(nour), { code, password, language: "en" }, nour.tell);
    expect(again).toEqual(err({ type: "AlreadyEnrolled" }));
    const azad = world.handset("azad");
    const short = await found(azad.ports, ruleFor(azad), { code, password: "1234", language: "en" }, azad.tell);
    expect(short).toEqual(err({ type: "WeakPassword", why: "too-short" }));
    const simple = { code, password: "aaaaaaaaaaaaaaaaaaaa", language: "en" };
    expect(await found(azad.ports, ruleFor(azad), simple, azad.tell)).toEqual(
      err({ type: "WeakPassword", why: "too-simple" }),
    );
  });

  it("takes a password that the device has made, in whatever digits it is typed", async () => {
    const world = makeAccountWorld("made");
    for (let each = 0; each < 8; each++) {
      const nour = world.handset(`nour ${each}`);
      const rule = ruleFor(nour);
      const made = rule.suggest();
      expect(made).toMatch(/^(\d{4} ){4}\d{4}$/);
      const typed = made.replace(/\d/g, (digit) => printDigits(digit, "arabic"));
      const founding = { code: world.server.makeSetUpCode(), password: typed, language: "ar" };
      const enrolled = await found(nour.ports, rule, founding, nour.tell);
      expect(enrolled.ok).toBe(true);
      if (enrolled.ok) enrolled.value.device.lock();
      await opened(nour, made);
    }
  });
});

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

describe("accepting an invitation", () => {
  const invite = async (world: AccountWorld, device: OpenedDevice): Promise<Bytes> => {
    const { root } = device.unlocked.expected;
    const inviter = device.unlocked.own.identityKey.keyId;
    const about = { root, organisationHead: root, inviter };
    const invitation = makeInvitation(about, device.unlocked.ports.randomness, world.now(), 60);
    const answer = await answerInvitation(invitation, await makeAccountVault(device.unlocked.ports.randomness));
    const { invitationId } = answer;
    await device.unlocked.ask("open-invitation", { invitation: invitationId, expiresAt: invitation.expiresAt });
    return encodeInvitation(invitation);
  };

  it("answers with this person's keys; both sides have the same words to compare", async () => {
    const { world, device } = await start("accept");
    const bytes = await invite(world, device);
    const azad = world.handset("azad");
    const accepting = { invitation: bytes, password: otherPassword, language: "ar" };
    azad.faults.push("lost-after");
    const accepted = await acceptInvitation(azad.ports, ruleFor(azad), accepting, azad.tell);
    if (!accepted.ok) throw new Error(accepted.error.type);
    expect(accepted.value.enrolment).toBe("waiting");
    expect(await finishEnrolment(accepted.value.device)).toEqual(ok("done"));
    const { unlocked } = accepted.value.device;
    expect(unlocked.expected).toEqual({ root: device.unlocked.expected.root, head: device.unlocked.expected.root });
    expect(unlocked.organisation()).toBeUndefined();
    expect(await wordsOfOwnAnswer(unlocked)).toEqual(accepted.value.words);
    expect(await wordsOfOwnAnswer(device.unlocked)).toBeUndefined();

    const answers = await device.unlocked.ask("read-answers", {});
    const answer = parseAnswer(answers.ok ? (answers.value.answers[0]?.answer ?? new Uint8Array()) : new Uint8Array());
    if (!answer.ok) throw new Error(answer.error.type);
    expect(wordsToCompare(answer.value)).toEqual(accepted.value.words);
    expect(toHex(answer.value.identityPublic)).toBe(toHex(unlocked.own.identityKey.publicKey));
    accepted.value.device.lock();
    azad.restart();
    const again = await opened(azad, otherPassword);
    expect(again.unlocked.expected).toEqual(unlocked.expected);
  });

  it("is refused when it is over, when it is none, and when the device has an account", async () => {
    const { world, nour, device } = await start("accept refused");
    const bytes = await invite(world, device);
    const azad = world.handset("azad");
    const accepting = { invitation: bytes, password: otherPassword, language: "ar" };
    const none = { ...accepting, invitation: bytes.slice(1) };
    expect(await acceptInvitation(azad.ports, ruleFor(azad), none, azad.tell)).toEqual(
      err({ type: "NotAnInvitation" }),
    );
    expect(await acceptInvitation(nour.ports, ruleFor(nour), accepting, nour.tell)).toEqual(
      err({ type: "AlreadyEnrolled" }),
    );
    world.pass(61);
    expect(await acceptInvitation(azad.ports, ruleFor(azad), accepting, azad.tell)).toEqual(
      err({ type: "InvitationExpired" }),
    );
    expect(azad.store().contents().size).toBe(0);
  });

  it("leaves the device new when somebody else has answered", async () => {
    const { world, device } = await start("answered");
    const bytes = await invite(world, device);
    const accepting = { invitation: bytes, password: otherPassword, language: "ar" };
    const [azad, rami] = [world.handset("azad"), world.handset("rami")];
    expect((await acceptInvitation(azad.ports, ruleFor(azad), accepting, azad.tell)).ok).toBe(true);
    expect(await acceptInvitation(rami.ports, ruleFor(rami), accepting, rami.tell)).toEqual(
      err({ type: "EnrolmentRefused", code: "AlreadyUsed" }),
    );
    expect(rami.store().contents().size).toBe(0);
  });
});

describe("enrolling with the kit", () => {
  it("leaves no further device behind when an answer was lost on the way", async () => {
    const { world, kit } = await start("kit lost");
    const tablet = world.handset("tablet");
    const enrolling = { digits: kit, password, language: "en" };
    const device = newDeviceId(tablet.ports.randomness);
    const [account] = [...world.server.state.accounts.values()];
    assert(account !== undefined, "The kit is of an account.");
    const before = account.devices.size;
    // A vault that does not open: the device is signed out again. The answer to the signing in: the next attempt has the same id.
    const { vault } = account;
    account.vault = new Uint8Array(9);
    const damaged = await enrolWithKit(tablet.ports, enrolling, tablet.tell, device);
    expect(damaged).toEqual(err({ type: "AccountVaultDamaged" }));
    expect(account.devices.size).toBe(before);
    account.vault = vault;
    tablet.faults.push("none", "lost-after");
    expect((await enrolWithKit(tablet.ports, enrolling, tablet.tell, device)).ok).toBe(false);
    expect((await enrolWithKit(tablet.ports, enrolling, tablet.tell, device)).ok).toBe(true);
    expect(account.devices.size).toBe(before + 1);
  });

  it("is tried again by the same program under the same id", async () => {
    const { world, kit } = await start("kit again");
    const tablet = world.handset("tablet");
    const enrolling = { digits: kit, password, language: "en" };
    const [account] = [...world.server.state.accounts.values()];
    const before = account?.devices.size ?? 0;
    const running = openDevice(tablet.ports);
    tablet.faults.push("none", "lost-after");
    expect((await running.enrolWithKit(enrolling)).ok).toBe(false);
    expect((await running.enrolWithKit(enrolling)).ok).toBe(true);
    expect(account?.devices.size).toBe(before + 1);
  });

  it("opens the same account on a further device, under an id of its own", async () => {
    const { world, device, kit } = await start("kit");
    const tablet = world.handset("tablet");
    await tablet.store().write([{ name: "draft/left/1", value: fromAscii("of an earlier account") }]);
    const digits = printDigits(kit, "arabic");
    const enrolled = await enrolWithKit(tablet.ports, { digits, password, language: "ckb" }, tablet.tell);
    if (!enrolled.ok) throw new Error(enrolled.error.type);
    const { unlocked } = enrolled.value;
    expect(unlocked.own.identityKey.keyId).toBe(device.unlocked.own.identityKey.keyId);
    expect(toHex(exposeSecret(unlocked.own.ownDevicesKey))).toBe(
      toHex(exposeSecret(device.unlocked.own.ownDevicesKey)),
    );
    expect(unlocked.deviceVault().device).not.toBe(device.unlocked.deviceVault().device);
    expect(unlocked.expected).toEqual({ root: device.unlocked.expected.root, head: undefined });
    expect(tablet.store().contents().has("draft/left/1")).toBe(false);
    const listed = await listDevices(unlocked);
    expect(listed.ok && listed.value.map(({ isThis }) => isThis)).toEqual([true]);
    await device.unlocked.ask("list-devices", {});
    const both = await listDevices(unlocked);
    expect(both.ok && both.value).toHaveLength(2);
    expect(headsToCompare(new Map())).toHaveLength(6);
  });

  it("is refused with wrong digits, a wrong password, or where an account is", async () => {
    const { world, nour, kit } = await start("kit refused");
    const tablet = world.handset("tablet");
    const swapped = kit.slice(0, 10) + String((Number(kit[10]) + 1) % 10) + kit.slice(11);
    const enrolling = { digits: kit, password, language: "en" };
    expect(await enrolWithKit(tablet.ports, { ...enrolling, digits: swapped }, tablet.tell)).toEqual(
      err({ type: "WrongGroup", group: 2 }),
    );
    expect(await enrolWithKit(tablet.ports, { ...enrolling, password: wrong }, tablet.tell)).toEqual(
      err({ type: "WrongKitOrPassword" }),
    );
    expect(await enrolWithKit(nour.ports, enrolling, nour.tell)).toEqual(err({ type: "AlreadyEnrolled" }));
    tablet.faults.push("lost-before");
    expect(await enrolWithKit(tablet.ports, enrolling, tablet.tell)).toEqual(err({ type: "Unreachable" }));
    tablet.faults.push("none", "lost-after");
    expect(await enrolWithKit(tablet.ports, enrolling, tablet.tell)).toEqual(err({ type: "Unreachable" }));
    expect(tablet.store().contents().size).toBe(0);
  });

  it("refuses an account vault that is another's, or older than one this device has seen", async () => {
    const { world, nour, device, kit } = await start("kit hostile");
    const account = [...world.server.state.accounts.values()][0];
    if (account === undefined) throw new Error("The account is not there.");
    const older = account.vault;
    expect(await changePassword(device, ruleFor(nour), { current: password, next: otherPassword })).toEqual(
      ok(undefined),
    );
    device.lock();
    for (let each = 0; each < 10; each++) await unlock(nour.ports, wrong, nour.tell);
    const enrolling = { digits: kit, password: otherPassword, language: "en" };
    const newest = account.vault;
    account.vault = older;
    expect(await enrolWithKit(nour.ports, enrolling, nour.tell)).toEqual(err({ type: "AccountVaultDamaged" }));
    account.vault = newest;
    expect((await enrolWithKit(nour.ports, enrolling, nour.tell)).ok).toBe(true);
  });
});

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
    world.pass(-60 * 24 * 365);
    const behind = await opened(nour);
    expect(behind.unlocked.now()).toBe(written);
    expect(nour.notices).toEqual([{ type: "ClockDiffers", minutes: 60 * 24 * 365 + 5 }]);
    world.pass(60 * 24 * 365 + 7);
    expect(behind.unlocked.now()).toBe(world.now());
    expect(await behind.unlocked.floorChanges()).toHaveLength(1);
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
