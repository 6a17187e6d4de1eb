/**
 * What a benchmark is: it measures ours and its peers in the same run and gives figures.
 *
 * A new benchmark is one file that exports a `Benchmark`, and one row in `run.ts`.
 */

/** One thing that was measured. For every unit here less is better. */
export type Figure = {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** By the peer's name and version. */
  readonly peers: Readonly<Record<string, number>>;
  /** How many times less ours is than the nearest peer; null where there is no peer. */
  readonly ratio: number | null;
  /** What we aim for, in words, with whether it is reached. Shown in the table only. */
  readonly aim?: { readonly says: string; readonly isReached: boolean };
};

export type Benchmark = {
  readonly name: string;
  /** What a reader must know to judge the figures: what was the same work and what was not. */
  readonly notes: readonly string[];
  readonly measure: (say: (progress: string) => void) => Promise<readonly Figure[]>;
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? upper) + upper) / 2 : upper;
};

export const ratioTo = (ours: number, peers: Readonly<Record<string, number>>): number | null => {
  const nearest = Math.min(...Object.values(peers));
  return Number.isFinite(nearest) && ours > 0 ? nearest / ours : null;
};
