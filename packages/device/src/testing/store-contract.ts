/**
 * What every store of a device promises: in memory, on a disk, and in a browser. Each promise gives what came back and what should
 * have come, in plain data, so that whoever runs it can compare, wherever it ran.
 */

import { fromAscii, type Bytes } from "@amana/log";
import type { DeviceStore } from "../ports.ts";

/** A store, and how to start again over what it has kept. */
export type StartedStore = { readonly store: DeviceStore; readonly restart: () => Promise<DeviceStore> | DeviceStore };

export type Came = { readonly came: unknown; readonly should: unknown };

export type StorePromise = {
  readonly name: string;
  readonly hold: (started: StartedStore) => Promise<readonly Came[]>;
};

const bytes = (text: string): Bytes => fromAscii(text);

/** Bytes travel between a worker and a test as text. */
const textOf = (value: Bytes | undefined): string | undefined =>
  value === undefined ? undefined : String.fromCharCode(...value);

const namesIn = async (store: DeviceStore, prefix: string): Promise<readonly string[]> =>
  (await store.list(prefix)).map(({ name }) => name);

const givesBack = async ({ store, restart }: StartedStore): Promise<readonly Came[]> => {
  await store.write([
    { name: "draft/1", value: bytes("one") },
    { name: "draft/2", value: bytes("two") },
  ]);
  await store.write([{ name: "draft/1", value: bytes("changed") }]);
  const read = async (each: DeviceStore): Promise<unknown> =>
    Promise.all(["draft/1", "draft/2", "draft/3"].map(async (name) => textOf(await each.read(name)) ?? "nothing"));
  const should = ["changed", "two", "nothing"];
  return [
    { came: await read(store), should },
    { came: await read(await restart()), should },
  ];
};

const listsByPrefix = async ({ store }: StartedStore): Promise<readonly Came[]> => {
  const names = ["log/b/2", "log/b/10", "log/b", "log/c", "lof", "log/b/1", "LOG/b/1", "log/b/é"];
  await store.write(names.map((name) => ({ name, value: bytes(`of ${name.length}`) })));
  const listed = await store.list("log/b/");
  return [
    { came: listed.map(({ name }) => name), should: ["log/b/1", "log/b/10", "log/b/2", "log/b/é"] },
    { came: textOf(listed[1]?.value), should: "of 8" },
    { came: (await store.list("")).length, should: names.length },
    { came: await namesIn(store, "log/d"), should: [] },
  ];
};

const removes = async ({ store, restart }: StartedStore): Promise<readonly Came[]> => {
  await store.write([{ name: "draft/1", value: bytes("words") }]);
  await store.write([
    { name: "draft/1", value: undefined },
    { name: "draft/never", value: undefined },
    { name: "outbox/1", value: bytes("sealed") },
  ]);
  return [{ came: await namesIn(await restart(), ""), should: ["outbox/1"] }];
};

const keepsItsOwnCopies = async ({ store }: StartedStore): Promise<readonly Came[]> => {
  const value = bytes("kept");
  await store.write([{ name: "index/1", value }]);
  value.fill(0);
  (await store.read("index/1"))?.fill(0);
  for (const each of await store.list("index/")) each.value.fill(0);
  return [{ came: textOf(await store.read("index/1")), should: "kept" }];
};

const keepsEmptyApart = async ({ store }: StartedStore): Promise<readonly Came[]> => {
  await store.write([{ name: "index/1", value: bytes("") }]);
  return [{ came: textOf(await store.read("index/1")), should: "" }];
};

/** Something that cannot be stored ends the whole batch; a later one goes on. */
const writesNothingOfAWrongBatch = async ({ store, restart }: StartedStore): Promise<readonly Came[]> => {
  await store.write([{ name: "draft/1", value: bytes("before") }]);
  // Such a value comes from no code of ours; a store that wrote the rest would have half of a batch.
  const wrong = (() => undefined) as unknown as Bytes;
  const batch = [
    { name: "draft/1", value: undefined },
    { name: "draft/2", value: bytes("words") },
    { name: "draft/3", value: wrong },
  ];
  const outcome = await store.write(batch).then(
    () => "written",
    () => "refused",
  );
  const names = await namesIn(await restart(), "");
  return [
    { came: outcome, should: "refused" },
    { came: names, should: ["draft/1"] },
  ];
};

export const storePromises: readonly StorePromise[] = [
  { name: "gives back what was written, also after it was started again", hold: givesBack },
  { name: "lists what begins with a prefix, by name, and nothing else", hold: listsByPrefix },
  { name: "removes what is written without a value, in the same batch as what replaces it", hold: removes },
  { name: "keeps its own copies, whatever becomes of the bytes that were handed in or out", hold: keepsItsOwnCopies },
  { name: "keeps an empty value apart from none", hold: keepsEmptyApart },
];

/** Of stores that can refuse a value; the one in memory takes whatever it is given. */
export const refusingStorePromises: readonly StorePromise[] = [
  { name: "has written nothing of a batch with something in it that is no value", hold: writesNothingOfAWrongBatch },
];
