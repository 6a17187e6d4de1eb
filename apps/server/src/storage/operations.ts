/** Every question and order that is run on a connection, by its name in the contract, and which of them write. */

import type { OperationName, Read } from "./operation.ts";
import * as accounts from "./queries/accounts.ts";
import * as comeBack from "./queries/come-back.ts";
import * as control from "./queries/append-control.ts";
import { appendEntries } from "./queries/append-entries.ts";
import { beginLogs } from "./queries/begin-logs.ts";
import { usageOf } from "./queries/budget.ts";
import * as endedKeys from "./queries/ended-keys.ts";
import * as erasure from "./queries/erasure.ts";
import * as invitations from "./queries/invitations.ts";
import * as logs from "./queries/logs.ts";
import * as peopleSince from "./queries/people-since.ts";
import * as recovery from "./queries/recovery.ts";
import * as restoring from "./queries/restoring.ts";
import * as running from "./queries/running.ts";
import * as waking from "./queries/waking.ts";
import * as wraps from "./queries/wraps.ts";
import { restorePage } from "./snapshot.ts";

type Reads = { readonly [Name in OperationName]?: Read<Name> };

export const reads = {
  accountById: accounts.accountById,
  isReaderKey: accounts.isReaderKey,
  signInByToken: accounts.signInByToken,
  devicesOf: accounts.devicesOf,
  vaultOf: accounts.vaultOf,
  answersFor: invitations.answersFor,
  isCodeStanding: comeBack.isCodeStanding,
  servedLog: logs.servedLog,
  positionsServed: logs.positionsServed,
  entriesAfter: logs.entriesAfter,
  hashesAfter: logs.hashesAfter,
  accountsServed: logs.accountsServed,
  wrapsFor: wraps.wrapsFor,
  ledgerAfter: erasure.ledgerAfter,
  endedKeysAfter: endedKeys.endedKeysAfter,
  leaversAfter: peopleSince.leaversAfter,
  changedPasswordsAfter: peopleSince.changedPasswordsAfter,
  recoveriesOf: recovery.recoveriesOf,
  wakeUpsAfter: waking.wakeUpsAfter,
  lastSlot: waking.lastSlot,
  usageOf,
  counts: running.counts,
  schemaVersion: running.schemaVersion,
  storeStanding: restoring.storeStanding,
  ping: running.ping,
} as const satisfies Reads;

export const writes = {
  addSetUpCode: control.addSetUpCode,
  foundOrganisation: control.foundOrganisation,
  signIn: accounts.signIn,
  noteSeen: accounts.noteSeen,
  signOut: accounts.signOut,
  changePassword: accounts.changePassword,
  letBack: comeBack.letBack,
  openInvitation: invitations.openInvitation,
  closeInvitation: invitations.closeInvitation,
  answerInvitation: invitations.answerInvitation,
  appendEntries,
  appendControl: control.appendControl,
  beginLogs,
  addWraps: wraps.addWraps,
  eraseBodies: erasure.eraseBodies,
  shredLog: erasure.shredLog,
  replayLedger: erasure.replayLedger,
  replayEndedKeys: endedKeys.replayEndedKeys,
  replayLeavers: peopleSince.replayLeavers,
  replayPasswords: peopleSince.replayPasswords,
  requestRecovery: recovery.requestRecovery,
  forbidRecovery: recovery.forbidRecovery,
  recoveryWraps: recovery.recoveryWraps,
  noteUp: recovery.noteUp,
  setWakeUp: waking.setWakeUp,
  forgetWakeUp: waking.forgetWakeUp,
  takeSlot: waking.takeSlot,
  serverSecret: running.serverSecret,
  proveWritable: running.proveWritable,
  forgetExpired: running.forgetExpired,
  beginRestore: restoring.beginRestore,
  restorePage,
  finishRestore: restoring.finishRestore,
} as const satisfies Omit<{ readonly [Name in OperationName]: Read<Name> }, keyof typeof reads>;

export type ReadName = keyof typeof reads;
export type WriteName = keyof typeof writes;
