/** Which consents end by themselves, so that they are asked again in time. */

import type { Instant } from "@amana/kernel";
import type { CaseState } from "../state.ts";
import type { Whose } from "./record.ts";
import { consentStanding, recipientsNamed } from "./standing.ts";

export type ConsentEnding = { readonly about: string; readonly endsAt: Instant };

/** `about` is whose word, for what, to whom. */
export const consentEndings = (state: CaseState, now: Instant): readonly ConsentEnding[] =>
  purposesNamed(state).flatMap(({ whose, purpose }) =>
    recipientsNamed(state, purpose).flatMap((recipient) => {
      const standing = consentStanding(state, now, whose, purpose, recipient);
      const endsAt = standing.kind === "yes" ? standing.expiresAt : undefined;
      return endsAt === undefined ? [] : [{ about: `${whose}/${purpose}/${recipient}`, endsAt }];
    }),
  );

const everyone: readonly Whose[] = ["survivor", "child", "guardian", "best-interests"];

const purposesNamed = ({ consent }: CaseState): readonly { readonly whose: Whose; readonly purpose: string }[] => {
  const purposes = new Set([...consent.saidByWhoseAndPurpose.values()].flat().map(({ value }) => value.purpose));
  return [...purposes].sort().flatMap((purpose) => everyone.map((whose) => ({ whose, purpose })));
};
