/** The tests that mutation runs: those of the parts it breaks, and nothing that needs a browser or a server. */

import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: join(import.meta.dirname, ".."),
  test: {
    include: ["packages/{casefile,log,vault}/src/**/*.test.ts", "tests/casefile/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    testTimeout: 120_000,
  },
});
