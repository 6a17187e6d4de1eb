/** How somebody may be reached: agreed, found unsafe, run out. */

import { beforeEach, describe, expect, test } from "vitest";
import { openCase } from "../testing/commands.ts";
import { hours, omar, shilan, startAt } from "../testing/people.ts";
import { type World, dueKinds, meet, must, newWorld, part, refusal, wholeCase } from "../testing/world.ts";
import { safeContactOf } from "./safe-contact.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

describe("safe contact", () => {
  const agree = {
    type: "AgreeSafeContact",
    how: "telephone-call",
    reach: "0750 123 45 67",
    when: "weekdays before noon",
    nameToUse: "the dentist",
    mayLeaveMessage: true,
    mustNotKnow: ["her brother"],
  } as const;
  beforeEach(() => void must(world, shilan, openCase));

  test("nothing agreed is nothing to use", () => {
    expect(safeContactOf(wholeCase(world), world.now)).toEqual({ kind: "none" });
  });

  test("of two agreed at once a message is left only if both say so, and whoever either names must not know (G-FRAME-6)", () => {
    part(world, shilan, omar);
    must(world, shilan, agree);
    must(world, omar, { ...agree, mayLeaveMessage: false, mustNotKnow: ["her husband"] });
    meet(world);
    expect(safeContactOf(wholeCase(world), world.now)).toMatchObject({
      kind: "safe",
      mayLeaveMessage: false,
      mustNotKnow: expect.arrayContaining(["her brother", "her husband"]) as unknown,
    });
  });

  test("unsafe stands over safe", () => {
    part(world, shilan, omar);
    must(world, shilan, agree);
    must(world, omar, { type: "DeclareContactUnsafe", because: "A man answered." });
    meet(world);
    expect(safeContactOf(wholeCase(world), world.now)).toMatchObject({
      kind: "unsafe",
      agreed: [{ reach: "0750 123 45 67" }],
    });
    expect(dueKinds(world)).toContain("safe-contact");
  });

  test("it runs out at its moment", () => {
    expect(refusal(world, shilan, { ...agree, validUntilAt: startAt })).toBe("MomentWrong");
    must(world, shilan, { ...agree, validUntilAt: hours(10) });
    expect(safeContactOf(wholeCase(world), hours(9)).kind).toBe("safe");
    expect(safeContactOf(wholeCase(world), hours(10)).kind).toBe("expired");
  });
});
