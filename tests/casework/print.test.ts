/** What stands on the papers of a case, and what must never stand on them. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CaseCommand, copyKinds, requireReferralLetter } from "@amana/casefile";
import { describe, expect, test } from "vitest";
import type { Refusal } from "../../apps/casework/src/case/screen.ts";
import { helpOfSection } from "../../apps/casework/src/case/section-help.ts";
import { sharedFields } from "../../apps/casework/src/forms/vocabulary.ts";
import {
  type PaperAsked,
  type PaperContent,
  papers,
  plainTitles,
  summaryFor,
} from "../../apps/casework/src/print/paper.ts";
import { cellOf, fileOf } from "../../apps/casework/src/worker/views/export.ts";
import { paperOf } from "../../apps/casework/src/worker/views/print.ts";
import { caseViewOf } from "../../apps/casework/src/worker/views/section.ts";
import type { Seen } from "../../apps/casework/src/worker/views/seen.ts";
import {
  adultReadyToAct,
  assent,
  childReadyToAct,
  consent,
  digitalItem,
  recordFact,
  referralTo,
  takedown,
  withdraw,
} from "../../packages/casefile/src/testing/commands.ts";
import { dateOf, hours, itemOf, omar, shilan, startAt } from "../../packages/casefile/src/testing/people.ts";
import { meet, must, part, type World } from "../../packages/casefile/src/testing/world.ts";
import { seenBy, tables, worldWith } from "./seen.ts";

type CommandOf<Type extends CaseCommand["type"]> = Extract<CaseCommand, { readonly type: Type }>;

/** Words that are in the case and belong on one paper at most. */
const words = {
  name: "Dilnaz Canary",
  phone: "0750 000 1234",
  note: "A note about the canary.",
  reason: "The caseworker's reason for the canary.",
  limit: "Not a word to the canary's uncle.",
  mustNotKnow: "the canary's brother",
  plan: "I go to the canary's aunt.",
} as const;

const detail = (field: CommandOf<"RecordDetail">["field"], text: string): CaseCommand => ({
  type: "RecordDetail",
  field,
  value: { kind: "given", text },
  saidBy: "survivor",
});

const safeContact: CommandOf<"AgreeSafeContact"> = {
  type: "AgreeSafeContact",
  how: "messaging-app",
  reach: words.phone,
  when: "after two",
  nameToUse: "the tailor",
  mayLeaveMessage: false,
  mustNotKnow: [words.mustNotKnow],
};

const safetyItem = (item: string, text: string): CommandOf<"SetSafetyItem"> => ({
  type: "SetSafetyItem",
  item: itemOf(item),
  words: text,
  who: "my aunt",
  when: "tonight",
  area: "shelter",
});

const fullCase = (mayShare: readonly string[], fields: readonly string[] = mayShare): World =>
  worldWith((world) => {
    adultReadyToAct(world);
    must(world, shilan, safeContact);
    must(world, shilan, consent("store-file", "own-organisation"));
    must(world, shilan, detail("name", words.name));
    must(world, shilan, detail("phone", words.phone));
    must(world, shilan, { type: "WriteNote", note: itemOf("note-1"), about: "case", text: words.note });
    must(world, shilan, safetyItem("safety-1", words.plan));
    must(world, shilan, consent("referral", "seed-clinic", { mayShare: [...mayShare], limits: words.limit }));
    must(world, shilan, referralTo("seed-clinic", { fields: [...fields], reason: words.reason }));
  });

const contentOf = (seen: Seen, asked: PaperAsked): PaperContent => paperOf(seen, asked).content;

const askedFor = (paper: (typeof papers)[number]): PaperAsked => {
  if (paper === "referral-letter") return { paper, referral: "referral-1" };
  return paper === "consent-form" ? { paper, about: { purpose: "referral", recipient: "seed-clinic" } } : { paper };
};

const letterIn = (world: World, isUnreadLeft = false) => {
  const content = contentOf(seenBy(world, shilan, isUnreadLeft), askedFor("referral-letter"));
  if (content.kind !== "referral-letter" || content.letter === undefined) throw new Error("There must be a letter.");
  return content.letter;
};

const closedBecause = (world: World, isUnreadLeft = false): Refusal | undefined => {
  const letter = letterIn(world, isUnreadLeft);
  return letter.kind === "closed" ? letter.because : undefined;
};

const rowsIn = (world: World): string => {
  const letter = letterIn(world);
  return JSON.stringify(letter.kind === "open" ? letter.rows : letter);
};

describe("every paper", () => {
  test.each(papers)("the %s is plain data that can leave the worker, and names no colleague", (paper) => {
    const world = fullCase(["detail:name", "safe-contact"]);
    const view = paperOf(seenBy(world, shilan), askedFor(paper));
    expect(structuredClone(view)).toEqual(view);
    expect(JSON.stringify(view)).not.toContain(shilan.person);
    expect(JSON.stringify(view)).not.toContain('"person"}');
    expect(JSON.stringify(view)).not.toContain('"kind":"person"');
  });

  test.each(papers)("the %s says so while an entry cannot be read here", (paper) => {
    const world = fullCase(["detail:name"]);
    expect(paperOf(seenBy(world, shilan, true), askedFor(paper)).isUnreadLeft).toBe(true);
    expect(paperOf(seenBy(world, shilan), askedFor(paper)).isUnreadLeft).toBe(false);
  });
});

describe("the safety plan on paper", () => {
  const planOf = (world: World) => {
    const content = contentOf(seenBy(world, shilan), { paper: "safety-plan" });
    return content.kind === "safety-plan" ? content.lines : [];
  };

  test("holds the survivor's words, who and when, and nothing that says what it is (G-SAFE-6)", () => {
    const world = fullCase([]);
    expect(planOf(world)).toEqual([
      { id: "safety-1", words: [words.plan], who: "my aunt", when: "tonight", isDone: false },
    ]);
    const all = JSON.stringify(contentOf(seenBy(world, shilan), { paper: "safety-plan" }));
    for (const never of ["KRI-2026-0043", words.name, words.phone, words.note, "shelter", "high", "adult"]) {
      expect(all).not.toContain(never);
    }
  });

  test("holds the digital part too, and leaves out what was dropped or is not possible", () => {
    const world = fullCase([]);
    must(world, shilan, consent("digital", "change-passwords"));
    must(world, shilan, digitalItem("change-passwords"));
    must(world, shilan, safetyItem("safety-2", "Gone."));
    must(world, shilan, { type: "MarkSafetyItem", item: itemOf("safety-2"), outcome: "dropped" });
    must(world, shilan, safetyItem("safety-3", "Done."));
    must(world, shilan, { type: "MarkSafetyItem", item: itemOf("safety-3"), outcome: "done" });
    expect(planOf(world).map(({ id, isDone }) => [id, isDone])).toEqual([
      ["safety-1", false],
      ["safety-3", true],
      ["digital-1", false],
    ]);
  });
});

test("the safety plan on paper leaves out a digital act that is agreed no more and not done yet (G-CONS-2)", () => {
  const world = fullCase([]);
  must(world, shilan, consent("digital", "change-passwords"));
  must(world, shilan, digitalItem("change-passwords"));
  const points = (): readonly string[] => {
    const content = contentOf(seenBy(world, shilan), { paper: "safety-plan" });
    return content.kind === "safety-plan" ? content.lines.map(({ id }) => id) : [];
  };
  expect(points()).toEqual(["safety-1", "digital-1"]);
  must(world, shilan, withdraw("digital", "change-passwords"));
  expect(points()).toEqual(["safety-1"]);
  must(world, shilan, consent("digital", "change-passwords"));
  must(world, shilan, { type: "MarkDigitalItem", item: itemOf("digital-1"), outcome: "done" });
  must(world, shilan, withdraw("digital", "change-passwords"));
  expect(points()).toEqual(["safety-1", "digital-1"]);
});

describe("the letter to a provider", () => {
  test.each(sharedFields)(
    "tells %s when the consent lists it, and nothing else that could be told (G-CONS-2)",
    (field) => {
      const world = fullCase([field]);
      const rows = rowsIn(world);
      const tells = { [words.name]: "detail:name", [words.phone]: "detail:phone", "the tailor": "safe-contact" };
      for (const [text, of] of Object.entries(tells)) {
        if (of === field) expect(rows).toContain(text);
        else if (!(field === "safe-contact" && text === words.phone)) expect(rows).not.toContain(text);
      }
      for (const never of [words.note, words.reason, words.limit, words.plan, "KRI-2026-0043"]) {
        expect(rows).not.toContain(never);
      }
    },
  );

  test("tells a fact only by name, and only when it is known", () => {
    const world = fullCase(["fact:harm", "fact:gender"]);
    const letter = letterIn(world);
    expect(letter).toMatchObject({
      kind: "open",
      rows: [{ value: { kind: "answer", fact: "harm", value: ["image-based-abuse"] } }],
      missing: [{ kind: "shared", field: "fact:gender" }],
    });
  });

  test("the person's own limits are for the caseworker to keep, not for the paper", () => {
    expect(letterIn(fullCase(["detail:name"]))).toMatchObject({ limits: [words.limit] });
    expect(rowsIn(fullCase(["detail:name"]))).not.toContain(words.limit);
  });

  test("tells no way of contact that has become unsafe", () => {
    const world = fullCase(["safe-contact"]);
    expect(rowsIn(world)).toContain("the tailor");
    must(world, shilan, { type: "DeclareContactUnsafe", because: "He reads her messages." });
    expect(rowsIn(world)).toBe("[]");
    expect(letterIn(world)).toMatchObject({ missing: [{ kind: "shared", field: "safe-contact" }] });
  });

  test("lets no message be left, and names everyone who must not know, where two ways were agreed at once (G-FRAME-6)", () => {
    const world = fullCase(["safe-contact"]);
    part(world, shilan, omar);
    must(world, omar, { ...safeContact, nameToUse: "the baker", mayLeaveMessage: true, mustNotKnow: ["her uncle"] });
    must(world, shilan, safeContact);
    meet(world);
    const rows = rowsIn(world);
    for (const told of ["the baker", "the tailor"]) expect(rows).toContain(told);
    expect(rows).not.toContain("common.yes");
    expect(rows.match(/her uncle/g)).toHaveLength(2);
    expect(rows.match(new RegExp(words.mustNotKnow, "g"))).toHaveLength(2);
    // What stands always in sight says the same.
    const { contact } = caseViewOf(seenBy(world, shilan), "now").head;
    expect(JSON.stringify(contact.ways.flat())).toBe(rows);
  });

  test("does not tell a wish to report of somebody who has decided not to (G-LAW-3)", () => {
    const world = fullCase(["fact:wants-law-report"]);
    expect(letterIn(world)).toMatchObject({ rows: [{ value: { kind: "answer", value: "yes" } }] });
    must(world, shilan, { type: "RecordLawDecision", decision: "not-report", isVoluntary: true });
    expect(letterIn(world)).toMatchObject({ rows: [{ value: { kind: "answer", value: "no" } }] });
  });

  test("tells no way of contact that has run out", () => {
    const world = fullCase(["safe-contact"]);
    must(world, shilan, { ...safeContact, validUntilAt: hours(2) });
    expect(rowsIn(world)).toContain("the tailor");
    world.now = hours(3);
    expect(rowsIn(world)).toBe("[]");
  });

  test("is refused without consent, beyond it, and after it was taken back, in the case file's own words (G-CM-3)", () => {
    expect(closedBecause(fullCase(["detail:name"]))).toBeUndefined();
    expect(closedBecause(fullCase(["detail:name"], ["detail:name", "detail:phone"]))).toEqual({
      type: "FieldsNotConsented",
      fields: ["detail:phone"],
    });
    const world = fullCase(["detail:name"]);
    must(world, shilan, withdraw("referral", "seed-clinic"));
    expect(closedBecause(world)).toEqual({ type: "ConsentMissing", purpose: "referral", from: "consent" });
  });

  test("waits while an entry cannot be read here, which could have taken the consent back", () => {
    expect(closedBecause(fullCase(["detail:name"]), true)).toEqual({ type: "UpdateFirst" });
  });

  test("is there only for what is still open", () => {
    const world = fullCase(["detail:name"]);
    must(world, shilan, { type: "SendReferral", referral: itemOf("referral-1") });
    expect(letterIn(world)).toMatchObject({ kind: "open", isSentAlready: true });
    must(world, shilan, { type: "RecordSurvivorDeclined", referral: itemOf("referral-1") });
    expect(closedBecause(world)).toEqual({ type: "StepNotPossible", from: "declined-by-survivor" });
    expect(requireReferralLetter(seenBy(world, shilan).state, world.now, "referral-1").ok).toBe(false);
  });
});

describe("the consent form", () => {
  const formOf = (world: World, about: { purpose: string; recipient: string } | undefined, isUnreadLeft = false) => {
    const content = contentOf(seenBy(world, shilan, isUnreadLeft), { paper: "consent-form", about });
    if (content.kind !== "consent-form") throw new Error("There must be a form.");
    return content.form;
  };
  const referral = { purpose: "referral", recipient: "seed-clinic" };

  test("is blank, or filled with an answer that stands", () => {
    const world = fullCase(["detail:name"]);
    expect(formOf(world, undefined)).toMatchObject({ answer: undefined, mayShare: [], limits: [] });
    expect(formOf(world, referral)).toMatchObject({
      answer: "yes",
      givenAt: startAt,
      mayShare: ["detail:name"],
      limits: [words.limit],
      signs: ["survivor"],
    });
  });

  test("is blank again once it was taken back, and while an entry cannot be read here", () => {
    const world = fullCase(["detail:name"]);
    expect(formOf(world, referral, true)).toMatchObject({ answer: undefined, limits: [] });
    must(world, shilan, withdraw("referral", "seed-clinic"));
    expect(formOf(world, referral)).toMatchObject({ answer: undefined, givenAt: undefined, limits: [] });
  });

  test("has a place for a guardian's hand only where a guardian may be asked (G-CONS-3, S-9)", () => {
    const unsafe = worldWith((world) => childReadyToAct(world, "yes"));
    const safe = worldWith((world) => childReadyToAct(world, "no"));
    expect(formOf(unsafe, undefined).signs).toEqual(["child"]);
    expect(formOf(safe, undefined).signs).toEqual(["child", "guardian"]);
    must(safe, shilan, assent("referral", "seed-clinic"));
    expect(formOf(safe, referral)).toMatchObject({ answer: "yes" });
  });
});

describe("the summary", () => {
  const partsOf = (world: World) => {
    const content = contentOf(seenBy(world, shilan), { paper: "case-summary" });
    return content.kind === "case-summary" ? content.parts : [];
  };

  test("keeps names and notes in sections of their own, which nobody gets by default", () => {
    const parts = partsOf(fullCase(["detail:name"]));
    const holding = (text: string) =>
      parts.filter((part) => JSON.stringify(part).includes(text)).map(({ section }) => section);
    expect(holding(words.name)).toEqual(["person"]);
    expect(holding(words.mustNotKnow)).toEqual(["person"]);
    expect(holding(words.note)).toEqual(["notes"]);
    for (const sections of Object.values(summaryFor)) {
      expect(sections).not.toContain("person");
      expect(sections).not.toContain("notes");
    }
  });

  test("holds no question that nobody answered and no need that nobody asked about", () => {
    const all = JSON.stringify(partsOf(fullCase([])));
    expect(all).not.toContain("mark.notAsked");
    expect(all).not.toContain('"value":{"kind":"answer","fact":"gender"');
  });
});

describe("the list for the survivor", () => {
  const kept = (...kinds: CommandOf<"RecordEvidencePreserved">["kept"]): CaseCommand => ({
    type: "RecordEvidencePreserved",
    kept: kinds,
  });
  const listOf = (world: World) => {
    const content = contentOf(seenBy(world, shilan), { paper: "evidence-log" });
    if (content.kind !== "evidence-log") throw new Error("There must be a list.");
    return content;
  };

  test("holds kinds and moments, and no field for a file, a hash, a number or a PIN (G-DIG-4)", () => {
    const world = fullCase([]);
    must(world, shilan, consent("evidence", "survivor-side"));
    must(world, shilan, kept("screenshots", "addresses"));
    must(world, shilan, consent("removal", "T-insm"));
    must(world, shilan, takedown("T-insm", startAt));
    const { kept: lines, asked, isAddressesOnly } = listOf(world);
    expect(lines.map((line) => [Object.keys(line).sort(), line.kept])).toEqual([
      [
        ["at", "kept"],
        ["screenshots", "addresses"],
      ],
    ]);
    expect(asked.map((line) => Object.keys(line).sort())).toEqual([["checkedAt", "madeAt", "outcome", "tool"]]);
    expect(isAddressesOnly).toBe(false);
  });

  test("holds links, names and times alone once it may be material of a child (G-EVID-5)", () => {
    const world = fullCase([]);
    must(world, shilan, consent("evidence", "survivor-side"));
    must(world, shilan, kept("screenshots", "addresses"));
    must(world, shilan, kept("own-files"));
    const change = { correction: { kind: "changed", because: "She said so." } } as const;
    must(world, shilan, recordFact("age-in-image", "child", change));
    expect(listOf(world)).toMatchObject({ isAddressesOnly: true, kept: [{ kept: ["addresses"] }] });
  });
});

describe("the case as a file", () => {
  const incident: CaseCommand = {
    type: "RecordIncident",
    incident: itemOf("incident-1"),
    incidentType: "emotional_abuse",
    reportedOn: dateOf("2026-11-20"),
    happenedOn: dateOf("2026-11-18"),
    perpetrators: ["intimate_partner_former_partner"],
  };

  test("is the documented shape, whole", () => {
    const file = fileOf(seenBy(fullCase([]), shilan), "case-file");
    expect(JSON.parse(file.ok ? file.value : "")).toMatchObject({ format: "amana-case", version: 1 });
  });

  test("a table counts only who agreed to be counted, and tells neither the case nor the incident", () => {
    const world = fullCase([]);
    expect(fileOf(seenBy(world, shilan), "incident-table")).toMatchObject({ error: { type: "NotThere" } });
    must(world, shilan, incident);
    expect(fileOf(seenBy(world, shilan), "incident-table")).toMatchObject({
      error: { type: "ConsentMissing", purpose: "statistics", from: "consent" },
    });
    must(world, shilan, consent("statistics", "own-organisation"));
    world.now = hours(5);
    expect(fileOf(seenBy(world, shilan), "incident-table")).toEqual({
      ok: true,
      value: "incident_type,case_contexts,reporting_delay\r\nemotional_abuse,intimate_partner_violence,0-3-days\r\n",
    });
  });

  test("waits while an entry cannot be read here: it would lack it", () => {
    expect(fileOf(seenBy(fullCase([]), shilan, true), "case-file")).toMatchObject({ error: { type: "UpdateFirst" } });
  });

  test("no cell is a formula to a spreadsheet (SECURITY §6.10)", () => {
    expect(["=1+1", "+1", "-1", "@a", "\tx", "plain", 'a "b", c'].map(cellOf)).toEqual([
      ...["'=1+1", "'+1", "'-1", "'@a", "'\tx", "plain", '"a ""b"", c"'],
    ]);
  });
});

describe("the papers and the help beside the work have words", () => {
  const read = (language: string): Readonly<Record<string, string>> =>
    JSON.parse(
      readFileSync(join(import.meta.dirname, "../../apps/casework/texts", `${language}.json`), "utf8"),
    ) as Readonly<Record<string, string>>; // The texts are written in this shape, as a test of theirs holds.

  test.each(["en", "ar", "ckb", "kmr"])("in %s each paper, copy and heading has its own", (language) => {
    const texts = read(language);
    const keys = [
      ...papers.flatMap((paper) => [`paper.way.${paper}`, `paper.lead.${paper}`]),
      ...copyKinds.map((kind) => `option.copy.${kind}`),
      ...plainTitles.map((title) => `paper.heading.${title}`),
    ];
    expect(keys.filter((key) => texts[key] === undefined)).toEqual([]);
  });

  test.each(["en", "ar", "ckb", "kmr"])(
    "in %s no heading that a survivor can choose says what the paper is",
    (language) => {
      const texts = read(language);
      const telling = ["section.safety", "block.safetyPlan", "section.law", "option.shelter", "option.protection"]
        .map((key) => texts[key] ?? "")
        .flatMap((text) => text.split(" "))
        .filter((word) => word.length > 3);
      const headings = plainTitles.map((title) => (texts[`paper.heading.${title}`] ?? "").toLowerCase());
      for (const word of telling)
        expect(headings.filter((heading) => heading.includes(word.toLowerCase()))).toEqual([]);
    },
  );

  test("what is explained in a section is an action of the shipped guidance", () => {
    const known = new Set(tables.actions.map(({ id }) => id));
    expect(
      Object.values(helpOfSection)
        .flat()
        .filter((id) => !known.has(id)),
    ).toEqual([]);
  });
});
