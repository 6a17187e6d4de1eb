/**
 * Whoever presses with the keyboard, or has the page read aloud, stays where they are when what they pressed goes away: the focus
 * goes to what has come in its place, or to what stands nearest. A screen that moves the focus by itself is left alone.
 */

const reachable = "button:enabled, input:enabled, select:enabled, textarea:enabled, a[href], summary, [tabindex='-1']";

/** From the innermost outwards: in what an element stands, and how many stand before it there. */
type Place = readonly { readonly around: Element; readonly before: number }[];

const placeOf = (pressed: Element, within: Element): Place => {
  const place: { readonly around: Element; readonly before: number }[] = [];
  for (let each = pressed; each !== within && each.parentElement !== null; each = each.parentElement)
    place.push({ around: each.parentElement, before: [...each.parentElement.children].indexOf(each) });
  return place;
};

const isSeen = (element: Element): boolean => element.getClientRects().length > 0;

const firstIn = (element: Element): HTMLElement | undefined =>
  [element, ...element.querySelectorAll("*")].find(
    (each): each is HTMLElement => each instanceof HTMLElement && each.matches(reachable) && isSeen(each),
  );

/** In the place itself, then after it, then before it; and so on outwards. */
const nearest = (place: Place): HTMLElement | undefined => {
  for (const { around, before } of place.filter((each) => each.around.isConnected)) {
    const all = [...around.children];
    for (const each of [...all.slice(before), ...all.slice(0, before).reverse()]) {
      const found = firstIn(each);
      if (found !== undefined) return found;
    }
  }
  return undefined;
};

/** What comes in the place of something may be read first; what says that it is being read is waited for, however long it takes. */
const quietMilliseconds = 100;

/** Gives what ends it. */
export const keepFocus = (within: HTMLElement): (() => void) => {
  let pressed: { readonly element: HTMLElement; readonly place: Place } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    pressed = undefined;
  };
  const settle = (): void => {
    if (pressed === undefined || document.activeElement === pressed.element) return;
    if (within.querySelector("[aria-busy='true']") !== null) return;
    if (document.activeElement !== document.body) {
      end();
    } else if (!pressed.element.isConnected) {
      const { place } = pressed;
      end();
      nearest(place)?.focus();
      // While it works it cannot be pressed; afterwards it can again.
    } else if (!pressed.element.matches(":disabled")) pressed.element.focus();
  };
  const observer = new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(settle, quietMilliseconds);
  });
  const press = ({ target, detail }: MouseEvent): void => {
    end();
    // A mouse and a finger count their presses. Enter in a field presses the button of its form.
    const isPress = detail === 0 && target instanceof Element && target.closest("button") !== null;
    const element = document.activeElement;
    if (!isPress || !(element instanceof HTMLElement) || !within.contains(element)) return;
    pressed = { element, place: placeOf(element, within) };
    observer.observe(within, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  };
  within.addEventListener("click", press, true);
  return () => {
    end();
    within.removeEventListener("click", press, true);
  };
};
