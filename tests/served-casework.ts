/** The built app behind the real server with a store of its own, in this process, for browser tests. */

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
  type Site,
} from "@amana/server";

export type ServedCasework = {
  /** Without a slash at its end. */
  readonly origin: string;
  /** A link that sets up one organisation. */
  readonly setUpLink: () => Promise<string>;
  readonly close: () => Promise<void>;
};

const siteIn = (folder: string): Site => {
  const site = readSite(join(import.meta.dirname, "../apps", folder, "dist"), limits);
  assert(site.ok, "The site to serve must be built: run `npm run build`.");
  return site.value;
};

const clock = (): Instant => {
  const now = Date.now();
  assert(isInstant(now), "This machine's clock is outside of the years 0001 to 9999.");
  return now;
};

export const serveCasework = async (): Promise<ServedCasework> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-casework-"));
  const configuration = readConfiguration({ PORT: "0", DATA: folder });
  assert(configuration.ok, "A test's configuration must be right.");
  const opened = await openStorage(configuration.value.store, { migrates: true });
  assert(opened.ok, "A new store must open.");
  const storage = opened.value;
  let origin = "";
  const server = await openServer(configuration.value, {
    storage,
    site: withSiteUnder(siteIn("guide"), "/app", siteIn("casework")),
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
    setUpLink: () => makeSetUpLink(storage, origin, clock()),
    close: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
