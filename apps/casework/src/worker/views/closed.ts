/**
 * Which acts are closed, and why: the case file itself is asked, with a command filled in as if somebody had.
 *
 * Nothing is decided here and nothing recorded. Where only the person's own words would settle it, the act is open, and the
 * case file answers when they are given.
 */

import { type CaseCommand, type CaseState, type Context, decide, isOpenWhileUnread } from "@amana/casefile";
import type { Act, Refusal } from "../../case/screen.ts";
import { type FormName, forms } from "../../forms/commands.ts";
import type { Field, Values } from "../../forms/fields.ts";

export type Asking = { readonly state: CaseState; readonly context: Context; readonly isUnreadLeft: boolean };

/** What only the words of the person can settle. A text that may stay empty is taken as written: it may be what is asked for. */
const settledByWords: ReadonlySet<string> = new Set([
  ...["FieldWrong", "MomentWrong", "CorrectionReasonMissing", "ToldIncomplete", "AnotherKind"],
]);

const dayMilliseconds = 86_400_000;

export const actOf = (asking: Asking, form: FormName, given: Values, begin: Values): Act => ({
  form,
  given,
  begin,
  closed: closedBecause(asking, form, { ...begin, ...given }),
});

const closedBecause = (asking: Asking, form: FormName, given: Values): Refusal | undefined => {
  // `decide` checks each field of what it is given.
  const commands = samplesOf(asking, forms[form], given).map(
    (values) => ({ type: form, ...values }) as unknown as CaseCommand,
  );
  const possible = asking.isUnreadLeft ? commands.filter(isOpenWhileUnread) : commands;
  let first: Refusal | undefined = possible.length === 0 ? { type: "UpdateFirst" } : undefined;
  for (const command of possible) {
    const decision = decide(command, asking.state, asking.context);
    if (decision.ok || settledByWords.has(decision.error.type)) return undefined;
    first ??= decision.error;
  }
  return first;
};

/** One filled-in form, and beside it one for every other choice and recipient, each changed alone. */
const samplesOf = (asking: Asking, fields: readonly Field[], given: Values): readonly Values[] => {
  const first = sampleOf(asking, fields, given);
  const others = fields
    .filter(({ name }) => given[name] === undefined)
    .flatMap((field) => alternatives(asking, field).map((value): Values => ({ ...first, [field.name]: value })));
  return [first, ...others];
};

const alternatives = (asking: Asking, field: Field): readonly unknown[] => {
  if (field.kind === "choice") return field.of.slice(1);
  if (field.kind === "variant")
    return Object.keys(field.of)
      .slice(1)
      .map((kind) => variantSample(asking, field.of, kind));
  return field.kind === "recipient" ? recipientsIn(asking.state) : [];
};

const sampleOf = (asking: Asking, fields: readonly Field[], given: Values): Values =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const isLeftOut = field.isOptional === true && field.kind !== "prose";
      const value = given[field.name] ?? (isLeftOut ? undefined : sampleField(asking, field));
      return value === undefined ? [] : [[field.name, value]];
    }),
  );

const sampleField = (asking: Asking, field: Field): unknown => {
  switch (field.kind) {
    case "always":
      return field.value;
    case "choice":
      return field.of[0];
    case "choices":
      return field.of.slice(0, 1);
    case "flag":
      return true;
    case "past":
      return asking.context.now;
    case "future":
      return asking.context.now + dayMilliseconds;
    case "date":
      return "2020-01-01";
    case "whole":
      return 1;
    case "lines":
    case "risks":
    case "shared":
      return [];
    case "checked":
      return { kind: "yes" };
    case "record":
      return sampleOf(asking, field.of, {});
    case "variant":
      return variantSample(asking, field.of, Object.keys(field.of)[0] ?? "");
    case "id":
    case "line":
    case "prose":
    case "recipient":
    case "person":
      return "sample";
    default:
      return field satisfies never;
  }
};

const variantSample = (asking: Asking, of: Readonly<Record<string, readonly Field[]>>, kind: string): Values => ({
  ...sampleOf(asking, of[kind] ?? [], {}),
  kind,
});

/** Everyone who was ever named in a consent of this case. */
export const recipientsIn = ({ consent }: CaseState, purpose?: string): readonly string[] => {
  const named = [...consent.saidByWhoseAndPurpose.values()].flatMap((register) =>
    register.flatMap(({ value }) =>
      purpose === undefined || value.purpose === purpose ? (value.recipient ?? []) : [],
    ),
  );
  return [...new Set<string>(named)].sort();
};
