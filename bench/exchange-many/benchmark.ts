/** Two hundred devices come online in the same moment, each with 50 logs: how long the exchange of one takes. */

import type { Benchmark, Figure } from "../benchmark.ts";
import { exchange, entriesPerSeatLog, logsPerSeat, makeSeat } from "../exchange/seats.ts";
import { startSeatsServer } from "../exchange/seats-server.ts";

const devices = 200;

export const exchangeManyBenchmark: Benchmark = {
  name: "exchange-many",
  notes: [
    `${devices} devices begin in the same moment, over HTTP with one server on SQLite, durable when it answers. Each is a member of its own`,
    `with ${logsPerSeat} logs of ${entriesPerSeatLog} entries: it compares, pulls everything and pushes one entry to every log.`,
    "The devices share one process, whose work is in the figures. They speak the wire and verify nothing.",
    "One that is not answered asks again a second later, and that is in its time.",
    "All come from one address, as in an office; the bounds of the server are those it ships with.",
  ],
  measure: async (say) => {
    say(`Filling a store for ${devices} members …`);
    const server = await startSeatsServer({ seats: devices, otherEntries: 0, fillSecondsMax: 0 });
    try {
      const seats = Array.from({ length: devices }, (_, number) => makeSeat(number));
      say("All at once …");
      const milliseconds = await Promise.all(seats.map((seat) => exchange(server.transport, seat)));
      const sorted = milliseconds.sort((one, other) => one - other);
      return [figureOf("median", at(sorted, 0.5)), figureOf("99th of a hundred", at(sorted, 0.99))];
    } finally {
      await server.close();
    }
  },
};

const at = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;

const figureOf = (which: string, ours: number): Figure => ({
  name: `exchange of one of ${devices} devices at once, ${which}`,
  unit: "ms",
  ours,
  peers: {},
  ratio: null,
});
