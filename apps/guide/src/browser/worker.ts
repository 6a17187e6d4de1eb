/**
 * The worker of a kept language: answers from its own cache first, and goes to the network only for
 * what it does not have. It exists only on devices whose readers asked for it.
 */

import { cacheNameStart } from "./kept-cache.ts";

// The file is built as a worker; the compiler's libraries describe a page, so the parts used are named here.
type Waiting = Event & { waitUntil: (work: Promise<unknown>) => void };
type Asking = Event & { request: Request; respondWith: (answer: Promise<Response>) => void };
type Worker = {
  readonly registration: { readonly scope: string; readonly active: unknown };
  readonly skipWaiting: () => Promise<void>;
  readonly clients: { readonly claim: () => Promise<void> };
  readonly addEventListener: {
    (type: "install" | "activate", listener: (event: Waiting) => void): void;
    (type: "fetch", listener: (event: Asking) => void): void;
  };
};

/** Written by the build: a hash over all files, and their addresses below the guide's root. */
declare const keptVersion: string;
declare const keptFiles: readonly string[];

// In a worker `self` is the worker's global scope, of which only the parts above are used.
const worker = self as unknown as Worker;
const { scope } = worker.registration;
const name = cacheNameStart(scope) + keptVersion;

worker.addEventListener("install", (event) => {
  const files = keptFiles.map((file) => new Request(new URL(`../${file}`, scope), { cache: "reload" }));
  event.waitUntil(
    caches
      .open(name)
      .then(async (cache) => cache.addAll(files))
      .then(worker.skipWaiting.bind(worker))
      .catch(async (error: unknown) => {
        // An older worker may still answer from a cache of this name; without one nothing is to stay behind.
        if (worker.registration.active === null) await caches.delete(name);
        throw error;
      }),
  );
});

worker.addEventListener("activate", (event) => {
  const forgetOlder = async (): Promise<void> => {
    const older = (await caches.keys()).filter((each) => each.startsWith(cacheNameStart(scope)) && each !== name);
    await Promise.all(older.map((each) => caches.delete(each)));
    await worker.clients.claim();
  };
  event.waitUntil(forgetOlder());
});

worker.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || !event.request.url.startsWith(new URL("../", scope).href)) return;
  const answer = async (): Promise<Response> => {
    // Not `open`, which would make the cache anew after the reader has removed the guide in another tab.
    return (await caches.match(event.request, { ignoreSearch: true, cacheName: name })) ?? fetch(event.request);
  };
  event.respondWith(answer());
});
