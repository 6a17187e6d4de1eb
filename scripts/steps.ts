/**
 * Runs the steps of `npm test`, one after the other or in lanes beside each other.
 *
 * What must stay true: a step leaves nothing running behind, however it ends. Each is the first of a group of processes, and what
 * ends a step ends its group: the compilers, builds and databases that it has started would go on by themselves otherwise.
 */

import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";

export type Step = { readonly name: string; readonly command: readonly string[] };

export type Steps = {
  /** What the step says is seen while it says it. */
  readonly run: (step: Step) => Promise<boolean>;
  /** All lanes at once, the steps of each in their order. The first that fails ends the others, which then have nothing to say. */
  readonly runLanes: (lanes: readonly (readonly Step[])[]) => Promise<boolean>;
  /** Hands the signal to all that runs. No step is started any more. */
  readonly stop: (signal: NodeJS.Signals) => void;
};

export type StepTerms = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (words: string | Uint8Array) => void;
};

export const makeSteps = (terms: StepTerms): Steps => {
  const { print } = terms;
  const groups: Groups = new Set();
  let hasStopped = false;
  const isStopped = (): boolean => hasStopped;

  const stop = (signal: NodeJS.Signals): void => {
    hasStopped = true;
    for (const group of groups) signalGroup(group, signal);
  };

  const run = async (step: Step): Promise<boolean> => {
    if (isStopped()) return false;
    print(firstLineOf(step));
    const startedAt = performance.now();
    const isPassed = await start(step, ["ignore", "inherit", "inherit"], terms, groups).passed;
    print(lastLineOf(step, isPassed, startedAt));
    return isPassed;
  };

  /** Prints all that a step said when it has ended, so that two at once are not mixed. */
  const runBeside = async (step: Step): Promise<boolean> => {
    if (isStopped()) return false;
    const startedAt = performance.now();
    const { child, passed } = start(step, ["ignore", "pipe", "pipe"], terms, groups);
    const said: Uint8Array[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (words: Uint8Array) => said.push(words));
    const isPassed = await passed;
    if (isStopped()) return false;
    print(firstLineOf(step));
    for (const words of said) print(words);
    print(lastLineOf(step, isPassed, startedAt));
    if (!isPassed) stop("SIGKILL");
    return isPassed;
  };

  const runLane = async (lane: readonly Step[]): Promise<boolean> => {
    for (const step of lane) if (!(await runBeside(step))) return false;
    return true;
  };

  const runLanes = async (lanes: readonly (readonly Step[])[]): Promise<boolean> =>
    !(await Promise.all(lanes.map(runLane))).includes(false);

  return { run, runLanes, stop };
};

/** Those that run, by the process that leads each. */
type Groups = Set<number>;

type Started = { readonly child: ChildProcess; readonly passed: Promise<boolean> };

const start = ({ command }: Step, stdio: StdioOptions, { cwd, env, print }: StepTerms, groups: Groups): Started => {
  const [program = "", ...rest] = command;
  const child = spawn(program, rest, { cwd, env, stdio, detached: true });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  const passed = new Promise<boolean>((resolve) => {
    child.on("error", () => {
      print(`${program} could not be started.\n`);
      resolve(false);
    });
    child.on("exit", () => {
      if (pid === undefined) return;
      // What it has left behind.
      signalGroup(pid, "SIGKILL");
      groups.delete(pid);
    });
    child.on("close", (status) => resolve(status === 0));
  });
  return { child, passed };
};

const signalGroup = (group: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-group, signal);
  } catch {
    // All of it has ended.
  }
};

const firstLineOf = ({ name }: Step): string => `\n── ${name}\n`;

const lastLineOf = ({ name }: Step, isPassed: boolean, startedAt: number): string => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return `── ${name}: ${isPassed ? "passed" : "FAILED"} in ${seconds} s\n`;
};
