/** Bytes in links. */

import { expect, test } from "vitest";
import { bytesOfText, textOfBytes } from "./texts.ts";

test("bytes come back from a link as they were, also when it was pasted over two lines", () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, index) => (index * 37) % 256);
  const text = textOfBytes(bytes);
  expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(bytesOfText(`${text.slice(0, 50)}\n ${text.slice(50)}`)).toEqual(bytes);
  expect(bytesOfText(`invitation=${text}`)).toEqual(bytes);
});

test("anything else is no bytes", () => {
  expect(bytesOfText("")).toBeUndefined();
  expect(bytesOfText("what is this?")).toBeUndefined();
  expect(bytesOfText("abcde")).toBeUndefined();
});
