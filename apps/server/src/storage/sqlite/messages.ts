/** What goes between the server's thread and those that own a connection each. */

import type { SnapshotPlace } from "../snapshot.ts";
import type { Change, TablePage } from "../values.ts";

export type Call = { readonly name: string; readonly question: unknown };

export type Order =
  /** All of them in one durable transaction; each that refuses or fails by itself leaves nothing. */
  | { readonly kind: "write"; readonly calls: readonly Call[] }
  | { readonly kind: "read"; readonly call: Call }
  | { readonly kind: "page"; readonly place: SnapshotPlace }
  | { readonly kind: "stop" };

export type Outcome =
  | { readonly kind: "answered"; readonly answer: unknown }
  /** Our own mistake; where in our code, without its message. */
  | { readonly kind: "mistaken"; readonly frames: string };

export type Answer =
  | { readonly kind: "outcomes"; readonly outcomes: readonly Outcome[]; readonly changes: readonly Change[] }
  | { readonly kind: "page"; readonly page: TablePage | undefined; readonly next: SnapshotPlace | undefined }
  | { readonly kind: "stopped" }
  /** The store failed, and the whole order left nothing. `code` is a short word of the driver's. */
  | { readonly kind: "failed"; readonly code: string };

export type ThreadSettings = {
  readonly file: string;
  readonly mode: "write" | "read" | "snapshot";
  /** Of the file, in pages; only tests of a full disk give it. */
  readonly pagesMax: number | undefined;
};

type SqliteError = Error & { readonly code: "ERR_SQLITE_ERROR"; readonly errcode: number };

export const isOfSqlite = (error: unknown): error is SqliteError =>
  error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";

/** A short word for what the driver says. */
export const codeOf = (error: SqliteError): string => `SQLITE_${error.errcode & 0xff}`;
