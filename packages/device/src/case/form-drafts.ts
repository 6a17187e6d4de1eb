/**
 * Form drafts: what somebody has typed and not saved yet, kept so that a lock loses nothing. They are no part of any case:
 * nobody but this device reads them, and they are gone once the form was saved or thrown away.
 *
 * One sealed record holds them all, so that nothing in storage tells which case or which form was open. Called in turn.
 */

import { err, ok, type Instant, type Result } from "@amana/kernel";
import { idBytes, type CborValue, type LogId } from "@amana/log";
import { holdLog } from "../logs/held-log.ts";
import { instantFrom, listFrom, logIdFrom, orNothing, textFrom } from "../logs/own-values.ts";
import type { StoreChange } from "../ports.ts";
import { recordName } from "../store/names.ts";
import type { Unlocked } from "../unlocked.ts";
import { resolvedNames } from "./seal-drafts.ts";

/**
 * Which form it is: of a case, or of none. Whoever draws forms names them, and may name entries in it: what was a draft when the form was
 * opened is found, and listed, by what it is called since it was sealed.
 */
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
export const listFormDrafts = async (unlocked: Unlocked): Promise<readonly FormDraft[]> => {
  const content = await unlocked.records.read(draftsName);
  const drafts = content === undefined ? [] : listFrom(content).map(draftFrom);
  return Promise.all(drafts.map((draft) => calledNow(unlocked, draft)));
};

/** Durable when it answers. It takes the place of what was kept for this form before. */
export const keepFormDraft = async (
  unlocked: Unlocked,
  place: FormPlace,
  content: string,
): Promise<Result<undefined, FormDraftError>> => {
  if (content.length > formDraftLengthMax) return err({ type: "FormDraftTooLong" });
  const draft = await calledNow(unlocked, { ...place, keptAt: unlocked.now(), content });
  const others = (await listFormDrafts(unlocked)).filter((each) => !isAt(each, draft));
  if (others.length >= formDraftsMax) return err({ type: "TooManyFormDrafts" });
  await unlocked.ports.store.write(await changesTo(unlocked, [draft, ...others]));
  return ok(undefined);
};

/** Also when there is none. */
export const dismissFormDraft = async (unlocked: Unlocked, place: FormPlace): Promise<void> => {
  const drafts = await listFormDrafts(unlocked);
  const named = await calledNow(unlocked, place);
  const others = drafts.filter((each) => !isAt(each, named));
  if (others.length < drafts.length) await unlocked.ports.store.write(await changesTo(unlocked, others));
};

/** For whoever destroys what is known here of a case. */
export const formDraftsOfCaseGone = async (unlocked: Unlocked, logId: LogId): Promise<readonly StoreChange[]> => {
  const drafts = await listFormDrafts(unlocked);
  const others = drafts.filter((each) => each.logId !== logId);
  return others.length === drafts.length ? [] : changesTo(unlocked, others);
};

const entryName = /[0-9a-f]{64}/g;

/** Few forms name an entry, and only of the cases of those anything is read. What is typed in a form is named anew when it is told. */
const calledNow = async <Place extends FormPlace>(unlocked: Unlocked, place: Place): Promise<Place> => {
  const { logId, form } = place;
  if (logId === undefined || form.search(entryName) === -1) return place;
  const log = await holdLog(unlocked, logId);
  if (log === undefined) return place;
  const names: ReadonlyMap<string, string> = resolvedNames(log.record.sealedAs);
  return { ...place, form: form.replace(entryName, (name) => names.get(name) ?? name) };
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
