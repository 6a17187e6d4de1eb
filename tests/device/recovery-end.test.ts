/** What becomes of a recovery key that was used: once the organisation has another, the server destroys what it could open. */

import { assert, err, ok } from "@amana/kernel";
import type { RequestOf } from "@amana/sync";
import { describe, expect, it } from "vitest";
import { makeHostileServer } from "../hostile/hostile-server.ts";
import {
  confirmAll,
  makeAccessWorld,
  makeTeam,
  must,
  openNewCase,
  syncAll,
  write,
  type Member,
} from "./access-world.ts";

const withUsedKey = async (seed: string, by: "nour" | "shilan") => {
  const world = makeAccessWorld(seed);
  const team = await makeTeam(world);
  const { nour, azad, shilan, omar } = team;
  const { recoveryKey, sheets } = must(await nour.device().makeSheets(2, 3));
  must(await nour.device().proposeRecoveryKey(recoveryKey));
  await confirmAll(azad);
  await syncAll(nour, azad, shilan, omar);
  const logId = await openNewCase(omar);
  await write(omar, logId, "first");
  await syncAll(omar, nour, azad);
  const user = team[by];
  must(await user.device().requestRecovery());
  world.pass(24 * 60);
  must(await user.device().recoverWithSheets(sheets.slice(1)));
  const wrapsLeft = (): number =>
    [...world.server.state.logs.values()]
      .flatMap(({ wraps }) => wraps)
      .filter(({ recipient }) => recipient === recoveryKey.receivingKey.keyId).length;
  return { ...team, user, wrapsLeft, logId };
};

const chooseNone = async (nour: Member, azad: Member): Promise<void> => {
  must(await nour.device().proposeRecoveryKey(undefined));
  await confirmAll(azad);
};

describe("a recovery key that was used", () => {
  it("loses its wraps once another decision counts, also when the server could not be told at first", async () => {
    const { nour, azad, omar, user, wrapsLeft, logId } = await withUsedKey("used", "nour");
    must(await user.device().sync());
    expect(wrapsLeft()).toBeGreaterThan(0);
    await chooseNone(nour, azad);
    user.losing.set("forbid-recovery", "lost-before");
    expect(await user.device().sync()).toEqual(err({ type: "Unreachable" }));
    expect(wrapsLeft()).toBeGreaterThan(0);
    must(await user.device().sync());
    expect(wrapsLeft()).toBe(0);
    must(await user.device().sync());
    expect(must(await azad.device().recoveries()).map(({ state }) => state)).toEqual(["used"]);
    // The case says when it could be opened with the key, and from when on no longer.
    await syncAll(omar);
    await write(omar, logId, "second");
    await syncAll(omar, azad);
    const { history } = must(await azad.device().peopleWhoCanRead(logId));
    expect(history.flatMap(({ recoveryKey }) => recoveryKey ?? [])).toEqual(["given", "taken"]);
  });

  it("by somebody who is no keeper is ended by their device as well, and once", async () => {
    const { nour, azad, user, wrapsLeft } = await withUsedKey("used by a caseworker", "shilan");
    must(await user.device().sync());
    expect(wrapsLeft()).toBeGreaterThan(0);
    await chooseNone(nour, azad);
    must(await user.device().sync());
    expect(wrapsLeft()).toBe(0);
    // What would be lost now is not asked.
    user.losing.set("forbid-recovery", "lost-before");
    must(await user.device().sync());
  });

  it("is ended by a supervisor too, and by no other colleague", async () => {
    const { nour, omar, wrapsLeft } = await withUsedKey("ended by a supervisor", "shilan");
    const [used] = must(await nour.device().recoveries());
    if (used === undefined) throw new Error("The recovery is not listed.");
    expect(await omar.device().forbidRecovery(used.recovery)).toMatchObject({ ok: false });
    expect(wrapsLeft()).toBeGreaterThan(0);
    must(await nour.device().forbidRecovery(used.recovery));
    expect(wrapsLeft()).toBe(0);
  });
});

type Pages = { readonly request: RequestOf<"read-recovery-wraps"> };

describe("a hostile server that hands out pages of a recovery without end", () => {
  it("is not listened to for ever, whether they are empty or go round in a circle", async () => {
    const world = makeAccessWorld("pages without end");
    const { nour, azad, shilan } = await makeTeam(world);
    const { recoveryKey, sheets } = must(await nour.device().makeSheets(2, 3));
    must(await nour.device().proposeRecoveryKey(recoveryKey));
    await confirmAll(azad);
    await syncAll(nour, azad, shilan);
    const hostile = makeHostileServer(world.server);
    const behind = world.member("shilan behind", hostile, shilan.store().contents());
    await behind.restart();
    must(await behind.device().requestRecovery());
    world.pass(24 * 60);
    const [someWrap] = [...world.server.state.logs.values()].flatMap(({ logId, wraps }) =>
      wraps.map(({ bytes }) => ({ logId, wrap: bytes })),
    );
    assert(someWrap !== undefined, "The organisation's keys are wrapped.");
    const empty = ({ request }: Pages) => Promise.resolve(ok({ wraps: [], next: request.after + 1 }));
    const circle = ({ request }: Pages) => Promise.resolve(ok({ wraps: [someWrap], next: Math.max(request.after, 1) }));
    for (const pages of [empty, circle]) {
      hostile.order({ lies: { "read-recovery-wraps": pages } });
      expect(await behind.device().recoverWithSheets(sheets.slice(1))).toEqual(err({ type: "Unreachable" }));
    }
    hostile.order({});
    must(await behind.device().recoverWithSheets(sheets.slice(1)));
  });
});
