/** Tests of cutting a stream into lines: every ending, every chunk size, and nothing endless in memory. */

import fc from "fast-check";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { linesOf } from "./lines.ts";

const read = async (chunks: Iterable<Uint8Array>, bytesMax = 100) => {
  const texts: string[] = [];
  for await (const batch of linesOf(Readable.from(chunks), bytesMax)) {
    if (!batch.ok) return [`<${batch.error.type}>`];
    for (const line of batch.value) {
      expect(line.number).toBe(texts.length + 1);
      texts.push(line.text.ok ? line.text.value : `<${line.text.error.type}>`);
    }
  }
  return texts;
};
const bytes = (text: string) => Buffer.from(text, "utf8");

test("lines may end as on Windows, and the last one needs no end", async () => {
  expect(await read([bytes("one\r\ntwo\nthree")])).toEqual(["one", "two", "three"]);
  expect(await read([bytes("one\n")])).toEqual(["one"]);
  expect(await read([])).toEqual([]);
});

test("a blank line is a line", async () => {
  expect(await read([bytes("one\n\n\r\nfour")])).toEqual(["one", "", "", "four"]);
});

test("a byte order mark is dropped at the beginning and nowhere else", async () => {
  expect(await read([bytes("\ufeffone\n\ufefftwo")])).toEqual(["one", "\ufefftwo"]);
});

test("a letter that is cut between two chunks stays whole", async () => {
  const whole = bytes("ناوەڕۆک\nدوو");
  expect(await read([whole.subarray(0, 5), whole.subarray(5)])).toEqual(["ناوەڕۆک", "دوو"]);
});

test("damaged text is refused for its line only", async () => {
  expect(await read([bytes("one\n"), Uint8Array.of(0xff, 0xfe), bytes("\nthree")])).toEqual([
    "one",
    "<NotUtf8>",
    "three",
  ]);
});

test("a line beyond the limit is refused and the next one is read", async () => {
  expect(await read([bytes(`${"a".repeat(100)}\n${"b".repeat(101)}\nthree`)])).toEqual([
    "a".repeat(100),
    "<TooLarge>",
    "three",
  ]);
});

test("a line without an end does not grow in memory", async () => {
  const chunk = new Uint8Array(1024 * 1024).fill(0x61);
  const endless = function* () {
    for (let count = 0; count < 500; count++) yield chunk;
    yield bytes("\nlast");
  };
  const before = process.memoryUsage().arrayBuffers;
  expect(await read(endless(), 1000)).toEqual(["<TooLarge>", "last"]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
});

test("what one chunk held comes together, so that each line can be answered before the next is asked for", async () => {
  const sizes: number[] = [];
  for await (const batch of linesOf(Readable.from([bytes("a\nb\nc"), bytes("\nd\n")]), 10)) {
    sizes.push(batch.ok ? batch.value.length : 0);
  }
  expect(sizes).toEqual([2, 2]);
});

test("a stream that breaks off says so after the lines it gave", async () => {
  const broken = async function* () {
    yield bytes("one\n");
    await Promise.resolve();
    throw Object.assign(new Error("the disk is gone"), { code: "EIO" });
  };
  const seen: string[] = [];
  for await (const batch of linesOf(Readable.from(broken()), 10)) {
    seen.push(batch.ok ? "lines" : batch.error.type);
  }
  expect(seen).toEqual(["lines", "NotReadable"]);
});

test("property: however the bytes arrive, the lines are the same", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "ڕ", "😀", " "), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(200), { maxLength: 8 }), async (written, cuts) => {
      const whole = bytes(written);
      const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].sort(
        (one, other) => one - other,
      );
      const chunks = places.slice(1).map((end, index) => whole.subarray(places[index], end));
      const expected = written.split("\n").map((line) => line.replace(/\r$/, ""));
      // Nothing after the last line end is no line.
      if (written.endsWith("\n") || written === "") expected.pop();
      expect(await read(chunks)).toEqual(expected);
    }),
  );
});
