/** A control entry on its way to the server, as it lies in the log's record: the whole request, ready to be sent again. */

import { assert } from "@amana/kernel";
import { parseEntry, type SealedEntry } from "@amana/log";
import { wire, type ControlAppend } from "@amana/sync";
import type { LogRecord } from "./log-record.ts";

export const appendingRequestIn = ({ appending }: LogRecord): ControlAppend | undefined => {
  if (appending === undefined) return undefined;
  const request = wire["append-control"].decodeRequest(appending);
  assert(request !== undefined, "A control entry waits to be sent that this device did not write.");
  return request;
};

export const appendingIn = (record: LogRecord): SealedEntry | undefined => {
  const request = appendingRequestIn(record);
  return request === undefined ? undefined : entryOf(request);
};

export const entryOf = ({ entry }: ControlAppend): SealedEntry => {
  const parsed = parseEntry(entry);
  assert(parsed.ok && parsed.value.kind === "entry", "A control entry waits to be sent that is none.");
  return parsed.value.entry;
};
