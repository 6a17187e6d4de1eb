/** Bundles page and worker as the app is bundled, and serves them with the fixture on loopback. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "vite";
import type { SentFixture } from "./browser-tasks.ts";
import type { Fixture } from "./fixture.ts";

export type BrowserSite = { readonly origin: string; readonly close: () => void };

const document =
  '<!doctype html><html lang="en"><title>Page</title><script type="module" src="/page.js"></script></html>';

export const serveBrowserSite = async (fixture: Fixture): Promise<BrowserSite> => {
  const files = new Map<string, readonly [type: string, content: string]>([
    ["/", ["text/html", document]],
    ["/page.js", ["text/javascript", await bundle("browser-page.ts")]],
    ["/worker.js", ["text/javascript", await bundle("browser-worker.ts")]],
    ["/fixture.json", ["application/json", JSON.stringify(sent(fixture))]],
  ]);
  const server = createServer((request, response) => {
    const [type, content] = files.get(request.url ?? "") ?? ["text/plain", ""];
    response.writeHead(content === "" ? 404 : 200, { "content-type": type }).end(content);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  // A server that listens on a TCP port has such an address.
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
};

const sent = ({ contents, rows }: Fixture): SentFixture => ({
  stored: [...contents].map(([name, value]) => [name, Buffer.from(value).toString("base64")]),
  rows,
});

const bundle = async (source: string): Promise<string> => {
  const result = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    // PouchDB was written for bundlers that know this name.
    define: { global: "globalThis" },
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        input: join(import.meta.dirname, source),
        output: { format: "es", codeSplitting: false },
      },
    },
  });
  const [first] = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  if (first?.type !== "chunk") throw new Error("The benchmark's own page was not built in one file.");
  return first.code;
};
