/**
 * Which seeds are simulated: 300 in every run of the tests, 10,000 in a long run, as many as `AMANA_SEEDS` says, from the
 * first or from the one that `AMANA_SEED_FROM` names; or the one that `AMANA_SEED` names, whose whole story is then printed.
 */

import { subjectOf } from "@amana/casefile";
import { simulate, type Outcome } from "./simulate.ts";

const seedsUsually = 300;
const seedsInLongRun = 10_000;
/** Beyond those, and once found to fail, when they told other stories: cases read while the organisation's own log could not be, or was spoiled; a lock in the middle of a change of password. */
const seedsRemembered = [688, 1389, 3695];
/** More failures than this say the same once more. */
const failuresMax = 3;
/** What led to a failure mostly stands near its end; the seed tells all of it again. */
const linesPrinted = 30;
const hoursMax = 12;

/** Ends only what hangs: a long run takes as long as it takes. */
export const simulationTimeoutMilliseconds = hoursMax * 3_600_000;

const numberFrom = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined ? undefined : Number(text);
};

/** The seeds of one of two halves, which run beside each other. */
export const seedsOfHalf = (half: 0 | 1): readonly number[] => {
  const only = numberFrom("AMANA_SEED");
  if (only !== undefined) return half === 0 ? [only] : [];
  const usually = process.env["AMANA_LONG"] === "1" ? seedsInLongRun : seedsUsually;
  const count = numberFrom("AMANA_SEEDS") ?? usually;
  const from = numberFrom("AMANA_SEED_FROM") ?? 1;
  const seeds = new Set(Array.from({ length: count }, (_, index) => from + index));
  if (numberFrom("AMANA_SEED_FROM") === undefined) for (const seed of seedsRemembered) seeds.add(seed);
  return [...seeds].filter((seed) => seed % 2 === half);
};

export type Run = {
  /** What went wrong, each seed with its findings and its last steps; empty when every simulation ended well. */
  readonly failures: readonly string[];
  /** What can be told of a case, and no device has taken in any of them. */
  readonly neverAccepted: readonly string[];
};

export const runOf = async (seeds: readonly number[]): Promise<Run> => {
  const failures: string[] = [];
  const never = new Set<string>(Object.keys(subjectOf));
  for (const seed of seeds) {
    const outcome = await simulate(seed);
    for (const type of outcome.accepted) never.delete(type);
    if (numberFrom("AMANA_SEED") !== undefined) process.stdout.write(`${storyOf(outcome, Infinity)}\n`);
    if (outcome.findings.length > 0) failures.push(storyOf(outcome, linesPrinted));
    if (failures.length === failuresMax) break;
  }
  return { failures, neverAccepted: [...never] };
};

/** Fewer than this need not tell of everything. */
export const seedsForEveryCommandMin = 140;

const storyOf = ({ seed, findings, trace, digest }: Outcome, lines: number): string =>
  [
    `AMANA_SEED=${String(seed)} (logs ${digest.slice(0, 16)})`,
    ...trace.slice(-lines),
    ...findings.map((finding) => `  ${finding}`),
  ].join("\n");
