/**
 * An organisation's only supervisor has lost phone and kit, and nobody else keeps the organisation: a code of the operator's opens
 * the door at the server, two colleagues give her new keys, and neither does anything without the other.
 */

import { assert, err } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { describe, expect, it } from "vitest";
import {
  answered,
  bringIn,
  found,
  makeAccessWorld,
  must,
  openNewCase,
  organisationOf,
  reads,
  syncAll,
  write,
} from "./access-world.ts";

const refused = (code: string) => err({ type: "Refused", code, afterSeconds: undefined });

/** Nour alone supervises and administers; Shilan and Omar are caseworkers. A thief has Nour's device, and she nothing. */
const lost = async (seed: string) => {
  const world = makeAccessWorld(seed);
  const [nour, shilan, omar] = [world.member("nour"), world.member("shilan"), world.member("omar")];
  await found(world, nour);
  await bringIn(nour, shilan, { kind: "join", role: "caseworker" });
  await bringIn(nour, omar, { kind: "join", role: "caseworker" });
  await syncAll(nour, shilan, omar);
  const logId = await openNewCase(shilan);
  await write(shilan, logId, "first");
  await syncAll(shilan, nour);
  const thief = world.member("thief", world.server, nour.store().contents());
  nour.loseEverything();
  return { world, nour, shilan, omar, thief, logId };
};

type Lost = Awaited<ReturnType<typeof lost>>;

const keepersOf = ({ world }: Lost): ReadonlySet<string> => {
  const [organisation] = world.server.state.organisations.values();
  assert(organisation !== undefined, "The organisation was founded.");
  return organisation.keepers;
};

const organisationLogOf = ({ world }: Lost): LogId => {
  const [logId] = world.server.state.organisations.keys();
  assert(logId !== undefined, "The organisation was founded.");
  return logId;
};

describe("the only supervisor, who has lost everything where nobody administers", () => {
  it("comes back by a code of the operator's and two colleagues, and her old keys are served nothing", async () => {
    const started = await lost("comes back");
    const { world, nour, shilan, omar, thief, logId } = started;
    const comeBack = { kind: "come-back", person: nour.person } as const;
    expect(await shilan.device().openInvitation(comeBack, 60)).toEqual(refused("NotForYou"));
    const code = world.server.makeComeBackCode();
    const { id, answer } = await answered(shilan, nour, { ...comeBack, code });
    expect(must(await shilan.device().confirmAnswer(id, answer)).stands).toBe("waits");
    // Until a second person has agreed the server is told nothing.
    await shilan.restart();
    await syncAll(shilan);
    expect(keepersOf(started).size).toBe(1);
    must(await omar.device().sync());
    const [proposal] = must(await omar.device().proposals());
    assert(proposal?.canConfirm === true, "Her keys are proposed.");
    must(await omar.device().confirmProposal(proposal.entry));
    shilan.losing.set("let-back", "lost-after");
    expect(await shilan.device().sync()).toEqual(err({ type: "Unreachable" }));
    await syncAll(shilan, nour, omar);
    expect(must(await nour.device().ownPerson())).toBe(nour.person);
    const after = (await organisationOf(nour)).people.get(nour.person);
    expect([...keepersOf(started)]).toEqual([after?.receivingKey.keyId]);
    // The code was used, and her device does what a supervisor does.
    expect(await omar.device().openInvitation({ ...comeBack, code }, 60)).toEqual(refused("AlreadyUsed"));
    await write(shilan, logId, "second");
    await syncAll(shilan, nour);
    expect(await reads(nour, logId)).toEqual(["first", "second"]);
    must(await nour.device().openInvitation({ kind: "join", role: "caseworker" }, 60));
    await thief.restart();
    expect((await thief.device().sync()).ok).toBe(false);
  });

  it("is not replaced by one colleague alone, with a code and a client of their own", async () => {
    const started = await lost("alone");
    const { world, nour, shilan, omar, logId } = started;
    const code = world.server.makeComeBackCode();
    const puppet = world.member("puppet");
    const { id, answer } = await answered(shilan, puppet, { kind: "come-back", person: nour.person, code });
    must(await shilan.device().confirmAnswer(id, answer));
    const [proposal] = must(await shilan.device().proposals());
    assert(proposal !== undefined, "The keys are proposed.");
    expect((await shilan.device().confirmProposal(proposal.entry)).ok).toBe(false);
    // Shilan's own client tells the server all the same: the puppet is handed a log that it cannot read.
    const made = [...world.server.state.accounts.values()].at(-1);
    assert(made !== undefined, "The puppet has an account.");
    const log = world.server.state.logs.get(organisationLogOf(started));
    assert(log !== undefined, "The organisation was founded.");
    log.serving = new Set([...log.serving, made.receivingKey]);
    await syncAll(shilan, omar);
    must(await puppet.device().sync());
    expect(must(await puppet.device().organisation())?.people.size ?? 0).toBe(0);
    expect(must(await puppet.device().ownPerson())).toBeUndefined();
    expect((await organisationOf(omar)).people.get(nour.person)?.receivingKey.keyId).not.toBe(made.receivingKey);
    expect(await reads(shilan, logId)).toEqual(["first"]);
  });
});
