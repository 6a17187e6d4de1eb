/** The search finds what it looks for, or its silence would say nothing. */

import { describe, expect, test } from "vitest";
import { plantedSentences, tracesIn } from "./planted.ts";

const around = (bytes: Buffer): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat([Buffer.from("7a"), bytes, Buffer.from("z")]));

describe("A planted sentence", () => {
  test("is found however it is written, in each of our languages", () => {
    for (const [sentence, text] of plantedSentences.entries()) {
      for (const encoding of ["utf8", "utf16le"] as const) {
        const bytes = Buffer.from(text, encoding);
        const forms = [
          bytes,
          Buffer.from(bytes.toString("hex")),
          ...["", "a", "ab"].map((before) =>
            Buffer.from(Buffer.concat([Buffer.from(before), bytes]).toString("base64")),
          ),
          Buffer.from(Buffer.concat([Buffer.from("a"), bytes, Buffer.from("more")]).toString("base64url")),
        ];
        for (const form of forms) expect(tracesIn([around(form)]).map((trace) => trace.sentence)).toContain(sentence);
      }
    }
  });

  test("is not found where it is not", () => {
    expect(tracesIn([around(Buffer.from("Her sister found the pictures on the blue phone"))])).toEqual([]);
  });
});
