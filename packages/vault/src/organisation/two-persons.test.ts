/** Who counts as a second person: nobody confirms with a colleague whom they alone have brought and met. */

import { type EntryHash, type SealedEntry } from "@amana/log";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  areTwoPersons,
  evolveOrganisation,
  makeIdentityKey,
  makePersonId,
  makeReceivingKey,
  whoCouldMeet,
  type Organisation,
  type OrganisationEvent,
  type PersonId,
} from "../index.ts";
import {
  beginEpoch,
  control,
  keysOf,
  makePerson,
  makeWorld,
  must,
  noted,
  seededRandomness,
  type TestPerson,
  type World,
} from "../testing/world.ts";

const randomness = seededRandomness("two-persons.test");

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const now = async (): Promise<Organisation> => (await world.readOrganisation()).current;
const counts = async (entry: SealedEntry) => !(await now()).withoutAuthority.includes(entry.hash);
const confirm = (by: TestPerson, entry: SealedEntry) => world.act(by, { type: "Confirmed", proposal: entry.hash });
const meet = (by: TestPerson, person: TestPerson) => world.act(by, { type: "PersonMet", person: person.id });
const areTwo = async (one: TestPerson, other: TestPerson) => areTwoPersons(await now(), one.id, other.id);
const couldMeet = async (person: TestPerson) => new Set(whoCouldMeet(await now(), person.id));

const makeSupervisor = async (person: TestPerson): Promise<void> => {
  const proposal = await world.act(world.nour, { type: "RoleGiven", person: person.id, role: "supervisor" });
  await confirm(world.azad, proposal);
};

describe("a colleague whom only whoever invited them has met", () => {
  it("does not confirm with that colleague, until a supervisor has met them", async () => {
    const { nour, azad, rojin } = world;
    await makeSupervisor(rojin);
    const first = await world.act(nour, { type: "PolicySet", policy: { a: 1 } });
    expect(await counts(await confirm(rojin, first))).toBe(false);
    expect((await now()).policy).toEqual({});
    expect(await counts(await meet(azad, rojin))).toBe(true);
    expect(await counts(await confirm(rojin, first))).toBe(true);
    expect((await now()).policy).toEqual({ a: 1 });
  });

  it("confirms with anybody else", async () => {
    const { azad, rojin } = world;
    await makeSupervisor(rojin);
    const proposal = await world.act(azad, { type: "PolicySet", policy: { a: 1 } });
    expect(await counts(await confirm(rojin, proposal))).toBe(true);
  });

  it("erases nothing with that colleague", async () => {
    const { nour, azad, rojin } = world;
    const log = world.openCase("a case");
    await beginEpoch(log, nour, [nour, azad, rojin]);
    const note = await log.write(rojin, noted("a name"));
    const header = { kind: "control" } as const;
    const proposal = await log.write(nour, control({ type: "ErasureProposed", entries: [note.hash] }), { header });
    const confirmation = control({ type: "ErasureConfirmed", proposal: proposal.hash });
    const early = await log.write(rojin, confirmation, { header });
    expect((await world.readCase(log)).withoutAuthority).toEqual([early.hash]);
    await meet(azad, rojin);
    await log.write(rojin, confirmation, { header });
    const reading = await world.readCase(log);
    expect([...reading.erased]).toEqual([note.hash]);
    expect(reading.withoutAuthority).toEqual([early.hash]);
  });

  it("counts as one with another whom the same colleague has brought, also through somebody between", async () => {
    const { nour, hevi, rojin, rami } = world;
    const invented = await makePerson("invented");
    await world.act(hevi, { type: "PersonEnrolled", role: "caseworker", ...keysOf(invented) });
    for (const each of [hevi, rojin, rami, invented]) expect(await areTwo(nour, each)).toBe(false);
    expect(await areTwo(rojin, invented)).toBe(false);
    await meet(world.azad, invented);
    expect(await areTwo(nour, invented)).toBe(true);
    expect(await areTwo(hevi, invented)).toBe(true);
  });
});

describe("the first two", () => {
  it("are two persons while nobody else is there who could have met the second", async () => {
    expect(await areTwo(world.nour, world.azad)).toBe(true);
    expect((await couldMeet(world.azad)).size).toBe(0);
  });

  it("are asked as well, once a third whom both know supervises", async () => {
    const { nour, azad, rojin } = world;
    await makeSupervisor(rojin);
    expect(await areTwo(nour, azad)).toBe(true);
    await meet(azad, rojin);
    expect(await areTwo(nour, azad)).toBe(false);
    expect(await couldMeet(azad)).toEqual(new Set([rojin.id]));
    await meet(rojin, azad);
    expect(await areTwo(nour, azad)).toBe(true);
  });
});

describe("having met a colleague", () => {
  it("is said by another supervisor; not by oneself, nor by whoever brought them, nor by a caseworker meanwhile", async () => {
    const { nour, azad, rojin, rami, hevi } = world;
    expect(await couldMeet(rojin)).toEqual(new Set([azad.id]));
    for (const by of [nour, rojin, rami, hevi]) expect(await counts(await meet(by, rojin))).toBe(false);
    expect(await counts(await meet(azad, rojin))).toBe(true);
    expect([...must((await now()).people.get(rojin.id)).metBy]).toEqual([azad.id]);
  });

  it("is not said of the founder, of a stranger, or of somebody who has left", async () => {
    const { azad, nour, rami } = world;
    expect(await counts(await meet(azad, nour))).toBe(false);
    expect(await counts(await meet(azad, await makePerson("stranger")))).toBe(false);
    await world.act(nour, { type: "PersonLeft", person: rami.id });
    expect(await counts(await meet(azad, rami))).toBe(false);
    expect((await couldMeet(rami)).size).toBe(0);
  });

  it("is said by whoever was here before them, where no other supervisor is", async () => {
    // As it was before Azad supervised: Nour alone does, and has brought everybody.
    const young = must([...(await world.readOrganisation()).asOf.values()].at(-2)).organisation;
    const { azad, rojin, rami, hevi } = world;
    expect(whoCouldMeet(young, azad.id)).toEqual([]);
    expect(whoCouldMeet(young, rojin.id)).toEqual([azad.id]);
    const met = evolveOrganisation(young, {
      hash: "h" as EntryHash, // Only a name of the entry.
      event: { type: "PersonMet", person: rojin.id },
      by: must(young.people.get(azad.id)),
    });
    expect(whoCouldMeet(met, rami.id)).toEqual([azad.id, rojin.id]);
    expect(whoCouldMeet(met, hevi.id)).not.toContain(rami.id);
  });

  it("is what two people say who give a colleague other keys", async () => {
    const { nour, azad, rojin } = world;
    const keys = { identityKey: makeIdentityKey(randomness), receivingKey: await makeReceivingKey(randomness) };
    const proposal = await world.act(azad, { type: "KeysReplaced", person: rojin.id, ...keys });
    await confirm(nour, proposal);
    const { broughtBy, metBy } = must((await now()).people.get(rojin.id));
    expect([broughtBy, [...metBy]]).toEqual([azad.id, [nour.id]]);
    expect(await areTwo(nour, rojin)).toBe(true);
  });
});

describe("somebody whose keys a colleague gave who came later", () => {
  /** As if an only supervisor had given them alone, while nobody else had a part in cases. */
  const given = (organisation: Organisation, person: TestPerson, by: TestPerson): Organisation => {
    const changed = { ...must(organisation.people.get(person.id)), broughtBy: by.id, metBy: new Set<PersonId>() };
    return { ...organisation, people: new Map(organisation.people).set(person.id, changed) };
  };

  it("counts as one with that colleague, and with whoever brought them", async () => {
    const { nour, azad, rojin, hevi } = world;
    const organisation = given(await now(), rojin, hevi);
    for (const other of [hevi, nour]) expect(areTwoPersons(organisation, rojin.id, other.id)).toBe(false);
    expect(areTwoPersons(organisation, rojin.id, azad.id)).toBe(true);
  });

  it("counts as one with that colleague where each gave the other theirs", async () => {
    const { azad, rojin, hevi } = world;
    const organisation = given(given(await now(), rojin, hevi), hevi, rojin);
    expect(areTwoPersons(organisation, rojin.id, hevi.id)).toBe(false);
    expect(areTwoPersons(organisation, rojin.id, azad.id)).toBe(true);
  });
});

type Step = { readonly who: number; readonly what: number; readonly whom: number };

describe("property: a supervisor with any number of invented colleagues", () => {
  const anySteps = fc.array(fc.record({ who: fc.nat(30), what: fc.nat(5), whom: fc.nat(30) }), { maxLength: 40 });

  const eventOf = ({ what, whom }: Step, others: readonly PersonId[], count: number): OrganisationEvent => {
    const person = must(others[whom % others.length]);
    const keys = keysNamed(String(count));
    if (what === 0) return { type: "PersonEnrolled", person: makePersonId(randomness), role: "caseworker", ...keys };
    if (what === 1) return { type: "PersonEnrolled", person: makePersonId(randomness), role: "administrator", ...keys };
    if (what === 2) return { type: "KeysReplaced", person, ...keys };
    if (what === 3) return { type: "RoleGiven", person, role: "administrator" };
    return { type: "PersonMet", person };
  };

  // Whether a key is one is asked where an event is read.
  const keysNamed = (name: string) => {
    const key = { ...world.nour.identityKey, keyId: name as typeof world.nour.identityKey.keyId };
    return { identityKey: key, receivingKey: key };
  };

  it("is one person, whatever they do among themselves, while somebody else supervises", async () => {
    const begun = await now();
    const { azad } = world;
    fc.assert(
      fc.property(anySteps, (steps) => {
        let organisation = begun;
        steps.forEach((step, count) => {
          const own = [...organisation.people.values()].filter(({ id }) => id !== azad.id);
          const by = must(own[step.who % own.length]);
          const event = eventOf(
            step,
            own.map(({ id }) => id),
            count,
          );
          const hash = String(count) as EntryHash; // Only a name of the entry.
          organisation = evolveOrganisation(organisation, { hash, event, by });
        });
        const own = [...organisation.people.keys()].filter((person) => person !== azad.id);
        for (const person of own) expect(areTwoPersons(organisation, world.nour.id, person)).toBe(false);
        for (const person of own) expect(areTwoPersons(organisation, azad.id, person)).toBe(true);
      }),
    );
  });
});
