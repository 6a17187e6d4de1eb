/**
 * What the operator may count, as Prometheus text: numbers over the whole server, and nothing that names or tells apart
 * an organisation, a person or a case.
 */

import type { Instant } from "@amana/kernel";
import type { RequestName, WireRefusal } from "@amana/sync";
import type { PushCounts } from "./waking/push.ts";
import type { Counts } from "./storage/storage.ts";

export type Counters = {
  readonly onAnswered: (status: number) => void;
  readonly onCalled: (name: RequestName, outcome: "done" | WireRefusal) => void;
  readonly onWoken: (counts: PushCounts) => void;
  readonly answered: () => { readonly all: number; readonly refused: number };
  readonly lines: () => readonly string[];
};

/** The labels are statuses, names of the wire and codes of refusals, so their number is bounded. */
export const makeCounters = (): Counters => {
  const statuses = new Map<number, number>();
  const calls = new Map<string, number>();
  const woken = { sent: 0, gone: 0, failed: 0 };
  return {
    onAnswered: (status) => void statuses.set(status, (statuses.get(status) ?? 0) + 1),
    onCalled: (name, outcome) => {
      const labels = `name="${name}",outcome="${outcome}"`;
      calls.set(labels, (calls.get(labels) ?? 0) + 1);
    },
    onWoken: (counts) => {
      for (const key of ["sent", "gone", "failed"] as const) woken[key] += counts[key];
    },
    answered: () => {
      const all = [...statuses.values()].reduce((sum, count) => sum + count, 0);
      const refused = [...statuses].reduce((sum, [status, count]) => sum + (status >= 400 ? count : 0), 0);
      return { all, refused };
    },
    lines: () => [
      ...family("amana_answers_total", "counter", statusLines(statuses)),
      ...family("amana_calls_total", "counter", [...calls].sort()),
      ...family(
        "amana_wake_ups_total",
        "counter",
        Object.entries(woken).map(([key, count]) => [`outcome="${key}"`, count]),
      ),
    ],
  };
};

const statusLines = (statuses: ReadonlyMap<number, number>): readonly Sample[] =>
  [...statuses].sort(([one], [other]) => one - other).map(([status, count]) => [`status="${status}"`, count]);

type Sample = readonly [labels: string, value: number];

const family = (name: string, type: "counter" | "gauge", samples: readonly Sample[]): readonly string[] => [
  `# TYPE ${name} ${type}`,
  ...samples.map(([labels, value]) => `${name}${labels === "" ? "" : `{${labels}}`} ${value}`),
];

/** What stands in the store now, and what the program takes. */
export const gaugeLines = (
  counts: Counts,
  running: {
    readonly streams: number;
    readonly memoryBytes: number;
    readonly seconds: number;
    readonly diskFreeBytes: number | undefined;
    /** At which push services were called last. */
    readonly lastSlot: Instant | undefined;
    /** Whether push services are told an address over https; undefined where none is called. */
    readonly isNamedOverHttps: boolean | undefined;
  },
): readonly string[] => [
  ...Object.entries(counts).flatMap(([name, value]) => family(`amana_${inSnakes(name)}`, "gauge", [["", value]])),
  ...family("amana_streams", "gauge", [["", running.streams]]),
  ...family("amana_memory_bytes", "gauge", [["", running.memoryBytes]]),
  ...familyWhereKnown("amana_disk_free_bytes", running.diskFreeBytes),
  ...familyWhereKnown("amana_last_wake_up", running.lastSlot && Math.floor(running.lastSlot / 1000)),
  ...familyWhereKnown(
    "amana_push_named_over_https",
    running.isNamedOverHttps === undefined ? undefined : Number(running.isNamedOverHttps),
  ),
  ...family("amana_running_seconds", "gauge", [["", Math.floor(running.seconds)]]),
];

const familyWhereKnown = (name: string, value: number | undefined): readonly string[] =>
  value === undefined ? [] : family(name, "gauge", [["", value]]);

const inSnakes = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
