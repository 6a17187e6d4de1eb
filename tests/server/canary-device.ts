/**
 * A program that lives a day of two people on devices as they ship, with everything real: disk store, Argon2id, HTTP. It
 * writes down what it is given, locks, and leaves a picture of its memory.
 *
 * It is given the texts in a file, so that they stand nowhere in the program itself; the secrets it held it leaves in another,
 * so that they can be searched for. `keep` as the last word keeps one text on purpose.
 */

import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { writeHeapSnapshot } from "node:v8";
import type { CaseCommand } from "@amana/casefile";
import { assert, isInstant, type Instant, type Result } from "@amana/kernel";
import type { Bytes, LogId } from "@amana/log";
import { argon2idKdf, exposeSecret, platformDeflate, platformRandomness, type Secret } from "@amana/vault";
import { fetchTransport } from "../../apps/casework/src/worker/transport.ts";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { codeOf } from "../../packages/casefile/src/testing/people.ts";
import { deviceOver, type Device } from "../../packages/device/src/device.ts";
import { makeCore, type Core } from "../../packages/device/src/faces/core.ts";
import { openDiskStore, type DiskStore } from "../../packages/device/src/node/disk-store.ts";
import type { Transport } from "../../packages/device/src/ports.ts";

const [address = "", origin = "", code = "", folder = "", mode = ""] = process.argv.slice(2);

type Own = { readonly core: Core; readonly device: Device; readonly store: DiskStore; isOnline: boolean };

const clock = (): Instant => {
  const now = Date.now();
  assert(isInstant(now), "The clock of this machine gives moments.");
  return now;
};

const open = (name: string): Own => {
  const store = openDiskStore(join(folder, `${name}.device`));
  assert(store.ok, "A new store opens.");
  const carrier = fetchTransport(address);
  const transport: Transport = {
    call: (...asked) =>
      own.isOnline ? carrier.call(...asked) : Promise.resolve({ ok: false, error: { type: "Unreachable" } } as const),
  };
  const core = makeCore({
    store: store.value,
    transport,
    clock,
    randomness: platformRandomness,
    kdf: argon2idKdf,
    deflate: platformDeflate,
    guidance: { assess: adviceFor },
    origin,
  });
  const own: Own = { core, device: deviceOver(core), store: store.value, isOnline: true };
  return own;
};

const must = async <T>(answer: Promise<Result<T, { readonly type: string }>>): Promise<T> => {
  const result = await answer;
  if (!result.ok) throw new Error(`A step was refused: ${result.error.type}`);
  return result.value;
};

const password = "the river runs past four white houses";

/** The key that signs in is gone with the first answer of the server; it is left behind while it is there. */
const leaveLoginKey = ({ core }: Own): void => {
  const loginKey = core.opened()?.unlocked.loginKey();
  assert(loginKey !== undefined, "It has not signed in yet.");
  leave([loginKey.seed]);
};

const leave = (secrets: readonly Secret<string>[]): void => {
  const file = openSync(join(folder, "secrets"), "a");
  for (const secret of secrets) writeSync(file, exposeSecret(secret) satisfies Bytes);
  closeSync(file);
};

const comeTogether = async (ofNour: Own, ofAzad: Own, name: string): Promise<void> => {
  const [nour, azad] = [ofNour.device, ofAzad.device];
  const founding = { code: new Uint8Array(Buffer.from(code, "base64url")), password, language: "ckb" };
  await must(nour.found(founding));
  leaveLoginKey(ofNour);
  await must(nour.sync());
  const { id, invitation } = await must(nour.openInvitation({ kind: "join", role: "caseworker" }, 60));
  await must(azad.acceptInvitation({ invitation, password, language: "ar" }));
  leaveLoginKey(ofAzad);
  const answer = (await must(nour.readAnswers())).find((each) => each.id === id);
  assert(answer !== undefined, "The answer is there.");
  await must(nour.confirmAnswer(id, answer.answer));
  await must(azad.sync());
  const person = await must(azad.ownPerson());
  assert(person !== undefined, "Azad was confirmed.");
  await must(nour.giveRole(person, "supervisor"));
  await must(nour.namePerson(person, name));
  await must(azad.sync());
  await must(nour.sync());
};

const openCase = async (nour: Device): Promise<LogId> => {
  const command: CaseCommand = {
    type: "OpenCase",
    code: codeOf("KRI-2026-0001"),
    searchedAt: clock(),
    limits: { kind: "told", wording: "adult", duties: [] },
  };
  const people = [...((await must(nour.organisation()))?.people.keys() ?? [])];
  const readers = people.map((person) => ({ kind: "person", person }) as const);
  return (await must(nour.openCase(command, readers))).logId;
};

/** All of a day: written, sent, read, searched for, taken out, and one thing not sent. */
const live = async (nour: Own, azad: Own): Promise<void> => {
  // The file holds a list of four texts and a name.
  const [one = "", two = "", three = "", four = "", name = ""] = JSON.parse(
    readFileSync(join(folder, "texts.json"), "utf8"),
  ) as string[];
  await comeTogether(nour, azad, name);
  const logId = await openCase(nour.device);
  await must(nour.device.tell(logId, { type: "RaiseRisk", level: "medium", because: one }));
  await must(nour.device.sync());
  await must(azad.device.sync());
  await must(azad.device.tell(logId, { type: "RecordRiskResponse", measures: two }));
  await must(azad.device.tell(logId, { type: "RaiseRisk", level: "high", because: three }));
  await must(azad.device.sync());
  await must(nour.device.sync());
  azad.isOnline = false;
  await must(azad.device.tell(logId, { type: "RecordRiskResponse", measures: four }));
  for (const { device } of [nour, azad]) {
    const view = JSON.stringify((await must(device.viewCase(logId))).state.history);
    assert(view.includes(one) && view.includes(three), "Both read what was written.");
    await must(device.findCases({ names: [name], phones: [], ids: [] }));
    await must(device.listCases());
    await must(device.due());
    await must(device.exportCase(logId));
  }
  if (mode === "keep") kept.push(one);
};

/** What a mistake would leave behind. */
const kept: string[] = [];

/** All that locking clears, as raw bytes, 32 of each; nothing of it stays in this program's memory. */
const leaveSecrets = (all: readonly Own[]): void => {
  for (const { core } of all) {
    const unlocked = core.opened()?.unlocked;
    assert(unlocked !== undefined, "Both are unlocked.");
    const { account, own, held } = unlocked;
    assert(unlocked.loginKey() === undefined, "Both are signed in, and hold the key for it no more.");
    const keys = [...held.values()].flatMap(({ record }) => [...record.keys.values()]);
    leave([
      account.unlockKey,
      own.identityKey.seed,
      own.receivingKey.seed,
      own.ownDevicesKey,
      unlocked.deviceVault().storageKey,
      ...keys,
    ]);
    assert(keys.length > 1, "The keys of the organisation and of the case are held.");
  }
};

const both = [open("nour"), open("azad")] as const;
await live(...both);
leaveSecrets(both);
for (const { device, store } of both) {
  await device.lock();
  assert((await device.phase()) === "locked", "Both are locked.");
  store.release();
}
assert(globalThis.gc !== undefined, "The program is started with a collector that it may call.");
for (let round = 0; round < 5; round++) {
  await setImmediate();
  globalThis.gc();
}
writeHeapSnapshot(join(folder, "heap.json"));
// The devices are held until here, and what was kept on purpose.
process.exitCode = both.length + kept.length > 3 ? 1 : 0;
