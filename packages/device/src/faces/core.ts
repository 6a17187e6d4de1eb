/**
 * What every face of a device stands on: whether it is unlocked, who is told of changes, and how a call is answered.
 *
 * Nothing that can be expected is thrown. After a lock every call that was in flight answers `Locked`.
 */

import { err, ok, type Instant, type Result } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { readStanding } from "../account/account-record.ts";
import type { OpenedDevice } from "../account/opened-device.ts";
import { makePasswordRule, type PasswordRule } from "../account/password-rule.ts";
import { whileUnlocked, type Locked, type NoRoom } from "../account/while-unlocked.ts";
import type { Notice } from "../notice.ts";
import type { DevicePorts } from "../ports.ts";
import { makeTurns, type InTurn } from "../turns.ts";
import type { Unlocked } from "../unlocked.ts";

/** `emptied`: ten failures; the kit opens it again. */
export type Phase = "new" | "locked" | "unlocked" | "emptied";

export type DeviceChange =
  | { readonly type: "phase"; readonly phase: Phase }
  /** The server knows this device no more, and it has locked itself; the phase follows. */
  | { readonly type: "signed-out" }
  | { readonly type: "cases"; readonly logIds: readonly LogId[] }
  | { readonly type: "sync"; readonly isRunning: boolean }
  | { readonly type: "notice"; readonly notice: Notice };

export type Answer<T, E = never> = Promise<Result<T, E | Locked | NoRoom>>;

export type Core = {
  readonly ports: DevicePorts;
  readonly rule: PasswordRule;
  readonly opened: () => OpenedDevice | undefined;
  /** The device is unlocked from now on, or no more. */
  readonly setOpened: (opened: OpenedDevice | undefined) => Promise<void>;
  /** At once, and also whatever is being opened: what was begun before ends locked. */
  readonly lock: () => Promise<void>;
  readonly phase: () => Promise<Phase>;
  readonly told: (change: DeviceChange) => void;
  readonly listen: (listener: (change: DeviceChange) => void) => () => void;
  readonly notices: () => readonly Notice[];
  readonly tellPerson: (notice: Notice) => void;
  /** The time that this device goes by (`clock-floor.ts`); while it is locked its clock's. */
  readonly now: () => Instant;
  /**
   * Enrolling, unlocking and erasing: one at a time, and after the last turn of a device that was locked, which may still write. They may
   * wait for the network.
   */
  readonly alone: InTurn;
  /** A step that takes turns of its own, or none. */
  readonly whenUnlocked: <T, E>(
    step: (unlocked: Unlocked, opened: OpenedDevice) => Promise<Result<T, E>>,
  ) => Answer<T, E>;
  /** A step in a turn: it waits for no network. */
  readonly inTurn: <T, E>(step: (unlocked: Unlocked) => Promise<Result<T, E>>) => Answer<T, E>;
  /** The same for a step that cannot be refused. */
  readonly read: <T>(step: (unlocked: Unlocked) => Promise<T>) => Answer<T>;
};

export const makeCore = (ports: DevicePorts): Core => {
  const listeners = new Set<(change: DeviceChange) => void>();
  let opened: OpenedDevice | undefined;
  let notices: readonly Notice[] = [];
  /** When the device that was open last writes no more. */
  let hasEnded: Promise<unknown> = Promise.resolve();
  const told = (change: DeviceChange): void => {
    for (const listener of listeners) listener(change);
  };
  const phase = async (): Promise<Phase> => {
    if (opened !== undefined) return "unlocked";
    const { kind } = await readStanding(ports.store);
    return kind;
  };
  const whenUnlocked: Core["whenUnlocked"] = async (step) => {
    const device = opened;
    return device === undefined
      ? err({ type: "Locked" })
      : whileUnlocked(device.unlocked, () => step(device.unlocked, device));
  };
  const setOpened: Core["setOpened"] = async (device) => {
    if (device === undefined && opened !== undefined) hasEnded = opened.unlocked.inTurn(() => Promise.resolve());
    opened = device;
    notices = device === undefined ? [] : notices;
    if (device !== undefined) device.unlocked.desk.changed = (logIds) => told({ type: "cases", logIds });
    device?.onSignedOut(() => {
      told({ type: "signed-out" });
      if (opened === device) void setOpened(undefined);
    });
    told({ type: "phase", phase: await phase() });
  };
  const close = (): Promise<void> => {
    opened?.lock();
    return setOpened(undefined);
  };
  const inTurn: Core["inTurn"] = (step) => whenUnlocked((unlocked) => unlocked.inTurn(() => step(unlocked)));
  return {
    ports,
    rule: makePasswordRule(ports.randomness),
    opened: () => opened,
    setOpened,
    ...openingOver(close, () => hasEnded),
    phase,
    told,
    now: () => opened?.unlocked.now() ?? ports.clock(),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notices: () => notices,
    tellPerson: (notice) => {
      // The same is told once, however often it is met; of clocks that differ, by how much the furthest does.
      if (notices.some((known) => isSaidBy(known, notice))) return;
      notices = [...notices.filter((known) => !isSaidBy(notice, known)), notice];
      told({ type: "notice", notice });
    },
    whenUnlocked,
    inTurn,
    read: (step) => inTurn(async (unlocked) => ok(await step(unlocked))),
  };
};

const isSaidBy = (known: Notice, notice: Notice): boolean =>
  known.type === "ClockDiffers" && notice.type === "ClockDiffers"
    ? known.minutes >= notice.minutes
    : JSON.stringify(known) === JSON.stringify(notice);

const openingOver = (close: () => Promise<void>, hasEnded: () => Promise<unknown>): Pick<Core, "alone" | "lock"> => {
  const oneAtATime = makeTurns();
  let locks = 0;
  return {
    lock: () => {
      locks += 1;
      return close();
    },
    alone: (step) => {
      const before = locks;
      return oneAtATime(async () => {
        await hasEnded();
        const answer = await step();
        if (locks !== before) await close();
        return answer;
      });
    },
  };
};
