/** What was opened once is not opened again, and is no longer there when its key is not. */

import type { SealedEntry } from "@amana/log";
import { expect, it } from "vitest";
import { platformDeflate, readCase, type CaseReading, type Deflate, type KeyOf } from "../index.ts";
import { beginEpoch, makeWorld, noted, type TestLog } from "../testing/world.ts";

/** Long enough that its body is deflated, so that each opening shows. */
const longNote = noted("She was written to again. ".repeat(40));

const makeReader = async () => {
  const world = await makeWorld();
  const organisation = await world.readOrganisation();
  let inflated = 0;
  const deflate: Deflate = {
    deflate: platformDeflate.deflate,
    inflate: (bytes, lengthMax) => {
      inflated++;
      return platformDeflate.inflate(bytes, lengthMax);
    },
  };
  const read = (log: TestLog, keyOf: KeyOf = log.keyOf): Promise<CaseReading> =>
    readCase({ logId: log.logId, entries: log.entries, organisation, keyOf }, deflate);
  return { ...world, read, inflated: () => inflated };
};

const contentOfNote = ({ entries }: CaseReading, { hash }: SealedEntry): unknown =>
  entries.find((entry) => entry.hash === hash)?.content;

it("a case that is read again opens only what is new in it", async () => {
  const { nour, azad, openCase, read, inflated } = await makeReader();
  const log = openCase("a case");
  await beginEpoch(log, nour, [nour, azad]);
  for (let count = 0; count < 3; count++) await log.write(nour, longNote);
  await read(log);
  expect(inflated()).toBe(3);
  const last = await log.write(azad, longNote);
  expect(contentOfNote(await read(log), last)).toMatchObject({ kind: "body", body: { events: longNote } });
  expect(inflated()).toBe(4);
});

it("an entry that was opened is closed again once its key is gone, and opened anew when the key is back", async () => {
  const { nour, azad, openCase, read, inflated } = await makeReader();
  const log = openCase("a case");
  await beginEpoch(log, nour, [nour, azad]);
  const note = await log.write(nour, longNote);
  expect(contentOfNote(await read(log), note)).toMatchObject({ kind: "body" });
  expect(contentOfNote(await read(log, () => undefined), note)).toEqual({ kind: "no-key" });
  expect(contentOfNote(await read(log), note)).toMatchObject({ kind: "body" });
  expect(inflated()).toBe(2);
});
