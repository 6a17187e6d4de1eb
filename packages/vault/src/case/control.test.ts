/** Control events of a case as they are written and read back. */

import { label, sha256, type CborMap, type EntryHash } from "@amana/log";
import { describe, expect, it } from "vitest";
import { readCaseControlEvent, writeCaseControlEvent, type CaseControlEvent } from "../index.ts";
import { logIdFor, makePerson, memberOf, type TestPerson } from "../testing/world.ts";

describe("control events of a case", () => {
  const hash = (name: string): EntryHash => logIdFor(name).repeat(2) as unknown as EntryHash;
  const people = async (): Promise<readonly TestPerson[]> => Promise.all(["a", "b"].map((name) => makePerson(name)));

  it("read back what was written, and nothing else", async () => {
    const events: readonly CaseControlEvent[] = [
      { type: "EpochBegun", members: (await people()).map(memberOf), cut: [hash("a")], reason: "left" },
      { type: "Adopted", entries: [hash("a"), hash("b")] },
      { type: "LeftUnread", entries: [hash("a")] },
      { type: "ErasureProposed", entries: [hash("a")] },
      { type: "ErasureConfirmed", proposal: hash("a") },
    ];
    for (const event of events) {
      const written = writeCaseControlEvent(event);
      expect(readCaseControlEvent(written)).toEqual(event);
      expect(readCaseControlEvent({ ...written, version: 2 })).toBeUndefined();
      expect(readCaseControlEvent({ ...written, type: "Other" })).toBeUndefined();
      for (const data of [null, [], { ...(written.data as CborMap), more: 1 }])
        expect(readCaseControlEvent({ ...written, data })).toBeUndefined();
      for (const name of Object.keys(written.data as CborMap))
        for (const wrong of [
          null,
          1,
          [1],
          [{ kind: "person" }],
          [{ kind: "x", key: new Uint8Array(32) }],
          new Uint8Array(3),
        ])
          expect(
            readCaseControlEvent({ ...written, data: { ...(written.data as CborMap), [name]: wrong } }),
          ).toBeUndefined();
    }
    const many = Array.from({ length: 257 }, () => new Uint8Array(32));
    expect(readCaseControlEvent({ type: "Adopted", version: 1, data: { entries: many } })).toBeUndefined();
    expect(label("entry-hash")).not.toEqual(sha256(label("entry-hash")));
  });
});
