/**
 * A server that was seized (SECURITY §6.1). What it can do to a log that people write together: each misdeed changes
 * nothing that is believed, or is seen; and once the server is honest again all devices agree.
 */

import { describe, expect, it } from "vitest";
import { decodeCbor, encodeCbor, encodeEntry, isCborArray, sha256, type SealedEntry } from "@amana/log";
import { assert } from "@amana/kernel";
import { act, must, openNewCase, password, syncAll } from "../device/case-world.ts";
import type { View } from "./hostile-server.ts";
import {
  factsWritten,
  entriesAt,
  makeHostileWorld,
  places,
  settled,
  sightUnder,
  write,
  type HostileWorld,
  type Sight,
} from "./hostile-world.ts";
import {
  append,
  denyAll,
  dropAt,
  dropTail,
  duplicateAt,
  entryOf,
  forgedFork,
  only,
  replaceAt,
  replay,
  reverse,
  rollBackTo,
  spoilSignature,
  spoilSignatureAt,
  swapParts,
  swapPlaces,
  withCiphertext,
  withoutBody,
} from "./misdeeds.ts";

const all = [...factsWritten].sort();
const { first, second, last, beginning, opening } = places;

const whole: Sight = { facts: all, marks: [], isBehind: false, notices: [] };
/** What a device that holds everything says when the server has less or other. */
const lacked: Sight = { ...whole, notices: ["ServerLacked"] };
const nothing: Sight = { facts: [], marks: [], isBehind: false, notices: [] };
const waiting = (count: number): Sight => ({ ...nothing, marks: Array<string>(count).fill("waiting"), isBehind: true });
const cutAfterFirst: Sight = {
  facts: ["first"],
  marks: ["unauthentic", "unauthentic", "waiting"],
  isBehind: true,
  notices: [],
};
const twoUnauthentic = { marks: ["unauthentic", "unauthentic"] };

type Misdeed = {
  readonly does: string;
  readonly view: View;
  /** A device that holds nothing of the case, one that holds its beginning, and one that holds it all. */
  readonly fresh: Sight;
  readonly begun: Sight;
  readonly knowing: Sight;
};

const flipped = (entry: SealedEntry): SealedEntry => {
  assert(entry.ciphertext !== undefined, "The entry has a body.");
  return withCiphertext(
    entry,
    entry.ciphertext.map((byte, at) => (at === 99 ? byte ^ 1 : byte)),
  );
};

/** The same entry, said to be of another version of the format. */
const asOfVersion =
  (version: number) =>
  (entry: SealedEntry): Uint8Array<ArrayBuffer> => {
    const decoded = decodeCbor(entry.headerBytes);
    assert(decoded.ok && isCborArray(decoded.value), "A header is a list.");
    const headerBytes = encodeCbor([version, ...decoded.value.slice(1)]);
    return encodeEntry({ ...entry, headerBytes });
  };

const forkOfBeginning: View = (log) => {
  const entry = entryOf(log.entries[beginning] ?? new Uint8Array());
  assert(entry !== undefined, "A case begins with an entry.");
  const fork = forgedFork(entry, sha256(new Uint8Array([1])));
  return append(fork)(log);
};

const misdeeds: readonly Misdeed[] = [
  { does: "replays an entry", view: replay(first), fresh: whole, begun: whole, knowing: whole },
  { does: "duplicates an entry", view: duplicateAt(first), fresh: whole, begun: whole, knowing: whole },
  { does: "swaps two entries", view: swapPlaces(first, last), fresh: whole, begun: whole, knowing: whole },
  { does: "turns the log round", view: reverse, fresh: whole, begun: whole, knowing: whole },
  { does: "drops one from the middle", view: dropAt(first), fresh: waiting(3), begun: waiting(3), knowing: lacked },
  { does: "drops the opening", view: dropAt(opening), fresh: waiting(4), begun: lacked, knowing: lacked },
  { does: "drops the beginning", view: dropAt(beginning), fresh: waiting(5), begun: lacked, knowing: lacked },
  {
    does: "drops the tail",
    view: dropTail(2),
    fresh: { ...whole, facts: ["first", "second"] },
    begun: { ...whole, facts: ["first", "second"] },
    knowing: lacked,
  },
  {
    does: "rolls back to the beginning",
    view: rollBackTo(1),
    fresh: nothing,
    begun: { ...nothing, notices: ["ServerLacked"] },
    knowing: lacked,
  },
  { does: "denies the case", view: denyAll, fresh: nothing, begun: nothing, knowing: whole },
  {
    does: "swaps the headers of two entries",
    view: swapParts(second, last, "header"),
    fresh: cutAfterFirst,
    begun: cutAfterFirst,
    knowing: { ...lacked, ...twoUnauthentic },
  },
  {
    does: "swaps the bodies of two entries",
    view: swapParts(second, last, "ciphertext"),
    fresh: cutAfterFirst,
    begun: cutAfterFirst,
    knowing: { ...lacked, ...twoUnauthentic },
  },
  {
    does: "swaps bodies and signatures of two entries",
    view: swapParts(second, last, "body-and-signature"),
    fresh: cutAfterFirst,
    begun: cutAfterFirst,
    knowing: { ...lacked, ...twoUnauthentic },
  },
  {
    does: "swaps the signatures of two entries",
    view: swapParts(second, last, "signature"),
    fresh: { ...whole, facts: ["first"], marks: ["barred", "unauthentic", "unauthentic"] },
    begun: { ...whole, facts: ["first"], marks: ["barred", "unauthentic", "unauthentic"] },
    knowing: whole,
  },
  {
    does: "spoils the signature of the newest entry",
    view: replaceAt(last, spoilSignature),
    fresh: { ...whole, facts: ["first", "second", "third"], marks: ["unauthentic"] },
    begun: { ...whole, facts: ["first", "second", "third"], marks: ["unauthentic"] },
    knowing: whole,
  },
  {
    does: "spoils the signature of an entry that its device's next one names",
    view: replaceAt(second, spoilSignature),
    fresh: whole,
    begun: whole,
    knowing: whole,
  },
  {
    does: "leaves out a body, as if it had been erased",
    view: replaceAt(last, withoutBody),
    fresh: { facts: ["first", "second", "third"], marks: ["damaged"], isBehind: true, notices: ["DamagedEntry"] },
    begun: { facts: ["first", "second", "third"], marks: ["damaged"], isBehind: true, notices: ["DamagedEntry"] },
    knowing: whole,
  },
  {
    does: "changes a byte of a body",
    view: replaceAt(last, (entry) => encodeEntry(flipped(entry))),
    fresh: { ...whole, facts: ["first", "second", "third"], marks: ["unauthentic"] },
    begun: { ...whole, facts: ["first", "second", "third"], marks: ["unauthentic"] },
    knowing: { ...lacked, marks: ["unauthentic"] },
  },
  {
    does: "forks the line with an entry that nobody signed",
    view: forkOfBeginning,
    fresh: { ...whole, marks: ["unauthentic"] },
    begun: { ...whole, marks: ["unauthentic"] },
    knowing: { ...whole, marks: ["unauthentic"] },
  },
];

/** All four devices believe one thing: what was written. What nobody signed may stay listed, and counts for nothing. */
const expectAgreement = async (world: HostileWorld): Promise<void> => {
  const { nour, shilan, azad, fresh } = world;
  const beliefs = await settled(world, nour, shilan, azad, fresh);
  for (const { state, marks, unsent, isBehind, isContradicted, organisation, openers } of beliefs) {
    expect([...state.facts.saidByFact.keys()].sort()).toEqual(all);
    expect(state).toEqual(beliefs[0]?.state);
    expect(organisation).toEqual(beliefs[0]?.organisation);
    expect(openers).toEqual(beliefs[0]?.openers);
    expect(marks.filter(({ kind }) => kind !== "unauthentic")).toEqual([]);
    expect({ unsent, isBehind, isContradicted }).toEqual({ unsent: [], isBehind: false, isContradicted: false });
  }
  expect(entriesAt(world, world.logId)).toHaveLength(last + 1);
};

describe("a hostile server that", () => {
  it.each(misdeeds)(
    "$does is refused or seen, and devices agree once it is honest (SECURITY §6.1)",
    async ({ does, view, ...seen }) => {
      const world = await makeHostileWorld(does);
      const orders = { view: only(world.logId, view) };
      expect({
        fresh: await sightUnder(world, world.fresh, orders),
        begun: await sightUnder(world, world.azad, orders),
        knowing: await sightUnder(world, world.nour, orders),
      }).toEqual(seen);
      await expectAgreement(world);
    },
  );

  it.each([0, 2])(
    "says that an entry is of format %d makes devices say that they cannot read it, and loses nothing",
    async (version) => {
      const world = await makeHostileWorld(`format ${version}`);
      const { azad, nour, logId } = world;
      const orders = { view: only(logId, replaceAt(last, asOfVersion(version))) };
      const seen = { marks: ["newer"], isBehind: true };
      expect(await sightUnder(world, azad, orders)).toMatchObject({ ...seen, facts: ["first", "second", "third"] });
      expect(await sightUnder(world, nour, orders)).toMatchObject({ ...seen, facts: all });
      const [one, other] = await settled(world, nour, azad);
      expect([...(one?.state.facts.saidByFact.keys() ?? [])].sort()).toEqual(all);
      expect(other?.state).toEqual(one?.state);
      // The invented entry goes no further than the devices that it was shown to.
      expect(entriesAt(world, logId)).toHaveLength(last + 1);
    },
  );

  it("spoils a signature otherwise after each unlocking keeps nobody from the entry once it is honest", async () => {
    const world = await makeHostileWorld("spoiled in many ways");
    const { fresh, hostile, logId } = world;
    for (let way = 0; way < 6; way++) {
      hostile.order({ view: only(logId, replaceAt(last, spoilSignatureAt(way))) });
      await fresh.restart();
      must(await fresh.device().sync());
      const marks = must(await fresh.device().viewCase(logId)).marks.map(({ kind }) => kind);
      expect(marks).toEqual(["unauthentic"]);
    }
    hostile.order({});
    await fresh.restart();
    // It was read with the spoiled copies, and is read anew with the good one in the place of the last.
    expect(must(await fresh.device().viewCase(logId)).marks.map(({ kind }) => kind)).toEqual(["unauthentic"]);
    must(await fresh.device().sync());
    expect(must(await fresh.device().viewCase(logId)).marks).toEqual([]);
    await expectAgreement(world);
  });

  it.each([
    ["spoils the signatures", spoilSignature],
    ["leaves out the bodies", withoutBody],
  ])("%s of the organisation's own log keeps no case from what is due, once it is honest", async (does, misdeed) => {
    const world = await makeHostileWorld(does);
    const { azad, hostile, nour, organisation, shilan } = world;
    const person = must(await shilan.device().ownPerson()) ?? ("" as never);
    // The last word of one of them, and of another behind it: nothing that its author signs later vouches for it.
    await act(nour, [{ type: "RoleTaken", person, role: "caseworker" }]);
    await act(nour, [{ type: "RoleGiven", person, role: "caseworker" }]);
    await syncAll(azad);
    await act(azad, [{ type: "PersonNamed", person, name: "Shilan" }]);
    await syncAll(shilan);
    const logId = await openNewCase(shilan);
    await syncAll(shilan, nour);
    const digits = must(await nour.device().kit());
    const due = async (handset: typeof nour) =>
      must(await handset.device().due()).filter((item) => item.logId === logId);
    for (const place of entriesAt(world, organisation).keys()) {
      const tablet = world.handset(`spoiled at ${place}`, hostile);
      hostile.order({ view: only(organisation, replaceAt(place, misdeed)) });
      must(await tablet.device().enrolWithKit({ digits, password, language: "ckb" }));
      await tablet.device().sync();
      hostile.order({});
      await tablet.restart();
      must(await tablet.device().sync());
      expect(await due(tablet), `spoiled at ${place}`).toEqual(await due(nour));
    }
  });

  it("drops the tail from one device is found by the words of the heads, read over the telephone", async () => {
    const world = await makeHostileWorld("words of heads");
    const { nour, azad, logId } = world;
    await sightUnder(world, azad, { view: only(logId, dropTail(1)) });
    const words = async (each: typeof nour) => must(await each.device().wordsOfHeads([logId]));
    expect(await words(azad)).not.toEqual(await words(nour));
    await syncAll(azad, nour);
    expect(await words(azad)).toEqual(await words(nour));
  });

  it("shows two devices different histories keeps neither from the other's once it is honest, and each goes on", async () => {
    const world = await makeHostileWorld("two histories");
    const { azad, fresh, nour, shilan, logId } = world;
    const one = await sightUnder(world, azad, { view: only(logId, rollBackTo(second)) });
    const other = await sightUnder(world, fresh, { view: only(logId, dropTail(1)) });
    expect([one.facts, other.facts]).toEqual([["first"], ["first", "second", "third"]]);
    world.hostile.order({ view: only(logId, rollBackTo(second)) });
    await write(azad, logId, "of-azad");
    await azad.device().sync();
    const beliefs = await settled(world, nour, shilan, azad, fresh);
    for (const { state, marks } of beliefs) {
      expect([...state.facts.saidByFact.keys()].sort()).toEqual([...all, "of-azad"].sort());
      expect(state).toEqual(beliefs[0]?.state);
      expect(marks).toEqual([]);
    }
  });
});
