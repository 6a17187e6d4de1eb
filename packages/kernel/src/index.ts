/**
 * The few words every part shares: Result, Brand, Instant, assert, exhausted.
 *
 * What must stay true: it stands alone, it knows nothing of cases, and it never grows past 200 lines.
 */

export type { Brand } from "./brand.ts";
export { assert, exhausted } from "./impossible.ts";
export { formatInstant, instantMax, instantMin, isInstant, later, parseInstant } from "./instant.ts";
export type { Instant, InstantError } from "./instant.ts";
export { err, ok } from "./result.ts";
export type { Err, Ok, Result } from "./result.ts";
