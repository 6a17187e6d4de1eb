/** A server that shows a log otherwise than it is: what does not belong there ends what is taken, and nothing written is lost. */

import { assert } from "@amana/kernel";
import { encodeEntry, type EntryHash, type SealedEntry } from "@amana/log";
import { makeCaseKey } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { clientOf } from "../hostile/client-of.ts";
import { factsWritten, makeHostileWorld, places, sightOf, sightUnder, write } from "../hostile/hostile-world.ts";
import { dropTail, duplicateAt, only, replaceAt, withHeader } from "../hostile/misdeeds.ts";
import { act, must, syncAll } from "./case-world.ts";

const all = [...factsWritten].sort();

describe("a case in which a server shows", () => {
  it("one entry twice in an answer holds it once", async () => {
    const world = await makeHostileWorld("shown twice");
    const { fresh, logId } = world;
    await sightUnder(world, fresh, { view: only(logId, duplicateAt(places.first)) });
    expect(fresh.unlocked().held.get(logId)?.entries).toHaveLength(places.last + 1);
    await syncAll(fresh);
    expect(await sightOf(fresh, logId)).toMatchObject({ facts: all, marks: [], isBehind: false });
  });

  it("an entry that says to be of an organisation is read up to there, and whole once the server is honest", async () => {
    const world = await makeHostileWorld("another kind within");
    const { fresh, logId } = world;
    const ofOrganisation = (entry: SealedEntry) =>
      encodeEntry(
        withHeader(entry, { kind: "control", logKind: "organisation", organisationHead: undefined, parents: [] }),
      );
    const sight = await sightUnder(world, fresh, { view: only(logId, replaceAt(places.second, ofOrganisation)) });
    expect(sight.facts).toEqual(["first"]);
    await fresh.restart();
    await syncAll(fresh);
    expect(await sightOf(fresh, logId)).toMatchObject({ facts: all, marks: [], isBehind: false });
  });

  it("a decision made under an organisation that it hides waits to be written on; what is written stays here", async () => {
    const world = await makeHostileWorld("hidden organisation");
    const { nour, azad, shilan, hostile, organisation, logId, server } = world;
    const person = must(await shilan.device().ownPerson()) ?? ("" as never);
    await act(nour, [{ type: "PersonNamed", person, name: "Shilan" }]);
    must(await nour.device().sync());
    const [first] = server.state.logs.get(logId)?.entries ?? [];
    must(await nour.device().adoptEntries(logId, [first?.hash ?? ("" as never)]));
    await write(nour, logId, "as-named");
    must(await nour.device().sync());
    await write(azad, logId, "of-azad");
    hostile.order({ view: only(organisation, dropTail(1)) });
    must(await azad.device().sync());
    expect(await sightOf(azad, logId)).toEqual({
      facts: [...all, "of-azad"].sort(),
      marks: ["organisation-unknown", "organisation-unknown"],
      isBehind: true,
      notices: [],
    });
    expect(must(await azad.device().syncState()).unsent).toBe(1);
    hostile.order({});
    await syncAll(azad, nour);
    expect(must(await azad.device().syncState()).unsent).toBe(0);
    expect((await sightOf(nour, logId)).facts).toContain("of-azad");
  });

  it("an entry that does not open under the key of the case is marked, and told at once", async () => {
    const world = await makeHostileWorld("damaged");
    const { nour, azad, logId } = world;
    const client = await clientOf(world, "damaged client", nour);
    await client.readCase(logId);
    const raised = { type: "RiskRaised", version: 1, data: { level: "high", because: "He writes." } };
    const forged = await client.forge(logId, [raised], { caseKey: makeCaseKey(seededRandomness("another key")) });
    await client.push(logId, forged);
    await syncAll(azad);
    expect(azad.device().notices()).toContainEqual({ type: "DamagedEntry", logId, entry: forged.hash });
    expect((await sightOf(azad, logId)).marks).toEqual(["damaged"]);
  });
});

describe("an approval", () => {
  it("names the newest of what its author had seen, through which it names what it approves", async () => {
    const { nour, shilan, logId, server } = await makeHostileWorld("approval");
    must(await shilan.device().tell(logId, { type: "RaiseRisk", level: "high", because: "He knows the address." }));
    must(await shilan.device().tell(logId, { type: "ProposeLowerRisk", level: "normal", because: "He is far away." }));
    await write(shilan, logId, "after-the-proposal");
    await syncAll(shilan, nour);
    const { approvals } = must(await nour.device().viewCase(logId)).state;
    const [proposal] = [...approvals.proposalsByEntry.keys()];
    assert(proposal !== undefined, "It was proposed.");
    // Proposals go by the name of their entry.
    const approval = { type: "Approve", proposal: proposal as EntryHash, what: "risk-lowering" } as const;
    must(await nour.device().tell(logId, approval));
    await syncAll(nour, shilan);
    const newest = server.state.logs.get(logId)?.entries.at(-1);
    const seen = server.state.logs.get(logId)?.entries.at(-2);
    expect(newest?.header.parents).toEqual([seen?.hash]);
    expect(must(await shilan.device().viewCase(logId)).state.approvals.answersByEntry.size).toBe(1);
  });
});
