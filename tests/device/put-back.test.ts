/**
 * A server that was put back to an older state, as after a restore of last night's backup: what changed since, people's
 * devices give it again, keys and lists of readers included, so that a device which held none of it reads all.
 */

import { toHex } from "@amana/log";
import { describe, expect, it } from "vitest";
import { seededRandomness } from "../../packages/device/src/testing/randomness.ts";
import { makeMemoryServer, restoreServer, type MemoryServer } from "./memory-server.ts";
import {
  confirmAll,
  bringIn,
  must,
  openNewCase,
  organisationOf,
  reads,
  startCase,
  syncAll,
  write,
  type AccessWorld,
  type Member,
} from "./access-world.ts";

const password = "the river runs past four white houses";

const backupOf = (world: AccessWorld, seed: string): MemoryServer =>
  makeMemoryServer({
    clock: world.now,
    randomness: seededRandomness(`${seed} backup`),
    origin: "https://amana.example",
    copied: world.server.state,
  });

/** The same person on a device that has never held anything. */
const freshDeviceOf = async (world: AccessWorld, member: Member): Promise<Member> => {
  const fresh = world.member(`${member.name} afresh`);
  const digits = must(await member.device().kit());
  must(await fresh.device().enrolWithKit({ digits, password, language: "ckb" }));
  await syncAll(fresh);
  return fresh;
};

const restartAll = async (members: readonly Member[]): Promise<void> => {
  for (const each of members) await each.restart();
};

describe("a server that was put back to an older state", () => {
  it("is given again a team, a recovery key, new readers and a whole case", async () => {
    const { world, all, nour, azad, shilan, omar, logId } = await startCase("put back");
    const backup = backupOf(world, "put back");
    const team = must(await nour.device().newTeamId());
    const formed = must(await nour.device().formTeam(team, [nour.person, azad.person]));
    if (formed.stands === "waits") await confirmAll(azad);
    const { recoveryKey } = must(await nour.device().makeSheets(2, 3));
    must(await nour.device().proposeRecoveryKey(recoveryKey));
    await confirmAll(azad);
    await syncAll(...all);
    for (const reader of [{ kind: "person", person: omar.person } as const, { kind: "team", team } as const])
      must(await shilan.device().giveAccess(logId, reader));
    await syncAll(...all);
    await write(omar, logId, "second");
    const later = await openNewCase(omar);
    await write(omar, later, "only-since");
    await syncAll(...all);

    restoreServer(world.server, backup);
    await restartAll(all);
    await syncAll(...all, ...all);

    const recoveryWraps = [...world.server.state.logs.values()]
      .flatMap(({ wraps }) => wraps)
      .filter(({ recipient }) => recipient === recoveryKey.receivingKey.keyId);
    expect(recoveryWraps.length).toBeGreaterThan(1);
    for (const member of [nour, azad, omar, shilan]) {
      const fresh = await freshDeviceOf(world, member);
      expect(await reads(fresh, logId)).toEqual(["first", "second"]);
      const isReader = member !== shilan;
      expect(await reads(fresh, later)).toEqual(isReader ? ["only-since"] : undefined);
      const { commitment } = (await organisationOf(fresh)).teams.get(team) ?? {};
      expect(commitment).toBeDefined();
    }
    const supervising = await freshDeviceOf(world, azad);
    const organisation = must(await supervising.device().organisation());
    const commitment = organisation?.teams.get(team)?.commitment ?? new Uint8Array();
    const [organisationLog] = [...world.server.state.organisations.keys()];
    const keys = organisationLog === undefined ? new Map() : await supervising.keysOf(organisationLog);
    expect(keys.has(toHex(commitment))).toBe(true);
  });

  it("is given all of it again whichever request the line breaks at", async () => {
    const { world, all, nour, omar, shilan, logId } = await startCase("put back, broken");
    const backup = backupOf(world, "put back, broken");
    must(await shilan.device().giveAccess(logId, { kind: "person", person: omar.person }));
    must(await nour.device().namePerson(omar.person, "Omar"));
    const later = await openNewCase(shilan);
    await write(shilan, later, "only-since");
    await syncAll(...all);
    const ends = () =>
      [...world.server.state.logs].map(([id, { entries }]) => `${id} ${String(entries.length)}`).sort();
    const whole = ends();
    const contents = nour.store().contents();
    let requests = 0;
    for (let left = 1; left > 0; requests++) {
      restoreServer(world.server, backup);
      const again = world.member(`nour ${String(requests)}`, world.server, contents);
      await again.restart();
      again.faults.push(...Array.from({ length: requests }, () => "none" as const), "lost-before");
      await again.device().sync();
      left = again.faults.length === 0 ? 1 : 0;
      again.faults.length = 0;
      await again.restart();
      await syncAll(again);
      expect(ends()).toEqual(whole);
      expect(
        again
          .device()
          .notices()
          .map(({ type }) => type),
      ).not.toContain("TakenOut");
    }
    expect(requests).toBeGreaterThan(10);
  });

  it("is given again a password that was changed since, and the one before opens nothing more there", async () => {
    const { world, all, nour, azad, logId } = await startCase("put back password");
    const digits = must(await nour.device().kit());
    const backup = backupOf(world, "put back password");
    const [second, third] = ["five grey herons stand in the shallow water", "the bakery opens before the sun does"];
    must(await nour.device().changePassword({ current: password, next: second }));
    must(await nour.device().changePassword({ current: second, next: third }));
    await write(nour, logId, "since");
    await syncAll(...all);

    restoreServer(world.server, backup);
    // As a restore of the real server leaves it.
    world.server.state.tokens.clear();
    await nour.device().lock();
    must(await nour.device().unlock(third));
    // As the others do who are told that they are signed out.
    await restartAll(all.filter((each) => each !== nour));
    await syncAll(...all, ...all);
    expect(await reads(azad, logId)).toEqual(["first", "since"]);
    const enrol = (typed: string) =>
      world.member(`nour by ${typed}`).device().enrolWithKit({ digits, password: typed, language: "ckb" });
    expect((await enrol(third)).ok).toBe(true);
    for (const before of [password, second]) expect((await enrol(before)).ok).toBe(false);
  });

  it("lets in again under their own keys who came since, once whoever invited has synced, and nobody who has left", async () => {
    const { world, all, nour, azad, shilan, omar } = await startCase("put back newcomer");
    const backup = backupOf(world, "put back newcomer");
    const [rojin, ari] = [world.member("rojin"), world.member("ari")];
    for (const newcomer of [rojin, ari]) await bringIn(nour, newcomer, { kind: "join", role: "caseworker" });
    await syncAll(nour, azad, shilan, rojin, ari);
    const logId = await openNewCase(rojin);
    await write(rojin, logId, "by-rojin");
    await syncAll(rojin);
    must(await nour.device().personLeft(ari.person));
    await syncAll(nour, rojin);

    restoreServer(world.server, backup);
    world.server.state.tokens.clear();
    await restartAll([...all, rojin, ari]);
    for (const newcomer of [rojin, ari]) expect((await newcomer.device().sync()).ok).toBe(false);
    await syncAll(nour, azad, shilan, omar);
    // As somebody does who is told that they are signed out.
    await restartAll([rojin, ari]);
    await syncAll(rojin, ...all, rojin);
    const fresh = await freshDeviceOf(world, rojin);
    expect(await reads(fresh, logId)).toEqual(["by-rojin"]);
    expect((await ari.device().sync()).ok).toBe(false);
    expect((await organisationOf(fresh)).people.get(rojin.person)?.hasLeft).toBe(false);
  });

  it("is told again who has left and who supervises, by those it lets say so; others leave it to them", async () => {
    const { world, all, nour, azad, shilan, omar, logId } = await startCase("put back people");
    const backup = backupOf(world, "put back people");
    must(await nour.device().namePerson(shilan.person, "Shilan"));
    must(await nour.device().personLeft(omar.person));
    await syncAll(nour, azad, shilan);

    restoreServer(world.server, backup);
    await restartAll([nour, azad, shilan]);
    // Shilan's device gives back the name, and leaves to a supervisor's whom the server serves no more.
    await syncAll(shilan);
    const entriesOf = () => [...world.server.state.logs.values()].find(({ kind }) => kind === "organisation")?.entries;
    const own = (await shilan.device().organisation()).ok;
    expect(own).toBe(true);
    const afterShilan = entriesOf()?.length ?? 0;
    const isGone = () => [...world.server.state.accounts.values()].some(({ hasLeft }) => hasLeft);
    expect(isGone()).toBe(false);
    await syncAll(nour, azad, shilan);
    expect(isGone()).toBe(true);
    expect(entriesOf()?.length).toBe(afterShilan + 1);
    expect((await organisationOf(shilan)).people.get(omar.person)?.hasLeft).toBe(true);
    await write(shilan, logId, "goes-on");
    await syncAll(shilan, nour);
    expect(await reads(nour, logId)).toEqual(["first", "goes-on"]);
    const newcomer = world.member("rojin");
    await bringIn(nour, newcomer, { kind: "join", role: "caseworker" });
    await syncAll(newcomer);
    expect((await organisationOf(newcomer)).people.size).toBe(all.length + 1);
  });
});
