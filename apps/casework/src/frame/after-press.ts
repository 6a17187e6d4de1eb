/**
 * Nothing is laid out anew under a finger: what the worker answers between its coming down and its going up is shown afterwards.
 *
 * A list that is pushed down meanwhile would lose the press, or turn it into a press on something else: on another case. What the
 * worker tells without being asked, as that the device was signed out, waits for nobody.
 */

import type { Port } from "../wire/calls.ts";

/** A press that ends outside of the page may never be told to have ended. */
export const pressMillisecondsMax = 5000;
/** The click of a mouse comes with its going up, that of a finger a little after it. */
const clickMilliseconds = (pointer: string): number => (pointer === "mouse" ? 0 : 50);

export type Pressed = {
  /** The own events of the page, not those of what stands on it: `blur` of a field ends no press. */
  readonly on: (event: string, run: (pointer: string) => void) => void;
  /** Calls back once the time is over. */
  readonly after: (milliseconds: number, run: () => void) => void;
};

const ends = ["pointerup", "pointercancel", "blur"] as const;

/** The same port, heard after presses. */
export const heardAfterPresses = (port: Port, { on, after }: Pressed): Port => {
  let presses = 0;
  let isPressed = false;
  const waiting: (() => void)[] = [];
  /** Of another press that has begun since, nothing is over. */
  const endAfter = (milliseconds: number): void => {
    const press = presses;
    after(milliseconds, () => {
      if (press !== presses) return;
      isPressed = false;
      for (const hear of waiting.splice(0)) hear();
    });
  };
  on("pointerdown", () => {
    presses += 1;
    isPressed = true;
    endAfter(pressMillisecondsMax);
  });
  for (const end of ends)
    on(end, (pointer) => {
      if (isPressed) endAfter(clickMilliseconds(pointer));
    });
  return {
    postMessage: (message) => port.postMessage(message),
    addEventListener: (type, listener) =>
      port.addEventListener(type, (event) => {
        if (isPressed && isAnswer(event.data)) waiting.push(() => listener(event));
        else listener(event);
      }),
  };
};

const isAnswer = (said: unknown): boolean =>
  typeof said === "object" && said !== null && "kind" in said && said.kind === "answered";
