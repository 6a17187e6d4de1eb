/** What visitors get from the running app, and what they cannot get out of it. */

import { brotliDecompressSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseHeaderOptions, securityHeaders } from "./headers.ts";
import { withSiteUnder } from "./site.ts";
import { makeApp, readSmallSite, script } from "./testing/small-site.ts";

let app: FastifyInstance;
const statuses: number[] = [];

beforeAll(async () => {
  app = await makeApp({ onAnswered: (status) => statuses.push(status) });
});
afterAll(() => app.close());

const expected = Object.entries(securityHeaders({ trustedTypesPolicies: ["svelte-trusted-html"] }));
const withoutCache = expected.filter(([name]) => name !== "cache-control");

describe("every answer", () => {
  it.each([
    ["a page", "GET", "/en/tools/", 200],
    ["the first page", "GET", "/", 200],
    ["a file", "GET", "/assets/page-B3f1_a9Z.js", 200],
    ["a head", "HEAD", "/en/tools/", 200],
    ["a move", "GET", "/en/tools", 308],
    ["a missing page", "GET", "/en/nothing/", 404],
    ["a refused method", "POST", "/en/tools/", 405],
    ["a broken address", "GET", "/%zz", 400],
    ["an address that hides something", "GET", "/..%2f..%2fetc/passwd", 400],
    ["an endless address", "GET", `/${"x".repeat(3000)}`, 414],
  ] as const)("carries the security headers: %s", async (_name, method, url, status) => {
    const response = await app.inject({ method, url });
    expect(response.statusCode).toBe(status);
    for (const [name, value] of withoutCache) expect(response.headers[name], name).toBe(value);
  });

  it.each(["/", "/en/tools/", "/en/tools", "/nothing", "/%zz", "/assets/page-B3f1_a9Z.js"])(
    "sets no cookie and names no program: %s",
    async (url) => {
      const { headers } = await app.inject({ url });
      for (const name of ["set-cookie", "server", "x-powered-by", "via"]) expect(headers).not.toHaveProperty(name);
    },
  );

  it("is counted by its status and nothing else", async () => {
    statuses.length = 0;
    for (const url of ["/en/", "/nothing", "/%zz"]) await app.inject({ url });
    expect(statuses).toEqual([200, 404, 400]);
  });
});

describe("the case files", () => {
  it("carry headers of their own, and nothing else does", async () => {
    const site = await readSmallSite();
    const both = await makeApp({ site: withSiteUnder(site, "/app", site), caseHeaders: caseHeaderOptions });
    const policyOf = async (url: string): Promise<unknown> =>
      (await both.inject(url)).headers["content-security-policy"];
    for (const url of ["/app/", "/app/en/tools/", "/app/nothing"])
      expect(await policyOf(url), url).toContain("wasm-unsafe-eval");
    for (const url of ["/", "/en/tools/", "/nothing", "/app", "/apple/", "//app/"])
      expect(await policyOf(url), url).not.toContain("wasm-unsafe-eval");
    await both.close();
  });
});

describe("a page", () => {
  it("is not kept by the browser", async () => {
    const response = await app.inject("/en/tools/");
    expect(response.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "accept-ranges": "none",
    });
    expect(response.body).toContain("<title>Tools</title>");
  });

  it("has a head with the same length and no body", async () => {
    const [get, head] = [await app.inject("/en/"), await app.inject({ method: "HEAD", url: "/en/" })];
    expect(head.body).toBe("");
    expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
    expect(head.headers["etag"]).toBe(get.headers["etag"]);
  });

  it("moves to its clean address for good, and only ever within the site", async () => {
    const response = await app.inject("/en/tools?to=//example.org");
    expect(response.statusCode).toBe(308);
    expect(response.headers["location"]).toBe("/en/tools/");
  });

  it("that is missing says so calmly, in the language of its address where the site can", async () => {
    const english = await app.inject("/en/nothing/");
    const arabic = await app.inject("/ar/nothing/");
    expect([english.statusCode, arabic.statusCode]).toEqual([404, 404]);
    expect(english.body).toContain("No page here");
    expect(arabic.body).toContain("لا توجد صفحة");
    expect(english.headers["cache-control"]).toBe("no-store");
  });

  it("that is missing is one plain line where the site has no page for that", async () => {
    const site = await readSmallSite();
    const filesByAddress = new Map([...site.filesByAddress].filter(([address]) => !address.endsWith("404.html")));
    const bare = await makeApp({ site: { ...site, filesByAddress } });
    const response = await bare.inject("/nothing");
    expect([response.statusCode, response.body]).toEqual([404, "There is no page at this address.\n"]);
    await bare.close();
  });
});

describe("a file that is named by its content", () => {
  const url = "/assets/page-B3f1_a9Z.js";

  it("is kept for good and sent in its smallest form", async () => {
    const response = await app.inject({ url, headers: { "accept-encoding": "gzip, br" } });
    expect(response.headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-encoding": "br",
      "content-type": "text/javascript; charset=utf-8",
      vary: "Accept-Encoding",
    });
    expect(brotliDecompressSync(response.rawPayload).toString()).toBe(script);
  });

  it("is sent as it is to who reads no other form", async () => {
    const response = await app.inject({ url });
    expect(response.headers).not.toHaveProperty("content-encoding");
    expect(response.headers["vary"]).toBe("Accept-Encoding");
    expect(response.body).toBe(script);
  });

  it("has an ETag for each form, and is not sent again to who holds it", async () => {
    const plain = await app.inject({ url });
    const small = await app.inject({ url, headers: { "accept-encoding": "br" } });
    const [plainTag, smallTag] = [String(plain.headers["etag"]), String(small.headers["etag"])];
    expect(plainTag).not.toBe(smallTag);
    for (const known of [plainTag, `"other", W/${plainTag}`, "*"]) {
      const again = await app.inject({ url, headers: { "if-none-match": known } });
      expect([again.statusCode, again.body, again.headers["etag"]]).toEqual([304, "", plainTag]);
      expect(again.headers).not.toHaveProperty("content-encoding");
    }
    const changed = await app.inject({ url, headers: { "if-none-match": smallTag } });
    expect(changed.statusCode).toBe(200);
  });

  it("is sent whole to who asks for a part, however many parts", async () => {
    for (const range of ["bytes=0-10", "bytes=-5", `bytes=${"0-1,".repeat(200)}0-1`, "lines=1"]) {
      const response = await app.inject({ url, headers: { range } });
      expect([response.statusCode, response.body.length]).toEqual([200, script.length]);
    }
  });
});

describe("what is not for reading a page", () => {
  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"] as const)(
    "%s is refused, with what is allowed",
    async (method) => {
      for (const url of ["/en/", "/nothing"]) {
        const response = await app.inject({ method: method as "POST", url });
        expect([response.statusCode, response.headers["allow"]]).toEqual([405, "GET, HEAD"]);
        expect(response.body).toBe("This address can only be read.\n");
      }
    },
  );

  it("a body on a read is refused before it is looked at", async () => {
    const response = await app.inject({
      method: "GET",
      url: "/en/",
      payload: "x",
      headers: { "content-type": "text/x" },
    });
    expect([response.statusCode, response.headers["connection"]]).toEqual([413, "close"]);
  });

  it("more headers than anyone needs are refused", async () => {
    const headers = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`x-${index}`, "1"]));
    const response = await app.inject({ url: "/en/", headers });
    expect(response.statusCode).toBe(431);
  });

  it("never repeats what was sent", async () => {
    for (const url of ["/planted-sentence", "/%zz-planted-sentence", "/..%2fplanted-sentence"]) {
      const response = await app.inject({ url, headers: { "x-y": "planted-sentence" } });
      expect(JSON.stringify([response.body, response.headers])).not.toContain("planted-sentence");
    }
  });
});

describe("our own mistake", () => {
  it("shows a reference to the visitor and reports where it happened, but nothing that was sent", async () => {
    const lines: string[] = [];
    const broken = await makeApp({ report: (line) => lines.push(line) });
    broken.get("/broken", () => {
      throw new Error("planted-sentence");
    });
    const response = await broken.inject("/broken?planted-sentence");
    expect(response.statusCode).toBe(500);
    expect(response.body).toBe("Something went wrong on our side. Nothing you did caused it. Reference: reference-1\n");
    for (const [name, value] of expected) expect(response.headers[name], name).toBe(value);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^Mistake reference-1: Error at /);
    expect(lines[0]).not.toContain("planted-sentence");
    await broken.close();
  });
});
