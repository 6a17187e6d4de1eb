/**
 * Cover for absence: who looks after whose cases, from which day to which. Format: docs/formats/keys.md §7.
 *
 * An arrangement opens no case by itself: who can read is changed case by case, by somebody who reads it. It is written here
 * so that every supervisor sees whose access is to be given, and whose is to be taken back when the cover is over.
 */

import { assert } from "@amana/kernel";
import { fromHex, type Bytes, type CborMap, type CborValue } from "@amana/log";
import { exactFields, readId } from "../fields.ts";
import type { Organisation, Person, PersonId } from "./organisation.ts";

/** `until` is the last day. Days are written `2026-11-22`. */
export type Cover = {
  readonly absent: PersonId;
  readonly cover: PersonId;
  readonly from: string;
  readonly until: string;
};

export type CoverArranged = { readonly type: "CoverArranged" } & Cover;
/** What was given is taken back, or the arrangement was a mistake. */
export type CoverEnded = { readonly type: "CoverEnded"; readonly absent: PersonId; readonly cover: PersonId };
export type CoverEvent = CoverArranged | CoverEnded;

const coversMax = 200;

const readPerson = (value: CborValue | undefined): PersonId | undefined => readId(value) as PersonId | undefined; // Any 16 bytes are an id.

const dayForm = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const readDay = (value: CborValue | undefined): string | undefined =>
  typeof value === "string" && dayForm.test(value) ? value : undefined;

export const readCoverArranged = (data: CborValue): CoverArranged | undefined => {
  const fields = exactFields(data, ["absent", "cover", "from", "until"]);
  const [absent, cover] = [readPerson(fields?.["absent"]), readPerson(fields?.["cover"])];
  const [from, until] = [readDay(fields?.["from"]), readDay(fields?.["until"])];
  if (absent === undefined || cover === undefined || from === undefined || until === undefined) return undefined;
  return { type: "CoverArranged", absent, cover, from, until };
};

export const readCoverEnded = (data: CborValue): CoverEnded | undefined => {
  const fields = exactFields(data, ["absent", "cover"]);
  const [absent, cover] = [readPerson(fields?.["absent"]), readPerson(fields?.["cover"])];
  return absent === undefined || cover === undefined ? undefined : { type: "CoverEnded", absent, cover };
};

export const writeCoverEvent = (event: CoverEvent): CborMap => ({
  absent: bytesIn(event.absent),
  cover: bytesIn(event.cover),
  ...(event.type === "CoverArranged" ? { from: event.from, until: event.until } : {}),
});

const bytesIn = (id: PersonId): Bytes => {
  const bytes = fromHex(id);
  assert(bytes?.length === 16, "An id of a person is not 16 bytes.");
  return bytes;
};

export const isCoverEvent = (event: { readonly type: string }): event is CoverEvent =>
  event.type === "CoverArranged" || event.type === "CoverEnded";

/** By a supervisor. One arrangement for each pair: another day takes the place of the one before. */
export const decideCover = (before: Organisation, event: CoverEvent, by: Person): Organisation | undefined => {
  if (!by.roles.has("supervisor")) return undefined;
  const isSamePair = (each: Cover): boolean => each.absent === event.absent && each.cover === event.cover;
  const others = before.covers.filter((each) => !isSamePair(each));
  if (event.type === "CoverEnded")
    return others.length === before.covers.length ? undefined : { ...before, covers: others };
  const { absent, cover, from, until } = event;
  const arePresent = [absent, cover].every((person) => before.people.get(person)?.hasLeft === false);
  const isPossible = arePresent && absent !== cover && from <= until && others.length < coversMax;
  return isPossible ? { ...before, covers: [...others, { absent, cover, from, until }] } : undefined;
};
