/**
 * Keeping the guide on this device, only after the reader has read what that leaves behind and
 * pressed the button. Removing takes back all of it: the worker and its cache.
 */

import { cacheNameStart } from "./kept-cache.ts";

const place = document.querySelector<HTMLElement>("#keep-place");
const status = document.querySelector<HTMLElement>("#keep-status");

/** The worker stands in the language's folder, so its scope is that language and nothing else. */
const workerAddress = new URL("../worker.js", location.href).href;
const scope = new URL("../", location.href).href;

/** The headers demand that the address of a script is made by a named policy; this one knows a single address. */
const trustedWorkerAddress = (): string => {
  const policy = window.trustedTypes?.createPolicy("amana-keep", { createScriptURL: () => workerAddress });
  // A trusted address is used where a string is expected; the types of the registration do not know it yet.
  return (policy === undefined ? workerAddress : policy.createScriptURL(workerAddress)) as string;
};

const ownCaches = async (): Promise<readonly string[]> =>
  (await caches.keys()).filter((name) => name.startsWith(cacheNameStart(scope)));

/** Only a worker that has finished holds the whole guide; one that is still loading it opens nothing offline. */
const isKept = async (): Promise<boolean> => Boolean((await navigator.serviceWorker.getRegistration(scope))?.active);

/** What a keeping that was broken off (a phone that went out, a line that was cut) left in the browser. */
const removeLeftover = async (): Promise<void> => {
  if ((await navigator.serviceWorker.getRegistration(scope)) === undefined) await remove();
};

const keep = async (): Promise<void> => {
  const registration = await navigator.serviceWorker.register(trustedWorkerAddress(), { scope });
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (worker === null || worker.state === "redundant") reject(new Error("The pages could not be saved."));
      else if (worker.state === "activated") resolve();
    };
    worker?.addEventListener("statechange", look);
    look();
  });
};

const remove = async (): Promise<void> => {
  const registration = await navigator.serviceWorker.getRegistration(scope);
  await registration?.unregister();
  await Promise.all((await ownCaches()).map((name) => caches.delete(name)));
};

const startKeeping = async (within: HTMLElement, says: HTMLElement): Promise<void> => {
  const words = within.dataset;
  const button = document.createElement("button");
  button.type = "button";

  const show = async (sentence: string): Promise<void> => {
    const kept = await isKept();
    button.className = kept ? "button quiet" : "button";
    button.textContent = (kept ? words["remove"] : words["keep"]) ?? "";
    says.textContent = sentence;
    button.disabled = false;
  };

  button.addEventListener("click", () => {
    button.disabled = true;
    says.textContent = words["working"] ?? "";
    const work = async (): Promise<void> => {
      const kept = await isKept();
      await (kept ? remove() : keep());
      await show((kept ? words["removed"] : words["kept"]) ?? "");
    };
    work().catch(async () => {
      await remove();
      await show(words["failed"] ?? "");
    });
  });

  await removeLeftover();
  await show(((await isKept()) ? words["kept"] : words["absent"]) ?? "");
  document.querySelector("#keep-unable")?.remove();
  within.append(button);
};

if (place !== null && status !== null && "serviceWorker" in navigator && "caches" in window) {
  startKeeping(place, status).catch(() => {
    // A private window may have both and refuse both: then the page goes on saying that nothing can be kept.
  });
}
