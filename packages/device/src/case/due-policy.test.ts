/** The organisation's own terms for what is due: taken where they can be, and never a way to hide something. */

import { defaultDuePolicy } from "@amana/casefile";
import type { CborValue } from "@amana/log";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dueMark, duePolicyMark, duePolicyOf } from "./due-policy.ts";

describe("the organisation's policy of how soon what is due", () => {
  it("is what stands for everybody where the organisation has said nothing", () => {
    expect(duePolicyOf({})).toEqual(defaultDuePolicy);
    expect(duePolicyOf({ due: {}, "retention-years": 7 })).toEqual(defaultDuePolicy);
    expect(duePolicyMark(duePolicyOf({}))).toBe("");
  });

  it("takes each number that the organisation has set, and leaves the others as they stand", () => {
    expect(
      duePolicyOf({ due: { approvalHours: 8, referralAnswerHours: { now: 1, "48h": 36 }, reassessDays: { high: 3 } } }),
    ).toEqual({
      ...defaultDuePolicy,
      approvalHours: 8,
      referralAnswerHours: { ...defaultDuePolicy.referralAnswerHours, now: 1, "48h": 36 },
      reassessDays: { ...defaultDuePolicy.reassessDays, high: 3 },
    });
    const everything = {
      approvalHours: 1,
      emergencyApprovalHours: 2,
      referralAnswerHours: { now: 3, "24h": 4, "48h": 5, standard: 8784 },
      referralFollowUpHours: 6,
      takedownCheckHours: 7,
      firstAssessmentHours: 8,
      reassessDays: { high: 9, medium: 10, normal: 366 },
      consentEndsWithinDays: 12,
      dueWithinHours: 13,
      comingWithinDays: 14,
    };
    expect(duePolicyOf({ due: everything })).toEqual(everything);
  });

  it("marks a row as made under it, unless only what is called coming is other", () => {
    const marks = [{}, { approvalHours: 8 }, { reassessDays: { high: 8 } }].map((due) =>
      duePolicyMark(duePolicyOf({ due })),
    );
    expect(new Set(marks).size).toBe(3);
    expect(duePolicyMark(duePolicyOf({ due: { dueWithinHours: 1, comingWithinDays: 1 } }))).toBe("");
  });

  it("marks a row also with what the guidance in use understands, and with its version", () => {
    const policy = duePolicyOf({ due: { approvalHours: 8 } });
    const one = new Map([["age", { kind: "one", values: ["adult", "child"] }]] as const);
    const more = new Map([["age", { kind: "one", values: ["adult", "child", "not-said"] }]] as const);
    const markOf = (vocabulary: typeof one | typeof more, version = "1") =>
      dueMark(policy, { vocabulary, version }, new Set());
    expect(dueMark(policy, {}, new Set())).toBe(duePolicyMark(policy));
    expect(markOf(one)).toMatch(/~[0-9a-f]{8}$/);
    expect(markOf(new Map(one))).toBe(markOf(one));
    expect(markOf(more)).not.toBe(markOf(one));
    expect(markOf(one, "2")).not.toBe(markOf(one));
  });

  it("property: whatever stands in it, no number hides what is due for longer than a year", () => {
    const anyValue: fc.Arbitrary<CborValue> = fc.oneof(
      fc.constantFrom(0, -1, 1.5, 8785, 367, null, true, "8", new Uint8Array(2), [1]),
      fc.record({ now: fc.integer(), high: fc.integer(), standard: fc.constant("soon") }),
    );
    const keys = fc.constantFrom(...Object.keys(defaultDuePolicy), "due", "unknown");
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(keys, anyValue), anyValue), (due) => {
        const policy = duePolicyOf({ due });
        const { referralAnswerHours, reassessDays, ...others } = policy;
        const days = [...Object.values(reassessDays), policy.consentEndsWithinDays, policy.comingWithinDays];
        for (const number of [...Object.values(referralAnswerHours), ...Object.values(others), ...days]) {
          expect(Number.isSafeInteger(number) && number >= 1 && number <= 8784).toBe(true);
        }
        for (const number of days) expect(number).toBeLessThanOrEqual(366);
      }),
    );
  });
});
