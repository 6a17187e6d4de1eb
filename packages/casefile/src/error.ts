/** Why a command is refused. Screens turn each into words; none carries a value from the case. */

import type { Gate, Purpose } from "./vocabulary.ts";

/** Whose agreement is missing. */
export type Missing = "consent" | "assent" | "guardian-or-best-interests" | "best-interests";

/** What stands against closing a case. */
export type ClosureObstacle =
  | "risk-not-assessed"
  | "risk-clock"
  | "level-high"
  | "transfer-missing"
  | "referral-open"
  | "withdrawal-to-act-on"
  | "approval-waiting"
  | "evidence-held"
  | "takedown-waiting"
  | "emergency-open"
  | "checklist";

export type CaseError =
  | { readonly type: "CaseNotOpened" }
  | { readonly type: "CaseIsClosed" }
  | { readonly type: "CaseNotClosed" }
  | { readonly type: "NotAuthorised" }
  /** A field of the command is missing, too long, or of another kind. */
  | { readonly type: "FieldWrong"; readonly field: string }
  /** It was said to have happened, and lies ahead; or is planned, and lies behind. */
  | { readonly type: "MomentWrong"; readonly field: string }
  | { readonly type: "AlreadyThere" }
  | { readonly type: "NotThere" }
  | { readonly type: "StepNotPossible"; readonly from: string }
  /** The limits of confidentiality come before any question (G-CONS-5). */
  | { readonly type: "LimitsNotTold" }
  | { readonly type: "FactIsDerived" }
  | { readonly type: "CorrectionReasonMissing" }
  | { readonly type: "ToldIncomplete"; readonly missing: readonly string[] }
  | { readonly type: "ConsentMissing"; readonly purpose: Purpose; readonly from: Missing }
  | { readonly type: "FieldsNotConsented"; readonly fields: readonly string[] }
  /** The "yes" is older than the "no" or the withdrawal that stands (G-CONS-2). */
  | { readonly type: "GivenBeforeRefusal" }
  /** The guardian is not known to be safe, or this is not known to be a child (G-CONS-3, S-9). */
  | { readonly type: "GuardianNotToBeAsked" }
  /** A child's own agreement and the best-interests decision; this person is known to be 18 or over (DOMAIN §13). */
  | { readonly type: "OnlyForAChild" }
  | { readonly type: "AdviceMissing" }
  /** The advice was given for other facts than the case holds now. */
  | { readonly type: "AdviceStale" }
  | { readonly type: "GateClosed"; readonly gate: Gate; readonly needs: readonly string[] }
  | { readonly type: "ToolNotOpen" }
  | { readonly type: "LevelNotHigher" }
  | { readonly type: "LevelNotLower" }
  | { readonly type: "OwnProposal" }
  | { readonly type: "AnotherKind" }
  | { readonly type: "NotOfferedToYou" }
  /** It may be CSAM: no exception, whoever asks (G-EVID-5). */
  | { readonly type: "PossiblyCsam" }
  | { readonly type: "OnlyAddresses" }
  /** The legal risk was weighed for another agency, or is to be weighed again (G-LAW-2). */
  | { readonly type: "AgencyNotAssessed" }
  | { readonly type: "NotAccompanied" }
  | { readonly type: "NoImminentDanger" }
  /** With the points of the checklist that are open, where they are what is in the way. */
  | { readonly type: "ClosureBlocked"; readonly by: readonly ClosureObstacle[]; readonly points?: readonly string[] };
