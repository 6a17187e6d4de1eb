/** Locking by itself, with a clock of the test's own. */

import { describe, expect, test } from "vitest";
import { lockByItself } from "./lock-by-itself.ts";

const minutes = (count: number): number => count * 60_000;

const begin = () => {
  const world = { now: 0, isHidden: false, locks: 0, touch: (): void => undefined, chance: (): void => undefined };
  lockByItself(
    {
      now: () => world.now,
      isHidden: () => world.isHidden,
      onTouch: (listener) => (world.touch = listener),
      onChance: (listener) => (world.chance = listener),
    },
    () => (world.locks += 1),
  );
  const at = (moment: number): void => {
    world.now = moment;
    world.chance();
  };
  return { world, at };
};

describe("locking by itself", () => {
  test("happens five minutes after the last touch, and not before", () => {
    const { world, at } = begin();
    at(minutes(4));
    world.touch();
    at(minutes(9) - 1);
    expect(world.locks).toBe(0);
    at(minutes(9));
    expect(world.locks).toBe(1);
  });

  test("happens when the page was out of sight for a minute, however lately it was touched", () => {
    const { world, at } = begin();
    world.isHidden = true;
    at(minutes(2));
    at(minutes(3) - 1);
    expect(world.locks).toBe(0);
    at(minutes(3));
    expect(world.locks).toBe(1);
  });

  test("happens on return when the page was hidden and its timers stood still", () => {
    const { world, at } = begin();
    world.isHidden = true;
    at(minutes(1));
    world.isHidden = false;
    at(minutes(2));
    expect(world.locks).toBe(1);
  });

  test("happens after sleep before the touch that wakes the device counts", () => {
    const { world } = begin();
    world.now = minutes(6);
    world.touch();
    expect(world.locks).toBe(1);
  });

  test("happens when the clock was set back, because nobody knows how long it was", () => {
    const { world, at } = begin();
    at(minutes(4));
    at(minutes(3));
    expect(world.locks).toBe(1);
  });

  test("does not happen when the network puts the clock back a little, and not much later for it", () => {
    const { world, at } = begin();
    at(minutes(4));
    at(minutes(3.5));
    expect(world.locks).toBe(0);
    at(minutes(5));
    expect(world.locks).toBe(1);
  });

  test("a glance away does not lock", () => {
    const { world, at } = begin();
    world.isHidden = true;
    at(minutes(1));
    world.isHidden = false;
    at(minutes(1) + 30_000);
    at(minutes(3));
    expect(world.locks).toBe(0);
  });

  test("happens once", () => {
    const { world, at } = begin();
    at(minutes(5));
    at(minutes(6));
    expect(world.locks).toBe(1);
  });
});
