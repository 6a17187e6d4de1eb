/** The tests that mutation runs: those of the part it breaks, and nothing that needs a browser or a server. */

import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { runGroup } from "./groups.ts";

export default defineConfig({
  root: join(import.meta.dirname, ".."),
  test: { include: [...runGroup().tests], exclude: ["**/node_modules/**"], testTimeout: 120_000 },
});
