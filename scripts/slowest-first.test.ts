/** Which files of tests begin first, so that none of the slowest is alone at the end. */

import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { slowestFirst, slowFiles } from "./slowest-first.ts";

it("has every slow file where it looks for it", () => {
  expect(slowFiles.filter((path) => !existsSync(path))).toEqual([]);
});

it("begins with the slow ones, leaves none out, and changes nothing else", () => {
  const [slow = "", slower = ""] = slowFiles;
  const begun = slowestFirst(["/b", slower, "/a", slow].map((moduleId) => ({ moduleId })));
  expect(begun.map(({ moduleId }) => moduleId)).toEqual([slower, slow, "/b", "/a"]);
});
