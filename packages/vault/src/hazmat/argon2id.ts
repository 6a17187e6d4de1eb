/** Argon2id in WebAssembly: the password stretching that ships. */

import type { Bytes } from "@amana/log";
import { argon2id } from "hash-wasm";
import type { Kdf } from "../ports.ts";

export const argon2idKdf: Kdf = async (password: Bytes, salt: Bytes, cost) =>
  new Uint8Array(
    await argon2id({
      password,
      salt,
      memorySize: cost.memoryKibibytes,
      iterations: cost.passes,
      parallelism: 1,
      hashLength: 32,
      outputType: "binary",
    }),
  );
