/** How a case is opened: once, with a code that is no name, by somebody with a part in it. */

import { beforeEach, describe, expect, test } from "vitest";
import { openCase, recordFact } from "../testing/commands.ts";
import { codeOf, hours, omar, shilan, stranger } from "../testing/people.ts";
import { type World, must, newWorld, refusal, wholeCase, write } from "../testing/world.ts";
import { due } from "../views/due.ts";
import { codesOf, isOpened } from "./opening.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

describe("opening", () => {
  test("nothing is written before a case is opened, and it is opened once", () => {
    expect(refusal(world, shilan, recordFact("age", "adult"))).toBe("CaseNotOpened");
    expect(isOpened(wholeCase(world))).toBe(false);
    expect(due(wholeCase(world), world.now)).toEqual([]);
    must(world, shilan, openCase);
    expect(refusal(world, shilan, openCase)).toBe("AlreadyThere");
    expect(refusal(newWorld(), shilan, { ...openCase, searchedAt: hours(1) })).toBe("MomentWrong");
  });

  test("a case can be opened for somebody who gives nothing to search by, and the history says so", () => {
    must(world, shilan, { ...openCase, nothingToSearchBy: "caller-anonymous" });
    expect(wholeCase(world).history.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ type: "CaseOpened", nothingToSearchBy: "caller-anonymous" }),
    );
  });

  test.each(["Hala Karim", "HALA", "hala-12", "HALA-1", "-A12", "12"])(
    "a code is never a name or too short: %s",
    (code) => {
      expect(refusal(world, shilan, { ...openCase, code: codeOf(code) })).toBe("FieldWrong");
    },
  );

  test("somebody without a part in the case opens none", () => {
    expect(refusal(world, stranger, openCase)).toBe("NotAuthorised");
  });

  test("a case opened twice is shown with both codes", () => {
    must(world, shilan, openCase);
    write(world, omar, { ...openCase, type: "CaseOpened", code: codeOf("KRI-2026-0099") });
    expect(codesOf(wholeCase(world))).toHaveLength(2);
    expect(due(wholeCase(world), world.now)).toContainEqual(
      expect.objectContaining({ kind: "conflict", about: "code" }),
    );
  });
});
