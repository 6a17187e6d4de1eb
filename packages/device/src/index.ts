/**
 * One device's life: lock and unlock, drafts, late sealing, outbox, folding, index, who may read, what is due.
 *
 * Devices decide, seal and remember. Everything outside of the device is a port.
 */

export { openDevice, type Device } from "./device.ts";
// For whoever loads the rest while the first screen is there: how the device stands, in clear.
export { firstLookAt, type FirstLook } from "./account/account-record.ts";
// For whoever loads what unlocks first and the rest afterwards: the same device, in two parts over one core.
export { deviceOver } from "./device.ts";
export { accountFace, type AccountFace } from "./faces/account.ts";
export { makeCore, type Core } from "./faces/core.ts";
export type { Phase, DeviceChange } from "./faces/core.ts";
export type { AcceptedHere, EnrolledHere } from "./faces/account.ts";
export type { ActedOrPending, ActRefused, PendingActView } from "./access/pending-acts.ts";
export type { PendingChange } from "./access/pending-record.ts";
export type { WantedAct } from "./access/wanted-act.ts";
export type { CaseNotHeld } from "./faces/cases.ts";
export type { SyncError } from "./faces/sync.ts";
export type { CaseRow } from "./case/case-row.ts";
export { guidanceOf } from "./guidance.ts";
export type { CaseView, Unsent } from "./case/case-view.ts";
export type { FormDraft, FormDraftError, FormPlace } from "./case/form-drafts.ts";
export type { CaseDue, DueByCase, PressingCase, PressingCases } from "./case/due-in-caseload.ts";
export type { CaseSummary, FoundCase, FoundCases } from "./case/find.ts";
export type { EntryMark, MarkKind } from "./case/opened-case.ts";
export type { TellError, Told } from "./case/tell.ts";
export type { SyncState } from "./logs/sync.ts";
export type { Notice } from "./notice.ts";
export type * from "./ports.ts";
export { makeMemoryStore, type MemoryStore, type MemoryStoreSettings, type WriteFate } from "./store/memory-store.ts";
export { isStoreFull, storeFull, type StoreFull } from "./store/store-full.ts";
