/**
 * Lists of logs with their entries as runs, where all runs of one message share what one message may hold.
 */

import { assert } from "@amana/kernel";
import { isCborArray, pageOf, type Bytes, type CborValue, type LogId, type Page } from "@amana/log";
import type { LogEntries } from "./requests.ts";
import { decodeRun, encodeRun, type RoomForEntries } from "./run.ts";
import { logId as logIdShape, record, type Fields, type Shape } from "./shape.ts";

export type EntriesLimits = { readonly logsMax: number; readonly entriesMax: number; readonly bytesMax: number };

/** Whether whoever reads the message lets go of all its entries together (`RoomForEntries`). */
export type Keeping = "each" | "together";

/** The array of one log is its id, the run of its entries, and the further fields in their order. */
export const logsWithEntries = <Further extends object>(
  further: Fields<Further>,
  limits: EntriesLimits,
  keeping: Keeping,
): Shape<readonly (LogEntries & Further)[]> => {
  const rest = record(further);
  const write = (log: LogEntries & Further): CborValue => {
    const others = rest.write(log);
    assert(isCborArray(others), "A record is written as an array.");
    return [logIdShape.write(log.logId), encodeRun(log.logId, log.entries, log.names), ...others];
  };
  const readOne = (value: CborValue, room: RoomForEntries): (LogEntries & Further) | undefined => {
    if (!isCborArray(value)) return undefined;
    const [first, run, ...others] = value;
    const id = logIdShape.read(first);
    const known = rest.read(others);
    if (id === undefined || known === undefined || !(run instanceof Uint8Array)) return undefined;
    const entries = decodeRun(id.value, run, room);
    return entries === undefined ? undefined : { ...known.value, logId: id.value, entries };
  };
  return {
    write: (logs) => {
      assert(isWithin(logs, limits), "More entries than a message holds were to be sent.");
      return logs.map(write);
    },
    read: (value) => {
      if (value === undefined || !isCborArray(value) || value.length > limits.logsMax) return undefined;
      const page = keeping === "each" ? {} : { page: pageFor(value, limits) };
      const room = { bytesLeft: limits.bytesMax, entriesLeft: limits.entriesMax, ...page };
      const logs: (LogEntries & Further)[] = [];
      for (const item of value) {
        const log = readOne(item, room);
        if (log === undefined) return undefined;
        logs.push(log);
      }
      return areDistinct(logs) ? { value: logs } : undefined;
    },
  };
};

/** Entries are rarely twice as long as what travels of them; one for which there is no room left has bytes of its own. */
const pageFor = (logs: readonly CborValue[], { bytesMax }: EntriesLimits): Page => {
  const lengths = logs.map((log) => (isCborArray(log) && log[1] instanceof Uint8Array ? log[1].length : 0));
  const size = 2 * lengths.reduce((sum, length) => sum + length, 0);
  return pageOf(Math.min(size, bytesMax));
};

/** A log is named once in a message. */
export const areDistinct = (logs: readonly { readonly logId: LogId }[]): boolean =>
  new Set(logs.map(({ logId }) => logId)).size === logs.length;

const isWithin = (logs: readonly LogEntries[], limits: EntriesLimits): boolean => {
  const entries = logs.reduce((sum, log) => sum + log.entries.length, 0);
  const bytes = logs.reduce((sum, log) => sum + bytesOfEntries(log.entries), 0);
  const isFew = logs.length <= limits.logsMax && entries <= limits.entriesMax;
  return isFew && bytes <= limits.bytesMax && areDistinct(logs);
};

/** What entries count for a limit: their own bytes, however they travel. */
const bytesOfEntries = (entries: readonly Bytes[]): number => entries.reduce((sum, { length }) => sum + length, 0);
