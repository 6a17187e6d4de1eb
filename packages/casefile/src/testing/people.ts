/** People and ids for tests. All of them are invented. */

import { type Instant, later, parseInstant } from "@amana/kernel";
import type { CaseRole } from "../by.ts";
import type { CaseCode, DateOn, DeviceId, EntryHash, FactId, ItemId, PersonId, RecipientId } from "../ids.ts";

export type Author = { readonly person: PersonId; readonly device: DeviceId; readonly roles: readonly CaseRole[] };

export const personOf = (name: string): PersonId => name as PersonId;
export const deviceOf = (name: string): DeviceId => name as DeviceId;
export const itemOf = (name: string): ItemId => name as ItemId;
export const factOf = (name: string): FactId => name as FactId;
export const recipientOf = (name: string): RecipientId => name as RecipientId;
export const codeOf = (name: string): CaseCode => name as CaseCode;
export const dateOf = (name: string): DateOn => name as DateOn;
export const hashOf = (number: number): EntryHash => number.toString(16).padStart(64, "0") as EntryHash;

const author = (name: string, device: string, ...roles: readonly CaseRole[]): Author => ({
  person: personOf(name),
  device: deviceOf(device),
  roles,
});

/** Caseworkers. */
export const shilan = author("shilan", "shilan-phone", "caseworker");
export const shilanTablet = author("shilan", "shilan-tablet", "caseworker");
export const omar = author("omar", "omar-phone", "caseworker");
/** Supervisors. Rezan carries cases too. */
export const nasrin = author("nasrin", "nasrin-laptop", "supervisor");
export const rezan = author("rezan", "rezan-phone", "caseworker", "supervisor");
/** An account without a part in the case. */
export const stranger = author("stranger", "stranger-phone");

export const momentOf = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (!parsed.ok) throw new Error("A test names a moment that is none.");
  return parsed.value;
};

/** When every story of these tests begins. */
export const startAt: Instant = momentOf("2026-11-21T08:00:00Z");

export const hours = (count: number): Instant => later(startAt, Math.round(count * 3_600_000));
