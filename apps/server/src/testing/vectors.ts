/**
 * Published vectors, read from the shared folder beside the project, which does not copy them. Their absence is a
 * failure and never a reason to skip.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assert } from "@amana/kernel";
import { fromHex, type Bytes } from "@amana/log";

const folder = join(import.meta.dirname, "../../../../../shared/data/vectors");

export type SignatureVector = {
  readonly publicKey: Bytes;
  readonly message: Bytes;
  readonly signature: Bytes;
  readonly isValid: boolean;
  readonly name: string;
};

type File = {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: string;
    }[];
  }[];
};

export const ed25519Vectors = (): readonly SignatureVector[] => {
  const path = join(folder, "wycheproof-ed25519_test.json");
  assert(
    existsSync(path),
    "The Wycheproof vectors are missing: put the shared folder beside the project, as ../shared.",
  );
  const file = JSON.parse(readFileSync(path, "utf8")) as File;
  return file.testGroups.flatMap((group) =>
    group.tests.map((test) => ({
      publicKey: hex(group.publicKey.pk),
      message: hex(test.msg),
      signature: hex(test.sig),
      isValid: test.result === "valid",
      name: `${test.tcId} ${test.comment}`,
    })),
  );
};

export const hex = (text: string): Bytes => {
  const bytes = fromHex(text);
  assert(bytes !== undefined, "A vector holds something else than hexadecimal text.");
  return bytes;
};
