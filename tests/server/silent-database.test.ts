/** The server as a person stops it while its database says nothing any more. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withSiteFolder } from "../../apps/server/src/testing/small-site.ts";
import { makeWay } from "../postgres-way.ts";
import { startPostgres, type TestPostgres } from "../postgres.ts";

const main = join(import.meta.dirname, "../../apps/server/src/main.ts");

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

it("stops by itself, and says that the store did not close", async () => {
  const way = await makeWay(postgres.createDatabase());
  await withSiteFolder(async (guide) => {
    const env = { DATABASE_URL: way.url, GUIDE: guide, PORT: "0" };
    const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"] });
    const lines: string[] = [];
    child.stderr.on("data", (bytes: Buffer) => void lines.push(bytes.toString()));
    let out = "";
    while (!out.includes("#found=")) out += String((await once(child.stdout, "data"))[0]);
    way.goSilent();
    const ended = new Promise<number | null>((resolve) => {
      child.on("close", resolve);
    });
    child.kill("SIGTERM");
    const status = await ended;
    expect(status).toBe(1);
    expect(JSON.parse(lines.join(""))).toMatchObject({ says: "The store did not close in time." });
  });
  way.close();
});
