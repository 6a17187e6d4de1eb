/**
 * Keeps the app's own files, so that it opens without a line. It holds no content: what the app says to the server and
 * hears from it never passes through here.
 */

import { takeOver } from "./wire/take-over.ts";

// The file is built as a worker; the compiler's libraries describe a page, so the parts used are named here.
type Waiting = Event & { waitUntil: (work: Promise<unknown>) => void };
type Asking = Event & { request: Request; respondWith: (answer: Promise<Response>) => void };
type Shown = Event & {
  waitUntil: (work: Promise<unknown>) => void;
  readonly notification: { readonly close: () => void };
};
type Window = { readonly visibilityState: string; readonly focus: () => Promise<unknown> };
type Worker = {
  readonly registration: {
    readonly scope: string;
    readonly showNotification: (title: string, options: NotificationOptions) => Promise<void>;
  };
  readonly skipWaiting: () => Promise<void>;
  readonly clients: {
    readonly claim: () => Promise<void>;
    readonly matchAll: (options: { readonly type: "window" }) => Promise<readonly Window[]>;
    readonly openWindow: (address: string) => Promise<unknown>;
  };
  readonly addEventListener: {
    (type: "install" | "activate" | "push", listener: (event: Waiting) => void): void;
    (type: "notificationclick", listener: (event: Shown) => void): void;
    (type: "fetch", listener: (event: Asking) => void): void;
    (type: "message", listener: (event: MessageEvent<unknown>) => void): void;
  };
};

/** Written by the build: a hash over all files, and their addresses below the app's folder. */
declare const keptVersion: string;
declare const keptFiles: readonly string[];
/** The app's neutral name, by language. */
declare const quietTitles: Readonly<Record<string, string>>;

// In a worker `self` is the worker's global scope, of which only the parts above are used.
const worker = self as unknown as Worker;
const { scope } = worker.registration;
const cacheStart = `notes ${scope} `;
const name = cacheStart + keptVersion;
/** Names the version in use, for the one that comes after it. */
const inUseName = `${cacheStart}in use`;
const addresses = new Set(keptFiles.map((file) => new URL(file, scope).href));
/** Their content is in their names: those of the version before serve its pages and no others. */
const assets = new URL("assets/", scope).href;

worker.addEventListener("install", (event) => {
  const install = async (): Promise<void> => {
    const cache = await caches.open(name);
    await cache.addAll([...addresses].map((address) => new Request(address, { cache: "reload" })));
  };
  event.waitUntil(install());
});

/** A newer version waits until somebody takes it: what is open goes on with the files that it began with. */
worker.addEventListener("message", (event) => {
  if (event.data === takeOver) void worker.skipWaiting();
});

worker.addEventListener("activate", (event) => {
  /** What stands open began with the version before and still asks for its files: those go with the next version. */
  const forgetOlder = async (): Promise<void> => {
    const inUse = await caches.open(inUseName);
    const before = await (await inUse.match(scope))?.text();
    const kept = [name, before, inUseName];
    const older = (await caches.keys()).filter((each) => each.startsWith(cacheStart) && !kept.includes(each));
    await Promise.all(older.map((each) => caches.delete(each)));
    await worker.clients.claim();
    // Last: a full disk may refuse it, and what was deleted has made room.
    await inUse.put(scope, new Response(name));
  };
  event.waitUntil(forgetOlder());
});

worker.addEventListener("fetch", (event) => {
  const [address = ""] = event.request.url.split(/[?#]/);
  const isAsset = address.startsWith(assets);
  if (event.request.method !== "GET" || !(isAsset || addresses.has(address))) return;
  const answer = async (): Promise<Response> => {
    const cache = await caches.open(name);
    const kept = (await cache.match(address)) ?? (isAsset ? await caches.match(address) : undefined);
    return kept ?? fetch(event.request);
  };
  event.respondWith(answer());
});

/** In the first of the browser's languages that the app speaks. */
const quietTitle = (): string => {
  for (const tag of navigator.languages) {
    const known = quietTitles[tag.toLowerCase()] ?? quietTitles[tag.slice(0, 2).toLowerCase()];
    if (known !== undefined) return known;
  }
  return quietTitles["ckb"] ?? "";
};

/**
 * Woken at a fixed moment of the day, whether or not there is anything: the keys are not here, so nothing is known. What is
 * shown is the neutral name and nothing else, once for as many messages as came, and nothing at all to whoever is looking.
 */
worker.addEventListener("push", (event) => {
  const show = async (): Promise<void> => {
    const windows = await worker.clients.matchAll({ type: "window" });
    if (windows.some(({ visibilityState }) => visibilityState === "visible")) return;
    await worker.registration.showNotification(quietTitle(), { tag: "come", silent: true });
  };
  event.waitUntil(show());
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const open = async (): Promise<void> => {
    const [first] = await worker.clients.matchAll({ type: "window" });
    await (first === undefined ? worker.clients.openWindow(scope) : first.focus());
  };
  event.waitUntil(open());
});
