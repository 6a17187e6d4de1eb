/** Starts the server: reads the environment, opens the store and the socket, prints where to go, and stops calmly when told to. */

import { assert, exhausted, formatInstant, isInstant, type Instant } from "@amana/kernel";
import type { FastifyInstance } from "fastify";
import { isLoopback, readConfiguration, type Configuration } from "./configuration.ts";
import { limits } from "./limits.ts";
import { placeOfMistake } from "./mistake.ts";
import { openStorage, type StoreProblem } from "./open-storage.ts";
import { openServer, type Server } from "./server.ts";
import { makeSetUpLink, setUpHoursMax } from "./set-up-code.ts";
import { ownAddress } from "./own-address.ts";
import { readSite, withSiteUnder, type Site, type SiteProblem } from "./site.ts";
import type { Storage } from "./storage/storage.ts";
import { isTakenAsName } from "./waking/vapid.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** For mistakes in how it was started (2) and for what stands in the way on this machine (1). */
const stopWith = (status: 1 | 2, lines: readonly string[]): never => {
  lines.forEach(complain);
  process.exit(status);
};

const wordsForSite = (problem: SiteProblem): string => {
  switch (problem.type) {
    case "SiteMissing":
      return "The guide is not built yet: start with `npm start`, or build it with `npm run build`.";
    case "SiteTooLarge":
      return "The built pages are larger than the server holds (apps/server/src/limits.ts): build them anew.";
    case "FileTypeUnknown":
      return `The built pages hold a kind of file that the server does not know: ${problem.path}`;
    default:
      return exhausted(problem);
  }
};

const wordsForListening = (code: string | undefined, { host, port }: Configuration): string => {
  if (code === "EADDRINUSE") {
    return `Port ${port} on ${host} is in use: stop the other program, or set PORT to another (0 takes any free one).`;
  }
  if (code === "EACCES") return `Port ${port} may not be opened by this user: choose a port of 1024 or more with PORT.`;
  return `The server cannot listen on HOST=${host}: give an address of this machine (${code ?? "unknown reason"}).`;
};

/** A line of JSON for whatever gathers logs: when, and what. It never holds an id of a person or a case. */
const report = (says: string): void => complain(JSON.stringify({ at: formatInstant(clock()), says }));

/** Whoever read these lines may leave, and the disk that takes them may be full: the server goes on without them. */
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

/** What nobody catches ends the server, and is said by its place as every mistake: its text could hold something that was sent. */
process.on("uncaughtException", (error) => {
  report(`Mistake that ended the server: ${placeOfMistake(error)}`);
  process.exit(1);
});

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined;

const originOf = (app: FastifyInstance, host: string): string => {
  const socket = app.server.address();
  const port = socket === null || typeof socket === "string" ? 0 : socket.port;
  return ownAddress(host, port);
};

const clock = (): Instant => {
  const now = Date.now();
  assert(isInstant(now), "This machine's clock is outside of the years 0001 to 9999.");
  return now;
};

const schedule = (milliseconds: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, milliseconds).unref();
  return () => clearTimeout(timer);
};

/** The guide at the root, and the case files under /app/ where they are built. */
const readPages = ({ guideFolder, appFolder }: Configuration): Site => {
  const [guide, app] = [readSite(guideFolder, limits), readSite(appFolder, limits)];
  stopWhereNothingIs({ GUIDE: guide, APP: app });
  if (!guide.ok) return stopWith(1, [wordsForSite(guide.error)]);
  if (app.ok) return withSiteUnder(guide.value, "/app", app.value);
  return isMissing(app) ? guide.value : stopWith(1, [wordsForSite(app.error)]);
};

/** A folder that was named and holds no pages is a wrong value as any other. */
const stopWhereNothingIs = (sites: Readonly<Record<"GUIDE" | "APP", ReturnType<typeof readSite>>>): void => {
  const wrong = (["GUIDE", "APP"] as const).filter((name) => process.env[name] !== undefined && isMissing(sites[name]));
  const lines = wrong.map((name) => `${name} is wrong: give the folder of built pages, or leave it out.`);
  if (lines.length > 0) stopWith(2, lines);
};

const isMissing = (site: ReturnType<typeof readSite>): boolean => !site.ok && site.error.type === "SiteMissing";

const wordsForStore = {
  SchemaNewer: "The store was written by a newer version of this program: update the program.",
  SchemaOlder: "The store was written by an older version of this program: run `npm run amana -- server migrate`.",
  StoreMissing: "There is no store yet: run `npm run amana -- server migrate`.",
  RestoreUnfinished:
    "A backup was being restored into this store and that did not end: run `npm run amana -- server restore` again, to its end.",
} as const satisfies Readonly<Record<Exclude<StoreProblem["type"], "StoreHeld">, string>>;

type PlaceOfStore = {
  readonly where: string;
  /** By the code that the system, SQLite or the database's driver gives; the first that fits. */
  readonly remedies: readonly (readonly [code: RegExp, remedy: string])[];
  /** For all others. */
  readonly remedy: string;
  readonly held: string;
};

const placesOfStore = {
  sqlite: {
    where: "in the folder that DATA names, or in data/ where it names none",
    remedies: [
      [/^(SQLITE_1[03]|ENOSPC)$/, "make room on its disk, and see that it does not fail"],
      [/^SQLITE_(11|26)$/, "it is damaged, so restore the newest backup into an empty folder"],
    ],
    remedy: "let this user write there, or set DATA to a folder where it may",
    held: "Another server runs on the store in the folder that DATA names, or in data/ where it names none: stop it, or set DATA to another folder. Servers share a store in PostgreSQL alone (DATABASE_URL).",
  },
  postgres: {
    where: "at DATABASE_URL",
    remedies: [
      [/^28/, "see that the user and the password in it are right"],
      [/^3D000$/, "make the database that it names"],
      [/^42501$/, "let its user own the database"],
      [/^53300$/, "let the database and its user have more connections: each server takes up to 11"],
      [
        /^(ENOENT|EACCES|EISDIR)$/,
        "see that each file it names is there, as with sslrootcert, and that this user may read it",
      ],
      [
        /CERT|LEAF_SIGNATURE/,
        "see that the database's certificate is in date, bears the name that stands there, and is of an authority that this machine or sslrootcert knows",
      ],
    ],
    remedy: "see that the database runs, and that the address is right",
    held: "A backup is being restored into the database at DATABASE_URL: start the server once that has ended.",
  },
} as const satisfies Readonly<Record<Configuration["store"]["kind"], PlaceOfStore>>;

const openStore = async (configuration: Configuration): Promise<Storage> => {
  try {
    const opened = await openStorage(configuration.store, { migrates: true, holds: true });
    if (opened.ok) return opened.value;
    const { type } = opened.error;
    return stopWith(1, [type === "StoreHeld" ? placesOfStore[configuration.store.kind].held : wordsForStore[type]]);
  } catch (error) {
    const { where, remedies, remedy }: PlaceOfStore = placesOfStore[configuration.store.kind];
    const code = codeOf(error) ?? "unknown reason";
    const known = remedies.find(([pattern]) => pattern.test(code))?.[1];
    return stopWith(1, [`The server cannot open its store ${where} (${code}): ${known ?? remedy}.`]);
  }
};

/**
 * Lets answers under way finish, for a bounded time. A second signal does not wait. What was acknowledged is durable by then, so that
 * a store that does not close, because its database says nothing any more, is left as it is.
 */
const stopOnSignal = ({ app, answered, stop }: Server): void => {
  let isStopping = false;
  const leave = (): never => {
    report("The store did not close in time.");
    process.exit(1);
  };
  const onSignal = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => app.server.closeAllConnections(), limits.answersMillisecondsMax).unref();
    setTimeout(leave, limits.stopMillisecondsMax).unref();
    void stop().then(() => {
      const { all, refused } = answered();
      say(`Stopped. Answered ${all} requests, ${refused} of them refused.`);
      process.exit(0);
    }, leave);
  };
  // SIGHUP: the window that it was started in was closed.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, onSignal);
};

const wordsForNoOrigin = (hostname: string): string =>
  isLoopback(hostname)
    ? "Set ORIGIN to the address that people open: before that the links below are for this machine alone, and nobody can sign in from another."
    : "Set ORIGIN to the address that people open: nobody can sign in before.";

const sayWhereToGo = async (configuration: Configuration, origin: string, storage: Storage): Promise<void> => {
  if (!configuration.isLoopback) {
    say("This address can be reached from other machines: put TLS in front of it, or what people read can be seen.");
    if (configuration.origin === undefined) say(wordsForNoOrigin(new URL(origin).hostname));
  }
  if (configuration.isPushOn && !isTakenAsName(configuration.origin ?? origin)) {
    say("PUSH is on and ORIGIN is not over https: push services may refuse its calls, and then they wake no device.");
  }
  say(`Amana guide: ${origin}/`);
  const { organisations } = await storage.counts();
  if (organisations > 0) {
    say(`Amana case files: ${origin}/app/`);
    return;
  }
  say(
    `Nobody uses the case files yet. Whoever opens this link first, within ${setUpHoursMax} hours, sets up an organisation:`,
  );
  say(await makeSetUpLink(storage, configuration.origin ?? origin, clock()));
};

const start = async (configuration: Configuration): Promise<void> => {
  const site = readPages(configuration);
  const storage = await openStore(configuration);
  const ownOrigin = (): string => originOf(server.app, configuration.host);
  const server: Server = await openServer(configuration, {
    storage,
    site,
    clock,
    ownOrigin,
    schedule,
    report,
  });
  try {
    await server.app.listen({ host: configuration.host, port: configuration.port });
  } catch (error) {
    await storage.close();
    stopWith(1, [wordsForListening(codeOf(error), configuration)]);
  }
  stopOnSignal(server);
  await sayWhereToGo(configuration, ownOrigin(), storage);
};

const configuration = readConfiguration(process.env);
if (configuration.ok) await start(configuration.value);
else {
  stopWith(
    2,
    configuration.error.map(({ name, expected }) => `${name} is wrong: give ${expected}.`),
  );
}
