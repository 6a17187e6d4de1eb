/** The relay as browsers and others reach it over HTTP: what is taken, what is refused, and what no answer ever carries. */

import { request as httpRequest } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { concat, encodeCbor, type Bytes } from "@amana/log";
import { authorizationOf, decodeRefusal, wire } from "@amana/sync";
import Fastify, { type LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bounds } from "../bounds/bounds.ts";
import { defaultHeaderOptions, securityHeaders } from "../headers.ts";
import { digestOf, makePerson } from "../testing/people.ts";
import { storageUnavailable } from "../storage/unavailable.ts";
import { runServer, type Running } from "../testing/running-server.ts";
import { found, openWorld, origin, type Member } from "../testing/world.ts";
import { apiRoutes, requestNames } from "./api-routes.ts";
import { operatorRoutes } from "./operator-routes.ts";

let running: Running;
let keeper: Member;
beforeAll(async () => {
  running = await runServer();
  keeper = (await found({ relay: running.server.relay, now: running.now, storage: running.storage }, "Shilan")).keeper;
});
afterAll(() => running.close());

type Sent = { readonly token?: Bytes; readonly headers?: Readonly<Record<string, string>>; readonly body?: Bytes };

const post = (name: string, { token, headers, body }: Sent = {}): Promise<LightMyRequestResponse> =>
  running.server.app.inject({
    method: "POST",
    url: `/api/${name}`,
    headers: {
      "content-type": "application/octet-stream",
      ...(token === undefined ? {} : { authorization: authorizationOf(token) }),
      ...headers,
    },
    payload: Buffer.from(body ?? encodeCbor([])),
  });

const codeOf = (response: LightMyRequestResponse): string | undefined =>
  decodeRefusal(new Uint8Array(response.rawPayload))?.code;

describe("a call over HTTP", () => {
  it("is answered in bytes of the wire, and kept by nobody on the way", async () => {
    const response = await post("read-vault", { token: keeper.token });
    expect(response.statusCode).toBe(200);
    expect(wire["read-vault"].decodeResponse(new Uint8Array(response.rawPayload))).toEqual({
      generation: 1,
      vault: keeper.account.vault,
    });
    expect(response.headers).toMatchObject({ "cache-control": "no-store", "content-type": "application/octet-stream" });
    for (const [name, value] of Object.entries(securityHeaders(defaultHeaderOptions)))
      expect(response.headers[name], name).toBe(value);
    for (const name of ["access-control-allow-origin", "set-cookie", "etag"])
      expect(response.headers).not.toHaveProperty(name);
  });

  it("has an address for each name of the wire and for nothing else", async () => {
    for (const name of Object.keys(wire)) expect((await post(name)).statusCode, name).not.toBe(404);
    expect(requestNames).toEqual(Object.keys(wire));
    for (const name of ["", "no-such", "read-vault/", "__proto__", "Read-Vault"])
      expect((await post(name)).statusCode, name).toBe(405);
    for (const name of requestNames) {
      const response = await running.server.app.inject({ method: "GET", url: `/api/${name}` });
      expect(response.statusCode, name).toBe(404);
    }
  });

  it.each(requestNames)("%s says the same to whoever sends no token as to whoever sends a wrong one", async (name) => {
    const [none, wrong] = [await post(name), await post(name, { token: digestOf("no token") })];
    expect([none.statusCode, none.rawPayload]).toEqual([wrong.statusCode, wrong.rawPayload]);
    if (wire[name].needsSignIn) expect([none.statusCode, codeOf(none)]).toEqual([401, "NotSignedIn"]);
  });

  it("from a page of another origin is refused before it is read", async () => {
    const foreign = [
      { origin: "https://other.example.org" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
    ];
    for (const headers of foreign) {
      const response = await post("read-vault", { token: keeper.token, headers });
      expect([response.statusCode, codeOf(response)], JSON.stringify(headers)).toEqual([400, "NotUnderstood"]);
    }
    const own = await post("read-vault", { token: keeper.token, headers: { origin, "sec-fetch-site": "same-origin" } });
    expect(own.statusCode).toBe(200);
  });

  it("in another form than bytes is refused, so that no form of a page can make one", async () => {
    for (const type of [
      "text/plain",
      "application/json",
      "multipart/form-data",
      "application/octet-stream; charset=utf-8",
    ]) {
      const response = await post("read-vault", { token: keeper.token, headers: { "content-type": type } });
      expect([response.statusCode, codeOf(response)], type).toEqual([400, "NotUnderstood"]);
    }
  });

  it("with a token in any other writing is not signed in", async () => {
    const right = authorizationOf(keeper.token);
    for (const authorization of [
      right.toLowerCase(),
      `${right}=`,
      right.slice(7),
      `${right} `.trim() + "x",
      "Bearer ",
    ]) {
      const response = await post("read-vault", { headers: { authorization } });
      expect(response.statusCode, authorization).toBe(401);
    }
  });
});

describe("too much", () => {
  it.each(requestNames)("%s takes a body up to its limit and not beyond", async (name) => {
    const bytesMax = wire[name].requestBytesMax;
    const beyond = await post(name, { token: keeper.token, body: new Uint8Array(bytesMax + 1) });
    expect([beyond.statusCode, codeOf(beyond)]).toEqual([413, "TooLarge"]);
    const within = await post(name, { token: keeper.token, body: new Uint8Array(bytesMax) });
    expect(within.statusCode).not.toBe(413);
  });

  it("is refused before it is sent, by the length that it says", async () => {
    const port = await portOf(running);
    const length = wire["read-vault"].requestBytesMax + 1;
    const head = `POST /api/read-vault HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n\r\n`;
    expect(await talk(port, { head })).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("without an end is cut while it is still sent", async () => {
    const port = await portOf(running);
    const said = await talk(port, {
      head: `POST /api/push HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorizationOf(keeper.token)}\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n`,
      repeat: `4000\r\n${"x".repeat(0x4000)}\r\n`,
    });
    expect(said).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each([
    ["as long as it may be", "Content-Length: 262144"],
    ["of a length that it does not say", "Transfer-Encoding: chunked"],
  ])("of somebody who is not signed in is refused before it is read, where it is %s", async (_name, length) => {
    const port = await portOf(running);
    const head = `POST /api/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n${length}\r\n\r\n`;
    // Nothing follows, and there is an answer all the same.
    expect(await talk(port, { head, isOver: "NotSignedIn" })).toMatch(/^HTTP\/1\.1 401 /);
  });

  it("from one address waits before its body is read, whoever sends it", async () => {
    const one = { count: 64, capacity: 1, perSecond: 1 };
    const world = await openWorld({ bounds: { ...bounds, address: one } });
    const app = Fastify();
    app.register(apiRoutes({ relay: world.relay, origin: () => origin }));
    await app.listen({ host: "127.0.0.1", port: 0 });
    // A server that listens on a port has an address with a port.
    const { port } = app.server.address() as AddressInfo;
    const head =
      "POST /api/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 262144\r\n\r\n";
    const isOver = "application/octet-stream";
    const answers = [await talk(port, { head, isOver }), await talk(port, { head, isOver })];
    expect(answers.map((said) => said.slice(9, 12))).toEqual(["401", "429"]);
    await app.close();
    await world.close();
  });

  it.each([
    ["nested without end", new Uint8Array(4000).fill(0x81)],
    ["an array of four thousand million", Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff)],
    ["a byte string longer than the body", Uint8Array.of(0x81, 0x5a, 0xff, 0xff, 0xff, 0xff)],
    ["of indefinite length", Uint8Array.of(0x9f, 0xff)],
    ["followed by more", concat(encodeCbor([]), Uint8Array.of(0))],
    ["empty", new Uint8Array()],
    ["a text", new TextEncoder().encode("hello")],
  ])("that is %s is refused calmly, whatever was asked", async (_name, body) => {
    for (const name of requestNames) {
      const response = await post(name, { token: keeper.token, body: new Uint8Array(body) });
      expect([response.statusCode, codeOf(response)], name).toEqual([400, "NotUnderstood"]);
    }
  });

  it("from one address by people who are not signed in waits, and those who are go on", async () => {
    const many = await runServer();
    const { app, relay } = many.server;
    const hero = (await found({ relay, now: many.now, storage: many.storage }, "Hero")).keeper;
    const body = Buffer.from(wire["begin-sign-in"].encodeRequest({ account: makePerson("x").account.account }));
    const headers = { "content-type": "application/octet-stream" };
    const from = async (remoteAddress: string): Promise<LightMyRequestResponse> =>
      app.inject({ method: "POST", url: "/api/begin-sign-in", headers, payload: body, remoteAddress });
    let last = await from("198.51.100.7");
    for (let count = 0; count < 200 && last.statusCode === 200; count++) last = await from("198.51.100.7");
    expect([last.statusCode, codeOf(last)]).toEqual([429, "TooManyRequests"]);
    expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
    expect((await from("198.51.100.8")).statusCode).toBe(200);
    const authorization = authorizationOf(hero.token);
    const signedIn = { ...headers, authorization };
    const payload = Buffer.from(encodeCbor([]));
    const still = await app.inject({
      method: "POST",
      url: "/api/read-vault",
      headers: signedIn,
      payload,
      remoteAddress: "198.51.100.7",
    });
    expect(still.statusCode).toBe(200);
    await many.close();
  });
});

describe("our own mistake in a call", () => {
  it("is 500, says nothing of what was sent, and is reported by its place", async () => {
    const broken = await runServer();
    const { relay, app } = broken.server;
    const hero = (await found({ relay, now: broken.now, storage: broken.storage }, "Hero")).keeper;
    await broken.storage.close();
    const response = await app.inject({
      method: "POST",
      url: "/api/read-vault",
      headers: { "content-type": "application/octet-stream", authorization: authorizationOf(hero.token) },
      payload: Buffer.from(encodeCbor([])),
    });
    expect([500, 503]).toContain(response.statusCode);
    expect(broken.lines.length).toBeGreaterThan(0);
    const said = JSON.stringify([response.headers, response.rawPayload.toString("latin1"), broken.lines]);
    expect(said).not.toContain(hero.account.account);
    expect(said).not.toContain(Buffer.from(hero.token).toString("base64url"));
  });
});

describe("what the operator asks", () => {
  const asked = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> =>
    running.server.app.inject({ method: "GET", url, headers });

  it("health is one word", async () => {
    const response = await asked("/health");
    expect([response.statusCode, response.body]).toEqual([200, "ok\n"]);
  });

  it("health asks the store once a second, however many ask", async () => {
    const asked: number[] = [];
    let now = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const ping = (): Promise<void> => {
      asked.push(now);
      return gate;
    };
    const app = Fastify();
    const numbers = { metrics: () => Promise.resolve([]), metricsToken: undefined };
    app.register(operatorRoutes({ ...numbers, ping, milliseconds: () => now }));
    const health = () => app.inject({ method: "GET", url: "/health" });
    const together = Array.from({ length: 50 }, health);
    while (asked.length === 0) await new Promise(setImmediate);
    open();
    expect(new Set((await Promise.all(together)).map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    for (now of [999, 1_000, 1_999]) await health();
    expect(asked).toEqual([0, 1_000]);
    await app.close();
  });

  it("health sees a store that answers and takes nothing more", async () => {
    const full = await runServer({}, (storage) => ({
      ...storage,
      proveWritable: () => Promise.reject(storageUnavailable({ code: "SQLITE_13" })),
    }));
    const health = () => full.server.app.inject({ method: "GET", url: "/health" });
    expect((await health()).statusCode).toBe(503);
    await full.close();
  });

  it("numbers wait for a store that is away, which is no mistake of ours", async () => {
    const away = await runServer({}, (storage) => ({
      ...storage,
      counts: () => Promise.reject(storageUnavailable({ code: "ECONNREFUSED" })),
    }));
    const { statusCode, body } = await away.server.app.inject({ method: "GET", url: "/metrics" });
    expect([statusCode, body]).toEqual([503, "The server cannot reach what it keeps.\n"]);
    await away.close();
  });

  it("pages from one address wait as well, and elsewhere they do not", async () => {
    const many = await runServer();
    const page = (remoteAddress: string): Promise<LightMyRequestResponse> =>
      many.server.app.inject({ method: "GET", url: "/health", remoteAddress });
    let last = await page("198.51.100.7");
    for (let count = 0; count < 4_000 && last.statusCode === 200; count++) last = await page("198.51.100.7");
    expect(last.statusCode).toBe(429);
    expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
    expect((await page("198.51.100.8")).statusCode).toBe(200);
    await many.close();
  });

  it("numbers are for this machine alone, and hold no id", async () => {
    const response = await asked("/metrics");
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain("amana_organisations 1\n");
    expect(response.body).toMatch(/\namana_disk_free_bytes [1-9]\d*\n/);
    expect(response.body).toMatch(/amana_calls_total\{name="read-vault",outcome="done"\} \d+/);
    expect(response.body).not.toMatch(/[0-9a-f]{12}/);
    expect((await asked("/metrics", { "x-forwarded-for": "198.51.100.7" })).statusCode).toBe(403);
  });

  it("numbers are for whoever holds the token that the operator chose", async () => {
    const elsewhere = await runServer({ METRICS_TOKEN: "a-token-of-the-operator" });
    const from = (authorization: string): Promise<LightMyRequestResponse> =>
      elsewhere.server.app.inject({ url: "/metrics", headers: { authorization, "x-forwarded-for": "198.51.100.7" } });
    expect((await from("Bearer a-token-of-the-operator")).statusCode).toBe(200);
    expect((await from("Bearer another")).statusCode).toBe(403);
    await elsewhere.close();
  });
});

const portOf = async ({ server, listen }: Running): Promise<number> => {
  const address = server.app.server.address();
  return address !== null && typeof address === "object" ? address.port : listen();
};

type Talk = {
  readonly head: string;
  readonly repeat?: string;
  /** What the client leaves at. */
  readonly isOver?: string;
};

/** Everything the server says until it closes, while a client sends on and on. */
const talk = (port: number, { head, repeat, isOver }: Talk): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let said = "";
    const sending = setInterval(() => repeat !== undefined && socket.writable && socket.write(repeat), 1);
    socket.on("data", (bytes) => {
      said += bytes.toString("latin1");
      if (isOver !== undefined && said.includes(isOver)) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(sending);
      resolve(said);
    });
    socket.write(head);
  });

describe("the stream", () => {
  const open = (
    port: number,
    token: Bytes | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Stream> =>
    new Promise((resolve, reject) => {
      const going = httpRequest({
        port,
        host: "127.0.0.1",
        path: "/api/stream",
        headers: { ...(token === undefined ? {} : { authorization: authorizationOf(token) }), ...headers },
      });
      going.on("error", reject);
      going.on("response", (response) => {
        const said: string[] = [];
        let wake: () => void = () => undefined;
        response.on("data", (bytes: Buffer) => {
          said.push(bytes.toString());
          wake();
        });
        const ended = new Promise<void>((end) => {
          response.on("close", end);
        });
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers["content-type"],
          said: () => said.join(""),
          until: (text) =>
            new Promise((resolveSaid) => {
              wake = () => {
                if (said.join("").includes(text)) resolveSaid();
              };
              wake();
            }),
          ended,
          close: () => void response.destroy(),
        });
      });
      going.end();
    });
  type Stream = {
    readonly status: number;
    readonly type: string | undefined;
    readonly said: () => string;
    readonly until: (text: string) => Promise<void>;
    readonly ended: Promise<void>;
    readonly close: () => void;
  };

  it("says only that there is something to come for, beats, and ends when its device is signed out", async () => {
    const streaming = await runServer();
    const port = await streaming.listen();
    const world = { relay: streaming.server.relay, now: streaming.now, storage: streaming.storage };
    const { keeper: hero } = await found(world, "Hero");
    const stream = await open(port, hero.token);
    expect([stream.status, stream.type]).toEqual([200, "text/event-stream"]);
    await stream.until("data\n\n");
    streaming.timers.run(20_000);
    await stream.until("data\n\n:\n\n");
    await world.relay.call("sign-out", hero.token, wire["sign-out"].encodeRequest({ device: undefined }));
    streaming.timers.run(200);
    await stream.ended;
    expect(stream.said().replaceAll(/data\n\n|:\n\n/g, "")).toBe("");
    await streaming.close();
  });

  const minute = 60_000;

  it.each([
    ["whatever happened", 0, "09:30,21:00", 30],
    ["of a clock that was set forward meanwhile", 29 * minute, "09:30,21:00", 1],
    ["of a clock that was set back meanwhile", -20 * minute, "08:45,21:00", 5],
  ])("calls at the moments of the day, %s", async (_what, set, WAKE_UPS, minutes) => {
    const waking = await runServer({ WAKE_UPS });
    const port = await waking.listen();
    const { keeper: hero } = await found({ ...waking, relay: waking.server.relay }, "Hero");
    const stream = await open(port, hero.token);
    await stream.until("data\n\n");
    const passMinute = (): void => {
      waking.pass(minute);
      waking.timers.run(minute);
    };
    waking.pass(set);
    for (let number = 1; number < minutes; number++) passMinute();
    waking.timers.run(20_000);
    await stream.until(":\n\n");
    expect(stream.said()).toBe("data\n\n:\n\n");
    passMinute();
    await stream.until("data\n\n:\n\ndata\n\n");
    stream.close();
    await waking.close();
  });

  it("is not asked for by its head alone, which would hold a place and hear nothing", async () => {
    const response = await running.server.app.inject({ method: "HEAD", url: "/api/stream" });
    expect(response.statusCode).toBe(404);
  });

  it("is closed to whoever is not signed in, and to pages of another origin", async () => {
    const port = await portOf(running);
    expect((await open(port, undefined)).status).toBe(401);
    expect((await open(port, digestOf("no token"))).status).toBe(401);
    expect((await open(port, keeper.token, { origin: "https://other.example.org" })).status).toBe(400);
  });

  it("is given to one account only so often", async () => {
    const port = await portOf(running);
    const streams = await Promise.all(Array.from({ length: 8 }, () => open(port, keeper.token)));
    expect((await open(port, keeper.token)).status).toBe(429);
    streams.forEach((stream) => stream.close());
  });

  it("ends when the server stops, which waits for nobody", async () => {
    const stopping = await runServer();
    const port = await stopping.listen();
    const { keeper: hero } = await found({ ...stopping, relay: stopping.server.relay }, "Hero");
    const stream = await open(port, hero.token);
    await Promise.all([stopping.close(), stream.ended]);
  });
});
