/**
 * Locks by itself: after five minutes without a touch, after a minute out of sight, and at once when the device was asleep
 * for longer. Online and offline alike (SECURITY §4). Where the clock was set back nobody knows how long it was: it locks too.
 *
 * A browser slows the timers of a hidden page and stops them in sleep, so the wall clock is asked at every chance.
 */

const idleMinutesMax = 5;
const hiddenMinutesMax = 1;
/** A clock that the network puts right goes back by less. */
const setBackMinutesMax = 1;

const millisecondsPerMinute = 60_000;
const checkEveryMilliseconds = 5_000;

/** What it watches, so that a test can stand in for the browser. */
export type Watched = {
  readonly now: () => number;
  readonly isHidden: () => boolean;
  readonly onTouch: (listener: () => void) => void;
  readonly onChance: (listener: () => void) => void;
};

/** Calls `lock` once. */
export const lockByItself = (watched: Watched, lock: () => void): void => {
  let touchedAt = watched.now();
  let checkedAt = touchedAt;
  let hiddenSince = watched.isHidden() ? watched.now() : undefined;
  let isLocked = false;
  const check = (): void => {
    const now = watched.now();
    const hiddenFor = hiddenSince === undefined ? 0 : now - hiddenSince;
    const isDue =
      checkedAt - now >= setBackMinutesMax * millisecondsPerMinute ||
      now - touchedAt >= idleMinutesMax * millisecondsPerMinute ||
      hiddenFor >= hiddenMinutesMax * millisecondsPerMinute;
    checkedAt = now;
    hiddenSince = watched.isHidden() ? (hiddenSince ?? now) : undefined;
    if (!isDue || isLocked) return;
    isLocked = true;
    lock();
  };
  watched.onTouch(() => {
    // A touch after the time is over comes too late.
    check();
    touchedAt = watched.now();
  });
  watched.onChance(check);
};

/** The browser as it is watched. */
export const watchBrowser = (window: Window): Watched => ({
  now: () => Date.now(),
  isHidden: () => window.document.visibilityState === "hidden",
  onTouch: (listener) => {
    for (const event of ["pointerdown", "keydown", "wheel", "touchstart"]) {
      window.addEventListener(event, listener, { capture: true, passive: true });
    }
  },
  onChance: (listener) => {
    window.setInterval(listener, checkEveryMilliseconds);
    window.document.addEventListener("visibilitychange", listener);
    window.addEventListener("focus", listener);
  },
});
