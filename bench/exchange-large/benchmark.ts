/** The same exchange of one device with a server that holds little and one that holds very much. */

import { startPostgres } from "../../tests/postgres.ts";
import { median, ratioTo, type Benchmark, type Figure } from "../benchmark.ts";
import { entriesPerSeatLog, exchange, logsPerSeat, makeSeat } from "../exchange/seats.ts";
import { startSeatsServer, type SeatsServer } from "../exchange/seats-server.ts";

const isLong = process.env["AMANA_LONG"] === "1";
const entriesSmall = 10_000;
const entriesLarge = { usual: 200_000, long: 5_000_000 };
/** Filling ends then, with whatever is there. */
const fillSecondsMax = isLong ? 3_600 : 120;
const turns = 15;
const timesMax = 1.3;

export const exchangeLargeBenchmark: Benchmark = {
  name: "exchange-large",
  notes: [
    `One device with ${logsPerSeat} logs of at first ${entriesPerSeatLog} entries compares, pulls everything and pushes an entry to every log,`,
    "over HTTP, by turns with a server whose store holds little and one whose store holds much of others besides.",
    "The stores are filled in bulk, as a restore does it, with entries of 600 bytes in logs of 100, all in one organisation.",
    `Filling ends after ${fillSecondsMax} s at the latest; the name of the figure says how many entries there were.`,
    `With AMANA_LONG=1 much is ${entriesLarge.long} entries, which take 6 GB of disk and a good while, on SQLite and then on PostgreSQL; else ${entriesLarge.usual} on SQLite.`,
  ],
  measure: async (say) => {
    const figures = [await measureOn("SQLite", say, () => undefined)];
    if (!isLong) return figures;
    const postgres = await startPostgres();
    try {
      return [...figures, await measureOn("PostgreSQL", say, postgres.createDatabase)];
    } finally {
      await postgres.remove();
    }
  },
};

const measureOn = async (
  store: string,
  say: (progress: string) => void,
  databaseUrl: () => string | undefined,
): Promise<Figure> => {
  const servers: SeatsServer[] = [];
  try {
    for (const otherEntries of [entriesSmall, isLong ? entriesLarge.long : entriesLarge.usual]) {
      say(`Filling a store with ${otherEntries} entries, on ${store} …`);
      servers.push(await startSeatsServer({ seats: 1, otherEntries, fillSecondsMax }, databaseUrl()));
    }
    const figure = await measureTurns(servers, store);
    say(
      `${store}: ${Math.round(figure.ours)} ms beside ${Math.round(Object.values(figure.peers)[0] ?? Number.NaN)} ms.`,
    );
    return figure;
  } finally {
    for (const server of servers) await server.close();
  }
};

const measureTurns = async (servers: readonly SeatsServer[], store: string): Promise<Figure> => {
  const sides = servers.map((server) => {
    const milliseconds: number[] = [];
    return { server, seat: makeSeat(0), milliseconds };
  });
  for (const { server, seat } of sides) await exchange(server.transport, seat);
  for (let turn = 0; turn < turns; turn++)
    for (const { server, seat, milliseconds } of sides) milliseconds.push(await exchange(server.transport, seat));
  const [small = Number.NaN, large = Number.NaN] = sides.map(({ milliseconds }) => median(milliseconds));
  const [few = 0, many = 0] = servers.map(({ filled }) => filled);
  const peers = { [`the same with ${few} entries`]: small };
  const aim = { says: `≤ ${timesMax} × as long`, isReached: large <= timesMax * small };
  const name = `exchange of one device beside ${many} entries of others, on ${store}`;
  return { name, unit: "ms", ours: large, peers, ratio: ratioTo(large, peers), aim };
};
