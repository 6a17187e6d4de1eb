/** A browser's worker with log, vault and device in it, as the app has one. It does what a test asks and tells what its policy forbade. */

import { exhausted } from "@amana/kernel";
import { openNote, sealNote } from "./crossing.ts";
import { startLife } from "./life.ts";
import { keepStorePromises } from "./store-promises.ts";
import type { Done, Judged, Outcome, Task } from "./tasks.ts";
import { allVerdicts, verifierInUse, type Materials } from "./verdicts.ts";

const violations: string[] = [];
addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
});

/** As in browsers before Ed25519: whoever asks for it is refused. */
const removeEd25519 = (): void => {
  const { subtle } = crypto;
  for (const name of ["importKey", "sign", "verify", "generateKey"] as const) {
    const original = subtle[name].bind(subtle) as (...asked: readonly unknown[]) => Promise<unknown>;
    const refusing = (...asked: readonly unknown[]): Promise<unknown> =>
      JSON.stringify(asked).includes("Ed25519")
        ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"))
        : original(...asked);
    Object.defineProperty(subtle, name, { value: refusing });
  }
};

if (self.name === "without-ed25519") removeEd25519();

const life = startLife();

const judge = async (): Promise<Judged> => {
  const answer = await fetch("/app/materials.json");
  // Our own site, which the test wrote.
  const materials = (await answer.json()) as Materials;
  return { verdicts: await allVerdicts(materials), verifier: await verifierInUse() };
};

const carryOut = (task: Task) => {
  switch (task.type) {
    case "judge":
      return judge();
    case "seal":
      return sealNote(task.text);
    case "open":
      return openNote(task.entry);
    case "fetch":
      return fetch(task.address).then(({ status }) => String(status));
    case "live":
      return life.live(task.step);
    case "keep-store-promises":
      return keepStorePromises();
    default:
      return exhausted(task);
  }
};

const outcomeOf = async (task: Task): Promise<Outcome> => {
  try {
    return { type: "done", value: await carryOut(task) };
  } catch (error) {
    return { type: "failed", because: String(error) };
  }
};

addEventListener("message", ({ data }: MessageEvent<Task>) => {
  void outcomeOf(data).then((outcome) => {
    const done: Done = { outcome, violations };
    self.postMessage(done);
  });
});
