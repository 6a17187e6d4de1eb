/** A referral on its way: sent only with consent for that recipient, due until it is answered, stopped when the consent ends. */

import { beforeEach, describe, expect, test } from "vitest";
import { adultReadyToAct, closeCase, consent, referralTo, withdraw } from "../testing/commands.ts";
import { hours, itemOf, omar, recipientOf, shilan } from "../testing/people.ts";
import {
  type World,
  dueKinds,
  errorOf,
  meet,
  must,
  newWorld,
  part,
  refusal,
  wholeCase,
  write,
} from "../testing/world.ts";
import { due } from "../views/due.ts";
import { referralOf, referralsOf } from "./referrals.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

describe("referrals", () => {
  beforeEach(() => adultReadyToAct(world));
  const referral = itemOf("referral-1");
  const send = { type: "SendReferral", referral } as const;
  const answer = (given: "accepted" | "declined-by-provider" | "unavailable") =>
    ({ type: "RecordReferralAnswer", referral, answer: given }) as const;
  const agreed = consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"] });
  const stage = (): string | undefined => referralOf(wholeCase(world), world.now, "referral-1")?.stage;

  test("nothing is sent without consent for that recipient, nor a field beyond it", () => {
    must(world, shilan, referralTo("the-clinic"));
    expect(refusal(world, shilan, send)).toBe("ConsentMissing");
    must(world, shilan, consent("referral", "another-clinic", { mayShare: ["fact:harm", "safe-contact"] }));
    expect(refusal(world, shilan, send)).toBe("ConsentMissing");
    must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm"] }));
    expect(errorOf(world, shilan, send)).toEqual({ type: "FieldsNotConsented", fields: ["safe-contact"] });
    must(world, shilan, agreed);
    must(world, shilan, send);
    expect(world.entries.at(-1)?.events[0]).toMatchObject({
      recipient: "the-clinic",
      fields: ["fact:harm", "safe-contact"],
    });
  });

  test("a referral goes its way: prepared, sent, accepted, done, closed", () => {
    must(world, shilan, agreed);
    expect(refusal(world, shilan, send)).toBe("NotThere");
    must(world, shilan, referralTo("the-clinic"));
    expect(errorOf(world, shilan, answer("accepted"))).toEqual({ type: "StepNotPossible", from: "prepared" });
    must(world, shilan, send);
    expect(refusal(world, shilan, referralTo("the-clinic"))).toBe("AlreadyThere");
    must(world, shilan, answer("accepted"));
    must(world, shilan, { type: "RecordReferralDone", referral, given: "Three meetings.", feedback: "It helped." });
    expect(stage()).toBe("done");
    must(world, shilan, { type: "CloseReferral", referral, because: "Over." });
    expect(stage()).toBe("closed");
  });

  test("a provider may be unavailable or decline, and the referral can be sent again", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    must(world, shilan, answer("unavailable"));
    expect(stage()).toBe("unavailable");
    must(world, shilan, send);
    must(world, shilan, answer("declined-by-provider"));
    expect(refusal(world, shilan, send)).toBe("accepted");
  });

  test("what is due of a referral names whom it is with: whoever has it in hand, and before that whom it was prepared for", () => {
    const dueWith = (kind: string): readonly string[] | undefined =>
      due(wholeCase(world), hours(24 * 30)).find((item) => item.kind === kind)?.recipients;
    must(world, shilan, agreed);
    part(world, shilan, omar);
    must(world, shilan, referralTo("the-clinic"));
    must(world, omar, referralTo("another-clinic"));
    meet(world);
    expect([...(dueWith("referral-unanswered") ?? [])].sort()).toEqual(["another-clinic", "the-clinic"]);
    write(world, shilan, {
      ...send,
      type: "ReferralSent",
      recipient: recipientOf("the-clinic"),
      fields: ["fact:harm"],
    });
    expect(dueWith("referral-unanswered")).toEqual(["the-clinic"]);
    must(world, shilan, answer("accepted"));
    expect(dueWith("referral-follow-up")).toEqual(["the-clinic"]);
    // The consent for the other clinic says nothing of this one: only who has it in hand is told to stop.
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect(dueWith("provider-to-be-stopped")).toEqual(["the-clinic"]);
    must(world, shilan, answer("unavailable"));
    expect([...(dueWith("referral-to-place") ?? [])].sort()).toEqual(["another-clinic", "the-clinic"]);
  });

  test("the survivor may decline at any moment, and nothing is sent after that", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, { type: "RecordSurvivorDeclined", referral });
    expect(stage()).toBe("declined-by-survivor");
    expect(refusal(world, shilan, send)).toBe("StepNotPossible");
  });

  test("of an acceptance and the survivor's refusal recorded at once, the refusal stands", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    part(world, shilan, omar);
    must(world, shilan, answer("accepted"));
    must(world, omar, { type: "RecordSurvivorDeclined", referral });
    meet(world);
    expect(stage()).toBe("declined-by-survivor");
  });

  test("when consent is withdrawn, the provider must be told to stop, before anything else that waits", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, withdraw("referral", "the-clinic"));
    const toBeStopped = { kind: "provider-to-be-stopped", about: "referral-1", recipients: ["the-clinic"] };
    expect(due(wholeCase(world), world.now)[0]).toMatchObject(toBeStopped);
    must(world, shilan, { type: "RecordReferralStopped", referral, text: "Told by telephone." });
    expect(stage()).toBe("stopped");
    expect(dueKinds(world)).not.toContain("provider-to-be-stopped");
  });

  test("what was prepared twice at once goes only to a provider both named, with what both chose", () => {
    must(world, shilan, agreed);
    part(world, shilan, omar);
    must(world, shilan, referralTo("the-clinic"));
    must(world, omar, referralTo("the-clinic", { fields: ["fact:harm"], urgency: "now" }));
    meet(world);
    expect(referralsOf(wholeCase(world), world.now)[0]).toMatchObject({ mostUrgent: "now" });
    must(world, shilan, send);
    expect(world.entries.at(-1)?.events[0]).toMatchObject({ fields: ["fact:harm"] });
    part(world, shilan, omar);
    must(world, shilan, referralTo("the-clinic", { referral: itemOf("referral-2") }));
    must(world, omar, referralTo("another-clinic", { referral: itemOf("referral-2") }));
    meet(world);
    expect(errorOf(world, shilan, { type: "SendReferral", referral: itemOf("referral-2") })).toEqual({
      type: "StepNotPossible",
      from: "prepared",
    });
  });

  test("an answer that does not come is due by the referral's own urgency", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic", { urgency: "now" }));
    must(world, shilan, send);
    expect(due(wholeCase(world), hours(5))).toContainEqual(
      expect.objectContaining({ kind: "referral-unanswered", when: "overdue" }),
    );
    must(world, shilan, answer("accepted"));
    expect(dueKinds(world, hours(5))).not.toContain("referral-unanswered");
  });

  test("is due until the service was given or refused: turned down at once, accepted after a while (G-CM-3)", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic", { urgency: "now" }));
    must(world, shilan, send);
    must(world, shilan, answer("declined-by-provider"));
    expect(dueKinds(world)).toContain("referral-to-place");
    must(world, shilan, answer("unavailable"));
    expect(dueKinds(world)).toContain("referral-to-place");
    must(world, shilan, send);
    must(world, shilan, answer("accepted"));
    expect(dueKinds(world)).not.toContain("referral-to-place");
    expect(due(wholeCase(world), hours(24 * 60))).toContainEqual(
      expect.objectContaining({ kind: "referral-follow-up", about: referral, dueAt: hours(24 * 7), when: "overdue" }),
    );
    must(world, shilan, { type: "RecordReferralDone", referral, given: "Three meetings." });
    expect(dueKinds(world, hours(24 * 60))).not.toContain("referral-follow-up");
  });

  test("a provider who has it is told to stop, also where the survivor refused it or it was closed here first (G-CONS-2)", () => {
    const stop = { type: "RecordReferralStopped", referral } as const;
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    expect(refusal(world, shilan, stop)).toBe("StepNotPossible");
    must(world, shilan, send);
    must(world, shilan, { type: "RecordSurvivorDeclined", referral });
    expect(dueKinds(world)).toContain("provider-to-be-stopped");
    must(world, shilan, { type: "CloseReferral", referral, because: "She does not want it." });
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect(dueKinds(world)).toContain("provider-to-be-stopped");
    must(world, shilan, { type: "AssessRisk" });
    expect(errorOf(world, shilan, closeCase())).toEqual({ type: "ClosureBlocked", by: ["withdrawal-to-act-on"] });
    must(world, shilan, stop);
    expect(dueKinds(world)).not.toContain("provider-to-be-stopped");
  });

  test("a provider who was told to stop while the survivor agrees, or who agrees anew, leaves somebody to be found (G-CM-3)", () => {
    const stop = { type: "RecordReferralStopped", referral } as const;
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    must(world, shilan, stop);
    expect(dueKinds(world)).toContain("referral-to-place");
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect(dueKinds(world)).not.toContain("referral-to-place");
    must(world, shilan, agreed);
    expect(dueKinds(world)).toContain("referral-to-place");
    must(world, shilan, { type: "CloseReferral", referral, because: "Another one was asked." });
    expect(dueKinds(world)).not.toContain("referral-to-place");
  });

  test("a provider who was told to stop because the survivor refused it leaves nobody to be found", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    must(world, shilan, { type: "RecordSurvivorDeclined", referral });
    must(world, shilan, { type: "RecordReferralStopped", referral });
    expect(dueKinds(world)).not.toContain("referral-to-place");
  });

  test("a service that was given asks for no stop when the consent ends", () => {
    must(world, shilan, agreed);
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    must(world, shilan, answer("accepted"));
    must(world, shilan, { type: "RecordReferralDone", referral, given: "Three meetings." });
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect(dueKinds(world)).not.toContain("provider-to-be-stopped");
  });

  test("a step without a prepared referral is kept and shows nothing", () => {
    write(world, shilan, { type: "ReferralClosed", referral: itemOf("ghost"), because: "?" });
    expect(referralOf(wholeCase(world), world.now, "ghost")).toBeUndefined();
  });
});
