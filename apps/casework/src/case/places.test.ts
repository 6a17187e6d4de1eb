/** Where somebody is sent to bring what is missing. */

import { expect, test } from "vitest";
import { sectionOfDue, sectionsOfRefusal } from "./places.ts";

test("whoever cannot act is shown where what is missing is brought", () => {
  expect(sectionsOfRefusal({ type: "ConsentMissing", purpose: "removal", from: "consent" })).toEqual(["consent"]);
  expect(sectionsOfRefusal({ type: "FieldsNotConsented", fields: ["service"] })).toEqual(["consent"]);
  expect(sectionsOfRefusal({ type: "GateClosed", gate: "law-report", needs: ["legal-risk-assessed"] })).toEqual([
    "law",
  ]);
  expect(sectionsOfRefusal({ type: "GateClosed", gate: "digital-safety", needs: ["safe-device"] })).toEqual([
    "questions",
  ]);
  expect(sectionsOfRefusal({ type: "LimitsNotTold" })).toEqual(["person"]);
  expect(sectionsOfRefusal({ type: "NoImminentDanger" })).toEqual(["questions"]);
  expect(sectionsOfRefusal({ type: "AgencyNotAssessed" })).toEqual(["law"]);
  expect(sectionsOfRefusal({ type: "CaseIsClosed" })).toEqual(["closure"]);
});

test("whatever keeps a case open leads to where it is settled, each place once", () => {
  const by = ["risk-clock", "level-high", "referral-open", "approval-waiting", "evidence-held"] as const;
  expect(sectionsOfRefusal({ type: "ClosureBlocked", by })).toEqual(["assessment", "services", "history", "content"]);
});

test("what nobody can bring leads nowhere", () => {
  expect(sectionsOfRefusal({ type: "OwnProposal" })).toEqual([]);
  expect(sectionsOfRefusal({ type: "UpdateFirst" })).toEqual([]);
});

test("what is due leads to where it is settled: by what it is about, where that decides", () => {
  expect(sectionOfDue("withdrawal-to-act-on", "store-file")).toBe("closure");
  expect(sectionOfDue("withdrawal-to-act-on", "digital-1")).toBe("safety");
  expect(sectionOfDue("assessment-outdated", "legal-risk")).toBe("law");
  expect(sectionOfDue("assessment-outdated", "digital-risk")).toBe("assessment");
  expect(sectionOfDue("conflict", "responsibility")).toBe("people");
  expect(sectionOfDue("transfer-to-be-stopped", "other-ngo")).toBe("closure");
  expect(sectionOfDue("emergency-follow-up", "a")).toBe("safety");
  expect(sectionOfDue("person-to-be-told", "a")).toBe("safety");
  expect(sectionOfDue("provider-to-be-told", "the-clinic")).toBe("services");
  expect(sectionOfDue("transfer-to-be-told", "other-ngo")).toBe("closure");
  expect(sectionOfDue("agency-to-be-told", "A-community-police")).toBe("law");
  expect(sectionOfDue("request-to-take-back", "takedown-1")).toBe("content");
});
