/** What both rows of ours stand on: the whole server on its SQLite file, and devices as they ship, with their store in a file. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { deviceOver, makeCore, type Device } from "@amana/device";
import { openDiskStore } from "@amana/device/disk";
import { err, later, ok, type Result } from "@amana/kernel";
import { fromAscii, sha256 } from "@amana/log";
import { authorizationOf, decodeRefusal, type Transport } from "@amana/sync";
import { platformDeflate, platformRandomness } from "@amana/vault";
import { at } from "../../apps/server/src/testing/people.ts";
import { runServer } from "../../apps/server/src/testing/running-server.ts";
import { origin } from "../../apps/server/src/testing/world.ts";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import type { Unlocked } from "../../packages/device/src/unlocked.ts";
import { cheapKdf } from "../../packages/vault/src/testing/world.ts";
import type { ExchangePeer } from "./peer.ts";

const code = sha256(fromAscii("the benchmark's own set-up code"));
const password = "the river runs past four white houses";
export const now = at("2026-11-21T09:00:00Z");

/** Sealed, a note of this length is an entry of about 600 bytes. */
export const noteBytes = 150;

export const durability: ExchangePeer["durability"] = {
  isSynced: true,
  because: "its store is SQLite with synchronous = FULL, and it answers after the commit",
};

export const startServer = async (folder: string): Promise<number> => {
  const running = await runServer({ DATA: folder });
  await running.storage.addSetUpCode({ codeHash: sha256(code), expiresAt: later(now, 3_600_000) });
  return running.listen();
};

export type OpenedDevice = { readonly device: Device; readonly unlocked: () => Unlocked };

/** Only stretching the password is left out, which takes the same time whatever is fetched. */
export const newDevice = (port: number, folder: string): OpenedDevice => {
  mkdirSync(folder, { recursive: true });
  const store = openDiskStore(join(folder, "store"));
  if (!store.ok) throw new Error("The benchmark's own store does not open.");
  const core = makeCore({
    store: store.value,
    transport: overHttp(port),
    clock: () => now,
    randomness: platformRandomness,
    kdf: cheapKdf,
    deflate: platformDeflate,
    guidance: { assess: adviceFor },
    origin,
  });
  return { device: deviceOver(core), unlocked: () => core.opened()?.unlocked ?? absent() };
};

/** Gives the kit with which other devices of this person enrol. */
export const found = async ({ device }: OpenedDevice): Promise<string> =>
  (await must(device.found({ code, password, language: "en" }))).kit;

export const enrol = async ({ device }: OpenedDevice, digits: string): Promise<void> => {
  await must(device.enrolWithKit({ digits, password, language: "en" }));
};

export const accept = async ({ device }: OpenedDevice, invitation: Uint8Array<ArrayBuffer>): Promise<void> => {
  await must(device.acceptInvitation({ invitation, password, language: "en" }));
};

export const absent = (): never => {
  throw new Error("Something that the benchmark has put there is not there.");
};

export const must = async <T>(answer: Promise<Result<T, unknown>>): Promise<T> => {
  const answered = await answer;
  if (!answered.ok) throw new Error(`A step of the benchmark was refused: ${JSON.stringify(answered.error)}`);
  return answered.value;
};

export const overHttp = (port: number): Transport => ({
  call: async (name, token, body) => {
    const authorization = token === undefined ? {} : { authorization: authorizationOf(token) };
    const headers = { "content-type": "application/octet-stream", ...authorization };
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/api/${name}`, { method: "POST", headers, body });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return answer.ok ? ok(bytes) : err(decodeRefusal(bytes) ?? { type: "Unreachable" });
    } catch {
      return err({ type: "Unreachable" });
    }
  },
});
