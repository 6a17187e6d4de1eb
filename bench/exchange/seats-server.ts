/**
 * Fills a store and starts a server over it, each in a process of its own, so that filling is in no figure of the server. It
 * takes all away afterwards.
 */

import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Transport } from "@amana/sync";
import { overHttp } from "./amana.ts";
import { peakMegabytesOf } from "./usage.ts";

export type Filling = {
  readonly seats: number;
  /** Of other people, besides. */
  readonly otherEntries: number;
  readonly fillSecondsMax: number;
};

export type SeatsOrder = {
  /** As the server's own configuration says it. */
  readonly store: Readonly<Record<string, string>>;
  readonly step: ({ readonly kind: "fill" } & Filling) | { readonly kind: "serve" };
};

export type SeatsAnswer =
  { readonly kind: "filled"; readonly filled: number } | { readonly kind: "listening"; readonly port: number };

export type SeatsServer = {
  readonly transport: Transport;
  readonly filled: number;
  /** The most memory the server ever held; on Linux. */
  readonly peakMegabytes: () => number;
  readonly close: () => Promise<void>;
};

/** On SQLite, or in a new and empty database of PostgreSQL. */
export const startSeatsServer = async (filling: Filling, databaseUrl?: string): Promise<SeatsServer> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-bench-"));
  const store = databaseUrl === undefined ? { DATA: folder } : { DATA: folder, DATABASE_URL: databaseUrl };
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const filler = startChild();
    const { filled } = await filler.answer({ store, step: { kind: "fill", ...filling } }, "filled");
    await filler.end();
    const server = startChild();
    const { port } = await server.answer({ store, step: { kind: "serve" } }, "listening");
    const close = async (): Promise<void> => {
      await server.end();
      removeFolder();
    };
    const peakMegabytes = (): number => peakMegabytesOf(server.process.pid ?? 0);
    return { transport: overHttp(port), filled, peakMegabytes, close };
  } catch (mistake) {
    removeFolder();
    throw mistake;
  }
};

type Child = {
  readonly process: ChildProcess;
  readonly answer: <Kind extends SeatsAnswer["kind"]>(
    order: SeatsOrder,
    kind: Kind,
  ) => Promise<Extract<SeatsAnswer, { readonly kind: Kind }>>;
  readonly end: () => Promise<void>;
};

const startChild = (): Child => {
  const child = fork(join(import.meta.dirname, "seats-child.ts"), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  return {
    process: child,
    answer: (order) =>
      new Promise((resolve, reject) => {
        // Our own child answers what it was asked, and nothing else.
        child.once("message", (answer) => resolve(answer as never));
        child.once("exit", () => reject(new Error("A process of the benchmark ended.")));
        child.send(order);
      }),
    end: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
};
