/** What is not as it should be in one case, or is to be gone from it, as plain data. */

import type { PendingView, Row } from "./screen.ts";

/** Written by somebody who was taken out or whose say was taken back, or by a device that said two things at once. */
export type HeldBackView = {
  readonly entry: string;
  readonly person: string | undefined;
  readonly at: number | undefined;
  /** Until then it changes nothing; where it cannot be, never. */
  readonly canBeAdopted: boolean;
  /** Its author has no say in the organisation as it went on. */
  readonly isTakenBack: boolean;
  /** Nothing where it cannot be read here. */
  readonly says: readonly { readonly event: string; readonly rows: readonly Row[] }[] | undefined;
};

export type ErasureView = {
  readonly proposal: string;
  readonly by: string;
  /** None: the whole case. */
  readonly entryCount: number;
  readonly isOwn: boolean;
  readonly state: "waits" | "confirmed";
  /** Only whoever told the server knows. */
  readonly goneFromBackupsAt: number | undefined;
};

/** An entry that nobody here can read, and whose it is. */
export type UnreadView = { readonly entry: string; readonly by: string | undefined; readonly isOwn: boolean };

export type RepairView = {
  readonly isShredded: boolean;
  /** Of the whole case, as the server told this device. */
  readonly goneFromBackupsAt: number | undefined;
  readonly heldBack: readonly HeldBackView[];
  readonly erasures: readonly ErasureView[];
  readonly unread: readonly UnreadView[];
  /** Whoever changed last who can read kept the key from this device. */
  readonly keylessBy: readonly (string | undefined)[];
  readonly isSupervisor: boolean;
  readonly isContradicted: boolean;
  /** What was decided here and waits for a connection, or was refused. */
  readonly pending: readonly PendingView[];
};

export type RepairAct =
  | { readonly type: "Adopt" | "LeaveUnread" | "ProposeErasure"; readonly entries: readonly string[] }
  | { readonly type: "ProposeShredding" | "PassOver" }
  | { readonly type: "ConfirmErasure"; readonly proposal: string };
