/** One device's whole life in a browser's worker, beside a colleague's device in Node.js: the same composition on both. */

import { assert } from "@amana/kernel";
import { toHex } from "@amana/log";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { itemOf, startAt } from "../../../packages/casefile/src/testing/people.ts";
import { must, seededRandomness } from "../../../packages/vault/src/testing/world.ts";
import { complaintsOf, launchBrowser } from "../../browser.ts";
import { makeHandset, mustOk, type Handset } from "../../device/handset.ts";
import { makeMemoryServer, type MemoryServer } from "../../device/memory-server.ts";
import type { ServedSite } from "../../served-guide.ts";
import { lived } from "./asking.ts";
import { logIdIn, origin, password, type Step } from "./life.ts";
import { readMaterials } from "./materials.ts";
import { memoryRoutes } from "./memory-routes.ts";
import type { WorkerName } from "./tasks.ts";
import { buildWorkerSite, removeFolder, serveWorkerSite } from "./worker-site.ts";

const note = "قسەمان کرد. دەیەوێت وێنەکان لاببرێن.";
const answer = "باشە، سبەی دەچین.";

describe("one device's life in a browser's worker", () => {
  let folder: string;
  let browser: Browser;
  let tab: Page;
  let site: ServedSite;
  let server: MemoryServer;
  let azad: Handset;
  let complaints: readonly string[];

  beforeAll(async () => {
    [folder, browser] = await Promise.all([buildWorkerSite(readMaterials()), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    removeFolder(folder);
  });
  beforeEach(async () => {
    const randomness = seededRandomness("life in a worker");
    server = makeMemoryServer({ clock: () => startAt, randomness, origin });
    azad = makeHandset({ name: "Azad", server, origin, trueTime: () => startAt, randomness });
    site = await serveWorkerSite(folder, undefined, [memoryRoutes(server)]);
    const context = await browser.newContext();
    tab = await context.newPage();
    complaints = complaintsOf(tab);
    await tab.goto(`${site.origin}/app/`);
    return async () => {
      await context.close();
      await site.close();
    };
  });

  /** Azad comes in by invitation, both read the same words, and he supervises too: no case has a single opener. */
  const bringInAzad = async (nour: (step: Step) => ReturnType<typeof lived>): Promise<void> => {
    const { id, invitation } = await nour({ kind: "invite" });
    assert(typeof id === "string" && typeof invitation === "string", "An invitation was made.");
    const invited = new Uint8Array(Buffer.from(invitation, "hex"));
    const accepted = await mustOk(azad.device().acceptInvitation({ invitation: invited, password, language: "ckb" }));
    const confirmed = await nour({ kind: "confirm", invitation: id });
    expect(confirmed["words"]).toEqual(accepted.words);
    await mustOk(azad.device().sync());
    const person = must(await mustOk(azad.device().ownPerson()));
    expect(confirmed["people"]).toContain(person);
    expect(await nour({ kind: "make-supervisor", person })).toEqual({ given: "supervisor" });
  };

  it.each(["as-it-is", "without-ed25519"] satisfies WorkerName[])(
    "founds, opens a case, writes, locks, unlocks and syncs with a colleague, on a platform %s",
    async (name) => {
      const nour = (step: Step) => lived(tab, name, step);
      const founded = await nour({ kind: "found", code: toHex(server.makeSetUpCode()) });
      expect(founded).toMatchObject({ phase: "unlocked", unsent: 0 });
      await bringInAzad(nour);
      const logId = logIdIn(await nour({ kind: "open-case", code: "KRI-2026-0007" }));
      expect(await nour({ kind: "write-note", logId, note: "note-1", text: note })).toEqual({
        events: ["NoteWritten"],
      });
      expect(await nour({ kind: "write-note", logId, note: "note-1", text: note })).toEqual({
        refused: "AlreadyThere",
      });

      // Nothing is sent yet. Locked, it tells nothing; unlocked, nothing is lost.
      expect(await nour({ kind: "lock" })).toEqual({ phase: "locked" });
      expect(await nour({ kind: "read-case", logId })).toEqual({ refused: "Locked" });
      expect(await nour({ kind: "unlock", password: `${password}!` })).toEqual({ refused: "WrongPassword" });
      expect(await nour({ kind: "start-again" })).toEqual({ phase: "locked" });
      expect(await nour({ kind: "unlock", password })).toEqual({ phase: "unlocked" });
      expect(await nour({ kind: "read-case", logId })).toMatchObject({ notes: [note], unsent: 4, marks: 0 });

      expect(await nour({ kind: "sync" })).toEqual({ unsent: 0 });
      await mustOk(azad.device().sync());
      const seen = await mustOk(azad.device().viewCase(logId));
      expect([...seen.state.notes.saidById.values()].flat().map(({ value }) => value.text)).toEqual([note]);
      const written = { type: "WriteNote", note: itemOf("note-2"), about: "case", text: answer } as const;
      await mustOk(azad.device().tell(logId, written));
      await mustOk(azad.device().sync());
      expect(await nour({ kind: "sync" })).toEqual({ unsent: 0 });
      expect(await nour({ kind: "read-case", logId })).toEqual({
        notes: [note, answer],
        unsent: 0,
        openers: 2,
        marks: 0,
      });

      expect(server.heard.length).toBeGreaterThan(20);
      for (const text of [note, answer, "KRI-2026-0007", password]) {
        const sought = Buffer.from(text, "utf8");
        expect(server.heard.filter((bytes) => Buffer.from(bytes).includes(sought))).toEqual([]);
      }
      expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
    },
  );
});
