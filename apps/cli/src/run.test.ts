/** Tests of calling `amana`: help everywhere, bad use refused with words, and never a stack trace. */

import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { commands } from "./commands.ts";
import { amana } from "./testing/terminal.ts";
import { languages } from "./words.ts";

const hasStackTrace = /\n\s+at |node:internal|\.ts:\d+:\d+\)/;

test.each(languages)("help in %s names every command and shows one call that works", async (lang) => {
  const { code, out, err } = await amana(["--help", "--lang", lang]);
  expect([code, err]).toEqual([0, ""]);
  for (const { name } of commands) expect(out).toContain(name.join(" "));
  expect(out).toContain("npm run --silent amana -- assess case.json");
});

test.each(commands.map(({ name, example, options }) => ({ name, example, options })))(
  "help of $name.0 $name.1 shows its options and its example in every language",
  async ({ name, example, options }) => {
    for (const lang of languages) {
      for (const help of ["--help", "-h"]) {
        const { code, out } = await amana([...name, help, "--lang", lang]);
        expect(code).toBe(0);
        expect(out).toContain(`npm run --silent amana -- ${example}`);
        for (const option of [...Object.keys(options), "lang", "help"]) expect(out).toContain(`--${option}`);
      }
    }
  },
);

test("help of a group lists its commands", async () => {
  const { code, out } = await amana(["pack", "--help"]);
  expect(code).toBe(0);
  expect(out).toContain("pack verify");
  expect(out).toContain("pack show");
  expect(out).not.toContain("contacts [");
});

test("without a command, with an unknown one, or with half of one, nothing is done and help is named", async () => {
  for (const argv of [[], ["ases"], ["pack"], ["pack", "prove"], ["--bogus"], ["verify", "pack"]]) {
    const { code, out, err } = await amana(argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("--help");
    expect(err).not.toMatch(hasStackTrace);
  }
});

test("an option that is unknown, repeated, without its value, or with one too many is refused by name", async () => {
  const refused = async (...argv: readonly string[]) => {
    const { code, out, err } = await amana(argv);
    expect([code, out], argv.join(" ")).toEqual([2, ""]);
    return err;
  };
  expect(await refused("contacts", "--regoin", "kri")).toContain("--regoin");
  expect(await refused("contacts", "--regoin=kri")).toContain("--region");
  expect(await refused("contacts", "-r")).toContain("-r");
  expect(await refused("contacts", "--region", "kri", "--region", "federal")).toContain("twice");
  expect(await refused("contacts", "--region")).toContain("kri|federal");
  expect(await refused("contacts", "--region", "--json")).toContain("kri|federal");
  expect(await refused("contacts", "--region=")).toContain("kri|federal");
  expect(await refused("contacts", "--json=yes")).toContain("--json");
  expect(await refused("contacts", "kri")).toContain("kri");
  expect(await refused("contacts", "--__proto__")).toContain("--__proto__");
  expect(await refused("pack", "show", "a", "rules", "c")).toContain("c");
});

test("a language that we do not have is refused, and the ones we have are named", async () => {
  const { code, err } = await amana(["contacts", "--lang", "ku"]);
  expect(code).toBe(2);
  expect(err).toContain("en, ar, ckb, kmr");
});

test("the language may stand before the command as well as behind it, with a wrong one refused either way", async () => {
  const behind = await amana(["contacts", "--lang", "ar"]);
  expect(behind.code).toBe(0);
  for (const argv of [
    ["--lang", "ar", "contacts"],
    ["--lang=ar", "contacts"],
  ])
    expect(await amana(argv)).toEqual(behind);
  expect((await amana(["--lang", "ar", "server", "--help"])).code).toBe(0);
  expect(await amana(["--lang", "ku", "contacts"])).toEqual(await amana(["contacts", "--lang", "ku"]));
});

test("the language comes from LANG, and --lang is stronger", async () => {
  expect((await amana(["contacts"], { lang: "ar_IQ.UTF-8" })).out).toContain("أرقام");
  expect((await amana(["contacts", "--lang", "ckb"], { lang: "ar_IQ.UTF-8" })).out).toContain("ژمارەکان");
  expect((await amana(["contacts", "--lang=kmr"], { lang: "ar_IQ.UTF-8" })).out).toContain("ژمارە");
  expect((await amana(["contacts", "--bogus", "--lang", "ar"])).err).toContain("لا يوجد");
});

test("control characters in what was typed do not reach the screen", async () => {
  const { err } = await amana(["\u001b[31mred\u202e"]);
  expect(err).not.toMatch(/[\u001b\u202e]/);
});

test("the version is printed", async () => {
  const { code, out, err } = await amana(["--version"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("a mistake of ours is one calm line that holds nothing of a case", async () => {
  const milliseconds = () => {
    throw new Error("a name from a case");
  };
  const { code, out, err } = await amana(["pack", "verify"], { milliseconds });
  expect([code, out]).toEqual([70, ""]);
  expect(err.split("\n")).toHaveLength(2);
  expect(err).not.toContain("a name from a case");
  expect(err).toContain("run.test.ts");
});

const failingStream = (code: string) =>
  new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error("write failed"), { code })) });

test("a reader that left is no mistake", async () => {
  expect(await amana(["contacts"], { stdout: failingStream("EPIPE") })).toEqual({ code: 0, out: "", err: "" });
});

test("an output that cannot be written is told", async () => {
  const { code, err } = await amana(["contacts"], { stdout: failingStream("ENOSPC") });
  expect(code).toBe(70);
  expect(err).toContain("could not be written");
});
