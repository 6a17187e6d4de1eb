/** What people must be told about a log, a device or a clock. Screens turn each into words. */

import type { EntryHash, KeyId, LogId } from "@amana/log";

export type Notice =
  /** Two control entries after one: syncing of that log stops, reading goes on. */
  | { readonly type: "ServerContradicts"; readonly logId: LogId }
  /** The server lacked what this device holds; it was sent again. */
  | { readonly type: "ServerLacked"; readonly logId: LogId; readonly count: number }
  | { readonly type: "FalseKey"; readonly logId: LogId; readonly from: KeyId }
  | { readonly type: "DeviceCopied"; readonly logId: LogId }
  /** More than five minutes apart, from this device's clock to what others wrote or to what was written here. */
  | { readonly type: "ClockDiffers"; readonly minutes: number }
  | { readonly type: "CannotSend"; readonly logId: LogId }
  | { readonly type: "DamagedEntry"; readonly logId: LogId; readonly entry: EntryHash }
  | { readonly type: "StorageFull" }
  /** The log lacks what this device or whoever invited it had seen: it is not the newest. */
  | { readonly type: "LogBehind"; readonly logId: LogId };
