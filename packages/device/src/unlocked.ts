/**
 * What lives only while the device is unlocked. Locking clears every secret in it and lets go of the rest; nothing of it is
 * ever kept elsewhere.
 */

import type { Instant, Result } from "@amana/kernel";
import type { EntryHash, LogId } from "@amana/log";
import type { AccountVault, DeviceVault, LoginKey, PersonId } from "@amana/vault";
import type { HeldAccount } from "./account/held-account.ts";
import type { RequestName, RequestOf, ResponseOf, WireError } from "@amana/sync";
import type { Desk } from "./desk.ts";
import type { HeldLog } from "./logs/held-log.ts";
import type { Notice } from "./notice.ts";
import type { DevicePorts, StoreChange } from "./ports.ts";
import type { Records } from "./store/records.ts";
import type { InTurn } from "./turns.ts";

/** The organisation this account belongs to, as far as this device has come to know it. */
export type OwnOrganisation = {
  /** The root of trust: from the founding, the invitation, or the account's own earlier device. */
  readonly root: EntryHash;
  readonly logId: LogId;
  /** Known once the enrolment was read in the organisation log. */
  readonly person: PersonId | undefined;
};

/** What this device was told of its organisation before it had met its log. */
export type Expected = {
  readonly root: EntryHash;
  /** From the invitation: a log without this entry is not the newest. Nothing after founding and with the kit. */
  readonly head: EntryHash | undefined;
};

export type Unlocked = {
  readonly ports: DevicePorts;
  /** The organisation log that begins with another root is somebody else's, whatever the server says. */
  readonly expected: Expected;
  /** Account id and unlock key. After a change of password they are others: read them afresh each time. */
  readonly account: HeldAccount;
  /** From the typing of the password until the first question to the server is over (`held-account.ts`); nothing afterwards. */
  readonly loginKey: () => LoginKey | undefined;
  readonly dropLoginKey: () => void;
  /** Signing in, one at a time: of two at once each would end the other. Such a turn waits for the network. */
  readonly inSignInTurn: InTurn;
  /** The server knows this device no more: it locks at once. */
  readonly signedOut: () => void;
  /** Identity, receiving and own-devices key of the person. */
  readonly own: AccountVault;
  /** Rewritten when the device takes a new id or has seen new heads; read it afresh each time. */
  readonly deviceVault: () => DeviceVault;
  readonly setDeviceVault: (vault: DeviceVault) => Promise<void>;
  /** Sealed records under the storage key, by name. */
  readonly records: Records;
  readonly organisation: () => OwnOrganisation | undefined;
  readonly setOrganisation: (organisation: OwnOrganisation) => Promise<void>;
  /** Never earlier than anything already written here (SECURITY §3, clocks). */
  readonly now: () => Instant;
  /** To be written in one batch with whatever carries a `now()`, so that time never goes back behind it. */
  readonly floorChanges: () => Promise<readonly StoreChange[]>;
  /**
   * One thing at a time: whatever changes memory or store does so in a turn (`makeTurns`), and a turn waits neither for the
   * network nor for another turn.
   */
  readonly inTurn: InTurn;
  /** Asks the server, signed in; locks where it has signed this device out. Never called in a turn. */
  readonly ask: <Name extends RequestName>(
    name: Name,
    request: RequestOf<Name>,
  ) => Promise<Result<ResponseOf<Name>, WireError>>;
  /** What lies open beside the logs: positions, outbox, drafts, index (`emptyDesk`). */
  readonly desk: Desk;
  /** Logs that were read since the device was unlocked, so that nothing is opened twice. */
  readonly held: Map<LogId, HeldLog>;
  /** What people must be told: forks, false keys, copied device, clocks, what cannot be sent. */
  readonly tellPerson: (notice: Notice) => void;
  /** True once locked: whatever still runs stops at the next step and answers `Locked`. */
  readonly isLocked: () => boolean;
};
