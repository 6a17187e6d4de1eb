/**
 * The worker that holds the device. Keys and opened cases live here and nowhere else: ending the worker is locking.
 *
 * What the first screen needs is here; what unlocks is loaded once that screen is there, and the rest after it.
 */

import { firstLookAt, type DeviceStore } from "@amana/device";
import { assert } from "@amana/kernel";
import { isLanguage } from "@amana/ui";
import { offerOver, type Offers, type Port } from "../wire/calls.ts";
import type { Face, News, Start } from "../wire/face.ts";
import type { AfterUnlockName } from "./after-unlock.ts";
import type { BeforeUnlock, BeforeUnlockName } from "./before-unlock.ts";
import { openBrowserStore } from "./store.ts";

let store: DeviceStore | undefined;

const start = async (isTakingOver: boolean): Promise<Start> => {
  const opened = await openBrowserStore(isTakingOver);
  if (opened.kind === "held-elsewhere") return opened;
  store = opened.store;
  const { language, ...look } = await firstLookAt(store);
  return { kind: "ready", ...look, language: language !== undefined && isLanguage(language) ? language : undefined };
};

let before: Promise<BeforeUnlock> | undefined;

const beforeUnlock = (): Promise<BeforeUnlock> =>
  (before ??= import("./before-unlock.ts").then(({ makeBeforeUnlock }) => {
    // Only `start` may say that this tab writes.
    assert(store !== undefined, "The device is asked for before it is opened.");
    return makeBeforeUnlock(store, tell);
  }));

let after: Promise<Offers> | undefined;

const afterUnlock = (): Promise<Offers> =>
  (after ??= Promise.all([beforeUnlock(), import("./after-unlock.ts")]).then(
    ([{ holding }, { offersAfterUnlock }]): Offers => offersAfterUnlock(holding, tell),
  ));

const prepare = async (): Promise<void> => {
  await beforeUnlock();
  // While the password is typed, the rest is on its way.
  void afterUnlock();
};

type Offered = (...given: never[]) => Promise<unknown>;

/** Each waits for its part of the script. */
const waitingFor = <Name extends string>(part: () => Promise<Offers>, names: readonly Name[]): Record<Name, Offered> =>
  // From entries of exactly these names.
  Object.fromEntries(
    names.map((name) => [
      name,
      async (...given: never[]): Promise<unknown> => {
        const offered = (await part())[name];
        assert(offered !== undefined, "A part of the worker lacks what is offered of it.");
        return offered(...given);
      },
    ]),
  ) as Record<Name, Offered>;

const namesBefore = [
  ...(["makePassword", "strengthOf", "chooseLanguage", "checkCode"] as const),
  ...(["found", "acceptInvitation", "enrolWithKit"] as const),
  ...([
    "unlock",
    "changePassword",
    "takeNewPassword",
    "devices",
    "signOut",
    "setWakeUp",
    "readKit",
    "eraseDevice",
  ] as const),
] satisfies readonly BeforeUnlockName[];

const namesAfter = [
  ...(["home", "cases", "find", "isCaseCode", "openCase", "readCase", "tell", "readPaper", "makeFile"] as const),
  ...(["sync", "aheadOfClock", "team", "invite", "answers"] as const),
  ...(["formDrafts", "keepFormDraft", "dismissFormDraft", "choices", "choose"] as const),
  ...(["confirmInvited", "closeInvitation", "actOnTeam", "dropPendingChange", "makeSheets", "proposeSheets"] as const),
  ...(["directory", "newProvider", "actOnDirectory", "pendingActs", "dropPendingAct", "pendingAccess"] as const),
  ...(["repair", "actOnRepair", "recovery", "requestRecovery", "forbidRecovery", "addSheet"] as const),
  ...(["dropSheets", "recoverWithSheets", "teams", "actOnTeams", "inviteBack", "headWords"] as const),
  ...([
    "supervision",
    "approvalCount",
    "approvals",
    "reassign",
    "actOnCover",
    "casesWaitingForKey",
    "renewCases",
  ] as const),
] satisfies readonly AfterUnlockName[];

// In a worker the global scope is a port to the page; of it only these two parts are used.
const port = globalThis as unknown as Port;
const tell: (news: News) => void = offerOver(port, {
  start,
  prepare,
  ...waitingFor(async () => (await beforeUnlock()).offers, namesBefore),
  ...waitingFor(afterUnlock, namesAfter),
} satisfies Record<keyof Face, Offered>);
