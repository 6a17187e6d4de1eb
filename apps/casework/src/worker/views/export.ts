/** The case as a file: everything as documented JSON, or its incidents as a table that counts nobody who did not agree. */

import { type IncidentView, exportCase, incidentViews } from "@amana/casefile";
import { err, ok, type Result } from "@amana/kernel";
import type { Refusal } from "../../case/screen.ts";
import type { CaseFileKind } from "../../print/paper.ts";
import type { Seen } from "./seen.ts";

export const fileOf = (seen: Seen, kind: CaseFileKind): Result<string, Refusal> => {
  if (seen.isUnreadLeft) return err({ type: "UpdateFirst" });
  if (kind !== "case-file") return tableOf(seen);
  return ok(`${JSON.stringify(exportCase(seen.state, seen.now, seen.access.history, seen.leftOut), null, 2)}\n`);
};

const tableOf = (seen: Seen): Result<string, Refusal> => {
  const incidents = incidentViews(seen.state, seen.now);
  if (incidents.length === 0) return err({ type: "NotThere" });
  const counted = incidents.filter(({ mayCount }) => mayCount);
  if (counted.length === 0) return err({ type: "ConsentMissing", purpose: "statistics", from: "consent" });
  return ok([["incident_type", "case_contexts", "reporting_delay"], ...counted.map(rowOf)].map(lineOf).join(""));
};

/** Neither the incident nor the case can be recognised by it. */
const rowOf = ({ type, contexts, delay }: IncidentView): readonly string[] => [type, contexts.join(" "), delay ?? ""];

/** RFC 4180. */
const lineOf = (cells: readonly string[]): string => `${cells.map(cellOf).join(",")}\r\n`;

/** A spreadsheet takes a cell that begins with one of these for a formula; an apostrophe before it makes it a text (SECURITY §6.10). */
export const cellOf = (text: string): string => {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};
