/**
 * A device whose person has other keys since, as when it was stolen: while the server still knows nothing of it, it decides
 * nothing and writes nothing that colleagues read. What a colleague's act has left to a keeper is done by one of them, once.
 */

import { assert, err } from "@amana/kernel";
import type { ProviderId, ProviderListing } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { openCase } from "../../packages/casefile/src/testing/commands.ts";
import {
  bringIn,
  found,
  makeAccessWorld,
  must,
  openNewCase,
  organisationOf,
  reads,
  syncAll,
  write,
} from "./access-world.ts";

const listing: ProviderListing = {
  provider: "5e".repeat(16) as ProviderId,
  names: { en: "Legal aid" },
  services: ["legal"],
  governorates: [],
  reach: "0750 000 0000",
  hours: "",
  serves: "",
  cost: "free",
  checkedOn: "2026-11-21",
};

/** Nour, who alone supervises, has lost everything and has come back; a thief has her device. The server was not told yet. */
const stolen = async (seed: string) => {
  const world = makeAccessWorld(seed);
  const [nour, shilan, hevi, rami] = [
    world.member("nour"),
    world.member("shilan"),
    world.member("hevi"),
    world.member("rami"),
  ];
  await found(world, nour);
  await bringIn(nour, shilan, { kind: "join", role: "caseworker" });
  await bringIn(nour, hevi, { kind: "join", role: "administrator" });
  await bringIn(nour, rami, { kind: "join", role: "administrator" });
  await syncAll(nour, shilan, hevi, rami);
  const logId = await openNewCase(shilan);
  await write(shilan, logId, "first");
  await syncAll(shilan, nour);
  const thief = world.member("thief", world.server, nour.store().contents());
  nour.loseEverything();
  await bringIn(hevi, nour, { kind: "come-back", person: nour.person });
  must(await shilan.device().sync());
  const [proposal] = must(await shilan.device().proposals());
  assert(proposal !== undefined, "Her keys are proposed.");
  must(await shilan.device().confirmProposal(proposal.entry));
  const epochs = (): number =>
    [...world.server.state.logs.values()]
      .filter(({ kind }) => kind === "organisation")
      .flatMap(({ entries }) => entries)
      .filter(({ header }) => header.keyCommitment !== undefined).length;
  return { world, nour, shilan, hevi, rami, thief, logId, epochs };
};

describe("a stolen device whose person has other keys since", () => {
  it("decides nothing, opens no case, and writes nothing that anybody reads", async () => {
    const { shilan, thief, logId } = await stolen("thief");
    // No keeper has been in step since, so the server still serves her.
    must(await shilan.device().listProvider(listing));
    await thief.restart();
    must(await thief.device().sync());
    const standing = must(await thief.device().proposals());
    expect(standing).toMatchObject([{ canConfirm: false }]);
    const unknown = err({ type: "OrganisationUnknown" });
    expect(await thief.device().giveRole(shilan.person, "administrator")).toEqual(unknown);
    expect(await thief.device().confirmProposal(standing[0]?.entry ?? ("" as never))).toEqual(unknown);
    expect(await thief.device().openCase(openCase)).toEqual(unknown);
    await thief.device().tell(logId, { type: "RaiseRisk", level: "high", because: "Mischief." });
    must(await thief.device().sync());
    await syncAll(shilan);
    expect(must(await shilan.device().viewCase(logId)).state.risk.said).toEqual([]);
    expect((await organisationOf(shilan)).providers.size).toBe(0);
  });
});

describe("what a colleague's act has left to a keeper", () => {
  it("waits for the network, and is done with the next sync", async () => {
    const { nour, shilan, hevi, logId, epochs } = await stolen("finished later");
    const before = epochs();
    must(await hevi.device().sync());
    expect(epochs()).toBe(before + 1);
    await syncAll(hevi, nour, shilan);
    await write(shilan, logId, "second");
    await syncAll(shilan, nour);
    expect(await reads(nour, logId)).toEqual(["first", "second"]);
  });

  it("is asked again when it could not be said, and not at all once another keeper has done it", async () => {
    const { hevi, rami, epochs } = await stolen("finished once");
    const before = epochs();
    hevi.losing.set("append-control", "lost-before");
    expect(await hevi.device().sync()).toEqual(err({ type: "Unreachable" }));
    expect(epochs()).toBe(before);
    hevi.meanwhile.set("append-control", async () => {
      must(await rami.device().sync());
    });
    await syncAll(hevi, rami);
    expect(epochs()).toBe(before + 1);
  });
});
