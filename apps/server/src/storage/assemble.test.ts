/** How many questions of one organisation a store works on at once. */

import { describe, expect, it } from "vitest";
import { storageFrom } from "./assemble.ts";
import type { AppendOrder } from "./queries/append-entries.ts";
import type { Member } from "./storage.ts";

const memberOf = (organisation: string) => ({ organisation, account: "a", receivingKey: "k" }) as unknown as Member;
const [own, other] = [memberOf("0000000000aa"), memberOf("0000000000bb")];

/** A store that answers when a test says so. */
const slowStore = () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const slow = (name: string): Promise<undefined> => {
    begun.push(name);
    return new Promise((resolve) => {
      ends.push(() => resolve(undefined));
    });
  };
  const rest = {
    watch: () => () => undefined,
    openSnapshot: () => Promise.reject(new Error()),
    close: () => Promise.resolve(),
  };
  return { storage: storageFrom({ read: slow, write: slow, ...rest }), begun, ends };
};

describe("a store", () => {
  it("works on a few questions of one organisation at once, so that another waits for none of them", async () => {
    const { storage, begun, ends } = slowStore();
    const asked = Array.from({ length: 3 }, () => [
      storage.vaultOf({ by: own }),
      storage.signOut({ by: own, device: undefined }),
      storage.accountsServed({ organisation: own.organisation, logId: "l" as never }),
    ]).flat();
    expect(begun).toEqual(["vaultOf", "signOut", "accountsServed", "vaultOf"]);
    const others = [storage.signOut({ by: other, device: undefined }), storage.vaultOf({ by: other })];
    expect(begun.slice(4)).toEqual(["signOut", "vaultOf"]);
    while (ends.length > 0) {
      ends.splice(0).forEach((end) => end());
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(begun).toHaveLength(11);
    await Promise.all([...asked, ...others]);
  });

  it("lets nobody wait of whom no organisation is known yet, nor entries, which it gathers", async () => {
    const { storage, begun, ends } = slowStore();
    const asked = Array.from({ length: 6 }, () => [
      storage.signInByToken({ tokenHash: new Uint8Array(32), now: 0 as never }),
      storage.appendEntries({ by: own, logs: [] } as unknown as AppendOrder),
    ]).flat();
    expect(begun).toHaveLength(12);
    ends.forEach((end) => end());
    await Promise.all(asked);
  });
});
