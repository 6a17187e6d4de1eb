/** Cases that were opened without the network are begun together, each by itself, whatever is lost on the way. */

import { err, ok } from "@amana/kernel";
import type { LogId } from "@amana/log";
import type { RequestName } from "@amana/sync";
import { describe, expect, it } from "vitest";
import { recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { makeHostileServer, type HostileServer } from "../hostile/hostile-server.ts";
import { makeCaseWorld, must, openNewCase, syncAll, type CaseWorld, type Handset } from "./case-world.ts";

type Opened = CaseWorld & {
  readonly server: CaseWorld["server"];
  readonly between: HostileServer;
  readonly rojin: Handset;
  readonly asked: RequestName[];
  readonly logIds: readonly LogId[];
};

/** Shilan has opened three cases on a device without a network. */
const openThree = async (seed: string): Promise<Opened> => {
  const world = await makeCaseWorld(seed);
  const asked: RequestName[] = [];
  const between = makeHostileServer({
    call: (name, token, bytes) => {
      asked.push(name);
      return world.server.call(name, token, bytes);
    },
  });
  const rojin = world.handset("shilan between", between);
  await rojin.restart(world.shilan.store().contents());
  const logIds: LogId[] = [];
  for (const fact of ["one", "two", "three"]) {
    const logId = await openNewCase(rojin);
    must(await rojin.device().tell(logId, recordFact(fact, "yes")));
    logIds.push(logId);
  }
  return { ...world, between, rojin, asked, logIds };
};

const count = (asked: readonly RequestName[], wanted: RequestName): number =>
  asked.filter((name) => name === wanted).length;

const expectAllThere = async ({ rojin, nour, logIds }: Opened): Promise<void> => {
  await syncAll(rojin, nour);
  expect(must(await rojin.device().syncState()).unsent).toBe(0);
  expect(must(await rojin.device().pendingChanges())).toEqual([]);
  for (const [at, fact] of ["one", "two", "three"].entries()) {
    const { state } = must(await nour.device().viewCase(logIds[at] ?? ("" as never)));
    expect([...state.facts.saidByFact.keys()]).toEqual([fact]);
  }
};

describe("cases that were opened without the network", () => {
  it("are begun with one request", async () => {
    const opened = await openThree("begun together");
    must(await opened.rojin.device().sync());
    expect([count(opened.asked, "begin-logs"), count(opened.asked, "append-control")]).toEqual([1, 0]);
    await expectAllThere(opened);
  });

  it.each(["before it came", "after it was carried out"])(
    "are begun once where the request is lost %s",
    async (when) => {
      const opened = await openThree(`begun together, lost ${when}`);
      opened.between.order({
        lies: {
          "begin-logs": async ({ pass }) => {
            if (when === "after it was carried out") await pass();
            return err({ type: "Unreachable" });
          },
        },
      });
      expect((await opened.rojin.device().sync()).ok).toBe(false);
      const pending = must(await opened.rojin.device().pendingChanges());
      expect(pending.map(({ change, refusedAs }) => [change.kind, refusedAs])).toEqual(
        opened.logIds.map(() => ["open", undefined]),
      );
      opened.between.order({});
      await expectAllThere(opened);
      for (const logId of opened.logIds) {
        const log = opened.server.state.logs.get(logId);
        expect(log?.entries.filter(({ header }) => header.kind === "control")).toHaveLength(1);
      }
    },
  );

  it.each(["not-for-you", "not-now", "quota", "malformed"] as const)(
    "of which the server says %s are tried alone, and keep back no other",
    async (result) => {
      const opened = await openThree(`begun together, ${result}`);
      opened.between.order({
        lies: {
          "begin-logs": async ({ request, pass }) => {
            const answer = await pass({ logs: request.logs.slice(1) });
            return answer.ok ? ok({ results: [result, ...answer.value.results] }) : answer;
          },
        },
      });
      must(await opened.rojin.device().sync());
      expect(count(opened.asked, "append-control")).toBe(1);
      await expectAllThere(opened);
    },
  );

  it("are begun alone by a server that refuses to begin many", async () => {
    const opened = await openThree("begun alone");
    opened.between.order({
      lies: {
        "begin-logs": () => Promise.resolve(err({ type: "Refused", code: "TooManyRequests", afterSeconds: undefined })),
      },
    });
    must(await opened.rojin.device().sync());
    expect(count(opened.asked, "append-control")).toBe(3);
    await expectAllThere(opened);
  });

  it("are begun one after the other on a line that bears no more, and go on where it broke off", async () => {
    const opened = await openThree("begun on a weak line");
    opened.rojin.unlocked().desk.bytesAtOnce = 1;
    opened.between.order({
      lies: {
        "begin-logs": ({ pass }) =>
          count(opened.asked, "begin-logs") > 0 ? Promise.resolve(err({ type: "Unreachable" })) : pass(),
      },
    });
    expect(await opened.rojin.device().sync()).toEqual(err({ type: "Unreachable" }));
    const begunAtFirst = opened.logIds.filter((logId) => opened.server.state.logs.has(logId));
    expect(begunAtFirst).toEqual(opened.logIds.slice(0, 1));
    opened.between.order({});
    await expectAllThere(opened);
  });

  it("stay unsent, and that is said, where a server only says that it has begun them", async () => {
    const opened = await openThree("said to be begun");
    opened.between.order({
      lies: {
        "begin-logs": ({ request }) => Promise.resolve(ok({ results: request.logs.map(() => "begun" as const) })),
      },
    });
    must(await opened.rojin.device().sync());
    expect(must(await opened.rojin.device().syncState()).unsent).toBeGreaterThan(0);
    const told = opened.rojin.device().notices();
    for (const logId of opened.logIds) expect(told).toContainEqual({ type: "CannotSend", logId });
  });
});
