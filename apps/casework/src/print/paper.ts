/**
 * What stands on a paper, as plain data: made in the worker, laid out by the page, in the language chosen for the paper.
 *
 * What must never be on it is left out here already and not by the layout: names of colleagues, files, hashes and numbers of
 * tools are in none of these shapes.
 */

import type { Mark, Phrase, Refusal, Row, Section } from "../case/screen.ts";

export const papers = ["safety-plan", "referral-letter", "consent-form", "case-summary", "evidence-log"] as const;
export type PaperName = (typeof papers)[number];

/** What is asked of the worker: which paper, and what it is about. */
export type PaperAsked =
  | { readonly paper: "safety-plan" | "case-summary" | "evidence-log" }
  | { readonly paper: "referral-letter"; readonly referral: string | undefined }
  /** Blank where nothing is named. */
  | { readonly paper: "consent-form"; readonly about: ConsentAbout | undefined };

export type ConsentAbout = { readonly purpose: string; readonly recipient: string };

export type PlanLine = {
  readonly id: string;
  /** More than one where two people wrote at once. */
  readonly words: readonly string[];
  readonly who: string;
  readonly when: string;
  readonly isDone: boolean;
};

export type LetterChoice = { readonly referral: string; readonly recipient: string };

export type Letter =
  | { readonly kind: "closed"; readonly because: Refusal }
  | {
      readonly kind: "open";
      readonly recipient: string;
      /** Only what the consent for this recipient lists. */
      readonly rows: readonly Row[];
      /** Agreed to be told, and not known to the case: said to the caseworker, not on the paper. */
      readonly missing: readonly Phrase[];
      /** The person's own limits, for the caseworker to keep in mind. They can name what must not be told, so they stay off the paper. */
      readonly limits: readonly string[];
      readonly isSentAlready: boolean;
    };

export type ConsentFormView = {
  readonly code: string;
  readonly choices: readonly ConsentAbout[];
  readonly about: ConsentAbout | undefined;
  /** Who signs, in this order. */
  readonly signs: readonly ("survivor" | "child" | "guardian")[];
  /** What stands in the case, if it is an answer that stands. */
  readonly answer: "yes" | "no" | undefined;
  readonly givenAt: number | undefined;
  readonly mayShare: readonly string[];
  readonly limits: readonly string[];
};

export type SummaryCard = { readonly title: Phrase; readonly marks: readonly Mark[]; readonly rows: readonly Row[] };
export type SummaryBlock = { readonly title: string | undefined; readonly cards: readonly SummaryCard[] };
export type SummaryPart = { readonly section: Section; readonly blocks: readonly SummaryBlock[] };

export type KeptLine = { readonly kept: readonly string[]; readonly at: number };
export type AskedLine = {
  readonly tool: string;
  readonly madeAt: readonly number[];
  readonly checkedAt: number | undefined;
  readonly outcome: string;
};

export type PaperContent =
  | { readonly kind: "safety-plan"; readonly lines: readonly PlanLine[] }
  | { readonly kind: "referral-letter"; readonly choices: readonly LetterChoice[]; readonly letter: Letter | undefined }
  | { readonly kind: "consent-form"; readonly form: ConsentFormView }
  | { readonly kind: "case-summary"; readonly codes: readonly string[]; readonly parts: readonly SummaryPart[] }
  | {
      readonly kind: "evidence-log";
      readonly kept: readonly KeptLine[];
      readonly asked: readonly AskedLine[];
      /** It may be material of a child: the log takes links, names and times alone. */
      readonly isAddressesOnly: boolean;
    };

/** `isUnreadLeft`: a colleague wrote something that this device cannot read yet, so the paper may lack it. */
export type PaperView = { readonly content: PaperContent; readonly isUnreadLeft: boolean };

/** The whole case as JSON, or its incidents as a table. */
export type CaseFileKind = "case-file" | "incident-table";

/** Which papers a section of the case leads to. */
export const papersOfSection: Readonly<Partial<Record<Section, readonly (PaperName | "files")[]>>> = {
  consent: ["consent-form"],
  safety: ["safety-plan"],
  services: ["referral-letter"],
  content: ["evidence-log"],
  closure: ["case-summary", "files"],
  history: ["case-summary", "files"],
};

/** What is in a summary for whom, until somebody chooses otherwise: nobody's name, number or words of a note. */
export const summaryFor: Readonly<Record<"survivor" | "supervisor", readonly Section[]>> = {
  survivor: ["consent", "safety", "services", "content", "follow-up"],
  supervisor: [
    ...(["questions", "assessment", "consent", "safety"] as const),
    ...(["services", "content", "law", "follow-up", "closure"] as const),
  ],
};

/** Headings that say nothing of what the paper is. The survivor chooses one, or none. */
export const plainTitles = ["none", "notes", "to-do", "remember", "errands"] as const;
export type PlainTitle = (typeof plainTitles)[number];
