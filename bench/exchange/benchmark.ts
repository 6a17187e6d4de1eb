/**
 * Ten thousand entries of 600 bytes over 500 logs: uploaded by one device that comes online, downloaded by a fresh one, beside peers
 * that do the same work in the same run.
 */

import { installedVersion } from "../peers.ts";
import type { Benchmark, Figure } from "../benchmark.ts";
import { measurePeer, type Measured } from "./measure.ts";
import { ours } from "./ours.ts";
import type { ExchangePeer } from "./peer.ts";
import { sides } from "./sides.ts";
import { wholeDevice } from "./whole-device.ts";

const all = await Promise.all(Object.entries(sides).map(async ([side, load]) => ({ side, peer: await load() })));

export const exchangeBenchmark: Benchmark = {
  name: "exchange",
  notes: [
    "10,000 entries of 600 bytes over 500 logs. A device has written them offline and comes online: until the server has acknowledged all.",
    "Then a fresh device of the same person fetches everything and reads it, and is held to every byte.",
    "Server and devices are processes of their own on this machine; a proxy on loopback counts all bytes, up and down.",
    "Processor time and peak memory are the server's, from /proc, with what it still stores after it has acknowledged.",
    "Cold open: from the start of a fresh process, whose code Node.js has compiled before, until one of the logs is fetched and read.",
    "A peer that does not encrypt is given sealed bytes and only carries them; one that does is given text and seals it.",
    "Amana's entries are sealed beforehand and their logs begun, eight at once; that is in the server's time. Its fresh device parses them, verifies one signature for each chain and keeps them in a file.",
    "The whole device is Amana as it ships, from drafts to case files: late sealing, opening, folding, snapshots, index. No peer does that.",
    "Evolu's relay is left out: its store is better-sqlite3, whose native part an install script fetches, and no install of ours runs one.",
    ...all.map(({ peer }) => noteOf(peer)),
  ],
  measure: async (say) => {
    const measured: Measured[] = [];
    for (const { side, peer } of all) {
      say(`${peer.name} …`);
      try {
        measured.push(await measurePeer(side, peer));
      } catch (mistake) {
        say(`${peer.name} is left out: ${mistake instanceof Error ? mistake.message : "it failed"}`);
      }
    }
    return [
      ...quantities.map((quantity) => figureOf(quantity, measured)),
      ...quantities.flatMap((quantity) => wholeDeviceFigure(quantity, measured)),
    ];
  },
};

function noteOf({ name, isEncrypting, durability }: ExchangePeer): string {
  const encrypts = isEncrypting ? "encrypts" : "does not encrypt";
  return `${name} ${encrypts}; synced to the disk when it acknowledges: ${durability.isSynced ? "yes" : "no"}, ${durability.because}.`;
}

/** For each, less is better: times and sizes, never speeds. */
type Quantity = { readonly name: string; readonly unit: string; readonly of: (measured: Measured) => number };

const quantities: readonly Quantity[] = [
  { name: "upload", unit: "µs per entry", of: ({ uploadPerSecond }) => 1_000_000 / uploadPerSecond },
  { name: "download and read", unit: "µs per entry", of: ({ downloadPerSecond }) => 1_000_000 / downloadPerSecond },
  { name: "on the wire, upload", unit: "MB", of: ({ uploadMegabytes }) => uploadMegabytes },
  { name: "on the wire, download", unit: "MB", of: ({ downloadMegabytes }) => downloadMegabytes },
  { name: "processor time of the server", unit: "µs per entry", of: ({ cpuMicrosPerEntry }) => cpuMicrosPerEntry },
  { name: "peak memory of the server", unit: "MB", of: ({ peakMegabytes }) => peakMegabytes },
  { name: "cold open", unit: "ms", of: ({ coldOpenMilliseconds }) => coldOpenMilliseconds },
];

const figureOf = ({ name, unit, of }: Quantity, measured: readonly Measured[]): Figure => {
  const own = measured.find(({ peer }) => peer === ours);
  const peers = Object.fromEntries(
    measured.filter(({ peer }) => peer.package !== undefined).map((each) => [shown(each.peer), of(each)]),
  );
  const mine = own === undefined ? Number.NaN : of(own);
  const best = Math.min(...Object.values(peers));
  return { name, unit, ours: mine, peers, ratio: own === undefined || !Number.isFinite(best) ? null : best / mine };
};

const wholeDeviceFigure = ({ name, unit, of }: Quantity, measured: readonly Measured[]): readonly Figure[] =>
  measured
    .filter(({ peer }) => peer === wholeDevice)
    .map((each) => ({ name: `${name}, the whole device`, unit, ours: of(each), peers: {}, ratio: null }));

const shown = ({ name, package: from }: ExchangePeer): string =>
  from === undefined ? name : `${name} ${installedVersion(from) ?? ""}`;
