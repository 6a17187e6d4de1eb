/**
 * Ten thousand entries of 600 bytes over 500 logs: uploaded by one device that comes online, downloaded by a fresh one, beside peers
 * that do the same work in the same run.
 */

import { installedVersion } from "../peers.ts";
import { median, ratioTo, type Benchmark, type Figure } from "../benchmark.ts";
import { bareNamed } from "./bare-named.ts";
import { bare } from "./bare.ts";
import { measurePeer, type Measured } from "./measure.ts";
import { ours } from "./ours.ts";
import type { ExchangePeer } from "./peer.ts";
import { sides } from "./sides.ts";
import { wholeDevice } from "./whole-device.ts";

/** One after the other, each with every peer: what slows the machine down for a while is in one round of all, and not in all of one. */
const rounds = 3;

const all = await Promise.all(Object.entries(sides).map(async ([side, load]) => ({ side, peer: await load() })));

export const exchangeBenchmark: Benchmark = {
  name: "exchange",
  notes: [
    "10,000 entries of 600 bytes over 500 logs. A device has written them offline and comes online: until the server has acknowledged all.",
    "Then a fresh device of the same person fetches everything and reads it, and is held to every byte.",
    `Every figure is the median of ${rounds} rounds, each with every peer.`,
    "Server and devices are processes of their own on this machine; a proxy on loopback counts all bytes, up and down.",
    "Processor time and peak memory are the server's, from /proc, with what it still stores after it has acknowledged.",
    "Cold open: from the start of a fresh process, whose code Node.js has compiled before, until one of the logs is fetched and read.",
    "Amana's devices are one file with everything in it, as the app's build makes one of what a phone loads; peers are as their packages are published.",
    "A peer that does not encrypt is given sealed bytes and only carries them; one that does is given text and seals it.",
    "Amana's entries are sealed beforehand and their logs begun, up to 64 with one request; that is in the server's time. Its fresh device parses them, verifies one signature for each chain and keeps them in a file.",
    "The whole device is Amana as it ships, from drafts to case files: late sealing, opening, folding, snapshots, index. No peer does that.",
    "Bytes alone: Node.js's own HTTP and SQLite and nothing else, no sign-in, signature, hash or access list. No peer; an aim below it cannot be reached here.",
    "Bytes with names: the same, and every entry named by its hash and chained on both sides, one signature for each log verified, all kept on the fresh device's disk. No peer.",
    "Evolu's relay and device run with Node.js's own SQLite instead of better-sqlite3, whose native part an install script fetches; its database worker runs in the device's process.",
    ...all.map(({ peer }) => noteOf(peer)),
  ],
  measure: async (say) => {
    const bySide = new Map(all.map(({ side }) => [side, new Array<Measured>()]));
    for (let round = 1; round <= rounds; round++)
      for (const { side, peer } of all) {
        const before = bySide.get(side);
        if (before === undefined) continue;
        say(`${peer.name}, ${round} of ${rounds} …`);
        try {
          before.push(await measurePeer(side, peer));
        } catch (mistake) {
          bySide.delete(side);
          say(`${peer.name} is left out: ${mistake instanceof Error ? mistake.message : "it failed"}`);
        }
      }
    const measured = [...bySide.values()].map(medianOf);
    return [
      ...quantities.map((quantity) => figureOf(quantity, measured)),
      ...quantities.flatMap((quantity) => besideFigure(wholeDevice, "the whole device", quantity, measured)),
      ...quantities.flatMap((quantity) => besideFigure(bare, "bytes alone", quantity, measured)),
      ...quantities.flatMap((quantity) => besideFigure(bareNamed, "bytes with names", quantity, measured)),
    ];
  },
};

/** Of each quantity by itself. */
const medianOf = (some: readonly Measured[]): Measured => {
  const of = (name: Exclude<keyof Measured, "peer">): number => median(some.map((each) => each[name]));
  const [first] = some;
  if (first === undefined) throw new Error("Nothing was measured.");
  return {
    peer: first.peer,
    uploadPerSecond: of("uploadPerSecond"),
    downloadPerSecond: of("downloadPerSecond"),
    uploadMegabytes: of("uploadMegabytes"),
    downloadMegabytes: of("downloadMegabytes"),
    cpuMicrosPerEntry: of("cpuMicrosPerEntry"),
    peakMegabytes: of("peakMegabytes"),
    coldOpenMilliseconds: of("coldOpenMilliseconds"),
  };
};

function noteOf({ name, isEncrypting, durability }: ExchangePeer): string {
  const encrypts = isEncrypting ? "encrypts" : "does not encrypt";
  return `${name} ${encrypts}; synced to the disk when it acknowledges: ${durability.isSynced ? "yes" : "no"}, ${durability.because}.`;
}

/** For each, less is better: times and sizes, never speeds. */
type Quantity = {
  readonly name: string;
  readonly unit: string;
  readonly of: (measured: Measured) => number;
  readonly aim?: Aim;
};

/** Beside the peers that were measured in the same run. */
type Aim = { readonly says: string; readonly isReached: (ours: number, among: Among) => boolean };
type Among = { readonly best: number; readonly bestEncrypting: number; readonly jazz: number; readonly evolu: number };

const uploadAim: Aim = { says: "≤ 1/5 of the best", isReached: (ours, { best }) => ours <= best / 5 };
const downloadAim: Aim = {
  says: "≤ the best, and ≤ 2/3 of the best that encrypts",
  isReached: (ours, { best, bestEncrypting }) => ours <= best && ours <= bestEncrypting / 1.5,
};
const wireAim: Aim = {
  says: "≤ 0.6 × Jazz and ≤ Evolu",
  isReached: (ours, { jazz, evolu }) => ours <= 0.6 * jazz && ours <= evolu,
};
const coldAim: Aim = { says: "≤ half of the best", isReached: (ours, { best }) => ours <= best / 2 };

const quantities: readonly Quantity[] = [
  { name: "upload", unit: "µs per entry", of: ({ uploadPerSecond }) => 1_000_000 / uploadPerSecond, aim: uploadAim },
  {
    name: "download and read",
    unit: "µs per entry",
    of: ({ downloadPerSecond }) => 1_000_000 / downloadPerSecond,
    aim: downloadAim,
  },
  { name: "on the wire, upload", unit: "MB", of: ({ uploadMegabytes }) => uploadMegabytes, aim: wireAim },
  { name: "on the wire, download", unit: "MB", of: ({ downloadMegabytes }) => downloadMegabytes, aim: wireAim },
  {
    name: "processor time of the server",
    unit: "µs per entry",
    of: ({ cpuMicrosPerEntry }) => cpuMicrosPerEntry,
    aim: uploadAim,
  },
  { name: "peak memory of the server", unit: "MB", of: ({ peakMegabytes }) => peakMegabytes },
  { name: "cold open", unit: "ms", of: ({ coldOpenMilliseconds }) => coldOpenMilliseconds, aim: coldAim },
];

const figureOf = ({ name, unit, of, aim }: Quantity, measured: readonly Measured[]): Figure => {
  const own = measured.find(({ peer }) => peer === ours);
  const beside = measured.filter(({ peer }) => peer.package !== undefined);
  const peers = Object.fromEntries(beside.map((each) => [shown(each.peer), of(each)]));
  const mine = own === undefined ? Number.NaN : of(own);
  const figure = { name, unit, ours: mine, peers, ratio: ratioTo(mine, peers) };
  return aim === undefined
    ? figure
    : { ...figure, aim: { says: aim.says, isReached: aim.isReached(mine, amongOf(beside, of)) } };
};

/** A peer that was left out sets no mark: an aim beside it is not reached. */
const amongOf = (beside: readonly Measured[], of: Quantity["of"]): Among => {
  const least = (some: readonly Measured[]): number => (some.length === 0 ? Number.NaN : Math.min(...some.map(of)));
  const named = (wanted: string): number => least(beside.filter(({ peer }) => peer.name === wanted));
  const encrypting = beside.filter(({ peer }) => peer.isEncrypting);
  return { best: least(beside), bestEncrypting: least(encrypting), jazz: named("Jazz"), evolu: named("Evolu") };
};

/** What is measured as well, and no peer. */
const besideFigure = (
  side: ExchangePeer,
  shownAs: string,
  { name, unit, of }: Quantity,
  measured: readonly Measured[],
): readonly Figure[] =>
  measured
    .filter(({ peer }) => peer === side)
    .map((each) => ({ name: `${name}, ${shownAs}`, unit, ours: of(each), peers: {}, ratio: null }));

/** With what it does, so that no row is read without it. */
const shown = ({ name, package: from, isEncrypting, durability: { isSynced } }: ExchangePeer): string => {
  const version = from === undefined ? "" : ` ${installedVersion(from) ?? ""}`;
  return `${name}${version}, ${isEncrypting ? "encrypts" : "in clear"}, ${isSynced ? "synced" : "not synced"}`;
};
