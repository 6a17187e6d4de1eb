/** Who comes into an organisation, on devices as they ship, and what of it takes a second person (SECURITY §2). */

import { err } from "@amana/kernel";
import { answerInvitation, encodeAnswer, makeAccountVault, parseInvitation } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import {
  answered,
  bringIn,
  found,
  makeAccessWorld,
  must,
  organisationOf,
  reads,
  startCase,
  startTeam,
  syncAll,
  write,
} from "./access-world.ts";

describe("coming into an organisation", () => {
  it("makes everybody who was confirmed read its log, from the beginning", async () => {
    const { all, nour } = await startTeam("coming in");
    const known = await organisationOf(nour);
    expect(known.people.size).toBe(4);
    for (const each of all) {
      const organisation = await organisationOf(each);
      expect([...organisation.people.keys()]).toEqual([...known.people.keys()]);
      expect(organisation.withoutAuthority).toEqual([]);
      expect(must(await each.device().proposals())).toEqual([]);
    }
    expect([...(known.people.get(all[1]?.person ?? nour.person)?.roles ?? [])]).toContain("supervisor");
  });

  it("is served nothing before a person has confirmed", async () => {
    const world = makeAccessWorld("unconfirmed");
    const [nour, rami] = [world.member("nour"), world.member("rami")];
    await found(world, nour);
    await answered(nour, rami, { kind: "join", role: "caseworker" });
    must(await rami.device().sync());
    expect(must(await rami.device().organisation())).toBeUndefined();
    expect(
      await rami.device().openCase({
        type: "OpenCase",
        code: "KRI-2026-0001",
        searchedAt: world.now(),
        limits: { kind: "told", wording: "adult", duties: [] },
      } as never),
    ).toEqual(err({ type: "OrganisationUnknown" }));
    expect(await rami.device().openInvitation({ kind: "join", role: "caseworker" }, 5)).toEqual(
      err({ type: "OrganisationUnknown" }),
    );
    expect(await rami.device().setPolicy({})).toEqual(err({ type: "OrganisationUnknown" }));
  });

  it("can do and see nothing of it before that, and nothing breaks", async () => {
    const world = makeAccessWorld("nothing yet");
    const [nour, rami] = [world.member("nour"), world.member("rami")];
    await found(world, nour);
    await answered(nour, rami, { kind: "join", role: "caseworker" });
    const device = rami.device();
    const team = must(await device.newTeamId());
    const noLog = "11".repeat(16) as never;
    expect(must(await device.proposals())).toEqual([]);
    expect(must(await device.teamsWaitingForKey())).toEqual([]);
    expect(must(await device.casesWaitingForEpoch())).toEqual([]);
    expect(must(await device.wordsOfHeads([noLog]))).toHaveLength(6);
    expect(await device.peopleWhoCanRead(noLog)).toEqual(err({ type: "CaseUnknown" }));
    expect(await device.formTeam(team, [])).toEqual(err({ type: "OrganisationUnknown" }));
    expect(await device.requestRecovery()).toEqual(err({ type: "NoRecoveryKey" }));
    expect(await device.confirmProposal("22".repeat(32) as never)).toEqual(err({ type: "OrganisationUnknown" }));
    // What waits for a case that is not here is refused, and shown.
    must(await device.confirmErasure(noLog, "22".repeat(32) as never));
    must(await device.sync());
    expect(must(await device.pendingChanges())).toMatchObject([{ refusedAs: "UpdateFirst" }]);
    expect(must(await nour.device().wordsOfHeads([...world.server.state.logs.keys()]))).toHaveLength(6);
    await device.lock();
    expect(await device.proposals()).toEqual(err({ type: "Locked" }));
  });

  it("says that the server cannot be reached wherever it is asked, and goes on later", async () => {
    const { nour, azad, all } = await startTeam("unreachable");
    const { recoveryKey, sheets } = must(await nour.device().makeSheets(2, 3));
    must(await nour.device().proposeRecoveryKey(recoveryKey));
    must(await azad.device().sync());
    for (const { entry } of must(await azad.device().proposals())) must(await azad.device().confirmProposal(entry));
    await syncAll(...all);
    must(await nour.device().requestRecovery());
    const { id } = must(await nour.device().openInvitation({ kind: "join", role: "caseworker" }, 5));
    const device = nour.device();
    for (const asking of [
      () => device.openInvitation({ kind: "join", role: "caseworker" }, 5),
      () => device.closeInvitation(id),
      () => device.readAnswers(),
      () => device.requestRecovery(),
      () => device.recoveries(),
      () => device.forbidRecovery(new Uint8Array(16)),
      () => device.recoverWithSheets(sheets),
      () => device.setPolicy({ "retention-years": 9 }),
    ]) {
      nour.faults.push("lost-before");
      expect(await asking()).toEqual(err({ type: "Unreachable" }));
    }
    // It was durable before it was sent, and has gone out since.
    expect(must(await device.setPolicy({ "retention-years": 9 })).stands).toBe("already");
    expect(must(await device.proposals())).toHaveLength(1);
  });

  it("takes one answer to an invitation, and no other after it", async () => {
    const world = makeAccessWorld("single use");
    const [nour, rami] = [world.member("nour"), world.member("rami")];
    await found(world, nour);
    const { id, answer } = await answered(nour, rami, { kind: "join", role: "caseworker" });
    expect(await nour.device().confirmAnswer("00".repeat(16), answer)).toEqual(err({ type: "InvitationUnknown" }));
    // The answer is lost after the server has taken the entry; the same is confirmed again.
    nour.faults.push("none", "lost-after");
    const first = await nour.device().confirmAnswer(id, answer);
    await nour.restart();
    nour.faults.length = 0;
    const again = await nour.device().confirmAnswer(id, answer);
    expect([first.ok, again.ok]).toContain(true);
    must(await nour.device().sync());
    expect((await organisationOf(nour)).people.size).toBe(2);
    expect(must(await nour.device().readAnswers())).toMatchObject([{ id, outcome: { kind: "confirmed" } }]);
    const other = answer.slice();
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    expect(await nour.device().confirmAnswer(id, other)).toEqual(err({ type: "Forged" }));
    // Another who knows the secret comes too late, whatever the server says.
    const [opened] = must(await nour.device().invitations());
    const invitation = parseInvitation(opened?.invitation ?? new Uint8Array());
    if (invitation === undefined) throw new Error("The invitation is not there.");
    const keys = await makeAccountVault(seededRandomness("somebody else"));
    const second = encodeAnswer(await answerInvitation(invitation, keys));
    expect(await nour.device().confirmAnswer(id, second)).toEqual(err({ type: "AlreadyUsed" }));
    expect((await organisationOf(nour)).people.size).toBe(2);
  });

  it("refuses an answer that comes too late, or to an invitation that was closed", async () => {
    const world = makeAccessWorld("late");
    const [nour, rami, hevi] = [world.member("nour"), world.member("rami"), world.member("hevi")];
    await found(world, nour);
    const late = await answered(nour, rami, { kind: "join", role: "caseworker" });
    world.pass(61);
    expect(must(await nour.device().readAnswers())).toMatchObject([
      { outcome: { kind: "refused", error: { type: "Expired" } } },
    ]);
    expect(await nour.device().confirmAnswer(late.id, late.answer)).toEqual(err({ type: "Expired" }));
    const closed = await answered(nour, hevi, { kind: "join", role: "administrator" });
    must(await nour.device().closeInvitation(closed.id));
    must(await nour.device().closeInvitation(closed.id));
    expect(await nour.device().confirmAnswer(closed.id, closed.answer)).toEqual(err({ type: "InvitationUnknown" }));
    expect((await organisationOf(nour)).people.size).toBe(1);
  });

  it("refuses what this person has no say in, before anything is sent", async () => {
    const { shilan, omar, nour, world } = await startTeam("no say");
    const entries = (): number =>
      [...world.server.state.logs.values()].reduce((sum, log) => sum + log.entries.length, 0);
    const before = entries();
    for (const answer of [
      await shilan.device().giveRole(omar.person, "supervisor"),
      await shilan.device().personLeft(nour.person),
      await shilan.device().setPolicy({ retention: 5 }),
      await shilan.device().formTeam(must(await shilan.device().newTeamId()), [nour.person]),
      await nour.device().formTeam(must(await nour.device().newTeamId()), [shilan.person]),
    ])
      expect(answer).toEqual(err({ type: "NotAllowed" }));
    expect(entries()).toBe(before);
    expect(await shilan.device().openInvitation({ kind: "join", role: "caseworker" }, 5)).toMatchObject({
      error: { type: "Refused", code: "NotForYou" },
    });
  });
});

describe("the four things that count only when a second person confirms them", () => {
  it("the role of supervisor", async () => {
    const { nour, azad, omar, all } = await startTeam("second role");
    expect(must(await nour.device().giveRole(omar.person, "supervisor"))).toMatchObject({ stands: "waits" });
    expect(must(await nour.device().giveRole(omar.person, "supervisor"))).toEqual({
      entry: undefined,
      stands: "already",
    });
    await syncAll(...all);
    const [own] = must(await nour.device().proposals());
    const [proposal] = must(await azad.device().proposals());
    if (own === undefined || proposal === undefined) throw new Error("The proposal is not there.");
    expect([own.canConfirm, proposal.canConfirm]).toEqual([false, true]);
    expect(await nour.device().confirmProposal(proposal.entry)).toEqual(err({ type: "NotAllowed" }));
    expect(await omar.device().confirmProposal(proposal.entry)).toEqual(err({ type: "NotAllowed" }));
    expect((await organisationOf(omar)).people.get(omar.person)?.roles.has("supervisor")).toBe(false);
    expect(must(await azad.device().confirmProposal(proposal.entry))).toMatchObject({ stands: "counts" });
    await syncAll(...all);
    for (const each of all)
      expect((await organisationOf(each)).people.get(omar.person)?.roles.has("supervisor")).toBe(true);
    // A new supervisor may invite: the server was told.
    expect((await omar.device().openInvitation({ kind: "join", role: "caseworker" }, 5)).ok).toBe(true);
  });

  it("the policy and the recovery key", async () => {
    const { nour, azad, shilan, all } = await startTeam("second policy");
    must(await nour.device().setPolicy({ "retention-years": 7 }));
    const { recoveryKey, sheets } = must(await nour.device().makeSheets(2, 3));
    expect(sheets).toHaveLength(3);
    expect(sheets[0]).toMatch(/^\d{102}$/);
    expect(await nour.device().makeSheets(1, 1)).toEqual(err({ type: "NoSuchSheets" }));
    must(await nour.device().proposeRecoveryKey(recoveryKey));
    await syncAll(...all);
    expect((await organisationOf(shilan)).policy).toEqual({});
    expect((await organisationOf(shilan)).recoveryKey).toBeUndefined();
    for (const { entry } of must(await azad.device().proposals())) must(await azad.device().confirmProposal(entry));
    await syncAll(...all);
    expect((await organisationOf(shilan)).policy).toEqual({ "retention-years": 7 });
    expect((await organisationOf(shilan)).recoveryKey?.k).toBe(2);
    expect(must(await nour.device().setPolicy({ "retention-years": 7 })).stands).toBe("already");
    expect(must(await nour.device().proposeRecoveryKey(recoveryKey)).stands).toBe("already");
    // Everyone is told, and sees who it was and when.
    expect(shilan.device().notices()).toContainEqual({ type: "WhoReadsChanged" });
    const told = (await organisationOf(shilan)).changesOfReading.slice(-2);
    expect(told.map(({ event, by, confirmedBy }) => [event.type, by, confirmedBy])).toEqual([
      ["PolicySet", nour.person, azad.person],
      ["RecoveryKeySet", nour.person, azad.person],
    ]);
    for (const { proposedAt, confirmedAt } of told)
      expect([proposedAt, confirmedAt]).toEqual([expect.any(Number), expect.any(Number)]);
  });

  it("and is told also where an act of one's own has fetched it, and not an exchange", async () => {
    const { nour, azad, shilan, all } = await startTeam("fetched otherwise");
    must(await nour.device().setPolicy({ "retention-years": 7 }));
    await syncAll(...all);
    const confirmAll = async (): Promise<void> => {
      for (const { entry } of must(await azad.device().proposals())) must(await azad.device().confirmProposal(entry));
    };
    const seenByNour = async () => [
      nour
        .device()
        .notices()
        .some(({ type }) => type === "WhoReadsChanged"),
      (await organisationOf(nour)).policy["retention-years"],
    ];
    await nour.restart();
    await confirmAll();
    must(await nour.device().namePerson(shilan.person, "Shilan"));
    expect(await seenByNour()).toEqual([true, 7]);
    // And where a colleague was quicker than what this device had made ready.
    must(await nour.device().setPolicy({ "retention-years": 8 }));
    await syncAll(azad);
    await nour.restart();
    must(await nour.device().sync());
    expect(await seenByNour()).toEqual([false, 7]);
    nour.meanwhile.set("append-control", confirmAll);
    must(await nour.device().namePerson(azad.person, "Azad"));
    expect(await seenByNour()).toEqual([true, 8]);
  });

  it("a person's keys, which a colleague announces after speaking with them", async () => {
    const { nour, azad, shilan, omar, logId, all, world } = await startCase("second keys");
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    await syncAll(...all);
    const before = (await organisationOf(nour)).people.get(omar.person)?.identityKey.keyId;
    omar.loseEverything();
    await bringIn(azad, omar, { kind: "come-back", person: omar.person });
    expect((await organisationOf(azad)).people.get(omar.person)?.identityKey.keyId).toBe(before);
    must(await nour.device().sync());
    const [proposal] = must(await nour.device().proposals());
    if (proposal === undefined) throw new Error("The proposal is not there.");
    must(await nour.device().confirmProposal(proposal.entry));
    expect((await organisationOf(nour)).people.get(omar.person)?.identityKey.keyId).not.toBe(before);
    // Served at once, and open once a colleague has begun a new epoch.
    must(await omar.device().sync());
    expect(await reads(omar, logId)).not.toContain("first");
    must(await shilan.device().sync());
    expect(must(await shilan.device().casesWaitingForEpoch())).toEqual([logId]);
    must(await shilan.device().renewAccess(logId));
    await syncAll(shilan, omar, nour, azad);
    expect(await reads(omar, logId)).toEqual(["first"]);
    expect(must(await shilan.device().casesWaitingForEpoch())).toEqual([]);
    await write(omar, logId, "back-again");
    await syncAll(omar, shilan);
    expect(await reads(shilan, logId)).toEqual(["back-again", "first"]);
    expect([...world.server.state.accounts.values()].filter(({ hasLeft }) => hasLeft)).toHaveLength(1);
  });
});
