/** The security headers at work in a real browser: what a hostile or careless page could do, and is stopped from doing. */

import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { complaintsOf, launchBrowser } from "../browser.ts";
import { serveFolder, type ServedSite } from "../served-guide.ts";

const page = (body: string): string => `<!doctype html><html lang="en"><title>Page</title><body>${body}</body></html>`;

const files = {
  "index.html": page('<p id="text">Hello</p><script src="/assets/own.js"></script>'),
  "inline/index.html": page(
    '<p id="text">Hello</p><script>document.title = "ran"</script><img src="x" onerror="document.title=\'ran\'">',
  ),
  "style/index.html": page('<p id="text" style="color: rgb(1, 2, 3)">Hello</p><style>p { margin-top: 77px }</style>'),
  "frame/index.html": page('<iframe src="/"></iframe>'),
  "form/index.html": page('<form action="/inline/"><button>Send</button></form>'),
  "assets/own.js": "document.title = 'own script ran';",
};

const shownInFrames = async (tab: Page): Promise<number> => {
  const frames = tab.frames().filter((frame) => frame !== tab.mainFrame());
  const counts = await Promise.all(frames.map((frame) => frame.locator("#text").count()));
  return counts.reduce((sum, count) => sum + count, 0);
};

describe("in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "amana-headers-"));
  let site: ServedSite;
  let browser: Browser;
  let tab: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    site = await serveFolder(folder);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    const context = await browser.newContext();
    tab = await context.newPage();
    complaints = complaintsOf(tab);
    return () => context.close();
  });

  it("is the browser that Playwright starts, with all that Playwright turns off", async () => {
    const session = await browser.newBrowserCDPSession();
    const { commandLine } = await session.send("SystemInfo.getInfo");
    const [byPlaywright = [], heeded = []] = [...commandLine.matchAll(/ --disable-features=(\S+)/g)].map(
      ([, names = ""]) => names.split(","),
    );
    expect(byPlaywright).toContain("PaintHolding");
    expect(heeded).toEqual(expect.arrayContaining(byPlaywright));
  });

  it("a page runs its own script, and the browser finds nothing to say about the headers", async () => {
    await tab.goto(`${site.origin}/`);
    expect(await tab.title()).toBe("own script ran");
    // The browser asks for an icon by itself, which this small site does not have.
    expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
  });

  it("a script within a page does not run", async () => {
    await tab.goto(`${site.origin}/inline/`);
    await expect.poll(() => complaints.join("\n")).toContain("Content Security Policy");
    expect(await tab.title()).toBe("Page");
  });

  it("a style within a page does not count", async () => {
    await tab.goto(`${site.origin}/style/`);
    const style = await tab
      .locator("#text")
      .evaluate(
        (element) =>
          getComputedStyle(element).cssText ||
          [getComputedStyle(element).color, getComputedStyle(element).marginTop].join(),
      );
    expect(style).not.toMatch(/rgb\(1, 2, 3\)|77px/);
  });

  it("text does not turn into markup, and no unknown policy may make it", async () => {
    await tab.goto(`${site.origin}/`);
    const outcome = await tab.evaluate(() => {
      const attempt = (run: () => void): string => {
        try {
          run();
          return "done";
        } catch (error) {
          return error instanceof Error ? error.name : "refused";
        }
      };
      const types: unknown = Reflect.get(window, "trustedTypes");
      const createPolicy = (name: string): void => {
        // The browser of the tests has Trusted Types.
        (types as { createPolicy: (name: string, rules: object) => unknown }).createPolicy(name, {});
      };
      return {
        markup: attempt(() => (document.body.innerHTML = "<b>markup</b>")),
        script: attempt(() => document.createElement("script").setAttribute("src", "/assets/own.js")),
        stranger: attempt(() => createPolicy("stranger")),
        svelte: attempt(() => createPolicy("svelte-trusted-html")),
        again: attempt(() => createPolicy("svelte-trusted-html")),
        keep: attempt(() => createPolicy("amana-keep")),
      };
    });
    expect(outcome).toEqual({
      markup: "TypeError",
      script: "TypeError",
      stranger: "TypeError",
      svelte: "done",
      again: "TypeError",
      keep: "done",
    });
  });

  it("nothing is fetched from, or sent to, anyone else", async () => {
    const other = await serveFolder(folder);
    await tab.goto(`${site.origin}/`);
    const asked: string[] = [];
    tab.on("request", (request) => asked.push(request.url()));
    const outcome = await tab.evaluate(async (origin) => {
      const image = new Image();
      const imageOutcome = new Promise((resolve) => {
        image.onload = () => resolve("loaded");
        image.onerror = () => resolve("refused");
      });
      image.src = `${origin}/index.html`;
      const fetched = await fetch(`${origin}/`).then(
        () => "loaded",
        () => "refused",
      );
      return [fetched, await imageOutcome];
    }, other.origin);
    expect(outcome).toEqual(["refused", "refused"]);
    // Other headers would stop both as well; here it is our own page that does not even ask.
    for (const kind of ["connect-src", "img-src"]) await expect.poll(() => complaints.join("\n")).toContain(kind);
    await other.close();
  });

  it("a page frames nothing, not even our own pages", async () => {
    await tab.goto(`${site.origin}/frame/`);
    await expect.poll(() => complaints.join("\n")).toContain("default-src 'none'");
    expect(await shownInFrames(tab)).toBe(0);
  });

  it("a page is shown in no frame of anyone else's", async () => {
    await tab.setContent(`<iframe src="${site.origin}/"></iframe>`);
    await expect.poll(() => complaints.join("\n")).toContain("frame-ancestors");
    expect(await shownInFrames(tab)).toBe(0);
  });

  it("a form sends nothing", async () => {
    await tab.goto(`${site.origin}/form/`);
    // A click would wait for the page to change, which it never does.
    await tab.getByRole("button", { name: "Send" }).dispatchEvent("click");
    await expect.poll(() => complaints.join("\n")).toContain("form-action");
    expect(tab.url()).toBe(`${site.origin}/form/`);
  });

  it("a page says nothing about where the reader comes from, and keeps no cookie", async () => {
    await tab.goto(`${site.origin}/`);
    const sent = tab.waitForRequest(`${site.origin}/style/`);
    await tab.evaluate(() => {
      document.location.href = "/style/";
    });
    expect((await sent).headers()).not.toHaveProperty("referer");
    expect(await tab.context().cookies()).toEqual([]);
  });
});
