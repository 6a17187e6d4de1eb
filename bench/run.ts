/**
 * `npm run bench [-- --json]`: every benchmark, each figure beside its peer, measured in the same run.
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
  exchangeLargeBenchmark,
];

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});

installPeers();
const measured: { readonly benchmark: Benchmark; readonly figures: readonly Figure[] }[] = [];
for (const benchmark of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue;
  console.error(`── ${benchmark.name}`);
  measured.push({ benchmark, figures: await benchmark.measure((progress) => console.error(`   ${progress}`)) });
}
console.log(values.json ? asJson(measured.flatMap(({ figures }) => figures)) : measured.map(asTable).join("\n"));
