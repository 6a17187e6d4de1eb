/**
 * Whom a purpose can be for, where that is no provider and no agency: a file is ours, a removal goes by a tool, a digital step is
 * the step itself. A name typed by hand would be another recipient, and the decision one for nobody.
 */

import { type Field, choice, optional } from "./fields.ts";
import { digitalActs, tools } from "./vocabulary.ts";

const ownSides: Readonly<Record<string, readonly string[]>> = {
  "store-file": ["own-organisation"],
  statistics: ["own-organisation"],
  evidence: ["survivor-side", "own-organisation"],
  removal: tools,
  digital: digitalActs,
};

/** As it is asked for this purpose; providers and agencies are picked from the directory or typed. */
export const recipientFor = (purpose: unknown, field: Field, toolsOffered: readonly string[] = tools): Field => {
  const own = typeof purpose === "string" ? ownSides[purpose] : undefined;
  const known = own === tools ? toolsOffered : own;
  if (known === undefined || field.kind !== "recipient") return field;
  const one = choice(field.name, ...known);
  return field.isOptional === true ? optional(one) : one;
};

/** Nothing leaves the organisation for any other purpose. While none is chosen, nothing is left out. */
export const isSharedFor = (purpose: unknown): boolean => purpose === undefined || purpose === "referral";

/** The one recipient that a purpose has. */
export const onlyRecipientOf = (purpose: unknown): string | undefined => {
  const known = typeof purpose === "string" ? ownSides[purpose] : undefined;
  return known?.length === 1 ? known[0] : undefined;
};
