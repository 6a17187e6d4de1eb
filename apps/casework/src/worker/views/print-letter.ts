/**
 * The letter of one referral: what the person agreed that this provider is told, and not a word more (G-CM-3, G-CONS-2).
 *
 * The caseworker's reason, the case's code, the level and the limits in the person's words are not among it unless they are
 * listed in the consent.
 */

import {
  detailTexts,
  factsOf,
  levelKnown,
  referralsOf,
  requireConsent,
  requireReferralLetter,
  safeContactOf,
  type Referral,
} from "@amana/casefile";
import type { Phrase, Row } from "../../case/screen.ts";
import { forms } from "../../forms/commands.ts";
import type { Letter, LetterChoice } from "../../print/paper.ts";
import { waysOf } from "./person.ts";
import { option, rowsOf, text, word } from "./rows.ts";
import type { Seen } from "./seen.ts";

type Letters = { readonly choices: readonly LetterChoice[]; readonly letter: Letter | undefined };

export const letterOf = (seen: Seen, asked: string | undefined): Letters => {
  const referrals = referralsOf(seen.state, seen.now).filter(({ stage }) => !over.has(stage));
  const chosen = referrals.find(({ referral }) => referral === asked) ?? referrals[0];
  return {
    choices: referrals.map(({ referral, prepared }) => ({ referral, recipient: prepared[0]?.recipient ?? "" })),
    letter: chosen === undefined ? undefined : openLetter(seen, chosen),
  };
};

const over: ReadonlySet<string> = new Set(["done", "closed", "stopped"]);

const openLetter = (seen: Seen, referral: Referral): Letter => {
  if (seen.isUnreadLeft) return { kind: "closed", because: { type: "UpdateFirst" } };
  const may = requireReferralLetter(seen.state, seen.now, referral.referral);
  if (!may.ok) return { kind: "closed", because: may.error };
  const { recipient, fields } = may.value;
  const consent = requireConsent(seen.state, seen.now, "referral", recipient);
  const told = fields.map((field) => ({ field, rows: rowsOfShared(seen, referral, field) }));
  return {
    kind: "open",
    recipient,
    rows: told.flatMap(({ rows }) => rows),
    missing: told.filter(({ rows }) => rows.length === 0).map(({ field }): Phrase => ({ kind: "shared", field })),
    limits: consent.ok ? consent.value.limits : [],
    isSentAlready: referral.stage === "sent" || referral.stage === "accepted",
  };
};

const rowsOfShared = (seen: Seen, referral: Referral, field: string): readonly Row[] => {
  const label: Phrase = { kind: "shared", field };
  const [kind, id = ""] = field.split(":");
  switch (kind) {
    case "service":
      return serviceRows(referral);
    case "risk-level": {
      const level = levelKnown(seen.state, seen.advice.answer.risk.level);
      return level === undefined ? [] : [{ label, value: option("level", level) }];
    }
    case "safe-contact":
      return contactRows(seen);
    case "detail":
      return detailTexts(seen.state, id).map((given) => ({ label, value: text(given) }));
    case "fact":
      return factRows(seen, id);
    default:
      return [];
  }
};

const serviceRows = ({ prepared, mostUrgent }: Referral): readonly Row[] => [
  ...prepared.slice(0, 1).map(({ service }) => ({
    label: word("field.service"),
    value: option("service", service),
  })),
  { label: word("field.urgency"), value: option("urgency", mostUrgent) },
];

/** A way that is no longer safe is told to nobody. */
const contactRows = ({ state, now }: Seen): readonly Row[] => {
  const contact = safeContactOf(state, now);
  if (contact.kind !== "safe") return [];
  return waysOf(contact).flatMap((way) => rowsOf(forms.AgreeSafeContact, way));
};

/** As the case stands: who decided not to report does not wish to, whatever was answered before (G-LAW-3). */
const factRows = ({ state, now }: Seen, fact: string): readonly Row[] => {
  const value = factsOf(state, now)[fact];
  return value === undefined ? [] : [{ label: { kind: "fact", fact }, value: { kind: "answer", fact, value } }];
};
