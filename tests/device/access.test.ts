/** Who can read, on devices as they ship: SECURITY §2 and §3 of what changes it, and of what it changes. */

import { err } from "@amana/kernel";
import { answerInvitation, encodeAnswer, makeAccountVault, parseInvitation } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import {
  answered,
  bringIn,
  found,
  makeAccessWorld,
  must,
  openNewCase,
  organisationOf,
  readersOf,
  reads,
  startCase,
  startTeam,
  syncAll,
  write,
  type Member,
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

describe("opening a case", () => {
  it("works without the network, and is open to its caseworker and the supervisors", async () => {
    const { shilan, nour, omar, all } = await startTeam("open");
    shilan.faults.push(...Array<"lost-before">(3).fill("lost-before"));
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "first");
    expect(await readersOf(shilan, logId, all)).toEqual(["azad", "nour", "shilan"]);
    expect(must(await shilan.device().pendingChanges())).toMatchObject([{ change: { kind: "open" }, logId }]);
    expect((await shilan.device().sync()).ok).toBe(false);
    await shilan.restart();
    shilan.faults.length = 0;
    await syncAll(...all);
    expect(must(await shilan.device().pendingChanges())).toEqual([]);
    expect(await reads(nour, logId)).toEqual(["first"]);
    expect(await reads(omar, logId)).toBeUndefined();
    expect(await readersOf(nour, logId, all)).toEqual(["azad", "nour", "shilan"]);
  });

  it("is refused while only one person could open it", async () => {
    const world = makeAccessWorld("alone");
    const [nour, hevi] = [world.member("nour"), world.member("hevi")];
    await found(world, nour);
    const command = {
      type: "OpenCase",
      code: "KRI-2026-0001",
      searchedAt: world.now(),
      limits: { kind: "told", wording: "adult", duties: [] },
    } as never;
    expect(await nour.device().openCase(command)).toEqual(err({ type: "SecondOpenerMissing" }));
    await bringIn(nour, hevi, { kind: "join", role: "administrator" });
    must(await hevi.device().sync());
    expect(await nour.device().openCase(command)).toEqual(err({ type: "SecondOpenerMissing" }));
    const withAdministrator = [{ kind: "person", person: hevi.person }] as const;
    expect(await nour.device().openCase(command, withAdministrator)).toEqual(err({ type: "ReaderUnknown" }));
    expect(await hevi.device().openCase(command)).toMatchObject({ ok: false });
    expect(nour.store().contents().has("record/pending-access")).toBe(false);
    expect(must(await nour.device().listCases())).toEqual([]);
  });

  it("writes nothing when the case itself is refused", async () => {
    const { shilan } = await startTeam("refused case");
    const names = [...shilan.store().contents().keys()];
    const refused = await shilan.device().openCase({ type: "WriteNote", note: "n", about: "case", text: "t" } as never);
    expect(refused.ok).toBe(false);
    expect([...shilan.store().contents().keys()]).toEqual(names);
  });

  it("goes to the caseworker's own team, through a key that its supervisors share", async () => {
    const { nour, azad, shilan, omar, all } = await startTeam("team");
    const team = must(await nour.device().newTeamId());
    must(await nour.device().formTeam(team, [nour.person, azad.person]));
    expect(must(await nour.device().formTeam(team, [nour.person, azad.person])).stands).toBe("already");
    must(await nour.device().joinTeam(team, shilan.person));
    expect(must(await nour.device().joinTeam(team, shilan.person)).stands).toBe("already");
    must(await nour.device().joinTeam(team, omar.person));
    must(await nour.device().leaveTeam(team, omar.person));
    await syncAll(...all);
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "first");
    await syncAll(...all);
    for (const supervisor of [nour, azad]) expect(await reads(supervisor, logId)).toEqual(["first"]);
    expect(await reads(omar, logId)).toBeUndefined();
    const { people } = must(await azad.device().peopleWhoCanRead(logId));
    expect(people.find(({ person }) => person === azad.person)?.through).toEqual([team]);
    expect((await organisationOf(omar)).teams.get(team)?.members.has(omar.person)).toBe(false);
  });
});

describe("giving and taking access", () => {
  it("a new reader reads all that was; whoever is taken out reads nothing written after", async () => {
    const { shilan, omar, nour, azad, all, logId, world } = await startCase("give and take");
    expect(await reads(omar, logId)).toBeUndefined();
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    await syncAll(...all);
    expect(await reads(omar, logId)).toEqual(["first"]);
    await write(omar, logId, "second");
    await syncAll(...all);
    expect(await reads(shilan, logId)).toEqual(["first", "second"]);

    must(await shilan.device().takeAccess(logId, { kind: "person", person: omar.person }));
    await syncAll(shilan, nour);
    await write(nour, logId, "third");
    await syncAll(...all);
    expect(await reads(shilan, logId)).toEqual(["first", "second", "third"]);
    expect(await reads(omar, logId)).toEqual(["first", "second"]);
    expect(await readersOf(nour, logId, all)).toEqual(["azad", "nour", "shilan"]);
    // Who was given it and who was taken out stays to be read, by whom and when.
    const { history } = must(await azad.device().peopleWhoCanRead(logId));
    const openers = [azad.person, nour.person, shilan.person].sort();
    const steps = history.map(({ by, given, taken, standing }) => [by, given, taken, standing]);
    expect(steps).toEqual([
      [shilan.person, openers, [], "counts"],
      [shilan.person, [omar.person], [], "counts"],
      [shilan.person, [], [omar.person], "counts"],
    ]);
    expect(must(await azad.device().exportCase(logId))).toMatchObject({
      access: [{ recordedAt: expect.stringMatching(/^2026-.*Z$/) as string }, {}, { taken: [omar.person] }],
    });
    // Even a server that serves him everything gives him nothing: no wrap is for his key.
    const log = world.server.state.logs.get(logId);
    const key = (await organisationOf(nour)).people.get(omar.person)?.receivingKey.keyId;
    if (log === undefined || key === undefined) throw new Error("The case is not there.");
    log.serving = new Set([...log.serving, key]);
    must(await omar.device().sync());
    expect(await reads(omar, logId)).toEqual(["first", "second"]);
    expect(must(await omar.device().viewCase(logId)).isBehind).toBe(true);
  });

  it("does nothing twice: what is so already is not written again", async () => {
    const { shilan, omar, all, logId, world } = await startCase("twice");
    const reader = { kind: "person", person: omar.person } as const;
    must(await shilan.device().giveAccess(logId, reader));
    must(await shilan.device().giveAccess(logId, reader));
    must(await shilan.device().renewAccess(logId));
    await syncAll(...all);
    const entries = world.server.state.logs.get(logId)?.entries.filter(({ header }) => header.kind === "control");
    expect(entries).toHaveLength(2);
    expect(must(await shilan.device().pendingChanges())).toEqual([]);
  });

  it("is counted as not sent and told to whoever looks, until the server has it or has refused it", async () => {
    const { shilan, nour, azad, omar, logId, all } = await startCase("not sent yet");
    await syncAll(...all);
    const unsent = async (): Promise<number> => must(await nour.device().syncState()).unsent;
    const told: string[] = [];
    nour.device().onChange(({ type }) => void told.push(type));
    must(await nour.device().giveAccess(logId, { kind: "person", person: omar.person }));
    expect([await unsent(), told]).toEqual([1, ["cases"]]);
    must(await nour.device().sync());
    expect(await unsent()).toBe(0);
    for (const { person } of [azad, omar, shilan])
      must(await nour.device().takeAccess(logId, { kind: "person", person }));
    expect(await unsent()).toBe(3);
    must(await nour.device().sync());
    expect(must(await nour.device().pendingChanges())).toMatchObject([{ refusedAs: "SecondOpenerMissing" }]);
    expect(await unsent()).toBe(0);
  });

  it("is refused, shown and kept where it would leave one opener, or nobody to take it", async () => {
    const { shilan, nour, azad, logId, world, omar } = await startCase("too few");
    must(await nour.device().takeAccess(logId, { kind: "person", person: azad.person }));
    must(await nour.device().takeAccess(logId, { kind: "person", person: shilan.person }));
    must(await nour.device().giveAccess(logId, { kind: "person", person: "00".repeat(16) as never }));
    must(await nour.device().sync());
    const pending = must(await nour.device().pendingChanges());
    expect(pending.map(({ change, refusedAs }) => [change.kind, refusedAs])).toEqual([
      ["take", "SecondOpenerMissing"],
      ["give", "ReaderUnknown"],
    ]);
    for (const { number } of pending) must(await nour.device().dropPendingChange(number));
    expect(must(await nour.device().pendingChanges())).toEqual([]);
    expect(must(await nour.device().peopleWhoCanRead(logId)).people).toHaveLength(2);
    // Somebody who does not read the case gives nobody access to it.
    const unknown = await omar.device().peopleWhoCanRead(logId);
    expect(unknown).toEqual(err({ type: "CaseUnknown" }));
    must(await omar.device().giveAccess(logId, { kind: "person", person: omar.person }));
    await omar.device().sync();
    expect(await reads(omar, logId)).toBeUndefined();
    expect(world.server.state.logs.get(logId)?.entries.filter(({ header }) => header.kind === "control")).toHaveLength(
      2,
    );
  });

  it("is made on what somebody quicker has changed, which is read first", async () => {
    const { shilan, nour, azad, omar, logId, all } = await startCase("quicker");
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    shilan.meanwhile.set("append-control", async () => {
      must(await nour.device().takeAccess(logId, { kind: "person", person: azad.person }));
      must(await nour.device().sync());
    });
    must(await shilan.device().sync());
    expect(must(await shilan.device().pendingChanges())).toEqual([]);
    await syncAll(...all);
    expect(await readersOf(nour, logId, all)).toEqual(["nour", "omar", "shilan"]);
  });

  it("goes on where it stopped, whichever request or write is lost", async () => {
    for (const fault of ["lost-before", "lost-after"] as const) {
      for (let place = 0; place < 7; place += 2) {
        const { shilan, omar, nour, all, logId, world } = await startCase(`lost ${fault} ${place}`);
        must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
        shilan.faults.push(...Array<"none">(place).fill("none"), fault);
        await shilan.device().sync();
        await shilan.restart();
        shilan.faults.length = 0;
        await syncAll(...all);
        expect(await reads(omar, logId), `${fault} ${place}`).toEqual(["first"]);
        expect(await readersOf(nour, logId, all)).toEqual(["azad", "nour", "omar", "shilan"]);
        const controls = world.server.state.logs.get(logId)?.entries.filter(({ header }) => header.kind === "control");
        expect(controls, `${fault} ${place}`).toHaveLength(2);
      }
    }
  });

  it("goes on where the device stopped", async () => {
    for (const fate of ["crash-before", "crash-after"] as const) {
      for (let write = 0; write < 4; write++) {
        const { shilan, omar, all, logId } = await startCase(`stopped ${fate} ${write}`);
        must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
        shilan.fates.push(...Array<"written">(write).fill("written"), fate);
        await shilan
          .device()
          .sync()
          .catch(() => undefined);
        shilan.fates.length = 0;
        await shilan.restart();
        await syncAll(...all);
        expect(await reads(omar, logId), `${fate} ${write}`).toEqual(["first"]);
      }
    }
  });
});

describe("somebody who has left", () => {
  it("is served nothing at once; their cases begin a new epoch when next written to, and are listed until then", async () => {
    const { shilan, omar, nour, azad, all, logId, world } = await startCase("left");
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    await syncAll(...all);
    must(await nour.device().personLeft(omar.person));
    expect(must(await nour.device().personLeft(omar.person)).stands).toBe("already");
    // Whoever holds the device has it open no longer, and with the password it is served nothing either.
    expect(await omar.device().sync()).toMatchObject({ ok: false, error: { type: "Locked" } });
    await omar.restart();
    expect(await omar.device().sync()).toMatchObject({ ok: false, error: { type: "Refused" } });
    await syncAll(nour, azad, shilan);
    expect(must(await nour.device().casesWaitingForEpoch())).toEqual([logId]);
    expect(must(await nour.device().peopleWhoCanRead(logId)).waitsForEpoch).toBe(true);
    const controls = (): number =>
      world.server.state.logs.get(logId)?.entries.filter(({ header }) => header.kind === "control").length ?? 0;
    const before = controls();
    await write(azad, logId, "after");
    await syncAll(azad, shilan, nour);
    expect(controls()).toBe(before + 1);
    expect(must(await nour.device().casesWaitingForEpoch())).toEqual([]);
    expect(await reads(shilan, logId)).toEqual(["after", "first"]);
    // What they still hold opens nothing of it, whoever serves it to them.
    const account = [...world.server.state.accounts.values()].find(({ hasLeft }) => hasLeft);
    const log = world.server.state.logs.get(logId);
    if (account === undefined || log === undefined) throw new Error("The account is not there.");
    account.hasLeft = false;
    log.serving = new Set([...log.serving, account.receivingKey]);
    must(await omar.device().sync());
    expect(await reads(omar, logId)).toEqual(["first"]);
    // Nor the organisation's log: its key is another one.
    must(await nour.device().formTeam(must(await nour.device().newTeamId()), [nour.person]));
    for (const each of world.server.state.logs.values())
      each.serving = new Set([...each.serving, account.receivingKey]);
    must(await omar.device().sync());
    expect((await organisationOf(omar)).teams.size).toBe(0);
    expect((await organisationOf(shilan)).people.get(omar.person)?.hasLeft).toBe(true);
    // Whoever comes after reads the organisation's log through both epochs.
    const hevi = world.member("hevi");
    await bringIn(nour, hevi, { kind: "join", role: "caseworker" });
    must(await hevi.device().sync());
    expect((await organisationOf(hevi)).people.size).toBe(5);
    expect((await organisationOf(hevi)).people.get(omar.person)?.hasLeft).toBe(true);
  });

  it("can never leave fewer than two supervisors, or a team without one", async () => {
    const { nour, azad, omar, all } = await startTeam("two stay");
    expect(await azad.device().personLeft(nour.person)).toEqual(err({ type: "NotAllowed" }));
    expect(await nour.device().takeRole(azad.person, "supervisor")).toEqual(err({ type: "NotAllowed" }));
    must(await nour.device().giveRole(omar.person, "supervisor"));
    await syncAll(...all);
    const [proposal] = must(await azad.device().proposals());
    if (proposal === undefined) throw new Error("The proposal is not there.");
    must(await azad.device().confirmProposal(proposal.entry));
    await syncAll(...all);
    const team = must(await azad.device().newTeamId());
    must(await azad.device().formTeam(team, [azad.person, omar.person]));
    await syncAll(...all);
    expect(must(await nour.device().teamsWaitingForKey())).toEqual([]);
    must(await nour.device().takeRole(omar.person, "supervisor"));
    await syncAll(...all);
    // Omar has held its key: the team needs another one.
    expect(must(await nour.device().teamsWaitingForKey())).toEqual([team]);
    expect(must(await azad.device().replaceTeamKey(team, [azad.person]))).toMatchObject({ stands: "waits" });
    must(await nour.device().sync());
    const [rekey] = must(await nour.device().proposals());
    if (rekey === undefined) throw new Error("The proposal is not there.");
    must(await nour.device().confirmProposal(rekey.entry));
    await syncAll(...all);
    expect(must(await azad.device().teamsWaitingForKey())).toEqual([]);
    expect([...((await organisationOf(azad)).teams.get(team)?.supervisors ?? [])]).toEqual([azad.person]);
  });
});

describe("a team whose key somebody took along", () => {
  it("gets nothing more under that key: its supervisors get each case by themselves until it has another", async () => {
    const { nour, azad, shilan, omar, all, world } = await startTeam("team key");
    must(await nour.device().giveRole(omar.person, "supervisor"));
    must(await azad.device().sync());
    const confirmAll = async (by: Member): Promise<void> => {
      must(await by.device().sync());
      for (const { entry } of must(await by.device().proposals())) must(await by.device().confirmProposal(entry));
    };
    await confirmAll(azad);
    await syncAll(...all);
    const team = must(await nour.device().newTeamId());
    must(await nour.device().formTeam(team, [nour.person, omar.person]));
    must(await nour.device().joinTeam(team, shilan.person));
    await syncAll(...all);
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "first");
    await syncAll(...all);
    expect(await reads(omar, logId)).toEqual(["first"]);
    const oldKey = (await organisationOf(nour)).teams.get(team)?.receivingKey.keyId;
    const wrapsTo = (key: string | undefined): number =>
      world.server.state.logs.get(logId)?.wraps.filter(({ recipient }) => recipient === key).length ?? 0;
    expect(wrapsTo(oldKey)).toBe(1);

    must(await nour.device().personLeft(omar.person));
    await syncAll(nour, azad, shilan);
    await write(shilan, logId, "after");
    await syncAll(shilan, nour);
    expect(wrapsTo(oldKey)).toBe(1);
    expect(await reads(nour, logId)).toEqual(["after", "first"]);
    expect(await readersOf(shilan, logId, all)).toEqual(["nour", "shilan"]);
    expect(must(await shilan.device().casesWaitingForEpoch())).toEqual([]);

    must(await nour.device().replaceTeamKey(team, [nour.person, azad.person]));
    await confirmAll(azad);
    await syncAll(nour, azad, shilan);
    expect(must(await shilan.device().casesWaitingForEpoch())).toEqual([logId]);
    await write(shilan, logId, "last");
    await syncAll(shilan, nour, azad);
    expect(await reads(azad, logId)).toEqual(["after", "first", "last"]);
    const { people } = must(await azad.device().peopleWhoCanRead(logId));
    expect(people.map(({ person, through }) => [person, through])).toEqual([
      [shilan.person, ["own-key"]],
      [nour.person, [team]],
      [azad.person, [team]],
    ]);
  });

  it("lets nobody send themselves away", async () => {
    const { nour, omar, azad, all } = await startTeam("oneself");
    must(await nour.device().giveRole(omar.person, "supervisor"));
    must(await azad.device().sync());
    const [proposal] = must(await azad.device().proposals());
    if (proposal === undefined) throw new Error("The proposal is not there.");
    must(await azad.device().confirmProposal(proposal.entry));
    await syncAll(...all);
    expect(await omar.device().personLeft(omar.person)).toEqual(err({ type: "NotOneself" }));
    expect((await organisationOf(omar)).withoutAuthority).toEqual([]);
  });

  it("begins a case without whoever left since it was opened", async () => {
    const { nour, azad, shilan, omar, world } = await startTeam("left before");
    const readers = [nour, omar].map(({ person }) => ({ kind: "person", person }) as const);
    const { logId } = must(
      await shilan.device().openCase(
        {
          type: "OpenCase",
          code: "KRI-2026-0009" as never,
          searchedAt: world.now(),
          limits: { kind: "told", wording: "adult", duties: [] },
        },
        readers,
      ),
    );
    must(await nour.device().personLeft(omar.person));
    await syncAll(shilan, nour, azad);
    expect(await readersOf(nour, logId, [nour, azad, shilan, omar])).toEqual(["nour", "shilan"]);
    expect(must(await shilan.device().pendingChanges())).toEqual([]);
  });
});

describe("erasing", () => {
  it("takes two people; then a body is gone from every device and from the server", async () => {
    const { shilan, nour, azad, all, logId, world } = await startCase("erase");
    await write(shilan, logId, "to-be-erased");
    await syncAll(...all);
    const entry = world.server.state.logs.get(logId)?.entries.at(-1)?.hash;
    if (entry === undefined) throw new Error("The entry is not there.");
    must(await shilan.device().proposeErasure(logId, [entry]));
    must(await shilan.device().proposeErasure(logId, [entry]));
    await syncAll(...all);
    const erasures = must(await nour.device().peopleWhoCanRead(logId)).erasures;
    expect(erasures).toMatchObject([{ proposedBy: shilan.person, entries: [entry], confirmation: undefined }]);
    const proposal = erasures[0]?.proposal;
    if (proposal === undefined) throw new Error("The proposal is not there.");
    must(await shilan.device().confirmErasure(logId, proposal));
    must(await shilan.device().sync());
    expect(must(await shilan.device().pendingChanges())).toMatchObject([{ refusedAs: "NotToConfirm" }]);
    expect(await reads(azad, logId)).toContain("to-be-erased");

    must(await nour.device().confirmErasure(logId, proposal));
    await syncAll(...all);
    for (const each of [shilan, nour, azad]) expect(await reads(each, logId)).toEqual(["first"]);
    expect(world.server.state.ledger).toEqual([{ logId, entries: [entry] }]);
    expect(must(await nour.device().peopleWhoCanRead(logId)).erasures[0]?.confirmation).toBeDefined();
    must(await nour.device().confirmErasure(logId, proposal));
    must(await nour.device().sync());
    expect(must(await nour.device().pendingChanges())).toEqual([]);
  });

  it("shreds a whole case by destroying its keys, on the server and here", async () => {
    const { shilan, nour, all, logId, world } = await startCase("shred");
    must(await nour.device().proposeShredding(logId));
    await syncAll(...all);
    const [erasure] = must(await shilan.device().peopleWhoCanRead(logId)).erasures;
    if (erasure === undefined) throw new Error("The proposal is not there.");
    expect(erasure.entries).toEqual([]);
    must(await shilan.device().confirmErasure(logId, erasure.proposal));
    must(await shilan.device().sync());
    expect(world.server.state.logs.get(logId)?.wraps).toEqual([]);
    for (const each of [shilan, nour]) {
      must(await each.device().sync());
      expect(await reads(each, logId)).toEqual([]);
      await each.restart();
      must(await each.device().sync());
      expect(await reads(each, logId)).toEqual([]);
    }
  });

  it("of a shredded case leaves nothing on the device of any colleague, who sees that it was shredded", async () => {
    const { shilan, nour, azad, all, logId } = await startCase("shred all");
    must(await nour.device().proposeShredding(logId));
    await syncAll(...all);
    const [erasure] = must(await shilan.device().peopleWhoCanRead(logId)).erasures;
    if (erasure === undefined) throw new Error("The proposal is not there.");
    // Azad writes without a network, and wants to give access to it; Nour tries to confirm what she proposed herself.
    await write(azad, logId, "never-sent");
    must(await azad.device().renewAccess(logId));
    must(await nour.device().confirmErasure(logId, erasure.proposal));
    must(await nour.device().sync());
    must(await shilan.device().confirmErasure(logId, erasure.proposal));
    must(await shilan.device().sync());
    for (const each of [shilan, nour, azad]) {
      for (let round = 0; round < 2; round++) {
        must(await each.device().sync());
        expect(must(await each.device().listCases())).toMatchObject([
          { logId, stage: "shredded", codes: [], unsent: 0, marks: 0, isBehind: false },
        ]);
        expect(must(await each.device().viewCase(logId))).toMatchObject({ isShredded: true, isBehind: false });
        expect(must(await each.device().viewCase(logId)).state.history).toEqual([]);
        expect(must(await each.device().due())).toEqual([]);
        expect(must(await each.device().syncState()).unsent).toBe(0);
        expect(must(await each.device().pendingChanges())).toEqual([]);
        expect(await each.device().tell(logId, recordFact("after", "yes"))).toEqual(err({ type: "CaseNotHeld" }));
        const names = [...each.store().contents().keys()].filter((name) => name.includes(logId));
        expect(names.filter((name) => /^(draft|snapshot|outbox)/.test(name))).toEqual([]);
        expect((await each.keysOf(logId)).size).toBe(0);
        await each.restart();
      }
    }
  });

  it("forgets a shredded case only once the server was told, however often the answer is lost", async () => {
    const { shilan, nour, all, logId, world } = await startCase("shred told");
    must(await nour.device().proposeShredding(logId));
    await syncAll(...all);
    const [erasure] = must(await shilan.device().peopleWhoCanRead(logId)).erasures;
    if (erasure === undefined) throw new Error("The proposal is not there.");
    must(await shilan.device().confirmErasure(logId, erasure.proposal));
    for (const fault of ["lost-before", "lost-after"] as const) {
      shilan.losing.set("shred", fault);
      expect(await shilan.device().sync()).toEqual(err({ type: "Unreachable" }));
      // The case key, and the key under which the shredding is told to devices that come later.
      expect((await shilan.keysOf(logId)).size).toBe(2);
      await shilan.restart();
    }
    must(await shilan.device().sync());
    expect(world.server.state.logs.get(logId)?.wraps).toEqual([]);
    expect((await shilan.keysOf(logId)).size).toBe(0);
  });
});

describe("adopting", () => {
  it("lets count again what a removed person had written and nobody had accepted", async () => {
    const { shilan, omar, nour, all, logId, world } = await startCase("adopt");
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    await syncAll(...all);
    await write(omar, logId, "unseen");
    must(await shilan.device().takeAccess(logId, { kind: "person", person: omar.person }));
    // Sent after Shilan's device had looked, and before its epoch began.
    shilan.meanwhile.set("append-control", async () => {
      must(await omar.device().sync());
    });
    await syncAll(shilan, nour);
    const quarantined = must(await nour.device().viewCase(logId)).marks.filter(({ kind }) => kind === "quarantined");
    expect(quarantined).toHaveLength(1);
    expect(await reads(nour, logId)).not.toContain("unseen");
    must(
      await nour.device().adoptEntries(
        logId,
        quarantined.map(({ entry }) => entry),
      ),
    );
    must(
      await nour.device().adoptEntries(
        logId,
        quarantined.map(({ entry }) => entry),
      ),
    );
    await syncAll(nour, shilan);
    for (const each of [nour, shilan]) expect(await reads(each, logId)).toContain("unseen");
    // Opened, given, taken, adopted: each once.
    expect(world.server.state.logs.get(logId)?.entries.filter(({ header }) => header.kind === "control")).toHaveLength(
      4,
    );
    expect(must(await nour.device().pendingChanges())).toEqual([]);
  });
});

describe("recovery with sheets", () => {
  const withSheets = async (seed: string) => {
    const started = await startTeam(seed);
    const { nour, azad, all } = started;
    const { recoveryKey, sheets } = must(await nour.device().makeSheets(2, 3));
    must(await nour.device().proposeRecoveryKey(recoveryKey));
    must(await azad.device().sync());
    const [proposal] = must(await azad.device().proposals());
    if (proposal === undefined) throw new Error("The proposal is not there.");
    must(await azad.device().confirmProposal(proposal.entry));
    await syncAll(...all);
    return { ...started, sheets };
  };

  it("opens a case again whose every opener had lost their keys, after a day that everyone could see", async () => {
    const { nour, azad, shilan, omar, all, world, sheets } = await withSheets("recovery");
    // A case that only Shilan and Nour read.
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "first");
    await syncAll(...all);
    must(await nour.device().takeAccess(logId, { kind: "person", person: azad.person }));
    await syncAll(...all);
    const { history } = must(await nour.device().peopleWhoCanRead(logId));
    expect(history.map(({ recoveryKey }) => recoveryKey)).toEqual(["given", undefined]);
    // Nour and Azad give Shilan other keys; of the supervisors Azad is left then, and Omar confirms Nour's with him.
    for (const [lost, proposer, second] of [
      [shilan, nour, azad],
      [nour, azad, omar],
    ] as const) {
      lost.loseEverything();
      await bringIn(proposer, lost, { kind: "come-back", person: lost.person });
      must(await second.device().sync());
      for (const { entry } of must(await second.device().proposals()))
        must(await second.device().confirmProposal(entry));
      must(await proposer.device().sync());
    }
    await syncAll(shilan, nour);
    expect(await reads(shilan, logId)).toEqual([]);
    expect(await shilan.device().recoverWithSheets(sheets)).toEqual(err({ type: "NotRequested" }));
    must(await shilan.device().requestRecovery());
    expect(must(await azad.device().recoveries())).toMatchObject([{ state: "waiting" }]);
    const [first = "", second = ""] = sheets;
    // Before the day is over it is known whether the sheets belong together and to this organisation.
    must(await shilan.device().checkSheets([first, second]));
    const [other = ""] = must(await shilan.device().makeSheets(2, 3)).sheets;
    expect(await shilan.device().checkSheets([first, other])).toEqual(err({ type: "WrongSheets" }));
    expect(await shilan.device().recoverWithSheets([first, second])).toMatchObject({
      error: { type: "Refused", code: "NotNow" },
    });
    world.pass(24 * 60 + 1);
    expect(await shilan.device().recoverWithSheets([first])).toEqual(err({ type: "TooFewSheets" }));
    expect(await shilan.device().recoverWithSheets([first, first])).toEqual(err({ type: "WrongSheets" }));
    expect(await shilan.device().recoverWithSheets([first, "12"])).toMatchObject({ ok: false });
    expect(must(await shilan.device().recoverWithSheets([first, second]))).toEqual({
      cases: [logId],
      falseKeysFrom: [],
    });
    await syncAll(shilan, nour);
    expect(await reads(shilan, logId)).toEqual(["first"]);
    expect(await reads(nour, logId)).toEqual(["first"]);
    expect(must(await shilan.device().pendingChanges())).toEqual([]);
    await write(nour, logId, "goes-on");
    await syncAll(nour, shilan);
    expect(await reads(shilan, logId)).toEqual(["first", "goes-on"]);
  });

  it("can be forbidden by a supervisor", async () => {
    const { nour, shilan, omar, world, sheets } = await withSheets("forbidden");
    must(await shilan.device().requestRecovery());
    const [request] = must(await nour.device().recoveries());
    if (request === undefined) throw new Error("The request is not there.");
    expect(await omar.device().forbidRecovery(request.recovery)).toMatchObject({ error: { code: "NotForYou" } });
    must(await nour.device().forbidRecovery(request.recovery));
    world.pass(24 * 60 + 1);
    expect(await shilan.device().recoverWithSheets(sheets)).toMatchObject({ ok: false, error: { type: "Refused" } });
  });

  it("is not offered by an organisation without a recovery key", async () => {
    const { shilan } = await startTeam("none chosen");
    expect(await shilan.device().requestRecovery()).toEqual(err({ type: "NoRecoveryKey" }));
  });
});

describe("comparing by telephone", () => {
  it("gives the same six groups on two devices that hold the same, and others when one is shown less", async () => {
    const { shilan, nour, logId, all } = await startCase("telephone");
    const organisation = must(await shilan.device().listCases()).map((each) => each.logId);
    expect(organisation).toEqual([logId]);
    const words = async (member: Member): Promise<readonly string[]> =>
      must(await member.device().wordsOfHeads([logId]));
    expect(await words(shilan)).toHaveLength(6);
    expect(await words(shilan)).toEqual(await words(nour));
    await write(shilan, logId, "second");
    must(await shilan.device().sync());
    expect(await words(shilan)).not.toEqual(await words(nour));
    await syncAll(...all);
    expect(await words(shilan)).toEqual(await words(nour));
  });
});
