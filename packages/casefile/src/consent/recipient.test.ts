/** For whom consent is: a provider of the directory, or a name in any writing; and for exactly that one. */

import { beforeEach, describe, expect, test } from "vitest";
import { adultReadyToAct, consent, referralTo, step } from "../testing/commands.ts";
import { shilan } from "../testing/people.ts";
import { type World, must, newWorld, refusal, wholeCase } from "../testing/world.ts";
import { isAgreed } from "./require.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
  adultReadyToAct(world);
});

const agreed = (recipient: string): boolean => isAgreed(wholeCase(world), world.now, "referral", recipient);

describe("the recipient of a consent and of a referral (G-CONS-2)", () => {
  const names: readonly (readonly [string, string])[] = [
    ["a provider of the directory", `provider:${"0a".repeat(16)}`],
    ["a name in Sorani, with the joiner it is written with", "سەنتەری ژنانی ھەولێر، لقی دووەم"],
    ["a name in Badini", "سەنتەرێ ژنان ل دھۆکێ"],
    ["a name in Arabic with digits", "عيادة الأمل ٢"],
    ["a name in English", "Women's centre, second branch"],
    ["a word with a joiner", "خانه\u200cی ئاشتی"],
  ];
  test.each(names)("can be %s, and a referral goes there", (_what, recipient) => {
    must(world, shilan, { ...consent("referral", recipient), mayShare: referralTo(recipient).fields });
    expect(agreed(recipient)).toBe(true);
    must(world, shilan, referralTo(recipient));
    must(world, shilan, step("SendReferral"));
  });

  const unclear: readonly (readonly [string, string])[] = [
    ["nothing but spaces", "   "],
    ["with a space before it", " سەنتەری ژنان"],
    ["with two spaces in it", "سەنتەری  ژنان"],
    ["of two lines", "سەنتەری\nژنان"],
    ["with a sign that turns the writing around", "سەنتەری \u202eژنان"],
    ["with a sign that nobody sees", "سەنتەری\u200b ژنان"],
    ["longer than a name", "س".repeat(121)],
  ];
  test.each(unclear)("is no name %s", (_what, recipient) => {
    expect(refusal(world, shilan, consent("referral", recipient))).toBe("FieldWrong");
    expect(refusal(world, shilan, referralTo(recipient))).toBe("FieldWrong");
  });

  test("consent for one name is none for a name that differs in one letter", () => {
    must(world, shilan, consent("referral", "سەنتەری ژنان"));
    expect(agreed("سەنتەری ژن")).toBe(false);
    must(world, shilan, referralTo("سەنتەری ژن"));
    expect(refusal(world, shilan, step("SendReferral"))).toBe("ConsentMissing");
  });
});
