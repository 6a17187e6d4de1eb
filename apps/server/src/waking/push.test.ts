/** Waking by push services: everyone alike, with nothing in it, over a real store and a push service of the test's own. */

import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificate } from "../testing/certificate.ts";
import { found, get, joinBy, openWorld, type Member, type World } from "../testing/world.ts";
import { wakeByPush, wakeByPushOnce, type PushOptions } from "./push.ts";
import type { EgressOptions } from "./egress.ts";
import { makeVapidKey, vapidKeyOf } from "./vapid.ts";

const { key, certificate } = makeCertificate();
const called: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
const vapid = vapidKeyOf(makeVapidKey());
let service: Server;
let address: string;
let world: World;
let people: readonly Member[];

beforeAll(async () => {
  service = createServer({ key, cert: certificate }, (request, response) => {
    let body = "";
    request.on("data", (bytes: Buffer) => (body += bytes.toString()));
    request.on("end", () => {
      called.push({ path: request.url ?? "", headers: request.headers, body });
      response.writeHead(request.url === "/gone" ? 410 : 201).end();
    });
  });
  await once(service.listen(0, "127.0.0.1"), "listening");
  address = `https://127.0.0.1:${(service.address() as AddressInfo).port}`;
  world = await openWorld({ push: { serverKey: vapid.publicKey, isEndpoint: (each) => each.startsWith(address) } });
  const { keeper } = await found(world, "Shilan");
  people = [keeper, await joinBy(world, keeper, "Nour"), await joinBy(world, keeper, "Dilan")];
});
afterAll(async () => {
  service.closeAllConnections();
  service.close();
  await world.close();
});

const options = (): PushOptions => ({
  key: vapid,
  subject: "https://amana.example.org",
  egress: { loopback: { certificate }, timeoutMilliseconds: 2000 },
});

const subscribe = async (person: Member, path: string): Promise<unknown> =>
  get(world, "set-wake-up", person.token, {
    subscription: {
      endpoint: `${address}${path}`,
      publicKey: new Uint8Array(65).fill(4),
      authentication: new Uint8Array(16),
    },
  });

describe("waking by push", () => {
  it("calls every subscription alike, whatever happened, with nothing in it", async () => {
    for (const [index, person] of people.entries()) {
      expect(await subscribe(person, `/device-${index}`)).toEqual({ serverKey: vapid.publicKey });
    }
    expect(await wakeByPush(world.storage, options(), world.now())).toEqual({ sent: 3, gone: 0, failed: 0 });
    expect(called.map(({ path }) => path).sort()).toEqual(["/device-0", "/device-1", "/device-2"]);
    const contents = called.map(({ headers: { authorization, host: _host, ...rest }, body }) => {
      expect(authorization).toMatch(/^vapid t=.+, k=.+$/);
      return { rest, body };
    });
    expect(new Set(contents.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(contents[0]).toMatchObject({ body: "", rest: { "content-length": "0", topic: "come" } });
  });

  it("is done by one of several servers at each moment of the day", async () => {
    for (const [index, person] of people.entries()) await subscribe(person, `/device-${index}`);
    const asked = { slot: world.now(), now: world.now() };
    const counts = await Promise.all([1, 2, 3].map(() => wakeByPushOnce(world.storage, options(), asked)));
    expect(counts.map(({ sent }) => sent).sort()).toEqual([0, 0, 3]);
  });

  it("forgets an address that its service knows no more, and calls it once", async () => {
    const [person] = people;
    if (person === undefined) throw new Error("There is one.");
    await subscribe(person, "/gone");
    expect(await wakeByPush(world.storage, options(), world.now())).toEqual({ sent: 2, gone: 1, failed: 0 });
    expect(await wakeByPush(world.storage, options(), world.now())).toEqual({ sent: 2, gone: 0, failed: 0 });
  });

  it("calls nobody while a name leads into our own network, and forgets nobody for that", async () => {
    const elsewhere = await openWorld();
    const { keeper } = await found(elsewhere, "Hero");
    const signedIn = await elsewhere.relay.signedIn(keeper.token);
    if (!signedIn.ok) throw new Error("A test's own person is signed in.");
    const { by, device } = signedIn.value;
    const keys = { publicKey: new Uint8Array(65), authentication: new Uint8Array(16) };
    await elsewhere.storage.setWakeUp({
      by,
      device,
      subscription: { endpoint: "https://push.example.org/a", ...keys },
    });
    // As a resolver that filters answers.
    const lookup = ((_name: string, _options: unknown, callback: (error: null, found: unknown) => void) =>
      callback(null, [{ address: "10.10.34.36", family: 4 }])) as unknown as NonNullable<EgressOptions["lookup"]>;
    const filtered = { ...options(), egress: { timeoutMilliseconds: 2000, lookup } };
    for (const _slot of [1, 2])
      expect(await wakeByPush(elsewhere.storage, filtered, world.now())).toEqual({ sent: 0, gone: 0, failed: 1 });
    await elsewhere.close();
  });

  it("never calls an address within our own network, though it stood in the store", async () => {
    called.length = 0;
    const outside = { ...options(), egress: { timeoutMilliseconds: 2000 } };
    expect(await wakeByPush(world.storage, outside, world.now())).toEqual({ sent: 0, gone: 2, failed: 0 });
    expect(called).toEqual([]);
  });
});
