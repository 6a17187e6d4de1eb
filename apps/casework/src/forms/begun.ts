/** What was begun in a form and not saved: where it belongs, and what it needs to be as it was. */

import type { Act, Section } from "../case/screen.ts";
import type { Values } from "./fields.ts";

/** Forms with a screen of their own. */
export const newCaseForm = "OpenCase";
export const consentForm = "Consent";
export const questionForm = (fact: string): string => `RecordFact ${fact}`;

/** An act and what it is about: two referrals have two forms. */
export const formOf = ({ form, given }: Pick<Act, "form" | "given">): string => `${form} ${JSON.stringify(given)}`;

/** What a form keeps. The section is where it is opened again. */
export type Begun = { readonly section: Section; readonly values: Values };

/** What a form is given by whoever stands around it (`BegunForm`): once it was saved, or somebody has decided to lose it. */
export type KeptForm = { readonly forget: () => Promise<void> };

export const begunToText = (begun: Begun): string => JSON.stringify(begun);

/** Only `begunToText` wrote it, sealed by this device. */
export const begunFromText = (text: string): Begun => JSON.parse(text) as Begun;

/** Every text that somebody typed, wherever in the form it stands. */
export const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === "string") return /\s/.test(value.trim()) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
};
