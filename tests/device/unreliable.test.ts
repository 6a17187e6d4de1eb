/** Networks that lose things at any moment, servers that answer what they like, and what fits no more. */

import { due, type CaseCommand } from "@amana/casefile";
import { err, ok } from "@amana/kernel";
import type { LogId } from "@amana/log";
import { describe, expect, it } from "vitest";
import { closeCase, consent, legalRisk, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { hours } from "../../packages/casefile/src/testing/people.ts";
import type { WantedAct } from "../../packages/device/src/access/wanted-act.ts";
import { indexPartBytesMax, loadBuckets, rowChanges } from "../../packages/device/src/case/caseload.ts";
import { loadRows } from "../../packages/device/src/case/refresh.ts";
import { heldLogsMax } from "../../packages/device/src/logs/held-log.ts";
import { indexBucketOf } from "../../packages/device/src/logs/names.ts";
import { makeHostileServer, type Lies, type Orders } from "../hostile/hostile-server.ts";
import { invite, makeCaseWorld, must, openNewCase, syncAll, type Handset } from "./case-world.ts";

const raise = (because: string): CaseCommand => ({ type: "RaiseRisk", level: "high", because });
const stateOn = async (handset: Handset, logId: LogId) => must(await handset.device().viewCase(logId)).state;

/** Rojin's server lies as it is ordered; the others' is the same one, and honest. */
const behindLies = async (seed: string) => {
  const world = await makeCaseWorld(seed);
  const hostile = makeHostileServer(world.server);
  const rojin = world.handset("rojin", hostile);
  await invite(world.nour, rojin);
  await syncAll(world.nour, world.azad, rojin);
  const logId = await openNewCase(rojin);
  await syncAll(rojin, world.nour);
  const order = (orders: Orders): void => hostile.order(orders);
  return { ...world, rojin, logId, order };
};

/** Something that anybody may say of the organisation. */
const listing = async ({ device }: Handset): Promise<WantedAct> => ({
  type: "ProviderListed",
  listing: {
    provider: must(await device().newProviderId()),
    names: { ckb: "سەنتەری ژنان" },
    services: ["shelter"],
    governorates: [],
    reach: "",
    hours: "",
    serves: "",
    cost: "free",
    checkedOn: "2026-11-22",
  },
});
const pending = ok({ entry: undefined, stands: "pending" });

describe("a network that loses any one request", () => {
  it.each(["lost-before", "lost-after"] as const)(
    "never loses a reader what they are owed: it comes with the next sync (%s)",
    { timeout: 300_000 },
    async (fault) => {
      const world = await makeCaseWorld(`reader ${fault}`);
      for (let request = 0, isOver = false; !isOver; request++) {
        const rojin = world.handset(`rojin ${request}`);
        await invite(world.nour, rojin);
        rojin.faults.push(...Array.from({ length: request }, () => "none" as const), fault);
        await rojin.device().sync();
        const logId = await openNewCase(world.shilan);
        must(await world.shilan.device().tell(logId, raise("For everybody.")));
        must(await world.shilan.device().sync());
        must(
          await world.shilan
            .device()
            .giveAccess(logId, { kind: "person", person: must(await rojin.device().ownPerson()) ?? ("" as never) }),
        );
        await world.shilan.device().sync();
        await rojin.device().sync();
        isOver = rojin.faults.length > 0;
        rojin.faults.length = 0;
        const person = must(await rojin.device().ownPerson());
        must(await rojin.device().sync());
        must(await world.shilan.device().sync());
        must(
          await world.shilan
            .device()
            .giveAccess(logId, { kind: "person", person: (person ?? must(await rojin.device().ownPerson())) as never }),
        );
        await syncAll(world.shilan, rojin);
        expect(await stateOn(rojin, logId)).toEqual(await stateOn(world.shilan, logId));
      }
    },
  );
});

describe("a device that is full", () => {
  const levels = async (at: Handset, logId: LogId) => (await stateOn(at, logId)).risk.said.length;

  /** As long as several cases go together, one of them is not served to this account. */
  const oneByOne: Lies["push"] = ({ request, pass }) =>
    request.logs.length === 1
      ? pass()
      : Promise.resolve(err({ type: "Refused", code: "NotForYou", afterSeconds: undefined }));

  it.each([
    ["together", undefined],
    ["one by one", oneByOne],
  ])("sends what it had sealed before, in every case, %s, though it can fetch and note nothing", async (how, push) => {
    const { rojin, nour, order, logId } = await behindLies(`full, ${how}`);
    const other = await openNewCase(rojin);
    await syncAll(rojin, nour);
    for (const each of [logId, other]) must(await rojin.device().tell(each, raise("Sealed, and not sent yet.")));
    order({ lies: { push: async () => Promise.resolve(err({ type: "Unreachable" })) } });
    await rojin.device().sync();
    order({});
    must(await nour.device().tell(logId, raise("There is no room for this.")));
    must(await nour.device().sync());
    rojin.fates.push(...Array.from({ length: 100 }, () => "full" as const));
    order({ lies: push === undefined ? {} : { push } });
    expect(await rojin.device().sync()).toEqual(err({ type: "StoreFull" }));
    must(await nour.device().sync());
    expect([await levels(nour, logId), await levels(nour, other)]).toEqual([2, 1]);
    rojin.fates.length = 0;
    await syncAll(rojin, nour);
    expect(must(await rojin.device().syncState()).unsent).toBe(0);
    expect(await levels(rojin, logId)).toBe(2);
    expect(await levels(nour, logId)).toBe(2);
  });
});

describe("a server that answers what it likes", () => {
  it("and takes no entry keeps nobody from working: what waits is told, and goes out later", async () => {
    const { rojin, nour, order, logId } = await behindLies("takes nothing");
    must(await rojin.device().tell(logId, raise("It must not be lost.")));
    for (const result of ["malformed", "log-full", "quota"] as const) {
      order({
        lies: {
          push: async ({ request }) =>
            Promise.resolve(
              ok({ logs: request.logs.map((log) => ({ logId: log.logId, results: log.entries.map(() => result) })) }),
            ),
        },
      });
      must(await rojin.device().sync());
      expect(must(await rojin.device().syncState()).unsent).toBe(1);
      expect(rojin.device().notices()).toContainEqual({ type: "CannotSend", logId });
    }
    order({});
    await syncAll(rojin, nour);
    expect((await stateOn(nour, logId)).risk.said).toHaveLength(1);
  });

  it("and lets nobody append is told so, and the change waits", async () => {
    const { rojin, order, logId } = await behindLies("appends nothing");
    must(await rojin.device().proposeErasure(logId, ["ab".repeat(32) as never]));
    order({ lies: { "append-control": async () => Promise.resolve(ok({ isAppended: false, tip: undefined })) } });
    await rojin.device().sync();
    expect(must(await rojin.device().pendingChanges())).toHaveLength(1);
    order({
      lies: {
        "append-control": async () =>
          Promise.resolve(err({ type: "Refused", code: "NotForYou", afterSeconds: undefined })),
      },
    });
    await rojin.device().sync();
    order({
      lies: {
        "append-control": async () =>
          Promise.resolve(err({ type: "Refused", code: "OurMistake", afterSeconds: undefined })),
      },
    });
    await rojin.device().sync();
    // Until the server has answered, nothing else of the log is sealed.
    must(await rojin.device().tell(logId, raise("After the append.")));
    await rojin.device().sync();
    expect(must(await rojin.device().viewCase(logId)).state.risk.said).toHaveLength(1);
    order({});
    must(await rojin.device().sync());
    expect(must(await rojin.device().syncState()).unsent).toBe(0);
  });

  it.each(["QuotaReached", "NotNow", "OurMistake"] as const)(
    "and takes one change not now (%s) is given all else: nobody's other work waits for it",
    async (code) => {
      const { rojin, nour, order, logId } = await behindLies(`not now ${code}`);
      const refused = err({ type: "Refused", code, afterSeconds: undefined } as const);
      const organisation = must(await nour.device().organisationLog());
      const opened = await openNewCase(rojin);
      must(await rojin.device().tell(logId, recordFact("first", "yes")));
      for (const notTaken of [opened, organisation]) {
        order({
          lies: {
            "append-control": ({ request, pass }) => (request.logId === notTaken ? Promise.resolve(refused) : pass()),
          },
        });
        if (notTaken === organisation) expect(await rojin.device().actOrWait(await listing(rojin))).toEqual(pending);
        expect(await rojin.device().sync()).toEqual(refused);
        must(await nour.device().sync());
        expect((await stateOn(nour, logId)).facts.saidByFact.size).toBe(notTaken === opened ? 1 : 2);
        must(await rojin.device().tell(logId, recordFact(notTaken === opened ? "second" : "third", "yes")));
      }
      expect(must(await nour.device().viewCase(opened)).openers).toHaveLength(3);
      order({});
      await syncAll(rojin, nour);
      expect(must(await rojin.device().syncState()).unsent).toBe(0);
      expect((await stateOn(nour, logId)).facts.saidByFact.size).toBe(3);
    },
  );

  it("and says that everything is otherwise is asked twice and no more", async () => {
    const { rojin, nour, order, logId } = await behindLies("always otherwise");
    must(await nour.device().tell(logId, raise("Kept back.")));
    must(await nour.device().sync());
    let pulls = 0;
    order({
      lies: {
        pull: async ({ request }) => {
          pulls++;
          return Promise.resolve(
            ok({
              logs: request.wants.map(({ logId: each, after }) => ({
                logId: each,
                after,
                isSame: false,
                entries: [],
                end: after,
              })),
              wraps: [],
            }),
          );
        },
      },
    });
    must(await rojin.device().sync());
    expect(pulls).toBeLessThan(20);
    order({});
    must(await rojin.device().sync());
    expect((await stateOn(rojin, logId)).risk.said).toHaveLength(1);
  });

  it("and breaks off at any one request is asked again later", { timeout: 120_000 }, async () => {
    for (const name of ["compare", "pull", "list-hashes", "read-wraps", "append-control", "push"] as const) {
      const { rojin, nour, azad, server, order, logId } = await behindLies(`breaks off at ${name}`);
      must(await nour.device().tell(logId, raise("From Nour.")));
      must(await nour.device().renewAccess(logId));
      await syncAll(nour, azad);
      must(await rojin.device().tell(logId, recordFact("age", "adult")));
      must(await rojin.device().adoptEntries(logId, [server.state.logs.get(logId)?.entries[0]?.hash as never]));
      order({ lies: { [name]: async () => Promise.resolve(err({ type: "Unreachable" })) } });
      await rojin.device().sync();
      order({});
      await syncAll(rojin, nour);
      expect(must(await rojin.device().syncState()).unsent).toBe(0);
      expect(await stateOn(nour, logId)).toEqual(await stateOn(rojin, logId));
    }
  });
});

describe("a server that was put back to an older state", () => {
  it("is made whole whichever request is lost meanwhile, and nobody's work is lost", { timeout: 120_000 }, async () => {
    for (let request = 0, isOver = false; !isOver; request++) {
      const { shilan, nour, azad, server } = await makeCaseWorld(`put back ${String(request)}`);
      const logId = await openNewCase(shilan);
      await syncAll(shilan, nour);
      const log = server.state.logs.get(logId);
      if (log === undefined) throw new Error("The case is on the server.");
      const { tip, entries } = log;
      const kept = entries.length;
      must(await shilan.device().tell(logId, recordFact("lost-there", "yes")));
      must(await shilan.device().sync());
      must(await shilan.device().proposeErasure(logId, [tip ?? ("" as never)]));
      must(await shilan.device().sync());
      for (const { hash } of log.entries.splice(kept)) log.places.delete(hash);
      log.digests.splice(kept + 1);
      log.tip = tip;
      must(await nour.device().tell(logId, recordFact("written-meanwhile", "yes")));
      must(await nour.device().sync());
      must(await shilan.device().tell(logId, recordFact("written-offline", "yes")));
      must(await shilan.device().renewAccess(logId));
      shilan.faults.push(...Array.from({ length: request }, () => "none" as const), "lost-before");
      await shilan.device().sync();
      isOver = shilan.faults.length > 0;
      shilan.faults.length = 0;
      await syncAll(shilan, nour, azad);
      for (const each of [shilan, nour, azad]) {
        const { facts } = await stateOn(each, logId);
        const said = [...facts.saidByFact.keys()].sort();
        expect(said, String(request)).toEqual(["lost-there", "written-meanwhile", "written-offline"]);
        expect(must(await each.device().peopleWhoCanRead(logId)).erasures).toHaveLength(1);
      }
      expect(must(await shilan.device().pendingChanges())).toEqual([]);
      expect(must(await shilan.device().syncState()).unsent).toBe(0);
    }
  });
});

describe("what fits no more", () => {
  it("is refused before it is written down: an entry has a longest length", async () => {
    const { shilan } = await makeCaseWorld("too long");
    const logId = await openNewCase(shilan);
    must(await shilan.device().tell(logId, recordFact("age", "adult")));
    must(await shilan.device().tell(logId, consent("store-file", "own-organisation")));
    const long = "ئەوە".repeat(2000);
    const told = await shilan.device().tell(logId, {
      ...legalRisk,
      immediateRisks: long,
      secondaryRisks: long,
      benefits: long,
      protectionBefore: long,
      protectionDuring: long,
      protectionAfter: long,
    });
    expect(told).toEqual({ ok: false, error: { type: "TooLong" } });
    expect(must(await shilan.device().viewCase(logId)).unsent).toHaveLength(3);
  });

  it("makes room: cases that are not open lie in storage, and open again", { timeout: 120_000 }, async () => {
    const { shilan } = await makeCaseWorld("many open");
    const first = await openNewCase(shilan);
    must(await shilan.device().tell(first, raise("The first.")));
    for (let count = 0; count < heldLogsMax + 3; count++) await openNewCase(shilan);
    expect(shilan.unlocked().held.has(first)).toBe(false);
    expect(shilan.unlocked().held.size).toBeLessThanOrEqual(heldLogsMax);
    expect((await stateOn(shilan, first)).risk.said).toHaveLength(1);
    must(await shilan.device().sync());
    expect(must(await shilan.device().syncState()).unsent).toBe(0);
  });

  it("has several boxes: a bucket of the index with more rows than one holds", async () => {
    const { shilan } = await makeCaseWorld("large bucket");
    const logId = await openNewCase(shilan);
    const unlocked = shilan.unlocked();
    const row = (await loadRows(unlocked)).get(logId);
    if (row === undefined) throw new Error("The case has a row.");
    const rows = Array.from({ length: 40 }, (_, at) => ({
      ...row,
      logId: `${logId.slice(0, 2)}${String(at).padStart(30, "0")}` as LogId,
      searchKeys: "name:هالة".repeat(indexPartBytesMax / 110),
    }));
    const changes = await rowChanges(unlocked, new Map(rows.map((each) => [each.logId, each])), rows);
    expect(changes.filter(({ value }) => value !== undefined).length).toBeGreaterThan(3);
    await unlocked.ports.store.write(changes);
    expect((await loadBuckets(unlocked)).get(indexBucketOf(logId))).toEqual(rows);
    // One of its boxes is another's: the whole bucket is made again.
    const [one, other] = changes;
    if (one?.value === undefined || other?.value === undefined) throw new Error("There are several boxes.");
    await unlocked.ports.store.write([{ name: one.name, value: other.value }]);
    expect((await loadBuckets(unlocked)).get(indexBucketOf(logId))).toBeUndefined();
    await shilan.restart();
    const made = await shilan.unlocked().inTurn(() => loadRows(shilan.unlocked()));
    expect([...made.keys()]).toEqual([logId]);
  });
});

describe("time that goes by", () => {
  it("brings what runs out to the list of what is due, though nobody wrote anything", async () => {
    const world = await makeCaseWorld("runs out");
    const { shilan } = world;
    const logId = await openNewCase(shilan);
    must(await shilan.device().tell(logId, recordFact("age", "adult")));
    must(await shilan.device().tell(logId, consent("store-file", "own-organisation", { expiresAt: hours(60) })));
    must(
      await shilan.device().tell(logId, {
        type: "AgreeSafeContact",
        how: "telephone-call",
        reach: "0750 765 4321",
        when: "in the mornings",
        nameToUse: "her cousin",
        mayLeaveMessage: false,
        mustNotKnow: [],
        validUntilAt: hours(20),
      }),
    );
    const kinds = async () => must(await shilan.device().due()).map(({ kind }) => kind);
    expect(await kinds()).not.toContain("safe-contact");
    await shilan.restart();
    world.pass(21 * 60);
    expect(await kinds()).toContain("safe-contact");
    expect((await kinds()).sort()).toEqual(
      due(await stateOn(shilan, logId), world.now())
        .map(({ kind }) => kind)
        .sort(),
    );
  });

  it("leaves a closed case in the list as closed", async () => {
    const world = await makeCaseWorld("closed");
    const { shilan } = world;
    const logId = await openNewCase(shilan);
    must(await shilan.device().tell(logId, recordFact("age", "adult")));
    must(await shilan.device().tell(logId, consent("store-file", "own-organisation")));
    must(await shilan.device().tell(logId, { type: "AssessRisk" }));
    const closed = await shilan.device().tell(logId, closeCase());
    if (!closed.ok) throw new Error(JSON.stringify(closed.error));
    expect(must(await shilan.device().listCases())).toMatchObject([{ stage: "closed", age: "adult" }]);
  });
});
