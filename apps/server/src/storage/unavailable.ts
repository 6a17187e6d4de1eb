/**
 * What a promise is rejected with when the store does not answer: away, full, or broken. Nothing that was to be written
 * then counts as written. It carries a code and no value of a row, because drivers put values into their messages.
 */

export type StorageUnavailable = Error & { readonly name: "StorageUnavailable"; readonly code: string };

export const storageUnavailable = (cause: unknown): StorageUnavailable => {
  const code = isCoded(cause) ? cause.code : "unknown";
  return Object.assign(new Error(`The storage does not answer (${code}).`), {
    name: "StorageUnavailable" as const, // The name is its own type.
    code,
  });
};

export const isStorageUnavailable = (error: unknown): error is StorageUnavailable =>
  error instanceof Error && error.name === "StorageUnavailable";

/** Codes of the drivers are short words of their own: `SQLITE_FULL`, `57P01`, `ECONNREFUSED`. */
const isCoded = (cause: unknown): cause is { readonly code: string } =>
  typeof cause === "object" &&
  cause !== null &&
  "code" in cause &&
  typeof cause.code === "string" &&
  /^[A-Z0-9_]{1,40}$/.test(cause.code);
