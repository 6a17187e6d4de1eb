/** From what was measured by turns to the rows of the table. */

import { type Figure, ratioTo } from "../benchmark.ts";

/** One row for each peer. `aims` says how many times as long as a peer ours may take. */
export const figuresOf = (
  name: string,
  unit: string,
  micros: ReadonlyMap<string, number>,
  microsPerUnit: number,
  aims: Readonly<Record<string, number>> = {},
): readonly Figure[] => {
  const ours = (micros.get("ours") ?? Number.NaN) / microsPerUnit;
  const others = [...micros].filter(([side]) => side !== "ours");
  if (others.length === 0) return [{ name, unit, ours, peers: {}, ratio: null }];
  return others.map(([peer, theirs]) => {
    const peers = { [peer]: theirs / microsPerUnit };
    const times = aims[peer];
    const aim =
      times === undefined
        ? {}
        : { aim: { says: `≤ ${times} × as long`, isReached: ours <= times * (theirs / microsPerUnit) } };
    return { name, unit, ours, peers, ratio: ratioTo(ours, peers), ...aim };
  });
};
