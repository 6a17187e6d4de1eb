/**
 * Being woken at fixed moments of the day through the browser's push service, with an empty message. Off unless chosen, because
 * that service learns that this browser belongs to somebody of this server (SECURITY §4).
 */

import type { Caller } from "../wire/calls.ts";
import type { AccountRefusal, Face } from "../wire/face.ts";

/** Whether this browser can be woken, and is. */
export type WakeUp = "on" | "off" | "not-here";

export type WakeUpChange =
  | { readonly kind: WakeUp | "refused-here" | "not-offered" }
  | { readonly kind: "failed"; readonly why: AccountRefusal };

const managerOf = async (): Promise<PushManager | undefined> => {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return undefined;
  return (await navigator.serviceWorker.getRegistration())?.pushManager;
};

export const wakeUpOf = async (): Promise<WakeUp> => {
  const manager = await managerOf();
  if (manager === undefined) return "not-here";
  return (await manager.getSubscription()) === null ? "off" : "on";
};

const bytesOf = (subscription: PushSubscription, name: PushEncryptionKeyName): Uint8Array<ArrayBuffer> =>
  new Uint8Array(subscription.getKey(name) ?? new ArrayBuffer(0));

const placeOf = (subscription: PushSubscription): Parameters<Face["setWakeUp"]>[0] => ({
  endpoint: subscription.endpoint,
  publicKey: bytesOf(subscription, "p256dh"),
  authentication: bytesOf(subscription, "auth"),
});

/** The server forgets the place with the sign-in, while this browser goes on saying that it is called: given again, it is so again. */
export const renewWakeUp = async (call: Caller<Face>): Promise<void> => {
  // Browsers that keep no service worker here may refuse the question itself.
  const subscription = await managerOf()
    .then((manager) => manager?.getSubscription())
    .catch(() => null);
  if (subscription) await call("setWakeUp", placeOf(subscription));
};

/** Asks the person through the browser, then its push service, then the server; undone again where one of them says no. */
export const beginWakeUp = async (call: Caller<Face>): Promise<WakeUpChange> => {
  const manager = await managerOf();
  if (manager === undefined) return { kind: "not-here" };
  const offered = await call("setWakeUp", undefined);
  if (!offered.ok) return { kind: "failed", why: offered.error };
  if (offered.value === null) return { kind: "not-offered" };
  if ((await Notification.requestPermission()) !== "granted") return { kind: "refused-here" };
  try {
    const subscription = await manager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: new Uint8Array(offered.value),
    });
    const answer = await call("setWakeUp", placeOf(subscription));
    if (answer.ok) return { kind: "on" };
    await subscription.unsubscribe();
    return { kind: "failed", why: answer.error };
  } catch {
    // Browsers without a push service, and those that may not use it here.
    return { kind: "refused-here" };
  }
};

/** On this browser at once; the server hears of it now, or from the push service when it next calls. */
export const endWakeUp = async (call: Caller<Face>): Promise<WakeUpChange> => {
  await (await (await managerOf())?.getSubscription())?.unsubscribe();
  const answer = await call("setWakeUp", undefined);
  return answer.ok ? { kind: "off" } : { kind: "failed", why: answer.error };
};
