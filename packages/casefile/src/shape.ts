/**
 * What events are made of, each part able to say which field of a value from outside is wrong.
 *
 * One description gives the type and the check, so that the two cannot part. A field that no description
 * names is refused: nothing can be hidden in an event, and nothing kept that has no place (G-DIG-4).
 */

import { isInstant, parseInstant, type Instant } from "@amana/kernel";
import type { DateOn } from "./ids.ts";

/** `of` exists for the compiler only. */
export type Shape<T> = {
  /** The path of the first field that is wrong, "" for the value itself; nothing when all is right. */
  readonly wrong: (value: unknown) => string | undefined;
  readonly of?: T;
};

export type Of<S> = S extends Shape<infer T> ? T : never;

export type Fields = Readonly<Record<string, Shape<unknown>>>;

type RecordOf<Required extends Fields, Optional extends Fields> = {
  readonly [Key in keyof Required]: Of<Required[Key]>;
} & { readonly [Key in keyof Optional]?: Of<Optional[Key]> };

/** The events of a table of shapes. */
export type EventOf<Shapes extends Readonly<Record<string, Shape<unknown>>>> = {
  [Type in keyof Shapes]: { readonly type: Type } & Of<Shapes[Type]>;
}[keyof Shapes];

/** A command that carries what its event carries. */
export type Command<Name extends string, EventShape> = { readonly type: Name } & Of<EventShape>;

/** A command behind a gate carries what its event carries, but for the advice, which comes from the pathway. */
export type GatedCommand<Name extends string, EventShape> = { readonly type: Name } & Omit<Of<EventShape>, "advice">;

/** A record, and the names of its fields for whoever documents it. */
export type RecordShape<T> = Shape<T> & { readonly required: Fields; readonly optional: Fields };

const shape = <T>(isRight: (value: unknown) => boolean): Shape<T> => ({
  wrong: (value) => (isRight(value) ? undefined : ""),
});

// Lone surrogates cannot be stored, and control characters other than tab and line ends have no place in a text.
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Surrogate}/u;

const isText = (value: unknown, charactersMax: number): value is string =>
  typeof value === "string" && value.length <= charactersMax && !unwritable.test(value) && /\S/u.test(value);

const lineCharactersMax = 300;
const proseCharactersMax = 8000;

/** A name, a number, a few words. */
export const line: Shape<string> = shape((value) => isText(value, lineCharactersMax));
/** What somebody said or wrote at length. */
export const prose: Shape<string> = shape((value) => isText(value, proseCharactersMax));
export const flag: Shape<boolean> = shape((value) => typeof value === "boolean");
export const moment: Shape<Instant> = shape(isInstant);

const idForm = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** The brand is a promise of the caller's type, the form is checked. */
export const id = <T extends string>(): Shape<T> => shape((value) => typeof value === "string" && idForm.test(value));

const freeNameCharactersMax = 120;
// Signs that nobody sees could make two recipients look like one. The joiner that Kurdish writing needs is seen in its effect.
const unseen = /[\u00ad\u061c\u200b\u200d-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/u;

/** A name as somebody wrote it, without surrounding, doubled or unseen signs. Consent is for exactly what is written here. */
export const freeName = <T extends string>(): Shape<T> =>
  shape(
    (value) =>
      isText(value, freeNameCharactersMax) &&
      !unseen.test(value) &&
      !/[\t\r\n]|\s{2}/u.test(value) &&
      value === value.trim(),
  );

export const matching = <T extends string>(form: RegExp): Shape<T> =>
  shape((value) => typeof value === "string" && form.test(value));

export const whole = (smallest: number, largest: number): Shape<number> =>
  shape((value) => typeof value === "number" && Number.isInteger(value) && value >= smallest && value <= largest);

export const dateOn: Shape<DateOn> = shape(
  (value) => typeof value === "string" && value.length === 10 && parseInstant(`${value}T00:00:00Z`).ok,
);

export const oneOf = <const T extends string>(...values: readonly T[]): Shape<T> =>
  shape((value) => values.some((candidate) => candidate === value));

export const orNull = <T>(inner: Shape<T>): Shape<T | null> => ({
  wrong: (value) => (value === null ? undefined : inner.wrong(value)),
});

export const listOf = <T>(inner: Shape<T>, lengthMax: number, lengthMin = 0): Shape<readonly T[]> => ({
  wrong: (value) => {
    if (!Array.isArray(value) || value.length > lengthMax || value.length < lengthMin) return "";
    for (const [index, item] of value.entries()) {
      const wrong = inner.wrong(item);
      if (wrong !== undefined) return join(String(index), wrong);
    }
    return undefined;
  },
});

// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- no optional field is what it says
export const record = <Required extends Fields, Optional extends Fields = Record<never, never>>(
  required: Required,
  optional?: Optional,
): RecordShape<RecordOf<Required, Optional>> => {
  const optionalFields: Fields = optional ?? {};
  return {
    required,
    optional: optionalFields,
    wrong: (value) => {
      if (!isPlainObject(value)) return "";
      for (const [key, inner] of Object.entries(required)) {
        const wrong = Object.hasOwn(value, key) ? inner.wrong(value[key]) : "";
        if (wrong !== undefined) return join(key, wrong);
      }
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(required, key)) continue;
        const wrong = Object.hasOwn(optionalFields, key) ? optionalFields[key]?.wrong(value[key]) : "";
        if (wrong !== undefined) return join(key, wrong);
      }
      return undefined;
    },
  };
};

type VariantOf<Variants extends Readonly<Record<string, Shape<unknown>>>> = {
  [Kind in keyof Variants]: { readonly kind: Kind } & Of<Variants[Kind]>;
}[keyof Variants];

/** One of several records, told apart by `kind`. */
export const variants = <const Variants extends Readonly<Record<string, Shape<unknown>>>>(
  byKind: Variants,
): Shape<VariantOf<Variants>> => ({
  wrong: (value) => {
    if (!isPlainObject(value)) return "";
    const { kind, ...rest } = value;
    if (typeof kind !== "string" || !Object.hasOwn(byKind, kind)) return "kind";
    return byKind[kind]?.wrong(rest);
  },
});

/** An object whose keys are ids of a vocabulary. */
export const byId = <T>(inner: Shape<T>, entriesMax: number): Shape<Readonly<Record<string, T>>> => ({
  wrong: (value) => {
    if (!isPlainObject(value) || Object.keys(value).length > entriesMax) return "";
    for (const [key, item] of Object.entries(value)) {
      const wrong = idForm.test(key) ? inner.wrong(item) : "";
      if (wrong !== undefined) return join(key, wrong);
    }
    return undefined;
  },
});

export const either = <A, B>(one: Shape<A>, other: Shape<B>): Shape<A | B> => ({
  wrong: (value) => (one.wrong(value) === undefined ? undefined : other.wrong(value)),
});

export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const join = (key: string, rest: string): string => (rest === "" ? key : `${key}.${rest}`);
