/** The built app behind the real server with a store of its own, in this process, for browser tests. */

import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, isInstant, type Instant } from "@amana/kernel";
import {
  limits,
  makeSetUpLink,
  openServer,
  openStorage,
  readConfiguration,
  readSite,
  withSiteUnder,
  type Configuration,
  type Site,
  type Storage,
} from "@amana/server";

export type ServedCasework = {
  /** Without a slash at its end. */
  readonly origin: string;
  readonly storage: Storage;
  /** A link that sets up one organisation. */
  readonly setUpLink: () => Promise<string>;
  /** From now on the server's clock is so much further, as if it had been up all the while. Those of the devices are not. */
  readonly pass: (hours: number) => Promise<void>;
  /** From now on another version of the app is served: the same, and its page says which; one file of a name may be gone. */
  readonly publishNewer: (version: string, without?: string) => void;
  readonly close: () => Promise<void>;
};

const siteIn = (folder: string): Site => {
  const site = readSite(join(import.meta.dirname, "../apps", folder, "dist"), limits);
  assert(site.ok, "The site to serve must be built: run `npm run build`.");
  return site.value;
};

type SiteFile = NonNullable<ReturnType<Site["filesByAddress"]["get"]>>;

/** One file of a served site, other than it was built. */
const rewrite = (files: Map<string, SiteFile>, address: string, change: (text: string) => string): void => {
  const file = files.get(address);
  assert(file !== undefined, "The file to serve otherwise is there.");
  const bytes = Buffer.from(change(file.bodies.identity.bytes.toString("utf8")));
  assert(!bytes.equals(file.bodies.identity.bytes), "The file is other than before.");
  files.set(address, { ...file, bodies: { identity: { bytes, etag: `"${hash("sha256", bytes)}"` } } });
};

const millisecondsPerHour = 3_600_000;

const clockAhead = (milliseconds: number): Instant => {
  const now = Date.now() + milliseconds;
  assert(isInstant(now), "This machine's clock is outside of the years 0001 to 9999.");
  return now;
};

/** `seed` fills the new store before it is served; `settings` are those of the environment. */
export const serveCasework = async (
  seed: (configuration: Configuration, folder: string) => Promise<void> = () => Promise.resolve(),
  settings: Readonly<Record<string, string>> = {},
): Promise<ServedCasework> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-casework-"));
  const configuration = readConfiguration({ ...settings, PORT: "0", DATA: folder });
  assert(configuration.ok, "A test's configuration must be right.");
  await seed(configuration.value, folder);
  const opened = await openStorage(configuration.value.store, { migrates: true });
  assert(opened.ok, "A new store must open.");
  const storage = opened.value;
  let ahead = 0;
  const clock = (): Instant => clockAhead(ahead);
  const built = withSiteUnder(siteIn("guide"), "/app", siteIn("casework"));
  const files = new Map(built.filesByAddress);
  const site: Site = { ...built, filesByAddress: files };
  let origin = "";
  const server = await openServer(configuration.value, {
    storage,
    site,
    clock,
    ownOrigin: () => origin,
    schedule: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds).unref();
      return () => clearTimeout(timer);
    },
    report: (line) => void process.stderr.write(`${line}\n`),
  });
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  // A server that listens on an address has one.
  origin = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  return {
    origin,
    storage,
    publishNewer: (version, without) => {
      rewrite(files, "/app/", (page) => page.replace(/<html( data-newer="[^"]*")?/, `<html data-newer="${version}"`));
      rewrite(files, "/app/service-worker.js", (script) =>
        script.replace(/`([0-9A-F]{8}|newer [^`]*)`/, `\`newer ${version}\``),
      );
      if (without === undefined) return;
      const [dropped = ""] = [...files.keys()].filter((address) => address.startsWith(`/app/assets/${without}-`));
      assert(files.delete(dropped), "What the newer version does without is there.");
      rewrite(files, "/app/service-worker.js", (script) => script.replace(`,${dropped.slice("/app/".length)}`, ""));
    },
    setUpLink: () => makeSetUpLink(storage, origin, clock()),
    pass: async (hours) => {
      ahead += hours * millisecondsPerHour;
      const pauseMillisecondsMax = hours > 0 ? (hours + 1) * millisecondsPerHour : 0;
      await storage.noteUp({ now: clock(), pauseMillisecondsMax });
    },
    close: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
