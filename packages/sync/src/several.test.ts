/** Several pushes under way at once lose nothing of the order in which a log was written. */

import { err, ok, type Result } from "@amana/kernel";
import type { LogId } from "@amana/log";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planPush } from "./plan.ts";
import type { RequestOf } from "./requests.ts";
import { pushSeveral } from "./several.ts";
import { logIdFor } from "./testing/entries.ts";

type Push = RequestOf<"push">;
type Answer = Result<undefined, string>;

const pushOf = (...names: readonly string[]): Push => ({
  logs: names.map((name) => ({ logId: logIdFor(name), entries: [] })),
});

/** A server that answers when a test says so, in whatever order. */
const makeServer = () => {
  const underWay: { readonly request: Push; readonly answer: (answer: Answer) => void }[] = [];
  const sent: Push[] = [];
  let most = 0;
  return {
    sent,
    most: () => most,
    underWay: () => underWay.map(({ request }) => request),
    send: (request: Push): Promise<Answer> => {
      sent.push(request);
      return new Promise((resolve) => {
        underWay.push({ request, answer: resolve });
        most = Math.max(most, underWay.length);
      });
    },
    answer: async (place: number, answer: Answer = ok(undefined)): Promise<void> => {
      underWay.splice(place, 1)[0]?.answer(answer);
      // Whatever follows from an answer without another has followed by then.
      await settled();
    },
  };
};

const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const pushAll = (server: ReturnType<typeof makeServer>, requests: readonly Push[], underWayMax = 3) => {
  const left = requests.values();
  return pushSeveral({ next: () => left.next().value, send: server.send, underWayMax: () => underWayMax });
};

const speaksOf = ({ logs }: Push): readonly LogId[] => logs.map(({ logId }) => logId);

describe("several pushes", () => {
  it("are under way together, as many as may be", async () => {
    const server = makeServer();
    const requests = ["one", "two", "three", "four"].map((name) => pushOf(name));
    const pushed = pushAll(server, requests);
    expect(server.underWay()).toEqual(requests.slice(0, 3));
    await server.answer(1);
    expect(server.underWay()).toEqual([requests[0], requests[2], requests[3]]);
    for (let left = 3; left > 0; left--) await server.answer(0);
    expect(await pushed).toEqual(ok(undefined));
  });

  it("of one log wait for each other, because an entry links to those before it", async () => {
    const server = makeServer();
    const requests = [pushOf("one", "two"), pushOf("two", "three"), pushOf("four")];
    const pushed = pushAll(server, requests);
    expect(server.underWay()).toEqual([requests[0]]);
    await server.answer(0);
    expect(server.underWay()).toEqual([requests[1], requests[2]]);
    await server.answer(0);
    await server.answer(0);
    expect(await pushed).toEqual(ok(undefined));
  });

  it("end with the first that failed, when the others have been answered", async () => {
    const server = makeServer();
    const requests = ["one", "two", "three", "four"].map((name) => pushOf(name));
    let isOver = false;
    const pushed = pushAll(server, requests, 2).finally(() => (isOver = true));
    await server.answer(1, err("no line"));
    expect([server.sent.length, isOver]).toEqual([2, false]);
    await server.answer(0);
    expect(await pushed).toEqual(err("no line"));
    expect(server.sent).toEqual(requests.slice(0, 2));
  });

  it("stop at our own mistake, and say it when the others have been answered", async () => {
    const server = makeServer();
    const requests = [pushOf("one"), pushOf("two"), pushOf("three")].values();
    let count = 0;
    const send = (request: Push): Promise<Answer> =>
      (count += 1) === 1 ? Promise.reject(new Error("a mistake")) : server.send(request);
    const pushed = pushSeveral({ next: () => requests.next().value, send, underWayMax: () => 2 });
    const outcome = pushed.then(
      () => "sent",
      (mistake: unknown) => String(mistake),
    );
    await server.answer(0);
    expect(await outcome).toBe("Error: a mistake");
    expect(count).toBe(2);
  });

  it("property: whatever the order of the answers, all is sent, each log in its order and never twice at once", async () => {
    const entry = fc.record({
      log: fc.constantFrom("one", "two", "three", "four"),
      length: fc.integer({ min: 1, max: 9 }),
    });
    const terms = {
      entries: fc.array(entry, { maxLength: 40 }),
      places: fc.infiniteStream(fc.nat()),
      most: fc.integer({ min: 1, max: 4 }),
    };
    await fc.assert(
      fc.asyncProperty(fc.record(terms), async ({ entries, places, most }) => {
        const made = entries.map(({ log, length }, at) => ({
          logId: logIdFor(log),
          bytes: new Uint8Array(length).fill(at),
        }));
        const requests = planPush(made, { bytesMax: 12, entriesMax: 4 });
        const server = makeServer();
        const pushed = pushAll(server, requests, most);
        await settled();
        while (server.underWay().length > 0) {
          const named = server.underWay().flatMap(speaksOf);
          expect(new Set(named).size).toBe(named.length);
          const [place = 0] = places.take(1);
          await server.answer(place % server.underWay().length);
        }
        expect(await pushed).toEqual(ok(undefined));
        expect(server.sent).toEqual(requests);
        expect(server.most()).toBeLessThanOrEqual(most);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a plan of pushes", () => {
  it("leaves a log whole where it fits another request, once a request is half full", () => {
    const entry = (name: string) => ({ logId: logIdFor(name), bytes: new Uint8Array(10) });
    const entries = ["one", "one", "one", "two", "two", "three"].map(entry);
    const sizes = (bytesMax: number) =>
      planPush(entries, { bytesMax, entriesMax: 100 }).map(({ logs }) => logs.map((log) => log.entries.length));
    expect(sizes(40)).toEqual([[3], [2, 1]]);
    // What has no room in any request is divided, and an emptier one is filled.
    expect(sizes(20)).toEqual([[2], [1], [2], [1]]);
    expect(sizes(100)).toEqual([[3, 2, 1]]);
  });
});
