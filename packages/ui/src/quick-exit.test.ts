/** Quick exit: blank first, then away; and what counts as pressing Shift three times. */

import { describe, expect, test } from "vitest";
import { type KeyPress, type LeavableWindow, leaveNow, makeShiftWatcher } from "./quick-exit.ts";

const noneHeld = { altKey: false, ctrlKey: false, metaKey: false };
const press = (key: string, timeStamp: number, repeat = false): KeyPress => ({ ...noneHeld, key, repeat, timeStamp });

const watchedWindow = (): { window: LeavableWindow; log: string[] } => {
  const log: string[] = [];
  const window: LeavableWindow = {
    document: {
      title: "Notes",
      documentElement: {
        set textContent(text: string) {
          log.push(text === "" ? "blank" : text);
        },
      },
    },
    location: { replace: (url) => log.push(`to ${url}`) },
  };
  return { window, log };
};

describe("leaving", () => {
  test("blanks the page before it asks for the neutral one", () => {
    const { window, log } = watchedWindow();
    leaveNow(window, "https://neutral.example/", () => log.push("forget"));
    expect(log).toEqual(["blank", "forget", "to https://neutral.example/"]);
    expect(window.document.title).toBe("");
  });

  test("goes away even when forgetting fails", () => {
    const { window, log } = watchedWindow();
    expect(() =>
      leaveNow(window, "https://neutral.example/", () => {
        throw new Error("cannot lock");
      }),
    ).toThrow();
    expect(log).toEqual(["blank", "to https://neutral.example/"]);
  });
});

describe("Shift three times", () => {
  test("leaves when pressed three times in a row", () => {
    const isThird = makeShiftWatcher();
    expect([press("Shift", 0), press("Shift", 300), press("Shift", 600)].map(isThird)).toEqual([false, false, true]);
  });

  test("does not leave when the presses are far apart", () => {
    const isThird = makeShiftWatcher();
    expect([press("Shift", 0), press("Shift", 1500), press("Shift", 3000)].some(isThird)).toBe(false);
  });

  test("does not leave when capitals are typed", () => {
    const isThird = makeShiftWatcher();
    const typing = [press("Shift", 0), press("A", 50), press("Shift", 100), press("B", 150), press("Shift", 200)];
    expect(typing.some(isThird)).toBe(false);
  });

  test("does not leave when Shift is held down", () => {
    const isThird = makeShiftWatcher();
    const held = [press("Shift", 0), press("Shift", 30, true), press("Shift", 60, true), press("Shift", 90, true)];
    expect(held.some(isThird)).toBe(false);
  });

  test.each(["altKey", "ctrlKey", "metaKey"])(
    "does not leave when the keyboard's language is changed with %s",
    (held) => {
      const isThird = makeShiftWatcher();
      const changing = [0, 200, 400].map((at) => ({ ...press("Shift", at), [held]: true }));
      expect(changing.some(isThird)).toBe(false);
    },
  );
});
