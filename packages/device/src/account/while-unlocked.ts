/**
 * What stands around every call of a device: a lock ends whatever is under way, and a full store is an answer.
 *
 * Once locked, keys are gone; what still runs trips over a cleared secret and stops. That, and only that, is caught here.
 */

import { err, type Result } from "@amana/kernel";
import { isStoreFull } from "../store/store-full.ts";
import type { Unlocked } from "../unlocked.ts";

export type Locked = { readonly type: "Locked" };
export type NoRoom = { readonly type: "StoreFull" };

export const whileUnlocked = async <T, E>(
  unlocked: Pick<Unlocked, "isLocked">,
  run: () => Promise<Result<T, E>>,
): Promise<Result<T, E | Locked | NoRoom>> => {
  if (unlocked.isLocked()) return err({ type: "Locked" });
  try {
    const answer = await orStoreFull(run);
    return unlocked.isLocked() ? err({ type: "Locked" }) : answer;
  } catch (reason) {
    if (unlocked.isLocked()) return err({ type: "Locked" });
    throw reason;
  }
};

export const orStoreFull = async <T, E>(run: () => Promise<Result<T, E>>): Promise<Result<T, E | NoRoom>> => {
  try {
    return await run();
  } catch (reason) {
    if (isStoreFull(reason)) return err({ type: "StoreFull" });
    throw reason;
  }
};
