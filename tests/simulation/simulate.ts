/** One simulation from beginning to end. The same seed takes the same steps. */

import type { CaseCommand } from "@amana/casefile";
import { check } from "./check.ts";
import { settle } from "./settle.ts";
import { digestOfLogs } from "../device/memory-server.ts";
import { takeAStep } from "./actions.ts";
import { makeWorld, note } from "./world.ts";

export type Outcome = {
  readonly seed: number;
  /** Empty when all is as it must be. */
  readonly findings: readonly string[];
  readonly trace: readonly string[];
  /** The commands that some device has taken. */
  readonly accepted: ReadonlySet<CaseCommand["type"]>;
  /** Of every entry on the server: the same for the same seed. */
  readonly digest: string;
};

const stepsMin = 25;
const stepsMore = 40;

export const simulate = async (seed: number): Promise<Outcome> => {
  const world = await makeWorld(seed);
  const steps = stepsMin + world.chooser.below(stepsMore);
  let findings: readonly string[];
  try {
    for (let step = 0; step < steps; step++) await takeAStep(world);
    findings = (await settle(world)) ? await check(world) : ["The devices never came to rest."];
  } catch (reason) {
    findings = [`Something was thrown: ${reason instanceof Error ? (reason.stack ?? "") : String(reason)}`];
  }
  for (const finding of findings) note(world, finding);
  return { seed, findings, trace: world.trace, accepted: world.accepted, digest: digestOfLogs(world.office.server) };
};
