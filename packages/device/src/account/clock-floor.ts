/**
 * Time on this device: never earlier than anything that was already written here, however the clock is set.
 *
 * A deadline must not move away because a telephone's battery was taken out. A difference is told, not repaired: the
 * device cannot know which of the two is right.
 */

import { isInstant, type Instant } from "@amana/kernel";
import type { Notice } from "../notice.ts";
import type { Clock, StoreChange } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Records } from "../store/records.ts";

export type ClockFloor = {
  readonly now: () => Instant;
  /** To be written with whatever carries a `now()`. */
  readonly changes: () => Promise<readonly StoreChange[]>;
};

export const clockDifferenceMinutesMax = 5;

const name = recordName("clock-floor");
const millisecondsPerMinute = 60_000;

export const openClockFloor = async (
  clock: Clock,
  records: Records,
  tellPerson: (notice: Notice) => void,
): Promise<ClockFloor> => {
  const written = await records.read(name);
  let floor = isInstant(written) ? written : undefined;
  const behind = floor === undefined ? 0 : Math.floor((floor - clock()) / millisecondsPerMinute);
  if (behind > clockDifferenceMinutesMax) tellPerson({ type: "ClockDiffers", minutes: behind });
  return {
    now: () => {
      const now = clock();
      floor = floor === undefined || now > floor ? now : floor;
      return floor;
    },
    changes: async () => (floor === undefined ? [] : records.changes(name, floor)),
  };
};
