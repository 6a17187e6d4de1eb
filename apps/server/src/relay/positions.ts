/**
 * Where all the logs stand that an account is served: what a comparison is made of, and what a fresh device begins with.
 *
 * What must stay true: by whichever request it is asked for, an organisation has so many such lists in memory at once and no more,
 * and whoever has very many logs has less left to ask.
 */

import type { Bounds } from "../bounds/bounds.ts";
import { makeQueues } from "../bounds/queues.ts";
import type { Member, Storage } from "../storage/storage.ts";

export type PositionsOf = (by: Member) => ReturnType<Storage["positionsServed"]>;

/** Beyond so many logs such a list costs its account another request. */
const logsPerToken = 500;

/** Of one organisation. */
const listsAtOnceMax = 4;

export const makePositionsOf = (storage: Storage, spend: Bounds["spend"]): PositionsOf => {
  const inQueue = makeQueues(listsAtOnceMax);
  return (by) =>
    inQueue(by.organisation, async () => {
      const positions = await storage.positionsServed({ by, fromBucket: 0 });
      spend(by.account, Math.floor(positions.length / logsPerToken));
      return positions;
    });
};
