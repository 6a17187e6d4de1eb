/**
 * Who watches over a case stays in it, whoever is taken out is told, and two persons are two: on devices as they ship.
 */

import { err } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { describe, expect, it } from "vitest";
import {
  bringIn,
  found,
  makeAccessWorld,
  must,
  openNewCase,
  organisationOf,
  reads,
  startCase,
  startTeam,
  syncAll,
  write,
  type Member,
  type Started,
} from "./access-world.ts";

const told = (member: Member) =>
  member
    .device()
    .notices()
    .filter(({ type }) => type === "TakenOut" || type === "EpochWithoutKey");

/** What the server's list says no longer, as a hostile one would leave it. */
const goOnServing = ({ world }: Started, logId: LogId): (() => void) => {
  const log = world.server.state.logs.get(logId);
  if (log === undefined) throw new Error("The case has begun.");
  const { serving } = log;
  return () => {
    log.serving = serving;
  };
};

describe("taking a supervisor out of a case", () => {
  it("is refused to a caseworker, and says why", async () => {
    const { shilan, azad, logId, all } = await startCase("not by a caseworker");
    must(await shilan.device().takeAccess(logId, { kind: "person", person: azad.person }));
    await syncAll(...all);
    expect(must(await shilan.device().pendingChanges())).toMatchObject([{ refusedAs: "SupervisorNeeded" }]);
    await write(shilan, logId, "second");
    await syncAll(...all);
    expect(await reads(azad, logId)).toEqual(["first", "second"]);
    expect(told(azad)).toEqual([]);
  });

  it("by a supervisor is told to whoever is taken out, with the name, where the entry is handed out", async () => {
    const started = await startCase("told by whom");
    const { nour, azad, shilan, logId, all } = started;
    const serveAgain = goOnServing(started, logId);
    must(await nour.device().takeAccess(logId, { kind: "person", person: azad.person }));
    must(await nour.device().sync());
    serveAgain();
    await syncAll(...all);
    expect(told(azad)).toEqual([{ type: "EpochWithoutKey", logId, by: nour.person }]);
    expect(told(shilan)).toEqual([]);
    const { unreadEpochs, heldUpBy, history } = must(await azad.device().peopleWhoCanRead(logId));
    expect(history.at(-1)).toMatchObject({ by: nour.person, standing: "unread", recordedAt: undefined, given: [] });
    expect([unreadEpochs.map(({ by }) => by), heldUpBy.map(({ by }) => by)]).toEqual([[nour.person], [nour.person]]);
  });

  it("is told as well where the server hands out nothing of the case any more", async () => {
    const { nour, azad, shilan, logId, all } = await startCase("told by silence");
    must(await nour.device().takeAccess(logId, { kind: "person", person: azad.person }));
    await syncAll(...all);
    await azad.restart();
    must(await azad.device().sync());
    expect(told(azad)).toEqual([{ type: "TakenOut", logId }]);
    // Also where all that the server has is as it is here, and a digest of it would say enough.
    for (let round = 0; round < 2; round++) {
      await shilan.restart();
      must(await shilan.device().sync());
      expect(told(shilan)).toEqual([]);
    }
  });

  it("tells nobody who has left, and nobody of a case that two people have shredded", async () => {
    const { nour, azad, shilan, omar, logId, all, world } = await startCase("not told");
    must(await nour.device().personLeft(omar.person));
    must(await azad.device().proposeShredding(logId));
    await syncAll(...all.filter((each) => each !== omar));
    const [erasure] = must(await nour.device().peopleWhoCanRead(logId)).erasures;
    if (erasure === undefined) throw new Error("The shredding is not there.");
    must(await nour.device().confirmErasure(logId, erasure.proposal));
    await syncAll(nour, azad, shilan);
    const log = world.server.state.logs.get(logId);
    if (log === undefined) throw new Error("The case has begun.");
    log.serving = new Set();
    await shilan.restart();
    must(await shilan.device().sync());
    for (const each of [azad, shilan, omar]) expect(told(each)).toEqual([]);
  });
});

describe("a colleague whom only their inviter has met", () => {
  const withNewcomer = async (seed: string) => {
    const started = await startTeam(seed);
    const { nour, all, world } = started;
    const tara = world.member("tara");
    await bringIn(nour, tara, { kind: "join", role: "caseworker" });
    await syncAll(...all, tara);
    return { ...started, tara, everyone: [...all, tara] };
  };
  const seenBy = async (member: Member, person: Member) =>
    must(await member.device().colleagues()).find((each) => each.person === person.person);

  it("is shown as such, with whoever brought them, and who could say that they have met", async () => {
    const { nour, azad, omar, tara, everyone } = await withNewcomer("shown");
    const before = { person: tara.person, broughtBy: nour.person, metBy: [], waitsForMeeting: true, formerNames: [] };
    expect(await seenBy(nour, tara)).toEqual({ ...before, canConfirm: false });
    expect(await seenBy(omar, tara)).toEqual({ ...before, canConfirm: false });
    expect(await seenBy(azad, tara)).toEqual({ ...before, canConfirm: true });
    expect(await omar.device().confirmColleague(tara.person)).toEqual(err({ type: "NotAllowed" }));
    must(await azad.device().confirmColleague(tara.person));
    expect(must(await azad.device().confirmColleague(tara.person)).stands).toBe("already");
    await syncAll(...everyone);
    const after = { ...before, metBy: [azad.person], waitsForMeeting: false, canConfirm: false };
    expect(await seenBy(omar, tara)).toEqual(after);
    expect(await seenBy(nour, nour)).toMatchObject({ broughtBy: undefined, waitsForMeeting: false });
  });

  it("erases nothing with them until a supervisor has met that colleague", async () => {
    const { nour, azad, tara, everyone } = await withNewcomer("erase with them");
    const logId = await openNewCase(nour);
    must(await nour.device().giveAccess(logId, { kind: "person", person: tara.person }));
    await syncAll(...everyone);
    must(await nour.device().proposeShredding(logId));
    await syncAll(...everyone);
    const [erasure] = must(await tara.device().peopleWhoCanRead(logId)).erasures;
    if (erasure === undefined) throw new Error("The shredding is not there.");
    must(await tara.device().confirmErasure(logId, erasure.proposal));
    await syncAll(...everyone);
    expect(must(await tara.device().pendingChanges())).toMatchObject([{ refusedAs: "NotTwoPersons" }]);
    must(await azad.device().confirmColleague(tara.person));
    await syncAll(...everyone);
    expect(must(await tara.device().pendingChanges())).toEqual([]);
    expect(must(await nour.device().viewCase(logId)).isShredded).toBe(true);
  });

  it("as a supervisor confirms nothing of theirs, and is told who is still to be met", async () => {
    const { nour, azad, tara, everyone } = await withNewcomer("confirm with them");
    must(await nour.device().giveRole(tara.person, "supervisor"));
    must(await azad.device().sync());
    const [role] = must(await azad.device().proposals());
    if (role === undefined) throw new Error("The proposal is not there.");
    must(await azad.device().confirmProposal(role.entry));
    must(await nour.device().setPolicy({ due: {} }));
    await syncAll(...everyone);
    const [policy] = must(await tara.device().proposals());
    expect(policy).toMatchObject({ canConfirm: false, unmet: [tara.person] });
    if (policy === undefined) throw new Error("The proposal is not there.");
    expect(await tara.device().confirmProposal(policy.entry)).toEqual(err({ type: "NotTwoPersons" }));
    expect(must(await nour.device().proposals())).toMatchObject([{ canConfirm: false, unmet: [] }]);
    expect(must(await azad.device().proposals())).toMatchObject([{ canConfirm: true, unmet: [] }]);
    must(await azad.device().confirmColleague(tara.person));
    await syncAll(...everyone);
    must(await tara.device().confirmProposal(policy.entry));
  });
});

describe("an organisation with one supervisor", () => {
  it("who loses everything gets her back by an administrator and a caseworker, and the server follows", async () => {
    const world = makeAccessWorld("one supervisor");
    const [nour, shilan, hevi] = [world.member("nour"), world.member("shilan"), world.member("hevi")];
    await found(world, nour);
    await bringIn(nour, shilan, { kind: "join", role: "caseworker" });
    await bringIn(nour, hevi, { kind: "join", role: "administrator" });
    await syncAll(nour, shilan, hevi);
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "first");
    await syncAll(shilan, nour);
    const keyBefore = (await organisationOf(shilan)).people.get(nour.person)?.identityKey.keyId;
    nour.loseEverything();
    await bringIn(hevi, nour, { kind: "come-back", person: nour.person });
    must(await shilan.device().sync());
    const [proposal] = must(await shilan.device().proposals());
    if (proposal === undefined) throw new Error("The proposal is not there.");
    expect(proposal.canConfirm).toBe(true);
    must(await shilan.device().confirmProposal(proposal.entry));
    expect((await organisationOf(shilan)).people.get(nour.person)?.identityKey.keyId).not.toBe(keyBefore);
    // A caseworker tells the server nothing of whom it serves; the administrator's device does with its next sync.
    const { state } = world.server;
    const organisation = [...state.logs.values()].find(({ kind }) => kind === "organisation");
    const keys = organisation?.entries.filter(({ header }) => header.keyCommitment !== undefined).length;
    must(await hevi.device().sync());
    must(await hevi.device().sync());
    expect(organisation?.entries.filter(({ header }) => header.keyCommitment !== undefined)).toHaveLength(
      (keys ?? 0) + 1,
    );
    await syncAll(nour, shilan, hevi);
    expect(must(await nour.device().ownPerson())).toBe(nour.person);
    await write(shilan, logId, "second");
    await syncAll(shilan, nour);
    expect(await reads(nour, logId)).toEqual(["first", "second"]);
    must(await nour.device().openInvitation({ kind: "join", role: "caseworker" }, 60));
  });
});

describe("a colleague who was given another name", () => {
  it("is shown with the names before it, which nobody else takes", async () => {
    const { nour, azad, shilan, omar, all } = await startTeam("former names");
    must(await nour.device().namePerson(shilan.person, "Shilan"));
    must(await nour.device().namePerson(shilan.person, "Shilan Omar"));
    await syncAll(...all);
    const seen = must(await omar.device().colleagues()).find(({ person }) => person === shilan.person);
    expect(seen?.formerNames).toEqual(["Shilan"]);
    expect(await azad.device().namePerson(omar.person, "Shîlan")).toEqual(err({ type: "NotAllowed" }));
  });
});
