/**
 * Starts `amana` in the process it was called in: the one place that takes streams, environment and
 * clock from Node.js. No error reaches the person as a stack trace.
 */

import { assert, isInstant } from "@amana/kernel";
import { runAmana } from "./run.ts";
import { exitCodes, folderOfCaller } from "./terminal.ts";

// A mistake that no command could see, in a callback for instance. Said in one line, like every other.
process.on("uncaughtException", () => {
  process.stderr.write("amana: something went wrong that should not. Nothing was changed.\n");
  process.exit(exitCodes.broken);
});

process.exitCode = await runAmana(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  folder: folderOfCaller(process.env, process.cwd()),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  now: () => {
    const now = Date.now();
    assert(isInstant(now), "This machine's clock is outside of the years 0001 to 9999.");
    return now;
  },
  milliseconds: () => performance.now(),
});
