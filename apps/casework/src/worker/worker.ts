/**
 * The worker that holds the device. Keys and opened cases live here and nowhere else: ending the worker is locking.
 */

import { assert, isInstant, type Instant } from "@amana/kernel";
import { type AccountFace, type Core, accountFace, makeCore } from "@amana/device";
import { type CompiledPack, assess, preparePack } from "@amana/pathway";
import { argon2idKdf, platformDeflate, platformRandomness } from "@amana/vault";
import { isLanguage } from "@amana/ui";
import { offerOver, type Port } from "../wire/calls.ts";
import type { News, Start } from "../wire/face.ts";
import { accountOffers } from "./account.ts";
import type { AfterUnlock, AfterUnlockName } from "./after-unlock.ts";
import { openBrowserStore } from "./store.ts";
import { fetchTransport } from "./transport.ts";

/** The name of the guidance beside this worker, written by the build. */
declare const guidanceFile: string;

export type GuidanceFile = { readonly pack: CompiledPack; readonly groups: Readonly<Record<string, string>> };

/** What the device stands on and what unlocks it; the rest of the device is made over the same core once it is needed. */
export type Holding = {
  /** Only after `start` has answered that this tab may write. */
  readonly core: () => Core;
  readonly account: () => AccountFace;
  readonly guidance: () => GuidanceFile;
  readonly now: () => Instant;
};

const now = (): Instant => {
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

let core: Core | undefined;
let account: AccountFace | undefined;
let guidance: GuidanceFile | undefined;

const holding: Holding = {
  now,
  core: () => {
    assert(core !== undefined, "The device is asked for before it is opened.");
    return core;
  },
  account: () => {
    assert(account !== undefined, "The account is asked for before the device is opened.");
    return account;
  },
  guidance: () => {
    assert(guidance !== undefined, "The guidance is asked for before it is there.");
    return guidance;
  },
};

const start = async (isTakingOver: boolean): Promise<Start> => {
  const opened = await openBrowserStore(isTakingOver);
  if (opened.kind === "held-elsewhere") return opened;
  guidance = await loadGuidance();
  const prepared = preparePack(guidance.pack);
  core = makeCore({
    store: opened.store,
    transport: fetchTransport(location.origin),
    clock: now,
    randomness: platformRandomness,
    kdf: argon2idKdf,
    deflate: platformDeflate,
    guidance: { assess: (facts) => assess(prepared, facts) },
    origin: location.origin,
  });
  account = accountFace(core);
  core.listen((change) => {
    if (change.type === "cases" || change.type === "notice") tell({ kind: "changed" });
  });
  const language = await account.language();
  // While the password is typed, the rest is on its way.
  void import("./after-unlock.ts");
  return {
    kind: "ready",
    phase: await account.phase(),
    language: language !== undefined && isLanguage(language) ? language : undefined,
  };
};

let loaded: Promise<AfterUnlock> | undefined;

const afterUnlock = (): Promise<AfterUnlock> =>
  (loaded ??= import("./after-unlock.ts").then(({ offersAfterUnlock }) => offersAfterUnlock(holding, tell)));

/** Each waits for its part of the script, which is on its way since the worker began. A test holds the names against the face. */
const later = Object.fromEntries(
  (
    [
      ...([
        "home",
        "cases",
        "find",
        "openCase",
        "readCase",
        "tell",
        "readPaper",
        "makeFile",
        "sync",
        "team",
        "invite",
        "answers",
      ] as const),
      ...(["formDrafts", "keepFormDraft", "dismissFormDraft", "choices", "choose"] as const),
      ...(["confirmInvited", "closeInvitation", "actOnTeam", "makeSheets", "proposeSheets"] as const),
      ...(["directory", "newProvider", "actOnDirectory"] as const),
      ...(["repair", "actOnRepair", "recovery", "requestRecovery", "forbidRecovery", "addSheet"] as const),
      ...(["dropSheets", "recoverWithSheets", "teams", "actOnTeams", "inviteBack", "headWords"] as const),
      ...(["supervision", "approvals", "reassign", "actOnCover", "casesWaitingForKey", "renewCases"] as const),
    ] satisfies readonly AfterUnlockName[]
  ).map((name) => [
    name,
    async (...given: never[]): Promise<unknown> => {
      // What is offered under a name takes what the page gives for it.
      const offered = (await afterUnlock())[name] as (...given: never[]) => Promise<unknown>;
      return offered(...given);
    },
  ]),
);

// In a worker the global scope is a port to the page; of it only these two parts are used.
const port = globalThis as unknown as Port;
const tell: (news: News) => void = offerOver(port, { start, ...accountOffers(holding), ...later });
