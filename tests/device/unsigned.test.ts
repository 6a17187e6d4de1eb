/** What nobody has signed fills no case that a device knows, and keeps nothing of it away. */

import { assert } from "@amana/kernel";
import { encodeEntry, type Bytes } from "@amana/log";
import { describe, expect, it } from "vitest";
import { unsignedMax } from "../../packages/device/src/logs/unsigned.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import {
  entriesAt,
  factsWritten,
  makeHostileWorld,
  places,
  sightOf,
  write,
  type HostileWorld,
} from "../hostile/hostile-world.ts";
import type { Lies, View } from "../hostile/hostile-server.ts";
import { append, entryOf, only, replaceAt, spoilSignature, swapPlaces, withHeader } from "../hostile/misdeeds.ts";
import { must, syncAll } from "./case-world.ts";

const randomness = seededRandomness("unsigned");
const all = [...factsWritten].sort();

/** Entries with a true one's header, and a signature that is nobody's. */
const madeUpFrom = (bytes: Bytes | undefined, count: number): readonly Bytes[] => {
  const base = bytes && entryOf(bytes);
  assert(base !== undefined, "The true case was opened.");
  return Array.from({ length: count }, () => {
    const entry = withHeader(base, { nonce: randomness(base.header.nonce.length) });
    return encodeEntry({ ...entry, signature: randomness(entry.signature.length) });
  });
};

describe("what nobody has signed, in a case that is known here", () => {
  it("is kept up to a bound, however often more of it comes and whenever the case was read last", async () => {
    const world = await makeHostileWorld("unsigned, again and again");
    const { nour, azad, hostile, logId } = world;
    const held = () => azad.unlocked().held.get(logId)?.entries.length;
    const made = madeUpFrom(entriesAt(world, logId)[places.opening], 3 * unsignedMax);
    const before = entriesAt(world, logId).length;
    for (const count of [unsignedMax - 10, 2 * unsignedMax, 3 * unsignedMax]) {
      hostile.order({ view: only(logId, append(...made.slice(0, count))) });
      must(await azad.device().sync());
      expect(held()).toBe(before + Math.min(count, unsignedMax));
      expect((await sightOf(azad, logId)).facts).toEqual(all);
    }
    // Not read since it was opened again.
    await azad.restart();
    must(await azad.device().sync());
    expect(held()).toBe(before + unsignedMax);
    // An honest server again: what is signed comes as ever.
    hostile.order({});
    await azad.restart();
    await write(nour, logId, "later");
    await syncAll(nour, azad);
    expect((await sightOf(azad, logId)).facts).toEqual([...all, "later"].sort());
  });

  it("is left where it is of a case that comes whole, and what is signed is not", async () => {
    const world = await makeHostileWorld("unsigned in a new case");
    const { fresh, hostile, logId } = world;
    const made = madeUpFrom(entriesAt(world, logId)[places.opening], 2 * unsignedMax);
    hostile.order({ view: only(logId, append(...made)) });
    must(await fresh.device().sync());
    expect(fresh.unlocked().held.get(logId)?.entries.length).toBe(entriesAt(world, logId).length + unsignedMax);
    expect((await sightOf(fresh, logId)).facts).toEqual(all);
  });
});

describe("a case with an entry that nobody has signed", () => {
  /** From where on the case is asked for after the next unlocking, and what is read of it then. */
  const askedAgain = async (world: HostileWorld) => {
    const { azad, hostile, logId } = world;
    const asked: number[] = [];
    const pull: Lies["pull"] = async ({ request, pass }) => {
      asked.push(...request.wants.filter((want) => want.logId === logId).map(({ after }) => after));
      return pass();
    };
    await azad.restart();
    hostile.order({ lies: { pull } });
    must(await azad.device().sync());
    return { asked, sight: await sightOf(azad, logId) };
  };

  const spoiled = async (seed: string, before: View = ({ entries }) => entries): Promise<HostileWorld> => {
    const world = await makeHostileWorld(seed);
    const spoilThird = replaceAt(places.third, spoilSignature);
    world.hostile.order({ view: only(world.logId, (log) => spoilThird({ ...log, entries: before(log) })) });
    must(await world.azad.device().sync());
    expect((await sightOf(world.azad, world.logId)).marks).toContain("unauthentic");
    return world;
  };

  it("is asked for again from there on, and the good copy counts", async () => {
    const { asked, sight } = await askedAgain(await spoiled("from there on"));
    expect(asked).toEqual([places.third]);
    expect(sight).toMatchObject({ facts: all, marks: [], isBehind: false });
  });

  it("is asked for again from there on also where the server has it in another order", async () => {
    const world = await spoiled("in another order", swapPlaces(places.first, places.second));
    const { asked, sight } = await askedAgain(world);
    // Where it says so, and once its hashes were compared.
    expect(asked).toEqual([places.third, places.third, places.third]);
    expect(sight).toMatchObject({ facts: all, marks: [], isBehind: false });
  });
});
