/**
 * Evidence: the survivor keeps it, on their side (G-EVID-2); the organisation holds none, but by an exception that a second
 * person approves by an entry of their own (G-EVID-3), and never where it may be CSAM (G-EVID-5).
 *
 * No event describes the material: kinds are chosen from a list.
 */

import { exhausted, type Instant } from "@amana/kernel";
import { answerTo, entryHash, isApproved, type ProposalAnswer } from "../approvals/approvals.ts";
import type { By } from "../by.ts";
import { isAgreed } from "../consent/require.ts";
import { factValue } from "../facts/facts.ts";
import type { EntryHash } from "../ids.ts";
import { itemId } from "../plans/items.ts";
import { type Register, type Registers, addTo, addVersion } from "../register.ts";
import { type Command, type EventOf, type GatedCommand, listOf, moment, oneOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { gateAdvice, ownOrganisation } from "../vocabulary.ts";

/** What may be noted of anything, CSAM included: never the material. */
export const addressKinds = ["addresses", "usernames", "times"] as const;

const keptMax = 8;
export const evidenceEvents = {
  /** By the survivor, where they keep it. */
  EvidencePreserved: record({
    kept: listOf(oneOf(...addressKinds, "messages-without-material", "screenshots", "own-files"), keptMax, 1),
    advice: gateAdvice,
  }),
  EvidenceExceptionProposed: record({ because: prose, criticalToSafety: prose }),
  EvidenceReceived: record({
    item: itemId,
    /** The entry that proposed the exception. */
    exception: entryHash,
    what: oneOf("messages", "document", "recording-not-sexual", "picture-not-sexual", "other-not-sexual"),
    receivedAt: moment,
    advice: gateAdvice,
  }),
  EvidenceReturned: record({ item: itemId, because: prose }),
};

export type EvidenceEvent = EventOf<typeof evidenceEvents>;
type Preserved = Extract<EvidenceEvent, { type: "EvidencePreserved" }>;
type Proposed = Extract<EvidenceEvent, { type: "EvidenceExceptionProposed" }>;
type Held = Extract<EvidenceEvent, { type: "EvidenceReceived" | "EvidenceReturned" }>;

export type EvidenceCommand =
  | GatedCommand<"RecordEvidencePreserved", typeof evidenceEvents.EvidencePreserved>
  | Command<"ProposeEvidenceException", typeof evidenceEvents.EvidenceExceptionProposed>
  | GatedCommand<"RecordEvidenceReceived", typeof evidenceEvents.EvidenceReceived>
  | Command<"RecordEvidenceReturned", typeof evidenceEvents.EvidenceReturned>;

export type EvidenceState = {
  readonly preserved: Register<Preserved>;
  readonly exceptions: Register<Proposed>;
  readonly heldById: Registers<Held>;
};

export const noEvidence: EvidenceState = { preserved: [], exceptions: [], heldById: new Map() };

export const evolveEvidence = (state: EvidenceState, event: EvidenceEvent, by: By): EvidenceState => {
  switch (event.type) {
    case "EvidencePreserved":
      return { ...state, preserved: addVersion(state.preserved, event, by) };
    case "EvidenceExceptionProposed":
      return { ...state, exceptions: addVersion(state.exceptions, event, by) };
    case "EvidenceReceived":
    case "EvidenceReturned":
      return { ...state, heldById: addTo(state.heldById, event.item, event, by) };
    default:
      return exhausted(event);
  }
};

const abuseMaterialHarms = ["csam", "live-streaming", "self-generated-content", "child-sexual-extortion"];

/** DOMAIN §13: not both ages known adult and the content not known to be other than sexual, or the harm unknown or named. */
export const isPossiblyCsam = (state: CaseState): boolean => {
  const harm = factValue(state, "harm");
  if (harm === undefined || abuseMaterialHarms.some((named) => harm === named || harm.includes(named))) return true;
  const isBothAdult = factValue(state, "age") === "adult" && factValue(state, "age-in-image") === "adult";
  return !isBothAdult && factValue(state, "sexual-content") !== "no";
};

/** What makes material an exception at all, and does not stand: given voluntarily, critical to safety (G-EVID-3). */
export const missingGround = (state: CaseState): readonly string[] =>
  ["material-volunteered", "material-critical-to-safety"].filter((fact) => factValue(state, fact) !== "yes");

export type ExceptionStanding = ProposalAnswer | "none" | "closed-by-csam";

/** What stands of the exception. Whatever was approved, it ends where it may be CSAM. */
export const exceptionStanding = (state: CaseState): ExceptionStanding => {
  const answers = state.evidence.exceptions.map(({ mark }) => answerTo(state, mark.entry));
  if (answers.length === 0) return "none";
  if (isPossiblyCsam(state)) return "closed-by-csam";
  return answerOrder.find((answer) => answers.includes(answer)) ?? "none";
};

const answerOrder = ["approved", "waiting", "refused"] as const;

export const exceptionStands = (state: CaseState, entry: EntryHash): boolean =>
  !isPossiblyCsam(state) &&
  state.evidence.exceptions.some(({ mark }) => mark.entry === entry) &&
  isApproved(state, entry);

export type EvidenceItem = {
  readonly item: string;
  /** `held-without-ground`: the exception, the consent or the ground has gone; it must be given back or handed on. */
  readonly stage: "held" | "held-without-ground" | "returned";
};

export const evidenceItems = (state: CaseState, now: Instant): readonly EvidenceItem[] =>
  [...state.evidence.heldById].map(([item, register]) => ({ item, stage: heldStage(state, now, register) }));

const heldStage = (state: CaseState, now: Instant, register: Register<Held>): EvidenceItem["stage"] => {
  if (register.some(({ value }) => value.type === "EvidenceReturned")) return "returned";
  const isGrounded = register.every(
    ({ value }) => value.type === "EvidenceReceived" && exceptionStands(state, value.exception),
  );
  return isGrounded && missingGround(state).length === 0 && isAgreed(state, now, "evidence", ownOrganisation)
    ? "held"
    : "held-without-ground";
};
