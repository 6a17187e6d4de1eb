/**
 * `assess` with its reasons and questions, beside rules engines that evaluate the same rules without either.
 */

import { compilePack, readPack } from "@amana/proof";
import { type CompiledPack, type Facts, assess, preparePack } from "@amana/pathway";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { type Benchmark, type Figure, median, ratioTo } from "../benchmark.ts";
import { type Peer } from "./peer.ts";
import { feelin } from "./peer-feelin.ts";
import { jsonRulesEngine } from "./peer-json-rules-engine.ts";
import { randomCases } from "./random-cases.ts";
import { outcomeOf, outcomeOfAnswer, rulesOf } from "./rules.ts";

const packFolder = join(import.meta.dirname, "..", "..", "packs", "iraq-online-violence");
const casesCount = 10_000;
const seed = 20_261_121;
/** Every side takes its turn so many times, so that a busy moment of the machine meets all of them. */
const turns = 5;
/** Before each of its turns a side works so long unmeasured: what ran in between has made the engine forget its code. */
const warmUpMilliseconds = 500;
const comparedCases = 200;
const aims: readonly { readonly peer: string; readonly times: number }[] = [
  { peer: "json-rules-engine", times: 20 },
  { peer: "feelin", times: 10 },
];

export const assessBenchmark: Benchmark = {
  name: "assess",
  notes: [
    `${casesCount} random cases from one seed; every fact is unknown or has a random value.`,
    "Ours gives the whole answer: level, gates, actions, tools, contacts, each with its reasons, and what to ask next.",
    "The peers only say which rules hold: no reasons, no questions, no order. They are made ready once, outside of what is measured.",
    "feelin's evaluate() parses all rules again for each case, as documented; being slow, it does each fiftieth case only.",
    "json-rules-engine has two values, so its conditions are written for true and for false; FEEL has three.",
    `On ${comparedCases} of the cases the track, level, gates, actions, tools and contacts of all sides are compared and must be equal.`,
  ],
  measure: async (say) => {
    const source = readPack(packFolder);
    if (!source.ok) throw new Error("The national pack cannot be read: run `npm run amana -- pack check`.");
    const pack = compilePack(source.value);
    const prepared = preparePack(pack);
    const cases = randomCases(pack, casesCount, seed);
    const rules = rulesOf(pack);
    say(`${pack.facts.length} facts, ${rules.length} different conditions, ${casesCount} cases.`);
    const [feelinParsedOnce, feelinEvaluate] = await feelin(pack, rules);
    const peers = [await jsonRulesEngine(pack, rules), feelinParsedOnce, feelinEvaluate];
    await compare(pack, cases.slice(0, comparedCases), peers);
    say(`All sides agree on ${comparedCases} cases.`);
    const sides: readonly Side[] = [
      { name: "ours", every: 1, runAt: (index) => Promise.resolve(assess(prepared, cases[index] ?? {})) },
      ...peers.map((peer) => sideOf(peer, cases)),
    ];
    const micros = await takeTurns(sides, say);
    return peers.map(({ name }) =>
      figureBeside(name, micros.get("ours") ?? Number.NaN, micros.get(name) ?? Number.NaN),
    );
  },
};

/** One of those that are measured: it does the case with this number. `every` is 1 for all cases, 50 for each fiftieth. */
type Side = { readonly name: string; readonly every: number; readonly runAt: (index: number) => Promise<unknown> };

const sideOf = (peer: Peer, cases: readonly Facts[]): Side => {
  const peerCases = cases.map(peer.caseFrom);
  return { name: peer.name, every: peer.every, runAt: (index) => peer.run(peerCases[index]) };
};

/** Stops the benchmark when a peer does not do the same work. */
const compare = async (pack: CompiledPack, cases: readonly Facts[], peers: readonly Peer[]): Promise<void> => {
  const prepared = preparePack(pack);
  for (const facts of cases) {
    const ours = outcomeOfAnswer(assess(prepared, facts));
    for (const peer of peers) {
      const theirs = outcomeOf(pack, peer.holding(await peer.run(peer.caseFrom(facts))));
      if (!isDeepStrictEqual(ours, theirs))
        throw new Error(`${peer.name} gives another answer than ours for a case of the sample.`);
    }
  }
};

/** The median over the turns of the microseconds for a case, by side. */
const takeTurns = async (
  sides: readonly Side[],
  say: (progress: string) => void,
): Promise<ReadonlyMap<string, number>> => {
  const micros = new Map<string, number[]>(sides.map(({ name }) => [name, []]));
  const perTurn = casesCount / turns;
  for (let turn = 0; turn < turns; turn++) {
    for (const side of sides) {
      await warmUp(side);
      micros.get(side.name)?.push(await timeOf(side, turn * perTurn, perTurn));
    }
    say(`Turn ${turn + 1} of ${turns} is done.`);
  }
  return new Map([...micros].map(([name, values]) => [name, median(values)]));
};

const warmUp = async (side: Side): Promise<void> => {
  const startedAt = performance.now();
  for (let index = 0; performance.now() - startedAt < warmUpMilliseconds; index++) await side.runAt(index % casesCount);
};

const timeOf = async (side: Side, from: number, count: number): Promise<number> => {
  const startedAt = performance.now();
  let done = 0;
  for (let index = from; index < from + count; index += side.every) {
    await side.runAt(index);
    done++;
  }
  return ((performance.now() - startedAt) * 1000) / done;
};

const figureBeside = (peer: string, ours: number, theirs: number): Figure => {
  const peers = { [peer]: theirs };
  const ratio = ratioTo(ours, peers);
  const aim = aims.find((candidate) => peer.startsWith(candidate.peer));
  return {
    name: "assess with reasons and questions",
    unit: "µs per case",
    ours,
    peers,
    ratio,
    ...(aim === undefined ? {} : { aim: { says: `${aim.times}×`, isReached: (ratio ?? 0) >= aim.times } }),
  };
};
