/** Cases of many kinds as people look at them: invented histories, and what those seldom hold. */

import { sample } from "fast-check";
import type { Seen } from "../../apps/casework/src/worker/views/seen.ts";
import { foldCase } from "../../packages/casefile/src/evolve.ts";
import {
  adultReadyToAct,
  closeCase,
  consent,
  legalRisk,
  openCase,
  recordFact,
  referralTo,
  step,
} from "../../packages/casefile/src/testing/commands.ts";
import { anyHistory } from "../../packages/casefile/src/testing/histories.ts";
import {
  hours,
  itemOf,
  nasrin,
  omar,
  recipientOf,
  shilan,
  startAt,
} from "../../packages/casefile/src/testing/people.ts";
import { must, type World } from "../../packages/casefile/src/testing/world.ts";
import { seenBy, seenIn, worldWith } from "./seen.ts";

/** What histories by chance seldom hold: a note, an offer, something held as an exception, a transfer, and then the end. */
const seldom = (world: World): void => {
  const otherNgo = recipientOf("other-ngo");
  adultReadyToAct(world);
  for (const fact of ["material-volunteered", "material-critical-to-safety"])
    must(world, shilan, recordFact(fact, "yes"));
  must(world, shilan, consent("evidence", "own-organisation"));
  must(world, shilan, consent("store-file", "own-organisation"));
  must(world, shilan, { type: "WriteNote", note: itemOf("n-1"), about: "safety", text: "She came alone." });
  must(world, shilan, {
    type: "SetGoal",
    goal: itemOf("g-1"),
    words: "To sleep.",
    services: ["mental-health"],
    who: "She",
  });
  must(world, shilan, consent("referral", "the-clinic", { mayShare: ["fact:harm"] }));
  must(world, shilan, referralTo("the-clinic", { fields: ["fact:harm"] }));
  must(world, shilan, step("SendReferral"));
  must(world, shilan, { type: "RecordReferralAnswer", referral: itemOf("referral-1"), answer: "accepted" });
  must(world, shilan, { type: "OfferResponsibility", to: omar.person, because: "Leave." });
  const exception = must(world, shilan, {
    type: "ProposeEvidenceException",
    because: "Her brother controls her phone.",
    criticalToSafety: "It shows when he comes.",
  });
  must(world, nasrin, { type: "Approve", proposal: exception, what: "evidence-exception" });
  const item = itemOf("evidence-1");
  must(world, shilan, { type: "RecordEvidenceReceived", item, what: "messages", receivedAt: startAt, exception });
  must(world, shilan, consent("referral", "other-ngo", { mayShare: ["fact:harm"] }));
  must(world, shilan, { type: "TransferCase", recipient: otherNgo, fields: ["fact:harm"], because: "She moved." });
  must(world, shilan, consent("referral", "the-clinic"));
};

const emergencyCall = {
  type: "ActInEmergency",
  act: "emergency-call",
  recipient: recipientOf("A-911"),
  shared: [],
  personTold: { kind: "could-not-be-reached", because: "He holds her phone." },
  because: "He is at the door.",
} as const;
const assessed = { type: "AssessRisk" } as const;
const answered = { type: "RecordRiskResponse", measures: "She sleeps at her aunt's." } as const;

export const lookedAt = (): readonly Seen[] => {
  const world = worldWith(seldom);
  const open = [shilan, omar, nasrin].map((person) => seenBy(world, person));
  const closed = worldWith((other) => {
    for (const command of [openCase, assessed, answered, closeCase()]) must(other, shilan, command);
  });
  const begun = worldWith((other) => {
    adultReadyToAct(other);
    for (const command of [referralTo("the-clinic"), legalRisk]) must(other, shilan, command);
    must(other, shilan, recordFact("immediate-danger", "yes"));
    must(other, shilan, emergencyCall);
  });
  const chance = sample(anyHistory, { seed: 5, numRuns: 12 }).map((entries) => foldCase(entries));
  return [
    ...open,
    seenBy(begun, shilan),
    seenBy(closed, shilan),
    ...chance.map((state) => seenIn(state, hours(100), nasrin)),
  ];
};
