/** The server as a person starts and stops it. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withSiteFolder } from "./testing/small-site.ts";

type Run = { readonly status: number | null; readonly out: string; readonly err: string };

/** Starts `main.ts`; calls `onAddress` once it says where to go, and waits for its end. */
const run = (
  environment: Readonly<Record<string, string>>,
  onAddress?: (address: string, stop: (signal: NodeJS.Signals) => void) => Promise<void>,
): Promise<Run> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], { env: { ...environment } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => {
      const before = out;
      out += bytes.toString();
      const address = /Amana guide: (http:\S+)\n/.exec(out)?.[1];
      if (address !== undefined && !before.includes(address)) void onAddress?.(address, (signal) => child.kill(signal));
    });
    child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
    child.on("close", (status) => resolve({ status, out, err }));
  });

describe("starting the server", () => {
  it("names a wrong setting in one line and ends with 2", async () => {
    expect(await run({ PORT: "eighty" })).toEqual({
      status: 2,
      out: "",
      err: "PORT is wrong: give a whole number from 0 (any free port) to 65535.\n",
    });
  });

  it("says what to do when the guide is not built", async () => {
    const { status, err } = await run({ GUIDE: join(import.meta.dirname, "no-such-folder") });
    expect([status, err.split("\n").length]).toEqual([1, 2]);
    expect(err).toContain("npm run build");
  });

  it("says what to do when the port is taken", async () => {
    const other = createServer();
    await once(other.listen(0, "127.0.0.1"), "listening");
    // A server that listens on a port has an address with a port.
    const { port } = other.address() as AddressInfo;
    await withSiteFolder(async (folder) => {
      const { status, out, err } = await run({ GUIDE: folder, PORT: String(port) });
      expect([status, out]).toEqual([1, ""]);
      expect(err).toBe(
        `Port ${port} on 127.0.0.1 is in use: stop the other program, or set PORT to another (0 takes any free one).\n`,
      );
    });
    other.close();
  });

  it("says so when the address is not of this machine", async () => {
    await withSiteFolder(async (folder) => {
      const { status, err } = await run({ GUIDE: folder, HOST: "192.0.2.1", PORT: "0" });
      expect([status, err.split("\n").length]).toEqual([1, 2]);
      expect(err).toContain("HOST=192.0.2.1");
    });
  });

  it.each(["SIGTERM", "SIGINT"] as const)("prints where to go, answers, and stops calmly on %s", async (signal) => {
    await withSiteFolder(async (folder) => {
      const { status, out, err } = await run({ GUIDE: folder, PORT: "0" }, async (address, stop) => {
        const page = await fetch(`${address}en/`);
        expect(await page.text()).toContain("<title>Guide</title>");
        await fetch(`${address}planted-sentence`).then((response) => response.text());
        stop(signal);
      });
      expect([status, err]).toEqual([0, ""]);
      expect(out).toMatch(
        /^Amana guide: http:\/\/127\.0\.0\.1:\d+\/\nStopped\. Answered 2 requests, 1 of them refused\.\n$/,
      );
    });
  });

  it("says that TLS is needed when other machines can reach it", async () => {
    await withSiteFolder(async (folder) => {
      const { out } = await run({ GUIDE: folder, HOST: "0.0.0.0", PORT: "0" }, async (_address, stop) => {
        stop("SIGTERM");
        return Promise.resolve();
      });
      expect(out).toContain("put TLS in front of it");
    });
  });
});
