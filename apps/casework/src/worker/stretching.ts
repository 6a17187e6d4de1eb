/**
 * A worker of its own that stretches one password. The worker that holds the device ends it with the answer: the 64 MB that
 * stretching takes, and whatever they tell of the password, are gone at once, and not when the engine next tidies up.
 */

import { argon2idKdf, type KdfCost } from "@amana/vault";
import type { Bytes } from "@amana/log";

export type Stretching = { readonly password: Bytes; readonly salt: Bytes; readonly cost: KdfCost };

/** Nothing where there was no room for it. */
export type Stretched = Bytes | null;

addEventListener("message", ({ data }: MessageEvent<Stretching>) => {
  const { password, salt, cost } = data;
  const answer: (stretched: Stretched) => void = postMessage;
  // What fails in here by itself nobody outside would hear of, and whoever unlocks would wait for ever.
  void argon2idKdf(password, salt, cost).then(answer, () => answer(null));
});
