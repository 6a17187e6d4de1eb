/**
 * Safe contact: how, when and under what name the survivor may be reached without being found out (G-FRAME-6).
 *
 * Unsafe stands over safe: where two people wrote at once, a message is left only if both say so, and
 * everyone whom either names must not know.
 */

import { err, ok, type Instant } from "@amana/kernel";
import type { By } from "../by.ts";
import type { Context, Decision } from "../context.ts";
import { type Register, type Version, addVersion, standing } from "../register.ts";
import { type Command, type EventOf, flag, line, listOf, moment, oneOf, prose, record } from "../shape.ts";
import type { CaseState } from "../state.ts";

const mustNotKnowMax = 30;

const agreed = record(
  {
    how: oneOf("telephone-call", "text-message", "messaging-app", "email", "in-person", "through-someone"),
    /** The number, handle or place. */
    reach: line,
    when: line,
    nameToUse: line,
    mayLeaveMessage: flag,
    mustNotKnow: listOf(line, mustNotKnowMax),
  },
  { codeWord: line, validUntilAt: moment },
);

export const safeContactEvents = {
  SafeContactAgreed: agreed,
  SafeContactUnsafe: record({ because: prose }),
};

export type SafeContactEvent = EventOf<typeof safeContactEvents>;

export type SafeContactCommand =
  | Command<"AgreeSafeContact", typeof agreed>
  | Command<"DeclareContactUnsafe", typeof safeContactEvents.SafeContactUnsafe>;

export type SafeContactState = { readonly said: Register<SafeContactEvent> };

export const noSafeContact: SafeContactState = { said: [] };

export const evolveSafeContact = (state: SafeContactState, event: SafeContactEvent, by: By): SafeContactState => ({
  said: addVersion(state.said, event, by),
});

export type AgreedContact = Extract<SafeContactEvent, { type: "SafeContactAgreed" }>;

export type SafeContact =
  | { readonly kind: "none" }
  /** Somebody found it unsafe, or it has run out. What was agreed is there to be read, not to be used. */
  | { readonly kind: "unsafe" | "expired"; readonly agreed: readonly AgreedContact[] }
  | {
      readonly kind: "safe";
      /** More than one when people wrote at once: all are shown. */
      readonly agreed: readonly AgreedContact[];
      readonly mayLeaveMessage: boolean;
      readonly mustNotKnow: readonly string[];
    };

/** A way counts as run out from its very moment on. */
export const safeContactOf = ({ safeContact }: CaseState, now: Instant): SafeContact => {
  const stands = standing(safeContact.said);
  if (stands.length === 0) return { kind: "none" };
  const agreedNow = stands.flatMap(agreedIn);
  if (agreedNow.length < stands.length) return { kind: "unsafe", agreed: agreedNow };
  if (agreedNow.some(({ validUntilAt }) => validUntilAt !== undefined && validUntilAt <= now)) {
    return { kind: "expired", agreed: agreedNow };
  }
  return {
    kind: "safe",
    agreed: agreedNow,
    mayLeaveMessage: agreedNow.every(({ mayLeaveMessage }) => mayLeaveMessage),
    mustNotKnow: [...new Set(agreedNow.flatMap(({ mustNotKnow }) => mustNotKnow))],
  };
};

const agreedIn = ({ value }: Version<SafeContactEvent>): readonly AgreedContact[] =>
  value.type === "SafeContactAgreed" ? [value] : [];

export const decideSafeContact = (command: SafeContactCommand, _state: CaseState, { now }: Context): Decision => {
  if (command.type === "DeclareContactUnsafe") return ok([{ ...command, type: "SafeContactUnsafe" }]);
  if (command.validUntilAt !== undefined && command.validUntilAt <= now) {
    return err({ type: "MomentWrong", field: "validUntilAt" });
  }
  return ok([{ ...command, type: "SafeContactAgreed" }]);
};
