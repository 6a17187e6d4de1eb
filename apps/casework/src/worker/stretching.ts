/**
 * A worker of its own that stretches one password. The worker that holds the device ends it with the answer: the 64 MB that
 * stretching takes, and whatever they tell of the password, are gone at once, and not when the engine next tidies up.
 */

import { argon2idKdf, type KdfCost } from "@amana/vault";
import type { Bytes } from "@amana/log";

export type Stretching = { readonly password: Bytes; readonly salt: Bytes; readonly cost: KdfCost };

addEventListener("message", ({ data }: MessageEvent<Stretching>) => {
  const { password, salt, cost } = data;
  void argon2idKdf(password, salt, cost).then((stretched) => postMessage(stretched));
});
