/**
 * Rules of the guide that the national pack carries and nothing else names one by one (`rules-tested.ts` asks for each). What a
 * rule makes due is asked of the pathway's answer; what a rule has said to people is asked of the pages, in every language.
 */

import { join } from "node:path";
import { type Answer, type Facts, type PreparedPack, assess, parseFacts, preparePack } from "@amana/pathway";
import { type PackSource, compilePack, readPack } from "@amana/proof";
import { beforeAll, describe, expect, test } from "vitest";

let source: PackSource;
let pack: PreparedPack;

beforeAll(() => {
  const read = readPack(join(import.meta.dirname, "../../packs/iraq-online-violence"));
  if (!read.ok) throw new Error("The national pack cannot be read.");
  source = read.value;
  pack = preparePack(compilePack(source));
});

const answerTo = (known: Facts): Answer => {
  const facts = parseFacts(pack.pack, known);
  if (!facts.ok) throw new Error(`The pack does not know ${JSON.stringify(facts.error)}`);
  return assess(pack, facts.value);
};

/** When something is to be done; nothing where it is not asked for. */
const urgencyOf = (known: Facts, action: string): string | undefined =>
  answerTo(known).actions.find(({ id }) => id === action)?.urgency;

const placeOf = (known: Facts, action: string): number => answerTo(known).actions.findIndex(({ id }) => id === action);

/** What the pages say because of a rule, by page. A text counts where all four languages have it. */
const saidBecauseOf = (rule: string): Readonly<Record<string, number>> => {
  const said: Record<string, number> = {};
  for (const { page, key, source: rules } of source.tables.pages) {
    const isSaid = ["en", "ar", "ckb", "kmr"].every(
      (language) => (source.texts.get(language)?.get(key)?.text ?? "") !== "",
    );
    if (rules.includes(rule) && isSaid) said[page] = (said[page] ?? 0) + 1;
  }
  return said;
};

/** A text of a page in English, to ask what it names. */
const inEnglish = (key: string): string => source.texts.get("en")?.get(key)?.text ?? "";

const adult = { age: "adult", "age-in-image": "adult" } as const;
const child = { age: "child" } as const;
/** An adult who has agreed to everything and for whom everything is assessed. */
const ready = {
  ...adult,
  harm: ["image-based-abuse"],
  "sexual-content": "yes",
  platforms: ["facebook"],
  "physical-safety-assessed": "yes",
  "digital-risk-assessed": "yes",
  "digital-action-could-escalate": "no",
  "safe-device": "yes",
  "blocking-safe": "yes",
  "wants-removal": "yes",
  "wants-law-report": "yes",
  "legal-risk-assessed": "yes",
  "law-report-could-escalate": "no",
  "evidence-safe-to-keep": "yes",
  "survivor-holds-copy": "yes",
  "consent-digital": "yes",
  "consent-removal": "yes",
  "consent-evidence": "yes",
  "consent-law": "yes",
} as const;
const isOpen = (known: Facts, gate: string): boolean => answerTo(known).gates[gate]?.state === "open";

describe("the frame", () => {
  test("each of the four areas is told as issue, actions, tools and actors (G-FRAME-2)", () => {
    for (const page of ["mental-health", "physical-safety", "digital-safety", "law"]) {
      const headings = source.tables.pages.filter((row) => row.page === page && row.kind === "heading");
      const keys = headings.map(({ key }) => key);
      expect(keys[0]).toBe(`page.${page}.issue`);
      expect(keys.length).toBeGreaterThanOrEqual(4);
      expect(keys).toContain(`page.${page}.tools`);
      expect(keys.at(-1)).toBe(`page.${page}.actors`);
    }
    expect(saidBecauseOf("G-FRAME-2")).toMatchObject({ "case-management": 1, about: 1 });
    const areas = new Set(source.tables.actions.map(({ area }) => area));
    expect([...areas].sort()).toEqual(["case", "digital", "law", "mhpss", "safety"]);
  });

  test("the issue of each area is told, not only what to do (G-FRAME-0, G-MH-0, G-SAFE-0, G-DIG-0, G-LAW-1)", () => {
    expect(saidBecauseOf("G-FRAME-0")["case-management"]).toBe(1);
    expect(saidBecauseOf("G-MH-0")["mental-health"]).toBeGreaterThanOrEqual(4);
    expect(saidBecauseOf("G-SAFE-0")["physical-safety"]).toBeGreaterThanOrEqual(2);
    expect(saidBecauseOf("G-DIG-0")["digital-safety"]).toBeGreaterThanOrEqual(3);
    expect(saidBecauseOf("G-LAW-1")["law"]).toBeGreaterThanOrEqual(3);
    expect(inEnglish("page.law.gaps")).toMatch(/no single law.*No single office.*no standard procedure/i);
  });

  test("whoever is or may be under 18 is on the child-protection track, in every area (G-FRAME-4)", () => {
    expect(answerTo(adult).track).toBe("adult");
    expect(answerTo(child).track).toBe("child");
    expect(answerTo({}).track).toBe("child-until-age-known");
    expect(urgencyOf(child, "child-protection-response")).toBeDefined();
    expect(urgencyOf({}, "child-protection-response")).toBeDefined();
    expect(urgencyOf(adult, "child-protection-response")).toBeUndefined();
    expect(isOpen({ ...ready, age: "child" }, "content-removal")).toBe(false);
  });

  test("sexual material of a child is a sign of abuse offline: high, and child protection at once (G-FRAME-5)", () => {
    for (const known of [
      { ...child, "sexual-content": "yes" },
      { ...adult, "sexual-content": "yes", "age-in-image": "child" },
      { ...adult, harm: ["csam"] },
      { ...adult, "offline-abuse": "yes" },
    ] as const) {
      expect(answerTo(known).risk.level).toBe("high");
      expect(urgencyOf(known, "child-protection-response")).toBe("now");
    }
  });
});

describe("mental health", () => {
  test("what goes on, who is near and self-harm are asked first, and self-harm makes the level high (G-MH-1)", () => {
    const asked = answerTo({}).ask.map(({ fact }) => fact);
    for (const fact of ["suicide-or-self-harm", "perpetrator-in-contact", "content-exposure"])
      expect(asked).toContain(fact);
    expect(asked.indexOf("suicide-or-self-harm")).toBeLessThan(asked.indexOf("perpetrator-in-contact"));
    expect(answerTo({ ...adult, "suicide-or-self-harm": "risk" }).risk.level).toBe("high");
    expect(saidBecauseOf("G-MH-1")["mental-health"]).toBeGreaterThanOrEqual(6);
  });

  test("psychological first aid is given to everybody, and with the most urgent there is (G-MH-2)", () => {
    expect(urgencyOf(adult, "psychological-first-aid")).toBeDefined();
    expect(urgencyOf({}, "psychological-first-aid")).toBeDefined();
    expect(placeOf({ ...adult, "wants-removal": "yes" }, "psychological-first-aid")).toBeLessThan(
      placeOf({ ...adult, "wants-removal": "yes" }, "digital-risk-assessment"),
    );
  });

  test("imminent self-harm or immediate danger is referred at once, severe distress within a day (G-MH-4)", () => {
    const urgency = (known: Facts) => urgencyOf({ ...adult, ...known }, "urgent-mental-health-referral");
    expect(urgency({ "suicide-or-self-harm": "imminent" })).toBe("now");
    expect(urgency({ "immediate-danger": "yes" })).toBe("now");
    expect(urgency({ "suicide-or-self-harm": "risk" })).toBe("24h");
    expect(urgency({ "severe-distress": "yes" })).toBe("24h");
    expect(urgency({})).toBeUndefined();
  });

  test("a child gets services made for children and the child-protection procedure, and is told so (G-MH-5)", () => {
    expect(saidBecauseOf("G-MH-5")).toMatchObject({ "mental-health": 1, children: 1, parents: 1 });
    expect(inEnglish("page.mental-health.child")).toMatch(/child-protection.*best interests.*made for children/i);
  });

  test("the latest service mapping is asked for in every case, and who has it is named (G-MH-6, G-SAFE-9)", () => {
    for (const known of [{}, adult, child]) expect(urgencyOf(known, "check-service-mapping")).toBeDefined();
    expect(saidBecauseOf("G-MH-6")).toMatchObject({ "mental-health": 2, "task-force": 1 });
    expect(saidBecauseOf("G-SAFE-9")).toMatchObject({ "physical-safety": 2, "task-force": 1 });
    for (const key of ["page.mental-health.mapping", "page.physical-safety.mapping"])
      expect(inEnglish(key)).toMatch(/Online Violence Task Force.*GBV sector coordination.*protection coordination/);
  });
});

describe("physical safety", () => {
  test("all five kinds of risk are named: money, body, honour, the public, the mind (G-SAFE-3)", () => {
    for (const kind of ["financial", "physical", "honour", "public", "emotional"]) {
      const key = `page.physical-safety.kind-${kind}`;
      const row = source.tables.pages.find((each) => each.key === key);
      expect(row?.source).toContain("G-SAFE-3");
    }
    expect(saidBecauseOf("G-SAFE-3")["physical-safety"]).toBe(6);
  });

  test("a high level is acted on within 24 hours, a medium one within 48, a normal one in the usual time (G-SAFE-5)", () => {
    const calm = source.scenarios.find(({ id }) => id === "normal-online-insults")?.facts ?? {};
    const hours = (known: Facts) => answerTo({ ...calm, ...known }).risk;
    expect(hours({ "credible-threat": "yes" })).toMatchObject({ level: "high", actWithinHours: 24 });
    expect(hours({ "online-blackmail": "yes" })).toMatchObject({ level: "medium", actWithinHours: 48 });
    expect(hours({})).toMatchObject({ level: "normal", actWithinHours: null });
  });

  test("a risk of serious violence is referred within a day, immediate danger at once, and shelter is looked for (G-SAFE-7)", () => {
    const threats = ["physical-violence-threat", "honour-violence-risk", "severe-blackmail", "credible-threat"];
    for (const threat of threats)
      expect(urgencyOf({ ...adult, [threat]: "yes" }, "urgent-protection-referral")).toBe("24h");
    expect(urgencyOf({ ...adult, "immediate-danger": "yes" }, "urgent-protection-referral")).toBe("now");
    expect(urgencyOf({ ...adult, "honour-violence-risk": "yes" }, "shelter-referral")).toBeDefined();
    expect(urgencyOf(adult, "urgent-protection-referral")).toBeUndefined();
  });

  test("a child is protected from punishment for having told, and an unsafe guardian raises the level (G-SAFE-8)", () => {
    expect(urgencyOf(child, "protect-child-from-punishment")).toBeDefined();
    expect(urgencyOf({}, "protect-child-from-punishment")).toBeDefined();
    expect(urgencyOf(adult, "protect-child-from-punishment")).toBeUndefined();
    const level = (guardian: string) => answerTo({ ...child, "guardian-unsafe": guardian }).risk.level;
    expect([level("no"), level("yes")]).toEqual(["normal", "medium"]);
  });
});

describe("digital safety, evidence and confidentiality", () => {
  test("no digital act is open without a consent of its own (G-CONF-1)", () => {
    expect(isOpen(ready, "digital-safety") && isOpen(ready, "block-perpetrator")).toBe(true);
    const refused = { ...ready, "consent-digital": "no" } as const;
    expect(isOpen(refused, "digital-safety") || isOpen(refused, "block-perpetrator")).toBe(false);
    expect(isOpen({ ...ready, "consent-removal": "no" }, "content-removal")).toBe(false);
  });

  test("what may follow is told before anybody agrees, revenge and delay included (G-CONF-2)", () => {
    expect(saidBecauseOf("G-CONF-2")).toMatchObject({ consent: 1, "digital-safety": 1 });
    expect(inEnglish("page.consent.follow")).toMatch(/revenge.*delay/);
  });

  test("removal is asked for only where the survivor wants and agrees, and then offered (G-DIG-3)", () => {
    expect(isOpen(ready, "content-removal")).toBe(true);
    expect(urgencyOf(ready, "request-removal")).toBeDefined();
    expect(isOpen({ ...ready, "wants-removal": "no" }, "content-removal")).toBe(false);
    expect(isOpen({ ...ready, "consent-removal": "no" }, "content-removal")).toBe(false);
  });

  test("what is too complex for a caseworker goes to a digital-safety organisation (G-DIG-5)", () => {
    for (const known of [
      { "perpetrator-has-accounts": "yes" },
      { "perpetrator-has-device": "yes" },
      { harm: ["hacking"] },
      { harm: ["cyberstalking"] },
    ] as const)
      expect(urgencyOf({ ...adult, ...known }, "refer-to-digital-specialist")).toBeDefined();
    expect(urgencyOf({ ...adult, harm: ["hate-speech"] }, "refer-to-digital-specialist")).toBeUndefined();
  });

  test("digital steps are one part of one plan: protection and mental health are there beside them (G-DIG-6)", () => {
    const listed = answerTo(ready).actions.map(({ id }) => id);
    for (const id of ["digital-safety-plan", "safety-plan", "mental-health-needs-assessment", "case-plan"])
      expect(listed).toContain(id);
    expect(isOpen({ ...ready, "physical-safety-assessed": "no" }, "digital-safety")).toBe(false);
    expect(saidBecauseOf("G-DIG-6")).toMatchObject({ "digital-safety": 2, "physical-safety": 1 });
  });

  test("which mechanisms there are is told as long as she may want one of them (G-EVID-1)", () => {
    expect(urgencyOf(adult, "explain-mechanisms")).toBeDefined();
    expect(
      urgencyOf({ ...adult, "wants-removal": "yes", "wants-law-report": "no" }, "explain-mechanisms"),
    ).toBeDefined();
    const neither = { ...adult, "wants-removal": "no", "wants-law-report": "no" } as const;
    expect(urgencyOf(neither, "explain-mechanisms")).toBeUndefined();
  });

  test("evidence is preserved before removal is asked for, and the removal says so (G-EVID-6)", () => {
    const known = { ...ready, "evidence-preserved": "no" } as const;
    expect(placeOf(known, "preserve-evidence")).toBeGreaterThanOrEqual(0);
    expect(placeOf(known, "preserve-evidence")).toBeLessThan(placeOf(known, "request-removal"));
    const limits = (facts: Facts) => answerTo(facts).actions.find(({ id }) => id === "request-removal")?.limits;
    expect(limits(known)).toContain("evidence-first");
    expect(limits({ ...ready, "evidence-preserved": "yes" })).not.toContain("evidence-first");
  });
});

describe("law", () => {
  test("who wants to report is coordinated with the cybercrime unit, evidence prepared before (G-LAW-4)", () => {
    expect(urgencyOf({ ...adult, "wants-law-report": "yes" }, "coordinate-with-cybercrime-unit")).toBeDefined();
    expect(urgencyOf({ ...adult, "wants-law-report": "no" }, "coordinate-with-cybercrime-unit")).toBeUndefined();
    expect(placeOf(ready, "preserve-evidence")).toBeLessThan(placeOf(ready, "file-complaint"));
    expect(placeOf(ready, "preserve-evidence")).toBeGreaterThanOrEqual(0);
  });

  test("safety is planned around a report, and one that could escalate waits for that plan (G-LAW-6)", () => {
    expect(urgencyOf({ ...adult, "wants-law-report": "yes" }, "plan-safety-around-reporting")).toBeDefined();
    expect(isOpen(ready, "law-report")).toBe(true);
    const escalating = { ...ready, "law-report-could-escalate": "yes" } as const;
    expect(isOpen(escalating, "law-report")).toBe(false);
    expect(isOpen({ ...escalating, "law-escalation-planned": "yes" }, "law-report")).toBe(true);
    expect(saidBecauseOf("G-LAW-6")["law"]).toBe(4);
  });

  test("whoever reports is accompanied: an adult may be, a child always is (G-LAW-8)", () => {
    const limits = (known: Facts) =>
      answerTo({ ...known, "wants-law-report": "yes" }).actions.find(({ id }) => id === "accompany-to-law-enforcement")
        ?.limits;
    expect(limits(adult)).toEqual(["offered-not-required"]);
    expect(limits(child)).toEqual(["always-accompanied"]);
    expect(limits({})).toEqual(["always-accompanied"]);
  });
});
