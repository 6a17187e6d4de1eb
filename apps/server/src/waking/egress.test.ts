/** What leaves the server on its own: one empty request to a public push service, and never anything to our own network. */

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificate } from "../testing/certificate.ts";
import { isEndpoint, isPublicAddress, wakeEndpoint, type EgressOptions } from "./egress.ts";

const outside: EgressOptions = { timeoutMilliseconds: 2000 };

describe("an address to wake", () => {
  it.each([
    "https://updates.push.example.org/wpush/v2/abc",
    "https://fcm.example.com/fcm/send/a:b",
    "https://198.41.0.4/push",
    "https://[2606:4700::1111]/push",
  ])("may be that of a public push service: %s", (endpoint) => {
    expect(isEndpoint(endpoint, outside)).toBe(true);
  });

  it.each([
    ["is not encrypted", "http://push.example.org/a"],
    ["carries a password", "https://a:b@push.example.org/"],
    ["names an odd port", "https://push.example.org:8443/a"],
    ["is this machine", "https://127.0.0.1/"],
    ["is this machine by name", "https://localhost/"],
    ["is this machine in other writing", "https://0x7f.1/"],
    ["is this machine as one number", "https://2130706433/"],
    ["is this machine in IPv6", "https://[::1]/"],
    ["is an IPv4 address inside of IPv6", "https://[::ffff:127.0.0.1]/"],
    ["is in a private network", "https://10.0.0.1/"],
    ["is the address that clouds tell secrets at", "https://169.254.169.254/latest/meta-data"],
    ["is link-local", "https://[fe80::1]/"],
    ["is private in IPv6", "https://[fd00::1]/"],
    ["carries IPv4 through IPv6", "https://[2002:7f00:1::]/"],
    ["has a name of the own network", "https://intranet/"],
    ["is a name that ends with a dot", "https://localhost./"],
    ["is a file", "file:///etc/passwd"],
    ["is no address", "push"],
    ["is endless", `https://push.example.org/${"x".repeat(2000)}`],
  ])("is refused when it %s", (_name, endpoint) => {
    expect(isEndpoint(endpoint, outside)).toBe(false);
  });

  it("is judged by every address that its name stands for, at the moment it is called", async () => {
    const lookup = ((_name: string, _options: unknown, callback: (error: null, found: unknown) => void) =>
      callback(null, [
        { address: "198.41.0.4", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ])) as unknown as NonNullable<EgressOptions["lookup"]>;
    expect(await wakeEndpoint("https://push.example.org/a", {}, { ...outside, lookup })).toBe("failed");
  });

  it("is looked for at the name servers, and holds no thread that others wait for while they say nothing", async () => {
    const silent = createSocket("udp4");
    let asked = 0;
    silent.on("message", () => (asked += 1));
    await once(silent.bind(0, "127.0.0.1"), "listening");
    const nameServers = [`127.0.0.1:${silent.address().port}`];
    const options = { timeoutMilliseconds: 500, nameServers };
    expect(await wakeEndpoint("https://push.example.org/a", {}, options)).toBe("failed");
    // Its addresses of both kinds.
    expect(asked).toBeGreaterThanOrEqual(2);
    silent.close();
  });

  it.each(["1.1.1.1", "223.255.255.255", "2a00:1450::1"])("%s is public", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    "100.64.0.1",
    "192.168.1.1",
    "172.31.255.255",
    "224.0.0.1",
    "255.255.255.255",
    "0.0.0.0",
    "ff02::1",
    "::",
    "x",
  ])("%s is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("a call to a push service", () => {
  const { key, certificate } = makeCertificate();
  const asked: { readonly method: string | undefined; readonly body: string; readonly message: IncomingMessage }[] = [];
  let server: Server;
  let address: string;
  beforeAll(async () => {
    server = createServer({ key, cert: certificate }, (message, response) => {
      let body = "";
      message.on("data", (bytes: Buffer) => (body += bytes.toString()));
      message.on("end", () => {
        asked.push({ method: message.method, body, message });
        const status = Number(message.url?.slice(1));
        if (status === 0) return;
        response.writeHead(status, { location: "/201" }).end("x".repeat(100_000));
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const own: EgressOptions = { loopback: { certificate }, timeoutMilliseconds: 2000 };

  it("carries headers and an empty body", async () => {
    expect(await wakeEndpoint(`${address}/201`, { ttl: "60" }, own)).toBe("sent");
    const last = asked.at(-1);
    expect([last?.method, last?.body, last?.message.headers["content-length"], last?.message.headers["ttl"]]).toEqual([
      "POST",
      "",
      "0",
      "60",
    ]);
  });

  it("says when the address is no more", async () => {
    expect(await wakeEndpoint(`${address}/410`, {}, own)).toBe("gone");
    expect(await wakeEndpoint(`${address}/404`, {}, own)).toBe("gone");
    expect(await wakeEndpoint(`${address}/500`, {}, own)).toBe("failed");
  });

  it("follows no redirect", async () => {
    asked.length = 0;
    expect(await wakeEndpoint(`${address}/307`, {}, own)).toBe("failed");
    expect(asked).toHaveLength(1);
  });

  it("that gets no answer ends by itself", async () => {
    expect(await wakeEndpoint(`${address}/0`, {}, { ...own, timeoutMilliseconds: 50 })).toBe("failed");
  });

  it("goes nowhere without a certificate that holds", async () => {
    asked.length = 0;
    const other = makeCertificate().certificate;
    expect(await wakeEndpoint(`${address}/201`, {}, { ...own, loopback: { certificate: other } })).toBe("failed");
    expect(asked).toHaveLength(0);
  });
});
