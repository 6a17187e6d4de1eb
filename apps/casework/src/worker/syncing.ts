/** Being in step with the server: at once after unlocking and after writing, now and then, and whenever the server says "come". */

import type { Face, News, SyncView } from "../wire/face.ts";
import type { Unlockable } from "./after-unlock.ts";
import { watchRecoveries } from "./recovery.ts";

let lastKind: SyncView["kind"] = "idle";

export const syncViewOf = async ({ device }: Unlockable): Promise<SyncView> => {
  const state = await device().syncState();
  return {
    kind: lastKind,
    lastAt: state.ok ? state.value.syncedAt : undefined,
    unsent: state.ok ? state.value.unsent : 0,
    stillToFetch: state.ok ? state.value.stillToFetch : 0,
  };
};

/** Should the server's "come" not come through. */
const everyMilliseconds = 60_000;
const listenAgainMillisecondsMin = 2_000;
const listenAgainMillisecondsMax = 120_000;
/** What is written in one go is sent in one go. */
const afterWritingMilliseconds = 1_500;

const kindsByError: Readonly<Record<string, SyncView["kind"]>> = {
  Unreachable: "offline",
  NoAnswerYet: "offline",
  StoreFull: "full",
};

type SyncOffers = Pick<Face, "sync">;

export const syncOffers = (holding: Unlockable, tell: (news: News) => void): SyncOffers => {
  let isListening = false;
  let soon: ReturnType<typeof setTimeout> | undefined;

  const say = async (kind: SyncView["kind"]): Promise<SyncView> => {
    lastKind = kind;
    const sync = await syncViewOf(holding);
    tell({ kind: "sync", sync });
    return sync;
  };
  const exchange = async (): Promise<SyncView> => {
    await say("working");
    const answer = await holding.device().sync();
    if (answer.ok && (await watchRecoveries(holding))) tell({ kind: "changed" });
    if (answer.ok) return say("idle");
    return say(kindsByError[answer.error.type] ?? "stopped");
  };
  const sync = oneAtATime(exchange);
  /** Begins with the first exchange, which comes after unlocking. */
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    holding.device().onChange((change) => {
      if (change.type !== "cases") return;
      // What waits is shown at once, and sent a moment later.
      void say(lastKind);
      clearTimeout(soon);
      soon = setTimeout(() => void sendWhatWaits(), afterWritingMilliseconds);
    });
    setInterval(() => void sync(), everyMilliseconds);
    addEventListener("online", () => void sync());
    void hearTheServer(holding, sync);
  };
  const sendWhatWaits = async (): Promise<void> => {
    const { unsent } = await say(lastKind);
    if (unsent > 0) await sync();
  };
  return {
    sync: () => {
      listen();
      return sync();
    },
  };
};

/** What comes up while one is under way may be too late for it: another follows. */
const oneAtATime = (exchange: () => Promise<SyncView>): (() => Promise<SyncView>) => {
  let asked = 0;
  let running: Promise<SyncView> | undefined;
  const untilDone = async (): Promise<SyncView> => {
    const askedBefore = asked;
    const view = await exchange();
    return asked > askedBefore && view.kind === "idle" ? untilDone() : view;
  };
  return () => {
    asked++;
    running ??= untilDone().finally(() => {
      running = undefined;
    });
    return running;
  };
};

/** For as long as the worker lives; after a failure a little later each time, so that a server that comes back is not run over. */
const hearTheServer = async ({ device }: Unlockable, come: () => unknown): Promise<void> => {
  for (let pause = listenAgainMillisecondsMin; ; pause = Math.min(2 * pause, listenAgainMillisecondsMax)) {
    await device().listen(() => {
      pause = listenAgainMillisecondsMin;
      come();
    });
    const rest = pause * (1 + Math.random());
    await new Promise((resolve) => {
      setTimeout(resolve, rest);
    });
  }
};
