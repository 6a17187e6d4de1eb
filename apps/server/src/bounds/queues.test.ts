/** Queues: so many at once of each, the rest in their order, and a place for the next however one ends. */

import { describe, expect, it } from "vitest";
import { makeQueues } from "./queues.ts";

describe("work in a queue", () => {
  it("begins in its order, so many at once, and makes room however it ends", async () => {
    const inQueue = makeQueues(2);
    const begun: string[] = [];
    const ends = new Map<string, { readonly well: () => void; readonly badly: () => void }>();
    const begin = (who: string, name: string): Promise<string> =>
      inQueue(who, () => {
        begun.push(name);
        return new Promise((resolve, reject) => {
          ends.set(name, { well: () => resolve(name), badly: () => reject(new Error(name)) });
        });
      });
    const [one, two, three, four] = ["one", "two", "three", "four"].map((name) => begin("a", name));
    const other = begin("b", "other");
    expect(begun).toEqual(["one", "two", "other"]);
    ends.get("one")?.badly();
    await expect(one).rejects.toThrow("one");
    await Promise.resolve();
    expect(begun).toEqual(["one", "two", "other", "three"]);
    for (const name of ["two", "three", "other"]) ends.get(name)?.well();
    expect(await Promise.all([two, three, other])).toEqual(["two", "three", "other"]);
    ends.get("four")?.well();
    expect(await four).toBe("four");
    const last = begin("a", "last");
    expect(begun.at(-1)).toBe("last");
    ends.get("last")?.well();
    expect(await last).toBe("last");
  });
});
