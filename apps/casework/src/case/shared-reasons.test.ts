/** Why acts wait, said once where it is the same. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeWords } from "../frame/words.ts";
import type { Refusal } from "./screen.ts";
import { reasonKey, sharedReasons } from "./shared-reasons.ts";

const texts = JSON.parse(readFileSync(join(import.meta.dirname, "../../texts/en.json"), "utf8")) as Record<
  string,
  string
>;
const guidance = {
  "gate.content-removal.name": "Asking for removal",
  "gate.platform-report.name": "Reporting to a platform",
  "fact.safe-device.name": "A safe device",
  "fact.wants-removal.name": "Wants it removed",
};
const words = makeWords("en", texts, guidance, "western");

const waiting = (closed: Refusal | undefined) => ({ form: "RecordTakedown", closed }) as const;
const gate = (name: "content-removal" | "platform-report", ...needs: readonly string[]): Refusal => ({
  type: "GateClosed",
  gate: name,
  needs: [...needs],
});
const unagreed: Refusal = { type: "ConsentMissing", purpose: "removal", from: "consent" };

test("a reason that several acts have is said once, and each of them finds it", () => {
  const acts = [waiting(unagreed), waiting(undefined), waiting(unagreed)];
  const reasons = sharedReasons(acts, words, "tools");
  expect(reasons).toHaveLength(1);
  expect(reasons[0]?.missing).toEqual([texts["missing.consent"]]);
  expect(acts.map((act) => reasons.find(({ key }) => key === reasonKey(act, words))?.id)).toEqual([
    "tools-why-0",
    undefined,
    "tools-why-0",
  ]);
});

test("gates that lack the same are named in one sentence; what a gate lacks alone stays its own", () => {
  const both = [gate("content-removal", "safe-device"), gate("platform-report", "safe-device")].map(waiting);
  const [reason] = sharedReasons(both, words, "tools");
  expect(reason?.sentence).toContain("Asking for removal, Reporting to a platform");
  expect(reason?.missing).toEqual(["A safe device"]);
  const other = [...both, waiting(gate("content-removal", "wants-removal"))];
  expect(sharedReasons(other, words, "tools")).toHaveLength(1);
  expect(sharedReasons(other.slice(1), words, "tools")).toEqual([]);
});

test("a reason that one act has alone is not said above", () => {
  expect(sharedReasons([waiting(unagreed), waiting({ type: "CaseIsClosed" })], words, "tools")).toEqual([]);
});
