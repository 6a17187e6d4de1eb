/**
 * What was stored in schema version 1 is read for ever: one event of each kind, with every word of every list and every field
 * that may be left out. The file is never edited after release, only added to; what a later version says otherwise is lifted.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type EventType, type StoredEvent, encodeEvent, eventShapes, parseEvent } from "./event.ts";

const stored = JSON.parse(
  readFileSync(join(import.meta.dirname, "testing/events-version-1.json"), "utf8"),
) as readonly StoredEvent[]; // Our own file; each event in it is parsed below.

describe("an event that was stored in version 1", () => {
  test.each(stored.map((event, place) => [event[0], place, event] as const))(
    "%s (%i) reads back as it was written",
    (_type, _place, event) => {
      const parsed = parseEvent(event);
      expect(parsed).toMatchObject({ ok: true });
      if (parsed.ok) expect(encodeEvent(parsed.value)).toEqual(event);
    },
  );

  test.each(Object.keys(eventShapes) as readonly EventType[])("%s is kept with each of its fields", (type) => {
    const { required, optional } = eventShapes[type];
    const kept = new Set(stored.filter(([of]) => of === type).flatMap(([, , data]) => Object.keys(data)));
    expect([...kept].sort()).toEqual([...Object.keys(required), ...Object.keys(optional)].sort());
  });
});
