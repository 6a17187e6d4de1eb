/**
 * The page: starts the worker that holds the device, and shows what it says.
 *
 * What must stay true: leaving blanks the page in the same task, whatever the rest is doing, and locking ends the worker
 * and the page with it.
 */

import { leaveNow, makeShiftWatcher } from "@amana/ui/quick-exit.ts";
import { mount } from "svelte";
import App from "./frame/App.svelte";
import { heardAfterPresses } from "./frame/after-press.ts";
import { keepForOffline, startDeviceWorker } from "./frame/worker-start.ts";

const { worker = "", offline = "", neutralSite = "", files = "" } = document.documentElement.dataset;

const device = startDeviceWorker(worker);
const signedOut = "signed-out";

const leave = (): void => leaveNow(window, neutralSite, device.end);

/** Of what was shown and known nothing is left. */
const endAll = (): void => {
  device.end();
  document.documentElement.replaceChildren();
};

/** [Note: Locking begins the page anew] What a page has shown stays in its memory; only a new page is sure to hold nothing. */
const lock = (): void => {
  endAll();
  location.replace(location.pathname);
};

/** The page that begins anew says why, once: its own entry of the history carries it there, and the address says nothing. */
const lockSignedOut = (): void => {
  endAll();
  history.replaceState(signedOut, "", location.pathname);
  location.reload();
};

const isThirdShift = makeShiftWatcher();
addEventListener("keydown", (event) => {
  if (isThirdShift(event)) leave();
});

const isSignedOut = history.state === signedOut;
if (isSignedOut) history.replaceState(null, "", location.pathname);

/** Whatever stood in the address (a set-up code, an invitation) is read once and taken out of sight. */
const brought = location.hash.slice(1);
if (brought !== "") history.replaceState(null, "", location.pathname);

/** A link that is opened where the app stands already changes the address and no more: it is read as on a new page. */
addEventListener("hashchange", () => {
  if (location.hash === "") return;
  endAll();
  location.reload();
});

/** A page that the browser had put aside and shows again must not be read by whoever pressed Back. */
addEventListener("pageshow", (event) => {
  if (event.persisted) lock();
});
document.addEventListener("freeze", lock);

const target = document.querySelector("#app");
if (target !== null) {
  const kept = keepForOffline(offline);
  /** Locked first: how long the browser takes with the new version is its own affair. */
  const take = (): void => {
    endAll();
    kept.take();
  };
  const newer = { ...kept, take };
  const { end } = device;
  const port = heardAfterPresses(device.port, {
    on: (event, run) => addEventListener(event, (said) => run(said instanceof PointerEvent ? said.pointerType : "")),
    after: (milliseconds, run) => void setTimeout(run, milliseconds),
  });
  const props = { port, end, leave, lock, lockSignedOut, isSignedOut, brought, neutralSite, files, newer };
  mount(App, { target, props });
}
