/**
 * A real PostgreSQL for tests: a cluster of its own in a folder of its own, reached through a socket in that folder
 * alone, and gone afterwards. It syncs to the disk as it would in earnest.
 */

import { execFileSync, spawn, type ChildProcessByStdio } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export type TestPostgres = {
  /** The address of a new, empty database. */
  readonly createDatabase: () => string;
  /** SIGKILL for the server and everything it started, as if the machine had lost its power but not its disk cache. */
  readonly kill: () => Promise<void>;
  /** After `kill`: it recovers from its write-ahead log. */
  readonly start: () => Promise<void>;
  /** Only where `diskMegabytes` was given: takes so much of the disk away, or gives what was taken back. */
  readonly takeDisk: (megabytes: number) => void;
  readonly giveDiskBack: () => void;
  /** Stops it and removes everything. */
  readonly remove: () => Promise<void>;
};

const settings = [
  "listen_addresses=",
  "fsync=on",
  "full_page_writes=on",
  "synchronous_commit=on",
  "shared_buffers=64MB",
  "max_connections=60",
  "log_min_messages=warning",
];

/** With `diskMegabytes` the cluster lies on a disk of its own of that size, in memory: only root may make one. */
export const startPostgres = async ({
  diskMegabytes,
}: { readonly diskMegabytes?: number } = {}): Promise<TestPostgres> => {
  const folder = mkdtempSync(join(tmpdir(), "amana-pg-"));
  if (diskMegabytes !== undefined) {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskMegabytes}m`, "amana-test", folder], { stdio: "pipe" });
  }
  const taken = join(folder, "taken");
  const cluster = join(folder, "cluster");
  const user = userFor();
  mkdirSync(cluster, { mode: 0o700 });
  if (user !== undefined) for (const each of [folder, cluster]) chownSync(each, user.uid, user.gid);
  // A link on the PATH may lead to it; its other programs lie beside the real one.
  const programs = dirname(realpathSync(findInitdb()));
  const run = (program: string, ...rest: readonly string[]): void =>
    void execFileSync(join(programs, program), rest, { ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  run("initdb", "-D", cluster, "-U", "amana", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");

  let server = await startServer(join(programs, "postgres"), cluster, folder, user);
  let databases = 0;
  return {
    createDatabase: () => {
      databases += 1;
      const name = `amana_${databases}`;
      run("createdb", "-h", folder, "-U", "amana", name);
      return `postgres://amana@localhost/${name}?host=${encodeURIComponent(folder)}`;
    },
    kill: () => endServer(server, "kill"),
    start: async () => {
      server = await startServer(join(programs, "postgres"), cluster, folder, user);
    },
    takeDisk: (megabytes) => {
      writeFileSync(taken, new Uint8Array(megabytes * 1024 * 1024));
    },
    giveDiskBack: () => {
      rmSync(taken);
    },
    remove: async () => {
      await endServer(server, "stop");
      if (diskMegabytes !== undefined) execFileSync("umount", [folder], { stdio: "pipe" });
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

type User = { readonly uid: number; readonly gid: number };

/** PostgreSQL refuses to run as root: it then runs as the user its package made, or as nobody. */
const userFor = (): User | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // There is no such user: the next one.
    }
  }
  return undefined;
};

const findInitdb = (): string =>
  execFileSync(join(import.meta.dirname, "../scripts/needs"), ["--where", "postgresql"], { encoding: "utf8" }).trim();

/**
 * Becomes the server, beside a watcher that stops it when their input ends. That it also does when the test that
 * started it dies, so that nothing is left behind.
 */
const watched = 'exec 3<&0; ( { read -r _ <&3; kill -INT $$; } 2>&- & ); exec "$@" </dev/null 3<&-';

type Running = {
  readonly server: ChildProcessByStdio<Writable, null, Readable>;
  /** Once it and everything it started is gone: until then, they hold its output open. */
  readonly ended: Promise<void>;
};

const startServer = async (
  program: string,
  cluster: string,
  folder: string,
  user: User | undefined,
): Promise<Running> => {
  const options = ["-D", cluster, "-k", folder, ...settings.flatMap((setting) => ["-c", setting])];
  const server = spawn("/bin/sh", ["-c", watched, "watched", program, ...options], {
    ...user,
    cwd: folder,
    // A group of its own, so that all its processes can be killed at once.
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => {
    server.once("close", () => resolve());
  });
  const lines = createInterface({ input: server.stderr });
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    if (line.includes("database system is ready to accept connections")) {
      // What it says from now on is let go, so that it never waits for a reader.
      server.stderr.resume();
      return { server, ended };
    }
  }
  throw new Error(`PostgreSQL did not start:\n${said.join("\n")}`);
};

const endServer = async ({ server, ended }: Running, how: "kill" | "stop"): Promise<void> => {
  if (how === "kill") killGroup(server.pid);
  else server.stdin.end();
  await ended;
};

const killGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
};
