/**
 * What the next entry of a device names: the part of its header that follows from what the device has accepted.
 */

import { controlPastOf } from "./control-line.ts";
import type { History } from "./history.ts";
import type { Header } from "./header.ts";
import type { EntryHash } from "./ids.ts";
import { parentsMax } from "./limits.ts";
import type { Review } from "./review.ts";

export type Links = Pick<Header, "control" | "counter" | "previous" | "parents">;

/**
 * `last` is the entry this device itself wrote last in this log, from its own memory: what the server hands
 * out must not decide it. More heads than a header holds are named by the entries after it.
 *
 * `servedTip` is only for a control entry: the one the server wants it to follow. It is named when it follows the
 * line this device knows, however worthless it is ([Note: A place in the line is not a say]); otherwise the line's own end is.
 */
export const nextLinks = (
  history: History,
  reviewed: Review,
  last: EntryHash | undefined,
  servedTip?: EntryHash,
): Links => {
  const end = reviewed.controlLine.at(-1);
  const isAfterEnd =
    servedTip !== undefined && end !== undefined && [...controlPastOf(history, servedTip)].includes(end);
  const control = isAfterEnd ? servedTip : end;
  const lastCounter = last === undefined ? 0 : (history.held.get(last)?.entry.header.counter ?? 0);
  const parents = reviewed.heads
    .filter((hash) => hash !== control && hash !== last)
    .slice(0, parentsMax)
    .sort();
  return { control, counter: lastCounter + 1, previous: last, parents };
};
