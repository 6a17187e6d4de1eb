/**
 * Tells the servers over one PostgreSQL what changed, through its LISTEN and NOTIFY. A message holds random ids of an
 * organisation and a log and nothing else; it is sent after the commit and may be lost, because devices also ask by
 * themselves.
 */

import type { Client, Pool } from "pg";
import { logIdOf, type LogId } from "@amana/log";
import type { Change, OrganisationId } from "../values.ts";
import { makeClient } from "./pool.ts";

const channel = "amana_changes";
/** A message of PostgreSQL has at most 8,000 bytes. */
const changesPerMessageMax = 100;
const reconnectMillisecondsMin = 250;
const reconnectMillisecondsMax = 15_000;

export type Notifications = {
  /** What this server's own orders changed: to whoever listens here at once, and to the others. */
  readonly send: (changes: readonly Change[]) => void;
  readonly close: () => Promise<void>;
};

export const startNotifications = async (
  url: string,
  pool: Pool,
  ownProcesses: ReadonlySet<number>,
  tell: (changes: readonly Change[]) => void,
): Promise<Notifications> => {
  let listening: Client | undefined;
  let isClosed = false;
  let wait = reconnectMillisecondsMin;
  let timer: NodeJS.Timeout | undefined;

  const reconnectLater = (): void => {
    if (isClosed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void listen();
    }, wait);
    timer.unref();
    wait = Math.min(wait * 2, reconnectMillisecondsMax);
  };
  const listen = async (): Promise<void> => {
    const client = makeClient(url);
    client.on("error", reconnectLater);
    client.on("end", reconnectLater);
    client.on("notification", ({ payload, processId }) => {
      if (!ownProcesses.has(processId)) tell(changesIn(payload ?? ""));
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      listening = client;
      wait = reconnectMillisecondsMin;
      if (isClosed) await client.end();
    } catch {
      // It is said by every question that fails; here it is only tried again.
      await client.end().catch(() => undefined);
      reconnectLater();
    }
  };
  await listen();

  return {
    send: (changes) => {
      if (changes.length === 0) return;
      tell(changes);
      for (let at = 0; at < changes.length; at += changesPerMessageMax) {
        const message = changes
          .slice(at, at + changesPerMessageMax)
          .map(textOf)
          .join(" ");
        // Lost when it fails: the change itself is durable, and devices also ask by themselves.
        pool.query("SELECT pg_notify($1, $2)", [channel, message]).catch(() => undefined);
      }
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await listening?.end().catch(() => undefined);
    },
  };
};

const textOf = (change: Change): string =>
  change.kind === "log" ? `${change.organisation}/${change.logId}` : change.organisation;

const messageForm = /^([0-9a-f]{12})(?:\/([0-9a-f]{32}))?$/;

/** Anything else than what we send is left out: whoever may write to the database may write anything here. */
const changesIn = (message: string): readonly Change[] =>
  message.split(" ").flatMap((text): readonly Change[] => {
    const [, organisation, log] = messageForm.exec(text) ?? [];
    if (organisation === undefined) return [];
    const logId = log === undefined ? undefined : logIdFrom(log);
    // The form has checked it.
    const id = organisation as OrganisationId;
    return [
      logId === undefined ? { kind: "organisation", organisation: id } : { kind: "log", organisation: id, logId },
    ];
  });

const logIdFrom = (text: string): LogId | undefined => logIdOf(new Uint8Array(Buffer.from(text, "hex")));
