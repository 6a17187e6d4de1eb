/** Copies on paper and as files: written into the history, and for a provider only what the referral may tell. */

import { beforeEach, describe, expect, test } from "vitest";
import type { CaseCommand } from "../command.ts";
import { isClosed } from "../closure/closure.ts";
import { adultReadyToAct, closeCase, consent, referralTo, step, withdraw } from "../testing/commands.ts";
import { itemOf, shilan } from "../testing/people.ts";
import { type World, must, newWorld, stateOf, tell } from "../testing/world.ts";
import { requireReferralLetter } from "../referrals/decide.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
  adultReadyToAct(world);
});

const error = (command: CaseCommand): unknown => {
  const decision = tell(world, shilan, command);
  return decision.ok ? "accepted" : decision.error;
};

const referral = itemOf("referral-1");
const letter: CaseCommand = { type: "RecordCopy", copy: "referral-letter", referral };

describe("a copy", () => {
  test("stands in the history with who made it, and changes nothing else (G-CONF-3)", () => {
    const { history: before, ...rest } = stateOf(world, shilan);
    must(world, shilan, { type: "RecordCopy", copy: "safety-plan" });
    const { history, ...restAfter } = stateOf(world, shilan);
    expect(restAfter).toEqual(rest);
    expect(history).toHaveLength(before.length + 1);
    expect(history.at(-1)).toMatchObject({
      event: { type: "CopyMade", copy: "safety-plan" },
      mark: { author: shilan.person },
    });
  });

  test("that is no letter names no referral, and a letter names one", () => {
    expect(error({ type: "RecordCopy", copy: "case-summary", referral })).toEqual({
      type: "FieldWrong",
      field: "referral",
    });
    expect(error({ type: "RecordCopy", copy: "referral-letter" })).toEqual({ type: "FieldWrong", field: "referral" });
  });

  test("can be made of a closed case too", () => {
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, closeCase({ reason: "died" }));
    expect(isClosed(stateOf(world, shilan))).toBe(true);
    expect(error({ type: "RecordCopy", copy: "case-summary" })).toBe("accepted");
  });
});

describe("a letter to a provider", () => {
  const sharing = (fields: readonly string[]) => consent("referral", "seed-clinic", { mayShare: [...fields] });

  test("is refused without the consent for that provider, and after it was withdrawn (G-CM-3, G-CONS-2)", () => {
    must(world, shilan, referralTo("seed-clinic"));
    expect(error(letter)).toEqual({ type: "ConsentMissing", purpose: "referral", from: "consent" });
    must(world, shilan, sharing(["fact:harm", "safe-contact"]));
    expect(error(letter)).toBe("accepted");
    must(world, shilan, withdraw("referral", "seed-clinic"));
    expect(error(letter)).toEqual({ type: "ConsentMissing", purpose: "referral", from: "consent" });
  });

  test("is refused while the referral would tell more than was agreed", () => {
    must(world, shilan, sharing(["fact:harm"]));
    must(world, shilan, referralTo("seed-clinic"));
    expect(error(letter)).toEqual({ type: "FieldsNotConsented", fields: ["safe-contact"] });
  });

  test("says exactly what sending says", () => {
    must(world, shilan, sharing(["fact:harm", "safe-contact"]));
    must(world, shilan, referralTo("seed-clinic"));
    const may = requireReferralLetter(stateOf(world, shilan), world.now, referral);
    must(world, shilan, step("SendReferral"));
    const sent = world.entries.at(-1)?.events[0];
    expect(may.ok && { type: "ReferralSent", referral, ...may.value }).toEqual(sent);
  });

  test("is refused once the survivor does not want the service any more", () => {
    must(world, shilan, sharing(["fact:harm", "safe-contact"]));
    must(world, shilan, referralTo("seed-clinic"));
    must(world, shilan, { type: "RecordSurvivorDeclined", referral });
    expect(error(letter)).toEqual({ type: "StepNotPossible", from: "declined-by-survivor" });
    expect(error({ ...letter, referral: itemOf("another") })).toEqual({ type: "NotThere" });
  });
});
