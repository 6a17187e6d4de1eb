/**
 * What is left in a browser after locking: sentences that were typed, saved, searched for and left half written are looked for in
 * the memory of the page and of its workers, and in everything that the browser stores. SECURITY §6.4.
 */

import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plantedSentences, tracesIn, type Trace } from "../simulation/planted.ts";
import { makeTeam, openCase, useCaseworkBrowser } from "./casework-browser.ts";

const casework = useCaseworkBrowser();
let team: Awaited<ReturnType<typeof makeTeam>>;
beforeAll(async () => {
  team = await makeTeam(casework, "en");
});
afterAll(async () => {
  await team.supervisor.context.close();
  await team.caseworker.context.close();
});

const [saved, another, half, alsoHalf] = plantedSentences;

type Message = { readonly id?: number; readonly method?: string; readonly params?: { readonly chunk?: string } };

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

/** A worker is spoken to through its page. */
const textsOfWorker = (session: CDPSession, sessionId: string): Promise<readonly string[]> => {
  const chunks: string[] = [];
  const waiting = new Map<number, () => void>();
  session.on("Target.receivedMessageFromTarget", (event) => {
    if (event.sessionId !== sessionId) return;
    const { id, method, params } = JSON.parse(event.message) as Message;
    if (method === "HeapProfiler.addHeapSnapshotChunk") chunks.push(params?.chunk ?? "");
    if (id !== undefined) waiting.get(id)?.();
  });
  let sent = 0;
  return textsIn(async (method) => {
    sent += 1;
    const id = sent;
    const answered = new Promise<void>((resolve) => {
      waiting.set(id, resolve);
    });
    await session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method }) });
    await answered;
  }, chunks);
};

/** Of the page and of every worker that it has. */
const memoryOf = async (context: BrowserContext, page: Page): Promise<readonly (readonly string[])[]> => {
  const session = await context.newCDPSession(page);
  const workers: string[] = [];
  session.on("Target.attachedToTarget", ({ sessionId }) => workers.push(sessionId));
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const memories = [await textsOfPage(session)];
  for (const worker of workers) memories.push(await textsOfWorker(session, worker));
  await session.detach();
  return memories;
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

test("after locking, nothing that was written is in memory or storage; before, all of it was in memory", async () => {
  const { page, context, press, word, section, fill } = team.caseworker;
  await openCase(team.caseworker, saved.slice(0, 40));
  await section("notes");
  for (const text of [saved, another]) {
    await press("act.WriteNote");
    await page.getByLabel(word("field.about")).selectOption("case");
    await fill("field.text", text);
    await press("form.save");
    await page.locator(".card", { hasText: text }).waitFor();
  }
  await team.caseworker.sync();
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
  const after = await memoryOf(context, page);
  expect(after.map(tracesInTexts)).toEqual([[], [], []]);
  const stored = await storageOf(page);
  expect(stored.some((each) => each === "record/form-drafts")).toBe(true);
  expect(tracesIn([Buffer.from(stored.join("\n"), "latin1")])).toEqual([]);
  expect(tracesInTexts(stored)).toEqual([]);
});
