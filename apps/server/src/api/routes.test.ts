/**
 * Every door (SECURITY §6.5) of the server as it is shipped, asked of Fastify itself: each route that there is × who knocks. A route
 * without a row fails. What each request of the wire answers to whom: `relay/doors.test.ts`.
 */

import { authorizationOf, wire } from "@amana/sync";
import type { Bytes } from "@amana/log";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf, nextEntry } from "../testing/people.ts";
import { runServer, type Running } from "../testing/running-server.ts";
import { found, get, joinBy, type Member } from "../testing/world.ts";
import { askers } from "../relay/answers.ts";
import { requestNames } from "./api-routes.ts";

type Knocker = "nobody" | "a made-up token" | "who left" | "who signed out" | "another organisation" | "a member";

let running: Running;
let port: number;
const routes = new Set<string>();
const tokens: Partial<Record<Knocker, Bytes>> = { "a made-up token": digestOf("no token") };

const leave = async (keeper: Member, { logId, log }: Awaited<ReturnType<typeof found>>, gone: Member) => {
  const leaving = nextEntry(keeper, log, { kind: "control", control: log.hash });
  const append = { logId, kind: "organisation", after: log.hash, entry: leaving.bytes, wraps: [] } as const;
  const organisation = { teams: [], leavers: [gone.account.receivingKey], keepers: undefined };
  await get(running.server, "append-control", keeper.token, { ...append, serving: undefined, organisation });
};

beforeAll(async () => {
  running = await runServer();
  running.server.app.addHook("onRoute", ({ method, url }) => {
    for (const each of [method].flat()) routes.add(`${each} ${url}`);
  });
  const world = { relay: running.server.relay, now: running.now, storage: running.storage };
  const founded = await found(world, "Shilan");
  const [member, gone] = [await joinBy(world, founded.keeper, "Nour"), await joinBy(world, founded.keeper, "Gone")];
  const out = await joinBy(world, founded.keeper, "Out");
  await leave(founded.keeper, founded, gone);
  await get(world, "sign-out", out.token, { device: undefined });
  tokens["a member"] = member.token;
  tokens["who left"] = gone.token;
  tokens["who signed out"] = out.token;
  tokens["another organisation"] = (await found(world, "Stranger")).keeper.token;
  port = await running.listen();
});
afterAll(() => running.close());

const knockers = [
  "nobody",
  "a made-up token",
  "who left",
  "who signed out",
  "another organisation",
  "a member",
] as const;

/** As from another machine: only its head is waited for, since a stream has no end. */
const knock = async (route: string, who: Knocker): Promise<{ readonly status: number; readonly text: string }> => {
  const [method = "", path = ""] = route.split(" ");
  const ended = new AbortController();
  const token = tokens[who];
  const response = await fetch(`http://127.0.0.1:${port}${path.replace("*", "en/")}`, {
    method,
    signal: ended.signal,
    headers: {
      "x-forwarded-for": "198.51.100.7",
      ...(token === undefined ? {} : { authorization: authorizationOf(token) }),
      ...(method === "POST" ? { "content-type": "application/octet-stream" } : {}),
    },
    ...(method === "POST" ? { body: new Uint8Array() } : {}),
  });
  const isStream = response.headers.get("content-type") === "text/event-stream";
  const text = isStream ? "" : await response.text();
  ended.abort();
  return { status: response.status, text };
};

/** Who knocks from another organisation keeps it. */
type Row = { readonly keeper: number; readonly member: number; readonly others: number };

const alike = (status: number): Row => ({ keeper: status, member: status, others: status });
/** An empty body is nothing that the wire understands: whoever may ask at all is told so. */
const ofTheWire = requestNames.map((name): readonly [string, Row] => [
  `POST /api/${name}`,
  { keeper: 400, member: askers[name] === "keeper" ? 403 : 400, others: wire[name].needsSignIn ? 401 : 400 },
]);
const statusFor = ({ keeper, member, others }: Row, who: Knocker): number => {
  if (who === "another organisation") return keeper;
  return who === "a member" ? member : others;
};

const rows: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(ofTheWire),
  "GET /api/stream": { keeper: 200, member: 200, others: 401 },
  "GET /health": alike(200),
  "HEAD /health": alike(200),
  "GET /metrics": alike(403),
  "HEAD /metrics": alike(403),
  "GET /*": alike(200),
  "HEAD /*": alike(200),
};

describe("every route", () => {
  it("has a row here", () => {
    expect([...routes].sort()).toEqual(Object.keys(rows).sort());
  });

  it.each(Object.entries(rows))("%s answers each who knocks as its row says", async (route, row) => {
    const texts = new Map<number, Set<string>>();
    for (const who of knockers) {
      const { status, text } = await knock(route, who);
      expect(status, who).toBe(statusFor(row, who));
      texts.set(status, (texts.get(status) ?? new Set()).add(text));
    }
    // Nobody learns from the words what the status does not say.
    for (const [status, said] of texts) expect(said.size, String(status)).toBe(1);
  });

  it("beyond these is refused alike, whoever asks", async () => {
    for (const route of ["GET /api/read-vault", "POST /api/no-such", "PUT /health", "GET /api/"])
      for (const who of knockers) expect([404, 405], `${route} ${who}`).toContain((await knock(route, who)).status);
  });
});
