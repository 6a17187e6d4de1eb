/** A device by its one face: what an app sees of it. */

import { err, later, type Instant } from "@amana/kernel";
import { platformDeflate } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { openCase, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { startAt } from "../../packages/casefile/src/testing/people.ts";
import {
  isStoreFull,
  makeMemoryStore,
  openDevice,
  storeFull,
  type Device,
  type DeviceChange,
  type DevicePorts,
} from "../../packages/device/src/index.ts";
import { cheapKdf, seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { invite, makeCaseWorld, must, openNewCase, syncAll } from "./case-world.ts";
import { connect } from "./failing-network.ts";
import { makeMemoryServer } from "./memory-server.ts";

const origin = "https://amana.example";
const password = "the river runs past four white houses";
const otherPassword = "a blue kettle sings before the seventh morning";

const alone = (seed: string): { device: Device; ports: DevicePorts; code: Uint8Array<ArrayBuffer> } => {
  const clock = (): Instant => startAt;
  const server = makeMemoryServer({ clock, randomness: seededRandomness(`${seed} server`), origin });
  const ports: DevicePorts = {
    store: makeMemoryStore(),
    transport: connect(server),
    clock,
    randomness: seededRandomness(seed),
    kdf: cheapKdf,
    deflate: platformDeflate,
    guidance: { assess: adviceFor },
    origin,
  };
  return { device: openDevice(ports), ports, code: server.makeSetUpCode() };
};

describe("a device", () => {
  it("goes through its phases, and tells of each", async () => {
    const { device, ports, code } = alone("phases");
    const changes: DeviceChange[] = [];
    const stop = device.onChange((change) => changes.push(change));
    expect(await device.phase()).toBe("new");
    expect(await device.viewCase("00".repeat(16) as never)).toEqual({ ok: false, error: { type: "Locked" } });
    expect(device.checkPassword("short")).toMatchObject({ ok: false, error: { type: "WeakPassword" } });
    expect(device.checkPassword(device.suggestPassword())).toMatchObject({ ok: true });
    expect(await device.found({ code, password: "short", language: "ckb" })).toMatchObject({
      error: { type: "WeakPassword" },
    });
    const { kit, enrolment } = must(await device.found({ code, password, language: "ckb" }));
    expect(enrolment).toBe("done");
    expect(must(await device.kit())).toBe(kit);
    expect(device.checkKit(kit)).toMatchObject({ ok: true });
    expect(device.checkKit(kit.slice(1))).toMatchObject({ ok: false, error: { type: "WrongLength" } });
    expect(device.checkInvitation(new Uint8Array(8))).toMatchObject({ ok: false, error: { type: "NotAnInvitation" } });
    expect(await device.phase()).toBe("unlocked");
    must(await device.sync());
    await device.lock();
    expect(await device.phase()).toBe("locked");
    expect(await device.sync()).toMatchObject({ error: { type: "Locked" } });
    must(await device.setLanguage("ar"));
    expect(await device.language()).toBe("ar");
    expect(await device.unlock("nobody would ever guess at these words")).toMatchObject({
      error: { type: "WrongPassword" },
    });
    must(await device.unlock(password));
    must(await device.unlock(password));
    must(await device.changePassword({ current: password, next: otherPassword }));
    await device.lock();
    must(await openDevice(ports).unlock(otherPassword));
    stop();
    must(await device.unlock(otherPassword));
    const told = changes.flatMap((change) => (change.type === "phase" ? [change.phase] : []));
    expect(told).toEqual(["unlocked", "locked", "unlocked", "locked"]);
    expect(changes.filter(({ type }) => type === "sync")).toHaveLength(4);
  });

  it("is enrolled again with the kit, and takes a password that was changed elsewhere", async () => {
    const { device, ports, code } = alone("kit");
    const { kit } = must(await device.found({ code, password, language: "ckb" }));
    must(await device.sync());
    const second = openDevice({ ...ports, store: makeMemoryStore(), randomness: seededRandomness("second") });
    expect(await second.enrolWithKit({ digits: "123", password, language: "en" })).toMatchObject({ ok: false });
    must(await second.enrolWithKit({ digits: kit, password, language: "en" }));
    must(await second.sync());
    expect(must(await second.ownPerson())).toBe(must(await device.ownPerson()));
    expect(must(await second.listDevices())).toHaveLength(2);
    expect(must(await second.wordsOfOwnAnswer())).toBeUndefined();
    must(await second.changePassword({ current: password, next: otherPassword }));
    const told: string[] = [];
    device.onChange((change) => told.push(change.type === "phase" ? change.phase : change.type));
    expect(await device.sync()).toEqual(err({ type: "Locked" }));
    await expect.poll(() => told.filter((each) => each !== "sync")).toEqual(["signed-out", "locked"]);
    must(await device.unlock(password));
    expect(await device.sync()).toMatchObject({ error: { type: "Refused", code: "NotSignedIn" } });
    expect(await device.phase()).toBe("unlocked");
    must(await device.takeNewPassword(otherPassword));
    must(await device.sync());
    must(await device.signOut("everywhere"));
    expect(await device.sync()).toEqual(err({ type: "Locked" }));
    expect(await device.phase()).toBe("locked");
    must(await device.unlock(otherPassword));
    must(await device.sync());
    await device.erase();
    expect(await device.phase()).toBe("new");
  });

  it("stays locked, or erased, where that was asked for while the password was being stretched", async () => {
    const { ports, code } = alone("locked meanwhile");
    const device = openDevice(ports);
    must(await device.found({ code, password, language: "ckb" }));
    await device.lock();
    const opening = device.unlock(password);
    await device.lock();
    await opening;
    expect(await device.phase()).toBe("locked");
    expect(await device.kit()).toEqual(err({ type: "Locked" }));
    const again = device.unlock(password);
    await device.erase();
    await again;
    expect(await device.phase()).toBe("new");
    expect(await device.sync()).toEqual(err({ type: "Locked" }));
    expect(await ports.store.list("")).toEqual([]);
  });

  it("keeps nothing of what was being written while it was erased", async () => {
    const { ports, code } = alone("erased meanwhile");
    let [isReached, letGo] = [(): void => undefined, (): void => undefined];
    const reached = new Promise<void>((resolve) => {
      isReached = resolve;
    });
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let holds = false;
    const write: DevicePorts["store"]["write"] = async (changes) => {
      if (holds && changes.some(({ name }) => name === "record/choices")) {
        isReached();
        await held;
      }
      await ports.store.write(changes);
    };
    const device = openDevice({ ...ports, store: { ...ports.store, write } });
    must(await device.found({ code, password, language: "ckb" }));
    holds = true;
    const choosing = device.choose("digits", "arabic");
    await reached;
    const erasing = device.erase();
    // As long as erasing would take if it waited for nothing.
    for (let step = 0; step < 100; step++) await new Promise(setImmediate);
    letGo();
    await Promise.all([choosing, erasing]);
    expect(await ports.store.list("")).toEqual([]);
  });

  it("says what stands between it and its account while the server cannot be asked, and does not say that it is in step", async () => {
    const { ports, code } = alone("no answer");
    let isReachable = true;
    let isTaken = false;
    const transport: DevicePorts["transport"] = {
      call: (name, token, bytes) => {
        if (!isReachable) return Promise.resolve(err({ type: "Unreachable" }));
        if (name === "found" && isTaken)
          return Promise.resolve(err({ type: "Refused", code: "NotForYou", afterSeconds: undefined }));
        return ports.transport.call(name, token, bytes);
      },
    };
    const device = openDevice({ ...ports, transport });
    isReachable = false;
    expect(must(await device.found({ code, password, language: "ckb" })).enrolment).toBe("waiting");
    expect(must(await device.sync())).toEqual({ syncedAt: undefined, unsent: 0, stillToFetch: 0 });
    [isReachable, isTaken] = [true, true];
    expect(await device.sync()).toEqual(err({ type: "EnrolmentRefused", code: "NotForYou" }));
    isTaken = false;
    expect(must(await device.sync()).syncedAt).toBeDefined();
    isReachable = false;
    expect(await device.changePassword({ current: password, next: otherPassword })).toEqual(
      err({ type: "NoAnswerYet" }),
    );
    expect(await device.sync()).toEqual(err({ type: "NoAnswerYet" }));
    isReachable = true;
    must(await device.sync());
    await device.lock();
    must(await device.unlock(otherPassword));
  });

  it("shows a case now and as it was, and hands it out whole", async () => {
    const world = await makeCaseWorld("views");
    const { shilan } = world;
    const logId = await openNewCase(shilan);
    world.pass(60);
    must(await shilan.device().tell(logId, recordFact("age", "adult")));
    const before = must(await shilan.device().viewCaseAsOf(logId, later(world.now(), -60_000)));
    expect(before.facts.saidByFact.size).toBe(0);
    const view = must(await shilan.device().viewCase(logId));
    expect(view.state.facts.saidByFact.has("age")).toBe(true);
    expect(view.advice.facts).toMatchObject({ age: "adult" });
    expect(must(await shilan.device().exportCase(logId))).toMatchObject({ format: "amana-case", status: "open" });
    const nowhere = "ab".repeat(16) as never;
    for (const asked of [
      shilan.device().viewCase(nowhere),
      shilan.device().viewCaseAsOf(nowhere, startAt),
      shilan.device().exportCase(nowhere),
      shilan.device().tell(nowhere, openCase),
    ])
      expect(await asked).toEqual({ ok: false, error: { type: "CaseNotHeld" } });
  });

  it("gives and takes only what can travel between a worker and a page", async () => {
    const world = await makeCaseWorld("plain");
    const { shilan, nour } = world;
    const logId = await openNewCase(shilan);
    await syncAll(shilan, nour);
    const answers = [
      await shilan.device().viewCase(logId),
      await shilan.device().listCases(),
      await shilan.device().due(),
      await shilan.device().findCases({ names: ["Hala"], phones: [], ids: [] }),
      await shilan.device().syncState(),
      await shilan.device().exportCase(logId),
      await shilan.device().peopleWhoCanRead(logId),
      await shilan.device().organisation(),
      shilan.device().notices(),
    ];
    for (const answer of answers) expect(structuredClone(answer)).toEqual(answer);
  });

  it("says of a whole exchange at once what it says to the second who asks", async () => {
    const { shilan } = await makeCaseWorld("one exchange");
    const first = shilan.device().sync();
    expect(shilan.device().sync()).toBe(first);
    must(await first);
    expect(shilan.device().sync()).not.toBe(first);
  });

  it("waits for its organisation: who is not confirmed yet opens no case", async () => {
    const world = await makeCaseWorld("waiting");
    const rojin = world.handset("rojin");
    await invite(world.nour, rojin);
    expect(await rojin.device().openCase(openCase)).toMatchObject({ ok: false });
    expect(must(await rojin.device().listCases())).toEqual([]);
    expect(must(await rojin.device().due())).toEqual([]);
    must(await rojin.device().sync());
    must(await rojin.device().openCase(openCase));
  });

  it("names a full store as such", () => {
    expect(isStoreFull(storeFull())).toBe(true);
    expect(isStoreFull(new Error("else"))).toBe(false);
  });
});
