/** Which files of a built site are served, and which address means which file. */

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { limits } from "./limits.ts";
import { chooseBody, findInSite, readSite, withSiteUnder, type Site, type SiteFile } from "./site.ts";
import { readSmallSite, withSiteFolder } from "./testing/small-site.ts";

let site: Site;
beforeAll(async () => {
  site = await readSmallSite();
});

describe("reading a built site", () => {
  it("gives each page a clean address", () => {
    expect([...site.filesByAddress.keys()].sort()).toEqual([
      "/",
      "/404.html",
      "/a/font-0f3c9a71be.woff2",
      "/ar/",
      "/ar/404.html",
      "/assets/icon-platform.svg",
      "/assets/page-B3f1_a9Z.js",
      "/en/",
      "/en/page-B3f1_a9Z.js",
      "/en/tools/",
      "/robots.txt",
    ]);
  });

  it("leaves out links, which could lead out of the folder", async () => {
    await withSiteFolder((folder) => {
      const elsewhere = mkdtempSync(join(tmpdir(), "amana-elsewhere-"));
      writeFileSync(join(elsewhere, "secret.txt"), "secret");
      symlinkSync(join(elsewhere, "secret.txt"), join(folder, "link.txt"));
      symlinkSync(elsewhere, join(folder, "linked"));
      const read = readSite(folder, limits);
      rmSync(elsewhere, { recursive: true });
      expect(read.ok && [...read.value.filesByAddress.keys()].filter((address) => address.includes("link"))).toEqual(
        [],
      );
    });
  });

  it("says that nothing is built when there is no first page", () => {
    expect(readSite(join(tmpdir(), "amana-nothing-here"), limits)).toEqual({
      ok: false,
      error: { type: "SiteMissing" },
    });
  });

  it("names a file whose kind it does not know", async () => {
    await withSiteFolder(
      (folder) =>
        expect(readSite(folder, limits)).toEqual({ ok: false, error: { type: "FileTypeUnknown", path: "en/x.exe" } }),
      { "en/x.exe": "MZ" },
    );
  });

  it("refuses more files, or more bytes, than it may hold", async () => {
    await withSiteFolder((folder) => {
      expect(readSite(folder, { ...limits, siteFilesMax: 3 })).toMatchObject({ error: { type: "SiteTooLarge" } });
      expect(readSite(folder, { ...limits, siteBytesMax: 100 })).toMatchObject({ error: { type: "SiteTooLarge" } });
    });
  });

  it("lets a browser keep only what is named by its content", () => {
    const kept = (address: string): string | undefined => site.filesByAddress.get(address)?.cacheControl;
    expect(kept("/assets/page-B3f1_a9Z.js")).toBe("public, max-age=31536000, immutable");
    expect(kept("/a/font-0f3c9a71be.woff2")).toBe("public, max-age=31536000, immutable");
    expect(kept("/assets/icon-platform.svg")).toBe("no-cache");
    expect(kept("/en/page-B3f1_a9Z.js")).toBe("no-cache");
    expect(kept("/robots.txt")).toBe("no-cache");
    expect(kept("/en/tools/")).toBe("no-store");
  });
});

describe("an address", () => {
  const kindOf = (address: string): string => findInSite(site, address).kind;

  it("finds its page, with or without a question", () => {
    expect(kindOf("/en/tools/")).toBe("file");
    expect(kindOf("/en/tools/?q=anything&x=../..")).toBe("file");
    expect(kindOf("/%65n/tools/")).toBe("file");
  });

  it("without its last slash, or with the file's name, leads to the clean one", () => {
    expect(findInSite(site, "/en/tools")).toEqual({ kind: "moved", to: "/en/tools/" });
    expect(findInSite(site, "/en/tools/index.html?x=1")).toEqual({ kind: "moved", to: "/en/tools/" });
    expect(findInSite(site, "/index.html")).toEqual({ kind: "moved", to: "/" });
  });

  it.each([
    "/../../../etc/passwd",
    "/en/../index.html",
    "/en/./",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc/passwd",
    "/en%2Ftools/",
    "/en%2ftools%2f",
    "/en%5ctools/",
    "/en\\tools/",
    "/%252e%252e/",
    "/en/%2500",
    "/en/\0",
    "/en/%00index.html",
    "/en/tools/%0d%0aset-cookie:x=1",
    "//example.org/",
    "/en//tools/",
    "/%c0%ae%c0%ae/",
    "/%",
    "/%zz",
    "/en/#top",
    "http://example.org/",
    "*",
    "",
  ])("that hides something is not understood: %j", (address) => {
    expect(kindOf(address)).toBe("not-understood");
  });

  it.each([
    "/.built-from",
    "/.git/config",
    "/en/.hidden",
    "/nothing",
    "/en/tools/x",
    "/EN/",
    "/assets/",
    "/assets/page-B3f1_a9Z.js.br",
  ])("that stands for nothing finds nothing: %s", (address) => {
    expect(kindOf(address)).toBe("nothing");
  });

  it("property: finds only files of the site, and never throws", () => {
    const parts = fc.constantFrom(
      "en",
      "tools",
      "..",
      ".",
      "",
      "%2e",
      "%2f",
      "%5c",
      "%00",
      "%25",
      "?",
      "#",
      "index.html",
      "\\",
      ";",
      "é",
    );
    const address = fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 8 }).map((all) => `/${all.join("/")}`),
    );
    const addresses = new Set(site.filesByAddress.values());
    fc.assert(
      fc.property(address, (each) => {
        const found = findInSite(site, each);
        if (found.kind === "file") return addresses.has(found.file);
        return found.kind !== "moved" || site.filesByAddress.has(found.to);
      }),
    );
  });
});

describe("the form in which a file is sent", () => {
  const formFor = (acceptEncoding: string | undefined): string => {
    const file: SiteFile | undefined = site.filesByAddress.get("/assets/page-B3f1_a9Z.js");
    return file === undefined ? "" : chooseBody(file, acceptEncoding).encoding;
  };

  it.each([
    [undefined, "identity"],
    ["", "identity"],
    ["gzip, deflate, br", "br"],
    ["gzip", "gzip"],
    ["x-gzip", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["BR", "br"],
    ["*", "br"],
    ["*;q=0", "identity"],
    ["br;q=nonsense", "identity"],
    ["zstd", "identity"],
  ])("follows Accept-Encoding %j with %s", (accept, encoding) => {
    expect(formFor(accept)).toBe(encoding);
  });
});

describe("a site under another's address", () => {
  it("keeps its pages and files to itself, and moves to its clean address", async () => {
    const both = withSiteUnder(site, "/app", await readSmallSite({ "app-only.txt": "only here" }));
    const bodyAt = (address: string): string | undefined => {
      const found = findInSite(both, address);
      return found.kind === "file" ? found.file.bodies.identity.bytes.toString() : undefined;
    };
    expect(bodyAt("/app/app-only.txt")).toBe("only here");
    expect(bodyAt("/app-only.txt")).toBeUndefined();
    expect(bodyAt("/en/")).toBe(bodyAt("/app/en/"));
    expect(findInSite(both, "/app")).toEqual({ kind: "moved", to: "/app/" });
    expect(findInSite(both, "/app/en/tools")).toEqual({ kind: "moved", to: "/app/en/tools/" });
    expect(findInSite(both, "/en/tools")).toEqual({ kind: "moved", to: "/en/tools/" });
  });
});
