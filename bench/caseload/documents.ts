/** The peer's caseload, the same in Node.js and in a browser: a document for each case, in clear, all opened at once. */

import type { CaseRow } from "../../packages/device/src/case/case-row.ts";
import { casesCount } from "./rows.ts";

type Document = Omit<CaseRow, "logId"> & { readonly _id: string };

/** The little of PouchDB that is used here. */
type Database = {
  readonly bulkDocs: (documents: readonly Document[]) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
  readonly allDocs: (settings: object) => Promise<{ readonly rows: readonly { readonly doc: Document }[] }>;
};

export type OpenDatabase = () => Database;

export const writeDocuments = async (open: OpenDatabase, rows: readonly CaseRow[]): Promise<void> => {
  const database = open();
  await database.bulkDocs(rows.map(({ logId, ...row }) => ({ _id: logId, ...row })));
  // Whoever opens it next is another process.
  await database.close();
};

export const openDocuments = async (open: OpenDatabase): Promise<{ readonly openMilliseconds: number }> => {
  const startedAt = performance.now();
  const { rows } = await open().allDocs({ include_docs: true });
  const openMilliseconds = performance.now() - startedAt;
  const isWhole = rows.length === casesCount && rows.every(({ doc }) => typeof doc.searchKeys === "string");
  if (!isWhole) throw new Error("The peer's caseload is not whole.");
  return { openMilliseconds };
};
