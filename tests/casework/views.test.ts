/** What the screens of a case are shown, made from cases of the case file's own tests and the shipped guidance. */

import { join } from "node:path";
import { due } from "@amana/casefile";
import { assert } from "@amana/kernel";
import { describe, expect, test } from "vitest";
import { readGuidance } from "../../apps/casework/build/guidance.ts";
import { sectionOfDue } from "../../apps/casework/src/case/places.ts";
import { sections, type Act, type Section } from "../../apps/casework/src/case/screen.ts";
import { governorates } from "../../apps/casework/src/directory/governorates.ts";
import { contactIds, harmIds } from "../../apps/casework/src/forms/pack-ids.ts";
import { tools } from "../../apps/casework/src/forms/vocabulary.ts";
import { caseViewOf } from "../../apps/casework/src/worker/views/section.ts";
import type { Seen } from "../../apps/casework/src/worker/views/seen.ts";
import {
  adultReadyToAct,
  assent,
  bestInterests,
  childReadyToAct,
  consent,
  digitalItem,
  goal,
  legalRisk,
  recordFact,
  referralTo,
  safetyItem,
  step,
  withdraw,
} from "../../packages/casefile/src/testing/commands.ts";
import {
  dateOf,
  hours,
  itemOf,
  nasrin,
  omar,
  recipientOf,
  shilan,
  startAt,
} from "../../packages/casefile/src/testing/people.ts";
import { meet, must, part, type World, write } from "../../packages/casefile/src/testing/world.ts";
import { actsIn, pack, seenBy, tables, worldWith } from "./seen.ts";

const actOf = (seen: Seen, section: Section, form: string, given: Readonly<Record<string, unknown>> = {}): Act => {
  const found = actsIn(caseViewOf(seen, section).section).find(
    (act) => act.form === form && Object.entries(given).every(([name, value]) => act.given[name] === value),
  );
  assert(found !== undefined, "The act must be on the screen.");
  return found;
};

const adult = (): World => worldWith(adultReadyToAct);
const child = (): World => worldWith((world) => childReadyToAct(world, "yes"));

describe("what a screen is shown", () => {
  test.each(sections)(
    "the section %s is plain data that can leave the worker, for an adult and for a child",
    (section) => {
      for (const world of [adult(), child()]) {
        const view = caseViewOf(seenBy(world, shilan), section);
        expect(structuredClone(view)).toEqual(view);
      }
    },
  );

  test("no level stays in sight over a danger that was told since and that nobody has weighed (G-SAFE-5)", () => {
    const world = adult();
    must(world, shilan, { type: "RaiseRisk", level: "medium", because: "He writes again." });
    must(world, shilan, { type: "AssessRisk" });
    const level = (): unknown => caseViewOf(seenBy(world, shilan), "now").head.level;
    expect(level()).toBe("medium");
    must(world, shilan, recordFact("honour-violence-risk", "yes"));
    expect(level()).toBeUndefined();
    must(world, shilan, { type: "AssessRisk" });
    expect(level()).toBe("high");
  });

  test("the time to act by runs from first sight where the author's clock is ahead (SECURITY §3)", () => {
    const world = adult();
    world.now = hours(24 * 999);
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "He came." });
    const seen = seenBy(world, shilan);
    const here = { ...seen, due: due(seen.state, hours(1), { firstSeenAt: () => startAt }) };
    expect(caseViewOf(here, "now").head.actBy).toBe(hours(24));
    expect(JSON.stringify(caseViewOf(here, "assessment").section)).toContain(
      `"field.actBy"},"value":{"kind":"moment","at":${hours(24)}}`,
    );
  });

  test("an incident that two corrected without knowing of each other stays one card with both words, so that a form open in it stays", () => {
    const world = adult();
    const incident = itemOf("incident-1");
    const record = (author: typeof shilan, ageAtIncident: number) =>
      must(world, author, {
        ...{ type: "RecordIncident", incident, incidentType: "emotional_abuse", perpetrators: [], ageAtIncident },
        reportedOn: dateOf("2026-11-20"),
      });
    const cards = () => {
      const { section } = caseViewOf(seenBy(world, shilan), "assessment");
      const blocks = section.kind === "blocks" ? section.blocks : [];
      return blocks.find(({ title }) => title === "block.incidents")?.cards ?? [];
    };
    record(shilan, 29);
    const [before] = cards();
    record(nasrin, 30);
    expect(cards().map(({ id }) => id)).toEqual([before?.id]);
    part(world, shilan, nasrin);
    record(shilan, 31);
    record(nasrin, 32);
    meet(world);
    const [disputed, ...others] = cards();
    expect(others).toEqual([]);
    expect(disputed).toMatchObject({ id: before?.id, marks: [{ phrase: { key: "mark.disagree" } }] });
    const said = disputed?.rows.flatMap(({ value }) => (value.kind === "number" ? [value.number] : []));
    expect(new Set(said)).toEqual(new Set([31, 32]));
    const by = disputed?.rows.flatMap(({ value }) => (value.kind === "person" ? [value.person] : []));
    expect(new Set(by)).toEqual(new Set([shilan.person, nasrin.person]));
  });

  test("an answer that the guidance here does not know is marked in the history, and no other", () => {
    const world = adult();
    write(world, nasrin, { ...recordFact("banana", "Adult!"), type: "FactRecorded" });
    const { section } = caseViewOf(seenBy(world, shilan), "history");
    assert(section.kind === "history", "The section must be the history.");
    const marked = section.items.filter(({ isNotUnderstood }) => isNotUnderstood);
    expect(marked.map(({ person }) => person)).toEqual([nasrin.person]);
  });

  test("each answer says whose word it is, and what nobody answered is nobody's", () => {
    const world = adult();
    const saidBy = (fact: string): readonly string[] | undefined => {
      const { section } = caseViewOf(seenBy(world, shilan), "questions");
      assert(section.kind === "questions", "The section must be the questions.");
      return section.questions.find((question) => question.fact === fact)?.saidBy;
    };
    expect(saidBy("governorate")).toEqual([]);
    must(world, shilan, { ...recordFact("governorate", "IQ-AR"), saidBy: "caregiver" });
    expect(saidBy("governorate")).toEqual(["caregiver"]);
  });

  test("an act behind consent is closed with whose word is missing, and opens once it is given", () => {
    const world = adult();
    expect(actOf(seenBy(world, shilan), "content", "RecordTakedown", { tool: "T-insm" }).closed).toEqual({
      type: "ConsentMissing",
      purpose: "removal",
      from: "consent",
    });
    must(world, shilan, consent("removal", "T-insm"));
    expect(actOf(seenBy(world, shilan), "content", "RecordTakedown", { tool: "T-insm" }).closed).toBeUndefined();
  });

  test("a tool is open only where the request with it is: consent for another tool opens only the other", () => {
    const world = adult();
    const isOpen = (tool: string): boolean | undefined => {
      const view = caseViewOf(seenBy(world, shilan), "content").section;
      return view.kind === "content" ? view.tools.find(({ id }) => id === tool)?.isOpen : undefined;
    };
    expect(isOpen("T-insm")).toBe(false);
    must(world, shilan, consent("removal", "T-insm"));
    expect(isOpen("T-insm")).toBe(true);
    expect(isOpen("T-t4p")).toBe(false);
  });

  test("in an adult's case nothing is offered that is for a child alone; in a child's it is (G-CONS-3)", () => {
    const formsIn = (world: World): readonly string[] =>
      actsIn(caseViewOf(seenBy(world, shilan), "consent").section).map(({ form }) => form);
    expect(formsIn(adult())).not.toContain("ProposeBestInterests");
    expect(formsIn(child())).toContain("ProposeBestInterests");
    expect(actOf(seenBy(adult(), shilan), "consent", "WithdrawConsent").given).toEqual({ whose: "survivor" });
  });

  test("beside a child's own agreement the decision is proposed for exactly its purpose and recipient, and once (G-CONS-3)", () => {
    const world = child();
    const asked = { purpose: "removal", recipient: "T-takeitdown" };
    const isOffered = (): boolean =>
      actsIn(caseViewOf(seenBy(world, shilan), "consent").section).some(
        ({ form, given }) => form === "ProposeBestInterests" && given["recipient"] === asked.recipient,
      );
    expect(isOffered()).toBe(false);
    must(world, shilan, assent("removal", "T-takeitdown"));
    expect(actOf(seenBy(world, shilan), "consent", "ProposeBestInterests", asked).closed).toBeUndefined();
    must(world, shilan, bestInterests("removal", "T-takeitdown"));
    expect(isOffered()).toBe(false);
  });

  test("taking back is offered beside what was given, also under pressure, and beside nothing else (G-CONS-2)", () => {
    const world = adult();
    const isOffered = (recipient: string): boolean =>
      actsIn(caseViewOf(seenBy(world, shilan), "consent").section).some(
        ({ form, given }) => form === "WithdrawConsent" && given["recipient"] === recipient,
      );
    const underPressure = { ...consent("removal", "T-t4p").obtained, pressureSeen: true };
    must(world, shilan, consent("removal", "T-insm", { answer: "no" }));
    must(world, shilan, consent("removal", "T-t4p", { obtained: underPressure }));
    must(world, shilan, consent("removal", "T-stopncii"));
    expect(["T-insm", "T-t4p", "T-stopncii"].map(isOffered)).toEqual([false, true, true]);
    must(world, shilan, withdraw("removal", "T-stopncii"));
    expect(isOffered("T-stopncii")).toBe(false);
  });

  test("a proposal cannot be approved by whoever made it, and can be by a supervisor", () => {
    const world = adult();
    must(world, shilan, { type: "AssessRisk" });
    must(world, shilan, { type: "RaiseRisk", level: "high", because: "He knows where she is." });
    must(world, shilan, { type: "ProposeLowerRisk", level: "medium", because: "He was arrested." });
    expect(actOf(seenBy(world, shilan), "assessment", "Approve").closed).toEqual({ type: "OwnProposal" });
    expect(actOf(seenBy(world, nasrin), "assessment", "Approve").closed).toBeUndefined();
  });

  test("while an entry cannot be read here, what rests on consent, access or risk waits, and safety stays open", () => {
    const seen = seenBy(adult(), shilan, true);
    expect(actOf(seen, "services", "PrepareReferral").closed).toEqual({ type: "UpdateFirst" });
    expect(actOf(seen, "safety", "SetSafetyItem").closed).toBeUndefined();
    expect(actOf(seen, "law", "RecordLawOutcome").closed).toEqual({ type: "UpdateFirst" });
    // Stepping back from a complaint is a withdrawal.
    expect(actOf(seen, "law", "RecordLawStep").closed).toBeUndefined();
  });

  test("without an unread entry the same acts are open", () => {
    const seen = seenBy(adult(), shilan);
    expect(actOf(seen, "services", "PrepareReferral").closed).toBeUndefined();
  });

  test("for a child with an unsafe guardian, asking the guardian is not offered (G-CONS-3)", () => {
    const view = caseViewOf(seenBy(child(), shilan), "consent").section;
    expect(view).toMatchObject({ kind: "consent", age: "child", isGuardianToBeAsked: false });
  });
});

test("a level is shown with its ground: the rules that decided, or the words of whoever raised it (S-12)", () => {
  const world = adult();
  must(world, shilan, { type: "AssessRisk" });
  must(world, shilan, { type: "RaiseRisk", level: "high", because: "He knows where she is." });
  const view = caseViewOf(seenBy(world, shilan), "assessment").section;
  const cards =
    "blocks" in view ? view.blocks.flatMap((block) => (block.title === "block.danger" ? block.cards : [])) : [];
  expect(cards.length).toBeGreaterThan(1);
  for (const { because = [], rows } of cards) {
    const isSaid = rows.some(({ label }) => label.kind === "word" && label.key === "field.because");
    expect(because.length > 0 || isSaid).toBe(true);
  }
  expect(cards.some(({ because = [] }) => because.length > 0)).toBe(true);
});

test("what two wrote at once of one goal or one item of a plan is shown, each with who, when and what it is", () => {
  const world = adult();
  for (const act of ["two-factor", "block-perpetrator"]) must(world, shilan, consent("digital", act));
  must(world, shilan, safetyItem());
  must(world, shilan, digitalItem("two-factor"));
  must(world, shilan, goal());
  part(world, shilan, omar);
  const newer = { who: "her aunt", when: "on Thursday" } as const;
  must(world, shilan, safetyItem({ words: "I take a taxi." }));
  must(world, omar, safetyItem({ ...newer, words: "My aunt comes.", area: "people" }));
  must(world, shilan, digitalItem("two-factor", { words: "On my phone." }));
  must(world, omar, digitalItem("block-perpetrator", { ...newer, words: "I shut him out." }));
  must(world, shilan, goal({ words: "To sleep." }));
  must(world, omar, goal({ words: "To go to school.", who: "her aunt" }));
  meet(world);
  const shown = (section: Section): string =>
    JSON.stringify(caseViewOf(seenBy(world, shilan), section).section, (key, value: unknown) =>
      key === "acts" ? undefined : value,
    );
  const both = [
    "I take a taxi.",
    "My aunt comes.",
    "On my phone.",
    "I shut him out.",
    "two-factor",
    "block-perpetrator",
  ];
  for (const said of [...both, "her aunt", "on Thursday", '"shelter"', '"people"'])
    expect(shown("safety")).toContain(said);
  for (const said of ["To sleep.", "To go to school.", "her aunt"]) expect(shown("services")).toContain(said);
});

test("what was weighed for one agency stays in sight once another was weighed, until it is outdated for both (G-LAW-2)", () => {
  const world = adult();
  const weighed = (): string =>
    JSON.stringify(caseViewOf(seenBy(world, shilan), "law").section, (key, value: unknown) =>
      key === "acts" ? undefined : value,
    );
  must(world, shilan, { ...legalRisk, immediateRisks: "His cousin works there." });
  must(world, shilan, { ...legalRisk, agency: recipientOf("A-nss"), immediateRisks: "It takes a year." });
  expect(weighed()).toContain("His cousin works there.");
  expect(weighed()).toContain("It takes a year.");
  must(world, shilan, { ...legalRisk, immediateRisks: "His cousin has left." });
  expect(weighed()).not.toContain("His cousin works there.");
  must(world, shilan, { type: "OutdateLegalRisk", because: "Another judge." });
  expect(weighed()).not.toMatch(/His cousin has left|It takes a year/u);
});

test("each number of the guidance comes with its region, with whose word its purpose is and, once it is, the day it was confirmed (S-13)", () => {
  const guidance = readGuidance(join(import.meta.dirname, "../../packs/iraq-online-violence"));
  for (const { id, region, purposeFromGuide, verifiedOn } of guidance.pack.contacts) {
    for (const texts of Object.values(guidance.texts)) {
      expect(texts[`contact.${id}.region`]).toBe(region);
      expect(texts[`region.${region}`]).toBeTruthy();
      expect(texts[`contact.${id}.purpose-from`]).toBe(purposeFromGuide ? "guide" : "ours");
      expect(texts[`contact.${id}.verified-on`] ?? null).toBe(verifiedOn);
    }
  }
});

test("the app carries nothing that is said to oneself, and no words by which the guide is searched", () => {
  const guidance = readGuidance(join(import.meta.dirname, "../../packs/iraq-online-violence"));
  for (const texts of Object.values(guidance.texts)) {
    expect(Object.keys(texts).filter((key) => /^(?:page|search)\.|\.self$/.test(key))).toEqual([]);
  }
});

test("the directory lists every number, harm and tool of the pack, and nothing else", () => {
  expect(contactIds).toEqual(pack.contacts.map(({ id }) => id));
  expect([...harmIds].sort()).toEqual(tables.harms.map(({ id }) => id).sort());
  expect([...tools].sort()).toEqual(pack.tools.map(({ id }) => id).sort());
  expect(governorates).toEqual(pack.facts.find(({ id }) => id === "governorate")?.values);
});

describe("what is due", () => {
  test("leads to a section that offers an act which settles it, for what was withdrawn and what no longer holds (G-CONS-2)", () => {
    const world = adult();
    must(world, shilan, consent("digital", "two-factor"));
    must(world, shilan, digitalItem("two-factor"));
    must(world, shilan, legalRisk);
    must(world, shilan, { type: "OutdateLegalRisk", because: "Another judge." });
    must(world, shilan, withdraw("digital", "two-factor"));
    must(world, shilan, withdraw("store-file", "own-organisation"));
    const seen = seenBy(world, shilan);
    const formsIn = (kind: string, about: string): readonly string[] =>
      actsIn(caseViewOf(seen, sectionOfDue(kind, about)).section).map(({ form }) => form);
    const aboutOf = (kind: string): readonly string[] =>
      seen.due.filter((item) => item.kind === kind).map(({ about }) => about);
    expect(aboutOf("withdrawal-to-act-on")).toHaveLength(2);
    for (const about of aboutOf("withdrawal-to-act-on"))
      expect(formsIn("withdrawal-to-act-on", about)).toContain(
        about === "store-file" ? "CloseCase" : "MarkDigitalItem",
      );
    expect(formsIn("assessment-outdated", "legal-risk")).toContain("AssessLegalRisk");
    expect(JSON.stringify(caseViewOf(seen, "closure").section)).toContain("block.closure.refused");
    expect(JSON.stringify(caseViewOf(seenBy(adult(), shilan), "closure").section)).toContain("block.closure.empty");
  });

  test("an organisation that has the case is to be told to stop where closing is, once its consent is withdrawn (G-CONS-2)", () => {
    const world = adult();
    const recipient = recipientOf("other-ngo");
    must(world, shilan, consent("referral", recipient));
    must(world, shilan, { type: "TransferCase", recipient, fields: [], because: "She moved." });
    const marks = () => JSON.stringify(caseViewOf(seenBy(world, shilan), "closure").section);
    expect(marks()).not.toContain("mark.toBeStopped");
    must(world, shilan, withdraw("referral", recipient));
    expect(marks()).toContain("mark.toBeStopped");
    expect(due(seenBy(world, shilan).state, world.now).map(({ kind, about }) => sectionOfDue(kind, about))).toContain(
      "closure",
    );
    const told = actOf(seenBy(world, shilan), "closure", "RecordTransferStopped", { recipient });
    expect(told.closed).toBeUndefined();
    must(world, shilan, { type: "RecordTransferStopped", recipient });
    expect(marks()).not.toContain("mark.toBeStopped");
    expect(marks()).not.toContain("RecordTransferStopped");
  });

  test("after an emergency the act says whether help came and the person was told, until both are so (G-CM-3, G-CONS-5)", () => {
    const world = adult();
    must(world, shilan, recordFact("immediate-danger", "yes"));
    const emergency = must(world, shilan, {
      type: "ActInEmergency",
      act: "urgent-referral",
      recipient: recipientOf("the-shelter"),
      shared: ["safe-contact"],
      personTold: { kind: "could-not-be-reached", because: "He holds her phone." },
      because: "He is at the door.",
    });
    const followUp = { type: "RecordEmergencyFollowUp", emergency } as const;
    const asked = (): Act => actOf(seenBy(world, shilan), "safety", followUp.type, { emergency });
    const shown = (section: Section) => JSON.stringify(caseViewOf(seenBy(world, shilan), section).section);
    const isShown = (...keys: readonly string[]) => keys.map((key) => shown("safety").includes(`"${key}"`));
    const marks = ["mark.helpNotAsked", "mark.personNotTold"];
    expect(sectionOfDue("emergency-follow-up", emergency)).toBe("safety");
    expect([asked().closed, asked().needs, ...isShown(...marks)]).toEqual([undefined, ["personTold"], true, true]);
    must(world, shilan, { ...followUp, help: "awaited", personTold: "told" });
    expect([asked().closed, asked().needs, ...isShown(...marks)]).toEqual([undefined, undefined, false, false]);
    must(world, shilan, { ...followUp, help: "came", text: "She sleeps at the shelter." });
    expect(isShown(followUp.type, "She sleeps at the shelter.")).toEqual([false, true]);
    expect(shown("history")).toContain("She sleeps at the shelter.");
  });

  test("who has a referral or the case is to be told where it stands what may be used no longer, with what that is (G-CONS-2)", () => {
    const world = adult();
    const recipient = recipientOf("the-clinic");
    const sharing = (...mayShare: readonly string[]) => consent("referral", recipient, { mayShare });
    must(world, shilan, sharing("fact:harm", "safe-contact"));
    must(world, shilan, referralTo(recipient));
    must(world, shilan, step("SendReferral"));
    const shown = (section: Section) => JSON.stringify(caseViewOf(seenBy(world, shilan), section).section);
    const isTold = { kind: "shared", field: "safe-contact" };
    const row = { label: { kind: "word", key: "field.noLongerShared" }, value: { kind: "list", of: [isTold] } };
    const narrowed = JSON.stringify(row).slice(1, -1);
    const toTell = (section: Section) => shown(section).includes(narrowed) && shown(section).includes("mark.toBeTold");
    expect(toTell("services")).toBe(false);
    must(world, shilan, sharing("fact:harm"));
    expect(sectionOfDue("provider-to-be-told", recipient)).toBe("services");
    expect([toTell("services"), toTell("history")]).toEqual([true, false]);
    expect(actOf(seenBy(world, shilan), "services", "RecordSharingNarrowed", { recipient }).closed).toBeUndefined();
    must(world, shilan, { type: "RecordSharingNarrowed", recipient, text: "By telephone." });
    expect(shown("services")).not.toContain("RecordSharingNarrowed");
    expect(shown("history")).toContain(narrowed);
    must(world, shilan, { type: "TransferCase", recipient, fields: ["fact:harm"], because: "She moved." });
    must(world, shilan, consent("referral", recipient, { limits: "Not by letter." }));
    expect(shown("closure")).toContain('"key":"field.limitsSince"},"value":{"kind":"text","text":"Not by letter."}');
    expect(actOf(seenBy(world, shilan), "closure", "RecordSharingNarrowed", { recipient }).closed).toBeUndefined();
  });
});

test("whoever is asked to take a case and cannot see it is marked: they do not learn that they were asked", () => {
  const world = adult();
  must(world, shilan, { type: "OfferResponsibility", to: omar.person, because: "I am on leave." });
  const seen = seenBy(world, shilan);
  const shown = (readers: readonly string[]): string =>
    JSON.stringify(caseViewOf({ ...seen, access: { ...seen.access, readers } }, "people").section);
  expect(shown([shilan.person])).toContain("mark.cannotSee");
  expect(shown([shilan.person, omar.person])).not.toContain("mark.cannotSee");
});
