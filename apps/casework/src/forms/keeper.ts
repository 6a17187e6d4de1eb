/**
 * Keeps what is typed while it is typed: at the first key, then at most once in a while, and never two writes at once.
 *
 * Leaving waits for nothing, so nothing is left to do when somebody leaves.
 */

export type Keeper = {
  readonly keep: (content: string) => void;
  /** What is still to be written is written now. */
  readonly flush: () => Promise<void>;
  /** Nothing more is written, not even what was about to be. Answers when nothing is under way any more. */
  readonly stop: () => Promise<void>;
};

export const keepEveryMilliseconds = 400;

export type Keeping = {
  readonly write: (content: string) => Promise<void>;
  /** Calls back once the time is over. */
  readonly after: (milliseconds: number, run: () => void) => void;
};

export const makeKeeper = ({ write, after }: Keeping): Keeper => {
  let wanted: string | undefined;
  let running: Promise<void> | undefined;
  let isHurried = false;
  let isStopped = false;
  let goOn: () => void = () => undefined;

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      goOn = resolve;
      if (isHurried) resolve();
      else after(keepEveryMilliseconds, resolve);
    });
  const run = async (): Promise<void> => {
    while (wanted !== undefined) {
      const content = wanted;
      wanted = undefined;
      await write(content);
      await pause();
    }
    running = undefined;
  };
  const flush = async (): Promise<void> => {
    isHurried = true;
    goOn();
    await running;
    isHurried = false;
  };
  return {
    flush,
    keep: (content) => {
      if (isStopped) return;
      wanted = content;
      running ??= run();
    },
    stop: () => {
      isStopped = true;
      wanted = undefined;
      return flush();
    },
  };
};
