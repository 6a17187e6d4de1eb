/** A build is done when it is missing, stale or was cut off, and not otherwise. */

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buildWhatIsStale, type Build } from "./build.ts";

const page: Build = { name: "page", program: "app/build.ts", output: "app/dist", sources: ["app", "packs"] };

/** Leaves one more line each time it runs, and fails when it is told to. */
const program = `
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
mkdirSync("app/dist", { recursive: true });
appendFileSync("app/dist/runs", "x");
if (existsSync("fail")) process.exit(3);
`;

describe("building", () => {
  let root: string;
  const build = (anew = false): boolean => buildWhatIsStale({ anew, builds: [page], root });
  const runs = (): number =>
    existsSync(join(root, "app/dist/runs")) ? readFileSync(join(root, "app/dist/runs")).length : 0;

  beforeEach(() => {
    vi.spyOn(console, "log").mockReturnValue();
    vi.spyOn(console, "error").mockReturnValue();
    root = mkdtempSync(join(tmpdir(), "amana-build-"));
    for (const folder of ["app", "packs"]) mkdirSync(join(root, folder));
    writeFileSync(join(root, "app/build.ts"), program);
    writeFileSync(join(root, "packs/rules.json"), "[1]");
    return () => {
      vi.restoreAllMocks();
    };
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("does what is missing once", () => {
    expect([build(), build(), runs()]).toEqual([true, true, 1]);
  });

  it("does again what has changed, whatever its date says", () => {
    build();
    writeFileSync(join(root, "packs/rules.json"), "[2]");
    utimesSync(join(root, "packs/rules.json"), 0, 0);
    build();
    rmSync(join(root, "packs/rules.json"));
    build();
    expect(runs()).toBe(3);
  });

  it("is not asked for by a changed test or a file that was only touched", () => {
    build();
    appendFileSync(join(root, "app/page.test.ts"), "// A test.");
    utimesSync(join(root, "packs/rules.json"), 0, 0);
    build();
    expect(runs()).toBe(1);
  });

  it("that failed is reported, and done again the next time", () => {
    writeFileSync(join(root, "fail"), "");
    expect(build()).toBe(false);
    rmSync(join(root, "fail"));
    expect([build(), runs()]).toEqual([true, 2]);
  });

  it("is done anew when asked", () => {
    build();
    build(true);
    expect(runs()).toBe(2);
  });

  it("passes over a part whose build does not exist yet", () => {
    rmSync(join(root, "app/build.ts"));
    expect([build(), runs()]).toEqual([true, 0]);
  });
});
