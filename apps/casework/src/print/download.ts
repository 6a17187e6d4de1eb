/** A file for whoever holds this device: under a name that never comes from the case, and let go of as soon as it is taken. */

import type { CaseFileKind } from "./paper.ts";

const files: Readonly<Record<CaseFileKind, { readonly name: string; readonly type: string }>> = {
  "case-file": { name: "notes.json", type: "application/json" },
  "incident-table": { name: "table.csv", type: "text/csv;charset=utf-8" },
};

/** Some browsers begin to take it only after the click has been dealt with. */
const takingMillisecondsMax = 10_000;

export const download = (kind: CaseFileKind, text: string): void => {
  const { name, type } = files[kind];
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), takingMillisecondsMax);
};
