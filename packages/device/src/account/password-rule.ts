/**
 * Which passwords are taken: one that this device has made, or one's own if it is strong enough. Against a copied phone
 * the password is what stands.
 */

import { err, ok, type Result } from "@amana/kernel";
import { sha256, toHex } from "@amana/log";
import { makePassword, passwordBytes, strengthOf, type PasswordStrength, type Randomness } from "@amana/vault";

export type WeakPassword = { readonly type: "WeakPassword"; readonly why: Exclude<PasswordStrength, "strong"> };

export type PasswordRule = {
  /** A new one; the person is shown it and types it again. */
  readonly suggest: () => string;
  readonly check: (password: string) => Result<undefined, WeakPassword>;
};

export const makePasswordRule = (randomness: Randomness): PasswordRule => {
  // Digests, so that no password stays in memory; of 66 random bits nobody guesses one.
  const suggested = new Set<string>();
  const digestOf = (password: string): string => toHex(sha256(passwordBytes(password)));
  return {
    suggest: () => {
      const password = makePassword(randomness);
      suggested.add(digestOf(password));
      return password;
    },
    check: (password) => {
      const strength = strengthOf(password);
      if (strength === "strong" || suggested.has(digestOf(password))) return ok(undefined);
      return err({ type: "WeakPassword", why: strength });
    },
  };
};
