/**
 * What has just come under a finger is not pressed.
 *
 * A colleague's news may move a list in the very moment before a finger comes down, which then presses another case. Nothing tells
 * of a finger beforehand, so the news cannot wait for it; and a list that stood still for as long as somebody reads it would hide what
 * is urgent. So whatever comes to stand where something else could be pressed takes no finger and no mouse for as long as it takes to
 * see that and to aim anew. What stayed in its place is pressed as ever. So is everything by the keyboard, and by whoever has the page
 * read aloud: they press what they are on, wherever it has moved.
 */

const justCame = "data-just-came";

/** As long as a hand on its way goes on to where the eye sent it. */
const aimMilliseconds = 400;

export type Place = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** Neighbours may touch, and nobody aims at so narrow an edge. */
const edgePixels = 8;

const isOver = (one: Place, other: Place): boolean =>
  Math.min(one.right, other.right) - Math.max(one.left, other.left) > edgePixels &&
  Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > edgePixels;

const hasMoved = (one: Place, other: Place): boolean =>
  Math.abs(one.top - other.top) > edgePixels || Math.abs(one.left - other.left) > edgePixels;

/** What has come since to where another stood, of all that can be pressed, by its places on the screen. */
export const cameOver = <Thing>(
  before: readonly (readonly [Thing, Place])[],
  now: readonly (readonly [Thing, Place])[],
): readonly Thing[] => {
  const stood = new Map(before);
  return now.flatMap(([thing, place]) => {
    const old = stood.get(thing);
    if (old !== undefined && !hasMoved(old, place)) return [];
    return before.some(([other, theirs]) => other !== thing && isOver(place, theirs)) ? [thing] : [];
  });
};

const pressable = "button, a[href], summary";

const placesIn = (within: HTMLElement): readonly (readonly [Element, DOMRect])[] =>
  [...within.querySelectorAll(pressable)].map((element) => [element, element.getBoundingClientRect()]);

const isOnScreen = ([, { top, bottom }]: readonly [Element, Place]): boolean => bottom > 0 && top < window.innerHeight;

/** Where they would be by now if nothing but the page itself had been scrolled. */
const scrolledBy = (pixels: number, places: readonly (readonly [Element, DOMRect])[]) =>
  places.map(([element, { x, y, width, height }]) => [element, new DOMRect(x, y - pixels, width, height)] as const);

/** What comes to lie over something else is pressed no sooner; whoever pressed what it covers has pressed that. */
export const letAimFirst = (element: Element): (() => void) => {
  const letGo = (): void => element.removeAttribute(justCame);
  element.setAttribute(justCame, "");
  const timer = setTimeout(letGo, aimMilliseconds);
  return () => {
    clearTimeout(timer);
    letGo();
  };
};

/** For as long as a list is shown that others change too. Gives what ends it. */
export const holdWhatJustCame = (within: HTMLElement): (() => void) => {
  const held = new WeakMap<Element, () => void>();
  const hold = (element: Element): void => {
    held.get(element)?.();
    held.set(element, letAimFirst(element));
  };
  let before = { places: placesIn(within), scrolled: window.scrollY };
  let { scrolled } = before;
  // In the same task as the change, before anything can be pressed there.
  const observer = new MutationObserver(() => {
    const places = placesIn(within);
    const stood = scrolledBy(scrolled - before.scrolled, before.places).filter(isOnScreen);
    for (const element of cameOver<Element>(stood, places.filter(isOnScreen))) hold(element);
    scrolled = window.scrollY;
    before = { places, scrolled };
  });
  observer.observe(within, { childList: true, subtree: true, characterData: true });
  const scroll = (): void => {
    scrolled = window.scrollY;
  };
  window.addEventListener("scroll", scroll, { passive: true });
  return () => {
    observer.disconnect();
    window.removeEventListener("scroll", scroll);
  };
};
