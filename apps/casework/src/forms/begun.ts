/** What was begun in a form and not saved: where it belongs, and what it needs to be as it was. */

import type { Act, Section } from "../case/screen.ts";
import type { Place } from "../frame/route.ts";
import type { Values } from "./fields.ts";

/** Which form it is: of a case, or of none. */
export type BegunPlace = { readonly log: string | undefined; readonly form: string };

/** Forms that are no act of a case file. */
export const newCaseForm = "OpenCase";
export const consentForm = "Consent";
export const handOverForm = "HandOver";
export const coverForm = "Cover";
export const teamForm = "Team";
export const questionForm = (fact: string): string => `RecordFact ${fact}`;
/** Of a person; of a team. Each says whose. */
export const nameForm = "Name";
export const teamNameForm = "TeamName";
/** Of a provider that is not listed yet, or of one that is: then it says which. */
export const providerForm = "Provider";
/** The form of one of many. */
export const formAbout = (form: string, id: string): string => `${form} ${id}`;

/** An act and what it is about: two referrals have two forms. */
export const formOf = ({ form, given }: Pick<Act, "form" | "given">): string => `${form} ${JSON.stringify(given)}`;

/**
 * What a form keeps, with a mark of what stood there when it was begun. It is opened again in this section of its case, or at this
 * place if it stands in no case.
 */
export type Begun = {
  readonly place?: Place;
  readonly section: Section;
  readonly values: Values;
  readonly seen?: string;
};

/** What a form is given by whoever stands around it (`BegunForm`): once it was saved, or somebody has decided to lose it. */
export type KeptForm = { readonly forget: () => Promise<void> };

export const begunToText = (begun: Begun): string => JSON.stringify(begun);

/** Only `begunToText` wrote it, sealed by this device. */
export const begunFromText = (text: string): Begun => JSON.parse(text) as Begun;

/** The form of this kind that somebody goes on with, if there is one. */
export const begunOf = (begun: BegunPlace | undefined, kind: string): BegunPlace | undefined =>
  begun?.form.split(" ")[0] === kind ? begun : undefined;

/** Every text that somebody typed, wherever in the form it stands. */
export const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === "string") return /\s/.test(value.trim()) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
};
