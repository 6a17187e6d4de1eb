/**
 * The rows of `mutation/defences` are true of the code as it is: each names a text that stands there, and a test that is
 * there. That the test fails without its defence is seen by `npm run mutation -- defences`.
 */

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultsOf, switchedOff, type Defence } from "../../mutation/defences/defence.ts";
import { readIn } from "../../mutation/defences/run.ts";
import { defences } from "../../mutation/defences/table.ts";

const read = readIn(join(import.meta.dirname, "../.."));

const lock: Defence = {
  name: "lock",
  answers: "SECURITY §4",
  off: [{ file: "door.ts", text: "shut(door);", by: "" }],
  test: { file: "door.test.ts", words: ["is shut", "at night"] },
};
const files: Readonly<Record<string, string>> = {
  "door.ts": "shut(door);\nopen(window);",
  "door.test.ts": 'it("is shut by everyone at night")',
};
const faultsWith = (changed: Partial<Defence>, more: Readonly<Record<string, string>> = {}): readonly string[] =>
  faultsOf([{ ...lock, ...changed }], (file) => ({ ...files, ...more })[file]).map(({ what }) => what);

describe("each defence that is seen to be missed", () => {
  it("names a text that stands once in the code, and a test that is there (SECURITY §6)", () => {
    expect(faultsOf(defences, read)).toEqual([]);
    expect(defences.length).toBeGreaterThan(100);
  });

  it("is told as gone when the code or the test no longer has it", () => {
    expect(faultsWith({})).toEqual([]);
    expect(faultsWith({}, { "door.ts": "close(door);" })).toEqual(["text-is-gone"]);
    expect(faultsWith({}, { "door.ts": "shut(door); shut(door);" })).toEqual(["text-stands-twice"]);
    expect(faultsWith({ off: [{ file: "door.ts", text: "shut(door);", by: "shut(door);" }] })).toEqual([
      "changes-nothing",
    ]);
    expect(faultsWith({}, { "door.test.ts": "" })).toEqual(["test-is-gone"]);
    expect(faultsWith({ test: { file: "door.test.ts", words: [] } })).toEqual(["test-is-gone"]);
    expect(faultsOf([lock, lock], (file) => files[file]).map(({ what }) => what)).toEqual(["name-stands-twice"]);
  });

  it("is switched off where it stands, and several at once where they overlap", () => {
    const both = { ...lock, off: [...lock.off, { file: "door.ts", text: "window", by: "$& and door" }] };
    expect([...switchedOff(both, (file) => files[file] ?? "")]).toEqual([["door.ts", "\nopen($& and door);"]]);
  });
});
