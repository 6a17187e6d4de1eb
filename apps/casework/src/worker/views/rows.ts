/** What was recorded, as rows of a label and what was said, after the form it was asked with. */

import { type Register, standing } from "@amana/casefile";
import type { Phrase, Row } from "../../case/screen.ts";
import type { Field, Values } from "../../forms/fields.ts";

export const word = (key: string): Phrase => ({ kind: "word", key });
export const option = (field: string, value: string): Phrase => ({ kind: "option", field, value });
export const text = (written: string): Phrase => ({ kind: "text", text: written });

export const rowsOf = (fields: readonly Field[], values: Values): readonly Row[] =>
  fields.flatMap((field) => {
    const value = values[field.name];
    return value === undefined ? [] : rowsOfField(field, value);
  });

/** What was said of an item when it was marked; the mark itself stands beside its title. */
export const markRows = (marks: Register<{ readonly text?: string }> | undefined): readonly Row[] =>
  standing(marks).flatMap(({ value }) =>
    value.text === undefined ? [] : [{ label: word("field.outcome"), value: text(value.text) }],
  );

const rowsOfField = (field: Field, value: unknown): readonly Row[] => {
  const row = (phrase: Phrase): readonly Row[] => [{ label: word(`field.${field.name}`), value: phrase }];
  switch (field.kind) {
    case "id":
    case "always":
      return [];
    case "line":
    case "prose":
      return row(text(String(value)));
    case "whole":
      return row({ kind: "number", number: Number(value) });
    case "flag":
      return row(word(value === true ? "common.yes" : "common.no"));
    case "choice":
      return row(option(field.name, String(value)));
    case "past":
    case "future":
      return row({ kind: "moment", at: Number(value) });
    case "date":
      return row({ kind: "date", on: String(value) });
    case "recipient":
      return row({ kind: "recipient", recipient: String(value) });
    case "person":
      return row({ kind: "person", person: String(value) });
    case "lines":
      return listRow(field, value, (each) => text(String(each)));
    case "choices":
      return listRow(field, value, (each) => option(field.name, String(each)));
    case "shared":
      return listRow(field, value, (each) => ({ kind: "shared", field: String(each) }));
    case "risks":
      return listRow(field, value, riskPhrase);
    case "record":
      return rowsOf(field.of, fieldsOf(value));
    case "checked":
    case "variant":
      return rowsOfVariant(field, fieldsOf(value));
    default:
      return field satisfies never;
  }
};

/** What has `kind` says it, and what follows from it. */
const rowsOfVariant = (field: Field & { readonly kind: "checked" | "variant" }, value: Values): readonly Row[] => {
  const { kind } = value;
  const label = word(`field.${field.name}`);
  const inner: readonly Field[] =
    field.kind === "checked" ? [{ name: "because", kind: "prose" }] : (field.of[String(kind)] ?? []);
  return [{ label, value: option(field.name, String(kind)) }, ...rowsOf(inner, value)];
};

const listRow = (field: Field, value: unknown, phraseOf: (each: unknown) => Phrase): readonly Row[] => {
  if (!Array.isArray(value) || value.length === 0) return [];
  return [{ label: word(`field.${field.name}`), value: { kind: "list", of: value.map(phraseOf) } }];
};

const riskPhrase = (risk: unknown): Phrase => {
  const { kind, from, likelihood, text: words } = fieldsOf(risk);
  const parts = [
    option("riskKind", String(kind)),
    option("riskFrom", String(from)),
    option("likelihood", String(likelihood)),
  ];
  return { kind: "list", of: [...parts, text(String(words))] };
};

// Events have been checked against their shapes: what a form asks as a record is one.
const fieldsOf = (value: unknown): Values => value as Values;
