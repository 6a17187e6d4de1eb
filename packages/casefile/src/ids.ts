/** The ids a case file speaks of. Each is made by whoever owns it; here they are only told apart. */

import type { Brand } from "@amana/kernel";

/** The name of an entry of the sealed log: 64 hexadecimal digits. Whoever approves something names it by this. */
export type EntryHash = string & Brand<"EntryHash">;
/** A person of the organisation, as resolved from the envelope; the same person with new keys keeps the id. */
export type PersonId = string & Brand<"PersonId">;
export type DeviceId = string & Brand<"DeviceId">;

/** What a case is called: letters, digits and hyphens, never a name. */
export type CaseCode = string & Brand<"CaseCode">;

/**
 * Whoever receives something or is allowed something: a tool, an act, an agency, a provider of the directory
 * (`provider:` and its id), or a name in any writing.
 */
export type RecipientId = string & Brand<"RecipientId">;

/** Items of a case. The device that adds one makes its id at random. */
export type ItemId = string & Brand<"ItemId">;

/** An id of the pathway's vocabulary (DOMAIN §13). */
export type FactId = string & Brand<"FactId">;

/** A calendar date, `2026-11-21`. */
export type DateOn = string & Brand<"DateOn">;
