/** What comes over a bare connection: not HTTP, endless, too slow. Cut, and with the headers where there is an answer. */

import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FastifyInstance } from "fastify";
import { assert } from "@amana/kernel";
import { makeCrowd } from "./bounds/crowd.ts";
import { makeHttpServer } from "./http-server.ts";
import { limits } from "./limits.ts";
import { makeApp } from "./testing/small-site.ts";

const open = async (app: FastifyInstance): Promise<number> => {
  await app.listen({ host: "127.0.0.1", port: 0 });
  // A server that listens on a port has an address with a port.
  return (app.server.address() as AddressInfo).port;
};

type Conversation = { readonly send: readonly string[]; readonly repeat?: string; readonly everyMilliseconds?: number };

/** Everything the server says until it closes the connection, which each of these tests waits for. */
const talk = (port: number, { send, repeat, everyMilliseconds }: Conversation): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let said = "";
    const drip = setInterval(
      () => repeat !== undefined && socket.writable && socket.write(repeat),
      everyMilliseconds ?? 10,
    );
    socket.on("data", (bytes) => (said += bytes.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(drip);
      resolve(said);
    });
    for (const each of send) socket.write(each);
  });

const isRefused = (said: string, status: number): void => {
  expect(said).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(said.toLowerCase()).toContain("content-security-policy: default-src 'none'");
  expect(said.toLowerCase()).toContain("cache-control: no-store");
  expect(said.toLowerCase()).toContain("connection: close");
};

describe("a bare connection", () => {
  let app: FastifyInstance;
  let port: number;
  const statuses: number[] = [];
  beforeAll(async () => {
    app = await makeApp({ onAnswered: (status) => statuses.push(status) });
    port = await open(app);
  });
  afterAll(() => app.close());

  it.each([
    ["is not HTTP", "hello\r\n\r\n", 400],
    ["asks for TLS", "\x16\x03\x01\x02\x00\x01", 400],
    ["has a method that nobody knows", "BREW /en/ HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    ["has no host", "GET /en/ HTTP/1.1\r\n\r\n", 400],
    ["names a whole address", "GET http://example.org/ HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    [
      "hides a second request behind two lengths",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      400,
    ],
    [
      "says both how long it is and that it does not know",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
      400,
    ],
    ["has a header with a line break", "GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n", 400],
    ["has endless headers", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(10_000)}\r\n\r\n`, 431],
    ["has an endless address", `GET /${"x".repeat(10_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ["expects what we do not do", "GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", 417],
    ["sends a body where none is taken", "POST /en/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\nxxx", 405],
    ["reads with a body", "GET /en/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 413],
    ["climbs out of the site", "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ])("that %s is refused and closed", async (_name, text, status) => {
    isRefused(await talk(port, { send: [text] }), status);
  });

  it("that sends a body without end is closed while it still sends", async () => {
    const head = "POST /en/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    isRefused(
      await talk(port, { send: [head], repeat: `4000\r\n${"x".repeat(0x4000)}\r\n`, everyMilliseconds: 1 }),
      405,
    );
  });

  it("is counted when it is refused before it is a request", async () => {
    statuses.length = 0;
    await talk(port, { send: ["hello\r\n\r\n"] });
    expect(statuses).toEqual([400]);
  });
});

describe("a slow connection", () => {
  const manyMinutes = 3_600_000;
  const patient = {
    ...limits,
    headersMillisecondsMax: manyMinutes,
    requestMillisecondsMax: manyMinutes,
    idleMillisecondsMax: manyMinutes,
    keepAliveMillisecondsMax: manyMinutes,
    checkEveryMilliseconds: 20,
  };

  /** Each bound is the only short one in its test, so that no other can stand in for it. */
  const talkWithin = async (short: Partial<typeof limits>, conversation: Conversation): Promise<string> => {
    const app = await makeApp({ limits: { ...patient, ...short } });
    app.post("/sink", () => "taken");
    const said = await talk(await open(app), conversation);
    await app.close();
    return said;
  };

  it("that drips its headers is cut", async () => {
    const short = { headersMillisecondsMax: 60 };
    isRefused(await talkWithin(short, { send: ["GET / HTTP/1.1\r\n"], repeat: "X-A: b\r\n" }), 408);
    isRefused(await talkWithin(short, { send: ["GET /"], repeat: "x" }), 408);
  });

  it("that drips its body is cut", async () => {
    const head = "POST /sink HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n";
    isRefused(
      await talkWithin(
        { requestMillisecondsMax: 60, headersMillisecondsMax: 60 },
        { send: [head], repeat: "x", everyMilliseconds: 20 },
      ),
      408,
    );
  });

  it("that says nothing at all is closed", async () => {
    expect(await talkWithin({ idleMillisecondsMax: 60 }, { send: [] })).toBe("");
  });

  it("that stops within its body is closed", async () => {
    const head = "POST /sink HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nxxx";
    expect(await talkWithin({ idleMillisecondsMax: 60 }, { send: [head] })).toBe("");
  });

  it("that does not take its answer is closed", async () => {
    const app = await makeApp({ limits: { ...patient, idleMillisecondsMax: 60 } });
    const ended = new Promise<void>((resolve) => {
      app.get("/long", (_request, reply) => {
        reply.raw.on("close", resolve);
        return reply.send(Buffer.alloc(64 * 1024 * 1024));
      });
    });
    const socket = connect(await open(app), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.pause().write("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
    await ended;
    socket.destroy();
    await app.close();
  });

  it("that waits for its answer longer than another may be idle gets it", async () => {
    const app = await makeApp({ limits: { ...patient, idleMillisecondsMax: 60 } });
    const port = new Promise<number>((resolve) => {
      // It takes until one that began later, and says nothing, is closed.
      app.post("/sink", async () => talk(await port, { send: [] }).then(() => "taken"));
      resolve(open(app));
    });
    const ask = "POST /sink HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    expect(await talk(await port, { send: [ask] })).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\ntaken$/);
    await app.close();
  });

  it("that asks once and stays is closed", async () => {
    const said = await talkWithin({ keepAliveMillisecondsMax: 60 }, { send: ["GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n"] });
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("that asks too often is closed after its last answer, and what it sent on top gets none", async () => {
    const requests = "GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n".repeat(8);
    const said = await talkWithin({ requestsPerConnectionMax: 3 }, { send: [requests] });
    const answers = said.match(/HTTP\/1\.1 \d+/g) ?? [];
    assert(answers.length > 0, "The first requests must be answered.");
    expect(new Set(answers)).toEqual(new Set(["HTTP/1.1 200"]));
    expect(answers.length).toBeLessThanOrEqual(3);
  });
});

describe("many connections", () => {
  it("beyond the bound are dropped, and those within it still answered", async () => {
    const app = await makeApp({ limits: { ...limits, connectionsMax: 2 } });
    const port = await open(app);
    const held = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
    await Promise.all(held.map((socket) => once(socket, "connect")));
    // The server has taken both once it answers on both.
    const heads = held.map((socket) => once(socket, "data"));
    for (const socket of held) socket.write("HEAD /en/ HTTP/1.1\r\nHost: x\r\n\r\n");
    await Promise.all(heads);
    expect(await talk(port, { send: ["GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n"] })).toBe("");
    held.forEach((socket) => socket.destroy());
    await app.close();
  });

  it("of one address are bounded, and the next is closed without an answer", async () => {
    const crowd = makeCrowd(2, () => false);
    const server = makeHttpServer((_request, response) => response.end("taken"), limits, {}, crowd);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    // A server that listens on a port has an address with a port.
    const { port } = server.address() as AddressInfo;
    const ask = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const held = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
    const taken = held.map(() => once(server, "connection"));
    await Promise.all(taken);
    expect(await talk(port, { send: [ask] })).toBe("");
    held.forEach((socket) => socket.destroy());
    await Promise.all(held.map((socket) => once(socket, "close")));
    while (crowd.enter("127.0.0.1") === undefined) await new Promise(setImmediate);
    expect(await talk(port, { send: [ask] })).toMatch(/^HTTP\/1\.1 200 /);
    server.close();
  });

  it("asked at the same time of one address are bounded where a proxy speaks for it", async () => {
    const app = await makeApp({ limits: { ...limits, connectionsPerAddressMax: 2 }, proxies: ["loopback"] });
    const waiting: (() => void)[] = [];
    const slowly = () =>
      new Promise<string>((resolve) => {
        waiting.push(() => resolve("done"));
      });
    app.get("/slow", slowly);
    const from = (address: string): Promise<string> =>
      app
        .inject({ url: "/slow", headers: { "x-forwarded-for": address } })
        .then(({ statusCode }) => String(statusCode));
    const held = [from("198.51.100.7"), from("198.51.100.7"), from("198.51.100.8")];
    while (waiting.length < held.length) await new Promise(setImmediate);
    const answered: string[] = [];
    const beyond = from("198.51.100.7").then((status) => answered.push(status));
    while (answered.length === 0 && waiting.length === held.length) await new Promise(setImmediate);
    waiting.forEach((done) => done());
    await beyond;
    expect(answered).toEqual(["429"]);
    expect(await Promise.all(held)).toEqual(["200", "200", "200"]);
    const again = from("198.51.100.7");
    while (waiting.length === held.length) await new Promise(setImmediate);
    waiting.at(-1)?.();
    expect(await again).toBe("200");
    await app.close();
  });
});
