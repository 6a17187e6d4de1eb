/** The directory of services and covers on devices as they ship: every colleague reads them, also without the network. */

import { err } from "@amana/kernel";
import type { Provider, ProviderListing } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { must, organisationOf, startTeam, syncAll, type Member } from "./access-world.ts";

const listingBy = async (member: Member, change: Partial<ProviderListing> = {}): Promise<ProviderListing> => ({
  provider: must(await member.device().newProviderId()),
  names: { ckb: "سەنتەری ژنان" },
  services: ["shelter"],
  governorates: ["IQ-AR"],
  reach: "0750 000 0000",
  hours: "",
  serves: "",
  cost: "free",
  checkedOn: "2026-11-22",
  ...change,
});

const providersOn = async (member: Member): Promise<readonly Provider[]> => [
  ...(await organisationOf(member)).providers.values(),
];

describe("the directory of services", () => {
  it("is on every colleague's device once a supervisor has listed a provider", async () => {
    const { nour, shilan, omar } = await startTeam("directory");
    const listing = await listingBy(nour);
    expect(must(await nour.device().listProvider(listing)).stands).toBe("counts");
    await syncAll(shilan, omar);
    for (const each of [nour, shilan, omar])
      expect(await providersOn(each)).toEqual([{ ...listing, checkedBy: nour.person, closedOn: undefined }]);
  });

  it("waits for a supervisor when a caseworker proposes, and says whose word it is", async () => {
    const { nour, shilan } = await startTeam("directory proposed");
    const listing = await listingBy(shilan);
    expect(must(await shilan.device().listProvider(listing)).stands).toBe("waits");
    expect(await providersOn(shilan)).toEqual([]);
    await syncAll(nour);
    const [proposal] = must(await nour.device().proposals());
    expect(proposal?.canConfirm).toBe(true);
    must(await nour.device().confirmProposal(must(await nour.device().proposals())[0]?.entry ?? ("" as never)));
    await syncAll(shilan);
    expect((await providersOn(shilan)).map(({ checkedBy }) => checkedBy)).toEqual([shilan.person]);
  });

  it("is not written twice when the answer to it was lost", async () => {
    const { nour, azad } = await startTeam("directory lost answer");
    const listing = await listingBy(nour);
    must(await nour.device().listProvider(listing));
    nour.losing.set("append-control", "lost-after");
    expect(await nour.device().closeProvider(listing.provider, "2026-11-22")).toMatchObject({ ok: false });
    expect(must(await nour.device().closeProvider(listing.provider, "2026-11-22")).stands).toBe("already");
    await syncAll(azad);
    expect((await organisationOf(azad)).withoutAuthority).toEqual([]);
    expect((await providersOn(azad))[0]?.closedOn).toBe("2026-11-22");
  });

  it("is not said twice when the same is sent again, and is when a colleague says it", async () => {
    const { nour, azad } = await startTeam("directory said twice");
    const listing = await listingBy(nour);
    nour.losing.set("append-control", "lost-after");
    expect(await nour.device().listProvider(listing, { replaces: undefined })).toMatchObject({ ok: false });
    expect(must(await nour.device().listProvider(listing, { replaces: undefined })).stands).toBe("already");
    await syncAll(azad);
    const replaces = { ...listing, closedOn: undefined };
    expect(must(await azad.device().listProvider(listing, { replaces })).stands).toBe("counts");
  });

  it("refuses what was written over another word than the one that stands, also when it was closed since", async () => {
    const { nour, azad } = await startTeam("directory overwritten");
    const listing = await listingBy(nour);
    must(await nour.device().listProvider(listing, { replaces: undefined }));
    await syncAll(azad);
    const seen = { ...listing, closedOn: undefined };
    const newer = { ...listing, reach: "0750 000 0002" };
    must(await nour.device().listProvider(newer, { replaces: seen }));
    // Azad's device has not heard of it when he sends.
    const own = { ...listing, hours: "9–15" };
    expect(await azad.device().listProvider(own, { replaces: seen })).toEqual(err({ type: "ChangedSince" }));
    expect(must(await azad.device().listProvider(own, { replaces: { ...newer, closedOn: undefined } })).stands).toBe(
      "counts",
    );
    must(await azad.device().closeProvider(listing.provider, "2026-11-22"));
    const reopening = nour.device().listProvider({ ...own, hours: "" }, { replaces: { ...own, closedOn: undefined } });
    expect(await reopening).toEqual(err({ type: "ChangedSince" }));
  });

  it("takes no name that cannot be read as it was meant", async () => {
    const { nour } = await startTeam("directory names");
    const listing = await listingBy(nour, { names: { en: "Centre \u202e" } });
    expect(await nour.device().listProvider(listing)).toEqual(err({ type: "ListingNotUsable" }));
  });
});

describe("a cover for absence", () => {
  it("is seen by the other supervisor, and arranged by nobody else", async () => {
    const { nour, azad, shilan, omar } = await startTeam("cover");
    const cover = { absent: shilan.person, cover: omar.person, from: "2026-12-01", until: "2026-12-14" };
    must(await nour.device().arrangeCover(cover));
    expect(must(await nour.device().arrangeCover(cover)).stands).toBe("already");
    await syncAll(azad, omar);
    expect((await organisationOf(azad)).covers).toEqual([cover]);
    expect(await omar.device().endCover(cover.absent, cover.cover)).toEqual(err({ type: "NotAllowed" }));
    expect(await azad.device().arrangeCover({ ...cover, until: "soon" })).toEqual(err({ type: "ListingNotUsable" }));
    must(await azad.device().endCover(cover.absent, cover.cover));
    await syncAll(nour);
    expect((await organisationOf(nour)).covers).toEqual([]);
  });
});
