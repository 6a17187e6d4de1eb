/** Who can read, at the edges: teams given and taken, names, lost answers, hostile wraps, cases that never began. */

import { err, ok } from "@amana/kernel";
import { encodeWrap, makeCaseKey, makeIdentityKey, wrap } from "@amana/vault";
import { describe, expect, it } from "vitest";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import {
  confirmAll,
  bringIn,
  must,
  openNewCase,
  organisationOf,
  reads,
  startTeam,
  syncAll,
  write,
} from "./access-world.ts";

describe("a team as a reader", () => {
  it("is given a case, keeps it once, and loses it again", async () => {
    const { nour, azad, shilan, omar, all } = await startTeam("team reader");
    const [one, other] = [must(await nour.device().newTeamId()), must(await nour.device().newTeamId())];
    must(await nour.device().formTeam(one, [azad.person]));
    must(await nour.device().formTeam(other, [nour.person]));
    must(await nour.device().joinTeam(one, shilan.person));
    await syncAll(...all);
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "first");
    await syncAll(...all);
    expect(await reads(nour, logId)).toBeUndefined();
    must(await shilan.device().giveAccess(logId, { kind: "team", team: other }));
    must(await shilan.device().giveAccess(logId, { kind: "team", team: other }));
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    await syncAll(...all);
    expect(await reads(nour, logId)).toEqual(["first"]);
    // Shilan supervises nothing, so the supervisor of her own team takes the other out.
    must(await azad.device().takeAccess(logId, { kind: "team", team: other }));
    await syncAll(...all);
    await write(shilan, logId, "second");
    await syncAll(...all);
    expect(await reads(azad, logId)).toEqual(["first", "second"]);
    expect(await reads(nour, logId)).toEqual(["first"]);
  });

  it("is open to a supervisor who opens a case of their own team", async () => {
    const { nour, azad, all } = await startTeam("own team");
    const team = must(await nour.device().newTeamId());
    must(await nour.device().formTeam(team, [nour.person, azad.person]));
    await syncAll(...all);
    const logId = await openNewCase(nour);
    await syncAll(...all);
    expect(await reads(azad, logId)).toEqual([]);
    const { people } = must(await azad.device().peopleWhoCanRead(logId));
    expect(people.map(({ through }) => through)).toEqual([[team], [team]]);
  });
});

describe("names", () => {
  it("are read by colleagues, and refused when nobody could read them", async () => {
    const { nour, shilan, all } = await startTeam("names");
    const team = must(await nour.device().newTeamId());
    must(await nour.device().formTeam(team, [nour.person]));
    must(await nour.device().namePerson(shilan.person, " \u0634\u06cc\u0644\u0627\u0646 "));
    expect(must(await nour.device().namePerson(shilan.person, "\u0634\u06cc\u0644\u0627\u0646")).stands).toBe(
      "already",
    );
    must(await nour.device().nameTeam(team, "Duhok"));
    expect(must(await nour.device().nameTeam(team, "Duhok")).stands).toBe("already");
    expect(await nour.device().namePerson(shilan.person, "")).toEqual(err({ type: "NameNotUsable" }));
    await syncAll(...all);
    const { namesById } = await organisationOf(shilan);
    expect([namesById.get(team), namesById.get(shilan.person)]).toEqual(["Duhok", "\u0634\u06cc\u0644\u0627\u0646"]);
  });
});

describe("a case that never began", () => {
  it("is nobody's once its opening is given up, and nothing can be given in it", async () => {
    const { shilan, omar } = await startTeam("never began");
    const logId = await openNewCase(shilan);
    const [opening] = must(await shilan.device().pendingChanges());
    must(await shilan.device().dropPendingChange(opening?.number ?? 0));
    expect(must(await shilan.device().peopleWhoCanRead(logId)).people).toEqual([]);
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    must(await shilan.device().sync());
    expect(must(await shilan.device().pendingChanges())).toMatchObject([{ refusedAs: "CaseUnknown" }]);
    expect(await reads(omar, logId)).toBeUndefined();
  });
});

describe("acts that are asked for at once", () => {
  it("are all done, and each is told as itself", async () => {
    const { nour, azad, shilan, omar } = await startTeam("at once");
    const people = [shilan, omar, azad];
    const answers = await Promise.all(
      people.map(({ person, name }) => nour.device().namePerson(person, `Colleague ${name}`)),
    );
    expect(answers.map((answer) => must(answer).stands)).toEqual(["counts", "counts", "counts"]);
    expect(new Set(answers.map((answer) => must(answer).entry)).size).toBe(people.length);
    await syncAll(nour, azad);
    const { namesById, withoutAuthority } = await organisationOf(azad);
    expect(people.map(({ person }) => namesById.get(person))).toEqual([
      ...["Colleague shilan", "Colleague omar", "Colleague azad"],
    ]);
    expect(withoutAuthority).toEqual([]);
  });
});

describe("acts whose answers are lost", () => {
  it("confirm once, and say so when asked again", async () => {
    const { nour, azad, all } = await startTeam("confirm once");
    must(await nour.device().setPolicy({ due: {} }));
    await syncAll(...all);
    const [proposal] = must(await azad.device().proposals());
    if (proposal === undefined) throw new Error("The proposal is not there.");
    azad.losing.set("append-control", "lost-after");
    expect(await azad.device().confirmProposal(proposal.entry)).toEqual(err({ type: "Unreachable" }));
    const again = await azad.device().confirmProposal(proposal.entry);
    expect(again).toEqual(ok({ entry: undefined, stands: "already" }));
    expect((await organisationOf(azad)).withoutAuthority).toEqual([]);
    // What nobody ever proposed was never confirmed.
    expect(await azad.device().confirmProposal("22".repeat(32) as never)).toEqual(err({ type: "NotAllowed" }));
  });

  it("send somebody away once, whichever request is lost", async () => {
    const { nour, shilan, omar, azad, world, all } = await startTeam("lost acts");
    const logId = await openNewCase(shilan);
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    await syncAll(...all);
    nour.faults.push("lost-after");
    expect(await nour.device().personLeft(omar.person)).toEqual(err({ type: "Unreachable" }));
    expect(must(await nour.device().personLeft(omar.person)).stands).toBe("already");
    await syncAll(nour, azad);
    // The new epoch of the case is asked for, and the answer to it is lost.
    await write(shilan, logId, "after");
    must(await nour.device().sync());
    shilan.losing.set("append-control", "lost-after");
    await shilan.device().sync();
    expect(must(await shilan.device().pendingChanges())).toMatchObject([{ change: { kind: "renew" } }]);
    await shilan.restart();
    await syncAll(shilan, nour, azad);
    expect(await reads(azad, logId)).toEqual(["after"]);
    expect(must(await shilan.device().pendingChanges())).toEqual([]);
    const controls = world.server.state.logs.get(logId)?.entries.filter(({ header }) => header.kind === "control");
    expect(controls).toHaveLength(3);
    // Whoever comes in now needs the keys of two epochs; they are sent before the person is named.
    const hevi = world.member("hevi");
    const { id, invitation } = must(await nour.device().openInvitation({ kind: "join", role: "caseworker" }, 60));
    must(
      await hevi
        .device()
        .acceptInvitation({ invitation, password: "the river runs past four white houses", language: "en" }),
    );
    const received = must(await nour.device().readAnswers()).find((each) => each.id === id);
    nour.faults.push("lost-before");
    expect(await nour.device().confirmAnswer(id, received?.answer ?? new Uint8Array())).toEqual(
      err({ type: "Unreachable" }),
    );
    expect((await organisationOf(nour)).people.size).toBe(4);
    must(await nour.device().confirmAnswer(id, received?.answer ?? new Uint8Array()));
    must(await hevi.device().sync());
    expect((await organisationOf(hevi)).people.size).toBe(5);
    // Another keeper's invitation is not this device's business.
    expect(must(await azad.device().readAnswers())).toEqual([]);
  });

  it("erase once, when the server could not be told at first", async () => {
    const { nour, shilan, azad, all, world } = await startTeam("lost erasure");
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "to-be-erased");
    await syncAll(...all);
    const entry = world.server.state.logs.get(logId)?.entries.at(-1)?.hash;
    if (entry === undefined) throw new Error("The entry is not there.");
    must(await shilan.device().proposeErasure(logId, [entry]));
    await syncAll(shilan, nour);
    const [erasure] = must(await nour.device().peopleWhoCanRead(logId)).erasures;
    if (erasure === undefined) throw new Error("The proposal is not there.");
    must(await nour.device().confirmErasure(logId, erasure.proposal));
    nour.losing.set("erase", "lost-before");
    expect(await nour.device().sync()).toEqual(err({ type: "Unreachable" }));
    expect(must(await nour.device().pendingChanges())).toMatchObject([{ change: { kind: "confirm-erasure" } }]);
    await syncAll(nour, shilan, azad);
    expect(world.server.state.ledger).toEqual([{ logId, entries: [entry] }]);
    expect(must(await nour.device().pendingChanges())).toEqual([]);
    expect(await reads(shilan, logId)).toEqual([]);
  });
});

describe("wraps for the recovery key that are not what they say", () => {
  it("open nothing: of strangers, for somebody else, or no wraps at all", async () => {
    const { world, nour, azad, shilan, omar } = await startTeam("hostile wraps");
    const { recoveryKey, sheets } = must(await nour.device().makeSheets(3, 5));
    must(await nour.device().proposeRecoveryKey(recoveryKey));
    await confirmAll(azad);
    await syncAll(nour, azad, shilan, omar);
    const logId = await openNewCase(shilan);
    await write(shilan, logId, "first");
    await syncAll(shilan, nour, azad);
    const randomness = seededRandomness("a stranger");
    const stranger = makeIdentityKey(randomness);
    const recipient = recoveryKey.receivingKey;
    const key = makeCaseKey(randomness);
    const strange = await wrap({ purpose: "key-wrap", logId, key, recipient, author: stranger }, randomness);
    const ofTeam = await wrap({ purpose: "team-wrap", logId, key, recipient, author: stranger }, randomness);
    const log = world.server.state.logs.get(logId);
    if (log === undefined) throw new Error("The case is not there.");
    const genuine = log.wraps.find((each) => each.recipient === recipient.keyId);
    const spoiled = (genuine?.bytes ?? new Uint8Array()).slice();
    spoiled[spoiled.length - 1] = (spoiled.at(-1) ?? 0) ^ 1;
    for (const bytes of [encodeWrap(strange), encodeWrap(ofTeam), spoiled])
      log.wraps.unshift({ bytes, recipient: recipient.keyId });
    must(await nour.device().requestRecovery());
    world.pass(24 * 60 + 1);
    const recovered = must(await nour.device().recoverWithSheets(sheets.slice(1, 4)));
    expect(recovered).toEqual({ cases: [logId], falseKeysFrom: [] });
    must(await nour.device().sync());
    expect(await reads(nour, logId)).toEqual(["first"]);
    // The organisation chooses none from now on, and says so twice.
    must(await nour.device().proposeRecoveryKey(undefined));
    await confirmAll(azad);
    must(await nour.device().sync());
    expect(await nour.device().requestRecovery()).toEqual(err({ type: "NoRecoveryKey" }));
    // What was asked for is ended, and the sheets open nothing any more.
    expect(await nour.device().recoverWithSheets(sheets)).toEqual(err({ type: "NotRequested" }));
    await bringIn(nour, world.member("hevi"), { kind: "join", role: "administrator" });
  });
});
