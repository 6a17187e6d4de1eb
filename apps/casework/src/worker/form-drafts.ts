/** What is typed and not saved, and what somebody has chosen for themselves, as the page asks for it. */

import { err, ok } from "@amana/kernel";
import type { FormPlace } from "@amana/device";
import type { Face } from "../wire/face.ts";
import type { Unlockable } from "./after-unlock.ts";

type FormDraftOffers = Pick<Face, "formDrafts" | "keepFormDraft" | "dismissFormDraft" | "choices" | "choose">;

/** The page was given the id of the case by the device. */
const placeOf = (log: string | undefined, form: string): FormPlace => ({ logId: log as FormPlace["logId"], form });

export const formDraftOffers = ({ device }: Unlockable): FormDraftOffers => ({
  formDrafts: async () => {
    const [drafts, cases] = [await device().formDrafts(), await device().listCases()];
    const codes = new Map(cases.ok ? cases.value.map(({ logId, codes }) => [logId, codes.join(", ")] as const) : []);
    if (!drafts.ok) return [];
    return drafts.value.map(({ logId, form, keptAt, content }) => ({
      log: logId,
      form,
      keptAt,
      content,
      code: logId === undefined ? "" : (codes.get(logId) ?? ""),
    }));
  },
  keepFormDraft: async (log, form, content) => {
    const kept = await device().keepFormDraft(placeOf(log, form), content);
    return kept.ok ? ok(null) : err({ type: kept.error.type });
  },
  dismissFormDraft: async (log, form) => {
    await device().dismissFormDraft(placeOf(log, form));
  },
  choices: async () => {
    const choices = await device().choices();
    return choices.ok ? choices.value : {};
  },
  choose: async (name, value) => {
    await device().choose(name, value);
  },
});
