/**
 * Tells the servers over one PostgreSQL what changed, through its LISTEN and NOTIFY. A message holds random ids of an
 * organisation and a log and nothing else; it is sent after the commit and may be lost, because devices also ask by
 * themselves.
 */

import type { Client, Pool } from "pg";
import { logIdOf, type LogId } from "@amana/log";
import type { Change, OrganisationId } from "../values.ts";
import type { Patience } from "./pool.ts";

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

type Listening = {
  readonly pool: Pool;
  /** Of this server's own connections, which have told it already. */
  readonly ownProcesses: ReadonlySet<number>;
  readonly patience: Patience;
  /** Called with each connection that listens, once it does. */
  readonly onListening: (client: Client) => Promise<void>;
};

export const startNotifications = async (
  makeListener: () => Client,
  { pool, ownProcesses, patience, onListening }: Listening,
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
    const client = makeListener();
    client.on("notification", ({ payload, processId }) => {
      if (!ownProcesses.has(processId)) tell(changesIn(payload ?? ""));
    });
    const begin = async (): Promise<void> => {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      await onListening(client);
    };
    if (!(await keepListening(client, begin, patience.listeningMilliseconds, reconnectLater))) return;
    listening = client;
    wait = reconnectMillisecondsMin;
    if (isClosed) await client.end();
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

/** False where it does not come about. When it ends, `onLost` is called once; what failed is said by every question that fails. */
const keepListening = async (
  client: Client,
  begin: () => Promise<void>,
  milliseconds: number,
  onLost: () => void,
): Promise<boolean> => {
  let isLost = false;
  let asking: NodeJS.Timeout | undefined;
  const lose = (): void => {
    if (isLost) return;
    isLost = true;
    clearTimeout(asking);
    client.end().catch(() => undefined);
    onLost();
  };
  // Whoever only listens does not hear that the other end has gone without a word.
  const askAgain = (): void => {
    asking = setTimeout(() => {
      client.query("SELECT 1").then(askAgain, lose);
    }, milliseconds).unref();
  };
  client.on("error", lose);
  client.on("end", lose);
  try {
    await begin();
    askAgain();
    return true;
  } catch {
    lose();
    return false;
  }
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
