/**
 * Ten thousand entries as a fresh device reads them: parsed, whose word each is, opened. Ours reads whole cases with all that
 * goes into it; bare opens each entry and verifies each signature, several at once, with nothing else around it.
 */

import { encodeEntry, parseEntry, type Bytes, type EntryHash, type Received, type SealedEntry } from "@amana/log";
import {
  openersMin,
  platformDeflate,
  platformRandomness,
  readCase,
  seal,
  type CaseKey,
  type OrganisationReading,
} from "@amana/vault";
import { beginEpoch, makeWorld, noted, tenOClock, type TestLog } from "../../packages/vault/src/testing/world.ts";
import { median, ratioTo, type Figure } from "../benchmark.ts";
import { makeBare } from "./bare.ts";
import { present } from "./sample.ts";

const casesCount = 50;
const entriesPerCase = 200;
const atOnce = 64;
const turns = 5;

type SealedCase = { readonly log: TestLog; readonly caseKey: CaseKey; readonly bytes: readonly Bytes[] };

export const readManyFigures = async (say: (progress: string) => void): Promise<readonly Figure[]> => {
  const world = await makeWorld();
  const organisation = await world.readOrganisation();
  const author = world.rojin;
  const head = present(world.organisation.entries.at(-1)).entry.hash;
  const cases: SealedCase[] = [];
  for (let index = 0; index < casesCount; index++) {
    const log = world.openCase(`case ${index}`);
    const first = await beginEpoch(log, author, [author, world.nour].slice(0, openersMin));
    const caseKey = present([...log.keys.values()][0]);
    const entries = [first];
    while (entries.length < entriesPerCase) entries.push(await nextEntry(log, caseKey, entries, author, head));
    cases.push({ log, caseKey, bytes: entries.map(encodeEntry) });
  }
  const count = casesCount * entriesPerCase;
  say(`${count} entries of ${Math.round(averageLength(cases))} bytes are sealed.`);
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    ours.push(await timeOf(() => readOurs(cases, organisation)));
    bare.push(await timeOf(() => readBare(cases, author.identityKey)));
  }
  const peers = { "bare, every signature, on bytes that are parsed": median(bare) };
  const name = `parse, verify and open ${count} entries of ${casesCount} cases`;
  return [{ name, unit: "ms", ours: median(ours), peers, ratio: ratioTo(median(ours), peers) }];
};

type Author = Awaited<ReturnType<typeof makeWorld>>["rojin"];

const nextEntry = async (
  log: TestLog,
  caseKey: CaseKey,
  entries: readonly SealedEntry[],
  author: Author,
  organisationHead: EntryHash,
): Promise<SealedEntry> => {
  const before = present(entries.at(-1));
  const first = present(entries[0]);
  const header = {
    kind: "content",
    logKind: "case",
    logId: log.logId,
    control: first.hash,
    organisationHead,
    device: author.device,
    counter: before.header.counter + 1,
    previous: before.hash,
    parents: [],
    nonce: platformRandomness(32),
    keyCommitment: undefined,
  } as const;
  const text = "She said that the account was reported twice, and that her brother had not seen the messages. ";
  const body = { recordedAt: tenOClock, events: noted(`${entries.length} ${text}`) };
  const sealed = await seal({ header, body, author: author.identityKey, caseKey }, platformDeflate);
  if (!sealed.ok) throw new Error("The benchmark's own entry does not fit.");
  return sealed.value;
};

const averageLength = (cases: readonly SealedCase[]): number => {
  const lengths = cases.flatMap(({ bytes }) => bytes.map(({ length }) => length));
  return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
};

const timeOf = async (work: () => Promise<void>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

const readOurs = async (cases: readonly SealedCase[], organisation: OrganisationReading): Promise<void> => {
  for (const { log, bytes } of cases) {
    const { logId, keyOf } = log;
    const reading = await readCase({ logId, entries: bytes.map(parsed), organisation, keyOf }, platformDeflate);
    const opened = reading.entries.filter(({ content, by }) => content.kind === "body" && by !== undefined);
    if (opened.length !== bytes.length) throw new Error("Not every entry counts and opens.");
  }
};

const parsed = (bytes: Bytes): Received => {
  const received = parseEntry(bytes);
  if (!received.ok) throw new Error("The benchmark's own entry does not parse.");
  return received.value;
};

const readBare = async (cases: readonly SealedCase[], author: Author["identityKey"]): Promise<void> => {
  for (const { caseKey, bytes } of cases) {
    const bare = await makeBare(caseKey, author);
    const entries = bytes.map(parsed).flatMap((received) => (received.kind === "entry" ? [received.entry] : []));
    for (let from = 0; from < entries.length; from += atOnce)
      await Promise.all(
        entries.slice(from, from + atOnce).map(async (entry) => {
          await bare.verify(entry);
          await bare.open(entry);
        }),
      );
  }
};
