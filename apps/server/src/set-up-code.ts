/**
 * One-time codes that the operator gives out, printed once and stored only as a hash. Whoever has the link founds one
 * organisation, and the next needs another. By a code of the other kind, members of an organisation that has lost its only keeper
 * let one come back; neither is ever taken for the other.
 */

import { randomBytes } from "node:crypto";
import { later, type Instant } from "@amana/kernel";
import { concat, fromAscii, sha256, type Bytes } from "@amana/log";
import { setUpCodeBytes } from "@amana/sync";
import type { Storage } from "./storage/storage.ts";

export const setUpHoursMax = 24;
/** Two colleagues and the one who comes back have to meet within it. */
export const comeBackHoursMax = 72;

export const hashOfCode = (kind: "found" | "come-back", code: Bytes): Bytes =>
  kind === "found" ? sha256(code) : sha256(concat(fromAscii("come-back"), code));

/** The link to hand to the first person, over a way that nobody else reads. */
export const makeSetUpLink = async (storage: Storage, origin: string, now: Instant): Promise<string> => {
  const code = new Uint8Array(randomBytes(setUpCodeBytes));
  await storage.addSetUpCode({ codeHash: hashOfCode("found", code), expiresAt: later(now, setUpHoursMax * 3_600_000) });
  // What stands after the # is never sent to a server, and so is in no log on the way.
  return `${origin}/app/#found=${Buffer.from(code).toString("base64url")}`;
};

/** To hand to a member whose organisation has lost its only keeper, and of whom the operator has made sure. */
export const makeComeBackCode = async (storage: Storage, now: Instant): Promise<string> => {
  const code = new Uint8Array(randomBytes(setUpCodeBytes));
  const expiresAt = later(now, comeBackHoursMax * 3_600_000);
  await storage.addSetUpCode({ codeHash: hashOfCode("come-back", code), expiresAt });
  return Buffer.from(code).toString("base64url");
};
