/**
 * Keys in a wrapper that shows nothing: printed, logged, put into JSON or inspected it is `<redacted>`.
 *
 * The bytes are taken out in one way only, by `exposeSecret`, which a reviewer can search for.
 */

import { assert } from "@amana/kernel";
import type { Bytes } from "@amana/log";

declare const secretOf: unique symbol;

/** A key that does one thing, named by `Of`; one kind cannot be passed for another. */
export type Secret<Of extends string> = { readonly [secretOf]: Of; readonly toString: () => string };

const redacted = (): string => "<redacted>";
const prototype = Object.freeze({
  toString: redacted,
  toJSON: redacted,
  [Symbol.toPrimitive]: redacted,
  [Symbol.for("nodejs.util.inspect.custom")]: redacted,
});

const bytesBySecret = new WeakMap<object, Bytes>();

/** Takes a copy; whoever made the bytes clears their own. `_of` is for the compiler: what the key is for. */
export const conceal = <Of extends string>(_of: Of, bytes: Bytes): Secret<Of> => {
  // The brand exists for the compiler only.
  const secret = Object.freeze(Object.create(prototype)) as Secret<Of>;
  bytesBySecret.set(secret, bytes.slice());
  return secret;
};

/** The live bytes, for a cipher or a sealed vault. Nobody keeps, copies, prints or compares them elsewhere. */
export const exposeSecret = (secret: Secret<string>): Bytes => {
  const bytes = bytesBySecret.get(secret);
  assert(bytes !== undefined, "A secret was used after it had been cleared.");
  return bytes;
};

/** Lock means gone: overwrites the bytes, and every later use stops. */
export const clearSecret = (secret: Secret<string>): void => {
  bytesBySecret.get(secret)?.fill(0);
  bytesBySecret.delete(secret);
};
