/** What the environment may say, and how a mistake in it is named. */

import { describe, expect, it } from "vitest";
import { readConfiguration } from "./configuration.ts";

describe("the configuration", () => {
  it("stays on this machine, on port 8080, when nothing is said", () => {
    expect(readConfiguration({})).toMatchObject({
      ok: true,
      value: { host: "127.0.0.1", port: 8080, isLoopback: true },
    });
  });

  it("takes an address and a port", () => {
    expect(readConfiguration({ HOST: "0.0.0.0", PORT: "443" })).toMatchObject({
      value: { host: "0.0.0.0", port: 443, isLoopback: false },
    });
    expect(readConfiguration({ PORT: "0" })).toMatchObject({ value: { port: 0 } });
  });

  it.each([
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["::1", true],
    ["localhost", true],
    ["0.0.0.0", false],
    ["::", false],
    ["192.0.2.7", false],
    ["127.example.org", false],
    ["localhost.example.org", false],
  ])("knows whether %s can be reached from other machines", (host, isLoopback) => {
    expect(readConfiguration({ HOST: host })).toMatchObject({ value: { isLoopback } });
  });

  it.each(["", "http", "80a", "-1", "65536", "8080.5", " 8080", "0x50", "٨٠٨٠", "999999999999"])(
    "refuses PORT=%j",
    (port) => {
      expect(readConfiguration({ PORT: port })).toEqual({
        ok: false,
        error: [{ name: "PORT", expected: "a whole number from 0 (any free port) to 65535" }],
      });
    },
  );

  it.each(["", "http://127.0.0.1", "127.0.0.1:80", "256.0.0.1", "127.1", "a b", "-x", "x".repeat(254)])(
    "refuses HOST=%j",
    (host) => {
      expect(readConfiguration({ HOST: host })).toMatchObject({ ok: false, error: [{ name: "HOST" }] });
    },
  );

  it("names every mistake at once", () => {
    const configuration = readConfiguration({ HOST: "", PORT: "", GUIDE: "" });
    expect(configuration.ok ? [] : configuration.error.map((problem) => problem.name)).toEqual([
      "HOST",
      "PORT",
      "GUIDE",
    ]);
  });
});
