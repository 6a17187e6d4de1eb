/** What a process has used, as the kernel of Linux tells it. Elsewhere nothing is told. */

import { readFileSync, writeFileSync } from "node:fs";

/** Clock ticks of a second, which Linux fixes for what it shows in /proc. */
const ticksPerSecond = 100;

const read = (pid: number, name: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
};

/** Seconds of processor time, in the process and in the kernel for it. */
export const cpuSecondsOf = (pid: number): number => {
  // The name of the program stands in brackets and may hold anything; what follows it are numbers.
  const fields = read(pid, "stat")?.split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

/** The most memory it ever held, in megabytes. */
export const peakMegabytesOf = (pid: number): number => megabytesIn(pid, /VmHWM:\s+(\d+) kB/);

/** What it holds now. */
export const megabytesOf = (pid: number): number => megabytesIn(pid, /VmRSS:\s+(\d+) kB/);

/** The kernel's kB are 1,024 bytes; a megabyte is 1,000,000 everywhere else here. */
const kernelKilobyte = 1_024;

const megabytesIn = (pid: number, line: RegExp): number =>
  (Number(line.exec(read(pid, "status") ?? "")?.[1]) * kernelKilobyte) / 1_000_000;

/** From now on its peak is counted anew. */
export const forgetPeakOf = (pid: number): void => {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
  } catch {
    // A process that has ended has no peak any more.
  }
};
