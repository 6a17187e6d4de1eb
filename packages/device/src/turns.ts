/**
 * One thing at a time: what a device changes in itself happens in turns, so that telling something while it syncs is
 * safe and quick. A turn never waits for the network, and never takes another turn within itself.
 */

export type InTurn = <T>(step: () => Promise<T>) => Promise<T>;

/** `after` is done between turns, when nothing is at work. */
export const makeTurns = (after: () => void = nothing): InTurn => {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    // What became of the step before is told to whoever asked for that one.
    const turn = last.then(step, step);
    last = turn.then(after, after);
    return turn;
  };
};

const nothing = (): void => undefined;
