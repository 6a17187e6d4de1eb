/**
 * What sealing costs: one entry sealed and opened, keys wrapped and unwrapped, many entries read, a case folded.
 */

import type { Benchmark, Figure } from "../benchmark.ts";
import { microsByTurns, type TurnSettings } from "../turns.ts";
import { entryFigures } from "./one-entry.ts";
import { readManyFigures } from "./many.ts";
import { figuresOf } from "./rows.ts";
import { makeSample } from "./sample.ts";
import { eventsOfCase, foldWholeCase, makeWholeCase } from "./whole-case.ts";
import { wrapSides } from "./wraps.ts";

const wrapTurns: TurnSettings = { turns: 7, times: 60, warmUpTimes: 20 };
const foldTurns: TurnSettings = { turns: 15, times: 40, warmUpTimes: 40 };

export const vaultBenchmark: Benchmark = {
  name: "vault",
  notes: [
    "One entry with a body of 1,000 bytes of text, as a caseworker's note has. Ours seals and opens for good: headers, limits,",
    "CBOR, deflate, padding, hashes, key, cipher, signature; what is opened is checked as anyone's bytes.",
    "Bare takes the same steps, given bytes that are ready: the platform's DEFLATE, HKDF by the library that the vault asks,",
    "the platform's AES-256-GCM, SHA-256 and Ed25519; no headers, no CBOR, no padding, no checks. Ours is held to it.",
    "Node.js deflates and enciphers in two ways: its own, which ours takes here, and by WebCrypto and streams, as browsers do.",
    "Bare without deflate is the cryptography alone, which is what sealing a text below 512 bytes takes.",
    "libsodium (WebAssembly) does its own kind of the same steps on bytes that are ready: BLAKE2b, XChaCha20-Poly1305, Ed25519.",
    "Opening is given an entry whose signature was verified; verifying is measured by itself.",
    "Every side takes its turns in the same run; the figure is the median of the turns.",
  ],
  measure: async (say) => {
    const sample = await makeSample();
    say("Sealing, opening and verifying one entry …");
    const entries = await entryFigures(sample);
    say("Wrapping and unwrapping a key …");
    const wraps = await wrapFigures();
    say("Verifying and opening many entries …");
    const many = await readManyFigures(say);
    say("Folding a case …");
    return [...entries, ...wraps, ...many, await foldFigure()];
  },
};

const wrapFigures = async (): Promise<readonly Figure[]> => {
  const { wrapping, unwrapping } = await wrapSides();
  return [
    ...figuresOf("wrap a key for one reader", "ms", await microsByTurns(wrapping, wrapTurns), 1000),
    ...figuresOf("unwrap a key", "ms", await microsByTurns(unwrapping, wrapTurns), 1000),
  ];
};

const foldFigure = async (): Promise<Figure> => {
  const entries = makeWholeCase();
  const micros = await microsByTurns([{ name: "ours", run: () => foldWholeCase(entries) }], foldTurns);
  const ours = (micros.get("ours") ?? Number.NaN) / 1000;
  const aim = { says: "< 2 ms", isReached: ours < 2 };
  return { name: `fold a case of ${eventsOfCase} events`, unit: "ms", ours, peers: {}, ratio: null, aim };
};
