/** What the server holds in memory, for the same work of the same devices in an organisation with few cases and with very many. */

import { ratioTo, type Benchmark, type Figure } from "../benchmark.ts";
import { entriesPerSeatLog, exchange, logsPerSeat, makeSeat } from "../exchange/seats.ts";
import { startSeatsServer } from "../exchange/seats-server.ts";

/** Members of the organisation; each has cases of their own. */
const [membersFew, membersMany] = [2, 200] as const;
const devices = 2;
const turns = 10;
const timesMax = 1.1;

export const exchangeMemoryBenchmark: Benchmark = {
  name: "exchange-memory",
  notes: [
    `${devices} devices, each with ${logsPerSeat} cases of at first ${entriesPerSeatLog} entries, exchange ${turns} times over HTTP with a server on SQLite that was started`,
    "over a store filled before: compare, pull everything, push an entry to every case. The cases of one organisation are few or many.",
    "The most memory the server ever held, as Linux tells it, with Node.js itself and its code.",
  ],
  measure: async (say) => {
    const megabytes: number[] = [];
    for (const members of [membersFew, membersMany]) {
      say(`An organisation with ${members * logsPerSeat} cases …`);
      megabytes.push(await peakWith(members));
    }
    const [few = Number.NaN, many = Number.NaN] = megabytes;
    return [figureOf(few, many)];
  },
};

const peakWith = async (members: number): Promise<number> => {
  const server = await startSeatsServer({ seats: members, otherEntries: 0, fillSecondsMax: 0 });
  try {
    const seats = Array.from({ length: devices }, (_, number) => makeSeat(number));
    for (let turn = 0; turn < turns; turn++) for (const seat of seats) await exchange(server.transport, seat);
    return server.peakMegabytes();
  } finally {
    await server.close();
  }
};

const figureOf = (few: number, many: number): Figure => {
  const peers = { [`the same with ${membersFew * logsPerSeat} cases`]: few };
  const aim = { says: `≤ ${timesMax} × as much`, isReached: many <= timesMax * few };
  const name = `peak memory of a server with ${membersMany * logsPerSeat} cases`;
  return { name, unit: "MB", ours: many, peers, ratio: ratioTo(many, peers), aim };
};
