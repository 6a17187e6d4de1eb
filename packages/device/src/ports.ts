/**
 * What a device is handed instead of reaching for it. The same device runs in a browser's worker, in Node.js and in the
 * simulation; only these differ.
 */

import type { Instant } from "@amana/kernel";
import type { Bytes } from "@amana/log";
import type { Answer, FactVocabulary, Facts } from "@amana/pathway";
import type { Transport } from "@amana/sync";
import type { Deflate, Kdf, Randomness } from "@amana/vault";

export type { Listening, Transport } from "@amana/sync";

/** Named bytes on one device. Names are our own words and random ids; values are sealed but for the account record. */
export type DeviceStore = {
  readonly read: (name: string) => Promise<Bytes | undefined>;
  /** All whose name begins so, by name. */
  readonly list: (prefix: string) => Promise<readonly Stored[]>;
  /**
   * All or nothing, and durable when it resolves. Rejects with a `StoreFull` when there is no room: nothing was written,
   * and the device says so.
   */
  readonly write: (changes: readonly StoreChange[]) => Promise<void>;
};
export type Stored = { readonly name: string; readonly value: Bytes };
/** Without a value the name is removed. */
export type StoreChange = { readonly name: string; readonly value: Bytes | undefined };

/** This device's clock, right or wrong. */
export type Clock = () => Instant;

/**
 * The guidance: the compiled pack in use, with its evaluator (`guidanceOf`). It is asked with what its vocabulary
 * understands, whatever an entry holds; without one it must understand every fact.
 */
export type Guidance = {
  readonly assess: (facts: Facts) => Answer;
  readonly vocabulary?: FactVocabulary;
  /** Another one has other rules: what was made by them is made again. */
  readonly version?: string;
};

export type DevicePorts = {
  readonly store: DeviceStore;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly kdf: Kdf;
  readonly deflate: Deflate;
  readonly guidance: Guidance;
  /** The origin that a sign-in is bound to. */
  readonly origin: string;
};
