/**
 * The moments of the day at which every account is woken alike, whatever happened or did not.
 *
 * Waking at the moment of a deadline or a message would tell whoever watches the push service or the line that there was one.
 */

import { assert, later, type Instant } from "@amana/kernel";

/** Minutes after midnight, UTC, ascending, within a day. */
export type Slots = readonly number[];

const minutesPerDay = 1440;
const millisecondsPerMinute = 60_000;
const slotsMax = 24;

/** The first slot after now. */
export const nextSlot = (slots: Slots, now: Instant): Instant => {
  assert(slots.length > 0, "There must be at least one moment of the day for waking.");
  const millisecondsPerDay = minutesPerDay * millisecondsPerMinute;
  const intoDay = ((now % millisecondsPerDay) + millisecondsPerDay) % millisecondsPerDay;
  const minute = slots.find((each) => each * millisecondsPerMinute > intoDay) ?? (slots[0] ?? 0) + minutesPerDay;
  return later(now, minute * millisecondsPerMinute - intoDay);
};

/** Reads `04:00,08:00,12:00`; nothing when a time is wrong, doubled, out of order, or there are too many. */
export const parseSlots = (text: string): Slots | undefined => {
  const slots = text.split(",").map((each) => {
    const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(each.trim());
    return parts === null ? -1 : Number(parts[1]) * 60 + Number(parts[2]);
  });
  const isRight = slots.every((slot, index) => slot >= 0 && slot > (slots[index - 1] ?? -1));
  return isRight && slots.length <= slotsMax ? slots : undefined;
};
