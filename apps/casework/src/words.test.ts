/** The app's own words: the same keys in four languages, all used, all filled in, and a word for everything a case can hold. */

import { globSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type AuthorityFlaw, type CaseError, type ClosureObstacle, type DueKind, eventShapes } from "@amana/casefile";
import { languages } from "@amana/ui";
import { describe, expect, test } from "vitest";
import { sections } from "./case/screen.ts";
import { askedTwice, forms } from "./forms/commands.ts";
import type { Field } from "./forms/fields.ts";
import * as vocabulary from "./forms/vocabulary.ts";
import { makeWords } from "./frame/words.ts";

const folder = join(import.meta.dirname, "../texts");
const read = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, `${language}.json`), "utf8")) as Record<string, string>;
const english = read("en");

const sources = globSync("**/*.{ts,svelte}", { cwd: import.meta.dirname })
  .filter((path) => !path.endsWith(".test.ts"))
  .map((path) => readFileSync(join(import.meta.dirname, path), "utf8"))
  .join("\n");

/** Keys that the code puts together, by their beginning. */
const builtKeys = [
  ...["act.", "do.", "again.", "help.", "hint.", "field.", "option.", "event.", "refusal.", "account.", "notice."],
  ...["section.", "sectionText.", "due.", "screen.", "enter.", "enterText.", "begin.code.", "begin.codeHint."],
  ...["password.", "today.", "firstStep.", "firstStepText.", "cases.", "match.", "track.", "actor.", "gateState."],
  ...[
    "read.",
    "readChild.",
    "readGuardian.",
    "newCase.",
    "missing.",
    "obstacle.",
    "flaw.",
    "proposalWhat.",
    "pendingWhat.",
    "shared.",
    "recipient.",
  ],
  ...["begun.trouble.", "settings.lasting.", "enter.takeOver.", "sync."],
  ...["now.now", "now.24h", "now.48h", "now.standard", "common.", "access.what.", "paper.way.", "paper.lead."],
  ...["paper.heading.", "paper.for.", "paper.file.", "paper.fileText.", "paper.consent.sign."],
  ...["supervise.column.", "approvals.kind.", "cover.state.", "sheets.state.", "erasure.state.", "wakeUp.state."],
];

describe.each(languages.map((language) => [language, read(language)] as const))(
  "the words in %s",
  (_language, words) => {
    test("have exactly the keys of English", () => {
      expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
    });

    test("are nowhere empty, and keep the places for values", () => {
      for (const [key, word] of Object.entries(words)) {
        expect(word.trim(), key).not.toBe("");
        expect((word.match(/\{[a-zA-Z]+\}/g) ?? []).sort(), key).toEqual(
          (english[key]?.match(/\{[a-zA-Z]+\}/g) ?? []).sort(),
        );
      }
    });
  },
);

test.each(vocabulary.purposes)(
  "there are words to read aloud for %s, to an adult, a child and a guardian (G-CONS-1)",
  (purpose) => {
    for (const whose of ["read", "readChild", "readGuardian"])
      expect(english[`${whose}.${purpose}`], whose).toBeDefined();
  },
);

test.each(languages.filter((language) => language !== "en"))("the words in %s are translated", (language) => {
  const same = Object.entries(read(language)).filter(([key, word]) => word === english[key]);
  expect(same).toEqual([]);
});

test.each(["ckb", "kmr"])("the words in %s are spelled with Kurdish letters", (language) => {
  // Arabic kaf, yeh and teh marbuta are not letters of written Kurdish.
  const wrong = Object.entries(read(language)).filter(([, word]) => /[كيىة]/.test(word));
  expect(wrong).toEqual([]);
});

test("a colleague in Badini is a colleague at work in every place, never a friend", () => {
  const friends = new Set(["option.friend", "option.schoolmate"]);
  const atWork = /^هەڤال(ێ|ێن|ەکێ)( خۆ| تە)?( یێ| یێن)? کاری/u;
  const wrong = Object.entries(read("kmr")).filter(
    ([key, text]) =>
      !friends.has(key) && [...text.matchAll(/هەڤال/gu)].some(({ index }) => !atWork.test(text.slice(index))),
  );
  expect(wrong).toEqual([]);
});

test("a supervisor in Sorani and a guardian are never the same bare word", () => {
  const oneOfBoth = /^سەرپەرشتیار(ی|ێکی|انی|ەکەی)?( تری)? (یاسایی|کەیس)/u;
  const wrong = Object.entries(read("ckb")).filter(([, text]) =>
    [...text.matchAll(/سەرپەرشتیار/gu)].some(({ index }) => !oneOfBoth.test(text.slice(index))),
  );
  expect(wrong).toEqual([]);
});

test("Badini is written in its own letters and words, not in Sorani's or Kurmanji's", () => {
  const wrong = Object.entries(read("kmr")).filter(([, word]) => /[ڵھ\u200C]|خوە|(?<!\p{L})نها(?!\p{L})/u.test(word));
  expect(wrong).toEqual([]);
});

/** What Badini writes in one way in the guide and the pack, and what stood for it elsewhere. "دەڤ" is a mouth, not where something is kept. */
const otherSpellings = [
  ...["دەڤ", "دووماهی", "دووماهیێ", "ئیراقێ", "ئاخڤتن", "ئاخڤتنێ", "هژمارا", "هژمارێن", "هژماران", "دوبارە", "فۆڕما"],
  ...["تووڕە", "باخڤە", "هەردوو", "داخوازیێن", "دەرێخستی", "سنۆر", "راوەستیت", "هاتییە", "لەشی", "خزمەتگوزار"],
  ...["دوور", "بچووکە", "ساکار", "پێشتر", "پشکنین", "بپشکنە", "هاتەکرن", "ڕووبەڕوو"],
  ...["پاشکەفتن", "پاشەکەفتان", "دویماهیا", "چێکە"],
];
const bodies = /fact\.physical-violence-threat\.|harm\.(online-grooming|deepfake)\.sign/;

test("Badini spells a word in one way, in the case files, the guide, the terminal and the pack", () => {
  const texts = join(import.meta.dirname, "../../../packs/iraq-online-violence/texts/kmr");
  const lines = [
    ...["casework", "guide", "cli"].map((app) => join(import.meta.dirname, `../../${app}/texts/kmr.json`)),
    ...readdirSync(texts)
      .filter((file) => file !== "search.csv")
      .map((file) => join(texts, file)),
  ].flatMap((file) => readFileSync(file, "utf8").split("\n"));
  expect(lines.length).toBeGreaterThan(2000);
  const other = new RegExp(`(?<!\\p{L})(${otherSpellings.join("|")})(?!\\p{L})`, "u");
  expect(lines.filter((line) => other.test(line) && !bodies.test(line))).toEqual([]);
});

test("what is read aloud in Arabic supposes neither a man nor a woman", () => {
  const toOneMan = /(?<!\p{L})(أن|ألا|ما|هل|من|شخص) ت\p{L}+|ملزما/u;
  const readAloud = Object.entries(read("ar")).filter(([key]) => /^(read|consent\.read)/.test(key));
  expect(readAloud.filter(([, word]) => toOneMan.test(word))).toEqual([]);
});

test("every word is used", () => {
  const unused = Object.keys(english).filter(
    (key) => !sources.includes(`"${key}"`) && !builtKeys.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

/** The names of the tools are the guidance's. */
const namesOfTools = Object.fromEntries(
  readFileSync(join(import.meta.dirname, "../../../packs/iraq-online-violence/texts/ar/tools.csv"), "utf8")
    .split("\n")
    .map((line) => /^(tool\.[^,]+\.name),(.+)$/.exec(line))
    .flatMap((found) => (found === null ? [] : [[String(found[1]), String(found[2])] as const])),
);
// No word in Arabic is its id, so whatever has no name shows.
const words = makeWords("ar", read("ar"), namesOfTools, "western");

const lacking = (keys: readonly string[]): readonly string[] => keys.filter((key) => english[key] === undefined);

const fieldsIn = (fields: readonly Field[]): readonly Field[] =>
  fields.flatMap((field) => {
    if (field.kind === "record") return [field, ...fieldsIn(field.of)];
    if (field.kind === "variant") return [field, ...Object.values(field.of).flatMap(fieldsIn)];
    return [field];
  });

const shown = Object.values(forms)
  .flatMap(fieldsIn)
  .filter(({ kind }) => kind !== "id" && kind !== "always");

describe("everything a case can hold has a word", () => {
  test("each form, and what cannot be called back asks a second time", () => {
    expect(lacking(Object.keys(forms).map((form) => `act.${form}`))).toEqual([]);
    expect(lacking([...askedTwice].map((form) => `again.${form}`))).toEqual([]);
  });

  test("each field and each of its choices", () => {
    expect(lacking(shown.map(({ name }) => `field.${name}`))).toEqual([]);
    const options = shown.flatMap((field) =>
      field.kind === "choice" || field.kind === "choices"
        ? field.of.map((value) => [field.name, value] as const)
        : field.kind === "variant"
          ? Object.keys(field.of).map((value) => [field.name, value] as const)
          : [],
    );
    // Whoever consent is for is chosen in a form of its own, by what is asked.
    const recipients = [...vocabulary.tools, ...vocabulary.digitalActs, "survivor-side", "own-organisation"];
    const all = [...options, ...recipients.map((value) => ["recipient", value] as const)];
    const wordless = all.filter(([name, value]) => words.option(name, value) === value);
    expect(wordless).toEqual([]);
  });

  test("each kind, source and likelihood of a risk, and whatever may be shared", () => {
    expect(lacking(vocabulary.protectionRiskKinds.map((each) => `option.${each}`))).toEqual([]);
    expect(lacking(vocabulary.protectionRiskSources.map((each) => `option.${each}`))).toEqual([]);
    expect(lacking(vocabulary.likelihoods.map((each) => `option.${each}`))).toEqual([]);
    expect(lacking(vocabulary.detailFields.map((each) => `option.field.${each}`))).toEqual([]);
  });

  test("each event in the history", () => {
    expect(lacking(Object.keys(eventShapes).map((type) => `event.${type}`))).toEqual([]);
  });

  test("each refusal of the case file", () => {
    const types: Record<CaseError["type"], true> = {
      ...{ CaseNotOpened: true, CaseIsClosed: true, CaseNotClosed: true, NotAuthorised: true, FieldWrong: true },
      ...{ MomentWrong: true, AlreadyThere: true, NotThere: true, StepNotPossible: true, LimitsNotTold: true },
      ...{ FactIsDerived: true, CorrectionReasonMissing: true, ToldIncomplete: true, ConsentMissing: true },
      ...{ FieldsNotConsented: true, GuardianNotToBeAsked: true, AdviceMissing: true, AdviceStale: true },
      ...{ GateClosed: true, ToolNotOpen: true, LevelNotHigher: true, LevelNotLower: true, OwnProposal: true },
      ...{ AnotherKind: true, NotOfferedToYou: true, PossiblyCsam: true, OnlyAddresses: true, NotAccompanied: true },
      ...{ NoImminentDanger: true, ClosureBlocked: true, AgencyNotAssessed: true, OnlyForAChild: true },
      ...{ GivenBeforeRefusal: true },
    };
    expect(lacking(Object.keys(types).map((type) => `refusal.${type}`))).toEqual([]);
  });

  test("each section, and each kind of what is due", () => {
    expect(lacking(sections.map((section) => `section.${section}`))).toEqual([]);
    const kinds: Record<DueKind, true> = {
      ...{ "risk-clock": true, "risk-not-assessed": true, "second-person": true, "provider-to-be-stopped": true },
      ...{ "evidence-without-ground": true, "limits-to-tell": true, "safe-contact": true, conflict: true },
      ...{ approval: true, "referral-unanswered": true, reassessment: true, "assessment-to-make": true },
      ...{ "assessment-outdated": true, "takedown-check": true, "follow-up": true, goal: true },
      ...{ "consent-ends": true, responsibility: true, "withdrawal-to-act-on": true, "answer-not-understood": true },
      ...{
        "referral-to-place": true,
        "referral-follow-up": true,
        "transfer-to-be-stopped": true,
        "agency-to-be-told": true,
      },
      ...{ "request-to-take-back": true, "got-worse": true, "plan-to-change": true },
      ...{ "provider-to-be-told": true, "transfer-to-be-told": true },
      ...{ "emergency-follow-up": true, "person-to-be-told": true },
    };
    expect(lacking(Object.keys(kinds).map((kind) => `due.${kind}`))).toEqual([]);
  });

  test("whatever keeps a case open, and whatever makes an act count for nothing", () => {
    const obstacles: Record<ClosureObstacle, true> = {
      ...{ "risk-not-assessed": true, "risk-clock": true, "level-high": true, "transfer-missing": true },
      ...{ "referral-open": true, "withdrawal-to-act-on": true, "approval-waiting": true, "evidence-held": true },
      ...{ "takedown-waiting": true, "emergency-open": true, checklist: true },
    };
    const flaws: Record<AuthorityFlaw, true> = {
      ...{ RoleMissing: true, NothingToApprove: true, AnotherKind: true, OwnProposal: true, NotSeen: true },
      ...{ SecondProposalInEntry: true, NotOfferedToAuthor: true, ClosureBlocked: true },
    };
    expect(lacking(Object.keys(obstacles).map((obstacle) => `obstacle.${obstacle}`))).toEqual([]);
    expect(lacking(Object.keys(flaws).map((flaw) => `flaw.${flaw}`))).toEqual([]);
  });
});
