/** What the benchmark asks of a page or of a worker in it. Everything travels as plain data. */

export type BrowserTask =
  /** Fetches the fixture and puts it into the browser's storage, sealed for ours and in clear for the peer. */
  | "prepare"
  | "open-ours"
  | "open-pouchdb"
  /** A loop of a fixed length, in milliseconds: by it one sees how much slower a throttled browser is. */
  | "count";

export type Place = "page" | "worker";

/** The fixture as it travels to the browser: names and values in base64, and the rows in clear. */
export type SentFixture = { readonly stored: readonly (readonly [string, string])[]; readonly rows: readonly object[] };

export type BrowserAnswer =
  { readonly type: "done"; readonly value: unknown } | { readonly type: "failed"; readonly because: string };
