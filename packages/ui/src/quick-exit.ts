/**
 * Quick exit: the page is blank before anything else happens, then replaced by a neutral one.
 *
 * What must stay true: blanking takes the same task as the press, because loading the neutral page
 * may take seconds on a slow line; and the page is *replaced*, so that Back does not return to it.
 */

/** The part of a window that leaving needs, so that it can be tested without one. */
export type LeavableWindow = {
  readonly document: {
    title: string;
    readonly documentElement: { textContent: string | null };
  };
  readonly location: { readonly replace: (url: string) => void };
};

/**
 * Blanks and leaves. `forget` locks what is open (keys, answers) before the page goes.
 * It does not clear the browser's history: nothing that a page does can.
 *
 * Only what the oldest browser that starts this script knows is called here, so the page is emptied by
 * its text: `replaceChildren` is younger than the syntax, and a press that fails leaves the page open.
 */
export const leaveNow = (window: LeavableWindow, neutralSite: string, forget?: () => void): void => {
  window.document.title = "";
  window.document.documentElement.textContent = "";
  // Whatever `forget` does or fails to do, the page is blank already and goes away.
  try {
    forget?.();
  } finally {
    window.location.replace(neutralSite);
  }
};

const pressesNeeded = 3;
const pressesWithinMilliseconds = 2000;

/** What the watcher reads of a keyboard event. */
export type KeyPress = {
  readonly key: string;
  readonly repeat: boolean;
  readonly timeStamp: number;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
};

/**
 * Whether this press of a key completes three of Shift in a row. Holding Shift counts once, and
 * any other key in between starts again, so that typing capitals does not leave. Shift beside another
 * held key does not count: that is how people who write in several scripts change the keyboard.
 */
export const makeShiftWatcher = (): ((press: KeyPress) => boolean) => {
  let pressedAt: readonly number[] = [];
  return ({ key, repeat, timeStamp, altKey, ctrlKey, metaKey }) => {
    if (repeat) return false;
    if (key !== "Shift" || altKey || ctrlKey || metaKey) {
      pressedAt = [];
      return false;
    }
    pressedAt = [...pressedAt.filter((earlier) => timeStamp - earlier <= pressesWithinMilliseconds), timeStamp];
    return pressedAt.length >= pressesNeeded;
  };
};
