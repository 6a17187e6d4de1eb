/** What nobody has signed fills no case that a device knows, and keeps nothing of it away. */

import { assert } from "@amana/kernel";
import {
  decodeCbor,
  encodeCbor,
  encodeEntry,
  entryBytesMax,
  entrySize,
  isCborArray,
  type Bytes,
  type LogId,
} from "@amana/log";
import { describe, expect, it } from "vitest";
import { casesLookedAtOnce, casesToAskAgain } from "../../packages/device/src/logs/ask-again.ts";
import { organisationReading } from "../../packages/device/src/logs/read.ts";
import type { Unlocked } from "../../packages/device/src/unlocked.ts";
import { newerMax, unsignedMax, unverifiedBytesMax } from "../../packages/device/src/logs/unsigned.ts";
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
import { must, openNewCase, syncAll, type Handset } from "./case-world.ts";

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

/** The same, of a version that nobody has made yet. */
const laterFrom = (bytes: Bytes | undefined, count: number, ciphertext?: Bytes): readonly Bytes[] =>
  madeUpFrom(bytes, count).map((made) => {
    const entry = entryOf(made);
    const header = entry && decodeCbor(entry.headerBytes);
    assert(entry !== undefined && header?.ok === true && isCborArray(header.value), "A header is a list.");
    const headerBytes = encodeCbor([2, ...header.value.slice(1)]);
    return encodeEntry({ ...entry, headerBytes, ciphertext: ciphertext ?? entry.ciphertext });
  });

/** From where on the case is asked for after the next unlocking, and what is read of it then. */
const askedAgain = async (world: HostileWorld, view?: View) => {
  const { azad, hostile, logId } = world;
  const asked: number[] = [];
  const pull: Lies["pull"] = async ({ request, pass }) => {
    asked.push(...request.wants.filter((want) => want.logId === logId).map(({ after }) => after));
    return pass();
  };
  await azad.restart();
  hostile.order({ ...(view === undefined ? {} : { view }), lies: { pull } });
  must(await azad.device().sync());
  return { asked, sight: await sightOf(azad, logId) };
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

describe("what is of a later version", () => {
  const newerOn = ({ unlocked }: Handset, logId: LogId) =>
    unlocked()
      .held.get(logId)
      ?.entries.filter(({ kind }) => kind === "newer") ?? [];

  /** A supervisor goes on without what holds the case up now. */
  const leaveAll = async ({ device }: Handset, logId: LogId): Promise<void> => {
    const { heldUpBy } = must(await device().peopleWhoCanRead(logId));
    must(
      await device().leaveUnread(
        logId,
        heldUpBy.map(({ entry }) => entry),
      ),
    );
    must(await device().sync());
  };

  it("is kept up to a bound, and the rest is asked for once there is room: until then the case is held up", async () => {
    const world = await makeHostileWorld("later, by and by");
    const { azad, hostile, logId } = world;
    const later = laterFrom(entriesAt(world, logId)[places.opening], 2 * newerMax + 10);
    hostile.order({ view: only(logId, append(...later)) });
    must(await azad.device().sync());
    expect([newerOn(azad, logId).length, await sightOf(azad, logId)]).toMatchObject([
      newerMax,
      { facts: all, isBehind: true },
    ]);
    // As long as there is none, it is not fetched again.
    expect((await askedAgain(world, only(logId, append(...later)))).asked).toEqual([]);
    hostile.order({ view: only(logId, append(...later)) });
    for (const count of [2 * newerMax, 2 * newerMax + 10]) {
      await leaveAll(azad, logId);
      expect((await sightOf(azad, logId)).isBehind).toBe(true);
      must(await azad.device().sync());
      expect(newerOn(azad, logId)).toHaveLength(count);
      expect((await sightOf(azad, logId)).isBehind).toBe(true);
      await azad.restart();
    }
    must(await azad.device().sync());
    await leaveAll(azad, logId);
    expect(await sightOf(azad, logId)).toMatchObject({ facts: all, isBehind: false });
  });

  it("is told where nothing else came of a new case, which is there once it can be read", async () => {
    const world = await makeHostileWorld("later, from its beginning");
    const { fresh, hostile, logId } = world;
    const told = { type: "LaterVersion" };
    const made = madeUpFrom(entriesAt(world, logId)[places.opening], 2);
    hostile.order({ view: only(logId, () => made) });
    must(await fresh.device().sync());
    // What could be read and nobody has signed is nothing to tell.
    expect(fresh.device().notices()).not.toContainEqual(told);
    await fresh.restart();
    hostile.order({ view: only(logId, ({ entries }) => entries.flatMap((bytes) => laterFrom(bytes, 1))) });
    must(await fresh.device().sync());
    expect([fresh.device().notices(), must(await fresh.device().listCases())]).toEqual([[told], []]);
    hostile.order({});
    await fresh.restart();
    must(await fresh.device().sync());
    expect((await sightOf(fresh, logId)).facts).toEqual(all);
  });

  it("is kept up to a bound of bytes where each is long", async () => {
    const world = await makeHostileWorld("later, and long");
    const { azad, hostile, logId } = world;
    const long = laterFrom(entriesAt(world, logId)[places.opening], 20, randomness(60_000));
    hostile.order({ view: only(logId, append(...long)) });
    must(await azad.device().sync());
    const kept = newerOn(azad, logId).reduce((sum, each) => sum + entrySize(each), 0);
    expect(kept).toBeGreaterThan(unverifiedBytesMax - 2 * entryBytesMax);
    expect(kept).toBeLessThanOrEqual(unverifiedBytesMax);
  });

  it("holds nothing up any more once the server was found to have no more of it", async () => {
    const world = await makeHostileWorld("later, and no more");
    const { azad, hostile, logId } = world;
    hostile.order({ view: only(logId, append(...laterFrom(entriesAt(world, logId)[places.opening], newerMax + 1))) });
    must(await azad.device().sync());
    hostile.order({});
    await leaveAll(azad, logId);
    must(await azad.device().sync());
    must(await azad.device().sync());
    expect(await sightOf(azad, logId)).toMatchObject({ facts: all, isBehind: false });
  });

  it.each([
    ["is of a later version", laterFrom, newerMax, newerMax + 1],
    ["nobody has signed", madeUpFrom, unsignedMax, 0],
  ])("fills the organisation's own no more than a case: what %s", async (what, make, countMax, unreadable) => {
    const world = await makeHostileWorld(`organisation: ${what}`);
    const { azad, nour, hostile, logId, organisation } = world;
    const before = entriesAt(world, organisation);
    hostile.order({ view: only(organisation, append(...make(before.at(-1), 2 * countMax))) });
    must(await azad.device().sync());
    const held = () => azad.unlocked().held.get(organisation)?.entries.length;
    const sight = await sightOf(azad, logId);
    expect([held(), sight]).toMatchObject([before.length + countMax, { facts: all, isBehind: unreadable > 0 }]);
    // What was left holds up by itself.
    const unlocked = azad.unlocked();
    expect((await unlocked.inTurn(() => organisationReading(unlocked)))?.unreadable).toHaveLength(unreadable);
    await azad.restart();
    must(await azad.device().sync());
    expect(held()).toBe(before.length + countMax);
    hostile.order({});
    await azad.restart();
    for (let exchanges = 0; exchanges < 3; exchanges++) must(await azad.device().sync());
    expect(await sightOf(azad, logId)).toMatchObject({ facts: all, isBehind: false });
    await write(nour, logId, "later");
    await syncAll(nour, azad);
    expect((await sightOf(azad, logId)).facts).toEqual([...all, "later"].sort());
  });
});

describe("cases that name what this device is not given of its organisation, and that may be asked for again", () => {
  const caseCount = 2 * casesLookedAtOnce + 3;

  const waitingCases = async (seed: string): Promise<Unlocked> => {
    const { fresh, nour, shilan, hostile, organisation } = await makeHostileWorld(seed);
    const person = must(await nour.device().ownPerson());
    assert(person !== undefined, "The test's own colleague is known.");
    must(await nour.device().namePerson(person, "Nour"));
    await syncAll(nour, shilan);
    for (let count = 0; count < caseCount; count++) await openNewCase(shilan);
    must(await shilan.device().sync());
    hostile.order({ view: only(organisation, ({ entries }) => entries.slice(0, -1)) });
    must(await fresh.device().sync());
    await fresh.restart();
    return fresh.unlocked();
  };
  const casesHeld = ({ held }: Unlocked): readonly LogId[] =>
    [...held.values()].flatMap(({ logKind, logId }) => (logKind === "case" ? [logId] : []));

  it("are looked at a few in a turn, so that whoever writes something down waits for few", async () => {
    const unlocked = await waitingCases("a few in a turn");
    const looking = { isOver: false };
    const over = casesToAskAgain(unlocked).finally(() => (looking.isOver = true));
    const looked: number[] = [];
    // As somebody does who goes on writing meanwhile.
    while (!looking.isOver) await unlocked.inTurn(() => Promise.resolve(looked.push(casesHeld(unlocked).length)));
    expect(await over).toEqual([]);
    expect(looked.at(-1)).toBe(caseCount);
    const inOneTurn = looked.map((count, turn) => count - (looked[turn - 1] ?? count));
    expect(Math.max(...inOneTurn)).toBe(casesLookedAtOnce);
  });

  it("are looked at once after each unlocking, and not with every exchange", async () => {
    const unlocked = await waitingCases("looked at once");
    await casesToAskAgain(unlocked);
    expect(casesHeld(unlocked)).toHaveLength(caseCount);
    for (const logId of casesHeld(unlocked)) unlocked.held.delete(logId);
    await casesToAskAgain(unlocked);
    expect(casesHeld(unlocked)).toEqual([]);
  });
});
