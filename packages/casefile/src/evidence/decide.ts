/** Commands about evidence. Where it may be CSAM, nothing is held, whoever asks and whoever approves (S-3, G-EVID-5). */

import { err, exhausted, ok } from "@amana/kernel";
import { requireConsent } from "../consent/require.ts";
import type { Context, Decision } from "../context.ts";
import { requireGate } from "../gates.ts";
import type { CaseState } from "../state.ts";
import { ownOrganisation, ownSide } from "../vocabulary.ts";
import { type EvidenceCommand, addressKinds, exceptionStands, isPossiblyCsam, missingGround } from "./evidence.ts";

export const decideEvidence = (command: EvidenceCommand, state: CaseState, context: Context): Decision => {
  switch (command.type) {
    case "RecordEvidencePreserved":
      return recordPreserved(command, state, context);
    case "ProposeEvidenceException":
      return proposeException(command, state, context);
    case "RecordEvidenceReceived":
      return recordReceived(command, state, context);
    case "RecordEvidenceReturned":
      if (!state.evidence.heldById.has(command.item)) return err({ type: "NotThere" });
      return ok([{ ...command, type: "EvidenceReturned" }]);
    default:
      return exhausted(command);
  }
};

type Preserve = Extract<EvidenceCommand, { type: "RecordEvidencePreserved" }>;
type Propose = Extract<EvidenceCommand, { type: "ProposeEvidenceException" }>;
type Receive = Extract<EvidenceCommand, { type: "RecordEvidenceReceived" }>;

/** Possibly CSAM, or the gate's own limit: addresses, names and times only, and messages without the material. */
const recordPreserved = (command: Preserve, state: CaseState, context: Context): Decision => {
  const consent = requireConsent(state, context.now, "evidence", ownSide);
  if (!consent.ok) return consent;
  const advice = requireGate(state, context, "evidence-by-survivor");
  if (!advice.ok) return advice;
  const mayBeKept: readonly string[] = [...addressKinds, "messages-without-material"];
  const isLimited = isPossiblyCsam(state) || advice.value.limits.includes("addresses-only");
  if (isLimited && command.kept.some((kind) => !mayBeKept.includes(kind))) return err({ type: "OnlyAddresses" });
  return ok([{ ...command, type: "EvidencePreserved", advice: advice.value }]);
};

const proposeException = (command: Propose, state: CaseState, context: Context): Decision => {
  if (isPossiblyCsam(state)) return err({ type: "PossiblyCsam" });
  const consent = requireConsent(state, context.now, "evidence", ownOrganisation);
  if (!consent.ok) return consent;
  const missing = missingGround(state);
  if (missing.length > 0) return err({ type: "GateClosed", gate: "evidence-held", needs: missing });
  return ok([{ ...command, type: "EvidenceExceptionProposed" }]);
};

const recordReceived = (command: Receive, state: CaseState, context: Context): Decision => {
  if (isPossiblyCsam(state)) return err({ type: "PossiblyCsam" });
  // What was given back stays so, whatever is said of it after.
  if (state.evidence.heldById.has(command.item)) return err({ type: "AlreadyThere" });
  if (command.receivedAt > context.now) return err({ type: "MomentWrong", field: "receivedAt" });
  if (!exceptionStands(state, command.exception)) return err({ type: "NotThere" });
  const consent = requireConsent(state, context.now, "evidence", ownOrganisation);
  if (!consent.ok) return consent;
  const advice = requireGate(state, context, "evidence-held");
  return advice.ok ? ok([{ ...command, type: "EvidenceReceived", advice: advice.value }]) : advice;
};
