/** What is typed and not saved yet, and what somebody has chosen for themselves. None of it leaves the device, and none of it waits for the network. */

import { ok } from "@amana/kernel";
import { readChoices, writeChoice, type Choices } from "../account/choices.ts";
import {
  dismissFormDraft,
  keepFormDraft,
  listFormDrafts,
  type FormDraft,
  type FormDraftError,
  type FormPlace,
} from "../case/form-drafts.ts";
import type { Answer, Core } from "./core.ts";

export type FormsFace = {
  /** The newest first. */
  readonly formDrafts: () => Answer<readonly FormDraft[]>;
  /** Durable on this device when it answers. */
  readonly keepFormDraft: (place: FormPlace, content: string) => Answer<undefined, FormDraftError>;
  readonly dismissFormDraft: (place: FormPlace) => Answer<undefined>;
  readonly choices: () => Answer<Choices>;
  readonly choose: (name: string, value: string) => Answer<undefined>;
};

export const formsFace = ({ inTurn, read }: Core): FormsFace => ({
  formDrafts: () => read(listFormDrafts),
  keepFormDraft: (place, content) => inTurn((unlocked) => keepFormDraft(unlocked, place, content)),
  dismissFormDraft: (place) =>
    inTurn(async (unlocked) => {
      await dismissFormDraft(unlocked, place);
      return ok(undefined);
    }),
  choices: () => read(readChoices),
  choose: (name, value) =>
    inTurn(async (unlocked) => {
      await writeChoice(unlocked, name, value);
      return ok(undefined);
    }),
});
