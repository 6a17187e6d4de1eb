/** What a test asks of a browser's worker, and what comes back. Everything in it travels as plain data. */

import type { Came } from "../../../packages/device/src/testing/store-contract.ts";
import type { Body } from "@amana/vault";
import type { Lived, Step } from "./life.ts";
import type { Verdict } from "./verdicts.ts";

export type Task =
  | { readonly type: "judge" }
  | { readonly type: "seal"; readonly text: string }
  | { readonly type: "open"; readonly entry: string }
  | { readonly type: "fetch"; readonly address: string }
  | { readonly type: "live"; readonly step: Step }
  | { readonly type: "keep-store-promises" };

export type Judged = { readonly verdicts: readonly Verdict[]; readonly verifier: "platform" | "computed" };

/** What a promise of a store gave in the browser. */
export type StoreKept = { readonly name: string; readonly came: readonly Came[] };

export type Outcome =
  | { readonly type: "done"; readonly value: Judged | Body | Lived | string | readonly StoreKept[] }
  /** It threw: the name of what was thrown, or what it said. */
  | { readonly type: "failed"; readonly because: string };

/** With what the worker's policy forbade while it worked. */
export type Done = { readonly outcome: Outcome; readonly violations: readonly string[] };

/** A worker is told by its name what its platform lacks. */
export type WorkerName = "as-it-is" | "without-ed25519";
