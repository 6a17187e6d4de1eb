/**
 * Measures several sides of one piece of work by turns, so that a busy moment of the machine meets all of them.
 */

import { median } from "./benchmark.ts";

/** One of those that are measured. `run` does the work once. */
export type Side = { readonly name: string; readonly run: () => unknown };

export type TurnSettings = {
  readonly turns: number;
  /** How often a side does the work in one of its turns. */
  readonly times: number;
  /** Before its turn a side works so often unmeasured: what ran in between has made the engine forget its code. */
  readonly warmUpTimes: number;
};

/** Microseconds for one piece of work, by side: the median over the turns. */
export const microsByTurns = async (
  sides: readonly Side[],
  { turns, times, warmUpTimes }: TurnSettings,
): Promise<ReadonlyMap<string, number>> => {
  const micros = new Map<string, number[]>(sides.map(({ name }) => [name, []]));
  for (let turn = 0; turn < turns; turn++) {
    for (const { name, run } of sides) {
      for (let count = 0; count < warmUpTimes; count++) await run();
      const startedAt = performance.now();
      for (let count = 0; count < times; count++) await run();
      micros.get(name)?.push(((performance.now() - startedAt) * 1000) / times);
    }
  }
  return new Map([...micros].map(([name, values]) => [name, median(values)]));
};
