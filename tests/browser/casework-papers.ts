/**
 * A case with something for each of its papers, written by the people of the demo, in the language of a test; and signing in
 * to it with a printed kit, as on a second device.
 */

import { later, type Instant } from "@amana/kernel";
import type { Configuration } from "@amana/server";
import { languageFacts } from "@amana/ui";
import { printDigits } from "@amana/vault";
import * as order from "../../apps/cli/src/demo/orders.ts";
import { type Said, saidIn } from "../../apps/cli/src/demo/said.ts";
import { seedFolder } from "../../apps/cli/src/demo/main.ts";
import type { SeededPerson } from "../../apps/cli/src/demo/seed.ts";
import type { Moment, Step, Story } from "../../apps/cli/src/demo/stories.ts";
import type { CaseworkBrowser, Language, Person } from "./casework-browser.ts";
import type { Page } from "playwright-core";
import { languages } from "./casework-browser.ts";

/** What the survivor said, in their own words. */
export type Told = {
  readonly name: string;
  readonly plan: readonly [string, string, string];
  readonly note: string;
  readonly when: string;
  readonly nameToUse: string;
  readonly codeWord: string;
  readonly mustNotKnow: string;
  readonly limit: string;
  readonly need: string;
  readonly clinic: string;
};

export const told: Readonly<Record<"en" | "ckb", Told>> = {
  en: {
    name: "Dilnaz A.",
    plan: [
      "If he comes to the door I go to my aunt's by the back way.",
      "My sister keeps my papers and a little money for me.",
      "When I write that I need sugar, my cousin calls me at once.",
    ],
    note: "She was calmer than last time.",
    when: "after two in the afternoon",
    nameToUse: "the tailor",
    codeWord: "sugar",
    mustNotKnow: "her brothers",
    limit: "Not on a Thursday, my brothers are at home then.",
    need: "She cannot sleep and asks for somebody to talk to.",
    clinic: "The Light Centre",
  },
  ckb: {
    name: "دڵناز ع.",
    plan: [
      "ئەگەر بێتە بەر دەرگا لە دەرگای پشتەوە دەچم بۆ ماڵی پوورم.",
      "خوشکم بەڵگەنامەکانم و کەمێک پارەم بۆ ھەڵدەگرێت.",
      "کاتێک دەنووسم شەکرم دەوێت، ئامۆزاکەم دەستبەجێ پەیوەندیم پێوە دەکات.",
    ],
    note: "لە جاری پێشوو ئارامتر بوو.",
    when: "دوای کاتژمێر دووی دوانیوەڕۆ",
    nameToUse: "بەرگدروو",
    codeWord: "شەکر",
    mustNotKnow: "براکانی",
    limit: "پێنجشەممان نا، ئەو کاتە براکانم لە ماڵن.",
    need: "خەوی لێ ناکەوێت و دەیەوێت لەگەڵ کەسێک قسە بکات.",
    clinic: "سەنتەری ڕووناکی",
  },
};

export const at = (hours: number, command: (moment: Moment) => ReturnType<Step["command"]>): Step => ({
  hours,
  by: "caseworker",
  command,
});
const facts = (hours: number, given: Readonly<Record<string, string | readonly string[]>>): readonly Step[] =>
  Object.entries(given).map(([name, value]) => at(hours, ({ now }) => order.fact(name, value, now)));

const shared = ["service", "safe-contact", "detail:name", "fact:harm"];
const inThreeMonths = (now: Instant): Instant => later(now, 90 * 24 * 3_600_000);
export const paperCode = "KRI-2026-0107";

const story = (words: Told, said: Said): Story => ({
  code: paperCode,
  openedHoursAgo: 60,
  caseworker: 0,
  wording: "adult",
  steps: [
    ...facts(0.1, { "private-now": "yes", "immediate-danger": "no", "suicide-or-self-harm": "no", age: "adult" }),
    at(0.2, ({ now }) => ({
      ...order.safeContact("0750 111 2233", inThreeMonths(now)),
      when: words.when,
      nameToUse: words.nameToUse,
      codeWord: words.codeWord,
      mustNotKnow: [words.mustNotKnow],
    })),
    at(0.2, ({ now }) => order.consent("store-file", "own-organisation", now)),
    at(0.3, () => order.detail("name", words.name)),
    ...facts(0.4, {
      ...{ gender: "woman-or-girl", "age-in-image": "adult", "sexual-content": "yes", synthetic: "no" },
      ...{ harm: ["hacking", "image-based-abuse"], "content-exposure": "threatened", platforms: ["instagram"] },
      ...{ "threat-source": ["perpetrator"], "digital-action-could-escalate": "no", "law-report-could-escalate": "no" },
      ...{ "safe-device": "yes", "blocking-safe": "no", "wants-removal": "yes", "evidence-safe-to-keep": "yes" },
      ...{ "online-blackmail": "yes", "trusted-ally": "yes", "survivor-holds-copy": "yes" },
    }),
    at(0.7, () => ({ type: "AssessRisk" })),
    ...words.plan.map((text, place) => at(1, () => order.safetyItem(`safety-${place + 1}`, text, "people", said))),
    at(2, () => order.riskResponse(words.note)),
    at(3, () => order.assessment("physical-safety", words.note)),
    at(3, () => order.assessment("digital-risk", words.note)),
    at(4, ({ now }) => order.consent("evidence", "survivor-side", now)),
    at(4, () => ({ type: "RecordEvidencePreserved", kept: ["screenshots", "addresses", "usernames"] })),
    at(5, ({ now }) => order.consent("removal", "T-stopncii", now)),
    at(5, ({ now }) => order.takedown("T-stopncii", now)),
    at(6, () => order.serviceNeed("mental-health")),
    at(6, ({ now }) => ({ ...order.consent("referral", words.clinic, now, shared), limits: words.limit })),
    at(6, () => order.prepareReferral(words.clinic, "mental-health", shared, words.need)),
    at(7, () => order.note(words.note)),
    at(8, ({ now }) => order.planFollowUp(later(now, 70 * 3_600_000))),
  ],
});

type Role = "supervisor" | "caseworker";

export type Papers = {
  /** Fills a new store. */
  readonly seed: (configuration: Configuration, folder: string) => Promise<void>;
  /** With the kit and the password, as on a further device. */
  readonly signIn: (casework: CaseworkBrowser, person: Person, role: Role, language: Language) => Promise<void>;
};

/** `more` stories stand beside it in the caseload. */
export const makePapers = (language: "en" | "ckb", more: readonly Story[] = []): Papers =>
  makePapersOf(story(told[language], saidIn[language]), more);

/** Of one case that is told otherwise and goes further. */
export const makePapersTelling = (words: Told, further: readonly Step[], more: readonly Story[]): Papers => {
  const usual = story(words, saidIn.en);
  return makePapersOf({ ...usual, steps: [...usual.steps, ...further] }, more);
};

const makePapersOf = (own: Story, more: readonly Story[]): Papers => {
  let people: readonly SeededPerson[] = [];
  return {
    seed: async (configuration, folder) => {
      people = await seedFolder(configuration, folder, () => undefined, { stories: [own, ...more], providers: [] });
    },
    signIn: async (casework, person, role, own) => {
      const seeded = people.find((each) => each.role === role);
      if (seeded === undefined) throw new Error("Nobody of this role was seeded.");
      await enrolWithKit(casework, person, seeded, own);
    },
  };
};

/** As on a further device of a person who was seeded. */
export const enrolWithKit = async (
  { served }: CaseworkBrowser,
  person: Person,
  seeded: SeededPerson,
  language: Language,
): Promise<void> => {
  const { page } = person;
  await page.goto(`${served().origin}/app/#kit=${encodeURIComponent(printDigits(seeded.kit, "western"))}`);
  await page.locator(".tongues button").nth(languages.indexOf(language)).click();
  await page.getByText(person.word("enter.kit")).first().waitFor();
  await page.locator("#own").fill(seeded.password);
  await person.press("begin.begin");
  await page.getByText(person.word("begin.done")).waitFor();
  await person.press("begin.open");
  await page.locator(".sync").waitFor();
  await person.sync();
};

/** Elements of the paper whose own text is wider than their room. */
export const clippedOn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const paper = document.querySelector(".paper");
    const edge = paper?.getBoundingClientRect();
    return [...(paper?.querySelectorAll("*") ?? [])].flatMap((element) => {
      const { left, right } = element.getBoundingClientRect();
      const isOut = edge !== undefined && (left < edge.left - 1 || right > edge.right + 1);
      return isOut || element.scrollWidth > element.clientWidth + 1 + (element.clientWidth === 0 ? 1e6 : 0)
        ? [`${element.tagName} ${element.textContent.slice(0, 40)}`]
        : [];
    });
  });

export const openPaper = async (person: Person, section: string, paper: string): Promise<void> => {
  await person.section(section);
  await person.press(`paper.way.${paper}`);
  await person.page.getByRole("heading", { level: 1, name: person.word(`paper.way.${paper}`) }).waitFor();
};

/** The paper in another language. */
export const speak = async (person: Person, language: Language, direction: string): Promise<void> => {
  await person.page.locator("#paper-language").selectOption(language);
  await person.page.locator(`.paper[lang="${languageFacts[language].tag}"][dir="${direction}"]`).waitFor();
};

/** Printed, after the second question. */
export const confirm = async (person: Person): Promise<void> => {
  await person.press("paper.print");
  await person.page.getByText(person.word("paper.sure")).waitFor();
  await person.press("paper.printNow");
  await person.page.locator(".confirmed").waitFor();
};
