/** The account on this device: enrolling, unlocking, locking, the password, the devices. */

import { ok, type Result } from "@amana/kernel";
import {
  acceptInvitation,
  checkInvitation,
  wordsOfOwnAnswer,
  type AcceptError,
  type InvitationError,
} from "../account/accept-invitation.ts";
import { readLanguage, setLanguage } from "../account/account-record.ts";
import {
  changePassword,
  takeNewPassword,
  type ChangePasswordError,
  type TakePasswordError,
} from "../account/change-password.ts";
import { type OwnDevice, type WakeUpPlace, listDevices, readKit, setWakeUp, signOut } from "../account/devices.ts";
import {
  checkKit,
  enrolWithKit,
  newDeviceId,
  type KitEnrolError,
  type KitEnrolling,
} from "../account/enrol-with-kit.ts";
import type { Enrolled } from "../account/enrolment.ts";
import { eraseDevice } from "../account/erase-device.ts";
import { found, type FoundError, type Founding } from "../account/found.ts";
import type { WeakPassword } from "../account/password-rule.ts";
import { unlock, type UnlockError } from "../account/unlock.ts";
import { orStoreFull, type NoRoom } from "../account/while-unlocked.ts";
import type { Bytes, DeviceId } from "@amana/log";
import type { WireError } from "@amana/sync";
import type { Answer, Core, Phase } from "./core.ts";

export type EnrolledHere = { readonly kit: string; readonly enrolment: "done" | "waiting" };
export type AcceptedHere = EnrolledHere & { readonly words: readonly string[] };
export type Accepting = { readonly invitation: Bytes; readonly password: string; readonly language: string };

export type AccountFace = {
  readonly phase: () => Promise<Phase>;
  readonly suggestPassword: () => string;
  readonly checkPassword: (password: string) => Result<undefined, WeakPassword>;
  /** What can be said of a code where it is typed: that it is whole, and not past its time. */
  readonly checkInvitation: (invitation: Bytes) => Result<undefined, InvitationError>;
  readonly checkKit: (digits: string) => ReturnType<typeof checkKit>;
  readonly found: (founding: Founding) => Promise<Result<EnrolledHere, FoundError | NoRoom>>;
  readonly acceptInvitation: (accepting: Accepting) => Promise<Result<AcceptedHere, AcceptError | NoRoom>>;
  readonly enrolWithKit: (enrolling: KitEnrolling) => Promise<Result<undefined, KitEnrolError | NoRoom>>;
  readonly unlock: (password: string) => Promise<Result<undefined, UnlockError | NoRoom>>;
  /** At once, whatever is under way. */
  readonly lock: () => Promise<void>;
  /** The language of the screen that asks for the password; nothing on a device without an account. */
  readonly language: () => Promise<string | undefined>;
  readonly setLanguage: (language: string) => Promise<Result<undefined, NoRoom>>;
  readonly changePassword: (passwords: {
    readonly current: string;
    readonly next: string;
  }) => Answer<undefined, ChangePasswordError>;
  readonly takeNewPassword: (password: string) => Answer<undefined, TakePasswordError>;
  /** What the inviter reads aloud too; nothing on a device that was not invited. */
  readonly wordsOfOwnAnswer: () => Answer<readonly string[] | undefined>;
  readonly kit: () => Answer<string>;
  readonly listDevices: () => Answer<readonly OwnDevice[], WireError>;
  readonly signOut: (device: DeviceId | "everywhere") => Answer<undefined, WireError>;
  readonly setWakeUp: (place: WakeUpPlace | undefined) => Answer<Bytes | undefined, WireError>;
  /** Everything on this device, unlocked or not. What was not sent is lost. */
  readonly erase: () => Promise<void>;
};

export const accountFace = (core: Core): AccountFace => ({ ...enrolling(core), ...ownAccount(core) });

type Enrolling =
  | "suggestPassword"
  | "checkPassword"
  | "checkInvitation"
  | "checkKit"
  | "found"
  | "acceptInvitation"
  | "enrolWithKit"
  | "unlock";

const enrolling = (core: Core): Pick<AccountFace, Enrolling> => {
  const { ports, rule, tellPerson } = core;
  const alone: typeof orStoreFull = (run) => core.alone(() => orStoreFull(run));
  let kitDevice: DeviceId | undefined;
  const keep = async ({ device, kit, enrolment }: Enrolled): Promise<EnrolledHere> => {
    await core.setOpened(device);
    return { kit, enrolment };
  };
  return {
    suggestPassword: rule.suggest,
    checkPassword: rule.check,
    checkInvitation: (invitation) => checkInvitation(ports, invitation),
    checkKit,
    found: (founding) =>
      alone(async () => {
        const founded = await found(ports, rule, founding, tellPerson);
        return founded.ok ? ok(await keep(founded.value)) : founded;
      }),
    acceptInvitation: (accepting) =>
      alone(async () => {
        const accepted = await acceptInvitation(ports, rule, accepting, tellPerson);
        return accepted.ok ? ok({ ...(await keep(accepted.value)), words: accepted.value.words }) : accepted;
      }),
    enrolWithKit: (given) =>
      alone(async () => {
        kitDevice ??= newDeviceId(ports.randomness);
        const enrolled = await enrolWithKit(ports, given, tellPerson, kitDevice);
        if (enrolled.ok) kitDevice = undefined;
        if (enrolled.ok) await core.setOpened(enrolled.value);
        return enrolled.ok ? ok(undefined) : enrolled;
      }),
    unlock: (password) =>
      alone(async () => {
        // Two devices over one store would write over one another.
        if (core.opened() !== undefined) return ok(undefined);
        const unlocked = await unlock(ports, password, tellPerson);
        if (unlocked.ok) await core.setOpened(unlocked.value);
        return unlocked.ok ? ok(undefined) : unlocked;
      }),
  };
};

const ownAccount = (core: Core): Omit<AccountFace, Enrolling> => {
  const { ports, rule, lock, alone, whenUnlocked, read } = core;
  return {
    phase: core.phase,
    lock,
    language: () => readLanguage(ports.store),
    setLanguage: (language) =>
      alone(() =>
        orStoreFull(async () => {
          await setLanguage(ports.store, language);
          return ok(undefined);
        }),
      ),
    changePassword: (passwords) => whenUnlocked((_unlocked, opened) => changePassword(opened, rule, passwords)),
    takeNewPassword: (password) => whenUnlocked((_unlocked, opened) => takeNewPassword(opened, password)),
    wordsOfOwnAnswer: () => read(wordsOfOwnAnswer),
    kit: () => read(readKit),
    listDevices: () => whenUnlocked(listDevices),
    signOut: (device) => whenUnlocked((unlocked) => signOut(unlocked, device)),
    setWakeUp: (place) => whenUnlocked((unlocked) => setWakeUp(unlocked, place)),
    erase: async () => {
      await lock();
      await alone(() => eraseDevice(ports.store));
    },
  };
};
