/** The directory of services and the covers: whose word counts, what is refused, and that nobody's access rests on either. */

import { decodeCbor, encodeCbor, type CborMap, type EntryHash } from "@amana/log";
import { beforeEach, describe, expect, it } from "vitest";
import {
  evolveOrganisation,
  makeProviderId,
  providersMax,
  readOrganisationEvent,
  writeOrganisationEvent,
  type Organisation,
  type OrganisationEvent,
  type ProviderListing,
} from "../index.ts";
import { makeWorld, must, seededRandomness, type TestPerson, type World } from "../testing/world.ts";

const randomness = seededRandomness("directory.test");

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const now = async (): Promise<Organisation> => (await world.readOrganisation()).current;

const listing = (change: Partial<ProviderListing> = {}): ProviderListing => ({
  provider: makeProviderId(randomness),
  names: { en: "Women's centre", ar: "مركز المرأة", ckb: "سەنتەری ژنان", kmr: "سەنتەرێ ژنان" },
  services: ["mental-health", "shelter"],
  governorates: ["IQ-AR", "IQ-DA"],
  reach: "0750 000 0000\nAsk for the tailor",
  hours: "9–14",
  serves: "Women and girls over 12",
  cost: "free",
  checkedOn: "2026-11-20",
  ...change,
});

const listed = (change: Partial<ProviderListing> = {}): OrganisationEvent => ({
  type: "ProviderListed",
  listing: listing(change),
});

const asStored = (
  event: OrganisationEvent,
): { readonly type: string; readonly version: number; readonly data: CborMap } => {
  const { type, version, data } = writeOrganisationEvent(event);
  const decoded = decodeCbor(encodeCbor(data));
  // What was encoded here is a map again.
  return { type, version, data: (decoded as { readonly value: CborMap }).value };
};

describe("the directory of services", () => {
  it("takes a supervisor's word at once, and keeps whose word it is", async () => {
    const first = listing();
    await world.act(world.nour, { type: "ProviderListed", listing: first });
    expect((await now()).providers.get(first.provider)).toEqual({
      ...first,
      checkedBy: world.nour.id,
      closedOn: undefined,
    });
  });

  it("lets a caseworker propose, and a supervisor's confirmation makes it count with the caseworker's name on it", async () => {
    const first = listing();
    const proposal = await world.act(world.rojin, { type: "ProviderListed", listing: first });
    expect((await now()).providers.size).toBe(0);
    await world.act(world.azad, { type: "Confirmed", proposal: proposal.hash });
    const after = await now();
    expect(after.providers.get(first.provider)?.checkedBy).toBe(world.rojin.id);
    expect(after.proposals.size).toBe(0);
  });

  const confirmers: readonly (readonly [string, (world: World) => TestPerson])[] = [
    ["another caseworker", ({ rami }) => rami],
    ["an administrator", ({ hevi }) => hevi],
    ["the one who proposed it", ({ rojin }) => rojin],
  ];
  it.each(confirmers)("is not changed by a confirmation of %s", async (_who, of) => {
    const proposal = await world.act(world.rojin, listed());
    const entry = await world.act(of(world), { type: "Confirmed", proposal: proposal.hash });
    const after = await now();
    expect(after.providers.size).toBe(0);
    expect(after.withoutAuthority).toContain(entry.hash);
  });

  it("is not changed by a confirmation of the one who proposed it, who has become a supervisor since", async () => {
    const proposal = await world.act(world.rojin, listed());
    const role = await world.act(world.nour, { type: "RoleGiven", person: world.rojin.id, role: "supervisor" });
    await world.act(world.azad, { type: "Confirmed", proposal: role.hash });
    expect((await now()).people.get(world.rojin.id)?.roles.has("supervisor")).toBe(true);
    const entry = await world.act(world.rojin, { type: "Confirmed", proposal: proposal.hash });
    expect((await now()).withoutAuthority).toContain(entry.hash);
    expect((await now()).providers.size).toBe(0);
  });

  it("keeps a closed provider by name, and opens it again when it is listed again", async () => {
    const first = listing();
    await world.act(world.nour, { type: "ProviderListed", listing: first });
    await world.act(world.azad, { type: "ProviderClosed", provider: first.provider, closedOn: "2026-11-21" });
    expect((await now()).providers.get(first.provider)).toMatchObject({
      closedOn: "2026-11-21",
      names: first.names,
      checkedBy: world.nour.id,
    });
    const twice = await world.act(world.nour, {
      type: "ProviderClosed",
      provider: first.provider,
      closedOn: "2026-11-22",
    });
    expect((await now()).withoutAuthority).toContain(twice.hash);
    await world.act(world.nour, { type: "ProviderListed", listing: first });
    expect((await now()).providers.get(first.provider)?.closedOn).toBeUndefined();
  });

  it("changes nobody's access: the people, the teams and the keys are the same after it", async () => {
    const before = await now();
    await world.act(world.nour, listed());
    const after = await now();
    expect([after.people, after.teams, after.recoveryKey]).toEqual([before.people, before.teams, before.recoveryKey]);
  });

  it("does not take a proposal of somebody who has left since, nor a closing of what is closed already", async () => {
    const first = listing();
    const proposal = await world.act(world.rojin, { type: "ProviderListed", listing: first });
    await world.act(world.nour, { type: "PersonLeft", person: world.rojin.id });
    const entry = await world.act(world.azad, { type: "Confirmed", proposal: proposal.hash });
    expect((await now()).withoutAuthority).toContain(entry.hash);
    await world.act(world.nour, { type: "ProviderListed", listing: first });
    const closing = { type: "ProviderClosed", provider: first.provider, closedOn: "2026-11-21" } as const;
    const proposed = await world.act(world.rami, closing);
    await world.act(world.nour, closing);
    const late = await world.act(world.azad, { type: "Confirmed", proposal: proposed.hash });
    expect((await now()).withoutAuthority).toContain(late.hash);
  });

  it("holds so many providers and no more, and goes on changing those it holds", async () => {
    const full = Array.from({ length: providersMax }, () => listing());
    const before = {
      ...(await now()),
      providers: new Map(
        full.map((each) => [each.provider, { ...each, checkedBy: world.nour.id, closedOn: undefined }]),
      ),
    };
    const by = must(before.people.get(world.nour.id));
    const hash = "h" as EntryHash;
    const more = evolveOrganisation(before, { hash, event: { type: "ProviderListed", listing: listing() }, by });
    expect(more.providers.size).toBe(providersMax);
    expect(more.withoutAuthority).toContain(hash);
    const changed = { ...must(full[0]), hours: "9–12" };
    const after = evolveOrganisation(before, { hash, event: { type: "ProviderListed", listing: changed }, by });
    expect(after.providers.get(changed.provider)?.hours).toBe("9–12");
  });

  it("takes nothing from somebody without a role, and one proposal from one entry", async () => {
    const before = await now();
    const [nobody, rojin] = [
      { ...must(before.people.get(world.rojin.id)), roles: new Set<never>() },
      must(before.people.get(world.rojin.id)),
    ];
    const act = { hash: "h" as EntryHash, event: listed() };
    expect(evolveOrganisation(before, { ...act, by: nobody }).proposals.size).toBe(0);
    const once = evolveOrganisation(before, { ...act, by: rojin });
    const twice = evolveOrganisation(once, { ...act, event: listed(), by: rojin });
    expect([once.proposals.size, twice.proposals.size]).toEqual([1, 1]);
    expect(twice.withoutAuthority).toContain("h");
  });

  it("reads back what it writes", async () => {
    const closed = { type: "ProviderClosed", provider: listing().provider, closedOn: "2026-11-21" } as const;
    for (const event of [listed(), listed({ governorates: [], reach: "", hours: "", serves: "" }), closed])
      expect(await readOrganisationEvent(asStored(event))).toEqual(event);
  });

  const wrong: readonly (readonly [string, Partial<Record<keyof ProviderListing, unknown>>])[] = [
    ["no name", { names: {} }],
    ["a name of signs that turn the writing around", { names: { en: "Centre \u202e0750" } }],
    ["a name of another alphabet", { names: { en: "Сentre" } }],
    ["a name that is not in its shortest form", { names: { en: "Cafe\u0301" } }],
    ["a number with a sign that nobody sees", { reach: "0750\u200e111" }],
    ["a text that is too long", { serves: "x".repeat(2001) }],
    ["a service that is no id", { services: ["mental health"] }],
    ["a service named twice", { services: ["health", "health"] }],
    ["a cost of another word", { cost: "cheap" }],
    ["a day that is none", { checkedOn: "2026-13-40" }],
  ];
  it.each(wrong)("refuses %s", async (_what, change) => {
    const { type, version, data } = asStored(listed());
    expect(await readOrganisationEvent({ type, version, data })).toBeDefined();
    // Each change is of values that can be encoded.
    const changed = { ...data, ...change } as CborMap;
    expect(await readOrganisationEvent({ type, version, data: changed })).toBeUndefined();
  });
});

describe("a cover for absence", () => {
  const arranged = (change: object = {}): OrganisationEvent => ({
    type: "CoverArranged",
    absent: world.rojin.id,
    cover: world.rami.id,
    from: "2026-12-01",
    until: "2026-12-14",
    ...change,
  });

  it("is arranged by a supervisor, changed by arranging it again, and ended", async () => {
    await world.act(world.nour, arranged());
    await world.act(world.azad, arranged({ until: "2026-12-20" }));
    expect((await now()).covers).toEqual([
      { absent: world.rojin.id, cover: world.rami.id, from: "2026-12-01", until: "2026-12-20" },
    ]);
    await world.act(world.nour, { type: "CoverEnded", absent: world.rojin.id, cover: world.rami.id });
    expect((await now()).covers).toEqual([]);
  });

  it("does not count from a caseworker, of oneself, backwards in time, or for somebody unknown", async () => {
    const acts: readonly (readonly [TestPerson, OrganisationEvent])[] = [
      [world.rojin, arranged()],
      [world.nour, arranged({ cover: world.rojin.id })],
      [world.nour, arranged({ until: "2026-11-01" })],
      [world.nour, arranged({ cover: "0".repeat(32) })],
      [world.nour, { type: "CoverEnded", absent: world.rojin.id, cover: world.rami.id }],
    ];
    for (const [by, event] of acts) {
      const entry = await world.act(by, event);
      expect((await now()).withoutAuthority).toContain(entry.hash);
    }
    expect((await now()).covers).toEqual([]);
  });

  it("reads back what it writes, and refuses a day that is none", async () => {
    const ended = { type: "CoverEnded", absent: world.rojin.id, cover: world.rami.id } as const;
    for (const event of [arranged(), ended]) expect(await readOrganisationEvent(asStored(event))).toEqual(event);
    const { type, version, data } = asStored(arranged());
    for (const change of [{ from: "1.12.2026" }, { until: "2026-12-32" }])
      expect(await readOrganisationEvent({ type, version, data: { ...data, ...change } })).toBeUndefined();
    expect(must(data["from"])).toBe("2026-12-01");
  });
});
