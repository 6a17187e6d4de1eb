/**
 * Copies: what was taken out of the sealed file, on paper or as a file (G-CONF-3). Paper has no lock, so that it was made is
 * written down before it is made, and everybody who opens the case sees it.
 *
 * Only the kind of copy is named, never what stood on it. It changes nothing else.
 */

import { err, ok } from "@amana/kernel";
import type { Context, Decision } from "../context.ts";
import { itemId } from "../plans/items.ts";
import { requireReferralLetter } from "../referrals/decide.ts";
import { type Command, oneOf, record } from "../shape.ts";
import type { CaseState } from "../state.ts";

export const copyKinds = [
  ...(["safety-plan", "referral-letter", "consent-form", "case-summary", "evidence-log"] as const),
  ...(["case-file", "incident-table"] as const),
] as const;

export const copyEvents = {
  /** `referral`: the one a letter is for, and nothing else. */
  CopyMade: record({ copy: oneOf(...copyKinds) }, { referral: itemId }),
};

export type CopyCommand = Command<"RecordCopy", typeof copyEvents.CopyMade>;

/** A letter rests on the consent for its recipient; no other copy is meant for somebody outside. */
export const decideCopies = (command: CopyCommand, state: CaseState, { now }: Context): Decision => {
  if ((command.copy === "referral-letter") !== (command.referral !== undefined)) {
    return err({ type: "FieldWrong", field: "referral" });
  }
  if (command.referral !== undefined) {
    const letter = requireReferralLetter(state, now, command.referral);
    if (!letter.ok) return letter;
  }
  return ok([{ ...command, type: "CopyMade" }]);
};
