/**
 * The survivor's details, as age, gender and diversity need them (G-FRAME-3). Each may be skipped, with the reason.
 *
 * Nothing identifying is written before the survivor has agreed that a file is kept.
 */

import { ok } from "@amana/kernel";
import { type By } from "../by.ts";
import { mayKeepFile } from "../consent/file.ts";
import type { Context, Decision } from "../context.ts";
import { type Registers, addTo, standing } from "../register.ts";
import { type Command, type EventOf, oneOf, prose, record, variants } from "../shape.ts";
import type { CaseState } from "../state.ts";
import { saidBy } from "../vocabulary.ts";

export const detailFields = [
  ...["name", "other-names", "phone", "other-phone", "id-number", "other-id"],
  ...["date-of-birth", "age-in-years", "gender", "marital-status", "nationality", "ethnicity", "religion"],
  ...["displacement", "address-area", "language", "interpreter", "literacy", "disability", "access-needs"],
  ...["education", "occupation", "household", "guardian", "caregiver", "trusted-person"],
] as const;

export const survivorEvents = {
  DetailRecorded: record({
    field: oneOf(...detailFields),
    value: variants({
      given: record({ text: prose }),
      skipped: record({ because: oneOf("not-needed", "not-safe-to-ask", "declined", "not-known") }),
    }),
    saidBy,
  }),
};

export type DetailRecorded = EventOf<typeof survivorEvents>;

export type SurvivorCommand = Command<"RecordDetail", typeof survivorEvents.DetailRecorded>;

export type SurvivorState = { readonly detailsByField: Registers<DetailRecorded> };

export const noSurvivor: SurvivorState = { detailsByField: new Map() };

export const evolveSurvivor = (state: SurvivorState, event: DetailRecorded, by: By): SurvivorState => ({
  detailsByField: addTo(state.detailsByField, event.field, event, by),
});

/** The texts that stand for a field: several when people wrote at once. */
export const detailTexts = ({ survivor }: CaseState, field: string): readonly string[] =>
  standing(survivor.detailsByField.get(field)).flatMap(({ value }) =>
    value.value.kind === "given" ? [value.value.text] : [],
  );

export const decideSurvivor = (command: SurvivorCommand, state: CaseState, { now }: Context): Decision => {
  const consent = mayKeepFile(state, now);
  if (command.value.kind === "given" && !consent.ok) return consent;
  return ok([{ ...command, type: "DetailRecorded" }]);
};
