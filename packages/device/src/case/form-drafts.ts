/**
 * Form drafts: what somebody has typed and not saved yet, kept so that a lock loses nothing. They are no part of any case:
 * nobody but this device reads them, and they are gone once the form was saved or thrown away.
 *
 * One sealed record holds them all, so that nothing in storage tells which case or which form was open. Called in turn.
 */

import { err, ok, type Instant, type Result } from "@amana/kernel";
import { idBytes, type CborValue, type LogId } from "@amana/log";
import { instantFrom, listFrom, logIdFrom, orNothing, textFrom } from "../logs/own-values.ts";
import type { StoreChange } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";

/** Which form it is: of a case, or of none. Whoever draws forms names them. */
export type FormPlace = { readonly logId: LogId | undefined; readonly form: string };

/** `content` is whatever the form needs to be as it was. */
export type FormDraft = FormPlace & { readonly keptAt: Instant; readonly content: string };

export type FormDraftError =
  /** Longer than any form of ours. */
  | { readonly type: "FormDraftTooLong" }
  /** Save or throw away one that was begun: none is dropped by itself. */
  | { readonly type: "TooManyFormDrafts" };

export const formDraftsMax = 30;
/** The longest entry holds 64 kB. */
export const formDraftLengthMax = 64_000;

const draftsName = recordName("form-drafts");

/** The newest first. */
export const listFormDrafts = async ({ records }: Unlocked): Promise<readonly FormDraft[]> => {
  const content = await records.read(draftsName);
  return content === undefined ? [] : listFrom(content).map(draftFrom);
};

/** Durable when it answers. It takes the place of what was kept for this form before. */
export const keepFormDraft = async (
  unlocked: Unlocked,
  { logId, form }: FormPlace,
  content: string,
): Promise<Result<undefined, FormDraftError>> => {
  if (content.length > formDraftLengthMax) return err({ type: "FormDraftTooLong" });
  const others = (await listFormDrafts(unlocked)).filter((each) => !isAt(each, { logId, form }));
  if (others.length >= formDraftsMax) return err({ type: "TooManyFormDrafts" });
  const draft: FormDraft = { logId, form, keptAt: unlocked.now(), content };
  await unlocked.ports.store.write(await changesTo(unlocked, [draft, ...others]));
  return ok(undefined);
};

/** Also when there is none. */
export const dismissFormDraft = async (unlocked: Unlocked, place: FormPlace): Promise<void> => {
  const drafts = await listFormDrafts(unlocked);
  const others = drafts.filter((each) => !isAt(each, place));
  if (others.length < drafts.length) await unlocked.ports.store.write(await changesTo(unlocked, others));
};

/** For whoever destroys what is known here of a case. */
export const formDraftsOfCaseGone = async (unlocked: Unlocked, logId: LogId): Promise<readonly StoreChange[]> => {
  const drafts = await listFormDrafts(unlocked);
  const others = drafts.filter((each) => each.logId !== logId);
  return others.length === drafts.length ? [] : changesTo(unlocked, others);
};

const isAt = (draft: FormDraft, { logId, form }: FormPlace): boolean => draft.logId === logId && draft.form === form;

const changesTo = ({ records }: Unlocked, drafts: readonly FormDraft[]): Promise<readonly StoreChange[]> =>
  records.changes(draftsName, drafts.length === 0 ? undefined : drafts.map(draftContent));

const draftContent = ({ logId, form, keptAt, content }: FormDraft): CborValue => [
  logId === undefined ? null : idBytes(logId),
  form,
  keptAt,
  content,
];

const draftFrom = (value: CborValue): FormDraft => {
  const [logId, form, keptAt, content] = listFrom(value);
  return {
    logId: orNothing(logId, logIdFrom),
    form: textFrom(form),
    keptAt: instantFrom(keptAt),
    content: textFrom(content),
  };
};
