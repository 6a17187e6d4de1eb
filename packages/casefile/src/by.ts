/**
 * Who did something, as the envelope says: never the payload.
 *
 * The device resolves it from the signed entry and from the organisation as it was at the head the entry
 * names. Two devices that hold the same entries hand in the same, so they fold the same state.
 */

import type { Instant } from "@amana/kernel";
import type { DeviceId, EntryHash, PersonId } from "./ids.ts";

/** What a person may do in this case. None: a stranger to it, or a role that sees no case. */
export type CaseRole = "caseworker" | "supervisor";

/** The entries that precede an entry, directly or through others. A `ReadonlySet` is one. */
export type Past = { readonly has: (entry: EntryHash) => boolean };

/** What the envelope of an entry says. */
export type Envelope = {
  readonly entry: EntryHash;
  readonly author: PersonId;
  readonly device: DeviceId;
  /** At the organisation head the entry names. */
  readonly roles: readonly CaseRole[];
  /** The author's clock. */
  readonly recordedAt: Instant;
  readonly past: Past;
};

/** One event of an entry. */
export type By = Envelope & {
  /** Its place among the entry's events. */
  readonly index: number;
  /** Within one fold of many entries: what that fold has made itself and nobody else holds yet (`register.ts`). */
  readonly growing?: Growing;
};

/** Maps that one fold made and still adds to. */
export type Growing = Set<object>;

/** An event's own name: its entry and its place in it. */
export type Reference = { readonly entry: EntryHash; readonly index: number };

/** What is kept of `By` beside everything that was said. */
export type Mark = Reference & {
  readonly author: PersonId;
  readonly device: DeviceId;
  readonly recordedAt: Instant;
};

export const markOf = ({ entry, index, author, device, recordedAt }: By): Mark => ({
  entry,
  index,
  author,
  device,
  recordedAt,
});

/** Whether the author of `by` had seen the event: it is of an earlier entry, or stands earlier in the same. */
export const hasSeen = (by: By, { entry, index }: Reference): boolean =>
  entry === by.entry ? index < by.index : by.past.has(entry);

export const isSame = (one: Reference, other: Reference): boolean =>
  one.entry === other.entry && one.index === other.index;

/** An order for showing, the same on every device: by the clock, then by name. No rule rests on it. */
export const compareMarks = (one: Mark, other: Mark): number =>
  one.recordedAt - other.recordedAt || compareTexts(one.entry, other.entry) || one.index - other.index;

/** By code units, whatever the language of the device. */
export const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
