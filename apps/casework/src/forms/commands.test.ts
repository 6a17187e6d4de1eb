/** The forms, held against the case file's own shapes: no field is missing, none is invented, no choice is one too few or too many. */

import { type EventType, eventShapes } from "@amana/casefile";
import { describe, expect, test } from "vitest";
import { eventForms } from "../worker/views/history.ts";
import { type FormName, fieldsAskedFor, fieldsOf, forms } from "./commands.ts";
import {
  type Field,
  type Values,
  firstValues,
  lines,
  missingIn,
  signsTooMany,
  stillMissing,
  withValue,
} from "./fields.ts";
import * as vocabulary from "./vocabulary.ts";

const moment = { now: 1_700_000_000_000, makeId: () => "made-id" };
const hash = "a".repeat(64);

/** As somebody would fill it in; every choice in turn where `pick` says which. */
const filled = (fields: readonly Field[], pick: (field: Field) => unknown): Values =>
  Object.fromEntries(
    fields.map((field) => [field.name, (field.kind === "choice" ? pick(field) : undefined) ?? sample(field, pick)]),
  );

const textOr = (value: unknown, otherwise: string): string => (typeof value === "string" ? value : otherwise);

const sample = (field: Field, pick: (field: Field) => unknown): unknown => {
  switch (field.kind) {
    case "id":
      return field.name === "what"
        ? "emergency"
        : ["proposal", "offer", "exception", "emergency"].includes(field.name)
          ? hash
          : "made-id";
    case "always":
      return field.value;
    case "choice":
      return field.of[0];
    case "choices":
      return field.of;
    case "flag":
      return true;
    case "past":
    case "future":
      return moment.now;
    case "date":
      return "2026-11-21";
    case "whole":
      return field.largest;
    case "lines":
      return ["a line"];
    case "shared":
      return vocabulary.sharedFields;
    case "risks":
      return vocabulary.protectionRiskKinds
        .flatMap((kind) =>
          vocabulary.protectionRiskSources.flatMap((from) => [{ kind, from, likelihood: "likely", text: "words" }]),
        )
        .slice(0, 40);
    case "checked":
      return { kind: "no", because: "words" };
    case "record":
      return filled(field.of, pick);
    case "variant": {
      const kind = textOr(pick(field), Object.keys(field.of)[0] ?? "");
      return { ...filled(field.of[kind] ?? [], pick), kind };
    }
    case "line":
    case "prose":
    case "recipient":
    case "person":
      return "words";
    default:
      return field satisfies never;
  }
};

/** The event of a form: the first of the history's table that shows it, but where a step has its own. */
const eventOf = (form: FormName): EventType => {
  const found = Object.entries(eventForms).find(([, name]) => name === form)?.[0];
  // `eventForms` has an entry for each event; two acts write events that carry less than their form.
  return (form === "SendReferral" ? "ReferralSent" : form === "AssessRisk" ? "RiskAssessed" : found) as EventType;
};

/** These write what the pathway or the case itself says. */
const carriesOthers: readonly FormName[] = ["AssessRisk", "SendReferral", "RecordSharingNarrowed"];

const names = (Object.keys(forms) as FormName[]).filter((form) => !carriesOthers.includes(form));

const wrongIn = (form: FormName, values: Values): string | undefined => {
  const shape = eventShapes[eventOf(form)];
  const advice = { pack: { id: "p", version: "1" }, gate: "g", limits: [], because: [] };
  const needsAdvice = "advice" in shape.required;
  return shape.wrong(needsAdvice ? { ...values, advice } : values);
};

describe.each(names)("the form of %s", (form) => {
  test("asks for exactly what its event holds", () => {
    const { required, optional } = eventShapes[eventOf(form)];
    const asked = forms[form].filter(({ isOptional }) => isOptional !== true).map(({ name }) => name);
    const mayBeAsked = forms[form].filter(({ isOptional }) => isOptional === true).map(({ name }) => name);
    expect(asked.sort()).toEqual(
      Object.keys(required)
        .filter((name) => name !== "advice")
        .sort(),
    );
    expect(mayBeAsked.sort()).toEqual(
      Object.keys(optional)
        .filter((name) => name !== "advice")
        .sort(),
    );
  });

  test("offers only what the case file takes, choice by choice", () => {
    expect(
      wrongIn(
        form,
        filled(forms[form], () => undefined),
      ),
    ).toBeUndefined();
    for (const field of forms[form]) {
      const options = field.kind === "choice" ? field.of : field.kind === "variant" ? Object.keys(field.of) : [];
      for (const option of options) {
        const values = filled(forms[form], ({ name }) => (name === field.name ? option : undefined));
        expect(wrongIn(form, values), `${field.name} ${option}`).toBeUndefined();
      }
    }
  });
});

describe("the form of an approval", () => {
  test("asks the second person of an emergency why, and leaves it open for another (G-CONS-5)", () => {
    const isAsked = (what: string) => fieldsOf("Approve", { what }).find(({ name }) => name === "because")?.isOptional;
    expect([isAsked("emergency"), isAsked("risk-lowering")]).toEqual([undefined, true]);
  });
});

describe("filling in a form", () => {
  test.each([
    ["a day that there is not", { day: "31", month: "2", year: "2027", time: "" }],
    ["a year that is not whole", { day: "3", month: "2", year: "27", time: "" }],
    ["a time that there is not", { day: "3", month: "2", year: "2027", time: "9" }],
    ["a month alone", { day: "", month: "2", year: "", time: "" }],
  ])("never saves %s as if nothing had been written there, though it may be left out (G-CONS-2)", (_name, parts) => {
    const values = { ...filled(forms.AgreeSafeContact, () => undefined), validUntilAt: { halfTyped: parts } };
    expect(missingIn(forms.AgreeSafeContact, values)).toEqual(["validUntilAt"]);
  });

  test("asks for kind, source and likelihood of each risk, and for a few words, as the case file does", () => {
    const values = {
      ...filled(forms.RecordAssessment, () => undefined),
      risks: [{ kind: "", from: "", likelihood: "", text: "" }],
    };
    expect(missingIn(forms.RecordAssessment, values)).toEqual(["risks"]);
    const chosen = { kind: "retaliation", from: "perpetrator", likelihood: "possible", text: "" };
    expect(missingIn(forms.RecordAssessment, { ...values, risks: [chosen] })).toEqual(["risks"]);
    const told = { ...values, risks: [{ ...chosen, text: "He waits at the school." }] };
    expect(missingIn(forms.RecordAssessment, told)).toEqual([]);
    expect(eventShapes.AssessmentRecorded.wrong(told)).toBeUndefined();
    expect(missingIn(forms.RecordAssessment, { ...values, risks: [] })).toEqual([]);
  });

  test("says how many signs are too many exactly where the case file refuses a text", () => {
    for (const [name, most] of [
      ["reach", 300],
      ["because", 8000],
    ] as const) {
      const [form, shape] =
        name === "reach"
          ? [forms.AgreeSafeContact, eventShapes.SafeContactAgreed]
          : [forms.DeclareContactUnsafe, eventShapes.SafeContactUnsafe];
      const values = filled(form, () => undefined);
      const long = (count: number): Values => ({ ...values, [name]: "a".repeat(count) });
      expect([missingIn(form, long(most)), shape.wrong(long(most))]).toEqual([[], undefined]);
      expect([missingIn(form, long(most + 1)), shape.wrong(long(most + 1))]).toEqual([[name], name]);
    }
    expect(signsTooMany(lines("mustNotKnow"), ["short", "a".repeat(302)])).toBe(2);
  });

  test("a text in which nothing can be seen is asked for like one that was left out", () => {
    const seen = (because: string): readonly string[] => missingIn(forms.ReopenCase, { because });
    for (const nothing of ["", " \n", "\u200c", "\u200d\u200f \u2066\u2069", "\u3164", "\u2800\u00a0"])
      expect(seen(nothing), JSON.stringify(nothing)).toEqual(["because"]);
    for (const text of [".", "٠", "👩🏽‍👧", "a\u200c"]) expect(seen(text), text).toEqual([]);
  });

  test("leaves out what was emptied again, which the case file would refuse as a field with nothing in it", () => {
    const values = { ...filled(forms.AgreeSafeContact, () => undefined), codeWord: "apples", validUntilAt: 2 };
    const emptied = withValue(withValue(values, "codeWord", undefined), "validUntilAt", undefined);
    expect(Object.keys(emptied)).not.toContain("codeWord");
    expect(eventShapes.SafeContactAgreed.wrong(emptied)).toBeUndefined();
    expect(eventShapes.SafeContactAgreed.wrong({ ...values, codeWord: undefined })).toBe("codeWord");
  });

  test("chooses nothing beforehand that has a consequence", () => {
    expect(firstValues(forms.RaiseRisk, moment)).toEqual({});
    expect(firstValues(forms.CloseCase, moment)).toEqual({ checklist: {} });
    expect(firstValues(forms.PrepareReferral, moment)).toEqual({ referral: "made-id", fields: [] });
  });

  test("asks for at least one of what the case file takes at least one of", () => {
    const kept = { ...filled(forms.RecordEvidencePreserved, () => undefined), kept: [] };
    expect(eventShapes.EvidencePreserved.wrong({ ...kept, advice: {} })).toContain("kept");
    expect(missingIn(forms.RecordEvidencePreserved, kept)).toEqual(["kept"]);
    expect(missingIn(forms.RecordEvidencePreserved, { kept: ["times"] })).toEqual([]);
    expect(
      missingIn(forms.RecordIncident, { ...filled(forms.RecordIncident, () => undefined), perpetrators: [] }),
    ).toEqual([]);
  });

  test("says no longer that something is missing once it stands there, and asks for nothing new meanwhile", () => {
    const missing = missingIn(forms.CloseCase, { checklist: {} });
    const values = { checklist: {}, reason: "goals-met", feedback: { kind: "given" } };
    const still = stillMissing(missing, forms.CloseCase, values);
    expect(still).toEqual(missing.filter((path) => path !== "reason" && path !== "feedback"));
  });

  test("asks who goes on looking at removal requests where one waits, and then always", () => {
    const asked = (needs?: readonly string[]) =>
      fieldsOf("CloseCase", {}, needs).find(({ name }) => name === "takedownPlan");
    expect(asked()).toBeUndefined();
    expect(asked(["takedownPlan"])).toEqual({ name: "takedownPlan", kind: "prose" });
    const by = ["checklist", "takedown-waiting"] as const;
    expect(fieldsAskedFor({ type: "ClosureBlocked", by })).toEqual(["takedownPlan"]);
    expect(fieldsAskedFor({ type: "ClosureBlocked", by: ["level-high"] })).toEqual([]);
  });

  test("asks whether the person was told after an emergency where nobody had told her, and then always (G-CONS-5)", () => {
    const asked = (needs?: readonly string[]) =>
      fieldsOf("RecordEmergencyFollowUp", {}, needs).find(({ name }) => name === "personTold");
    expect(asked()).toBeUndefined();
    expect(asked(["personTold"])?.isOptional).toBeUndefined();
    expect(asked(["personTold"])?.kind).toBe("choice");
    expect(fieldsOf("ActInEmergency", {}).map(({ name }) => name)).toContain("personTold");
  });

  test("names everything that is missing, down to the reason of a “no”", () => {
    const { reason: _reason, ...without } = filled(forms.CloseCase, () => undefined);
    expect(missingIn(forms.CloseCase, without)).toEqual(["reason"]);
    const unexplained = { ...filled(forms.CloseCase, () => undefined), toldCanComeBack: { kind: "no" } };
    expect(missingIn(forms.CloseCase, unexplained)).toEqual(["toldCanComeBack.because"]);
    expect(missingIn(forms.CloseCase, { ...unexplained, toldCanComeBack: { kind: "no", because: "  " } })).toEqual([
      "toldCanComeBack.because",
    ]);
    expect(missingIn(forms.RecordFollowUp, { followUp: "x", doneAt: 1, progress: { safety: "better" } })).toEqual([
      "progress.health",
      "progress.psychosocial",
      "progress.justice",
      "progress.other",
    ]);
  });
});
