/** A press on what is shown is a press on what was shown when the finger came down. */

import { expect, test } from "vitest";
import type { Port } from "../wire/calls.ts";
import { heardAfterPresses, pressMillisecondsMax } from "./after-press.ts";

const makePage = () => {
  const runs = new Map<string, (pointer: string) => void>();
  let timers: readonly { readonly milliseconds: number; readonly run: () => void }[] = [];
  let say: (data: unknown) => void = () => undefined;
  const worker: Port = {
    postMessage: () => undefined,
    addEventListener: (_type, listener) => (say = (data) => listener({ data })),
  };
  const heard: unknown[] = [];
  heardAfterPresses(worker, {
    on: (event, run) => runs.set(event, run),
    after: (milliseconds, run) => (timers = [...timers, { milliseconds, run }]),
  }).addEventListener("message", ({ data }) => heard.push(data));
  return {
    heard,
    say: (data: unknown) => say(data),
    on: (event: string, pointer = "touch") => runs.get(event)?.(pointer),
    pass: (passed: number) => {
      const over = timers.filter(({ milliseconds }) => milliseconds <= passed);
      timers = timers.filter((timer) => !over.includes(timer));
      for (const { run } of over) run();
    },
  };
};

const answered = (call: number) => ({ kind: "answered", call, value: null });

test("an answer is heard at once while nobody presses", () => {
  const page = makePage();
  page.say(answered(1));
  expect(page.heard).toEqual([answered(1)]);
});

test.each(["pointerup", "pointercancel", "blur"])(
  "answers that come while a finger is down are heard in order after %s",
  (end) => {
    const page = makePage();
    page.on("pointerdown");
    page.say(answered(1));
    page.on(end);
    // The click itself is still to come.
    page.say(answered(2));
    expect(page.heard).toEqual([]);
    page.pass(1000);
    page.say(answered(3));
    expect(page.heard).toEqual([1, 2, 3].map(answered));
  },
);

test("the click of a mouse comes with its going up: nothing waits longer than that", () => {
  const page = makePage();
  page.on("pointerdown", "mouse");
  page.say(answered(1));
  page.on("pointerup", "mouse");
  expect(page.heard).toEqual([]);
  page.pass(0);
  expect(page.heard).toEqual([answered(1)]);
});

test("what is told without being asked waits for no finger: a device that was signed out locks", () => {
  const page = makePage();
  page.on("pointerdown");
  const told = { kind: "told", news: { kind: "signed-out" } };
  page.say(told);
  page.say({ kind: "broken" });
  expect(page.heard).toEqual([told, { kind: "broken" }]);
});

test("a second press goes on where the first had not settled, and one that never ends holds nothing back for ever", () => {
  const page = makePage();
  page.on("pointerdown");
  page.say(answered(1));
  page.on("pointerup");
  page.on("pointerdown");
  page.pass(1000);
  expect(page.heard).toEqual([]);
  page.pass(pressMillisecondsMax);
  expect(page.heard).toEqual([answered(1)]);
});
