/**
 * The fields that forms are made of, one kind for each way in which something is asked.
 *
 * A field says how it is asked and nothing about what is allowed: the case file checks every value.
 */

import { isHalfTyped } from "./date-parts.ts";

export type Field = { readonly name: string; readonly isOptional?: true } & FieldKind;

export type FieldKind =
  /** Made by the app unless the form was opened for something that has one. */
  | { readonly kind: "id" }
  | { readonly kind: "line" | "prose" | "lines" | "flag" | "date" | "recipient" | "shared" | "person" | "risks" }
  | { readonly kind: "past" | "future" }
  | { readonly kind: "whole"; readonly largest: number }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  | { readonly kind: "choices"; readonly of: readonly string[]; readonly isNoneTooFew?: true }
  /** Always this value. */
  | { readonly kind: "always"; readonly value: unknown }
  /** Yes, or no with the reason. */
  | { readonly kind: "checked" }
  | { readonly kind: "record"; readonly of: readonly Field[] }
  /** One of several, told apart by `kind`, each with fields of its own. */
  | { readonly kind: "variant"; readonly of: Readonly<Record<string, readonly Field[]>> };

export const id = (name: string): Field => ({ name, kind: "id" });
export const line = (name: string): Field => ({ name, kind: "line" });
export const prose = (name: string): Field => ({ name, kind: "prose" });
export const lines = (name: string): Field => ({ name, kind: "lines" });
export const flag = (name: string): Field => ({ name, kind: "flag" });
export const date = (name: string): Field => ({ name, kind: "date" });
export const past = (name: string): Field => ({ name, kind: "past" });
export const future = (name: string): Field => ({ name, kind: "future" });
export const recipient = (name: string): Field => ({ name, kind: "recipient" });
export const shared = (name: string): Field => ({ name, kind: "shared" });
export const person = (name: string): Field => ({ name, kind: "person" });
export const whole = (name: string, largest: number): Field => ({ name, kind: "whole", largest });
export const choice = (name: string, ...of: readonly string[]): Field => ({ name, kind: "choice", of });
export const choices = (name: string, ...of: readonly string[]): Field => ({ name, kind: "choices", of });
/** At least one of them. */
export const some = (name: string, ...of: readonly string[]): Field => ({
  name,
  kind: "choices",
  of,
  isNoneTooFew: true,
});
export const checked = (name: string): Field => ({ name, kind: "checked" });
export const always = (name: string, value: unknown): Field => ({ name, kind: "always", value });
export const record = (name: string, ...of: readonly Field[]): Field => ({ name, kind: "record", of });
export const variant = (name: string, of: Readonly<Record<string, readonly Field[]>>): Field => ({
  name,
  kind: "variant",
  of,
});
export const optional = (field: Field): Field => ({ ...field, isOptional: true });
export const needed = ({ isOptional: _before, ...field }: Field): Field => field;

/** Values as they are filled in, by field. */
export type Values = Readonly<Record<string, unknown>>;

/** What was emptied is no value: a field without one is left out and not sent as nothing. */
export const withValue = (values: Values, name: string, value: unknown): Values => {
  const { [name]: _before, ...others } = values;
  return value === undefined ? others : { ...others, [name]: value };
};

export type Moment = { readonly now: number; readonly makeId: () => string };

/** What a field holds before anybody touched it. A choice of consequence is never made beforehand. */
const firstValue = (field: Field, moment: Moment): unknown => {
  switch (field.kind) {
    case "id":
      return moment.makeId();
    case "always":
      return field.value;
    case "past":
      return moment.now;
    case "choices":
    case "shared":
    case "lines":
    case "risks":
      return [];
    case "record":
      return firstValues(field.of, moment);
    case "checked":
    case "variant":
    case "line":
    case "prose":
    case "flag":
    case "date":
    case "future":
    case "whole":
    case "choice":
    case "recipient":
    case "person":
      return undefined;
    default:
      return field satisfies never;
  }
};

export const firstValues = (fields: readonly Field[], moment: Moment, given: Values = {}): Values =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = given[field.name] ?? (field.isOptional === true ? undefined : firstValue(field, moment));
      return value === undefined ? [] : [[field.name, value]];
    }),
  );

/** What is still to be filled in or put right, as paths of names: `checklist.goals-reviewed`. */
export const missingIn = (fields: readonly Field[], values: Values, path = ""): readonly string[] =>
  fields.flatMap((field) => {
    const value = values[field.name];
    const at = path === "" ? field.name : `${path}.${field.name}`;
    if (isBlank(value)) return field.isOptional === true ? [] : [at];
    // A day that there is not is no day that was left out, and what is too long is no text that was.
    if (isHalfTyped(value) || signsTooMany(field, value) > 0) return [at];
    if (field.kind === "choices") return isOneChosen(field, value) ? [] : [at];
    if (field.kind === "risks") return areRisksWhole(value) ? [] : [at];
    // A filled-in record, a "no" and a variant are objects, as `firstValue` and the field's own control make them.
    const parts = value as Values;
    if (field.kind === "record") return missingIn(field.of, parts, at);
    if (field.kind === "checked") return missingInVariant({ yes: [], no: [prose("because")] }, parts, at);
    return field.kind === "variant" ? missingInVariant(field.of, parts, at) : [];
  });

/** Of what was said to be missing, what still is: nobody is asked for what stands there by now. */
export const stillMissing = (
  missing: readonly string[],
  fields: readonly Field[],
  values: Values,
): readonly string[] => {
  const now = missing.length === 0 ? [] : missingIn(fields, values);
  return missing.filter((path) => now.includes(path));
};

/** Nothing in it can be seen: a joiner that Kurdish keyboards have beside the space bar is no text alone. */
export const saysNothing = (text: string): boolean => !/[^\s\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);

/** As many as the case file takes of a line and of a longer text: a test compares. */
const signsMax = { line: 300, prose: 8000, lines: 300 } as const;

/** How many signs have to go before the case file takes it. */
export const signsTooMany = ({ kind }: Field, value: unknown): number => {
  if (kind !== "line" && kind !== "prose" && kind !== "lines") return 0;
  const texts = [value].flat().filter((each) => typeof each === "string");
  return Math.max(0, ...texts.map(({ length }) => length - signsMax[kind]));
};

const isOneChosen = ({ isNoneTooFew }: { readonly isNoneTooFew?: true }, value: unknown): boolean =>
  isNoneTooFew === undefined || (Array.isArray(value) && value.length > 0);

/** A risk is one once its kind, source and likelihood are chosen and it is put into words. */
const areRisksWhole = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((risk: Values) => ["kind", "from", "likelihood", "text"].every((part) => !isBlank(risk[part])));

const isBlank = (value: unknown): boolean => value === undefined || (typeof value === "string" && saysNothing(value));

const missingInVariant = (
  of: Readonly<Record<string, readonly Field[]>>,
  value: Values,
  at: string,
): readonly string[] => {
  const { kind } = value;
  return typeof kind === "string" ? missingIn(of[kind] ?? [], value, at) : [at];
};
