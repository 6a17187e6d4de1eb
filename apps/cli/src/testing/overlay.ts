/** Packs for tests: folders laid over the national pack, made anew and removed again by the test. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder with these files, by path. */
export const folderWith = (
  files: Readonly<Record<string, string | Uint8Array>>,
): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), "amana-cli-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

const overlayPack = `property,value
id,an-organisation
version,1.0.0
format,1
name,An organisation's own pack
extends,iraq-online-violence
`;

/** An organisation's pack with these tables of its own. */
export const overlayFiles = (files: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  "pack.csv": overlayPack,
  ...files,
});
