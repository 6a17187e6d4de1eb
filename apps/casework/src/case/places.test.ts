/** Where somebody is sent to bring what is missing. */

import { expect, test } from "vitest";
import { sectionOfDue, sectionOfRefusal } from "./places.ts";

test("whoever cannot act is shown where what is missing is brought", () => {
  expect(sectionOfRefusal({ type: "ConsentMissing", purpose: "removal", from: "consent" })).toBe("consent");
  expect(sectionOfRefusal({ type: "FieldsNotConsented", fields: ["service"] })).toBe("consent");
  expect(sectionOfRefusal({ type: "GateClosed", gate: "law-report", needs: ["legal-risk-assessed"] })).toBe("law");
  expect(sectionOfRefusal({ type: "GateClosed", gate: "digital-safety", needs: ["safe-device"] })).toBe("questions");
  expect(sectionOfRefusal({ type: "LimitsNotTold" })).toBe("person");
});

test("what nobody can bring leads nowhere", () => {
  expect(sectionOfRefusal({ type: "OwnProposal" })).toBeUndefined();
  expect(sectionOfRefusal({ type: "UpdateFirst" })).toBeUndefined();
});

test("what is due leads to where it is settled: by what it is about, where that decides", () => {
  expect(sectionOfDue("withdrawal-to-act-on", "store-file")).toBe("closure");
  expect(sectionOfDue("withdrawal-to-act-on", "digital-1")).toBe("safety");
  expect(sectionOfDue("assessment-outdated", "legal-risk")).toBe("law");
  expect(sectionOfDue("assessment-outdated", "digital-risk")).toBe("assessment");
  expect(sectionOfDue("conflict", "responsibility")).toBe("people");
  expect(sectionOfDue("transfer-to-be-stopped", "other-ngo")).toBe("closure");
  expect(sectionOfDue("provider-to-be-told", "the-clinic")).toBe("services");
  expect(sectionOfDue("transfer-to-be-told", "other-ngo")).toBe("closure");
  expect(sectionOfDue("agency-to-be-told", "A-community-police")).toBe("law");
  expect(sectionOfDue("request-to-take-back", "takedown-1")).toBe("content");
});
