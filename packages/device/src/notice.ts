/** What people must be told about a log, a device or a clock. Screens turn each into words. */

import type { EntryHash, KeyId, LogId } from "@amana/log";
import type { PersonId } from "@amana/vault";

export type Notice =
  /** Two control entries after one: syncing of that log stops, reading goes on. */
  | { readonly type: "ServerContradicts"; readonly logId: LogId }
  /** The server lacked what this device holds; it was sent again. */
  | { readonly type: "ServerLacked"; readonly logId: LogId; readonly count: number }
  | { readonly type: "FalseKey"; readonly logId: LogId; readonly from: KeyId }
  /**
   * Somebody changed who reads, and this device was not given the key: this person was taken out, or the key was kept from them,
   * by whoever made it or by the server.
   * Nothing is sent until whoever still reads the case passes over it.
   */
  | { readonly type: "EpochWithoutKey"; readonly logId: LogId; readonly by: PersonId | undefined }
  /** Other keys of a colleague, another supervisor, team or recovery key, or another policy count since. */
  | { readonly type: "WhoReadsChanged" }
  /** The server hands this case to this person no more. Who took them out stands in what is not handed out either. */
  | { readonly type: "TakenOut"; readonly logId: LogId }
  /** The server hands out what may be a new case, and all that came of it is of a later version: none of it is kept yet. */
  | { readonly type: "LaterVersion" }
  | { readonly type: "DeviceCopied"; readonly logId: LogId }
  /** What others wrote is more than five minutes later than the time of this device; the case is that of the furthest. */
  | { readonly type: "ClockDiffers"; readonly logId: LogId; readonly minutes: number }
  /** This device's clock stands more than five minutes before what was already written here. */
  | { readonly type: "ClockBehind" }
  | { readonly type: "CannotSend"; readonly logId: LogId }
  | { readonly type: "DamagedEntry"; readonly logId: LogId; readonly entry: EntryHash }
  | { readonly type: "StorageFull" }
  /** What this device had kept of it was changed or lost here: it is fetched again, and until then something may be missing. */
  | { readonly type: "StorageSpoiled"; readonly logId: LogId }
  /** The log lacks what this device or whoever invited it had seen: it is not the newest. */
  | { readonly type: "LogBehind"; readonly logId: LogId };
