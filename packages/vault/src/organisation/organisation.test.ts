/** Who has a say in an organisation: a second person for what changes who can read, and nobody left alone. */

import { assert } from "@amana/kernel";
import {
  encodeCbor,
  huskOf,
  parseEntry,
  type CborMap,
  type EntryHash,
  type Received,
  type SealedEntry,
} from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import {
  commitTo,
  makeCaseKey,
  makeIdentityKey,
  makeReceivingKey,
  makeRecoveryKey,
  makeTeamId,
  platformDeflate,
  presentPersonOf,
  presentSupervisors,
  readOrganisation,
  readOrganisationEvent,
  writeOrganisationEvent,
  type Organisation,
  type OrganisationEvent,
  type OrganisationReading,
  type Team,
} from "../index.ts";
import {
  beginEpoch,
  keysOf,
  logIdFor,
  makePerson,
  makeWorld,
  memberOf,
  must,
  seededRandomness,
  type TestPerson,
  type World,
} from "../testing/world.ts";
import { evolveOrganisation } from "./evolve.ts";

const randomness = seededRandomness("organisation.test");

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const now = async (): Promise<Organisation> => (await world.readOrganisation()).current;
const rolesOf = async ({ id }: TestPerson) => [...must((await now()).people.get(id)).roles].sort();
const marked = async (entry: SealedEntry) => (await now()).withoutAuthority.includes(entry.hash);
const confirm = (by: TestPerson, entry: SealedEntry) => world.act(by, { type: "Confirmed", proposal: entry.hash });

const teamOf = async (...supervisors: readonly TestPerson[]): Promise<Omit<Team, "members">> => {
  const key = await makeReceivingKey(randomness);
  return {
    id: makeTeamId(randomness),
    receivingKey: { keyId: key.keyId, publicKey: key.publicKey },
    commitment: await commitTo(key.seed, world.organisation.logId),
    supervisors: new Set(supervisors.map(({ id }) => id)),
  };
};

const newKeys = async () => ({
  identityKey: makeIdentityKey(randomness),
  receivingKey: await makeReceivingKey(randomness),
});

describe("a young organisation", () => {
  it("has a founder with every role, who makes the second supervisor alone, because no case exists yet", async () => {
    expect(await rolesOf(world.nour)).toEqual(["administrator", "caseworker", "supervisor"]);
    expect(await rolesOf(world.azad)).toEqual(["caseworker", "supervisor"]);
    expect(await rolesOf(world.hevi)).toEqual(["administrator"]);
    expect((await now()).withoutAuthority).toEqual([]);
  });

  it("with one supervisor still needs that one for what an administrator proposes", async () => {
    const young = await makeWorld();
    const reading = await young.readOrganisation();
    const asOfEnrolment = [...reading.asOf.values()][4]?.organisation;
    const by = must(asOfEnrolment?.people.get(young.hevi.id));
    const event = { type: "RoleGiven", person: young.rami.id, role: "supervisor" } as const;
    const after = evolveOrganisation(must(asOfEnrolment), { hash: "h" as EntryHash, event, by });
    expect(presentSupervisors(after)).toHaveLength(1);
    expect(after.proposals.size).toBe(1);
  });
});

describe("what changes who can read", () => {
  it("waits for a second supervisor: a new supervisor", async () => {
    const proposal = await world.act(world.nour, { type: "RoleGiven", person: world.rojin.id, role: "supervisor" });
    expect(await rolesOf(world.rojin)).toEqual(["caseworker"]);
    expect((await now()).proposals.has(proposal.hash)).toBe(true);
    await confirm(world.azad, proposal);
    expect(await rolesOf(world.rojin)).toEqual(["caseworker", "supervisor"]);
    expect((await now()).proposals.size).toBe(0);
  });

  it("waits for a second supervisor: a person's keys, the policy, the recovery key, a team's key", async () => {
    const { recoveryKey } = await makeRecoveryKey(2, 3, randomness);
    const team = await teamOf(world.nour, world.azad);
    await world.act(world.nour, { type: "TeamFormed", team });
    const keys = await newKeys();
    const acts: readonly [OrganisationEvent, (organisation: Organisation) => unknown][] = [
      [
        { type: "KeysReplaced", person: world.rojin.id, ...keys },
        ({ people }) => people.get(world.rojin.id)?.identityKey.keyId,
      ],
      [{ type: "PolicySet", policy: { retentionYears: 5 } }, ({ policy }) => policy["retentionYears"]],
      [{ type: "RecoveryKeySet", recoveryKey }, (organisation) => organisation.recoveryKey?.k],
      [
        { type: "TeamKeyReplaced", team: { ...(await teamOf(world.nour)), id: team.id } },
        ({ teams }) => teams.get(team.id)?.receivingKey.keyId,
      ],
      [{ type: "RecoveryKeySet", recoveryKey: undefined }, (organisation) => organisation.recoveryKey],
    ];
    for (const [event, look] of acts) {
      const before = look(await now());
      const proposal = await world.act(world.nour, event);
      expect(look(await now()), event.type).toEqual(before);
      await confirm(world.azad, proposal);
      expect(look(await now()), event.type).not.toEqual(before);
    }
    expect((await now()).withoutAuthority).toEqual([]);
  });

  it("is not confirmed by who proposed it, by whom it is about, by a caseworker, or twice", async () => {
    const keys = await newKeys();
    const proposal = await world.act(world.nour, { type: "KeysReplaced", person: world.azad.id, ...keys });
    for (const by of [world.nour, world.azad, world.rami, world.hevi])
      expect(await marked(await confirm(by, proposal))).toBe(true);
    expect((await now()).people.get(world.azad.id)?.identityKey.keyId).toBe(world.azad.identityKey.keyId);

    const role = await world.act(world.nour, { type: "RoleGiven", person: world.rojin.id, role: "supervisor" });
    await confirm(world.azad, role);
    expect(await marked(await confirm(world.azad, role))).toBe(true);
    expect(await marked(await confirm(world.azad, world.organisation.entries[0]?.entry as SealedEntry))).toBe(true);
  });

  it("does not count when its proposer lost their say before it was confirmed", async () => {
    const proposal = await world.act(world.hevi, { type: "RoleGiven", person: world.rami.id, role: "supervisor" });
    await world.act(world.nour, { type: "RoleTaken", person: world.hevi.id, role: "administrator" });
    expect(await marked(await confirm(world.azad, proposal))).toBe(true);
    expect(await rolesOf(world.rami)).toEqual(["caseworker"]);
  });

  it("does not count when it no longer fits", async () => {
    const proposal = await world.act(world.nour, { type: "RoleGiven", person: world.rami.id, role: "supervisor" });
    await world.act(world.nour, { type: "PersonLeft", person: world.rami.id });
    expect(await marked(await confirm(world.azad, proposal))).toBe(true);
  });

  it("is one proposal in one entry, because a confirmation names the entry", async () => {
    const events = ([world.rami, world.rojin] as const).map(({ id }) =>
      writeOrganisationEvent({ type: "RoleGiven", person: id, role: "supervisor" }),
    );
    const both = await world.organisation.write(world.nour, events);
    expect(await marked(both)).toBe(true);
    expect((await now()).proposals.size).toBe(0);
  });
});

describe("a curious insider", () => {
  it("has no say, whatever they write", async () => {
    const { rami } = world;
    const stranger = await makePerson("stranger");
    const team = await teamOf(world.nour);
    const { recoveryKey } = await makeRecoveryKey(2, 3, randomness);
    const acts: readonly OrganisationEvent[] = [
      { type: "RoleGiven", person: rami.id, role: "supervisor" },
      { type: "RoleTaken", person: world.azad.id, role: "supervisor" },
      { type: "PersonEnrolled", role: "caseworker", ...keysOf(stranger) },
      { type: "KeysReplaced", ...keysOf(stranger), person: world.rojin.id },
      { type: "PersonLeft", person: world.rojin.id },
      { type: "TeamFormed", team },
      { type: "TeamKeyReplaced", team },
      { type: "TeamJoined", team: team.id, person: rami.id },
      { type: "TeamLeft", team: team.id, person: rami.id },
      { type: "PolicySet", policy: {} },
      { type: "RecoveryKeySet", recoveryKey },
      { type: "OrganisationFounded", ...keysOf(rami) },
      { type: "EpochBegun", members: [memberOf(rami)], cut: [], reason: "" },
    ];
    const before = { ...(await now()), withoutAuthority: [] };
    for (const event of acts) expect(await marked(await world.act(rami, event)), event.type).toBe(true);
    expect({ ...(await now()), withoutAuthority: [] }).toEqual(before);
  });

  it("does not change the organisation's key by an epoch of their own", async () => {
    const ramis = { type: "EpochBegun", members: [memberOf(world.rami)], cut: [], reason: "" } as const;
    const key = must([...world.organisation.keys.values()][0]);
    await world.act(world.rami, ramis, { beginsEpoch: true, caseKey: makeCaseKey(randomness) });
    const after = await world.act(world.nour, { type: "PolicySet", policy: { a: 1 } }, { caseKey: key });
    expect((await now()).proposals.has(after.hash)).toBe(true);
  });

  it("cannot announce their own new keys, even as a supervisor", async () => {
    const entry = await world.act(world.azad, { type: "KeysReplaced", person: world.azad.id, ...(await newKeys()) });
    expect(await marked(entry)).toBe(true);
  });

  it("cannot enrol someone under a colleague's keys, or someone who is there already", async () => {
    const stranger = await makePerson("stranger");
    const again = { person: world.rojin.id, identityKey: stranger.identityKey, receivingKey: stranger.receivingKey };
    for (const keys of [
      { ...keysOf(stranger), identityKey: world.azad.identityKey },
      { ...keysOf(stranger), receivingKey: world.azad.receivingKey },
      again,
    ])
      expect(await marked(await world.act(world.nour, { type: "PersonEnrolled", role: "caseworker", ...keys }))).toBe(
        true,
      );
    const supervisor = await world.act(world.nour, { type: "PersonEnrolled", role: "supervisor", ...keysOf(stranger) });
    expect(await marked(supervisor)).toBe(true);
  });

  it("brings no key back that was a colleague's before, under another's name or the same", async () => {
    const { identityKey, receivingKey } = world.rojin;
    const replaced = await world.act(world.nour, {
      type: "KeysReplaced",
      person: world.rojin.id,
      ...(await newKeys()),
    });
    await confirm(world.azad, replaced);
    expect((await now()).people.get(world.rojin.id)?.receivingKey.keyId).not.toBe(receivingKey.keyId);
    for (const old of [{ identityKey }, { receivingKey }]) {
      const stranger = { ...keysOf(await makePerson("stranger")), ...old };
      const enrolled = await world.act(world.nour, { type: "PersonEnrolled", role: "caseworker", ...stranger });
      expect(await marked(enrolled)).toBe(true);
      for (const person of [world.rojin.id, world.rami.id]) {
        const again = { type: "KeysReplaced", person, ...(await newKeys()), ...old } as const;
        expect(await marked(await world.act(world.nour, again))).toBe(true);
      }
    }
  });

  it("brings no weak key into the organisation", async () => {
    const good = must(
      writeOrganisationEvent({ type: "PersonEnrolled", role: "caseworker", ...keysOf(await makePerson("s")) }),
    );
    expect(await readOrganisationEvent(good)).toBeDefined();
    const data = good.data as CborMap;
    for (const weak of [{ identity: new Uint8Array(32) }, { receiving: new Uint8Array(1216).fill(255) }])
      expect(await readOrganisationEvent({ ...good, data: { ...data, ...weak } })).toBeUndefined();
  });
});

describe("who leaves", () => {
  it("has no say any more, keeps their authorship, and is a supervisor of no team", async () => {
    const team = await teamOf(world.nour, world.azad);
    await world.act(world.nour, { type: "TeamFormed", team });
    const third = await world.act(world.nour, { type: "RoleGiven", person: world.rojin.id, role: "supervisor" });
    await confirm(world.azad, third);
    await world.act(world.nour, { type: "PersonLeft", person: world.azad.id });
    const organisation = await now();
    expect(presentPersonOf(organisation, world.azad.identityKey.keyId)).toBeUndefined();
    expect(organisation.personByKeyEver.get(world.azad.identityKey.keyId)?.person).toBe(world.azad.id);
    expect([...must(organisation.teams.get(team.id)).supervisors]).toEqual([world.nour.id]);
    expect(await marked(await world.act(world.azad, { type: "PolicySet", policy: {} }))).toBe(true);
    expect(await marked(await world.act(world.nour, { type: "PersonLeft", person: world.azad.id }))).toBe(true);
  });

  it("never leaves fewer than two supervisors, or a team without one", async () => {
    for (const event of [
      { type: "PersonLeft", person: world.azad.id },
      { type: "RoleTaken", person: world.azad.id, role: "supervisor" },
    ] as const)
      expect(await marked(await world.act(world.nour, event))).toBe(true);
    const third = await world.act(world.nour, { type: "RoleGiven", person: world.rojin.id, role: "supervisor" });
    await confirm(world.azad, third);
    await world.act(world.nour, { type: "TeamFormed", team: await teamOf(world.azad) });
    expect(await marked(await world.act(world.nour, { type: "PersonLeft", person: world.azad.id }))).toBe(true);
    expect(
      await marked(await world.act(world.nour, { type: "RoleTaken", person: world.rojin.id, role: "supervisor" })),
    ).toBe(false);
  });

  it("is sent away by another, never by themselves", async () => {
    const third = await world.act(world.nour, { type: "RoleGiven", person: world.rojin.id, role: "supervisor" });
    await confirm(world.azad, third);
    expect(await marked(await world.act(world.azad, { type: "PersonLeft", person: world.azad.id }))).toBe(true);
    expect(await marked(await world.act(world.nour, { type: "PersonLeft", person: world.azad.id }))).toBe(false);
  });

  it("replaced keys sign nothing any more", async () => {
    const keys = await newKeys();
    const proposal = await world.act(world.nour, { type: "KeysReplaced", person: world.hevi.id, ...keys });
    await confirm(world.azad, proposal);
    expect(await marked(await world.act(world.hevi, { type: "PolicySet", policy: {} }))).toBe(true);
    const renewed = { ...world.hevi, ...keys };
    const entry = await world.act(
      renewed,
      { type: "PolicySet", policy: { b: 2 } },
      { header: { counter: 1, previous: undefined } },
    );
    expect(await marked(entry)).toBe(false);
  });
});

describe("an organisation with one supervisor", () => {
  /** As it was before Azad supervised. */
  const young = async (): Promise<Organisation> =>
    must([...(await world.readOrganisation()).asOf.values()].at(-2)).organisation;
  let acts = 0;
  const after = (before: Organisation, by: TestPerson, event: OrganisationEvent): Organisation | undefined => {
    const hash = String(acts++) as EntryHash; // Only a name of the entry.
    const evolved = evolveOrganisation(before, { hash, event, by: must(before.people.get(by.id)) });
    return evolved.withoutAuthority.length > before.withoutAuthority.length ? undefined : evolved;
  };
  const newestProposal = ({ proposals }: Organisation): EntryHash => must([...proposals.keys()].at(-1));

  it("gives a colleague other keys only with somebody else who has a part in cases", async () => {
    const event = { type: "KeysReplaced", person: world.rami.id, ...(await newKeys()) } as const;
    const proposed = must(after(await young(), world.nour, event));
    expect(proposed.people.get(world.rami.id)?.identityKey.keyId).toBe(world.rami.identityKey.keyId);
    const confirmed = { type: "Confirmed", proposal: newestProposal(proposed) } as const;
    for (const by of [world.nour, world.rami, world.hevi]) expect(after(proposed, by, confirmed)).toBeUndefined();
    const agreed = must(after(proposed, world.azad, confirmed));
    expect(agreed.people.get(world.rami.id)?.identityKey.keyId).toBe(event.identityKey.keyId);
  });

  it("gives them alone while nobody else has a part in cases", async () => {
    const alone = [...(await world.readOrganisation()).asOf.values()][0]?.organisation;
    const enrolled = { type: "PersonEnrolled", role: "administrator", ...keysOf(world.hevi) } as const;
    const event = { type: "KeysReplaced", person: world.hevi.id, ...(await newKeys()) } as const;
    const replaced = must(after(must(after(must(alone), world.nour, enrolled)), world.nour, event));
    expect(replaced.people.get(world.hevi.id)).toMatchObject({ broughtBy: world.nour.id, metBy: new Set() });
    expect(replaced.people.get(world.hevi.id)?.identityKey.keyId).toBe(event.identityKey.keyId);
  });

  it("whose phone and kit are lost gets her back by two colleagues who have a part in cases", async () => {
    const event = { type: "KeysReplaced", person: world.nour.id, ...(await newKeys()) } as const;
    const met = { type: "PersonMet", person: world.rojin.id } as const;
    const before = must(after(await young(), world.azad, met));
    expect(after(before, world.nour, event)).toBeUndefined();
    const proposed = must(after(before, world.rojin, event));
    const confirmed = { type: "Confirmed", proposal: newestProposal(proposed) } as const;
    for (const by of [world.rojin, world.hevi, world.nour]) expect(after(proposed, by, confirmed)).toBeUndefined();
    const agreed = must(after(proposed, world.azad, confirmed));
    expect(presentPersonOf(agreed, event.identityKey.keyId)?.id).toBe(world.nour.id);
    expect(presentPersonOf(agreed, world.nour.identityKey.keyId)).toBeUndefined();
  });

  it("is the only one whose keys caseworkers may replace", async () => {
    const { rojin, nour, azad } = world;
    const keys = await newKeys();
    expect(after(await young(), rojin, { type: "KeysReplaced", person: azad.id, ...keys })).toBeUndefined();
    expect(after(await now(), rojin, { type: "KeysReplaced", person: nour.id, ...keys })).toBeUndefined();
  });
});

describe("a team", () => {
  it("has members and supervisors who are supervisors", async () => {
    const team = await teamOf(world.nour);
    await world.act(world.azad, { type: "TeamFormed", team });
    await world.act(world.azad, { type: "TeamJoined", team: team.id, person: world.rojin.id });
    expect([...must((await now()).teams.get(team.id)).members]).toEqual([world.rojin.id]);
    await world.act(world.nour, { type: "TeamLeft", team: team.id, person: world.rojin.id });
    expect((await now()).teams.get(team.id)?.members.size).toBe(0);
    for (const event of [
      { type: "TeamFormed", team },
      { type: "TeamFormed", team: await teamOf(world.rami) },
      { type: "TeamFormed", team: await teamOf() },
      { type: "TeamKeyReplaced", team: await teamOf(world.nour) },
      { type: "TeamJoined", team: makeTeamId(randomness), person: world.rojin.id },
      { type: "TeamJoined", team: team.id, person: makeTeamId(randomness) as unknown as typeof world.rojin.id },
    ] as const)
      expect(await marked(await world.act(world.nour, event)), event.type).toBe(true);
  });
});

describe("events", () => {
  const hostile = new Map<string, CborMap>();

  it("of each type read back what was written", async () => {
    const { recoveryKey } = await makeRecoveryKey(2, 3, randomness);
    const team = await teamOf(world.nour);
    const person = world.rojin.id;
    const { identityKey, receivingKey } = world.rojin;
    const publicOnly = {
      identityKey: { keyId: identityKey.keyId, publicKey: identityKey.publicKey },
      receivingKey: { keyId: receivingKey.keyId, publicKey: receivingKey.publicKey },
    };
    const events: readonly OrganisationEvent[] = [
      { type: "OrganisationFounded", person, ...publicOnly },
      { type: "PersonEnrolled", person, role: "caseworker", ...publicOnly },
      { type: "KeysReplaced", person, ...publicOnly },
      { type: "RoleGiven", person, role: "supervisor" },
      { type: "RoleTaken", person, role: "supervisor" },
      { type: "PersonLeft", person },
      { type: "PersonMet", person },
      { type: "TeamFormed", team },
      { type: "TeamKeyReplaced", team },
      { type: "TeamJoined", team: team.id, person },
      { type: "TeamLeft", team: team.id, person },
      { type: "PolicySet", policy: { a: 1 } },
      { type: "RecoveryKeySet", recoveryKey },
      { type: "RecoveryKeySet", recoveryKey: undefined },
      { type: "Confirmed", proposal: world.root },
      { type: "EpochBegun", members: [memberOf(world.nour)], cut: [world.root], reason: "" },
    ];
    for (const event of events) {
      const written = writeOrganisationEvent(event);
      expect(await readOrganisationEvent(written), event.type).toEqual(event);
      hostile.set(event.type, written.data as CborMap);
      expect(await readOrganisationEvent({ ...written, version: 2 })).toBeUndefined();
      for (const data of [null, [], 1, { ...(written.data as CborMap), more: 1 }])
        expect(await readOrganisationEvent({ ...written, data }), event.type).toBeUndefined();
      for (const [name, value] of Object.entries(written.data as CborMap)) {
        for (const wrong of [null, -1, "x", new Uint8Array(3), [1], { a: 1 }]) {
          if (name === "policy" && typeof wrong === "object" && wrong !== null && "a" in wrong) continue;
          if (name === "reason" && wrong === "x") continue;
          expect(value).toBeDefined();
          const data = { ...(written.data as CborMap), [name]: wrong };
          expect(await readOrganisationEvent({ ...written, data }), `${event.type} ${name}`).toBeUndefined();
        }
      }
    }
    expect(await readOrganisationEvent({ type: "toString", version: 1, data: {} })).toBeUndefined();
    expect(await readOrganisationEvent({ type: "Unknown", version: 1, data: {} })).toBeUndefined();
    expect(() => writeOrganisationEvent({ type: "PersonLeft", person: "00" as typeof person })).toThrow("16 bytes");
  });
});

describe("a hostile server", () => {
  const readWith = (
    entries: readonly Received[],
    settings: { root?: EntryHash; accepted?: EntryHash } = {},
  ): Promise<OrganisationReading> =>
    readOrganisation(
      {
        logId: world.organisation.logId,
        root: settings.root ?? world.root,
        entries,
        keyOf: world.organisation.keyOf,
        accepted: settings.accepted,
      },
      platformDeflate,
    );
  const entriesOf = () => [...world.organisation.entries];

  it("shows the same organisation in any order of entries", async () => {
    const one = await readWith(entriesOf());
    const other = await readWith(entriesOf().toReversed());
    expect(other.current).toEqual(one.current);
    expect(other.review).toEqual(one.review);
  });

  it("cannot show another organisation under the same root", async () => {
    const reading = await readWith(entriesOf(), { root: must(entriesOf()[1]).entry.hash });
    expect(reading.current.people.size).toBe(0);
    expect(reading.asOf.size).toBe(0);
  });

  it("cannot add, change or sign an entry in someone's name", async () => {
    const before = (await readWith(entriesOf())).current;
    const forged = await world.act(
      world.nour,
      { type: "RoleGiven", person: world.rami.id, role: "supervisor" },
      { isKeptBack: true, header: { author: world.nour.identityKey.keyId }, signedBy: world.nour.identityKey },
    );
    const spoiled = { ...forged, signature: new Uint8Array(64) };
    const reading = await readWith([...entriesOf(), { kind: "entry", entry: spoiled }]);
    expect(reading.current).toEqual(before);
    expect([...reading.review.unauthentic]).toEqual([forged.hash]);
  });

  it("that sends an entry twice, once with a spoiled signature or without its body, stops no reader", async () => {
    const whole = await readWith(entriesOf());
    const spoiled = entriesOf().flatMap((received): readonly Received[] => {
      assert(received.kind === "entry", "The test's own entries are of this version.");
      const { entry } = received;
      const signature = entry.signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
      return [{ kind: "entry", entry: { ...entry, signature } }, { kind: "entry", entry: huskOf(entry) }, received];
    });
    expect((await readWith(spoiled)).current).toEqual(whole.current);
  });

  it("that hides the tail shows a shorter line, which a device that has seen more can tell", async () => {
    const reading = await readWith(entriesOf().slice(0, 3));
    const seen = must(entriesOf().at(-1)).entry.hash;
    expect(reading.asOf.has(seen)).toBe(false);
  });

  it("that shows two lines is seen, and the one accepted before stays", async () => {
    const accepted = await world.act(world.nour, { type: "PolicySet", policy: { a: 1 } });
    const before = entriesOf();
    const place = before.length - 1;
    const { header } = accepted;
    const other = await world.act(
      world.azad,
      { type: "PolicySet", policy: { b: 1 } },
      { isKeptBack: true, header: { control: header.control, parents: [] } },
    );
    const both: readonly Received[] = [...before, { kind: "entry", entry: other }];
    const reading = await readWith(both, { accepted: accepted.hash });
    expect(reading.review.forks).toHaveLength(1);
    expect(reading.asOf.get(accepted.hash)?.place).toBe(place);
    const stranger = await readWith(both);
    expect(stranger.asOf.has(accepted.hash)).toBe(false);
    expect(stranger.current.people.size).toBe(5);
  });

  it("cannot hide that something cannot be read", async () => {
    const newer = parseEntry(encodeCbor([encodeCbor([2, 1]), new Uint8Array(1), new Uint8Array(64)]));
    assert(newer.ok, "A newer entry is readable as such.");
    const withNewer = await readWith([...entriesOf(), newer.value]);
    expect(withNewer.unreadable).toEqual([newer.value.entry.hash]);
    const withoutKeys = await readOrganisation(
      { logId: world.organisation.logId, root: world.root, entries: entriesOf(), keyOf: () => undefined },
      platformDeflate,
    );
    expect(withoutKeys.unreadable).toContain(world.root);
    expect(withoutKeys.current.people.size).toBe(0);
  });

  it("cannot pass a case for an organisation, nor an organisation whose founder signs for another", async () => {
    const log = world.openCase("a case");
    await beginEpoch(log, world.nour, [world.nour, world.azad]);
    const reading = await readWith(log.entries, { root: must(log.entries[0]).entry.hash });
    expect(reading.current.people.size).toBe(0);
    const stranger = await makePerson("stranger");
    const { makeLog } = await import("../testing/world.ts");
    const fake = makeLog("organisation", "organisation", () => undefined);
    const founding = await fake.write(stranger, [
      writeOrganisationEvent({ type: "OrganisationFounded", ...keysOf(world.nour) }),
    ]);
    const faked = await readOrganisation(
      { logId: logIdFor("organisation"), root: founding.hash, entries: fake.entries, keyOf: fake.keyOf },
      platformDeflate,
    );
    expect(faked.current.people.size).toBe(0);
    expect(faked.current.withoutAuthority).toEqual([founding.hash]);
  });
});

describe("a name", () => {
  const nameOf = async ({ id }: TestPerson) => (await now()).namesById.get(id);
  const name = (by: TestPerson, person: TestPerson, text: string) =>
    world.act(by, { type: "PersonNamed", person: person.id, name: text });

  it("is given by a supervisor or an administrator, and may be given anew", async () => {
    await name(world.nour, world.rojin, "Rojin");
    await name(world.hevi, world.rojin, "ڕۆژین");
    expect(await nameOf(world.rojin)).toBe("ڕۆژین");
  });

  it("is not given by a caseworker, not even their own", async () => {
    expect(await marked(await name(world.rami, world.rami, "Rami"))).toBe(true);
    expect(await nameOf(world.rami)).toBeUndefined();
  });

  it("that a colleague has is refused, so that nobody is taken for another", async () => {
    await name(world.nour, world.rojin, "Rojin");
    expect(await marked(await name(world.nour, world.rami, "Rojin"))).toBe(true);
    expect(await nameOf(world.rami)).toBeUndefined();
  });

  it.each(["", " Rojin", "Ro\u200bjin", "Ro\njin", "Ro  jin", "x".repeat(81)])(
    "is one line of 1 to 80 signs that everyone sees: %j is none",
    async (text) => {
      expect(await marked(await name(world.nour, world.rojin, text))).toBe(true);
    },
  );

  it("that a colleague once had stays theirs, and looks like theirs", async () => {
    await name(world.nour, world.rojin, "Rojin");
    await name(world.nour, world.rojin, "Rojîn Salih");
    expect(await marked(await name(world.nour, world.rami, "ROJIN"))).toBe(true);
    await name(world.nour, world.rojin, "Rojin");
    await name(world.nour, world.rojin, "Rojin");
    expect(await nameOf(world.rojin)).toBe("Rojin");
    expect((await now()).formerNamesById.get(world.rojin.id)).toEqual(["Rojîn Salih"]);
    expect(await marked(await name(world.nour, world.rami, "rojin salih"))).toBe(true);
    expect(await marked(await name(world.nour, world.rami, "Rami"))).toBe(false);
    expect((await now()).formerNamesById.has(world.rami.id)).toBe(false);
  });

  it("of a team is given in the same way", async () => {
    const team = await teamOf(world.nour);
    await world.act(world.nour, { type: "TeamFormed", team });
    await world.act(world.nour, { type: "TeamNamed", team: team.id, name: "Duhok" });
    expect((await now()).namesById.get(team.id)).toBe("Duhok");
    const strangers = await world.act(world.nour, { type: "TeamNamed", team: makeTeamId(randomness), name: "Erbil" });
    expect(await marked(strangers)).toBe(true);
  });
});
