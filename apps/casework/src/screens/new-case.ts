/**
 * A new case: what is asked in its steps, and what the case file is told of it. While the age is not known, it is worded and
 * agreed as for a child too.
 */

import type { CaseCommand } from "@amana/casefile";
import { type Field, type Values, choice, choices, flag } from "../forms/fields.ts";
import { interpreters, speakers, waysObtained } from "../forms/vocabulary.ts";
import type { NewCase } from "../wire/face.ts";
import { codeAsTyped } from "./new-code.ts";

const ageNotKnown = "age-not-known";

const ageIn = (limits: Values): unknown => limits["ageNow"] ?? ageNotKnown;

export const isWordedForChild = (limits: Values): boolean => ageIn(limits) !== "adult";

export const limitsFields = (limits: Values, isContactLater: boolean): readonly Field[] => [
  choice("ageNow", "adult", "child", ageNotKnown),
  // The age may be a guardian's word, or what the caseworker took it to be.
  ...(ageIn(limits) === ageNotKnown ? [] : [choice("saidBy", ...speakers)]),
  choice("toldNow", ...(isContactLater ? [] : ["told"]), "imminent-danger", "not-present"),
];

export const consentFields = (limits: Values): readonly Field[] => [
  choices("options", "do-nothing", "not-report"),
  // Somebody too young or unable to answer has said neither yes nor no (G-CONS-3).
  choice("answer", "yes", "no", ...(ageIn(limits) === "child" ? ["cannot"] : [])),
  choice("obtainedHow", ...waysObtained),
  flag("pressureSeen"),
  flag("othersCouldHear"),
  flag("deviceWatched"),
  choice("interpreter", ...interpreters),
];

/** What was chosen and is not offered any more, because another answer has changed since, is chosen no more. */
export const stillOffered = (fields: readonly Field[], values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([name, value]) =>
      fields.every(
        (field) => field.name !== name || field.kind !== "choice" || field.of.some((each) => each === value),
      ),
    ),
  );

export type AskedOfCase = {
  readonly code: string;
  readonly searchedAt: number;
  /** Nothing to search by. */
  readonly isAnonymous: boolean;
  /** Nothing where it cannot be asked now. */
  readonly contact: Values | undefined;
  readonly limits: Values;
  /** Whether a file may be kept; nothing where it cannot be asked now. */
  readonly consent: Values | undefined;
};

export const newCaseOf = (asked: AskedOfCase, now: number): NewCase => {
  const { contact, limits, consent } = asked;
  return {
    command: openingOf(asked),
    more: [
      ...(contact === undefined ? [] : [asCommand({ type: "AgreeSafeContact", ...contact })]),
      ...(ageIn(limits) === ageNotKnown ? [] : [ageCommand(limits, now)]),
      ...(consent === undefined ? [] : whoAgrees(limits).map((type) => consentCommand(type, consent, now))),
    ],
  };
};

/** The case file checks every field of what it is told. */
const asCommand = (command: unknown): CaseCommand => command as CaseCommand;

const openingOf = ({ code, searchedAt, isAnonymous, limits }: AskedOfCase): NewCase["command"] =>
  // As above.
  asCommand({
    type: "OpenCase",
    code: codeAsTyped(code),
    searchedAt,
    ...(isAnonymous ? { nothingToSearchBy: "caller-anonymous" } : {}),
    limits:
      limits["toldNow"] === "told"
        ? { kind: "told", wording: isWordedForChild(limits) ? "child" : "adult", duties: [] }
        : { kind: "not-yet", because: limits["toldNow"] },
  }) as NewCase["command"];

const ageCommand = (limits: Values, now: number): CaseCommand =>
  asCommand({
    type: "RecordFact",
    fact: "age",
    value: { kind: "one", value: ageIn(limits) },
    saidBy: limits["saidBy"],
    wasSoAt: now,
  });

type Agreeing = "RecordConsent" | "RecordAssent";

const whoAgrees = (limits: Values): readonly Agreeing[] => [
  ...(ageIn(limits) === "child" ? [] : ["RecordConsent" as const]),
  ...(isWordedForChild(limits) ? ["RecordAssent" as const] : []),
];

const consentCommand = (type: Agreeing, consent: Values, now: number): CaseCommand =>
  asCommand({
    type,
    purpose: "store-file",
    recipient: "own-organisation",
    answer: consent["answer"],
    mayShare: [],
    givenAt: now,
    told: { options: consent["options"] ?? [], risks: [], outcomes: true, limits: true, outcomePromised: false },
    obtained: {
      how: consent["obtainedHow"],
      pressureSeen: consent["pressureSeen"],
      othersCouldHear: consent["othersCouldHear"],
      deviceWatched: consent["deviceWatched"],
      interpreter: consent["interpreter"],
    },
  });
