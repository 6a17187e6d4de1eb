/** The modules that the SQLite thread loads are gathered once, stripped of types, on the main thread. */

import { describe, expect, it } from "vitest";
import { modulesOf } from "./modules-of.ts";

const entry = new URL("./thread.ts", import.meta.url).href;

describe("the modules of a thread of the store", () => {
  it("are all there as JavaScript, so that no thread strips types", () => {
    const modules = modulesOf(entry);
    const names = [...modules.keys()].map((address) => address.replace(/^.*\/(?=[^/]+\/[^/]+$)/, ""));
    expect(names).toEqual(expect.arrayContaining(["sqlite/thread.ts", "sqlite/connection.ts", "src/index.ts"]));
    for (const source of modules.values()) expect(source).not.toMatch(/^(?:import|export) type\b|\breadonly \w+:/m);
  });

  it("are made once, and given to every thread", () => {
    expect(modulesOf(entry)).toBe(modulesOf(entry));
  });
});
