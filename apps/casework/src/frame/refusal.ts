/** Why something is closed, in whole sentences: one table from the refusals of case file and device to words. */

import type { Refusal } from "../case/screen.ts";
import type { AccountRefusal } from "../wire/face.ts";
import type { Words } from "./words.ts";

/** Of digits that were typed, which group to look at. */
export const accountInWords = ({ type, group }: AccountRefusal, { named, word, count }: Words): string =>
  group === undefined ? named("account", type) : word("account.WrongGroup", { group: count(group) });

/** The sentence itself, then what is missing, one by one. */
export type RefusalInWords = { readonly sentence: string; readonly missing: readonly string[] };

const obstacleInWords = (obstacle: string, points: readonly string[], { named, word }: Words): string => {
  if (obstacle !== "checklist") return named("obstacle", obstacle);
  const names = points.map((point) => named("field", point));
  return word("obstacle.checklist", { points: names.join(word("list.separator")) });
};

export const refusalInWords = (refusal: Refusal, words: Words, act = ""): RefusalInWords => {
  // Where the general sentence would puzzle, an act has one of its own.
  const own = `refusal.${refusal.type}.${act}`;
  const sentence = words.hasText(own) ? words.text(own) : words.named("refusal", refusal.type);
  switch (refusal.type) {
    case "GateClosed":
      return {
        sentence: words.word("refusal.GateClosed", { gate: words.text(`gate.${refusal.gate}.name`) }),
        missing: refusal.needs.map((fact) => words.text(`fact.${fact}.name`)),
      };
    case "ConsentMissing":
      return {
        sentence: words.word("refusal.ConsentMissing", { purpose: words.option("purpose", refusal.purpose) }),
        missing: [words.named("missing", refusal.from)],
      };
    case "ToldIncomplete":
      return { sentence, missing: refusal.missing.map((each) => words.option("told", each)) };
    case "FieldsNotConsented":
      return {
        sentence,
        missing: refusal.fields.map((field) =>
          words.say({ kind: "shared", field }, { person: (id) => id, provider: () => undefined }),
        ),
      };
    case "ClosureBlocked":
      return { sentence, missing: refusal.by.map((each) => obstacleInWords(each, refusal.points ?? [], words)) };
    case "FieldWrong":
    case "MomentWrong":
      return {
        sentence,
        missing: refusal.field === "" ? [] : [words.named("field", refusal.field.split(".").at(-1) ?? "")],
      };
    default:
      return { sentence, missing: [] };
  }
};
