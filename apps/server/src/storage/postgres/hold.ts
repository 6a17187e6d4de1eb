/**
 * Whether somebody is at work over a database: servers, any number of them, or a restore, alone.
 *
 * What must stay true: a hold ends with the connection that has it, and so with its process. So it is an advisory lock of PostgreSQL, which
 * every server shares and a restore has for itself (docs/decisions/2026-11-23-one-server-holds-a-folder.md).
 */

import type { ClientBase } from "pg";

/** `shared`: of a server. `alone`: of a restore. */
export type HoldKind = "shared" | "alone";

/** Whether there is a hold now; nothing while nobody has been able to ask. */
export type DatabaseHold = {
  readonly take: (client: ClientBase) => Promise<void>;
  readonly isHeld: () => boolean | undefined;
};

/** Another number than the one of migrations. */
const storeLock = 4_177_002;

const questions = {
  shared: "SELECT pg_try_advisory_lock_shared($1) AS held",
  alone: "SELECT pg_try_advisory_lock($1) AS held",
} as const satisfies Readonly<Record<HoldKind, string>>;

/**
 * `take` is called with each new connection. A server whose connection broke takes its hold again with the next one. A restore does not:
 * somebody else may have begun in between, so that it ends.
 */
export const databaseHold = (kind: HoldKind): DatabaseHold => {
  let isHeld: boolean | undefined;
  return {
    isHeld: () => isHeld,
    take: async (client) => {
      if (kind === "alone" && isHeld !== undefined) {
        isHeld = false;
        return;
      }
      const { rows } = await client.query<{ readonly held: string }>(questions[kind], [storeLock]);
      isHeld = rows[0]?.held === "t";
      if (kind === "alone") client.once("end", () => void (isHeld = false));
    },
  };
};
