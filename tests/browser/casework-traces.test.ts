/**
 * What is left in a browser after locking: sentences that were typed, saved, searched for and left half written are looked for in
 * the memory of the page and of its workers, and in everything that the browser stores. SECURITY §6.4.
 */

import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { expect, test } from "vitest";
import { plantedSentences, tracesIn, type Trace } from "../simulation/planted.ts";
import { begin, makeTeam, neutralSite, openCase, useCaseworkBrowser, type Person } from "./casework-browser.ts";

const casework = useCaseworkBrowser();

const [saved, another, half, alsoHalf] = plantedSentences;

type Message = { readonly id?: number; readonly method?: string; readonly params?: { readonly chunk?: string } };

/** A worker is spoken to through its page. Gives what sends it an order and waits until it is carried out. */
const orderingWorker = (
  session: CDPSession,
  sessionId: string,
  hear: (message: Message) => void,
): ((method: string, params?: object) => Promise<void>) => {
  const waiting = new Map<number, () => void>();
  session.on("Target.receivedMessageFromTarget", (event) => {
    if (event.sessionId !== sessionId) return;
    const message = JSON.parse(event.message) as Message;
    hear(message);
    if (message.id !== undefined) waiting.get(message.id)?.();
  });
  let sent = 0;
  return async (method, params = {}) => {
    sent += 1;
    const id = sent;
    const answered = new Promise<void>((resolve) => {
      waiting.set(id, resolve);
    });
    await session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) });
    await answered;
  };
};

/** All texts in the memory of one page or worker: the browser itself lists them, after it has thrown away what it can. */
const textsIn = async (
  send: (method: string) => Promise<void>,
  chunks: readonly string[],
): Promise<readonly string[]> => {
  await send("HeapProfiler.collectGarbage");
  await send("HeapProfiler.takeHeapSnapshot");
  const { strings } = JSON.parse(chunks.join("")) as { readonly strings: readonly string[] };
  return strings;
};

const textsOfPage = async (session: CDPSession): Promise<readonly string[]> => {
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  return textsIn(async (method) => {
    await (method === "HeapProfiler.collectGarbage"
      ? session.send(method)
      : session.send("HeapProfiler.takeHeapSnapshot"));
  }, chunks);
};

const textsOfWorker = (session: CDPSession, sessionId: string): Promise<readonly string[]> => {
  const chunks: string[] = [];
  const order = orderingWorker(session, sessionId, ({ method, params }) => {
    if (method === "HeapProfiler.addHeapSnapshotChunk") chunks.push(params?.chunk ?? "");
  });
  return textsIn(order, chunks);
};

/** Of the page and of every worker that it has. */
const memoryOf = async (context: BrowserContext, page: Page): Promise<readonly (readonly string[])[]> => {
  const session = await context.newCDPSession(page);
  const workers = await workersOf(session);
  const memories = [await textsOfPage(session)];
  for (const worker of workers) memories.push(await textsOfWorker(session, worker));
  await session.detach();
  return memories;
};

const attaching = { autoAttach: true, waitForDebuggerOnStart: false, flatten: false };

const workersOf = async (session: CDPSession): Promise<readonly string[]> => {
  const workers: string[] = [];
  session.on("Target.attachedToTarget", ({ sessionId }) => workers.push(sessionId));
  await session.send("Target.setAutoAttach", attaching);
  return workers;
};

/** How many workers the workers of this page have started themselves. */
const innerWorkersOf = async (context: BrowserContext, page: Page): Promise<number> => {
  const session = await context.newCDPSession(page);
  let inner = 0;
  for (const worker of await workersOf(session)) {
    const order = orderingWorker(session, worker, ({ method }) => {
      if (method === "Target.attachedToTarget") inner += 1;
    });
    await order("Target.setAutoAttach", attaching);
  }
  await session.detach();
  return inner;
};

const storageOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const found: string[] = [JSON.stringify([localStorage, sessionStorage]), document.cookie];
    const binary = (bytes: ArrayBuffer): string => new TextDecoder("latin1").decode(bytes);
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        found.push(request.url, binary((await answer?.arrayBuffer()) ?? new ArrayBuffer(0)));
      }
    }
    for (const { name = "" } of await indexedDB.databases()) {
      const opening = indexedDB.open(name);
      const database = await new Promise<IDBDatabase>((resolve) => {
        opening.onsuccess = () => resolve(opening.result);
      });
      for (const table of database.objectStoreNames) {
        const store = database.transaction(table).objectStore(table);
        const all = await Promise.all(
          [store.getAllKeys(), store.getAll()].map(
            (request) =>
              new Promise<readonly unknown[]>((resolve) => {
                request.onsuccess = () => resolve(request.result);
              }),
          ),
        );
        for (const each of all.flat())
          found.push(each instanceof Uint8Array ? binary(each.slice().buffer) : String(each));
      }
      database.close();
    }
    return found;
  });

const tracesInTexts = (texts: readonly string[]): readonly Trace[] => tracesIn([Buffer.from(texts.join("\n"))]);

/** Which of the planted sentences stand there, however they are written. */
const sentencesIn = (texts: readonly string[]): readonly number[] =>
  [...new Set(tracesInTexts(texts).map(({ sentence }) => sentence))].sort();

/** Nothing of it in the page, its workers or whatever the browser stores; `record/form-drafts` is there, sealed. */
const expectNothingLeft = async (context: BrowserContext, page: Page): Promise<void> => {
  const memories = await memoryOf(context, page);
  expect(memories.map(tracesInTexts)).toEqual([[], [], []]);
  const stored = await storageOf(page);
  expect(stored.some((each) => each === "record/form-drafts")).toBe(true);
  expect(tracesIn([Buffer.from(stored.join("\n"), "latin1")])).toEqual([]);
  expect(tracesInTexts(stored)).toEqual([]);
};

test("after locking, and after leaving in haste, nothing that was written is in memory or storage; before, all of it was in memory", async () => {
  const { supervisor, caseworker, password } = await makeTeam(casework, "en");
  const { page, context, press, word, section, fill } = caseworker;
  await openCase(caseworker, saved.slice(0, 40));
  await section("notes");
  for (const text of [saved, another]) {
    await press("act.WriteNote");
    await page.getByLabel(word("field.about")).selectOption("case");
    await fill("field.text", text);
    await press("form.save");
    await page.locator(".card", { hasText: text }).waitFor();
  }
  await caseworker.sync();
  await press("act.WriteNote");
  await fill("field.text", `${half} ${alsoHalf}`);

  const before = await memoryOf(context, page);
  // The page, the worker that holds the device, the one that keeps the files. Nothing after the lock proves something only if
  // this search finds before it what is there.
  const sentences = before.map(sentencesIn);
  expect(sentences).toHaveLength(3);
  expect(sentences[0]).toEqual([0, 1, 2, 3]);
  expect(sentences.slice(1).some((each) => each.includes(0) && each.includes(1))).toBe(true);

  await press("frame.lock");
  await page.locator("#password").waitFor();
  await expectNothingLeft(context, page);

  await page.locator("#password").fill(password);
  await press("unlock.unlock");
  await caseworker.go("cases");
  await page.locator("#search").fill(another);
  for (let times = 0; times < 3; times++) await page.keyboard.press("Shift");
  await page.waitForURL(neutralSite);
  expect(tracesInTexts(await textsOfPage(await context.newCDPSession(page)))).toEqual([]);
  await page.goto(`${casework.served().origin}/app/`);
  await page.locator("#password").waitFor();
  await expectNothingLeft(context, page);
  await supervisor.context.close();
  await context.close();
});

/** A device that has begun and is locked, ready for its password. */
const lockedDevice = async (
  options?: Parameters<typeof casework.person>[1],
  prepare: (person: Person) => Promise<void> = () => Promise.resolve(),
): Promise<Person & { readonly password: string }> => {
  const person = await casework.person("en", options);
  await prepare(person);
  const password = await begin(person, await casework.served().setUpLink(), "en");
  await person.press("begin.open");
  await person.press("frame.lock");
  await person.page.locator("#password:enabled").waitFor();
  return { ...person, password };
};

test("a password is stretched in a worker of its own, which is gone with the answer and with all that it held", async () => {
  const { page, context, button, password } = await lockedDevice();
  // It is started as soon as the first screen is there, and its script comes while the password is typed.
  await expect.poll(() => innerWorkersOf(context, page)).toBe(1);
  await page.locator("#password").fill(`${password} not`);
  await page.locator("#password").press("Enter");
  await page.locator("#unlock-refusal.why").waitFor();
  // The browser takes a worker that was ended off its list a moment later.
  await expect.poll(() => innerWorkersOf(context, page)).toBe(0);
  await page.locator("#password").fill(password);
  await page.locator("#password").press("Enter");
  await button("frame.lock").waitFor();
  await expect.poll(() => innerWorkersOf(context, page)).toBe(0);
  await context.close();
});

/** What keeps a worker from starting another, as a change of its scripts: an older browser, too little memory, and a script that is not there. */
const hindrances: readonly (readonly [what: string, change: (script: string) => string])[] = [
  [
    "in a browser whose workers start none of their own",
    (script) => `typeof document==="undefined"&&(self.Worker=undefined);${script}`,
  ],
  [
    "where that worker has no room for it",
    (script) => `typeof document==="undefined"&&(()=>{const send=Worker.prototype.postMessage;
      Worker.prototype.postMessage=function(asked){send.call(this,{...asked,cost:{...asked.cost,memoryKibibytes:2**40}})}})();${script}`,
  ],
  ["where its script does not come", (script) => script.replace(/stretching-[0-9A-F]{8}/, "stretching-gone")],
];

test.each(hindrances)("a password is stretched and opens the device also %s", async (_what, change) => {
  const person = await lockedDevice({ serviceWorkers: "block" }, async ({ context }) => {
    await context.route("**/assets/*.js", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: change(await answer.text()) });
    });
  });
  await person.page.locator("#password").fill(person.password);
  await person.page.locator("#password").press("Enter");
  await person.button("frame.lock").waitFor();
  expect(await innerWorkersOf(person.context, person.page)).toBe(0);
  await person.context.close();
});
