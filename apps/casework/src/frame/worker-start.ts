/** Starts the two workers of the app by the addresses that the build wrote into the page, and no others. */

import type { Port } from "../wire/calls.ts";
import { takeOver } from "../wire/take-over.ts";
import { trustedAddress } from "../wire/trusted-address.ts";

export type DeviceWorker = { readonly port: Port; readonly end: () => void };

/** Ending it takes every key and every opened case with it. */
export const startDeviceWorker = (address: string): DeviceWorker => {
  const worker = new Worker(trustedAddress(address), { type: "module", name: "notes" });
  return { port: worker, end: () => worker.terminate() };
};

/** A newer version of the app, kept and ready. Until somebody takes it, what is open stays as it is. */
export type Newer = {
  /** Called once it is there, which may be at once. */
  readonly onReady: (listener: () => void) => void;
  /** From now on the app keeps itself for use without a line: it loads all of itself for that, so not before the first screen. */
  readonly keep: () => void;
  /** Begins the page anew with it; where the browser holds it back, without it, so that nobody waits before an empty page. */
  readonly take: () => void;
};

/** A browser lets the version in use finish what it works on, for minutes if need be. */
const takingMillisecondsMax = 3000;

/** So that the app opens without a line. Where the browser cannot, it works online. */
export const keepForOffline = (address: string): Newer => {
  let waiting: ServiceWorker | undefined;
  let ready: () => void = () => undefined;
  const found = (worker: ServiceWorker | null): void => {
    // The very first one has nothing to wait for.
    if (worker === null || navigator.serviceWorker.controller === null) return;
    waiting = worker;
    ready();
  };
  const register = async (): Promise<void> => {
    if (!("serviceWorker" in navigator)) return;
    try {
      const kept = await navigator.serviceWorker.register(trustedAddress(address), { updateViaCache: "none" });
      const follow = (): void => {
        const { installing } = kept;
        installing?.addEventListener("statechange", () => {
          if (installing.state === "installed") found(installing);
        });
      };
      found(kept.waiting);
      // The page itself may have brought it, before this was asked.
      follow();
      kept.addEventListener("updatefound", follow);
    } catch {
      // Private windows refuse it; nothing else depends on it.
    }
  };
  return {
    keep: () => void register(),
    onReady: (listener) => {
      ready = listener;
      if (waiting !== undefined) listener();
    },
    take: () => {
      const beginAnew = (): void => location.replace(location.pathname);
      navigator.serviceWorker.addEventListener("controllerchange", beginAnew);
      setTimeout(beginAnew, takingMillisecondsMax);
      waiting?.postMessage(takeOver);
    },
  };
};
