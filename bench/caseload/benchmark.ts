/** Ten thousand cases from the index: from the password until the list is there, in Node.js and in a slow browser, and each letter of a search. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argon2idKdf, passwordCost, platformRandomness } from "@amana/vault";
import { installedVersion } from "../peers.ts";
import { median, ratioTo, type Benchmark, type Figure } from "../benchmark.ts";
import { openInBrowser, type SlowOpenings } from "./browser-opening.ts";
import { makeFixture, type Fixture } from "./fixture.ts";
import { openInNode, type Openings } from "./node-side.ts";
import { casesCount } from "./rows.ts";

const openMillisecondsMax = { node: 500, browser: 1500 };

export const caseloadBenchmark: Benchmark = {
  name: "caseload",
  notes: [
    `${casesCount} cases, each with a code, a level, names and a telephone number to be found by, and what is due.`,
    "Timed is, in a program that has loaded its code: opening the store, unlocking but for stretching the password (a row of its own),",
    "opening the boxes of the index, and handing over the whole list. The entries of the cases are neither read nor there.",
    "Each opening is a fresh process (Node.js, store in a file) or a fresh page and worker (Chromium, the app's store in IndexedDB).",
    "The peer opens the same content in clear, a document for each case, in LevelDB and in IndexedDB, with allDocs and include_docs.",
    "Chromium's own throttle is refused for workers. In the page its thread is throttled by it; for the worker the whole process is",
    "stopped five sixths of the time. How many times slower a loop ran then is told on stderr while it is measured.",
    "A letter of a search: the list is searched anew after each letter of a name of twelve; the slowest letter counts.",
  ],
  measure: async (say) => {
    say(`Writing ${casesCount} cases …`);
    const fixture = await makeFixture();
    const folder = mkdtempSync(join(tmpdir(), "amana-caseload-"));
    try {
      say("Opening them in Node.js …");
      const node = await openInNode(fixture, folder);
      return [
        ...figuresOf("in Node.js", node, openMillisecondsMax.node),
        ...(await browserFigures(fixture, say)),
        await kdfFigure(),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const browserFigures = async (fixture: Fixture, say: (progress: string) => void): Promise<readonly Figure[]> => {
  say("Opening them in Chromium …");
  const { worker, page } = await openInBrowser(fixture);
  const told = ({ timesSlower }: SlowOpenings): string => timesSlower.toFixed(1);
  say(`A loop ran ${told(worker)} times slower in the throttled worker, ${told(page)} times in the throttled page.`);
  return [
    ...figuresOf("in Chromium, in a worker, 6× throttled", worker, openMillisecondsMax.browser),
    ...figuresOf("in Chromium, in the page, 6× throttled", page, openMillisecondsMax.browser),
  ];
};

const figuresOf = (where: string, { ours, pouchdb }: Openings, millisecondsMax: number): readonly Figure[] => {
  const open = median(ours.map(({ openMilliseconds }) => openMilliseconds));
  const peers = { [`PouchDB ${installedVersion("pouchdb") ?? ""}`]: median(pouchdb) };
  const aim = { says: `< ${millisecondsMax} ms`, isReached: open < millisecondsMax };
  const slowest = median(ours.map(({ keystrokesMilliseconds }) => Math.max(...keystrokesMilliseconds)));
  return [
    { name: `open the caseload ${where}`, unit: "ms", ours: open, peers, ratio: ratioTo(open, peers), aim },
    { name: `a letter of a search ${where}`, unit: "ms", ours: slowest, peers: {}, ratio: null },
  ];
};

const kdfFigure = async (): Promise<Figure> => {
  const [password, salt] = [platformRandomness(32), platformRandomness(16)];
  const startedAt = performance.now();
  await argon2idKdf(password, salt, passwordCost);
  const ours = performance.now() - startedAt;
  return { name: "stretching the password, in Node.js", unit: "ms", ours, peers: {}, ratio: null };
};
