/**
 * What an entry of the history is about: a mark names the plan's own words, an answer the referral it answers, an approval what
 * was approved and by whom it was asked (G-CM-4). The entry itself carries only an id.
 */

import type { CaseEvent, CaseState } from "@amana/casefile";
import type { Row } from "../../case/screen.ts";
import { word } from "./rows.ts";

type Item = CaseState["history"][number];
type Named = CaseEvent["type"];

/** The field that names it, the entry that first had that name, and what of that entry says which one it is. */
const introduced: Readonly<
  Partial<Record<Named, { readonly field: string; readonly by: Named; readonly says: readonly string[] }>>
> = {
  SafetyItemMarked: { field: "item", by: "SafetyItemSet", says: ["words"] },
  DigitalItemMarked: { field: "item", by: "DigitalItemSet", says: ["words"] },
  GoalMarked: { field: "goal", by: "GoalSet", says: ["words"] },
  ReferralAnswered: { field: "referral", by: "ReferralPrepared", says: ["service", "recipient"] },
  ReferralDeclinedBySurvivor: { field: "referral", by: "ReferralPrepared", says: ["service", "recipient"] },
  ReferralDone: { field: "referral", by: "ReferralPrepared", says: ["service", "recipient"] },
  ReferralClosed: { field: "referral", by: "ReferralPrepared", says: ["service", "recipient"] },
  ReferralStopped: { field: "referral", by: "ReferralPrepared", says: ["service", "recipient"] },
  TransferStopped: { field: "recipient", by: "CaseTransferred", says: ["recipient"] },
  TakedownChecked: { field: "takedown", by: "TakedownRequested", says: ["tool"] },
  FollowUpDone: { field: "followUp", by: "FollowUpPlanned", says: ["about"] },
  FollowUpMissed: { field: "followUp", by: "FollowUpPlanned", says: ["about"] },
  NoteCorrected: { field: "note", by: "NoteWritten", says: ["about"] },
  EvidenceReturned: { field: "item", by: "EvidenceReceived", says: ["what"] },
};

/** Those that answer a whole entry name it by its hash. */
const answers: Readonly<Partial<Record<Named, { readonly field: string; readonly to: readonly Named[] }>>> = {
  ApprovalGiven: {
    field: "proposal",
    to: ["RiskLoweringProposed", "BestInterestsProposed", "EvidenceExceptionProposed", "EmergencyActed"],
  },
  ApprovalRefused: {
    field: "proposal",
    to: ["RiskLoweringProposed", "BestInterestsProposed", "EvidenceExceptionProposed", "EmergencyActed"],
  },
  EmergencyFollowedUp: { field: "emergency", to: ["EmergencyActed"] },
  EvidenceReceived: { field: "exception", to: ["EvidenceExceptionProposed"] },
  ResponsibilityAccepted: { field: "offer", to: ["ResponsibilityOffered"] },
  ResponsibilityDeclined: { field: "offer", to: ["ResponsibilityOffered"] },
};

// Every event is an object of named fields.
const fieldOf = (event: CaseEvent, field: string): unknown => (event as unknown as Record<string, unknown>)[field];

/** `rowsOf` shows an entry as the history does. */
export const aboutRows = (
  event: CaseEvent,
  history: readonly Item[],
  rowsOf: (event: CaseEvent, recordedAt: number) => readonly Row[],
): readonly Row[] => {
  const thing = introduced[event.type];
  if (thing !== undefined) {
    const id = fieldOf(event, thing.field);
    const found = history.findLast(
      (item) => item.event.type === thing.by && fieldOf(item.event, thing.field) === id && item.event !== event,
    );
    const labels = new Set(thing.says.map((name) => `field.${name}`));
    return found === undefined
      ? []
      : rowsOf(found.event, found.mark.recordedAt).filter(
          ({ label }) => label.kind === "word" && labels.has(label.key),
        );
  }
  const answered = answers[event.type];
  if (answered === undefined) return [];
  const entry = fieldOf(event, answered.field);
  const found = history.find((item) => item.mark.entry === entry && answered.to.includes(item.event.type));
  return found === undefined
    ? []
    : [
        { label: word(`event.${found.event.type}`), value: { kind: "person", person: found.mark.author } },
        ...rowsOf(found.event, found.mark.recordedAt),
      ];
};
