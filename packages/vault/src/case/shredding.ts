/**
 * What says of a shredded case that it was shredded, for a device that never had its keys: it was enrolled since, or its person
 * has other keys. Without it such a device could not tell a case that two people destroyed from one whose keys a server keeps back.
 *
 * The keys of single control entries, by which whoever is handed the log judges the shredding as any other device did, and reads
 * nothing else. They are sealed under a key that follows from the organisation's own. Format: docs/formats/entry.md §9.
 */

import { concat, idBytes, label, type EntryHash, type History, type LogId, type Review } from "@amana/log";
import type { CaseKey } from "../case-key.ts";
import { deriveSecret } from "../hazmat/derive.ts";
import type { Deflate } from "../ports.ts";
import { open, type EntryKey } from "../seal.ts";
import type { CaseSource } from "./content.ts";
import { readCaseControlEvent, type ShreddingTold } from "./events.ts";

/** From a key of the organisation's log. It seals one kind of entry and never a content. */
export const shreddingKey = (organisationKey: CaseKey, logId: LogId): Promise<CaseKey> =>
  deriveSecret("case-key", organisationKey, new Uint8Array(), concat(label("shredding-key"), idBytes(logId)));

/**
 * By entry. Looked for only where a key is missing. Whoever confirmed the shredding tells them and nobody else: the author of
 * an entry could have sealed it so that another key opens it into something else.
 */
export const keysTold = async (
  source: CaseSource,
  history: History,
  { controlLine, counted }: Review,
  deflate: Deflate,
): Promise<ReadonlyMap<EntryHash, EntryKey>> => {
  const counting = new Set(counted);
  const begun = controlLine.flatMap((hash) => {
    const entry = history.held.get(hash)?.entry;
    const commitment = entry?.header.keyCommitment;
    if (entry === undefined || commitment === undefined || !counting.has(hash)) return [];
    return [{ entry, key: source.keyOf(commitment) }];
  });
  const told = new Map<EntryHash, EntryKey>();
  if (begun.every(({ key }) => key !== undefined)) return told;
  for (const { entry, key } of begun) {
    const opened = key === undefined ? undefined : await open(entry, key, deflate);
    const event = opened?.ok === true ? shreddingIn(opened.value.events.map(readCaseControlEvent)) : undefined;
    const confirmation = event === undefined ? undefined : history.held.get(event.confirmation)?.entry;
    if (event === undefined || confirmation?.header.author !== entry.header.author) continue;
    for (const each of event.keys) told.set(each.entry, each.key);
  }
  return told;
};

const shreddingIn = (events: readonly ReturnType<typeof readCaseControlEvent>[]): ShreddingTold | undefined => {
  const [only] = events;
  return events.length === 1 && only?.type === "ShreddingTold" ? only : undefined;
};
