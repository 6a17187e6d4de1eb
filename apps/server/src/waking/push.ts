/**
 * Waking by push services at the fixed moments of the day: every subscription alike, with nothing in it.
 *
 * Whoever watches the push service sees the same calls on a day when nothing happened. Subscriptions are read in pages and
 * called a few at a time, so that neither memory nor connections grow with their number.
 */

import type { Instant } from "@amana/kernel";
import type { Storage, WakeUp } from "../storage/storage.ts";
import { wakeEndpoint, type EgressOptions } from "./egress.ts";
import { vapidAuthorization, type VapidKey } from "./vapid.ts";

export type PushOptions = {
  readonly key: VapidKey;
  /** Whom a push service may turn to: the address of this server. */
  readonly subject: string;
  readonly egress: EgressOptions;
};

export type PushCounts = { readonly sent: number; readonly gone: number; readonly failed: number };

const atOnceMax = 8;
const pageMax = 256;
// A phone that is off until the next moment of the day is woken then; one topic, so that a service keeps one call at most.
const timeToLiveSeconds = 6 * 3600;
const topic = "come";

/** Of the servers over one store, each with streams of its own, one calls the push services. */
export const wakeByPushOnce = async (
  storage: Pick<Storage, "takeSlot" | "wakeUpsAfter" | "forgetWakeUp">,
  options: PushOptions,
  { slot, now }: { readonly slot: Instant; readonly now: Instant },
): Promise<PushCounts> =>
  (await storage.takeSlot({ slot })) ? wakeByPush(storage, options, now) : { sent: 0, gone: 0, failed: 0 };

export const wakeByPush = async (
  storage: Pick<Storage, "wakeUpsAfter" | "forgetWakeUp">,
  options: PushOptions,
  now: Instant,
): Promise<PushCounts> => {
  const counts = { sent: 0, gone: 0, failed: 0 };
  let after: WakeUp | undefined;
  do {
    const page: readonly WakeUp[] = await storage.wakeUpsAfter({ after, rowsMax: pageMax });
    await forEachAtOnce(page, async (wakeUp) => {
      const outcome = await wakeOne(wakeUp, options, now);
      if (outcome === "gone" || outcome === "refused") await storage.forgetWakeUp({ wakeUp });
      counts[outcome === "refused" ? "gone" : outcome]++;
    });
    after = page.length === pageMax ? page.at(-1) : undefined;
  } while (after !== undefined);
  return counts;
};

const wakeOne = (
  { subscription }: WakeUp,
  { key, subject, egress }: PushOptions,
  now: Instant,
): ReturnType<typeof wakeEndpoint> => {
  const { endpoint } = subscription;
  if (!URL.canParse(endpoint)) return Promise.resolve("refused");
  const authorization = vapidAuthorization(key, new URL(endpoint).origin, subject, Math.floor(now / 1000));
  return wakeEndpoint(endpoint, { authorization, ttl: String(timeToLiveSeconds), topic, urgency: "normal" }, egress);
};

const forEachAtOnce = async <T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> => {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await run(item);
  };
  await Promise.all(Array.from({ length: atOnceMax }, worker));
};
