/**
 * Log and vault in a browser's worker, bundled and behind the headers as they ship: every vector is judged there as in
 * Node.js, and what one seals the other opens.
 */

import { caseHeaderOptions } from "@amana/server";
import type { Body } from "@amana/vault";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { complaintsOf, launchBrowser } from "../../browser.ts";
import type { ServedSite } from "../../served-guide.ts";
import { ask, done } from "./asking.ts";
import { openNote, sealNote } from "./crossing.ts";
import { readMaterials } from "./materials.ts";
import { refusingStorePromises, storePromises } from "../../../packages/device/src/testing/store-contract.ts";
import type { Judged, StoreKept } from "./tasks.ts";
import { allVerdicts, digestOf, verifierInUse, type Verdict } from "./verdicts.ts";
import { buildWorkerSite, removeFolder, serveWorkerSite } from "./worker-site.ts";

describe("the same code in a browser's worker", () => {
  let folder: string;
  let site: ServedSite;
  let browser: Browser;
  let tab: Page;
  let complaints: readonly string[];
  let inNode: readonly Verdict[];

  beforeAll(async () => {
    const materials = readMaterials();
    [inNode, folder, browser] = await Promise.all([
      allVerdicts(materials),
      buildWorkerSite(materials),
      launchBrowser(),
    ]);
    site = await serveWorkerSite(folder);
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
    removeFolder(folder);
  });
  beforeEach(async () => {
    const context = await browser.newContext();
    tab = await context.newPage();
    complaints = complaintsOf(tab);
    return () => context.close();
  });

  it("keeps every promise of a device's store over the browser's own database", async () => {
    await tab.goto(`${site.origin}/app/`);
    const kept = (await done(tab, "as-it-is", { type: "keep-store-promises" })) as readonly StoreKept[];
    expect(kept.map(({ name }) => name)).toEqual([...storePromises, ...refusingStorePromises].map(({ name }) => name));
    for (const { name, came } of kept) for (const each of came) expect(each.came, name).toEqual(each.should);
  });

  it("is judged by all vectors: golden entries and keys, Wycheproof's of what is in use, and Argon2id as it ships", () => {
    const counts = new Map<string, number>();
    for (const { of } of inNode) {
      const kind = /^[a-z0-9_]+(?= \d+ \d+$)/.exec(of)?.[0] ?? "own";
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      own: 13 + 10 + 12,
      ed25519: 2 * 151,
      aes_gcm: 105,
      hkdf_sha256: 86,
      x25519: 518,
      mlkem_768: 193,
    });
    for (const { of, said, expected = said } of inNode) expect(said, of).toBe(expected);
  });

  it.each([
    ["as-it-is", "platform"],
    ["without-ed25519", "computed"],
  ] as const)(
    "gives every verdict that Node.js gives, and the same bytes, on a platform %s",
    async (name, verifier) => {
      await tab.goto(`${site.origin}/app/`);
      // What `judge` answers with.
      const judged = (await done(tab, name, { type: "judge" })) as Judged;
      expect(judged.verdicts).toEqual(inNode);
      expect(digestOf(judged.verdicts)).toBe(digestOf(inNode));
      expect([judged.verifier, await verifierInUse()]).toEqual([verifier, "platform"]);
      expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
    },
  );

  it("opens in the browser what was sealed in Node.js, and in Node.js what was sealed in the browser", async () => {
    await tab.goto(`${site.origin}/app/`);
    const text = "ئەمڕۆ قسەمان کرد؛ دەیەوێت وێنەکان نەمێنن.";
    const noteIn = (body: Body): unknown => body.events[0]?.data;
    const sealedHere = await sealNote(text);
    for (const name of ["as-it-is", "without-ed25519"] as const) {
      // What `open` and `seal` answer with.
      const openedThere = (await done(tab, name, { type: "open", entry: sealedHere })) as Body;
      expect(noteIn(openedThere)).toEqual({ text });
      const sealedThere = (await done(tab, name, { type: "seal", text })) as string;
      expect(sealedThere).not.toBe(sealedHere);
      const openedHere = await openNote(sealedThere);
      expect(typeof openedHere === "string" ? openedHere : noteIn(openedHere)).toEqual({ text });
      const changed = sealedThere.slice(0, -2) + (sealedThere.endsWith("00") ? "01" : "00");
      expect(await done(tab, name, { type: "open", entry: changed })).toBe("signature refused");
    }
  });

  it("stretches no password where WebAssembly is forbidden: the headers of the guide would not do for the app", async () => {
    const strict = await serveWorkerSite(folder, { ...caseHeaderOptions, isForCases: false });
    try {
      await tab.goto(`${strict.origin}/app/`);
      const { outcome } = await ask(tab, "as-it-is", { type: "judge" });
      expect(outcome).toMatchObject({
        type: "failed",
        because: expect.stringMatching(/WebAssembly.*Content Security [Pp]olicy/) as string,
      });
    } finally {
      await strict.close();
    }
  });

  it("reaches nobody else from the worker, and tells what its policy forbade", async () => {
    const other = await serveWorkerSite(folder);
    try {
      await tab.goto(`${site.origin}/app/`);
      const ownTask = { type: "fetch", address: `${site.origin}/app/materials.json` } as const;
      expect(await ask(tab, "as-it-is", ownTask)).toEqual({ outcome: { type: "done", value: "200" }, violations: [] });
      const elsewhere = await ask(tab, "as-it-is", { type: "fetch", address: `${other.origin}/app/materials.json` });
      expect(elsewhere.outcome.type).toBe("failed");
      // The browser tells of it in a turn of its own.
      const told = async () => (await ask(tab, "as-it-is", ownTask)).violations;
      await expect.poll(told).toEqual([`connect-src ${other.origin}/app/materials.json`]);
    } finally {
      await other.close();
    }
  });
});
