/**
 * Consent as it was given, refused, decided or withdrawn: per purpose and per recipient (G-CONS-1 to -4).
 *
 * This file holds what is written down. What of it stands is in `standing.ts`, what may be done in `require.ts`.
 */

import type { By } from "../by.ts";
import { type Registers, addTo } from "../register.ts";
import { type Command, type EventOf, flag, line, listOf, moment, oneOf, prose, record, variants } from "../shape.ts";
import { purpose, recipientId, sharedFields } from "../vocabulary.ts";

export const optionsToTell = ["do-nothing", "not-report"] as const;
export const risksToTell = [
  "retaliation",
  "delay",
  "confidentiality-loss",
  "family-notification",
  "community-awareness",
] as const;

const optionsMax = 30;

/** What the person had been told before answering (G-CONS-1). */
const told = record({
  options: listOf(
    oneOf(...optionsToTell, "platform", "tool", "trusted-partner", "law", "service", "safety-only"),
    optionsMax,
  ),
  outcomes: flag,
  risks: listOf(oneOf(...risksToTell), risksToTell.length),
  limits: flag,
  /** Whether an outcome was promised. It makes the consent none. */
  outcomePromised: flag,
});

/** How the answer came about (G-CONS-4). */
const obtained = record({
  how: oneOf("in-person", "telephone", "message"),
  pressureSeen: flag,
  othersCouldHear: flag,
  deviceWatched: flag,
  interpreter: oneOf("none", "professional", "relative"),
});

const given = { purpose, recipient: recipientId, told, obtained, mayShare: sharedFields, givenAt: moment };
const limits = { limits: prose, expiresAt: moment };

export const consentEvents = {
  /** An adult's. */
  ConsentRecorded: record({ ...given, answer: oneOf("yes", "no") }, limits),
  /** A child's own. */
  AssentRecorded: record({ ...given, answer: oneOf("yes", "no", "cannot") }, limits),
  GuardianConsentRecorded: record({ ...given, guardian: line, answer: oneOf("yes", "no") }, limits),
  /** The child-protection decision. It counts once a supervisor has approved it by an entry of their own. */
  BestInterestsProposed: record(
    {
      purpose,
      recipient: recipientId,
      decision: oneOf("go-ahead", "do-not"),
      reasons: prose,
      childView: prose,
      guardianView: variants({ weighed: record({ text: prose }), "not-sought": record({ because: prose }) }),
      mayShare: sharedFields,
    },
    { expiresAt: moment },
  ),
  /** Takes back what was agreed. Without a recipient: for the whole purpose. */
  ConsentWithdrawn: record(
    { purpose, whose: oneOf("survivor", "child", "guardian", "best-interests"), toldWhatStops: flag },
    { recipient: recipientId, because: prose },
  ),
};

export type ConsentEvent = EventOf<typeof consentEvents>;
export type Whose = "survivor" | "child" | "guardian" | "best-interests";
export const everyone: readonly Whose[] = ["survivor", "child", "guardian", "best-interests"];

/** A person's answer, of whichever kind. */
export type AnswerRecorded = Extract<
  ConsentEvent,
  { type: "ConsentRecorded" | "AssentRecorded" | "GuardianConsentRecorded" }
>;
export type BestInterestsProposed = Extract<ConsentEvent, { type: "BestInterestsProposed" }>;

export type ConsentCommand =
  | Command<"RecordConsent", typeof consentEvents.ConsentRecorded>
  | Command<"RecordAssent", typeof consentEvents.AssentRecorded>
  | Command<"RecordGuardianConsent", typeof consentEvents.GuardianConsentRecorded>
  | Command<"ProposeBestInterests", typeof consentEvents.BestInterestsProposed>
  | Command<"WithdrawConsent", typeof consentEvents.ConsentWithdrawn>;

/** One register for each of the four who decide and each purpose, because a withdrawal may be for the whole purpose. */
export type ConsentState = { readonly saidByWhoseAndPurpose: Registers<ConsentEvent> };

export const noConsent: ConsentState = { saidByWhoseAndPurpose: new Map() };

export const consentKey = (whose: Whose, of: string): string => `${whose}/${of}`;

export const whoseOf = (event: ConsentEvent): Whose =>
  event.type === "ConsentWithdrawn" ? event.whose : author[event.type];

const author = {
  ConsentRecorded: "survivor",
  AssentRecorded: "child",
  GuardianConsentRecorded: "guardian",
  BestInterestsProposed: "best-interests",
} as const satisfies Record<string, Whose>;

export const evolveConsent = (state: ConsentState, event: ConsentEvent, by: By): ConsentState => ({
  saidByWhoseAndPurpose: addTo(state.saidByWhoseAndPurpose, consentKey(whoseOf(event), event.purpose), event, by),
});
