/** The whole server over a real store, in this process, with a schedule that runs only when a test says so. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { assert, later, type Instant } from "@amana/kernel";
import { readConfiguration, type Configuration } from "../configuration.ts";
import { openStorage } from "../open-storage.ts";
import { openServer, type Server } from "../server.ts";
import type { Storage } from "../storage/storage.ts";
import { at } from "./people.ts";
import { readSmallSite } from "./small-site.ts";
import { origin } from "./world.ts";

/** What was scheduled, run by the test and never by a clock. */
export type Timers = {
  readonly schedule: (milliseconds: number, run: () => void) => () => void;
  readonly run: (milliseconds: number) => void;
};

export const makeTimers = (): Timers => {
  const waiting = new Set<{ readonly milliseconds: number; readonly run: () => void }>();
  return {
    schedule: (milliseconds, run) => {
      const timer = { milliseconds, run };
      waiting.add(timer);
      return () => void waiting.delete(timer);
    },
    /** Everything that was scheduled for so many milliseconds. */
    run: (milliseconds) => {
      for (const timer of [...waiting].filter((each) => each.milliseconds === milliseconds)) {
        waiting.delete(timer);
        timer.run();
      }
    },
  };
};

export type Running = {
  readonly server: Server;
  readonly storage: Storage;
  readonly timers: Timers;
  readonly lines: readonly string[];
  readonly now: () => Instant;
  readonly pass: (milliseconds: number) => void;
  readonly listen: () => Promise<number>;
  readonly close: () => Promise<void>;
};

/** `over`: what stands where the store would, made of it. */
export const runServer = async (
  environment: Readonly<Record<string, string>> = {},
  over: (storage: Storage) => Storage = (storage) => storage,
): Promise<Running> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-server-"));
  const configuration = readConfiguration({ ORIGIN: origin, DATA: folder, ...environment });
  assert(configuration.ok, "A test's configuration must be right.");
  const opened = await openStorage(configuration.value.store, { migrates: true });
  assert(opened.ok, "A new store must open.");
  const storage = over(opened.value);
  const timers = makeTimers();
  const lines: string[] = [];
  let now = at("2026-11-21T09:00:00Z");
  const site = await readSmallSite();
  const ports = {
    storage,
    site,
    clock: () => now,
    ownOrigin: () => origin,
    report: (line: string) => lines.push(line),
  };
  const server = await openServer(configuration.value satisfies Configuration, { ...ports, schedule: timers.schedule });
  return {
    server,
    storage,
    timers,
    lines,
    now: () => now,
    pass: (milliseconds) => {
      now = later(now, milliseconds);
    },
    listen: async () => {
      await server.app.listen({ host: "127.0.0.1", port: 0 });
      // A server that listens on a port has an address with a port.
      return (server.app.server.address() as AddressInfo).port;
    },
    close: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
};
