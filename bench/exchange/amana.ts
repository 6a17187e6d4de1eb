/** What both rows of ours stand on: the whole server on its SQLite file, and devices as they ship, with their store in a file. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { deviceOver, makeCore, type Device } from "@amana/device";
import { openDiskStore } from "@amana/device/disk";
import { err, later, ok, type Instant, type Result } from "@amana/kernel";
import { fromAscii, sha256 } from "@amana/log";
import { authorizationOf, decodeRefusal, type Transport } from "@amana/sync";
import { platformDeflate, platformRandomness } from "@amana/vault";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import type { Unlocked } from "../../packages/device/src/unlocked.ts";
import { cheapKdf } from "../../packages/vault/src/testing/world.ts";
import type { ExchangePeer } from "./peer.ts";

const code = sha256(fromAscii("the benchmark's own set-up code"));
const password = "the river runs past four white houses";
/** 2026-11-21T09:00:00Z. */
export const now = 1_795_251_600_000 as Instant; // A constant in milliseconds since 1970, as an Instant is.
/** What the server of the tests says of itself. A sign-in that is bound to another is refused. */
const origin = "https://amana.example.org";

/** Sealed, a note of this length is an entry of about 600 bytes. */
export const noteBytes = 150;

export const durability: ExchangePeer["durability"] = {
  isSynced: true,
  because: "its store is SQLite with synchronous = FULL, and it answers after the commit",
};

/** Loaded by the server's process alone: a device has none of it. */
export const startServer = async (folder: string): Promise<number> => {
  const { runServer } = await import("../../apps/server/src/testing/running-server.ts");
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

// Imported by its name it would bring all that it exports, a client of WebSockets with it, which is not used here.
const { Agent, request } = process.getBuiltinModule("node:http");

/** As a station without a browser would: by the platform's own client, over connections that stay open. */
export const overHttp = (port: number): Transport => {
  const agent = new Agent({ keepAlive: true });
  const call: Transport["call"] = (name, token, body) =>
    new Promise((resolve) => {
      const authorization = token === undefined ? {} : { authorization: authorizationOf(token) };
      const headers = { "content-type": "application/octet-stream", "content-length": body.length, ...authorization };
      const options = { agent, port, host: "127.0.0.1", method: "POST", path: `/api/${name}`, headers };
      const unreachable = (): void => resolve(err({ type: "Unreachable" }));
      const asked = request(options, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", unreachable);
        answer.on("end", () => {
          const bytes = new Uint8Array(Buffer.concat(parts));
          resolve(answer.statusCode === 200 ? ok(bytes) : err(decodeRefusal(bytes) ?? { type: "Unreachable" }));
        });
      });
      asked.on("error", () => {
        // The server had closed a connection on which nothing came for a while, as this was sent.
        if (asked.reusedSocket) void call(name, token, body).then(resolve);
        else unreachable();
      });
      asked.end(body);
    });
  return { call };
};
