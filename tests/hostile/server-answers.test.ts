/**
 * A server that was seized (SECURITY §6.1), in what it answers beside the logs: keys of its own wherever a public key is
 * taken, older copies, wraps that are another's or none, acknowledgements of what it threw away, an organisation of before.
 */

import { assert, err, ok } from "@amana/kernel";
import { encodeEntry, toHex, type Bytes, type LogId } from "@amana/log";
import {
  commitTo,
  encodeAnswer,
  encodeWrap,
  makeCaseKey,
  makeIdentityKey,
  makePersonId,
  makeReceivingKey,
  parseAnswer,
  parseWrap,
  platformDeflate,
  seal,
  wrap,
  writeCaseControlEvent,
  writeOrganisationEvent,
  type IdentityKey,
  type OrganisationEvent,
  type PersonId,
  type SealedEvent,
} from "@amana/vault";
import { describe, expect, it } from "vitest";
import { digestOfNone, nextDigest, wire } from "@amana/sync";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { act, invite, must, openNewCase, password, syncAll, type Handset } from "../device/case-world.ts";
import { makeMemoryServer } from "../device/memory-server.ts";
import { unsignedMax } from "../../packages/device/src/logs/unsigned.ts";
import type { Lies, View } from "./hostile-server.ts";
import {
  beliefOf,
  entriesAt,
  factsWritten,
  hashesAt,
  makeHostileWorld,
  places,
  readingOn,
  settled,
  sightOf,
  sightUnder,
  write,
  type HostileWorld,
} from "./hostile-world.ts";
import {
  acknowledgeControlWithoutAppending,
  acknowledgeWithoutStoring,
  append,
  changeAnswers,
  changeWraps,
  dropTail,
  entryOf,
  keepBackWraps,
  olderVault,
  only,
  relayChallenge,
  rollBackTo,
  serveWraps,
  throwKeysAway,
  withHeader,
} from "./misdeeds.ts";

const all = [...factsWritten].sort();
const randomness = seededRandomness("the server's own keys");

const expectWhole = async (world: HostileWorld, ...more: readonly Handset[]): Promise<void> => {
  const beliefs = await settled(world, world.nour, world.shilan, world.azad, ...more);
  for (const { state, isBehind, organisation, unsent } of beliefs) {
    expect([...state.facts.saidByFact.keys()].sort()).toEqual(all);
    expect(state).toEqual(beliefs[0]?.state);
    expect(organisation).toEqual(beliefs[0]?.organisation);
    expect({ isBehind, unsent }).toEqual({ isBehind: false, unsent: [] });
  }
};

/** Keys that only the server knows. */
const own = async () => ({
  identityKey: makeIdentityKey(randomness),
  receivingKey: await makeReceivingKey(randomness),
});

/** What is sealed and signed with keys that only the server knows, in the name of whoever it says. */
const forgedControl = async (
  world: HostileWorld,
  logId: LogId,
  event: SealedEvent,
  named?: IdentityKey["keyId"],
): Promise<Bytes> => {
  const log = world.server.state.logs.get(logId);
  const tip = log?.entries.findLast(({ header }) => header.kind === "control");
  assert(log !== undefined && tip !== undefined, "The log has begun.");
  const author = makeIdentityKey(randomness);
  const caseKey = makeCaseKey(randomness);
  const sealed = await seal(
    {
      header: {
        ...tip.header,
        control: tip.hash,
        previous: undefined,
        parents: [],
        counter: 1,
        keyCommitment: event.type === "EpochBegun" ? await commitTo(caseKey, logId) : undefined,
        nonce: randomness(32),
      },
      body: { recordedAt: world.now(), events: [event] },
      author,
      caseKey,
    },
    platformDeflate,
  );
  assert(sealed.ok, "It fits.");
  return encodeEntry(named === undefined ? sealed.value : withHeader(sealed.value, { author: named }));
};

describe("a hostile server that puts its own public key in place of a person's", () => {
  it("in the answer to an invitation is found out by the MAC, and the answer is never confirmed", async () => {
    const world = await makeHostileWorld("answer");
    const { nour, hostile } = world;
    const { id, invitation } = must(await nour.device().openInvitation({ kind: "join", role: "caseworker" }, 60));
    must(await world.handset("newcomer").device().acceptInvitation({ invitation, password, language: "ckb" }));
    const { identityKey, receivingKey } = await own();
    const [honest] = must(await nour.device().readAnswers());
    assert(honest?.outcome.kind === "to-compare", "The true answer can be compared.");
    const answer = must(parseAnswer(honest.answer));
    for (const fields of [{ identityPublic: identityKey.publicKey }, { receivingPublic: receivingKey.publicKey }]) {
      const changed = encodeAnswer({ ...answer, ...fields });
      hostile.order({ lies: changeAnswers(() => changed) });
      const [shown] = must(await nour.device().readAnswers());
      expect(shown?.outcome).toEqual({ kind: "refused", error: { type: "Forged" } });
      expect(await nour.device().confirmAnswer(id, changed)).toEqual(err({ type: "Forged" }));
    }
    hostile.order({});
    expect(must(await nour.device().readAnswers())[0]?.outcome.kind).toBe("to-compare");
    await expectWhole(world);
  });

  it.each(["PersonEnrolled", "KeysReplaced", "TeamFormed", "TeamKeyReplaced", "RecoveryKeySet"] as const)(
    "by an entry of the organisation that nobody signed (%s) changes nobody and nothing, and wraps nothing to it",
    async (type) => {
      const world = await makeHostileWorld(`forged ${type}`);
      const { nour, azad, shilan, organisation: logId, hostile, server } = world;
      const { identityKey, receivingKey } = await own();
      const nourId = must(await nour.device().ownPerson());
      assert(nourId !== undefined, "Nour is known.");
      const keys = { identityKey, receivingKey };
      const team = {
        id: must(await nour.device().newTeamId()),
        receivingKey,
        commitment: randomness(32),
        supervisors: new Set([nourId]),
      };
      const events = {
        PersonEnrolled: { type: "PersonEnrolled", person: makePersonId(randomness), role: "supervisor", ...keys },
        KeysReplaced: { type: "KeysReplaced", person: nourId, ...keys },
        TeamFormed: { type: "TeamFormed", team },
        TeamKeyReplaced: { type: "TeamKeyReplaced", team },
        RecoveryKeySet: {
          type: "RecoveryKeySet",
          recoveryKey: { receivingKey, commitment: randomness(32), k: 2, n: 3 },
        },
      } as const satisfies Record<typeof type, OrganisationEvent>;
      const before = (await beliefOf(shilan, world.logId)).organisation;
      const event = writeOrganisationEvent(events[type]);
      const forged = [
        await forgedControl(world, logId, event),
        await forgedControl(world, logId, event, azad.unlocked().own.identityKey.keyId),
      ];
      hostile.order({ view: only(logId, append(...forged)) });
      must(await shilan.device().sync());
      const opened = await openNewCase(shilan);
      must(await shilan.device().sync());
      expect((await beliefOf(shilan, world.logId)).organisation).toEqual(before);
      const log = server.state.logs.get(opened);
      assert(log !== undefined, "The new case has begun.");
      expect(log.wraps).toHaveLength(3);
      expect([...log.serving, ...log.wraps.map(({ recipient }) => recipient)]).not.toContain(receivingKey.keyId);
      expect((await readingOn(shilan, opened)).epochs).toHaveLength(1);
      await expectWhole(world);
    },
  );

  it("by an epoch of the case that it signs itself adds no reader", async () => {
    const world = await makeHostileWorld("forged reader");
    const { azad, logId, hostile } = world;
    const { receivingKey } = await own();
    const members = [{ kind: "person", keyId: receivingKey.keyId }] as const;
    const event = writeCaseControlEvent({ type: "EpochBegun", members, cut: [], reason: "" });
    const { openers } = await beliefOf(azad, logId);
    hostile.order({ view: only(logId, append(await forgedControl(world, logId, event))) });
    must(await azad.device().sync());
    const after = await beliefOf(azad, logId);
    expect(after.openers).toEqual(openers);
    expect(after.marks.map(({ kind }) => kind)).toEqual(["unauthentic"]);
    expect(must(await azad.device().peopleWhoCanRead(logId)).people).toHaveLength(3);
    await expectWhole(world);
  });
});

describe("a hostile server that hands out wraps", () => {
  /** Azad's device before it met the case, with these lies. */
  const seenWith = async (world: HostileWorld, lies: Lies) => sightUnder(world, world.fresh, { lies });
  const unread = { facts: [], isBehind: true, notices: [] };

  it.each([
    ["keeps them back", () => keepBackWraps],
    [
      "changes them",
      () => changeWraps((given) => ({ ...given, ciphertext: given.ciphertext.map((byte) => byte ^ 1) })),
    ],
    [
      "gives those of another reader",
      ({ server, logId, nour }: HostileWorld) => {
        const { keyId } = nour.unlocked().own.receivingKey;
        const wraps = server.state.logs.get(logId)?.wraps.filter(({ recipient }) => recipient === keyId) ?? [];
        assert(wraps.length > 0, "Nour has a wrap.");
        return serveWraps(
          wraps.map(({ bytes }) => bytes),
          true,
        );
      },
    ],
    [
      "says that another reader's are this one's",
      ({ nour, fresh }: HostileWorld) => {
        const { keyId } = nour.unlocked().own.receivingKey;
        const mine = fresh.unlocked().own.receivingKey.keyId;
        return changeWraps((given) => ({
          ...given,
          recipient: given.recipient === keyId ? keyId : mine,
          // Of somebody who could have sent it, and who would be blamed for a false key.
          author: nour.unlocked().own.identityKey.keyId,
        }));
      },
    ],
  ])("and %s blames nobody: the case is not read, and is once the server is honest", async (how, lies) => {
    const world = await makeHostileWorld(how);
    const sight = await seenWith(world, lies(world));
    expect(sight).toMatchObject(unread);
    expect(sight.marks).toContain("no-key");
    await expectWhole(world, world.fresh);
  });

  it("of its own making, before the true ones, opens the case with the true ones", async () => {
    const world = await makeHostileWorld("own wraps");
    const { logId, server, fresh } = world;
    const { identityKey } = await own();
    const recipient = fresh.unlocked().own.receivingKey;
    const key = makeCaseKey(randomness);
    const made = await wrap({ purpose: "key-wrap", logId, key, recipient, author: identityKey }, randomness);
    const [stored] = server.state.logs.get(logId)?.wraps ?? [];
    const { keyCommitment } = must(parseWrap(stored?.bytes ?? new Uint8Array()));
    const author = world.nour.unlocked().own.identityKey.keyId;
    const served = [made, { ...made, keyCommitment }, { ...made, keyCommitment, author }].map(encodeWrap);
    expect(await seenWith(world, serveWraps(served, true))).toMatchObject(unread);
    expect(await seenWith(world, serveWraps(served))).toMatchObject({ facts: all, isBehind: false, notices: [] });
    await expectWhole(world, fresh);
  });

  it("of a team's key that nobody of the organisation made gives the team no other key", async () => {
    const world = await makeHostileWorld("team wrap");
    const { nour, azad, hostile, organisation } = world;
    const { identityKey } = await own();
    const ids = [must(await nour.device().ownPerson()), must(await azad.device().ownPerson())];
    const supervisors = ids.flatMap((id) => id ?? []);
    const team = must(await nour.device().newTeamId());
    const acted = must(await nour.device().formTeam(team, supervisors));
    if (acted.stands === "waits") must(await azad.device().confirmProposal(acted.entry));
    const commitment = (await beliefOf(nour, world.logId)).organisation?.teams.get(team)?.commitment;
    assert(commitment !== undefined, "The team stands.");
    const recipient = azad.unlocked().own.receivingKey;
    const key = makeCaseKey(randomness);
    const made = await wrap(
      { purpose: "team-wrap", logId: organisation, key, recipient, author: identityKey },
      randomness,
    );
    const hasTeamKey = () => azad.unlocked().held.get(organisation)?.record.keys.has(toHex(commitment));
    hostile.order({ lies: serveWraps([encodeWrap({ ...made, keyCommitment: commitment })], true) });
    must(await azad.device().sync());
    expect(hasTeamKey()).toBe(false);
    hostile.order({});
    must(await azad.device().sync());
    await syncAll(nour, azad);
    await expectWhole(world);
  });
});

describe("a hostile server that says that it holds what it threw away", () => {
  it("is given an entry again once it is asked what it holds", async () => {
    const world = await makeHostileWorld("threw away");
    const { nour, shilan, azad, hostile, logId } = world;
    hostile.order({ lies: acknowledgeWithoutStoring });
    await write(shilan, logId, "thrown-away");
    must(await shilan.device().sync());
    expect(must(await shilan.device().syncState()).unsent).toBe(0);
    hostile.order({});
    must(await shilan.device().sync());
    expect((await sightOf(shilan, logId)).notices).toEqual(["ServerLacked"]);
    await syncAll(nour, azad);
    for (const each of [nour, azad, shilan]) expect((await sightOf(each, logId)).facts).toContain("thrown-away");
  });

  it("is given a control entry again likewise", async () => {
    const world = await makeHostileWorld("threw a control entry away");
    const { nour, shilan, azad, hostile, logId, server } = world;
    const log = server.state.logs.get(logId);
    const before = log?.tip;
    hostile.order({ lies: acknowledgeControlWithoutAppending(before) });
    must(await nour.device().adoptEntries(logId, log?.entries.slice(0, 1).map(({ hash }) => hash) ?? []));
    await nour.device().sync();
    expect(log?.tip).toBe(before);
    hostile.order({});
    await syncAll(nour, azad, shilan);
    expect(log?.tip).not.toBe(before);
    for (const each of [nour, azad, shilan])
      expect((await readingOn(each, logId)).review.controlLine.at(-1)).toBe(log?.tip);
    await expectWhole(world);
  });

  it("is given an epoch again with its keys and with whom it serves, so that all who read can read on", async () => {
    const world = await makeHostileWorld("threw an epoch away");
    const { nour, shilan, azad, hostile, logId, server } = world;
    const log = server.state.logs.get(logId);
    const before = log?.tip;
    const person = must(await shilan.device().ownPerson());
    assert(person !== undefined, "Shilan is known.");
    hostile.order({ lies: acknowledgeControlWithoutAppending(before) });
    must(await nour.device().takeAccess(logId, { kind: "person", person }));
    await nour.device().sync();
    expect(log?.tip).toBe(before);
    hostile.order({});
    await syncAll(nour);
    expect(log?.tip).not.toBe(before);
    expect((await sightOf(nour, logId)).notices).toEqual(["ServerLacked"]);
    const keysOf = (each: Handset) => each.unlocked().own.receivingKey.keyId;
    expect([...(log?.serving ?? [])].sort()).toEqual([keysOf(nour), keysOf(azad)].sort());
    await write(nour, logId, "after-the-epoch");
    await syncAll(nour, azad);
    const facts = [...all, "after-the-epoch"].sort();
    expect(await sightOf(azad, logId)).toEqual({ facts, marks: [], isBehind: false, notices: [] });
    await shilan.device().sync();
    expect((await sightOf(shilan, logId)).facts).not.toContain("after-the-epoch");
  });

  it("is given an epoch again with the earlier keys for whom it brings", async () => {
    const world = await makeHostileWorld("threw a new reader away");
    const { nour, shilan, azad, hostile, logId, server } = world;
    const person = must(await shilan.device().ownPerson());
    assert(person !== undefined, "Shilan is known.");
    must(await nour.device().takeAccess(logId, { kind: "person", person }));
    await syncAll(nour);
    await write(nour, logId, "while-away");
    await syncAll(nour, azad);
    hostile.order({ lies: throwKeysAway(server.state.logs.get(logId)?.tip) });
    must(await nour.device().giveAccess(logId, { kind: "person", person }));
    await nour.device().sync();
    hostile.order({});
    await syncAll(nour, shilan);
    const facts = [...all, "while-away"].sort();
    expect(await sightOf(shilan, logId)).toMatchObject({ facts, marks: [], isBehind: false });
  });

  it("is given the enrolment of a colleague again, with the keys of the organisation and with whom it serves", async () => {
    const world = await makeHostileWorld("threw a colleague away");
    const { nour, shilan, hostile, organisation, server } = world;
    const invited = world.handset("rojin", hostile);
    const { id, invitation } = must(await nour.device().openInvitation({ kind: "join", role: "caseworker" }, 60));
    must(await invited.device().acceptInvitation({ invitation, password, language: "ckb" }));
    const answer = must(await nour.device().readAnswers()).find((each) => each.id === id);
    assert(answer !== undefined, "The newcomer has answered.");
    hostile.order({ lies: throwKeysAway(server.state.logs.get(organisation)?.tip) });
    must(await nour.device().confirmAnswer(id, answer.answer));
    hostile.order({});
    // Whoever the server does not trust with it leaves it to those it does.
    await syncAll(shilan, nour, shilan, invited);
    const person = must(await invited.device().ownPerson());
    expect(person).toBeDefined();
    expect((await beliefOf(shilan, world.logId)).organisation?.people.has(person as PersonId)).toBe(true);
    expect(await openNewCase(invited)).toBeDefined();
  });
});

describe("a hostile server that makes cases up", () => {
  /** Begun as the true one was, by the same colleague, and signed by nobody. */
  const makeUp = (
    { server, logId: caseLog }: HostileWorld,
    count: number,
    ciphertext?: Bytes,
    like: LogId = caseLog,
  ): readonly LogId[] => {
    const log = server.state.logs.get(like);
    const first = entryOf(log?.entries[0]?.bytes ?? new Uint8Array());
    assert(log !== undefined && first !== undefined, "The true log has begun.");
    return Array.from({ length: count }, () => {
      // Of the length of one, and where they are long before any other.
      const logIdOfNone = toHex(randomness(16)).replace(/^../u, ciphertext === undefined ? "$&" : "00") as LogId;
      const bodied = ciphertext === undefined ? first : { ...first, ciphertext };
      const { hash, header, ...rest } = withHeader(bodied, { logId: logIdOfNone });
      const entries = [{ hash, header, bytes: encodeEntry({ hash, header, ...rest }) }];
      const digests = [digestOfNone(), nextDigest(digestOfNone(), hash)];
      const made = { ...log, logId: logIdOfNone, entries, digests, places: new Map([[hash, 0]]), tip: hash };
      server.state.logs.set(logIdOfNone, { ...made, wraps: [], senders: new Map() });
      return logIdOfNone;
    });
  };

  it("fills nobody's device: nothing of them is kept, and they are fetched once until the organisation grows", async () => {
    const world = await makeHostileWorld("made up");
    const { nour, azad, shilan, hostile } = world;
    await syncAll(azad);
    const kept = new Set(azad.store().contents().keys());
    const madeUp = new Set(makeUp(world, 20));
    let asked = 0;
    hostile.order({
      lies: {
        pull: ({ request, pass }) => {
          asked += request.wants.filter(({ logId }) => madeUp.has(logId)).length;
          return pass();
        },
      },
    });
    for (let exchange = 0; exchange < 3; exchange++) must(await azad.device().sync());
    expect([...azad.store().contents().keys()].filter((name) => !kept.has(name))).toEqual([]);
    expect(asked).toBe(20);
    const person = must(await shilan.device().ownPerson());
    assert(person !== undefined, "Shilan is known.");
    await act(nour, [{ type: "PersonNamed", person, name: "Shilan" }]);
    for (let exchange = 0; exchange < 3; exchange++) must(await azad.device().sync());
    expect([...azad.store().contents().keys()].filter((name) => !kept.has(name))).toEqual([]);
    expect(asked).toBe(40);
    await expectWhole(world);
  });

  // As the server that ships fills an answer: nothing comes behind what had no room.
  const inOrder: Lies["pull"] = async ({ pass }) => {
    const answer = await pass();
    if (!answer.ok) return answer;
    const { logs, wraps } = answer.value;
    const cut = logs.findIndex(({ after, entries, end }) => after + entries.length < end);
    return ok({ logs: logs.map((log, at) => (cut === -1 || at <= cut ? log : { ...log, entries: [] })), wraps });
  };

  it("keeps nobody waiting for true cases by what is so long that these have no room beside it", async () => {
    const world = await makeHostileWorld("made up long");
    const { fresh, logId, hostile } = world;
    const madeUp = makeUp(world, 31, randomness(60_000));
    hostile.order({ lies: { pull: inOrder } });
    must(await fresh.device().sync());
    expect(must(await fresh.device().viewCase(logId)).isBehind).toBe(false);
    const kept = [...fresh.store().contents().keys()];
    expect(kept.filter((name) => madeUp.some((each) => name.includes(each)))).toEqual([]);
  });

  it("keeps nobody from their organisation by others that are so long that it has no room beside them", async () => {
    const world = await makeHostileWorld("made up long organisations");
    const { nour, logId, hostile, organisation } = world;
    makeUp(world, 9, randomness(60_000), organisation);
    const tablet = world.handset("tablet", hostile);
    const digits = must(await nour.device().kit());
    hostile.order({ lies: { pull: inOrder } });
    must(await tablet.device().enrolWithKit({ digits, password, language: "ckb" }));
    must(await tablet.device().sync());
    expect(tablet.unlocked().organisation()?.logId).toBe(organisation);
    expect(must(await tablet.device().viewCase(logId)).isBehind).toBe(false);
  });

  it("stops no device by saying of a log that is new there that it stands otherwise", async () => {
    const world = await makeHostileWorld("otherwise than nothing");
    const { fresh, hostile, logId } = world;
    const otherwise: Lies["pull"] = async ({ pass }) => {
      const answer = await pass();
      if (!answer.ok) return answer;
      const logs = answer.value.logs.map((log) => (log.logId === logId ? { ...log, isSame: false, entries: [] } : log));
      return ok({ ...answer.value, logs });
    };
    hostile.order({ lies: { pull: otherwise } });
    must(await fresh.device().sync());
    expect((await fresh.device().viewCase(logId)).ok).toBe(false);
    hostile.order({});
    must(await fresh.device().sync());
    expect((await sightOf(fresh, logId)).facts).toEqual(all);
  });

  it("fills no case that is known: few of its entries are kept, and what is signed comes between them, late where it came spoiled", async () => {
    const world = await makeHostileWorld("made up in a known case");
    const { nour, azad, fresh, hostile, logId } = world;
    nour.minutesAhead = 30;
    await write(nour, logId, "last");
    await syncAll(nour);
    const base = entryOf(entriesAt(world, logId)[places.opening] ?? new Uint8Array());
    assert(base !== undefined, "The true case was opened.");
    const made = Array.from({ length: 700 }, () => {
      const entry = withHeader(base, { nonce: randomness(base.header.nonce.length) });
      return encodeEntry({ ...entry, signature: randomness(entry.signature.length) });
    });
    const among = (spoil: (bytes: Bytes, at: number) => Bytes): View =>
      only(logId, ({ entries }) => [
        ...entries.slice(0, places.first),
        ...made.slice(0, 600),
        ...entries.slice(places.first).map(spoil),
        ...made.slice(600),
      ]);
    const spoilt = (bytes: Bytes): Bytes => {
      const entry = entryOf(bytes);
      return entry === undefined ? bytes : encodeEntry({ ...entry, signature: randomness(entry.signature.length) });
    };
    const held = ({ unlocked }: Handset) => unlocked().held.get(logId);
    hostile.order({ view: among(spoilt) });
    await azad.device().sync();
    expect([held(azad)?.entries.length, (await sightOf(azad, logId)).facts]).toEqual([places.first + unsignedMax, []]);
    hostile.order({ view: among((bytes) => bytes) });
    await azad.restart();
    await azad.device().sync();
    expect((await sightOf(azad, logId)).facts).toEqual(all);
    expect(held(azad)?.entries).toHaveLength(entriesAt(world, logId).length + unsignedMax);
    // It was read before it was kept, and is new to people all the same.
    expect(azad.device().notices()).toContainEqual({ type: "ClockDiffers", logId, minutes: 30 });
    // What a signed one names is kept wherever it stands.
    const [third] = hashesAt(world, logId).slice(places.third);
    hostile.order({ view: among((bytes, at) => (at === places.third - places.first ? spoilt(bytes) : bytes)) });
    await fresh.device().sync();
    expect([...(held(fresh)?.hashes ?? [])]).toContain(third);
    expect(held(fresh)?.entries.length).toBeLessThan(made.length);
    await expectWhole(world);
  });

  const ways = ["an exchange", "an act"] as const;
  it.each(ways)("keeps nobody from the case of a colleague of whom they hear only afterwards, by %s", async (way) => {
    const world = await makeHostileWorld(`heard of later by ${way}`);
    const { nour, azad, server, organisation, hostile } = world;
    const { length } = server.state.logs.get(organisation)?.entries ?? [];
    const rojin = world.handset("rojin");
    await invite(nour, rojin);
    await syncAll(nour, rojin);
    const logId = await openNewCase(rojin);
    await syncAll(rojin);
    hostile.order({ view: only(organisation, rollBackTo(length)) });
    must(await azad.device().sync());
    expect((await azad.device().viewCase(logId)).ok).toBe(false);
    hostile.order({});
    const person = must(await azad.device().ownPerson());
    assert(person !== undefined, "Azad is known.");
    // It fetches first by what the organisation has grown.
    if (way === "an act") must(await azad.device().namePerson(person, "Azad"));
    must(await azad.device().sync());
    expect(must(await azad.device().viewCase(logId)).isBehind).toBe(false);
  });
});

describe("a hostile server that goes back in time", () => {
  it("with the account vault is refused by who has seen a newer one", async () => {
    const world = await makeHostileWorld("older vault");
    const { nour, hostile } = world;
    const before = must(await nour.unlocked().ask("read-vault", {}));
    const next = "seventeen storks over the flat roofs of Amedi";
    must(await nour.device().changePassword({ current: password, next }));
    hostile.order({ lies: olderVault(before.generation, before.vault) });
    expect((await nour.device().takeNewPassword(password)).ok).toBe(false);
    hostile.order({ lies: olderVault(before.generation + 7, before.vault) });
    expect((await nour.device().takeNewPassword(next)).ok).toBe(false);
    // Whoever goes back to a password of before opens an older vault with it; its generation tells.
    hostile.order({});
    must(await nour.device().changePassword({ current: next, next: password }));
    hostile.order({ lies: olderVault(before.generation, before.vault) });
    expect(await nour.device().takeNewPassword(password)).toEqual(err({ type: "StaleAccountVault" }));
    hostile.order({});
    must(await nour.device().sync());
  });

  it("with the account vault of somebody else gives a new device nothing", async () => {
    const world = await makeHostileWorld("another vault");
    const { nour, azad, hostile } = world;
    const digits = must(await nour.device().kit());
    const { generation, vault } = must(await azad.unlocked().ask("read-vault", {}));
    hostile.order({ lies: olderVault(generation, vault) });
    const tablet = world.handset("tablet", hostile);
    const enrolling = { digits, password, language: "ckb" };
    expect(await tablet.device().enrolWithKit(enrolling)).toEqual(err({ type: "AccountVaultDamaged" }));
    expect(await tablet.device().phase()).toBe("new");
    hostile.order({});
    must(await tablet.device().enrolWithKit(enrolling));
    await syncAll(tablet);
    expect((await sightOf(tablet, world.logId)).facts).toEqual(all);
  });

  it("with the organisation is found out by what a colleague wrote who had seen more", async () => {
    const world = await makeHostileWorld("stale organisation");
    const { nour, azad, shilan, organisation, logId } = world;
    const person = must(await shilan.device().ownPerson());
    assert(person !== undefined, "Shilan is known.");
    await act(nour, [{ type: "PersonNamed", person, name: "Shilan" }]);
    must(await nour.device().sync());
    await write(nour, logId, "as-named");
    must(await nour.device().sync());
    const sight = await sightUnder(world, azad, { view: only(organisation, dropTail(1)) });
    expect(sight).toEqual({ facts: all, marks: ["organisation-unknown"], isBehind: true, notices: [] });
    const beliefs = await settled(world, nour, shilan, azad);
    for (const { state, marks } of beliefs) {
      expect(state.facts.saidByFact.size).toBe(all.length + 1);
      expect(state).toEqual(beliefs[0]?.state);
      expect(marks).toEqual([]);
    }
  });
});

describe("a hostile server that relays the challenge of another", () => {
  it("cannot sign in there as the person: the signature is for one origin", async () => {
    const world = await makeHostileWorld("relay");
    const { nour, hostile, server } = world;
    const other = makeMemoryServer({
      clock: world.now,
      randomness: seededRandomness("the other server"),
      origin: "https://elsewhere.example",
      copied: server.state,
    });
    const account = toHex(nour.unlocked().account.accountId);
    let taken: unknown;
    const begun = await other.call("begin-sign-in", undefined, wire["begin-sign-in"].encodeRequest({ account }));
    const { challenge } = wire["begin-sign-in"].decodeResponse(must(begun)) ?? {};
    assert(challenge !== undefined, "The other server asks as well.");
    hostile.order({
      lies: {
        ...relayChallenge(challenge),
        "sign-in": async ({ request, pass }) => {
          taken = await other.call("sign-in", undefined, wire["sign-in"].encodeRequest(request));
          return pass();
        },
      },
    });
    for (const [token, known] of server.state.tokens) if (known.account === account) server.state.tokens.delete(token);
    expect(await nour.device().sync()).toEqual(err({ type: "Locked" }));
    must(await nour.device().unlock(password));
    expect((await nour.device().sync()).ok).toBe(false);
    expect(taken).toEqual(err({ type: "Refused", code: "NotSignedIn", afterSeconds: undefined }));
    await expectWhole(world);
  });
});
