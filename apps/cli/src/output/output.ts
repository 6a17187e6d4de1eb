/**
 * Writing to a stream that may be slow, full or gone.
 *
 * A write waits until the stream took it, so memory stays bounded however slow the reader is. A reader
 * that left (`| head`) is no mistake: what is written afterwards is dropped in silence.
 */

import type { Writable } from "node:stream";

export type Output = {
  readonly write: (text: string) => Promise<void>;
  /** The reader left; whoever writes much may stop. */
  readonly isReaderGone: () => boolean;
  /** Something else went wrong with the stream, a full disk for instance. */
  readonly hasFailed: () => boolean;
};

const codesOfLeaving: ReadonlySet<string> = new Set(["EPIPE", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END"]);

export const makeOutput = (stream: Writable): Output => {
  let state: "open" | "reader-gone" | "failed" = "open";
  const note = (error: Error | null | undefined): void => {
    if (error === null || error === undefined || state !== "open") return;
    const code = "code" in error ? String(error.code) : "";
    state = codesOfLeaving.has(code) ? "reader-gone" : "failed";
  };
  stream.on("error", note);
  return {
    write: (text) =>
      new Promise((resolve) => {
        if (state !== "open" || text === "") {
          resolve();
          return;
        }
        stream.write(text, (error) => {
          note(error);
          resolve();
        });
      }),
    isReaderGone: () => state === "reader-gone",
    hasFailed: () => state === "failed",
  };
};
