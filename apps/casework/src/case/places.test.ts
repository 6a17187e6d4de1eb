/** Where somebody is sent to bring what is missing. */

import { expect, test } from "vitest";
import { sectionOfRefusal } from "./places.ts";

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
