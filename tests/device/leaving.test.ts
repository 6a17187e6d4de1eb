/** Who leaves an organisation or a team, on devices as they ship: what they are served and read from then on (SECURITY §3). */

import { err } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import {
  confirmAll,
  bringIn,
  must,
  openNewCase,
  organisationOf,
  readersOf,
  reads,
  startCase,
  startTeam,
  syncAll,
  write,
} from "./access-world.ts";

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
