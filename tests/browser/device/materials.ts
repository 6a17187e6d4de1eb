/** Gathers all golden vectors and the published ones that the vault is tested with. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { wycheproof } from "../../../packages/vault/src/testing/vectors.ts";
import type { Materials } from "./verdicts.ts";

const vectors = join(import.meta.dirname, "../../../packages/vault/src/testing");

const goldenIn = (folder: string): readonly object[] =>
  globSync("*.json", { cwd: join(vectors, folder) })
    .sort()
    .map((name) => ({ name, ...(JSON.parse(readFileSync(join(vectors, folder, name), "utf8")) as object) }));

export const readMaterials = (): Materials => ({
  golden: goldenIn("golden") as Materials["golden"],
  goldenKeys: goldenIn("golden-keys") as Materials["goldenKeys"],
  published: {
    ed25519: wycheproof("ed25519"),
    aes_gcm: wycheproof("aes_gcm"),
    hkdf_sha256: wycheproof("hkdf_sha256"),
    x25519: wycheproof("x25519"),
    mlkem_768: wycheproof("mlkem_768"),
  },
});
