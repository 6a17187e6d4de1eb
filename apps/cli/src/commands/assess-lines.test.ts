/** Tests of `amana assess --jsonl`: in order, one line out for each line in, and no memory without bound. */

import { setTimeout as pause } from "node:timers/promises";
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { type Typed, amana } from "../testing/terminal.ts";

type Line = {
  readonly pack?: unknown;
  readonly track?: string;
  readonly error?: { readonly line: number; readonly problems: readonly { readonly type: string }[] };
};

const lines = async (input: Typed["input"], argv: readonly string[] = []) => {
  const seen = await amana(["assess", "--jsonl", ...argv], input === undefined ? {} : { input });
  const answers = seen.out.split("\n");
  expect(answers.pop()).toBe("");
  return { ...seen, answers: answers.map((line) => JSON.parse(line) as Line) };
};

test("each case is answered on its own line, in order, as the single call answers it", async () => {
  const cases = ["child", "adult", "child"].map((age) => JSON.stringify({ age }));
  const { code, err, answers } = await lines(cases.join("\n"));
  expect([code, err]).toEqual([0, ""]);
  expect(answers.map(({ track }) => track)).toEqual(["child", "adult", "child"]);
  const single = await amana(["assess", "-", "--json"], { input: cases[0] ?? "" });
  expect(answers[0]).toEqual(JSON.parse(single.out));
});

test("nothing in, nothing out", async () => {
  expect(await lines("")).toMatchObject({ code: 0, out: "", err: "" });
});

test("a bad line does not take the other answers with it", async () => {
  const input = [
    '{"age":"child"}',
    '{"agee":"child"}',
    "",
    "{",
    '{"age":"adult","age":"child"}',
    '{"age":"adult"}',
  ].join("\r\n");
  const { code, err, answers } = await lines(`\ufeff${input}`);
  expect(code).toBe(2);
  expect(answers.map((line) => line.track ?? line.error?.problems[0]?.type)).toEqual([
    ...["child", "FactUnknown", "Empty", "NotJson", "KeyTwice", "adult"],
  ]);
  expect(answers.flatMap((line) => line.error?.line ?? [])).toEqual([2, 3, 4, 5]);
  expect(
    err
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]),
  ).toEqual(["<stdin>:2:", "<stdin>:3:", "<stdin>:4:2:", "<stdin>:5:16:"]);
});

test("a line beyond 1 MiB, or not UTF-8, is refused and the next one answered", async () => {
  const long = Buffer.from(`{"age":"${"a".repeat(1024 * 1024)}"}\n`);
  const damaged = Uint8Array.of(0x7b, 0xff, 0x7d, 0x0a);
  const { code, answers } = await lines([long, damaged, Buffer.from('{"age":"adult"}')]);
  expect(code).toBe(2);
  expect(answers.map((line) => line.track ?? line.error?.problems[0]?.type)).toEqual(["TooLarge", "NotUtf8", "adult"]);
});

test("a file that is missing is refused by its name", async () => {
  const { code, out, err } = await amana(["assess", "--jsonl", "nowhere.jsonl"]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain("nowhere.jsonl");
});

test("each line is answered before the next one is asked for", async () => {
  const order: string[] = [];
  const asking = function* () {
    for (const age of ["child", "adult"]) {
      order.push(`asks ${age}`);
      yield Buffer.from(`{"age":"${age}"}\n`);
    }
  };
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      order.push(`answers ${String((JSON.parse(String(chunk)) as Line).track)}`);
      done();
    },
  });
  await amana(["assess", "--jsonl"], { input: asking(), stdout });
  expect(order.indexOf("answers child")).toBeLessThan(order.indexOf("answers adult"));
  expect(order.filter((step) => step.startsWith("answers"))).toEqual(["answers child", "answers adult"]);
});

test("a slow reader slows the work down instead of filling the memory", async () => {
  let given = 0;
  let taken = 0;
  let aheadMost = 0;
  const cases = function* () {
    for (given = 0; given < 400; given++) yield Buffer.from("{}\n");
  };
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      taken += String(chunk).split("\n").length - 1;
      aheadMost = Math.max(aheadMost, given - taken);
      void pause(1).then(() => done());
    },
  });
  expect((await amana(["assess", "--jsonl"], { input: cases(), stdout })).code).toBe(0);
  expect(taken).toBe(400);
  // A stream of chunks reads a few ahead; what must not happen is that all are read while one is written.
  expect(aheadMost).toBeLessThan(60);
});

test("when the reader leaves, the work ends in silence", async () => {
  let given = 0;
  const cases = function* () {
    for (given = 0; given < 100_000; given++) yield Buffer.from("{}\n");
  };
  const stdout = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("gone"), { code: "EPIPE" })),
  });
  expect(await amana(["assess", "--jsonl"], { input: cases(), stdout })).toEqual({ code: 0, out: "", err: "" });
  expect(given).toBeLessThan(1_000);
});
