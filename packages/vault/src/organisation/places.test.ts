/** Who confirms a colleague's keys, or a team's: a supervisor who opens those cases already, and nobody who made themselves one. */

import type { SealedEntry } from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import {
  commitTo,
  makeIdentityKey,
  makeReceivingKey,
  makeTeamId,
  type Organisation,
  type OrganisationEvent,
  type Team,
} from "../index.ts";
import { makeWorld, must, seededRandomness, type TestPerson, type World } from "../testing/world.ts";

const randomness = seededRandomness("places.test");

let world: World;
/** Nour and Azad supervise it; Rojin works in it. */
let team: Omit<Team, "members">;

const now = async (): Promise<Organisation> => (await world.readOrganisation()).current;
const counts = async (entry: SealedEntry) => !(await now()).withoutAuthority.includes(entry.hash);
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

const newKeysOf = async ({ id: person }: TestPerson): Promise<OrganisationEvent> => ({
  type: "KeysReplaced",
  person,
  identityKey: makeIdentityKey(randomness),
  receivingKey: await makeReceivingKey(randomness),
});

/** Rami supervises as well, in none of those teams; who he is is known to two. */
beforeEach(async () => {
  world = await makeWorld();
  const { nour, azad, rojin, rami, hevi } = world;
  const role = await world.act(nour, { type: "RoleGiven", person: rami.id, role: "supervisor" });
  await confirm(azad, role);
  for (const person of [hevi, rami]) await world.act(azad, { type: "PersonMet", person: person.id });
  await world.act(rami, { type: "PersonMet", person: azad.id });
  team = await teamOf(nour, azad);
  await world.act(nour, { type: "TeamFormed", team });
  await world.act(nour, { type: "TeamJoined", team: team.id, person: rojin.id });
});

const mayConfirm = async (by: TestPerson, event: OrganisationEvent): Promise<boolean> =>
  counts(await confirm(by, await world.act(world.hevi, event)));

describe("SECURITY §2: other keys of somebody who opens a team's cases", () => {
  it("are confirmed by a supervisor of that team, and by no supervisor of another", async () => {
    const { azad, nour, rojin, rami } = world;
    for (const person of [azad, rojin]) {
      const event = await newKeysOf(person);
      expect(await mayConfirm(rami, event)).toBe(false);
      expect((await now()).people.get(person.id)?.identityKey.keyId).toBe(person.identityKey.keyId);
    }
    const event = await newKeysOf(azad);
    expect(await mayConfirm(nour, event)).toBe(true);
    expect((await now()).people.get(azad.id)?.identityKey.keyId).not.toBe(azad.identityKey.keyId);
  });

  it("are not confirmed by whoever has formed another team around them", async () => {
    const { azad, rojin, rami } = world;
    const own = await teamOf(rami, azad);
    await world.act(rami, { type: "TeamFormed", team: own });
    await world.act(rami, { type: "TeamJoined", team: own.id, person: rojin.id });
    for (const person of [azad, rojin]) expect(await mayConfirm(rami, await newKeysOf(person))).toBe(false);
  });

  it("are not confirmed by whoever has a team that is older, and has put them into it", async () => {
    const { nour, rojin, rami } = world;
    const own = await teamOf(rami);
    const later = await teamOf(nour);
    await world.act(rami, { type: "TeamFormed", team: own });
    await world.act(nour, { type: "TeamFormed", team: later });
    const newcomer = world.hevi;
    await world.act(nour, { type: "TeamJoined", team: later.id, person: newcomer.id });
    await world.act(rami, { type: "TeamJoined", team: own.id, person: newcomer.id });
    await world.act(rami, { type: "TeamJoined", team: own.id, person: rojin.id });
    const proposal = await world.act(world.azad, await newKeysOf(newcomer));
    expect(await counts(await confirm(rami, proposal))).toBe(false);
    expect(await counts(await confirm(nour, proposal))).toBe(true);
  });

  it("are not confirmed by whoever had the colleague taken out of the team, or their role taken", async () => {
    const { azad, rojin, rami, hevi } = world;
    expect(await counts(await world.act(rami, { type: "TeamLeft", team: team.id, person: rojin.id }))).toBe(false);
    expect(await mayConfirm(rami, await newKeysOf(rojin))).toBe(false);
    expect(await counts(await world.act(hevi, { type: "RoleTaken", person: azad.id, role: "supervisor" }))).toBe(true);
    expect(await mayConfirm(rami, await newKeysOf(azad))).toBe(false);
  });

  it("are confirmed by any supervisor where nobody else supervises a team of theirs", async () => {
    const { azad, rojin, rami } = world;
    const proposal = await world.act(rami, { type: "TeamKeyReplaced", team: { ...(await teamOf(azad)), id: team.id } });
    expect(await counts(await confirm(world.nour, proposal))).toBe(true);
    expect(await mayConfirm(rami, await newKeysOf(azad))).toBe(true);
    // Azad supervises it still, whoever has his keys now.
    expect(await mayConfirm(rami, await newKeysOf(rojin))).toBe(false);
  });

  it("are confirmed by a supervisor of the team they have moved to, once their own has let them go", async () => {
    const { azad, rojin, rami } = world;
    const own = await teamOf(rami);
    await world.act(rami, { type: "TeamFormed", team: own });
    await world.act(rami, { type: "TeamJoined", team: own.id, person: rojin.id });
    expect(await counts(await world.act(azad, { type: "TeamLeft", team: team.id, person: rojin.id }))).toBe(true);
    expect(await mayConfirm(azad, await newKeysOf(rojin))).toBe(false);
    expect(await mayConfirm(rami, await newKeysOf(rojin))).toBe(true);
  });
});

describe("SECURITY §2: the oldest place in a team decides", () => {
  /** A team of Rami's that is younger than the first, and whom he put into it. */
  const laterTeam = async (...people: readonly TestPerson[]): Promise<Omit<Team, "members">> => {
    const later = await teamOf(world.rami, ...people);
    await world.act(world.rami, { type: "TeamFormed", team: later });
    return later;
  };
  const replaceKey = async (event: OrganisationEvent, by: TestPerson, confirmedBy: TestPerson): Promise<void> => {
    expect(await counts(await confirm(confirmedBy, await world.act(by, event)))).toBe(true);
  };

  it("also after the team has another key: whoever supervises it still has not moved behind a younger team", async () => {
    const { nour, azad, rami } = world;
    await laterTeam(azad);
    await replaceKey({ type: "TeamKeyReplaced", team: { ...(await teamOf(nour, azad)), id: team.id } }, nour, azad);
    expect(await mayConfirm(rami, await newKeysOf(azad))).toBe(false);
    expect(await mayConfirm(nour, await newKeysOf(azad))).toBe(true);
  });

  it("where one has lost the role and the team has the key they know: leaving it as a member ends no such place", async () => {
    const { nour, azad, rami, hevi } = world;
    await world.act(nour, { type: "TeamJoined", team: team.id, person: azad.id });
    await world.act(hevi, { type: "RoleTaken", person: azad.id, role: "supervisor" });
    expect(await counts(await world.act(nour, { type: "TeamLeft", team: team.id, person: azad.id }))).toBe(true);
    expect(await mayConfirm(rami, await newKeysOf(azad))).toBe(false);
    expect(await mayConfirm(nour, await newKeysOf(azad))).toBe(true);
  });

  it("where one has lost the role and another team gets another key: that ends no place in this one", async () => {
    const { nour, azad, rami, hevi } = world;
    const other = await laterTeam(nour);
    await world.act(hevi, { type: "RoleTaken", person: azad.id, role: "supervisor" });
    await replaceKey({ type: "TeamKeyReplaced", team: { ...(await teamOf(rami)), id: other.id } }, nour, rami);
    expect(await mayConfirm(rami, await newKeysOf(azad))).toBe(false);
    expect(await mayConfirm(nour, await newKeysOf(azad))).toBe(true);
  });

  it("no longer once this team has another key, which one without the role was not given", async () => {
    const { nour, azad, rami, hevi } = world;
    await world.act(hevi, { type: "RoleTaken", person: azad.id, role: "supervisor" });
    await replaceKey({ type: "TeamKeyReplaced", team: { ...(await teamOf(nour)), id: team.id } }, rami, nour);
    expect(await mayConfirm(rami, await newKeysOf(azad))).toBe(true);
  });

  it("also where one has worked in a team that one supervised: the work goes on when the role has ended", async () => {
    const { nour, azad, rami, hevi } = world;
    await world.act(nour, { type: "TeamJoined", team: team.id, person: azad.id });
    await world.act(hevi, { type: "RoleTaken", person: azad.id, role: "supervisor" });
    await replaceKey({ type: "TeamKeyReplaced", team: { ...(await teamOf(nour)), id: team.id } }, rami, nour);
    expect(await mayConfirm(rami, await newKeysOf(azad))).toBe(false);
    expect(await mayConfirm(nour, await newKeysOf(azad))).toBe(true);
    // It ends with a word of that team's, and then no team's word is asked for.
    expect(await counts(await world.act(nour, { type: "TeamLeft", team: team.id, person: azad.id }))).toBe(true);
    expect(await mayConfirm(rami, await newKeysOf(azad))).toBe(true);
  });

  it("of those that somebody else supervises: a team of one's own alone leaves it to the next", async () => {
    const { nour, azad, rami, rojin } = world;
    await confirm(azad, await world.act(nour, { type: "RoleGiven", person: rojin.id, role: "supervisor" }));
    await world.act(rami, { type: "TeamFormed", team: await teamOf(rojin) });
    expect(await mayConfirm(rami, await newKeysOf(rojin))).toBe(false);
    expect(await mayConfirm(azad, await newKeysOf(rojin))).toBe(true);
  });

  it("after those which one supervises: their key opens every case of these", async () => {
    const { nour, azad, rami, rojin } = world;
    await confirm(azad, await world.act(nour, { type: "RoleGiven", person: rojin.id, role: "supervisor" }));
    // She works in the first team, and supervises a younger one.
    await laterTeam(rojin);
    expect(await mayConfirm(azad, await newKeysOf(rojin))).toBe(false);
    expect(await mayConfirm(rami, await newKeysOf(rojin))).toBe(true);
  });
});

describe("SECURITY §2: another key of a team, and the role of supervisor", () => {
  it("is confirmed by a supervisor of the team, and by none of another", async () => {
    const { azad, rami, nour } = world;
    const event = { type: "TeamKeyReplaced", team: { ...(await teamOf(nour, rami)), id: team.id } } as const;
    const accomplice = await world.act(nour, event);
    expect(await counts(await confirm(rami, accomplice))).toBe(false);
    expect((await now()).teams.get(team.id)?.supervisors).toEqual(new Set([nour.id, azad.id]));
    expect(await counts(await confirm(azad, accomplice))).toBe(true);
    expect((await now()).teams.get(team.id)?.supervisors).toEqual(new Set([nour.id, rami.id]));
  });

  it("is confirmed by a supervisor of the team in which the person works", async () => {
    const { azad, rojin, rami } = world;
    const event = { type: "RoleGiven", person: rojin.id, role: "supervisor" } as const;
    expect(await mayConfirm(rami, event)).toBe(false);
    expect(await mayConfirm(azad, event)).toBe(true);
  });
});

describe("SECURITY §2: everyone sees", () => {
  it("what changed who can read, with who proposed and who confirmed it and when, in the order in which it counted", async () => {
    const { nour, azad, rami, hevi } = world;
    const { id } = team;
    const before = (await now()).changesOfReading.length;
    const policy = await world.act(hevi, { type: "PolicySet", policy: { a: 1 } });
    const keys = await world.act(hevi, await newKeysOf(azad));
    const team2 = { ...(await teamOf(nour)), id };
    const replaced = await world.act(azad, { type: "TeamKeyReplaced", team: team2 });
    for (const [by, entry] of [
      [nour, replaced],
      [rami, policy],
      [nour, keys],
    ] as const)
      await confirm(by, entry);
    await world.act(hevi, { type: "RoleTaken", person: rami.id, role: "supervisor" });
    await world.act(hevi, { type: "TeamJoined", team: id, person: rami.id });
    const { changesOfReading } = await now();
    const seen = changesOfReading.slice(before);
    expect(seen.map(({ event, entry, by, confirmedBy }) => [event.type, entry, by, confirmedBy])).toEqual([
      ["TeamKeyReplaced", replaced.hash, azad.id, nour.id],
      ["PolicySet", policy.hash, hevi.id, rami.id],
      ["KeysReplaced", keys.hash, hevi.id, nour.id],
      ["RoleTaken", must(seen[3]).entry, hevi.id, undefined],
    ]);
    for (const { proposedAt, confirmedAt, confirmedBy } of seen) {
      expect(proposedAt).toEqual(expect.any(Number));
      expect(confirmedAt === undefined).toBe(confirmedBy === undefined);
    }
    // The second supervisor, whom the founder made while there was none.
    expect(changesOfReading[0]).toMatchObject({ event: { type: "RoleGiven" }, by: nour.id, confirmedBy: undefined });
  });
});
