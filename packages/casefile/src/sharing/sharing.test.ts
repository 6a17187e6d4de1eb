/** Consent that was narrowed after something was sent: whoever has it is told what may be used no longer (G-CM-3, G-CONS-2). */

import { beforeEach, describe, expect, test } from "vitest";
import { isClosed } from "../closure/closure.ts";
import {
  adultReadyToAct,
  assent,
  bestInterests,
  childReadyToAct,
  closeCase,
  consent,
  guardianConsent,
  recordFact,
  referralTo,
  withdraw,
} from "../testing/commands.ts";
import { hours, itemOf, nasrin, omar, recipientOf, shilan } from "../testing/people.ts";
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
import { narrowingsToTell } from "./sharing.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

const recipient = recipientOf("the-clinic");
const referral = itemOf("referral-1");
const send = { type: "SendReferral", referral } as const;
const tell = { type: "RecordSharingNarrowed", recipient } as const;
const sharing = (...mayShare: readonly string[]) => consent("referral", "the-clinic", { mayShare });
const toTell = () => narrowingsToTell(wholeCase(world), world.now);
const fieldsToTell = () => toTell().flatMap(({ fields }) => fields);

const sent = (): void => {
  must(world, shilan, sharing("fact:harm", "safe-contact"));
  must(world, shilan, referralTo("the-clinic"));
  must(world, shilan, send);
};

describe("a provider who has a referral", () => {
  beforeEach(() => adultReadyToAct(world));

  test("is to be told what may be used no longer, at once, until somebody has told them", () => {
    sent();
    expect([toTell(), refusal(world, shilan, tell)]).toEqual([[], "NotThere"]);
    must(world, shilan, sharing("fact:harm"));
    expect(due(wholeCase(world), world.now)).toContainEqual({
      ...{ kind: "provider-to-be-told", about: "the-clinic", recipients: ["the-clinic"], when: "due" },
      dueAt: world.now,
    });
    expect(toTell()).toEqual([{ recipient, isTransferred: false, fields: ["safe-contact"], limits: [] }]);
    must(world, shilan, { ...tell, text: "Told by telephone." });
    expect(world.entries.at(-1)?.events).toMatchObject([{ type: "SharingNarrowed", fields: ["safe-contact"] }]);
    expect([toTell(), dueKinds(world)]).toEqual([[], expect.not.arrayContaining(["provider-to-be-told"])]);
    // The clock of the answer runs on, and so does the referral.
    expect(dueKinds(world, hours(200))).toContain("referral-unanswered");
  });

  test("is told of each thing that was withheld since, and of none that was never sent", () => {
    sent();
    must(world, shilan, sharing("fact:harm"));
    must(world, shilan, tell);
    must(world, shilan, sharing());
    expect(fieldsToTell()).toEqual(["fact:harm"]);
    must(world, shilan, sharing("fact:harm", "detail:phone"));
    expect(toTell()).toEqual([]);
  });

  test("is told of limits that were set since, and of none that stood when it was sent or when they were told", () => {
    const limited = (limits: string) =>
      consent("referral", "the-clinic", { mayShare: ["fact:harm", "safe-contact"], limits });
    must(world, shilan, limited("Not by letter."));
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    expect(toTell()).toEqual([]);
    must(world, shilan, limited("Only to the doctor herself."));
    expect(toTell()).toMatchObject([{ fields: [], limits: ["Only to the doctor herself."] }]);
    must(world, shilan, tell);
    expect(toTell()).toEqual([]);
    must(world, shilan, limited("Not by letter."));
    expect(toTell()).toEqual([]);
  });

  test("is told to stop, and of nothing else, where nothing is agreed any more", () => {
    sent();
    must(world, shilan, sharing("fact:harm"));
    must(world, shilan, withdraw("referral", "the-clinic"));
    expect([toTell(), dueKinds(world)]).toEqual([[], expect.arrayContaining(["provider-to-be-stopped"])]);
  });

  test.each([
    { type: "RecordReferralAnswer", referral, answer: "unavailable" },
    { type: "RecordReferralStopped", referral },
  ] as const)("and has it no more is told nothing: %o", (over) => {
    sent();
    must(world, shilan, over);
    must(world, shilan, sharing());
    expect(toTell()).toEqual([]);
  });

  test("and was told is told nothing again when less is sent to them anew", () => {
    sent();
    must(world, shilan, sharing("fact:harm"));
    must(world, shilan, tell);
    must(world, shilan, referralTo("the-clinic", { referral: itemOf("referral-2"), fields: ["fact:harm"] }));
    must(world, shilan, { ...send, referral: itemOf("referral-2") });
    expect(toTell()).toEqual([]);
  });

  test("and turned it down is told nothing while another provider has the same referral", () => {
    sent();
    part(world, shilan, omar);
    must(world, shilan, { type: "RecordReferralAnswer", referral, answer: "unavailable" });
    write(world, omar, { type: "ReferralSent", referral, recipient: recipientOf("other-clinic"), fields: [] });
    meet(world);
    must(world, shilan, sharing("fact:harm"));
    expect(toTell()).toEqual([]);
  });

  test("is to be told again of what was sent to them without knowing that they had been told", () => {
    sent();
    must(world, shilan, sharing("fact:harm"));
    part(world, shilan, omar);
    must(world, shilan, tell);
    write(world, omar, { type: "ReferralSent", referral, recipient, fields: ["safe-contact"] });
    meet(world);
    expect(fieldsToTell()).toEqual(["safe-contact"]);
    must(world, omar, tell);
    expect(toTell()).toEqual([]);
  });

  test("keeps whoever knows of it from closing, undoes no closing, and is told in a closed case too", () => {
    sent();
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, { type: "RecordSurvivorDeclined", referral });
    must(world, shilan, { type: "RecordReferralStopped", referral });
    const handOver = { type: "TransferCase", recipient, fields: ["safe-contact"], because: "She moved." } as const;
    must(world, shilan, handOver);
    const close = closeCase({ reason: "transferred" });
    part(world, shilan, omar);
    must(world, omar, sharing());
    expect(errorOf(world, omar, close)).toEqual({
      type: "ClosureBlocked",
      by: ["referral-open", "withdrawal-to-act-on"],
    });
    must(world, shilan, { type: "CloseReferral", referral, because: "She moved." });
    must(world, shilan, close);
    meet(world);
    expect([isClosed(wholeCase(world)), dueKinds(world)]).toEqual([true, ["transfer-to-be-told"]]);
    must(world, shilan, tell);
    expect(dueKinds(world)).toEqual([]);
  });
});

describe("an organisation that has the case", () => {
  test("is to be told the same", () => {
    adultReadyToAct(world);
    must(world, shilan, sharing("fact:harm", "safe-contact"));
    const fields = ["fact:harm", "safe-contact"];
    must(world, shilan, { type: "TransferCase", recipient, fields, because: "She moved." });
    expect(toTell()).toEqual([]);
    must(world, shilan, sharing("safe-contact"));
    expect(dueKinds(world)).toContain("transfer-to-be-told");
    expect(toTell()).toEqual([{ recipient, isTransferred: true, fields: ["fact:harm"], limits: [] }]);
    must(world, shilan, tell);
    expect(dueKinds(world)).not.toContain("transfer-to-be-told");
  });

  test("is told nothing of what they were told to stop with, also once they have the case again", () => {
    adultReadyToAct(world);
    must(world, shilan, sharing("fact:harm", "safe-contact"));
    const transfer = { type: "TransferCase", recipient, because: "She moved." } as const;
    must(world, shilan, { ...transfer, fields: ["fact:harm", "safe-contact"] });
    must(world, shilan, { type: "RecordTransferStopped", recipient });
    must(world, shilan, sharing("fact:harm"));
    expect(toTell()).toEqual([]);
    must(world, shilan, { ...transfer, fields: ["fact:harm"] });
    expect(toTell()).toEqual([]);
  });
});

describe("of a child", () => {
  test("the limits that the child and the guardian had set when it was sent are known, and those since are told", () => {
    childReadyToAct(world, "no");
    const limitsToTell = () => toTell().flatMap(({ limits }) => limits);
    must(world, shilan, assent("referral", "the-clinic", { limits: "Not to my school." }));
    must(world, shilan, guardianConsent("referral", "the-clinic", { limits: "No calls." }));
    must(world, shilan, referralTo("the-clinic", { fields: [] }));
    must(world, shilan, send);
    expect(limitsToTell()).toEqual([]);
    must(world, shilan, guardianConsent("referral", "the-clinic", { limits: "No letters." }));
    expect(limitsToTell()).toEqual(["No letters."]);
    must(world, shilan, tell);
    expect(limitsToTell()).toEqual([]);
  });

  test("what any of those withholds who decide together is withheld", () => {
    childReadyToAct(world, "no");
    const both = { mayShare: ["fact:harm", "safe-contact"] };
    must(world, shilan, assent("referral", "the-clinic", both));
    must(world, shilan, guardianConsent("referral", "the-clinic", both));
    must(world, shilan, referralTo("the-clinic"));
    must(world, shilan, send);
    must(world, shilan, guardianConsent("referral", "the-clinic", { mayShare: ["fact:harm"] }));
    expect(fieldsToTell()).toEqual(["safe-contact"]);
    // A decision in the child's best interests takes the guardian's place, and withholds what it does not name.
    const proposal = must(world, shilan, bestInterests("referral", "the-clinic", { mayShare: ["safe-contact"] }));
    expect(fieldsToTell()).toEqual(["safe-contact"]);
    must(world, nasrin, { type: "Approve", proposal, what: "best-interests" });
    expect(fieldsToTell()).toEqual(["fact:harm"]);
    must(world, shilan, recordFact("guardian-unsafe", "yes", { correction: { kind: "changed", because: "Seen." } }));
    expect(fieldsToTell()).toEqual(["fact:harm"]);
  });
});
