/**
 * The outbox: sealed entries that the server has not acknowledged. They are never sealed again; the same bytes are sent
 * until they are durable there, and only then stand among what is held.
 */

import { assert } from "@amana/kernel";
import { decodeCbor, encodeCbor, encodeEntry, idBytes, parseEntry, type LogId } from "@amana/log";
import type { Waiting } from "../desk.ts";
import { grouped } from "../grouped.ts";
import type { StoreChange, Stored } from "../ports.ts";
import type { Unlocked } from "../unlocked.ts";
import { numberIn, outboxName, outboxPrefix } from "./names.ts";
import { bytesFrom, listFrom, logIdFrom } from "./own-values.ts";

export const loadOutbox = async (unlocked: Unlocked): Promise<readonly Waiting[]> => {
  const known = unlocked.desk.outbox;
  if (known !== undefined) return known;
  const outbox = (await unlocked.ports.store.list(outboxPrefix)).map(readWaiting);
  unlocked.desk.outbox = outbox;
  return outbox;
};

export const waitingOf = async (unlocked: Unlocked, logId: LogId): Promise<readonly Waiting[]> =>
  waitingIn(await loadOutbox(unlocked), logId);

/** An outbox never changes, it is followed by another; with ten thousand entries each log asks for its own. */
const byLog = new WeakMap<readonly Waiting[], ReadonlyMap<LogId, readonly Waiting[]>>();

export const waitingIn = (outbox: readonly Waiting[], logId: LogId): readonly Waiting[] => {
  const known = byLog.get(outbox) ?? grouped(outbox, (waiting) => waiting.logId);
  byLog.set(outbox, known);
  return known.get(logId) ?? [];
};

export const addWaitingChange = ({ number, logId, entry }: Waiting): StoreChange => ({
  name: outboxName(number),
  value: encodeCbor([idBytes(logId), encodeEntry(entry)]),
});

export const removeWaitingChange = ({ number }: Waiting): StoreChange => ({
  name: outboxName(number),
  value: undefined,
});

/** The place after all that wait. Places are used again only once nothing waits. */
export const nextNumber = (outbox: readonly Waiting[]): number => (outbox.at(-1)?.number ?? 0) + 1;

const strange = "The outbox holds something that this device did not write.";

const readWaiting = ({ name, value }: Stored): Waiting => {
  const decoded = decodeCbor(value);
  assert(decoded.ok, strange);
  const [logId, entry] = listFrom(decoded.value);
  const parsed = parseEntry(bytesFrom(entry));
  assert(parsed.ok && parsed.value.kind === "entry", strange);
  return { number: numberIn(name), logId: logIdFrom(logId), entry: parsed.value.entry };
};
