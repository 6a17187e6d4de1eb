/**
 * `npm run bench [-- NAME … --json]`: every benchmark, each figure beside its peer, measured in the same run.
 *
 * Names of benchmarks measure those alone. With `AMANA_LONG=1` what takes very long is measured as well.
 *
 * With `--json` the figures are the only thing on stdout; what is going on is told on stderr.
 */

import { parseArgs } from "node:util";
import { appBenchmark } from "./app/benchmark.ts";
import { assessBenchmark } from "./assess/benchmark.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import { caseloadBenchmark } from "./caseload/benchmark.ts";
import { exchangeBenchmark } from "./exchange/benchmark.ts";
import { exchangeLargeBenchmark } from "./exchange-large/benchmark.ts";
import { exchangeManyBenchmark } from "./exchange-many/benchmark.ts";
import { exchangeMemoryBenchmark } from "./exchange-memory/benchmark.ts";
import { guideLoadBenchmark } from "./guide-load.ts";
import { installPeers } from "./peers.ts";
import { asJson, asTable } from "./report.ts";
import { vaultBenchmark } from "./vault/benchmark.ts";

const benchmarks: readonly Benchmark[] = [
  assessBenchmark,
  guideLoadBenchmark,
  appBenchmark,
  vaultBenchmark,
  caseloadBenchmark,
  exchangeBenchmark,
  exchangeManyBenchmark,
  exchangeMemoryBenchmark,
  exchangeLargeBenchmark,
];

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});

const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `No benchmark is called ${unknown.join(" or ")}. There are: ${benchmarks.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}

installPeers();
const measured: { readonly benchmark: Benchmark; readonly figures: readonly Figure[] }[] = [];
for (const benchmark of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue;
  console.error(`── ${benchmark.name}`);
  // One that cannot run here (no Chromium, no Linux) takes the others' figures away from nobody.
  try {
    measured.push({ benchmark, figures: await benchmark.measure((progress) => console.error(`   ${progress}`)) });
  } catch (mistake) {
    console.error(`   ${benchmark.name} gave no figures: ${mistake instanceof Error ? mistake.message : "it failed"}`);
    process.exitCode = 1;
  }
}
console.log(values.json ? asJson(measured.flatMap(({ figures }) => figures)) : measured.map(asTable).join("\n"));
