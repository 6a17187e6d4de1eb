/**
 * The script of every page: quick exit, and moving between pages without leaving them in Back.
 *
 * What must stay true: it stores nothing and asks for nothing. Pages are complete without it.
 */

import { leaveNow, makeShiftWatcher } from "@amana/ui/quick-exit.ts";
import { linkToFollow } from "./following.ts";

const exit = document.querySelector<HTMLAnchorElement>("#exit");

const leave = (): void => {
  if (exit !== null) leaveNow(window, exit.href);
};

/** The link's own way is given up only once the better one was taken. */
exit?.addEventListener("click", (event) => {
  leave();
  event.preventDefault();
});

const isThirdShift = makeShiftWatcher();
addEventListener("keydown", (event) => {
  if (isThirdShift(event)) leave();
});

/**
 * [Note: Nothing of the guide stays in Back]
 *
 * A link that is followed in the usual way adds an entry to the tab's history, and after quick exit
 * Back would walk through the guide page by page. So every move between its pages *replaces* the
 * current entry: the tab holds one entry of the guide at most, which quick exit replaces in turn.
 * Back then shows what was open before the guide. (The browser's own list of visited pages is out of
 * reach of any page; the guide says so on its page about leaving.)
 */
addEventListener("click", (event) => {
  const target = linkToFollow(event, location.href);
  if (target === null) return;
  event.preventDefault();
  location.replace(target);
});

/** A page that the browser had put aside and shows again must not be read by whoever pressed Back. */
addEventListener("pageshow", (event) => {
  if (event.persisted) leave();
});

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.closest<HTMLElement>("[hidden]")?.removeAttribute("hidden");
  button.addEventListener("click", () => {
    print();
  });
}
