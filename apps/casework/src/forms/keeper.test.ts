/** Keeping what is typed, with a clock of the test's own. */

import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { makeKeeper } from "./keeper.ts";

/** A disk that is done when the test says so. */
const begin = () => {
  const written: string[] = [];
  const disk: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const keeper = makeKeeper({
    write: (content) =>
      new Promise((resolve) => {
        written.push(content);
        disk.push(resolve);
      }),
    after: (_milliseconds, run) => timers.push(run),
  });
  const settle = (): Promise<void> => setImmediate();
  const diskIsDone = async (): Promise<void> => {
    disk.shift()?.();
    await settle();
  };
  const timeIsOver = async (): Promise<void> => {
    timers.shift()?.();
    await settle();
  };
  return { keeper, written, diskIsDone, timeIsOver, settle };
};

describe("what is typed", () => {
  test("is kept at the first key, and then what stands there when the time is over", async () => {
    const { keeper, written, diskIsDone, timeIsOver } = begin();
    keeper.keep("S");
    expect(written).toEqual(["S"]);
    keeper.keep("Sh");
    keeper.keep("She");
    await diskIsDone();
    expect(written).toEqual(["S"]);
    await timeIsOver();
    expect(written).toEqual(["S", "She"]);
    await diskIsDone();
    await timeIsOver();
    expect(written).toEqual(["S", "She"]);
    keeper.keep("She c");
    expect(written).toEqual(["S", "She", "She c"]);
  });

  test("is written out at once when somebody locks", async () => {
    const { keeper, written, diskIsDone, settle } = begin();
    keeper.keep("S");
    await diskIsDone();
    keeper.keep("She called");
    let isDone = false;
    void keeper.flush().then(() => (isDone = true));
    await settle();
    expect(written).toEqual(["S", "She called"]);
    expect(isDone).toBe(false);
    await diskIsDone();
    expect(isDone).toBe(true);
  });

  test("is not kept any more once it was saved, also when a write was about to begin", async () => {
    const { keeper, written, diskIsDone } = begin();
    keeper.keep("S");
    keeper.keep("She");
    let isDone = false;
    void keeper.stop().then(() => (isDone = true));
    keeper.keep("She c");
    expect(isDone).toBe(false);
    await diskIsDone();
    expect(isDone).toBe(true);
    expect(written).toEqual(["S"]);
  });

  test("waits for nothing when nothing was typed", async () => {
    const { keeper, written } = begin();
    await keeper.flush();
    await keeper.stop();
    expect(written).toEqual([]);
  });
});
