/** Which consents end by themselves, so that they are asked again in time; and which have ended and nobody asked again. */

import { type Instant, instantMin } from "@amana/kernel";
import type { CaseState } from "../state.ts";
import { type Whose, everyone } from "./record.ts";
import { consentStanding, recipientsNamed } from "./standing.ts";

export type ConsentEnding = { readonly about: string; readonly endsAt: Instant };

/** `about` is whose word, for what, to whom. What was withdrawn, or was none for another flaw, ends nothing. */
export const consentEndings = (state: CaseState): readonly ConsentEnding[] =>
  purposesNamed(state).flatMap(({ whose, purpose }) =>
    recipientsNamed(state, purpose).flatMap((recipient) => {
      // As if none had ended yet: running out is the only flaw that comes with time.
      const standing = consentStanding(state, instantMin, whose, purpose, recipient);
      const endsAt = standing.kind === "yes" ? standing.expiresAt : undefined;
      return endsAt === undefined ? [] : [{ about: `${whose}/${purpose}/${recipient}`, endsAt }];
    }),
  );

const purposesNamed = ({ consent }: CaseState): readonly { readonly whose: Whose; readonly purpose: string }[] => {
  const purposes = new Set([...consent.saidByWhoseAndPurpose.values()].flat().map(({ value }) => value.purpose));
  return [...purposes].sort().flatMap((purpose) => everyone.map((whose) => ({ whose, purpose })));
};
