/**
 * The one-time code with which the first people of an organisation set it up. It is printed once and stored only as a
 * hash; whoever has the link founds one organisation, and the next needs another.
 */

import { randomBytes } from "node:crypto";
import { later, type Instant } from "@amana/kernel";
import { sha256 } from "@amana/log";
import { setUpCodeBytes } from "@amana/sync";
import type { Storage } from "./storage/storage.ts";

export const setUpHoursMax = 24;

/** The link to hand to the first person, over a way that nobody else reads. */
export const makeSetUpLink = async (storage: Storage, origin: string, now: Instant): Promise<string> => {
  const code = new Uint8Array(randomBytes(setUpCodeBytes));
  await storage.addSetUpCode({ codeHash: sha256(code), expiresAt: later(now, setUpHoursMax * 3_600_000) });
  // What stands after the # is never sent to a server, and so is in no log on the way.
  return `${origin}/app/#found=${Buffer.from(code).toString("base64url")}`;
};
