/** Who can read a case, on devices as they ship: opened, given, taken, adopted, compared (SECURITY §2 and §3). */

import { err } from "@amana/kernel";
import { describe, expect, it } from "vitest";
import {
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

  it("is called off while another is carried out, and what is decided then is not lost", async () => {
    const { shilan, nour, azad, omar, logId, all } = await startCase("called off meanwhile");
    const pendingOn = async (by: typeof nour) =>
      must(await by.device().pendingChanges()).map(({ number, change }) => ({ number, kind: change.kind }));
    must(await nour.device().giveAccess(logId, { kind: "person", person: omar.person }));
    must(await nour.device().takeAccess(logId, { kind: "person", person: azad.person }));
    const [give, take] = await pendingOn(nour);
    nour.meanwhile.set("append-control", async () => {
      // What is on its way is called off too late. It is known by its number, and what is decided now is another.
      must(await nour.device().dropPendingChange(take?.number ?? 0));
      must(await nour.device().dropPendingChange(give?.number ?? 0));
      must(await nour.device().takeAccess(logId, { kind: "person", person: shilan.person }));
    });
    must(await nour.device().sync());
    expect(await pendingOn(nour)).toMatchObject([{ kind: "take" }]);
    await syncAll(...all);
    expect(await readersOf(nour, logId, all)).toEqual(["azad", "nour", "omar"]);
    expect(await pendingOn(nour)).toEqual([]);
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
