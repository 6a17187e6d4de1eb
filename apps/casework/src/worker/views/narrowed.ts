/** Of what others have, what may be used no longer: as it is shown where they are to be told of it, and in the history. */

import type { Narrowing } from "@amana/casefile";
import type { Mark, Row } from "../../case/screen.ts";
import { text, word } from "./rows.ts";

export const narrowingMarks = (narrowings: readonly Narrowing[]): readonly Mark[] =>
  narrowings.length > 0 ? [{ phrase: word("mark.toBeTold"), tone: "alarm", follows: true }] : [];

/** What is to be said, as it is to be said: which of it, and which limits are new. */
export const narrowingRows = (narrowings: readonly Narrowing[]): readonly Row[] =>
  narrowings.flatMap((narrowing) => [
    ...narrowedRows(narrowing).map((row) => ({ ...row, follows: true }) as const),
    ...narrowing.limits.map(
      (limit) => ({ label: word("field.limitsSince"), value: text(limit), follows: true }) as const,
    ),
  ]);

export const narrowedRows = ({ fields }: Pick<Narrowing, "fields">): readonly Row[] =>
  fields.length === 0
    ? []
    : [
        {
          label: word("field.noLongerShared"),
          value: { kind: "list", of: fields.map((field) => ({ kind: "shared", field })) },
        },
      ];
