/** How the two halves of the backup key are written: the public one for the server, the private one for a place that is never online. */

import { fromHex, toHex, type Bytes } from "@amana/log";
import { keyBytes } from "./sealed-file.ts";

export type KeyHalf = keyof typeof forms;

const forms = {
  private: /^amana backup key, private: ([0-9a-f]{64})\s*$/,
  public: /^amana backup key, public: ([0-9a-f]{64})\s*$/,
} as const;

export const backupKeyText = (half: KeyHalf, bytes: Bytes): string => `amana backup key, ${half}: ${toHex(bytes)}\n`;

/** Nothing when it is anything else than this half of a key: the private half never passes for the public one. */
export const parseBackupKey = (half: KeyHalf, text: string): Bytes | undefined => {
  const bytes = fromHex(forms[half].exec(text)?.[1] ?? "");
  return bytes?.length === keyBytes ? bytes : undefined;
};
