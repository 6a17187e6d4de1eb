/** Tests of where relative paths begin: where the person stood, also when npm started the program elsewhere. */

import { expect, test } from "vitest";
import { folderOfCaller } from "./terminal.ts";

test("started by npm, a path means the folder in which the person typed it", () => {
  expect(folderOfCaller({ npm_lifecycle_event: "amana", INIT_CWD: "/where/the/person/stood" }, "/checkout")).toBe(
    "/where/the/person/stood",
  );
});

test("started directly, or inside of another script of npm, a path means the program's own folder", () => {
  expect(folderOfCaller({}, "/here")).toBe("/here");
  expect(folderOfCaller({ npm_lifecycle_event: "test", INIT_CWD: "/elsewhere" }, "/here")).toBe("/here");
  expect(folderOfCaller({ npm_lifecycle_event: "amana" }, "/here")).toBe("/here");
});
