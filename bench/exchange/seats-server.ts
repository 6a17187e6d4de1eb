/** Starts a server over a filled store, and takes it all away afterwards. */

import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Transport } from "@amana/sync";
import { overHttp } from "./amana.ts";

export type SeatsOrder = {
  readonly folder: string;
  readonly seats: number;
  /** Of other people, besides. */
  readonly otherEntries: number;
  readonly fillSecondsMax: number;
};

export type SeatsAnswer = { readonly port: number; readonly filled: number };

export type SeatsServer = {
  readonly transport: Transport;
  readonly filled: number;
  readonly close: () => Promise<void>;
};

export const startSeatsServer = async (order: Omit<SeatsOrder, "folder">): Promise<SeatsServer> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-bench-"));
  const child = fork(join(import.meta.dirname, "seats-child.ts"), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const close = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { port, filled } = await new Promise<SeatsAnswer>((resolve, reject) => {
      // Our own child sends nothing else.
      child.once("message", (answer) => resolve(answer as SeatsAnswer));
      child.once("exit", () => reject(new Error("A server of the benchmark ended.")));
      child.send({ ...order, folder });
    });
    return { transport: overHttp(port), filled, close };
  } catch (mistake) {
    await close();
    throw mistake;
  }
};
