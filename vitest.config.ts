/**
 * Which tests run where. `core` is what decides about care and safety, measured for coverage; `unit` is
 * every other test beside its code and across parts; `browser` drives Chromium against the built product.
 */

import { availableParallelism } from "node:os";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./scripts/slowest-first.ts";

const isLongRun = process.env["AMANA_LONG"] === "1";
const coreNames = ["kernel", "pathway", "casefile", "log", "vault", "sync", "device"];
const corePackages = `packages/{${coreNames.join(",")}}`;
const branchesCoveredMin = 95;
// What asks for more than a usual machine gives is run by `npm run test:long` alone.
const never = ["**/node_modules/**", "**/dist/**", ...(isLongRun ? [] : ["**/*.long.test.ts"])];

// A proof or a browser on a busy machine may take long; the limit only ends what hangs.
const testTimeoutMilliseconds = isLongRun ? 30 * 60_000 : 5 * 60_000;
/** As long as Playwright waits for what is to come true. */
const pollTimeoutMilliseconds = 30_000;

export default defineConfig({
  test: {
    passWithNoTests: true,
    allowOnly: false,
    // Left to itself Vitest keeps one core of two free, and the tests take twice as long. One more than have a core: a test often
    // waits for a server or a database, and another one works meanwhile; browsers are driven by fewer (scripts/test.ts).
    maxWorkers: Math.max(2, availableParallelism() - 1) + 1,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          name: "core",
          // A device is tested with a server at its side, which stands in tests/.
          include: [`${corePackages}/src/**/*.test.ts`, "tests/device/**/*.test.ts"],
          exclude: never,
          testTimeout: testTimeoutMilliseconds,
          hookTimeout: testTimeoutMilliseconds,
        },
      },
      {
        plugins: [svelte({ configFile: false })],
        test: {
          name: "unit",
          include: [
            "{packages,apps,packs}/*/**/*.test.ts",
            "scripts/**/*.test.ts",
            "mutation/*.test.ts",
            "tests/**/*.test.ts",
          ],
          exclude: [...never, `${corePackages}/**`, "tests/device/**", "tests/browser/**"],
          testTimeout: testTimeoutMilliseconds,
          hookTimeout: testTimeoutMilliseconds,
        },
      },
      {
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          exclude: never,
          expect: { poll: { timeout: pollTimeoutMilliseconds } },
          testTimeout: testTimeoutMilliseconds,
          hookTimeout: testTimeoutMilliseconds,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: [`${corePackages}/src/**/*.ts`],
      exclude: ["**/*.test.ts", "**/testing/**"],
      reporter: ["text-summary"],
      // For each package on its own, so that a well tested one does not hide another.
      thresholds: Object.fromEntries(
        coreNames.map((name) => [`packages/${name}/src/**`, { branches: branchesCoveredMin }]),
      ),
    },
  },
});
