/** Work that somebody may break off, with Ctrl and C for instance: what is half done is taken away before the program ends. */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** `run` takes away what it has begun once it is told to end, and rejects. The program then ends by the same signal; a second one does not wait. */
export const breakable = async <T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const breaking = new AbortController();
  let by: NodeJS.Signals | undefined;
  const breakOff = (signal: NodeJS.Signals): void => {
    by = signal;
    breaking.abort();
    forget();
  };
  const forget = (): void => {
    for (const each of signals) process.off(each, breakOff);
  };
  for (const each of signals) process.on(each, breakOff);
  try {
    return await run(breaking.signal);
  } finally {
    forget();
    if (by !== undefined) process.kill(process.pid, by);
  }
};
