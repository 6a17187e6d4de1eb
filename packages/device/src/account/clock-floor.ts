/**
 * Time on this device: never earlier than anything that was already written here, however the clock is set.
 *
 * A deadline must not move away because a telephone's battery was taken out, or because a clock that was years ahead was put
 * right: time then goes on from where it stood, by as much as the clock moves on. Behind by some hours, as after a wrong time
 * zone, it stands still until the clock is there, so that the difference ends. It is told, not repaired: the device cannot know
 * which of the two is right.
 */

import { isInstant, type Instant } from "@amana/kernel";
import { isCborArray, type CborValue } from "@amana/log";
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

/** What the time was here, and what the clock said to it. */
type Reading = { readonly at: Instant; readonly clock: Instant };

const name = recordName("clock-floor");
const millisecondsPerMinute = 60_000;
const millisecondsPerHour = 3_600_000;
const toldMillisecondsMin = clockDifferenceMinutesMax * millisecondsPerMinute;
const standsStillMillisecondsMax = 4 * millisecondsPerHour;
/** A clock that leaps from one wrong time to another has measured nothing: no more than this is taken for time that has passed. */
const passedMillisecondsMax = 24 * millisecondsPerHour;

export const openClockFloor = async (
  clock: Clock,
  records: Records,
  tellPerson: (notice: Notice) => void,
): Promise<ClockFloor> => {
  let last = readingOf(await records.read(name));
  let isTold = false;
  const now = (): Instant => {
    last = readingAfter(last, clock());
    if (!isTold && last.at - last.clock > toldMillisecondsMin) {
      isTold = true;
      tellPerson({ type: "ClockBehind" });
    }
    return last.at;
  };
  if (last !== undefined) now();
  return { now, changes: async () => (last === undefined ? [] : records.changes(name, contentOf(last))) };
};

const readingAfter = (last: Reading | undefined, clock: Instant): Reading => {
  if (last === undefined || clock >= last.at) return { at: clock, clock };
  if (last.at - clock <= standsStillMillisecondsMax) return { at: last.at, clock };
  const passed = Math.min(Math.max(0, clock - last.clock), passedMillisecondsMax);
  const at = last.at + passed;
  return { at: isInstant(at) ? at : last.at, clock };
};

/** Of a clock that is not behind, one number says both. */
const contentOf = ({ at, clock }: Reading): CborValue => (at === clock ? at : [at, clock]);

const readingOf = (content: CborValue | undefined): Reading | undefined => {
  const [at, clock] = content !== undefined && isCborArray(content) ? content : [content, content];
  return isInstant(at) && isInstant(clock) ? { at, clock } : undefined;
};
