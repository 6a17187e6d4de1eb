/**
 * That somebody changed who can read is told whatever fetched it: an exchange, an act of this device's own, or an exchange that broke off.
 */

import type { Unlocked } from "../unlocked.ts";
import { organisationReading } from "./read.ts";

/** `fetch` takes turns of its own. What this device itself has changed meanwhile may be told with it. */
export const tellingOfChanges = async <T>(unlocked: Unlocked, fetch: () => Promise<T>): Promise<T> => {
  const isKnown = unlocked.organisation() !== undefined;
  const before = await changesKnown(unlocked);
  try {
    return await fetch();
  } finally {
    // Who meets the organisation only now was told of nothing before, and finds all of it in the list.
    if (isKnown && !unlocked.isLocked() && (await changesKnown(unlocked)) > before)
      unlocked.tellPerson({ type: "WhoReadsChanged" });
  }
};

const changesKnown = (unlocked: Unlocked): Promise<number> =>
  unlocked.inTurn(async () => (await organisationReading(unlocked))?.current.changesOfReading.length ?? 0);
