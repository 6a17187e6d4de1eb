/**
 * `npm run demo`: an invented organisation on a server of its own, in a folder that is removed at the end. Prints how to
 * sign in as each of its people, then becomes the server.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, isInstant, type Instant } from "@amana/kernel";
import { assess, preparePack } from "@amana/pathway";
import {
  limits,
  makeSetUpLink,
  openServer,
  openStorage,
  readConfiguration,
  readSite,
  type Configuration,
} from "@amana/server";
import { compilePack, readPack } from "@amana/proof";
import { printDigits } from "@amana/vault";
import { nationalFolder } from "../packs.ts";
import { providers } from "./providers.ts";
import { stories } from "./stories.ts";
import { seedDemo, type Demo, type SeededPerson } from "./seed.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const presentMoment = (): Instant => {
  const now = Date.now();
  assert(isInstant(now), "This machine's clock is outside of the years 0001 to 9999.");
  return now;
};

/** Nobody signs in from outside while it is seeded, so that any address will do. */
const seedingOrigin = "http://127.0.0.1";

/** Seeds a new store in this folder. */
export const seedFolder = async (
  configuration: Configuration,
  folder: string,
  onCase: (done: number, of: number) => void,
  told: Demo = { stories, providers },
): Promise<readonly SeededPerson[]> => {
  const source = readPack(nationalFolder());
  assert(source.ok, "The national guidance does not read.");
  const pack = preparePack(compilePack(source.value));
  const storage = await openStorage({ kind: "sqlite", folder }, { migrates: true });
  assert(storage.ok, "A new store does not open.");
  const site = readSite(configuration.guideFolder, limits);
  assert(site.ok, "The guide is not built.");
  let clock = presentMoment();
  const server = await openServer(configuration, {
    storage: storage.value,
    site: site.value,
    clock: () => clock,
    ownOrigin: () => seedingOrigin,
    schedule: () => () => undefined,
    report: (line) => void process.stderr.write(`${line}\n`),
  });
  try {
    const now = clock;
    const link = await makeSetUpLink(storage.value, seedingOrigin, now);
    const setUpCode = new Uint8Array(Buffer.from(link.slice(link.indexOf("=") + 1), "base64url"));
    return await seedDemo({
      setUpCode,
      transport: server.relay,
      guidance: { assess: (facts) => assess(pack, facts) },
      origin: configuration.origin ?? seedingOrigin,
      now,
      setClock: (moment) => {
        clock = moment;
      },
      onCase,
      told,
    });
  } finally {
    await server.stop();
  }
};

const sayHowToSignIn = (people: readonly SeededPerson[]): void => {
  say("");
  say(
    "Everyone and everything here is invented. Open the case files below, choose “I have my printed kit”, and sign in as:",
  );
  say("(Shilan writes her cases in English, Omar in Arabic, Hevî in Sorani; Nasrin sees all of them.)");
  for (const { name, role, kit, password } of people) {
    say("");
    say(`  ${name}, ${role}`);
    say(`    kit       ${printDigits(kit, "western")}`);
    say(`    password  ${password}`);
  }
  say("");
};

/** Whether the server could open its port now, so that nobody waits for cases that are never shown. */
const canListen = ({ host, port }: Configuration): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host, port }, () => probe.close(() => resolve(true)));
  });

/** A signal that nobody listens to ends a process without its last words. The server listens once it is open, and this no more. */
const endOnSignal = (signal: NodeJS.Signals): void => {
  if (process.listenerCount(signal) === 1) process.exit(1);
};

/** Ends where none can be made: nothing is invented then. */
const makeFolder = (): string => {
  try {
    return mkdtempSync(join(tmpdir(), "amana-demo-"));
  } catch {
    const remedy = "set TMPDIR to a folder where this user may write";
    process.stderr.write(`The demo cannot make a folder for its store among the temporary ones: ${remedy}.\n`);
    return process.exit(1);
  }
};

const run = async (): Promise<void> => {
  const folder = makeFolder();
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, endOnSignal);
  process.env["DATA"] = folder;
  delete process.env["DATABASE_URL"];
  const configuration = readConfiguration(process.env);
  // A wrong setting, and a port that is taken, are named by the server's own start.
  if (configuration.ok && (await canListen(configuration.value))) {
    say(`Inventing an organisation with ${stories.length} cases …`);
    const people = await seedFolder(configuration.value, folder, (done, of) => {
      if (done % 10 === 0) say(`  ${done} of ${of} cases opened`);
    });
    sayHowToSignIn(people);
  }
};

if (import.meta.main) await run();
export { run as runDemo };
