/** Which click is a plain move to another page of the guide, to be made without adding to the history. */

/** The part of a click that decides. */
export type Click = {
  readonly defaultPrevented: boolean;
  readonly button: number;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly target: EventTarget | null;
};

/** The address to go to; null where the browser should do what it always does (new tab, call, leave). */
export const linkToFollow = (click: Click, here: string): string | null => {
  if (click.defaultPrevented || click.button !== 0) return null;
  if (click.altKey || click.ctrlKey || click.metaKey || click.shiftKey) return null;
  const link = closestLink(click.target);
  if (link === null || link.target !== "" || link.hasAttribute("download")) return null;
  return isSameOrigin(link.href, here) ? link.href : null;
};

const closestLink = (target: EventTarget | null): HTMLAnchorElement | null =>
  target instanceof Element ? target.closest<HTMLAnchorElement>("a[href]") : null;

/** `tel:` and other schemes have an origin of their own, so they are never the same. */
export const isSameOrigin = (address: string, here: string): boolean => {
  try {
    const target = new URL(address, here);
    return target.protocol.startsWith("http") && target.origin === new URL(here).origin;
  } catch {
    return false;
  }
};
