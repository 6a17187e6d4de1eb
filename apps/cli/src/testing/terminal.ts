/** Runs `amana` inside a test: what is typed goes in, what a person would see comes out. */

import { Readable, Writable } from "node:stream";
import { instantMin, type Instant } from "@amana/kernel";
import { runAmana } from "../run.ts";
import type { Terminal } from "../terminal.ts";

export type Seen = { readonly code: number; readonly out: string; readonly err: string };

export type Typed = {
  /** What is piped in, as text or as bytes. */
  readonly input?: string | Uint8Array | Iterable<Uint8Array>;
  readonly lang?: string;
  readonly folder?: string;
  readonly stdout?: Writable;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => Instant;
  readonly milliseconds?: () => number;
};

const chunksOf = (input: Typed["input"]): Iterable<Uint8Array> => {
  if (input === undefined || input === "") return [];
  if (typeof input === "string") return [Buffer.from(input, "utf8")];
  return input instanceof Uint8Array ? [input] : input;
};

export const amana = async (argv: readonly string[], typed: Typed = {}): Promise<Seen> => {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    stdin: Readable.from(chunksOf(typed.input)),
    stdout: typed.stdout ?? collecting(out),
    stderr: collecting(err),
    env: { LANG: typed.lang ?? "C.UTF-8", ...typed.env },
    folder: typed.folder ?? import.meta.dirname,
    columns: undefined,
    now: typed.now ?? (() => instantMin),
    milliseconds: typed.milliseconds ?? (() => 0),
  };
  const code = await runAmana(argv, terminal);
  return { code, out: out.join(""), err: err.join("") };
};

const collecting = (into: string[]): Writable =>
  new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      into.push(String(chunk));
      done();
    },
  });
