/**
 * Stretches each password in a worker that lives for that one password (`stretching.ts`). Whoever ends this worker ends that
 * one with it.
 */

import type { Bytes } from "@amana/log";
import type { Kdf } from "@amana/vault";
import { trustedAddress } from "../wire/trusted-address.ts";
import type { Stretched, Stretching } from "./stretching.ts";

/** The name of that worker's script beside this one's, written by the build. */
declare const stretchingFile: string;

/** The first is started at once: its script comes while the password is typed. */
export const stretchApart = (): Kdf => {
  // Safari has workers of workers since 15.5; before that the memory stays until the engine tidies up.
  if (typeof Worker === "undefined") return stretchHere;
  let ready: Apart | undefined = startApart();
  return async (...asked) => {
    const { worker, failed } = ready ?? startApart();
    ready = undefined;
    const [password, salt, cost] = asked;
    const answer = answerOf(worker, { password, salt, cost });
    try {
      return await Promise.race([answer, failed]);
    } catch {
      // Its script did not come, or it had no room; a password must open the device all the same.
      return await stretchHere(...asked);
    } finally {
      worker.terminate();
    }
  };
};

type Apart = { readonly worker: Worker; readonly failed: Promise<never> };

const startApart = (): Apart => {
  const worker = new Worker(trustedAddress(stretchingFile), { type: "module", name: "notes" });
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener("error", () => reject(new Error("The worker that stretches a password did not start.")));
  });
  // It may fail long before somebody waits for it.
  failed.catch(() => undefined);
  return { worker, failed };
};

const answerOf = (worker: Worker, asked: Stretching): Promise<Bytes> =>
  new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<Stretched>) => {
      if (data === null) reject(new Error("A password was not stretched in a worker of its own."));
      else resolve(data);
    });
    worker.postMessage(asked);
  });

const stretchHere: Kdf = async (...asked) => (await import("./stretch-here.ts")).argon2idKdf(...asked);
