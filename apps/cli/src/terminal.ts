/**
 * What a command is given of the world: streams, environment, the folder it was called from, a clock.
 *
 * Only `main.ts` takes these from the process, so that every command can be run inside a test.
 */

import type { Readable, Writable } from "node:stream";
import type { Instant } from "@amana/kernel";

export type Terminal = {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths begin. */
  readonly folder: string;
  /** Columns of the screen; undefined when the output goes elsewhere. */
  readonly columns: number | undefined;
  /** The time of day, for what is dated. */
  readonly now: () => Instant;
  /** A clock that only goes forward, for saying how long something took. */
  readonly milliseconds: () => number;
};

/** What the shell is told. `failed`: a check or a proof says no. `refused`: bad use or bad input. `broken`: our own mistake. */
export const exitCodes = { done: 0, failed: 1, refused: 2, broken: 70 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * The folder the person stood in. npm starts a script in the project's own folder and keeps the
 * other one in `INIT_CWD`; a path typed by a person means the place where they typed it.
 */
export const folderOfCaller = (env: Terminal["env"], processFolder: string): string => {
  const isScriptOfNpm = env["npm_lifecycle_event"] === "amana";
  const typedIn = env["INIT_CWD"];
  return isScriptOfNpm && typedIn !== undefined && typedIn !== "" ? typedIn : processFolder;
};
