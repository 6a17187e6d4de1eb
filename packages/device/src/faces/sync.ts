/** Being in step with the server: one exchange at a time, and what is not sent yet is always said. */

import { err, ok, type Result } from "@amana/kernel";
import type { WireError } from "@amana/sync";
import { finishPasswordChange, type FinishError } from "../account/change-password.ts";
import { finishEnrolment, type EnrolmentRefused } from "../account/enrolment.ts";
import { whenSignedIn } from "../account/sign-in.ts";
import { sync, syncState, type AccessSteps, type SyncState } from "../logs/sync.ts";
import type { Notice } from "../notice.ts";
import type { Unlocked } from "../unlocked.ts";
import type { Answer, Core, DeviceChange } from "./core.ts";

export type SyncError = WireError | FinishError | EnrolmentRefused;

export type SyncFace = {
  /** Whoever calls while one is under way is given the answer of that one. */
  readonly sync: () => Answer<SyncState, SyncError>;
  readonly syncState: () => Answer<SyncState>;
  /**
   * Has `come` called whenever something may be new at the server, until the stream ends, which is then answered, or the
   * device is locked. What was missed while nobody listened is met by the next `sync`. Over a transport that has no
   * stream it is `Unreachable`.
   */
  readonly listen: (come: () => void) => Answer<undefined, WireError>;
  /** What people must be told, since the device was unlocked. */
  readonly notices: () => readonly Notice[];
  /** Gives back how to stop listening. */
  readonly onChange: (listener: (change: DeviceChange) => void) => () => void;
};

export const syncFace = (core: Core, access: AccessSteps): SyncFace => {
  let running: ReturnType<SyncFace["sync"]> | undefined;
  const run: SyncFace["sync"] = async () => {
    core.told({ type: "sync", isRunning: true });
    try {
      return await core.whenUnlocked<SyncState, SyncError>(async (unlocked, opened) => {
        const enrolment = await finishEnrolment(opened);
        if (!enrolment.ok) return enrolment;
        if (enrolment.value === "waiting") return ok(await unlocked.inTurn(() => syncState(unlocked)));
        const password = await finishPasswordChange(opened);
        return password.ok || password.error.type === "ChangeRefused" ? sync(unlocked, access) : password;
      });
    } finally {
      running = undefined;
      core.told({ type: "sync", isRunning: false });
    }
  };
  return {
    sync: () => (running ??= run()),
    syncState: () => core.read(syncState),
    listen: (come) => core.whenUnlocked((unlocked) => listenUntilLocked(core, unlocked, come)),
    notices: core.notices,
    onChange: core.listen,
  };
};

const listenUntilLocked = async (
  core: Core,
  unlocked: Unlocked,
  come: () => void,
): Promise<Result<undefined, WireError>> => {
  const { listen } = core.ports.transport;
  if (listen === undefined) return err({ type: "Unreachable" });
  let stop = (): void => undefined;
  const stopHearing = core.listen((change) => {
    if (change.type === "phase" && change.phase !== "unlocked") stop();
  });
  const ended = await whenSignedIn(unlocked, (token) => {
    const listening = listen(token, () => (unlocked.isLocked() ? undefined : come()));
    stop = listening.stop;
    if (unlocked.isLocked()) stop();
    return listening.ended;
  });
  stopHearing();
  return ended;
};
