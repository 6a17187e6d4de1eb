/** A weak line that may end at any moment: little at once, and in an order that tells nothing. */

import type { CaseCommand } from "@amana/casefile";
import { err, ok } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { wire } from "@amana/sync";
import { describe, expect, it } from "vitest";
import { recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { hours, itemOf } from "../../packages/casefile/src/testing/people.ts";
import { atPace, bytesAtFirst, pushInSteps } from "../../packages/device/src/logs/pace.ts";
import { act, invite, makeCaseWorld, must, openNewCase, syncAll } from "./case-world.ts";
import type { Carrier } from "./memory-server.ts";

const raise = (level: "medium" | "high"): CaseCommand => ({
  type: "RaiseRisk",
  level,
  because: "He writes again.",
});
const followUp = (inHours: number): CaseCommand => ({
  type: "PlanFollowUp",
  followUp: itemOf("follow-1"),
  about: "call",
  dueAt: hours(inHours),
});

describe("a device on a weak line", () => {
  it("asks for little at first, for more after each whole answer, and for little again after a failure", async () => {
    const world = await makeCaseWorld("pace of pulls");
    const asked: number[] = [];
    const listening: Carrier = {
      call: (name, token, bytes) => {
        if (name === "pull") asked.push(wire.pull.decodeRequest(bytes)?.bytesMax ?? 0);
        return world.server.call(name, token, bytes);
      },
    };
    const rojin = world.handset("rojin", listening);
    await invite(world.nour, rojin);
    must(await rojin.device().sync());
    const reader = { kind: "person", person: must(await rojin.device().ownPerson()) ?? ("" as never) } as const;
    const logId = await openNewCase(world.shilan);
    must(await world.shilan.device().sync());
    must(await world.shilan.device().giveAccess(logId, reader));
    await syncAll(world.shilan, rojin);
    asked.length = 0;
    let count = 0;
    const news = async (): Promise<void> => {
      must(await world.shilan.device().tell(logId, recordFact(`news-${"abcdefg".charAt(count++)}`, "yes")));
      must(await world.shilan.device().sync());
      await rojin.device().sync();
    };
    await rojin.restart();
    for (let each = 0; each < 5; each++) await news();
    expect(asked).toEqual([32_768, 65_536, 131_072, 262_144, 262_144]);
    asked.length = 0;
    // The request after the comparison is the pull.
    rojin.faults.push("none", "lost-before");
    await news();
    await news();
    expect(asked).toEqual([bytesAtFirst]);
    expect(must(await rojin.device().viewCase(logId)).state.facts.saidByFact.size).toBe(7);
  });

  it("sends little at first, in the order it was written, and stops where the line ends", async () => {
    const { shilan } = await makeCaseWorld("pace of pushes");
    const unlocked = shilan.unlocked();
    const logId = await openNewCase(shilan);
    unlocked.desk.bytesAtOnce = bytesAtFirst;
    const entries = Array.from({ length: 60 }, (_, at) => ({ logId, bytes: new Uint8Array(8_192).fill(at) }));
    const sent: number[][] = [];
    const answered = await pushInSteps(unlocked, entries, async (request) => {
      sent.push(request.logs.flatMap((log) => log.entries.map(([first]) => first ?? -1)));
      return atPace(unlocked, Promise.resolve(ok(undefined)));
    });
    expect(answered.ok).toBe(true);
    expect(sent.map(({ length }) => length)).toEqual([4, 8, 16, 28, 4]);
    expect(sent.flat()).toEqual(Array.from({ length: 60 }, (_, at) => at));
    let requests = 0;
    const broken = await pushInSteps(unlocked, entries, async () => {
      requests++;
      return atPace(unlocked, Promise.resolve(err({ type: "Unreachable" })));
    });
    expect(broken).toEqual(err({ type: "Unreachable" }));
    expect(requests).toBe(1);
    expect(unlocked.desk.bytesAtOnce).toBe(bytesAtFirst);
  });

  it("asks for cases in the order of their random ids, whatever they say: the server reads no risk off it", async () => {
    const world = await makeCaseWorld("order of pulls");
    const asked: string[] = [];
    const listening: Carrier = {
      call: (name, token, bytes) => {
        if (name === "pull") asked.push(...(wire.pull.decodeRequest(bytes)?.wants ?? []).map(({ logId }) => logId));
        return world.server.call(name, token, bytes);
      },
    };
    const nour = world.handset("nour listening", listening);
    await nour.restart(world.nour.store().contents());
    const { shilan } = world;
    const told: readonly (readonly CaseCommand[])[] = [
      [{ type: "AssessRisk" }, followUp(2)],
      [raise("high"), { type: "RecordRiskResponse", measures: "She is at her aunt's." }],
      [raise("medium")],
      [raise("high"), followUp(1)],
      [],
    ];
    const logIds: LogId[] = [];
    for (const commands of told) {
      const logId = await openNewCase(shilan);
      logIds.push(logId);
      for (const command of commands) must(await shilan.device().tell(logId, command));
    }
    await syncAll(shilan, nour);
    for (const logId of logIds) must(await shilan.device().tell(logId, followUp(200)));
    const person = must(await shilan.device().ownPerson());
    await act(world.azad, [{ type: "PersonNamed", person: person ?? ("" as never), name: "Shilan" }]);
    must(await shilan.device().sync());
    asked.length = 0;
    must(await nour.device().sync());
    const organisation = nour.unlocked().organisation()?.logId;
    expect(asked).toEqual([organisation, ...[...logIds].sort()]);
  });
});
