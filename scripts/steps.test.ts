/** The steps of a whole test run: in lanes, ended together, and leaving nothing behind. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeSteps, type Step, type Steps } from "./steps.ts";

/** Longer than any step here is left to live. */
const wholeMinute = 60_000;

describe("steps", () => {
  let folder: string;
  let printed: string;
  let steps: Steps;

  const step = (name: string, program: string): Step => ({ name, command: [process.execPath, "-e", program] });
  const says = (name: string): Step => step(name, `console.log("${name} says this"); console.error("and this")`);
  const fails = step("fails", "process.exit(3)");
  const writes = (name: string): Step => step(name, `fs.writeFileSync("${name}", "")`);
  const wasRun = (name: string): boolean => existsSync(join(folder, name));

  /** Starts a program that would write `by itself` a minute later, and says in `started` that it has. */
  const startsAnother = `
    const other = 'setTimeout(() => require("node:fs").writeFileSync("by itself", ""), ${wholeMinute})';
    child_process.spawn(process.execPath, ["-e", other], { stdio: "inherit" });
    fs.writeFileSync("started", "");
  `;
  const untilStarted = 'const wait = setInterval(() => { if (fs.existsSync("started")) process.exit(3); }, 10);';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "amana-steps-"));
    printed = "";
    const print = (words: string | Uint8Array): void => {
      printed += typeof words === "string" ? words : Buffer.from(words).toString("utf8");
    };
    steps = makeSteps({ cwd: folder, env: process.env, print });
  });
  afterEach(() => {
    steps.stop("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("in two lanes go beside each other, and what each says is printed whole", async () => {
    // Each waits for the other, so that neither lane would ever end alone.
    const meets = (name: string, other: string): Step =>
      step(
        name,
        `console.log("${name} begins"); fs.writeFileSync("${name}", "");
         const wait = setInterval(() => { if (fs.existsSync("${other}")) clearInterval(wait); }, 10);
         process.on("exit", () => console.log("${name} ends"));`,
      );
    expect(await steps.runLanes([[meets("one", "two")], [meets("two", "one"), says("three")]])).toBe(true);
    expect(printed).toMatch(/── one\none begins\none ends\n── one: passed in [\d.]+ s\n/);
    expect(printed).toMatch(/── two\ntwo begins\ntwo ends\n── two: passed in/);
    expect(printed).toMatch(/── three\n[^─]*three says this\n[^─]*── three: passed in/);
  });

  it("that fail end their own lane and the other, with all that it has started", async () => {
    const waiting = step("waiting", `${startsAnother} setInterval(() => undefined, 1000);`);
    expect(
      await steps.runLanes([
        [step("fails", untilStarted), writes("next")],
        [waiting, writes("next")],
      ]),
    ).toBe(false);
    // Both ends of a pipe are closed only once nobody holds it any more: had anybody been left, it would have written by now.
    expect(["by itself", "next"].filter(wasRun)).toEqual([]);
    expect(printed).toMatch(/── fails: FAILED in/);
    expect(printed).not.toContain("waiting");
  });

  it("that end leave nothing behind that they have started", async () => {
    expect(await steps.runLanes([[step("leaves", `${startsAnother} process.exit(0);`)]])).toBe(true);
    expect([wasRun("started"), wasRun("by itself")]).toEqual([true, false]);
  });

  it("are told of a signal, end in their own way, and none is started after it", async () => {
    const listens = step(
      "listens",
      `process.on("SIGINT", () => { fs.writeFileSync("heard", "SIGINT"); process.exit(0); });
       setInterval(() => undefined, 1000); fs.writeFileSync("started", "");`,
    );
    const running = steps.runLanes([[listens, writes("next")]]);
    while (!wasRun("started")) await new Promise(setImmediate);
    steps.stop("SIGINT");
    expect(await running).toBe(false);
    expect(readFileSync(join(folder, "heard"), "utf8")).toBe("SIGINT");
    expect(await steps.run(writes("next"))).toBe(false);
    expect(wasRun("next")).toBe(false);
  });

  it("that cannot be started are failed, and it is said which program is missing", async () => {
    writeFileSync(join(folder, "no-program"), "");
    expect(await steps.run({ name: "missing", command: ["./no-program"] })).toBe(false);
    expect(printed).toMatch(/\.\/no-program could not be started\.\n── missing: FAILED in/);
    expect(await steps.runLanes([[fails]])).toBe(false);
  });
});
