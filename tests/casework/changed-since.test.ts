/** When whoever writes is told that what they write about has changed since they began. */

import type { Instant } from "@amana/kernel";
import { expect, test } from "vitest";
import { type Card, sections } from "../../apps/casework/src/case/screen.ts";
import { markOfCards } from "../../apps/casework/src/case/stands.ts";
import { caseViewOf } from "../../apps/casework/src/worker/views/section.ts";
import {
  adultReadyToAct,
  consent,
  digitalItem,
  recordFact,
  referralTo,
  step,
  takedown,
} from "../../packages/casefile/src/testing/commands.ts";
import {
  dateOf,
  hours,
  itemOf,
  nasrin,
  recipientOf,
  shilan,
  startAt,
} from "../../packages/casefile/src/testing/people.ts";
import { must, stateOf, type World } from "../../packages/casefile/src/testing/world.ts";
import { seenIn, worldWith } from "./seen.ts";

const cardsAt = (world: World, now: Instant): readonly Card[] =>
  sections.flatMap((section) => {
    const view = caseViewOf(seenIn(stateOf(world, shilan), now, shilan), section).section;
    return "blocks" in view ? view.blocks.flatMap(({ cards }) => cards) : [];
  });
const marksAt = (world: World, now: Instant): readonly string[] =>
  cardsAt(world, now).map((card) => markOfCards([card]));

/** Everything in it that rests on a word rests on one that ends in two days. */
const agreedUntilAt = hours(48);
const agreedForAWhile = (world: World): void => {
  adultReadyToAct(world);
  must(world, shilan, {
    ...{ type: "AgreeSafeContact", how: "messaging-app", reach: "0750 111 2233", when: "14:00" },
    ...{ nameToUse: "the tailor", mayLeaveMessage: false, mustNotKnow: [], validUntilAt: agreedUntilAt },
  });
  for (const fact of ["material-volunteered", "material-critical-to-safety"])
    must(world, shilan, recordFact(fact, "yes"));
  const [clinic, organisation] = [recipientOf("the-clinic"), recipientOf("other-ngo")];
  for (const [purpose, recipient] of [
    ["removal", "T-insm"],
    ["digital", "two-factor"],
    ["statistics", "own-organisation"],
    ["evidence", "own-organisation"],
    ["referral", organisation],
    ["referral", clinic],
  ] as const)
    must(
      world,
      shilan,
      consent(purpose, recipient, { mayShare: ["fact:harm", "safe-contact"], expiresAt: agreedUntilAt }),
    );
  must(world, shilan, takedown("T-insm", startAt));
  must(world, shilan, digitalItem("two-factor"));
  must(world, shilan, referralTo(clinic));
  must(world, shilan, step("SendReferral"));
  must(world, shilan, { type: "TransferCase", recipient: organisation, fields: [], because: "She moved." });
  must(world, shilan, {
    ...{ type: "RecordIncident", incident: itemOf("incident-1"), incidentType: "emotional_abuse" },
    ...{ perpetrators: [], reportedOn: dateOf("2026-11-20") },
  });
  const because = "It shows the threat.";
  const exception = must(world, shilan, { type: "ProposeEvidenceException", because, criticalToSafety: because });
  must(world, nasrin, { type: "Approve", proposal: exception, what: "evidence-exception" });
  const received = { type: "RecordEvidenceReceived", exception, receivedAt: startAt } as const;
  must(world, shilan, { ...received, item: itemOf("held-1"), what: "messages" });
};

test("whoever writes is told that something has changed since where somebody wrote about it, and not where only time has passed", () => {
  const world = worldWith(agreedForAWhile);
  const ended = ["mark.noLongerAgreed", "mark.toBeStopped", "field.counted", "expired", "held-without-ground"];
  const endedAt = (now: Instant): readonly string[] => {
    const shown = JSON.stringify(cardsAt(world, now));
    return ended.filter((each) => shown.includes(`"${each}"`));
  };
  expect(endedAt(world.now)).toEqual([]);
  expect(endedAt(agreedUntilAt)).toEqual(ended);
  const before = marksAt(world, world.now);
  for (const now of [hours(1), hours(47), agreedUntilAt, hours(24 * 400)]) expect(marksAt(world, now)).toEqual(before);

  must(world, nasrin, { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "done" });
  must(world, nasrin, {
    type: "RecordTakedownCheck",
    takedown: itemOf("takedown-1"),
    outcome: "removed",
    checkedAt: startAt,
  });
  const after = marksAt(world, world.now);
  expect(after.filter((mark, place) => mark !== before[place])).toHaveLength(2);
});
