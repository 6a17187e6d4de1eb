/** Who carries a case: offered and accepted, and handed to another organisation only with consent. */

import { beforeEach, describe, expect, test } from "vitest";
import { closeCase, consent, openCase, recordFact, withdraw } from "../testing/commands.ts";
import { hours, nasrin, omar, personOf, recipientOf, shilan } from "../testing/people.ts";
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
import { responsiblePersons, waitingOffers } from "./responsibility.ts";

let world: World;
beforeEach(() => {
  world = newWorld();
});

describe("responsibility", () => {
  beforeEach(() => void must(world, shilan, openCase));

  test("who opened the case carries it until somebody accepts it by an entry of their own", () => {
    expect(responsiblePersons(wholeCase(world))).toEqual(["shilan"]);
    const offer = must(world, shilan, { type: "OfferResponsibility", to: personOf("omar"), because: "Leave." });
    expect(waitingOffers(wholeCase(world))).toHaveLength(1);
    expect(dueKinds(world, hours(25))).toContain("responsibility");
    expect(refusal(world, nasrin, { type: "AcceptResponsibility", offer })).toBe("NotOfferedToYou");
    expect(refusal(world, nasrin, { type: "DeclineResponsibility", offer, because: "?" })).toBe("NotOfferedToYou");
    write(world, nasrin, { type: "ResponsibilityAccepted", offer });
    expect(responsiblePersons(wholeCase(world))).toEqual(["shilan"]);
    expect(wholeCase(world).history.at(-1)?.standing).toEqual({ kind: "without-authority", why: "NotOfferedToAuthor" });
    must(world, omar, { type: "AcceptResponsibility", offer });
    expect(responsiblePersons(wholeCase(world))).toEqual(["omar"]);
  });

  test("a declined offer changes nothing, and an offer nobody had seen cannot be taken", () => {
    part(world, shilan, omar);
    const offer = must(world, shilan, { type: "OfferResponsibility", to: personOf("omar"), because: "Leave." });
    write(world, omar, { type: "ResponsibilityAccepted", offer });
    meet(world);
    expect(
      wholeCase(world).history.find(({ event }) => event.type === "ResponsibilityAccepted")?.standing,
    ).toMatchObject({ why: "NotSeen" });
    must(world, omar, { type: "DeclineResponsibility", offer, because: "Too much." });
    expect(responsiblePersons(wholeCase(world))).toEqual(["shilan"]);
  });

  test("two who accept without knowing of each other both carry it, and it is shown", () => {
    const one = must(world, shilan, { type: "OfferResponsibility", to: personOf("omar"), because: "Leave." });
    const two = must(world, shilan, { type: "OfferResponsibility", to: personOf("nasrin"), because: "Leave." });
    part(world, omar, nasrin);
    must(world, omar, { type: "AcceptResponsibility", offer: one });
    must(world, nasrin, { type: "AcceptResponsibility", offer: two });
    meet(world);
    expect(responsiblePersons(wholeCase(world))).toEqual(["nasrin", "omar"]);
    expect(due(wholeCase(world), world.now)).toContainEqual(expect.objectContaining({ about: "responsibility" }));
  });

  test("a case is handed to another organisation only with consent for it, field by field", () => {
    must(world, shilan, recordFact("age", "adult"));
    const transfer = {
      type: "TransferCase",
      recipient: recipientOf("other-ngo"),
      fields: ["fact:harm"],
      because: "She moved.",
    } as const;
    expect(refusal(world, shilan, transfer)).toBe("ConsentMissing");
    must(world, shilan, consent("referral", "other-ngo", { mayShare: [] }));
    expect(refusal(world, shilan, transfer)).toBe("FieldsNotConsented");
    must(world, shilan, consent("referral", "other-ngo", { mayShare: ["fact:harm"] }));
    expect(refusal(world, shilan, transfer)).toBe("accepted");
  });

  test("when the consent it rested on is withdrawn, that organisation is to be told to stop, also once it is closed (G-CONS-2)", () => {
    const otherNgo = recipientOf("other-ngo");
    const agreed = consent("referral", otherNgo, { mayShare: ["fact:harm"] });
    const transfer = { type: "TransferCase", recipient: otherNgo, fields: ["fact:harm"], because: "Moved." } as const;
    const stop = { type: "RecordTransferStopped", recipient: otherNgo, text: "Told by telephone." } as const;
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, agreed);
    expect(refusal(world, shilan, stop)).toBe("NotThere");
    must(world, shilan, transfer);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, closeCase({ reason: "transferred" }));
    expect(dueKinds(world)).not.toContain("transfer-to-be-stopped");
    must(world, shilan, withdraw("referral", otherNgo));
    expect(due(wholeCase(world), world.now)).toEqual([
      { kind: "transfer-to-be-stopped", about: otherNgo, recipients: [otherNgo], dueAt: world.now, when: "due" },
    ]);
    must(world, shilan, stop);
    expect(due(wholeCase(world), world.now)).toEqual([]);
    expect(refusal(world, shilan, stop)).toBe("StepNotPossible");
  });

  test("an organisation that has not been told to stop keeps the case open, and one that was has it no more (G-CONS-2)", () => {
    const otherNgo = recipientOf("other-ngo");
    const agreed = consent("referral", otherNgo);
    const transfer = { type: "TransferCase", recipient: otherNgo, fields: [], because: "She moved." } as const;
    const stop = { type: "RecordTransferStopped", recipient: otherNgo } as const;
    must(world, shilan, recordFact("age", "adult"));
    must(world, shilan, agreed);
    must(world, shilan, transfer);
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, withdraw("referral", otherNgo));
    expect(errorOf(world, shilan, closeCase())).toEqual({ type: "ClosureBlocked", by: ["withdrawal-to-act-on"] });
    // Handed over again by somebody who did not know that they were told: it is theirs again.
    part(world, shilan, omar);
    must(world, shilan, stop);
    expect(errorOf(world, shilan, closeCase({ reason: "transferred" }))).toEqual({
      type: "ClosureBlocked",
      by: ["transfer-missing"],
    });
    must(world, omar, agreed);
    must(world, omar, transfer);
    meet(world);
    must(world, omar, withdraw("referral", otherNgo));
    expect(dueKinds(world)).toContain("transfer-to-be-stopped");
    must(world, omar, stop);
    expect(dueKinds(world)).not.toContain("transfer-to-be-stopped");
  });
});
