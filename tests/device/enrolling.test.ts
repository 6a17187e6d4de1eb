/** How an account comes onto a device, over a network that loses things: by founding, by an invitation, with the kit. */

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
import { readStanding } from "../../packages/device/src/account/account-record.ts";
import { changePassword } from "../../packages/device/src/account/change-password.ts";
import { listDevices, readKit } from "../../packages/device/src/account/devices.ts";
import { enrolWithKit, newDeviceId } from "../../packages/device/src/account/enrol-with-kit.ts";
import { finishEnrolment } from "../../packages/device/src/account/enrolment.ts";
import { found } from "../../packages/device/src/account/found.ts";
import type { OpenedDevice } from "../../packages/device/src/account/opened-device.ts";
import { unlock } from "../../packages/device/src/account/unlock.ts";
import {
  foundWith,
  latin1,
  makeAccountWorld,
  opened,
  otherPassword,
  password,
  ruleFor,
  start,
  storedText,
  wrong,
  type AccountWorld,
} from "./account-world.ts";
import type { Carrier } from "./memory-server.ts";

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
