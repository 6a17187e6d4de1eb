/** Settings of the tool that breaks the code, for one group of `groups.ts`. */

import { reportOf, runGroup } from "./groups.ts";

const group = runGroup();

export default {
  packageManager: "npm",
  plugins: ["@stryker-mutator/vitest-runner"],
  testRunner: "vitest",
  vitest: { configFile: "mutation/vitest.config.ts", related: true },
  coverageAnalysis: "perTest",
  mutate: group.mutate,
  // The run of all groups decides by their sum.
  thresholds: { high: 95, low: 85, break: null },
  concurrency: 2,
  reporters: ["clear-text", "json"],
  jsonReporter: { fileName: reportOf(group) },
  tempDirName: "mutation/.tmp",
};
