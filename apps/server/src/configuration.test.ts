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

  it("keeps what it stores in the project's own folder, or in PostgreSQL when told to", () => {
    const store = (environment: Readonly<Record<string, string>>): unknown => {
      const configuration = readConfiguration(environment);
      return configuration.ok ? configuration.value.store : configuration.error;
    };
    expect(store({})).toMatchObject({ kind: "sqlite" });
    expect(store({ DATA: "/srv/amana" })).toEqual({ kind: "sqlite", folder: "/srv/amana" });
    expect(store({ DATABASE_URL: "postgres://amana@db/amana" })).toEqual({
      kind: "postgres",
      address: "postgres://amana@db/amana",
    });
    const overTls = "postgres://amana@db/amana?sslmode=verify-full&sslrootcert=/etc/amana/database.pem";
    expect(store({ DATABASE_URL: overTls })).toEqual({ kind: "postgres", address: overTls });
  });

  it.each([
    ["https://amana.example.org", "https://amana.example.org"],
    ["https://amana.example.org/", "https://amana.example.org"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://[::1]:8080", "http://[::1]:8080"],
  ])("takes ORIGIN=%s", (ORIGIN, origin) => {
    expect(readConfiguration({ ORIGIN })).toMatchObject({ ok: true, value: { origin } });
  });

  it.each([
    "http://amana.example.org",
    "https://amana.example.org/app/",
    "amana.example.org",
    "ftp://x",
    "https://a:b@x",
  ])("refuses ORIGIN=%j, over which a token would travel in the open or nobody could sign in", (ORIGIN) => {
    expect(readConfiguration({ ORIGIN })).toMatchObject({ ok: false, error: [{ name: "ORIGIN" }] });
  });

  it("wakes nobody by a push service unless that is chosen, and at the moments named", () => {
    expect(readConfiguration({})).toMatchObject({ value: { isPushOn: false } });
    expect(readConfiguration({ PUSH: "on", WAKE_UPS: "04:00,16:00" })).toMatchObject({
      value: { isPushOn: true, wakeUps: [240, 960] },
    });
  });

  it("lets an organisation begin 50,000 logs and have 10,000 accounts, unless the operator says otherwise", () => {
    expect(readConfiguration({})).toMatchObject({ value: { organisation: { logsMax: 50_000, accountsMax: 10_000 } } });
    expect(readConfiguration({ ORGANISATION_LOGS: "200000", ORGANISATION_ACCOUNTS: "40" })).toMatchObject({
      value: { organisation: { logsMax: 200_000, accountsMax: 40 } },
    });
  });

  it.each([
    ["DATABASE_URL", "mysql://x"],
    ["DATABASE_URL", "postgres"],
    ["DATABASE_URL", "postgres://amana@db/amana?sslmode=require"],
    ["DATABASE_URL", "postgres://amana@db/amana?sslmode=verify-all"],
    ["DATABASE_URL", "postgres://amana@db/amana?ssl=no-verify"],
    ["DATABASE_URL", "postgres://amana@db/amana?options=-c%20synchronous_commit%3Doff"],
    ["PROXIES", "proxy.example.org"],
    ["PROXIES", "127.0.0.1,"],
    ["WAKE_UPS", "25:00"],
    ["PUSH", "yes"],
    ["ACCOUNT_MEGABYTES", "0"],
    ["ACCOUNT_MEGABYTES", "1.5"],
    ["ORGANISATION_MEGABYTES", "99999999"],
    ["ORGANISATION_LOGS", "99"],
    ["ORGANISATION_LOGS", "200001"],
    ["ORGANISATION_ACCOUNTS", "1"],
    ["ORGANISATION_ACCOUNTS", "100001"],
    ["ORGANISATION_ACCOUNTS", "many"],
    ["BACKUP_DAYS", "-1"],
    ["BACKUP_DAYS", "1"],
    ["METRICS_TOKEN", "short"],
    ["METRICS_TOKEN", "x".repeat(129)],
  ])("refuses %s=%j", (name, value) => {
    expect(readConfiguration({ [name]: value })).toMatchObject({ ok: false, error: [{ name }] });
  });

  it("repeats no value that was wrong: it may have been a password", () => {
    const names = [
      "HOST",
      "PORT",
      "ORIGIN",
      "DATABASE_URL",
      "PROXIES",
      "WAKE_UPS",
      "PUSH",
      "BACKUP_DAYS",
      "METRICS_TOKEN",
    ];
    const wrong = readConfiguration(Object.fromEntries(names.map((name) => [name, "planted sentence"])));
    expect(wrong.ok ? [] : wrong.error.map(({ name }) => name)).toEqual(names);
    expect(JSON.stringify(wrong)).not.toContain("planted");
  });
});
