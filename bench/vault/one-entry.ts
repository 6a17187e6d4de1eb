/** One entry sealed, opened, verified and read, each beside the same cryptography called bare and beside libsodium. */

import { encodeEntry, parseEntry, type Bytes, type SealedEntry } from "@amana/log";
import { encodeBody, exposeSecret, open, platformDeflate, seal, verifyEntry } from "@amana/vault";
import type { Figure } from "../benchmark.ts";
import { microsByTurns, type Side, type TurnSettings } from "../turns.ts";
import { bareWays, makeBare, type Bare } from "./bare.ts";
import { figuresOf } from "./rows.ts";
import { contentOf, present, type Sample } from "./sample.ts";
import { makeSodium, type SodiumEntry, type SodiumPeer } from "./sodium.ts";

const turns: TurnSettings = { turns: 9, times: 1000, warmUpTimes: 300 };
const bareName = "the same steps, bare";
const bareAsInBrowsers = "the same steps, bare, by WebCrypto and streams";
const withoutDeflate = "bare, without deflate";

/** What every side needs, made outside of what is measured. */
type Prepared = {
  readonly sample: Sample;
  readonly plain: Bytes;
  readonly content: Bytes;
  readonly deflated: Bytes;
  readonly bare: Bare;
  readonly bareOfBrowsers: Bare;
  readonly sodium: SodiumPeer;
  readonly fromSodium: SodiumEntry;
};

export const entryFigures = async (sample: Sample): Promise<readonly Figure[]> => {
  const prepared = await prepare(sample);
  const sealed = await microsByTurns(sealSides(prepared), turns);
  const opened = await microsByTurns(openSides(prepared), turns);
  const verified = await microsByTurns(verifySides(prepared), turns);
  const read = await microsByTurns([readSide(sample.entry)], turns);
  return [
    ...figuresOf("seal one entry", "µs", sealed, 1, { [bareName]: 2 }),
    ...figuresOf("open one entry", "µs", opened, 1, { [bareName]: 1.5 }),
    ...figuresOf("verify one entry", "µs", verified, 1),
    ...figuresOf("read and name one entry as it arrives", "µs", read, 1),
  ];
};

const prepare = async (sample: Sample): Promise<Prepared> => {
  const { sealing, entry, author, caseKey } = sample;
  const plain = present(await encodeBody(sealing.body, platformDeflate));
  const content = contentOf(sealing.body);
  const bare = await makeBare(caseKey, author);
  const bareOfBrowsers = await makeBare(caseKey, author, bareWays.browsers);
  const deflated = await bare.deflate(content);
  const sodium = await makeSodium(exposeSecret(caseKey));
  const fromSodium = sodium.seal(entry.headerBytes, entry.header.nonce, plain);
  const isSameWork =
    (await bare.verify(entry)) &&
    (await bare.open(entry)).length === plain.length &&
    (await bareOfBrowsers.open(entry)).length === plain.length &&
    sodium.verify(fromSodium) &&
    sodium.open(fromSodium).length === plain.length;
  if (!isSameWork) throw new Error("A side of the benchmark does not do the same work.");
  return { sample, plain, content, deflated, bare, bareOfBrowsers, sodium, fromSodium };
};

const sealSides = ({ sample, plain, content, bare, bareOfBrowsers, sodium }: Prepared): readonly Side[] => {
  const { headerBytes, header } = sample.entry;
  return [
    { name: "ours", run: () => seal(sample.sealing, platformDeflate) },
    ...[
      { name: bareName, each: bare },
      { name: bareAsInBrowsers, each: bareOfBrowsers },
    ].map(({ name, each }) => ({
      name,
      run: async () => {
        await each.deflate(content);
        await each.seal(headerBytes, header.nonce, plain);
      },
    })),
    { name: withoutDeflate, run: () => bare.seal(headerBytes, header.nonce, plain) },
    { name: sodium.name, run: () => sodium.seal(headerBytes, header.nonce, plain) },
  ];
};

const openSides = ({ sample, deflated, bare, bareOfBrowsers, sodium, fromSodium }: Prepared): readonly Side[] => [
  { name: "ours", run: () => open(sample.entry, sample.caseKey, platformDeflate) },
  ...[
    { name: bareName, each: bare },
    { name: bareAsInBrowsers, each: bareOfBrowsers },
  ].map(({ name, each }) => ({
    name,
    run: async () => {
      await each.open(sample.entry);
      await each.inflate(deflated);
    },
  })),
  { name: withoutDeflate, run: () => bare.open(sample.entry) },
  { name: sodium.name, run: () => sodium.open(fromSodium) },
];

const verifySides = ({ sample, bare, sodium, fromSodium }: Prepared): readonly Side[] => [
  { name: "ours", run: () => verifyEntry(sample.entry, sample.author) },
  { name: bareName, run: () => bare.verify(sample.entry) },
  { name: sodium.name, run: () => sodium.verify(fromSodium) },
];

const readSide = (entry: SealedEntry): Side => {
  const bytes = encodeEntry(entry);
  return { name: "ours", run: () => parseEntry(bytes) };
};
