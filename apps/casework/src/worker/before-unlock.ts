/**
 * What the worker offers before it is unlocked, and what everything after that stands on. It is loaded once the first
 * screen is there: reading and compiling the cryptography would keep that screen waiting.
 */

import { type AccountFace, type Core, type DeviceStore, accountFace, guidanceOf, makeCore } from "@amana/device";
import { assert, isInstant, type Instant } from "@amana/kernel";
import type { CompiledPack } from "@amana/pathway";
import { platformDeflate, platformRandomness } from "@amana/vault";
import type { Face, News } from "../wire/face.ts";
import { type AccountOffers, accountOffers } from "./account.ts";
import { stretchApart } from "./stretch-apart.ts";
import { fetchTransport } from "./transport.ts";

/** The name of the guidance beside this worker, written by the build. */
declare const guidanceFile: string;

export type GuidanceFile = { readonly pack: CompiledPack; readonly groups: Readonly<Record<string, string>> };

/** What the device stands on and what unlocks it; the rest of the device is made over the same core once it is needed. */
export type Holding = {
  readonly core: Core;
  readonly account: AccountFace;
  readonly guidance: GuidanceFile;
  /** By this the device judges what is due and what may be done; the clock may say something else. */
  readonly now: () => Instant;
};

export type BeforeUnlock = { readonly holding: Holding; readonly offers: AccountOffers };

/** Their names, so that the worker can offer them before they are there. */
export type BeforeUnlockName = keyof AccountOffers & keyof Face;

export const makeBeforeUnlock = async (store: DeviceStore, tell: (news: News) => void): Promise<BeforeUnlock> => {
  const guidance = await loadGuidance();
  const core = makeCore({
    store,
    transport: fetchTransport(location.origin),
    clock: readClock,
    randomness: platformRandomness,
    kdf: stretchApart(),
    deflate: platformDeflate,
    guidance: guidanceOf(guidance.pack),
    origin: location.origin,
  });
  core.listen((change) => {
    if (change.type === "cases" || change.type === "notice") tell({ kind: "changed" });
    if (change.type === "signed-out") tell({ kind: "signed-out" });
  });
  const holding: Holding = { core, account: accountFace(core), guidance, now: core.now };
  return { holding, offers: accountOffers(holding) };
};

const readClock = (): Instant => {
  const clock = Date.now();
  assert(isInstant(clock), "The clock of this device is outside of the years 0001 to 9999.");
  return clock;
};

const loadGuidance = async (): Promise<GuidanceFile> => {
  const response = await fetch(new URL(guidanceFile, location.href));
  assert(response.ok, "The guidance is not beside the worker.");
  // Written by the build in this shape.
  return (await response.json()) as GuidanceFile;
};
