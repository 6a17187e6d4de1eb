/** Being in step with the server: at once after unlocking and after writing, now and then, and whenever the server says "come". */

import type { Face, News, SyncView } from "../wire/face.ts";
import type { Unlockable } from "./after-unlock.ts";

let lastKind: SyncView["kind"] = "idle";

export const syncViewOf = async ({ device }: Unlockable): Promise<SyncView> => {
  const state = await device().syncState();
  return {
    kind: lastKind,
    lastAt: state.ok ? state.value.syncedAt : undefined,
    unsent: state.ok ? state.value.unsent : 0,
  };
};

const everyMilliseconds = 60_000;
/** What is written in one go is sent in one go. */
const afterWritingMilliseconds = 1_500;

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
  const sync = async (): Promise<SyncView> => {
    await say("working");
    const answer = await holding.device().sync();
    if (answer.ok) return say("idle");
    return say(answer.error.type === "Unreachable" || answer.error.type === "NoAnswerYet" ? "offline" : "stopped");
  };
  /** Begins with the first exchange, which comes after unlocking. */
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    holding.device().onChange((change) => {
      if (change.type !== "cases") return;
      clearTimeout(soon);
      soon = setTimeout(() => void sendWhatWaits(), afterWritingMilliseconds);
    });
    setInterval(() => void sync(), everyMilliseconds);
    addEventListener("online", () => void sync());
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
