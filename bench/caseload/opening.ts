/**
 * What is timed, the same in Node.js and in a browser: from the password, whose stretching is left out, until the whole list of
 * cases is there; then each letter of a search.
 */

import { openDevice, type DevicePorts, type DeviceStore } from "@amana/device";
import { err, type Instant, type Result } from "@amana/kernel";
import { platformDeflate, platformRandomness } from "@amana/vault";
import { adviceFor } from "../../packages/casefile/src/testing/advice.ts";
import { cheapKdf } from "../../packages/vault/src/testing/world.ts";
import { casesCount, typedName } from "./rows.ts";

const origin = "https://amana.example";
export const password = "the river runs past four white houses";
/** 2026-11-21T10:00:00Z. */
export const now = 1_795_255_200_000 as Instant; // A constant in milliseconds since 1970, as an Instant is.

/** A device without a network. The shipped composition; only the password is not stretched. */
export const openingPorts = (store: DeviceStore): DevicePorts => ({
  store,
  transport: { call: () => Promise.resolve(err({ type: "Unreachable" })) },
  clock: () => now,
  randomness: platformRandomness,
  kdf: cheapKdf,
  deflate: platformDeflate,
  guidance: { assess: adviceFor },
  origin,
});

export type Opened = {
  readonly openMilliseconds: number;
  /** One for each letter. */
  readonly keystrokesMilliseconds: readonly number[];
};

/** `openStore` is part of what is timed. */
export const openCaseload = async (openStore: () => DeviceStore | Promise<DeviceStore>): Promise<Opened> => {
  const startedAt = performance.now();
  const device = openDevice(openingPorts(await openStore()));
  must(await device.unlock(password));
  const cases = must(await device.listCases());
  const openMilliseconds = performance.now() - startedAt;
  if (cases.length !== casesCount) throw new Error("The benchmark's own caseload is not whole.");
  const keystrokesMilliseconds: number[] = [];
  let found = 0;
  for (let length = 1; length <= typedName.length; length++) {
    const typedAt = performance.now();
    const names = [typedName.slice(0, length)];
    found = must(await device.findCases({ names, phones: [], ids: [] })).length;
    keystrokesMilliseconds.push(performance.now() - typedAt);
  }
  if (found === 0) throw new Error("The benchmark's own search found nobody.");
  return { openMilliseconds, keystrokesMilliseconds };
};

const must = <T>(answered: Result<T, { readonly type: string }>): T => {
  if (!answered.ok) throw new Error(`A step of the benchmark was refused: ${answered.error.type}`);
  return answered.value;
};
