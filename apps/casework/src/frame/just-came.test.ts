/** Whoever aims at one thing presses no other that has come there since. */

import { describe, expect, test } from "vitest";
import { type Place, cameOver } from "./just-came.ts";

const height = 50;
/** Lines of a list, one below the other. */
const lines = (...names: readonly string[]): readonly (readonly [string, Place])[] =>
  names.map((name, line) => [name, { left: 0, right: 300, top: line * height, bottom: (line + 1) * height }]);
const lowered = (places: readonly (readonly [string, Place])[], by: number) =>
  places.map(([name, place]) => [name, { ...place, top: place.top + by, bottom: place.bottom + by }] as const);

describe("what can be pressed", () => {
  test("is pressed at once where nothing could be pressed before: on a screen that has just come", () => {
    expect(cameOver([], lines("a", "b"))).toEqual([]);
    expect(cameOver(lines("search"), lowered(lines("a", "b"), height))).toEqual([]);
  });

  test("is pressed at once where it stood before, whatever else has come or gone", () => {
    expect(cameOver(lines("a", "b"), lines("a", "b", "c"))).toEqual([]);
    expect(cameOver(lines("a", "b", "c"), lines("a", "b"))).toEqual([]);
  });

  test("waits where it has come over something else: what is new, and what that has pushed down", () => {
    expect(cameOver(lines("a", "b"), lines("urgent", "a", "b"))).toEqual(["urgent", "a"]);
    expect(cameOver(lines("a", "b"), lines("b"))).toEqual(["b"]);
    expect(cameOver(lines("a", "b"), lines("b", "a"))).toEqual(["b", "a"]);
  });

  test("does not wait for being pushed by less than anybody aims at, nor for standing within another", () => {
    expect(cameOver(lines("a", "b"), lowered(lines("a", "b"), 4))).toEqual([]);
    const within: readonly (readonly [string, Place])[] = [["inner", { left: 0, right: 300, top: 10, bottom: 40 }]];
    expect(cameOver([...lines("a"), ...within], [...lines("a"), ...within])).toEqual([]);
  });
});
