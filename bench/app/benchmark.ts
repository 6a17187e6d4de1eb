/** The casework app as a caseworker meets it on a slow phone: loading, unlocking, searching, memory. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { guidanceOf, type Guidance } from "@amana/device";
import { isInstant } from "@amana/kernel";
import { compilePack, readPack } from "@amana/proof";
import { argon2idKdf } from "@amana/vault";
import { launchBrowser } from "../../tests/browser.ts";
import { serveCasework } from "../../tests/served-casework.ts";
import type { Benchmark, Figure } from "../benchmark.ts";
import { median, ratioTo } from "../benchmark.ts";
import { makeFixture } from "../caseload/fixture.ts";
import { casesCount } from "../caseload/rows.ts";
import { throttledTimes } from "../caseload/throttle.ts";
import { medianOf, visit, type Letter, type Visit } from "./person.ts";
import { bitsPerSecond, openSlowLine } from "./slow-line.ts";

const root = join(import.meta.dirname, "../..");
const visitsOfEach = 3;

/** Primero's front end, which a caseworker there loads before signing in. Measured earlier, and not in this run. */
const peers = { "Primero's front end (measured earlier)": 1_810 };

const aims = { scriptKilobytes: 130, readyMilliseconds: 2_000, unlockMilliseconds: 3_000, letterMilliseconds: 50 };

export const appBenchmark: Benchmark = {
  name: "app",
  notes: [
    `The built app from the real server, in Chromium, on a device with ${casesCount} cases that were put into its storage beforehand.`,
    "Scripts: page and worker, what had come on that line when the app could unlock, gzipped; 1 kB is 1,000 bytes.",
    "What unlocks comes after the first screen and before everything else.",
    `Ready: nothing kept by the browser, over a line of ${bitsPerSecond / 1_000_000} Mbit/s, until the password can be typed.`,
    "Unlocking: until what is due today is on the screen, less the time of a wrong password, which is stretched as long.",
    "A letter of a search: until the frame that shows what was found; the list is searched anew after each of twelve letters.",
    "Beside each: the same way to a page with nothing in it, and two frames in which nothing is searched and nothing drawn.",
    `${throttledTimes}×: the process with page and worker is stopped five sixths of the time, in steps of 30 ms, so no time is exact to that.`,
    "Processor time: at full speed, of the page's thread and its worker's; a frame is waited for, and costs nothing while it is.",
    "Memory: the most that process held from where the password can be typed until after the search, the engine and Chromium's own pages included.",
  ],
  measure: async (say) => {
    say("Building it where it is stale …");
    // What the build says goes to stderr, away from the figures.
    spawnSync(process.execPath, [join(root, "scripts/build.ts")], { cwd: root, stdio: ["ignore", 2, 2] });
    const served = await serveCasework();
    const browser = await launchBrowser();
    const line = await openSlowLine(served.origin);
    try {
      say(`Writing ${casesCount} cases …`);
      const terms = { kdf: argon2idKdf, origin: line.origin, now: rightNow(), guidance: shippedGuidance() };
      const fixture = await makeFixture(terms);
      const slow: Visit[] = [];
      const fast: Visit[] = [];
      for (let count = 1; count <= visitsOfEach; count++) {
        say(`Slowed down, ${count} of ${visitsOfEach} …`);
        slow.push(await visit({ browser, origin: line.origin, fixture }, true));
        say(`At full speed, ${count} of ${visitsOfEach} …`);
        fast.push(await visit({ browser, origin: line.origin, fixture }, false));
      }
      return figuresOf(slow, fast);
    } finally {
      line.close();
      await browser.close();
      await served.close();
    }
  },
};

/** As the app has it: what it wrote of ten thousand cases under other guidance it would make anew. */
const shippedGuidance = (): Guidance => {
  const read = readPack(join(root, "packs/iraq-online-violence"));
  if (!read.ok) throw new Error("The national pack cannot be read.");
  return guidanceOf(compilePack(read.value));
};

const rightNow = () => {
  const now = Date.now();
  if (!isInstant(now)) throw new Error("This machine's clock is outside of the years 0001 to 9999.");
  return now;
};

const figuresOf = (slow: readonly Visit[], fast: readonly Visit[]): readonly Figure[] => {
  const scripts = medianOf(slow, ({ scriptBytes }) => scriptBytes / 1000);
  const unlockBeyond = ({ unlock, wrongPassword }: Visit): number => unlock - wrongPassword;
  const slowestLetter = ({ letters }: Visit): number => slowestOf(letters, ({ milliseconds }) => milliseconds);
  return [
    {
      ...alone("scripts until the app can unlock", "kB", scripts, aims.scriptKilobytes),
      peers,
      ratio: ratioTo(scripts, peers),
    },
    alone(
      `ready on a slow line, ${throttledTimes}× slower`,
      "ms",
      medianOf(slow, ({ ready }) => ready),
      aims.readyMilliseconds,
    ),
    alone(
      `a page with nothing in it on that line, ${throttledTimes}× slower`,
      "ms",
      medianOf(slow, ({ emptyPage }) => emptyPage),
    ),
    alone(
      `unlock ${casesCount} cases beyond stretching, ${throttledTimes}× slower`,
      "ms",
      medianOf(slow, unlockBeyond),
      aims.unlockMilliseconds,
    ),
    alone(`unlock ${casesCount} cases beyond stretching`, "ms", medianOf(fast, unlockBeyond)),
    alone(
      `a letter of a search in ${casesCount} cases, ${throttledTimes}× slower`,
      "ms",
      medianOf(slow, slowestLetter),
      aims.letterMilliseconds,
    ),
    alone(
      `the slowest of as many two frames with nothing in them, ${throttledTimes}× slower`,
      "ms",
      medianOf(slow, ({ emptyFrames }) => slowestOf(emptyFrames, ({ milliseconds }) => milliseconds)),
    ),
    ...processorFigures(fast),
    alone(`a letter of a search in ${casesCount} cases`, "ms", medianOf(fast, slowestLetter)),
    alone(
      "memory where the password can be typed",
      "MB",
      medianOf(fast, ({ memory }) => memory.beforePassword),
    ),
    alone(
      `peak memory with ${casesCount} cases`,
      "MB",
      medianOf(fast, ({ memory }) => memory.peak),
    ),
  ];
};

/** Page and worker answer a letter one after the other, so their times are added. */
const processorFigures = (fast: readonly Visit[]): readonly Figure[] => {
  const both = ({ processor }: Letter): number => processor.page + processor.worker;
  const each = lettersOf(fast, both).map((letter) => letter * throttledTimes);
  const frames = medianOf(fast, ({ emptyFrames }) => median(emptyFrames.map(both))) * throttledTimes;
  const inWorker = Math.max(...lettersOf(fast, ({ processor }) => processor.worker)) * throttledTimes;
  const times = `processor time × ${throttledTimes}`;
  return [
    alone(`the letter of a search in ${casesCount} cases that takes most, ${times}`, "ms", Math.max(...each)),
    alone(`the most that a letter takes of the worker, ${times}`, "ms", inWorker),
    alone(`two frames with nothing in them, and their being asked for, ${times}`, "ms", frames),
    alone(`the letter that takes most less that, ${times}`, "ms", Math.max(...each) - frames, aims.letterMilliseconds),
    alone(`the median letter less that, ${times}`, "ms", median(each) - frames, aims.letterMilliseconds),
  ];
};

/** Of each letter the median of all visits: what else the machine did in one of them is nobody's letter. */
const lettersOf = (visits: readonly Visit[], take: (letter: Letter) => number): readonly number[] =>
  (visits[0]?.letters ?? []).map((_, place) => medianOf(visits, ({ letters }) => takeAt(letters, place, take)));

const takeAt = (letters: readonly Letter[], place: number, take: (letter: Letter) => number): number => {
  const letter = letters[place];
  if (letter === undefined) throw new Error("A visit of the benchmark typed fewer letters than another.");
  return take(letter);
};

const slowestOf = (letters: readonly Letter[], take: (letter: Letter) => number): number =>
  Math.max(...letters.map(take));

const alone = (name: string, unit: string, ours: number, atMost?: number): Figure => {
  const aim = atMost === undefined ? {} : { aim: { says: `≤ ${atMost} ${unit}`, isReached: ours <= atMost } };
  return { name, unit, ours, peers: {}, ratio: null, ...aim };
};
