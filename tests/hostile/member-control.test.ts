/** A hostile member's control entry (SECURITY §6.2): it changes nothing of who reads, what is erased and who has which role. */

import { assert } from "@amana/kernel";
import { scopeOfConfirmation, scopeOfProposal, toHex, type EntryHash } from "@amana/log";
import {
  entryKeyOf,
  makeCaseKey,
  makeReceivingKey,
  shreddingKey,
  wrap,
  writeCaseControlEvent,
  writeOrganisationEvent,
  type EpochMember,
  type PersonId,
} from "@amana/vault";
import { beforeEach, describe, expect, it } from "vitest";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { must, syncAll, type Handset } from "../device/case-world.ts";
import { clientOf, falseWrap } from "./client-of.ts";
import type { HostileMember } from "./hostile-member.ts";
import { sightOf, write } from "./hostile-world.ts";
import {
  bribe,
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

const control = writeCaseControlEvent;
const personMember = ({ unlocked }: Handset): EpochMember => ({
  kind: "person",
  keyId: unlocked().own.receivingKey.keyId,
});

describe("a hostile member's control entry", () => {
  it("that begins an epoch gives the case no single opener, no stranger, and none by who may not", async () => {
    const { hostile, logId, rami, nour, azad } = world;
    const stranger: EpochMember = { kind: "person", keyId: (await makeReceivingKey(seededRandomness("x"))).keyId };
    const before = (await seenByHonest(world)).openers;
    const begun = async (by: HostileMember, members: readonly EpochMember[]) => {
      const key = makeCaseKey(seededRandomness(`epoch ${attempts++}`));
      const recipients = [nour, azad, world.shilan, rami].map(({ unlocked }) => unlocked().own.receivingKey);
      const author = by.own.identityKey;
      const wraps = await Promise.all(
        recipients.map((recipient) =>
          wrap({ purpose: "key-wrap", logId, key, recipient, author }, seededRandomness(recipient.keyId)),
        ),
      );
      const event = control({ type: "EpochBegun", members, cut: [], reason: "" });
      return by.appendControl(logId, [event], { beginsEpoch: true, caseKey: key, wraps });
    };
    let attempts = 0;
    // Each breaks one rule and keeps the others, so that no rule is covered by another.
    const alone = await begun(hostile.nour, [personMember(nour)]);
    const strange = await begun(hostile.rami, [rami, nour, azad].map(personMember).concat(stranger));
    const without = await begun(hostile.rami, [nour, azad].map(personMember));
    const unwatched = await begun(hostile.rami, [rami, world.shilan].map(personMember));
    const sara: EpochMember = { kind: "person", keyId: hostile.sara.own.receivingKey.keyId };
    const outside = await withServed(world, () => begun(hostile.sara, [nour, azad].map(personMember).concat(sara)));
    const { marks, openers } = await seenByHonest(world);
    const flagged = marks.filter(({ kind }) => kind === "without-authority").map(({ entry }) => entry);
    expect(new Set(flagged)).toEqual(new Set([alone, strange, without, unwatched, outside].map(({ hash }) => hash)));
    expect(openers).toEqual(before);
    // It stands in the history of who could open the case, with who tried it.
    const { history } = must(await azad.device().peopleWhoCanRead(logId));
    const tried = history.filter(({ standing }) => standing === "without-authority");
    expect(tried.map(({ entry, by, given }) => [entry, by, given])).toContainEqual([alone.hash, world.ids.nour, []]);
    expect(tried).toHaveLength(5);
    await expectGoingOn(world);
  });

  it("that proposes an erasure and confirms it erases nothing, here or at the server", async () => {
    const { hostile, logId, server } = world;
    const entries = [...(server.state.logs.get(logId)?.entries ?? [])]
      .filter(({ header }) => header.kind === "content")
      .map(({ hash }) => hash);
    const scope = { logId, entries };
    const proposes = { header: { destroys: scopeOfProposal(scope) } };
    const proposal = await hostile.nour.appendControl(logId, [control({ type: "ErasureProposed", entries })], proposes);
    const confirmed = control({ type: "ErasureConfirmed", proposal: proposal.hash });
    const tablet = await clientOf(world, "a second device of nour", world.nour);
    await tablet.readCase(logId);
    const confirms = { header: { destroys: scopeOfConfirmation(scope, proposal.hash) } };
    const confirmation = await tablet.appendControl(logId, [confirmed], confirms);
    const asked = { logId, proposal: proposal.hash, confirmation: confirmation.hash, entries };
    expect((await hostile.nour.call("erase", asked)).ok).toBe(false);
    const { marks, state } = await seenByHonest(world);
    expect(marks).toEqual([{ entry: confirmation.hash, kind: "without-authority" }]);
    expect(state.facts.saidByFact.size).toBe(1);
    expect(server.state.ledger).toEqual([]);
    await expectGoingOn(world);
  });

  it("whose proposal shows one entry and asks for another in its header finds nobody's device that confirms it", async () => {
    const { hostile, logId, azad } = world;
    const [shown, meant] = [...(world.server.state.logs.get(logId)?.entries ?? [])].map(({ hash }) => hash);
    assert(shown !== undefined && meant !== undefined, "The case has entries.");
    const destroys = scopeOfProposal({ logId, entries: [meant] });
    const said = control({ type: "ErasureProposed", entries: [shown] });
    const proposal = await hostile.nour.appendControl(logId, [said], { header: { destroys } });
    must(await azad.device().sync());
    must(await azad.device().confirmErasure(logId, proposal.hash));
    must(await azad.device().sync());
    expect(must(await azad.device().pendingChanges()).map(({ refusedAs }) => refusedAs)).toEqual(["NotToConfirm"]);
  });

  it("that tells of a shredding nobody else agreed to shreds nothing, also on a device that has no keys", async () => {
    const { hostile, logId, organisation, server, azad } = world;
    const entries: readonly EntryHash[] = [];
    const proposal = await hostile.nour.appendControl(logId, [control({ type: "ErasureProposed", entries })]);
    const confirmed = control({ type: "ErasureConfirmed", proposal: proposal.hash });
    const confirmation = await hostile.nour.appendControl(logId, [confirmed]);
    const caseKey = hostile.nour.keys.get(newestCommitment(world));
    const { keyCommitment } = server.state.logs.get(organisation)?.entries[0]?.header ?? {};
    const organisationKey = keyCommitment === undefined ? undefined : hostile.nour.keys.get(toHex(keyCommitment));
    assert(caseKey !== undefined && organisationKey !== undefined, "Nour reads both logs.");
    const [first] = (await hostile.nour.entriesOf(logId)).flatMap((each) =>
      each.kind === "entry" ? [each.entry] : [],
    );
    assert(first !== undefined, "The case has begun.");
    const told = [first, proposal, confirmation].map(async (entry) => {
      return { entry: entry.hash, key: await entryKeyOf(entry, caseKey) };
    });
    const keys = await Promise.all(told);
    const tell = control({ type: "ShreddingTold", confirmation: confirmation.hash, keys });
    const sealing = { beginsEpoch: true, caseKey: await shreddingKey(organisationKey, logId) };
    const telling = await hostile.nour.appendControl(logId, [tell], sealing);
    const { marks, state } = await seenByHonest(world);
    const worthless = [confirmation, telling].map(({ hash }) => ({ entry: hash, kind: "without-authority" }));
    expect(marks).toEqual(worthless.sort((one, other) => (one.entry < other.entry ? -1 : 1)));
    expect(state.facts.saidByFact.size).toBe(1);
    // The server helps: it keeps the keys back from a new device, which can read what was told and nothing else.
    const log = server.state.logs.get(logId);
    assert(log !== undefined, "The case has begun.");
    const kept = log.wraps.splice(0);
    const tablet = world.handset("azad's tablet");
    const digits = must(await azad.device().kit());
    must(
      await tablet
        .device()
        .enrolWithKit({ digits, password: "the river runs past four white houses", language: "ckb" }),
    );
    must(await tablet.device().sync());
    expect(must(await tablet.device().viewCase(logId))).toMatchObject({ isShredded: false, isBehind: true });
    log.wraps.push(...kept);
    await expectGoingOn(world);
  });

  it("by who keeps nothing, in the organisation's log, holds up nobody: not spoiled, and not under a key of its own", async () => {
    const { hostile, organisation, nour, ids } = world;
    const met = [writeOrganisationEvent({ type: "PersonMet", person: ids.rami })];
    const ownKey = () => makeCaseKey(seededRandomness("Sara's own key"));
    const spoiled = await hostile.sara.appendControl(organisation, met, { caseKey: ownKey() });
    const begun = await hostile.sara.appendControl(organisation, met, { beginsEpoch: true, caseKey: ownKey() });
    const seen = await seenByHonest(world);
    expect(seen.isBehind).toBe(false);
    expect(seen.organisation?.withoutAuthority).toEqual(expect.arrayContaining([spoiled.hash, begun.hash]));
    await expectGoingOn(world);
    // Those who keep the organisation go on as well, and can send Sara away.
    await syncAll(nour);
    expect(must(await nour.device().personLeft(ids.sara)).stands).toBe("counts");
    expect((await seenByHonest(world)).organisation?.people.get(ids.sara)?.hasLeft).toBe(true);
  });

  it("gives nobody a role of their own making", async () => {
    const { hostile, organisation, ids } = world;
    const before = (await seenByHonest(world)).organisation;
    const give = (person: PersonId) => [writeOrganisationEvent({ type: "RoleGiven", person, role: "supervisor" })];
    const own = await hostile.rami.appendControl(organisation, give(ids.rami));
    const proposed = await hostile.nour.appendControl(organisation, give(ids.sara));
    const tablet = await clientOf(world, "a second device of nour", world.nour);
    const confirmed = writeOrganisationEvent({ type: "Confirmed", proposal: proposed.hash });
    await tablet.appendControl(organisation, [confirmed]);
    const after = (await seenByHonest(world)).organisation;
    expect([...(after?.people.get(ids.rami)?.roles ?? [])]).toEqual(["caseworker"]);
    expect([...(after?.people.get(ids.sara)?.roles ?? [])]).toEqual(["caseworker"]);
    expect([...(after?.proposals.keys() ?? [])]).toEqual([proposed.hash]);
    expect(after?.withoutAuthority).toContain(own.hash);
    expect(after?.people).toEqual(before?.people);
    await expectGoingOn(world);
  });

  it("that hands colleagues a false key names whoever signed it, and a supervisor begins the next epoch", async () => {
    const { hostile, logId, nour, azad, shilan, ids } = world;
    const members = [nour, azad, shilan].map(personMember);
    const { nour: bribed } = hostile;
    const begins = { beginsEpoch: true, caseKey: makeCaseKey(seededRandomness("the epoch's key")) };
    const begun = control({ type: "EpochBegun", members, cut: [], reason: "" });
    const entry = await bribed.forge(logId, [begun], { ...begins, header: { kind: "control" } });
    const { keyCommitment } = entry.header;
    assert(keyCommitment !== undefined, "It begins an epoch.");
    const wraps = await Promise.all(
      [azad, shilan].map(({ unlocked }) => falseWrap(bribed, logId, keyCommitment, unlocked().own.receivingKey)),
    );
    const serving = members.map(({ keyId }) => keyId);
    await bribed.appendControl(logId, [begun], { ...begins, wraps, serving });
    await syncAll(azad, shilan);
    for (const each of [azad, shilan])
      expect(each.device().notices()).toContainEqual({ type: "FalseKey", logId, from: bribed.own.identityKey.keyId });
    const seen = await seenByHonest(world);
    expect(seen.isBehind).toBe(true);
    expect(seen.marks).toMatchObject([{ kind: "no-key" }]);
    expect([...seen.state.facts.saidByFact.keys()]).toEqual(["first"]);
    // What is written meanwhile is kept, and shown as not sent.
    await write(shilan, logId, "kept");
    await syncAll(shilan);
    const { state, unsent } = must(await shilan.device().viewCase(logId));
    expect([[...state.facts.saidByFact.keys()].sort(), unsent.length]).toEqual([["first", "kept"], 1]);
    for (const each of [azad, shilan])
      expect(each.device().notices()).toContainEqual({ type: "EpochWithoutKey", logId, by: ids.nour });
    // Nothing changes who reads until a person has looked at who reads from then on.
    must(await azad.device().giveAccess(logId, { kind: "person", person: ids.sara }));
    await syncAll(azad, shilan);
    expect(must(await azad.device().pendingChanges())).toMatchObject([{ refusedAs: "EpochUnread" }]);
    must(await azad.device().passOverEpoch(logId));
    await syncAll(azad, shilan, azad);
    expect(must(await shilan.device().viewCase(logId)).unsent).toEqual([]);
    expect((await sightOf(azad, logId)).facts).toContain("kept");
    expect(must(await azad.device().pendingChanges())).toEqual([]);
    await expectGoingOn(world);
    // What its maker still writes under it is for nobody, and holds up nobody.
    await bribed.push(logId, await bribed.forge(logId, [raised("For nobody.")], { caseKey: begins.caseKey }));
    await expectGoingOn(world);
  });
});
