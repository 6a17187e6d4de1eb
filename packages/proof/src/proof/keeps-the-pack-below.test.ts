/** An overlay that says less, later or less urgently than the pack below it is refused with the case; a careful one is not. */

import { assert } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import { checkPack } from "../check/check.ts";
import { textsToRead } from "../pack/overlay.ts";
import { describeProblem } from "../pack/problem.ts";
import { parsePack } from "../pack/read.ts";
import { laid, provedOver } from "../testing/overlay.ts";
import { nationalFiles } from "../testing/national.ts";

const id = "keeps-the-pack-below";

const counterexample = (files: Readonly<Record<string, string>>) => provedOver(laid(files), [id])[0]?.counterexample;

const actionRules = "id,action,urgency,when,source\n";
const limits = "id,target,limit,when,source\n";
const facts = "id,group,kind,values,risk-order,ask-when,source\n";

describe("an overlay that is less careful than the pack below it", () => {
  it.each([
    [
      "drops a step",
      { "action-rules.csv": `${actionRules}R-ally-named,work-with-trusted-ally,follows,age is child,G-SAFE-4\n` },
      "work-with-trusted-ally is not listed, and the pack below lists it",
      { "trusted-ally": "yes" },
    ],
    [
      "puts a step behind a gate",
      {
        "actions.csv":
          "id,area,actor,handles,gate,act,source\nsafety-plan,safety,responder,none,digital-safety,none,G-SAFE-6\n",
      },
      "safety-plan is not listed, and the pack below lists it",
      {},
    ],
    [
      "drops a step behind an open gate",
      { "action-rules.csv": `${actionRules}R-accounts,secure-accounts,follows,age is child,G-DIG-2\n` },
      "secure-accounts is not listed, and the pack below lists it",
      {
        ...{ age: "adult", "consent-digital": "yes", "safe-device": "yes", "digital-action-could-escalate": "no" },
        ...{ "digital-risk-assessed": "yes", "physical-safety-assessed": "yes" },
      },
    ],
    [
      "makes a step less urgent",
      {
        "action-rules.csv": `${actionRules}R-health-assault,health-referral,24h,recent-sexual-assault is yes,G-CM-2\n`,
      },
      "health-referral is less urgent than in the pack below",
      { "recent-sexual-assault": "yes" },
    ],
    [
      "hides a limit of an action",
      {
        "limit-rules.csv": `${limits}R-limit-adapt-decision,action:adapt-to-the-person,supported-decision,age is child and disability is yes,G-FRAME-3\n`,
      },
      "adapt-to-the-person is without the limit supported-decision, which the pack below shows",
      { disability: "yes" },
    ],
    [
      "hides a limit of a tool",
      {
        "limit-rules.csv": `${limits}R-limit-stopncii-number,tool:T-stopncii,keep-number-and-pin,age is adult,G-DIG-4\n`,
      },
      "T-stopncii is without the limit keep-number-and-pin, which the pack below shows",
      {},
    ],
    [
      "hides a limit of a gate",
      {
        "limit-rules.csv": `${limits}R-limit-addresses-only,gate:evidence-by-survivor,addresses-only,age is child and @possibly-csam,G-EVID-5\n`,
      },
      "evidence-by-survivor is without the limit addresses-only, which the pack below shows",
      {},
    ],
    [
      "hides contacts",
      { "definitions.csv": "id,when,source\nshows-kri,known @region-kri,G-LAW-8\n" },
      /^A-.* is not shown, and the pack below shows it$/,
      {},
    ],
    [
      "does not ask",
      { "facts.csv": `${facts}immediate-danger,danger,yes-no,,no yes,age is known,G-SAFE-1\n` },
      "immediate-danger may not be asked, and in the pack below it may",
      {},
    ],
    [
      "does not ask again",
      {
        "contradictions.csv":
          "id,when,fact,treat-as,source\nX-child-pictured-as-adult,age is child and age-in-image is adult and disability is yes,age-in-image,child,G-DIG-4\n",
      },
      "age-in-image is not asked again, and in the pack below it is",
      { age: "child", "age-in-image": "adult" },
    ],
    [
      "sees less risk",
      { "risk-rules.csv": "id,level,when,source\nR-high-immediate-danger,medium,immediate-danger is yes,G-SAFE-1\n" },
      "the level is lower than high, which it is in the pack below",
      { "immediate-danger": "yes" },
    ],
    [
      "gives more time",
      { "levels.csv": "id,hours,source\nhigh,36,G-SAFE-5\n" },
      "the deadline is longer than 24 hours, and in the pack below it is not",
      {},
    ],
  ] as const)("%s", (_what, changed, broken, known) => {
    const found = counterexample(changed);
    expect(found?.broken).toMatch(broken);
    expect(found?.facts).toEqual(known);
    expect(found?.isReplayed).toBe(true);
  });

  it("is found out in a case that only its own values make: to the pack below nothing is known there", () => {
    const unsure = `${facts}age-in-image,happening,one,child adult unsure,,maybe sexual-content is yes,G-DIG-4\n`;
    const found = counterexample({ "facts.csv": unsure });
    expect(found).toMatchObject({ facts: { "age-in-image": "unsure" }, isReplayed: true });
  });
});

const files = nationalFiles();
const nationalWithTexts = parsePack("national", files);
assert(nationalWithTexts.ok, "the national pack is not well formed");
const national = nationalWithTexts.value;

const keys = [
  ...["action.call-our-helpline.title", "action.call-our-helpline.how", "action.call-our-helpline.self"],
  ...["rule.R-our-helpline", "contact.our-helpline.name", "contact.our-helpline.for", "rule.R-call-our-helpline"],
];
const texts = `key,text\n${keys.map((key) => `${key},Words\n`).join("")}`;
const scenario = {
  ...{ id: "ours", title: "Ours", source: "practice", facts: { governorate: "IQ-AR" } },
  expect: { actions: ["call-our-helpline"] },
};

const careful = {
  "levels.csv": "id,hours,source\nhigh,12,G-SAFE-5\n",
  "actions.csv": "id,area,actor,handles,gate,act,source\ncall-our-helpline,case,responder,none,,none,practice\n",
  "action-rules.csv": `${actionRules}R-our-helpline,call-our-helpline,follows,always,practice\n`,
  "contacts.csv":
    "id,region,governorates,emergency-in,numbers,purpose-from,verified-on,source\nour-helpline,kri,,,office=+9647500000000,ours,,practice\n",
  "contact-rules.csv": "id,contact,weight,when,source\nR-call-our-helpline,our-helpline,1,always,practice\n",
  "tool-steps.csv": "tool,step,actor,handles,gate,when,source\n-P-x,4,,,,,\n",
  "gate-rules.csv":
    "id,gate,requires,source\nR-law-wanted,law-report,wants-law-report is yes and private-now is yes,G-LAW-3\n",
  ...Object.fromEntries(["en", "ar", "ckb", "kmr"].map((language) => [`texts/${language}/actions.csv`, texts])),
  "scenarios/ours.json": JSON.stringify([scenario]),
};

describe("a careful overlay", () => {
  it("passes the check: its own rules and texts are asked for, those of the pack below are not asked again", () => {
    expect(checkPack(laid(careful, national)).map(describeProblem)).toEqual([]);
  });

  it("is proved", () => {
    const refuted = provedOver(laid(careful)).filter(({ state }) => state === "refuted");
    expect(refuted).toEqual([]);
  });

  it("need not show the rules of the pack below again, where no scenario lets them fire any more", () => {
    expect(checkPack(laid(careful, { ...national, scenarios: [] }), ["scenarios"])).toEqual([]);
  });

  it("must show its own rules in a scenario", () => {
    const { "scenarios/ours.json": _left, ...silent } = careful;
    const never = {
      ...silent,
      "action-rules.csv": careful["action-rules.csv"].replace("always", "age is known and not age is known"),
    };
    expect(checkPack(laid(never), ["scenarios"])).toMatchObject([
      { type: "RuleNeverInScenario", value: "R-our-helpline" },
    ]);
  });

  it("must use its own texts", () => {
    const unused = { ...careful, "texts/en/rules.csv": "key,text\nrule.R-nobody,Words\n" };
    const problems = checkPack(laid(unused, national), ["texts"]);
    expect(problems.map(({ type, column }) => [type, column])).toEqual([["TextUnused", "rule.R-nobody"]]);
  });

  it("has its new steps and every text of its own read by a person", () => {
    const replaced = { ...careful, "texts/ar/rules.csv": "key,text\nrule.R-preserve,Words\n" };
    expect(textsToRead(laid(replaced, national))).toEqual({
      actions: ["call-our-helpline"],
      texts: { ar: ["rule.R-preserve", ...keys], ckb: keys, en: keys, kmr: keys },
    });
    expect(textsToRead(national)).toEqual({ actions: [], texts: {} });
  });
});

describe("S-12 of an overlay", () => {
  it("holds the rules of the pack below to the guide", () => {
    const rule = "R-ally-named,work-with-trusted-ally,follows,trusted-ally is yes,practice";
    const [result] = provedOver(laid({ "action-rules.csv": `${actionRules}${rule}\n` }), ["S-12"]);
    expect(result?.counterexample?.broken).toBe("the reason R-ally-named names no section of the guide");
  });
});
