/** How many answers a device waits for, one after the other, until a case is open: what a weak line makes long. */

import { err, ok } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { wire, type RequestName } from "@amana/sync";
import { describe, expect, it } from "vitest";
import { recordFact } from "../../packages/casefile/src/testing/commands.ts";
import {
  act,
  makeCaseWorld,
  must,
  openNewCase,
  password,
  syncAll,
  type CaseWorld,
  type Handset,
} from "./case-world.ts";
import type { Carrier } from "./memory-server.ts";

type Line = Carrier & {
  readonly asked: RequestName[];
  /** After so many answers more nothing comes. */
  answersLeft: number;
};

const lineTo = ({ server }: CaseWorld): Line => {
  const line: Line = {
    asked: [],
    answersLeft: Infinity,
    call: async (name, token, bytes) => {
      if (line.answersLeft === 0) return err({ type: "Unreachable" });
      line.answersLeft -= 1;
      line.asked.push(name);
      return server.call(name, token, bytes);
    },
  };
  return line;
};

const saidOn = async (handset: Handset, logId: LogId): Promise<readonly string[]> =>
  [...must(await handset.device().viewCase(logId)).state.facts.saidByFact.keys()].sort();

describe("how many answers a device waits for until a case is open", () => {
  it("three on a fresh device: a challenge, being let in, and all that is asked for at once", async () => {
    const world = await makeCaseWorld("answers for a fresh device");
    const logId = await openNewCase(world.shilan);
    must(await world.shilan.device().tell(logId, recordFact("age", "adult")));
    await syncAll(world.shilan);
    const line = lineTo(world);
    const tablet = world.handset("tablet", line);
    const digits = must(await world.shilan.device().kit());
    line.answersLeft = 3;
    must(await tablet.device().enrolWithKit({ digits, password, language: "ckb" }));
    expect((await tablet.device().sync()).ok).toBe(false);
    expect(line.asked).toEqual(["begin-sign-in", "sign-in", "pull"]);
    expect(await saidOn(tablet, logId)).toEqual(["age"]);
    line.answersLeft = Infinity;
    must(await tablet.device().sync());
    expect(tablet.device().notices()).toEqual([]);
  });

  it("two on a device that was away while the organisation changed and a case was opened for its person", async () => {
    const world = await makeCaseWorld("answers for a device that was away");
    const line = lineTo(world);
    const nour = world.handset("nour on a weak line", line);
    await nour.restart(world.nour.store().contents());
    must(await nour.device().sync());
    const person = must(await world.shilan.device().ownPerson());
    await act(world.azad, [{ type: "PersonNamed", person: person ?? ("" as never), name: "Shilan" }]);
    must(await world.shilan.device().sync());
    const logId = await openNewCase(world.shilan);
    must(await world.shilan.device().tell(logId, recordFact("age", "adult")));
    must(await world.shilan.device().sync());
    line.asked.length = 0;
    line.answersLeft = 2;
    expect((await nour.device().sync()).ok).toBe(false);
    expect(line.asked).toEqual(["compare", "pull"]);
    expect(await saidOn(nour, logId)).toEqual(["age"]);
  });
});

describe("what a server says of the logs when it lets a fresh device in", () => {
  it("is never its last word: the first exchange ends only with a comparison of its own", async () => {
    const world = await makeCaseWorld("a list that leaves out");
    const logId = await openNewCase(world.shilan);
    await syncAll(world.shilan);
    const leavingOut: Carrier = {
      call: async (name, token, bytes) => {
        const answer = await world.server.call(name, token, bytes);
        const told = name === "sign-in" && answer.ok ? wire[name].decodeResponse(answer.value) : undefined;
        if (told?.fresh === undefined) return answer;
        return ok(wire["sign-in"].encodeResponse({ ...told, fresh: { ...told.fresh, logs: [] } }));
      },
    };
    const tablet = world.handset("tablet", leavingOut);
    const digits = must(await world.shilan.device().kit());
    must(await tablet.device().enrolWithKit({ digits, password, language: "ckb" }));
    must(await tablet.device().sync());
    expect(await tablet.device().viewCase(logId)).toMatchObject({ ok: true });
  });
});
