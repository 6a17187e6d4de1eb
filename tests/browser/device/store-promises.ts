/** The app's own store, over the IndexedDB of the browser that it runs in: every promise of a device's store. */

import { openTable, storeOver } from "../../../apps/casework/src/worker/store.ts";
import {
  refusingStorePromises,
  storePromises,
  type StartedStore,
} from "../../../packages/device/src/testing/store-contract.ts";
import type { StoreKept } from "./tasks.ts";

/** Each over a database of its own; starting again opens it anew. */
const start = async (): Promise<StartedStore & { readonly end: () => Promise<void> }> => {
  let table = await openTable();
  const reopen = async () => {
    table.close();
    table = await openTable();
    return storeOver(table);
  };
  const end = async (): Promise<void> => {
    table.close();
    await new Promise((resolve) => {
      indexedDB.deleteDatabase("notes").onsuccess = resolve;
    });
  };
  return { store: storeOver(table), restart: reopen, end };
};

export const keepStorePromises = async (): Promise<readonly StoreKept[]> => {
  const kept: StoreKept[] = [];
  for (const { name, hold } of [...storePromises, ...refusingStorePromises]) {
    const { end, ...started } = await start();
    kept.push({ name, came: await hold(started) });
    await end();
  }
  return kept;
};
