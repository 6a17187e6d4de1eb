/** Starts the two workers of the app by the addresses that the build wrote into the page, and no others. */

import type { Port } from "../wire/calls.ts";

export type DeviceWorker = { readonly port: Port; readonly end: () => void };

/** Ending it takes every key and every opened case with it. */
export const startDeviceWorker = (address: string): DeviceWorker => {
  const worker = new Worker(trustedAddress(address), { type: "module", name: "notes" });
  return { port: worker, end: () => worker.terminate() };
};

/** So that the app opens without a line. Where the browser cannot, it works online. */
export const keepForOffline = async (address: string): Promise<void> => {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(trustedAddress(address), { updateViaCache: "none" });
  } catch {
    // Private windows refuse it; nothing else depends on it.
  }
};

/** A policy of this name can be made once, so it is kept. */
let makeTrusted: ((address: string) => string) | undefined;

const trustedAddress = (address: string): string => {
  const { origin, href } = window.location;
  if (new URL(address, href).origin !== origin) throw new Error("A worker's address is not of this app.");
  if (makeTrusted === undefined) {
    const policy = window.trustedTypes?.createPolicy("amana-worker", { createScriptURL: (each) => each });
    // The browser takes what the policy made where it would take a text.
    makeTrusted = (each) => (policy === undefined ? each : (policy.createScriptURL(each) as string));
  }
  return makeTrusted(address);
};
