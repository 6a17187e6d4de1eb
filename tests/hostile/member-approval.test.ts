/** A hostile member's approval (SECURITY §6.2): it counts for nothing where it is not theirs to give. */

import { assert } from "@amana/kernel";
import type { EntryHash } from "@amana/log";
import type { SealedEvent } from "@amana/vault";
import { beforeEach, describe, expect, it } from "vitest";
import { must, syncAll } from "../device/case-world.ts";
import { clientOf } from "./client-of.ts";
import { withHeader } from "./misdeeds.ts";
import {
  bribe,
  event,
  expectGoingOn,
  newestCommitment,
  raised,
  seenByHonest,
  withServed,
  type Bribed,
} from "./bribed-world.ts";

let world: Bribed;
beforeEach(async () => {
  world = await bribe();
});

const proposeLowering = async (): Promise<EntryHash> => {
  const { shilan, azad, logId } = world;
  must(await shilan.device().tell(logId, { type: "RaiseRisk", level: "high", because: "He knows the address." }));
  must(await shilan.device().tell(logId, { type: "ProposeLowerRisk", level: "normal", because: "He is far away." }));
  await syncAll(shilan, azad);
  const [proposal] = [...must(await azad.device().viewCase(logId)).state.approvals.proposalsByEntry.keys()];
  assert(proposal !== undefined, "It was proposed.");
  return proposal as EntryHash;
};

const approval = (proposal: EntryHash): SealedEvent => event("ApprovalGiven", { proposal, what: "risk-lowering" });

/** The key of the newest epoch, as an accomplice would hand it on. */
const keyOfCase = () => {
  const key = world.hostile.rami.keys.get(newestCommitment(world));
  assert(key !== undefined, "Rami reads the case.");
  return key;
};

describe("a hostile member's approval", () => {
  it.each(["rami", "sara"] as const)("without the role for it (%s) approves nothing", async (name) => {
    const { hostile, logId } = world;
    const proposal = await proposeLowering();
    await withServed(world, async () => {
      const caseKey = name === "sara" ? { caseKey: keyOfCase() } : {};
      await hostile[name].push(logId, await hostile[name].forge(logId, [approval(proposal)], caseKey));
    });
    const seen = await seenByHonest(world);
    expect(seen.state.approvals.answersByEntry.size).toBe(0);
    expect(seen.kinds).toEqual(name === "sara" ? ["without-authority"] : []);
    await expectGoingOn(world);
  });

  it("of one's own proposal, from a second device, approves nothing", async () => {
    const { hostile, logId } = world;
    const { nour } = hostile;
    await nour.push(logId, await nour.forge(logId, [raised("He has asked for money.")]));
    const proposal = await nour.forge(logId, [event("RiskLoweringProposed", { level: "normal", because: "Bribed." })]);
    await nour.push(logId, proposal);
    const tablet = await clientOf(world, "a second device of nour", world.nour);
    await tablet.readCase(logId);
    await tablet.push(logId, await tablet.forge(logId, [approval(proposal.hash)]));
    const { state } = await seenByHonest(world);
    expect(state.approvals.proposalsByEntry.has(proposal.hash)).toBe(true);
    expect(state.approvals.answersByEntry.size).toBe(0);
    await expectGoingOn(world);
  });

  it("of what they say they had not seen approves nothing", async () => {
    const { hostile, logId } = world;
    const proposal = await proposeLowering();
    const proposed = world.server.state.logs.get(logId)?.entries.find(({ hash }) => hash === proposal);
    const before = proposed?.header.previous;
    assert(before !== undefined, "The risk was raised before.");
    // Of two that do not know of each other the smaller hash comes first: this one comes after what it approves.
    let given = await hostile.nour.forge(logId, [approval(proposal)], { header: { parents: [before] } });
    while (given.hash < proposal)
      given = await hostile.nour.forge(logId, [approval(proposal)], { header: { parents: [before] } });
    await hostile.nour.push(logId, given);
    expect((await seenByHonest(world)).state.approvals.answersByEntry.size).toBe(0);
    await expectGoingOn(world);
  });

  it("in another's name is nobody's", async () => {
    const { hostile, logId, azad, server } = world;
    const proposal = await proposeLowering();
    const forged = await hostile.rami.forge(logId, [approval(proposal)]);
    const { keyId } = azad.unlocked().own.identityKey;
    const substituted = withHeader(forged, { author: keyId });
    await hostile.rami.push(logId, substituted);
    const { kinds, state } = await seenByHonest(world);
    expect(state.approvals.answersByEntry.size).toBe(0);
    expect(kinds).toEqual(["unauthentic"]);
    expect(server.state.logs.get(logId)?.places.has(substituted.hash)).toBe(true);
    await expectGoingOn(world);
  });
});
