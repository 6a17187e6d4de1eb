/** What the server of a simulation does while it is not honest: any of its misdeeds, for a while, for all or for some. */

import type { LogId } from "@amana/log";
import {
  acknowledgeWithoutStoring,
  denyAll,
  dropAt,
  dropTail,
  duplicateAt,
  keepBackWraps,
  only,
  onlyFor,
  replaceAt,
  replay,
  reverse,
  rollBackTo,
  spoilSignature,
  swapParts,
  swapPlaces,
  withoutBody,
  changeWraps,
} from "../hostile/misdeeds.ts";
import type { Orders, View } from "../hostile/hostile-server.ts";
import type { Chooser } from "./chooser.ts";

const placesMax = 12;

export const anyOrders = (
  chooser: Chooser,
  logIds: readonly LogId[],
): { readonly name: string; readonly orders: Orders } => {
  const name = chooser.weighted(weights);
  const place = chooser.below(placesMax);
  const other = chooser.below(placesMax);
  if (isLie(name)) return { name, orders: { lies: lies[name] } };
  const logId = chooser.pick(logIds);
  const view = views[name](place, other);
  const shown = logId === undefined || chooser.isOneIn(3) ? view : only(logId, view);
  // By the first digit of its token: about half of the devices are told the truth.
  const forSome = chooser.isOneIn(3) ? onlyFor((reader) => reader < "8", shown) : shown;
  return { name, orders: { view: forSome } };
};

const views = {
  "roll back": (place) => rollBackTo(1 + place),
  "drop the tail": (place) => dropTail(1 + (place % 4)),
  "drop one": (place) => dropAt(place),
  "send one twice": (place) => duplicateAt(place),
  replay: (place) => replay(place),
  reverse: () => reverse,
  reorder: (place, other) => swapPlaces(place, other),
  "spoil a signature": (place) => replaceAt(place, spoilSignature),
  "drop a body": (place) => replaceAt(place, withoutBody),
  "swap headers": (place, other) => swapParts(place, other, "header"),
  "swap bodies": (place, other) => swapParts(place, other, "ciphertext"),
  "swap signatures": (place, other) => swapParts(place, other, "signature"),
  "deny all": () => denyAll,
} satisfies Readonly<Record<string, (place: number, other: number) => View>>;

const lies = {
  "acknowledge without storing": acknowledgeWithoutStoring,
  "keep back wraps": keepBackWraps,
  "spoil wraps": changeWraps((wrap) => ({ ...wrap, ciphertext: wrap.ciphertext.map((byte) => byte ^ 1) })),
};

const weights: Readonly<Record<keyof typeof views | keyof typeof lies, number>> = {
  "roll back": 2,
  "drop the tail": 3,
  "drop one": 3,
  "send one twice": 1,
  replay: 1,
  reverse: 1,
  reorder: 2,
  "spoil a signature": 3,
  "drop a body": 3,
  "swap headers": 1,
  "swap bodies": 1,
  "swap signatures": 1,
  "deny all": 1,
  "acknowledge without storing": 3,
  "keep back wraps": 2,
  "spoil wraps": 2,
};

const isLie = (name: keyof typeof weights): name is keyof typeof lies => Object.hasOwn(lies, name);
