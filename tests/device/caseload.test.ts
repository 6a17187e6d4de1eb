/** The caseload from its index: as folding every case would say, after any restart, at any later moment. */

import { due, searchKeysOf, type CaseCommand, type DueItem } from "@amana/casefile";
import type { CaseDue } from "@amana/device";
import type { LogId } from "@amana/log";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consent, openCase, recordFact } from "../../packages/casefile/src/testing/commands.ts";
import { codeOf, hours, itemOf, startAt } from "../../packages/casefile/src/testing/people.ts";
import { loadBuckets } from "../../packages/device/src/case/caseload.ts";
import { loadRows } from "../../packages/device/src/case/refresh.ts";
import { makeCaseWorld, must, openNewCase, syncAll, type CaseWorld, type Handset } from "./case-world.ts";

const change = { correction: { kind: "changed", because: "She said so." } } as const;

const name = { type: "RecordDetail", field: "name", saidBy: "survivor" } as const;

const commands: readonly CaseCommand[] = [
  recordFact("age", "adult", change),
  recordFact("age", "child", change),
  recordFact("immediate-danger", "yes", change),
  consent("store-file", "own-organisation"),
  consent("store-file", "own-organisation", { expiresAt: hours(30) }),
  { type: "RecordDetail", field: "name", saidBy: "survivor", value: { kind: "given", text: "هالة كريم" } },
  { type: "RecordDetail", field: "phone", saidBy: "survivor", value: { kind: "given", text: "+964 750 123 4567" } },
  { type: "RaiseRisk", level: "medium", because: "He writes again." },
  { type: "RaiseRisk", level: "high", because: "He stood at her door." },
  { type: "RecordRiskResponse", measures: "She sleeps at her aunt's." },
  { type: "PlanFollowUp", followUp: itemOf("follow-1"), about: "call", dueAt: hours(20) },
  { type: "AssessRisk" },
  {
    type: "AgreeSafeContact",
    how: "telephone-call",
    reach: "0750 765 4321",
    when: "in the mornings",
    nameToUse: "her cousin",
    mayLeaveMessage: false,
    mustNotKnow: [],
    validUntilAt: hours(40),
  },
];

/** Without the index, everything is made again from the logs. */
const withoutIndex = (handset: Handset): ReadonlyMap<string, Uint8Array<ArrayBuffer>> =>
  new Map([...handset.store().contents()].filter(([name]) => !name.startsWith("index/")));

const rowsOf = async (handset: Handset) => {
  const rows = await handset.unlocked().inTurn(() => loadRows(handset.unlocked()));
  return [...rows.values()].sort((one, other) => (one.logId < other.logId ? -1 : 1));
};

const whens = ["overdue", "due", "coming"] as const;

/** Grouped as the first screen shows it, the list of all that is due says the same: how many cases, and the first of them. */
const expectSameByCase = async ({ device }: Handset, listed: readonly CaseDue[], shownMax: number): Promise<void> => {
  const logIds = [...new Set(listed.map(({ logId }) => logId))];
  const ofCase = (logId: LogId) => listed.filter((item) => item.logId === logId);
  const shown = must(await device().dueByCase({ overdue: shownMax, due: shownMax, coming: shownMax }));
  for (const when of whens) {
    const cases = logIds.filter((logId) => ofCase(logId)[0]?.when === when);
    expect(shown[when].count).toBe(cases.length);
    expect(shown[when].cases.map(({ logId }) => logId)).toEqual(cases.slice(0, shownMax));
    for (const { logId, items } of shown[when].cases) {
      const kept = ofCase(logId).filter((item) => when === "coming" || item.when !== "coming");
      expect(items.map((item) => ({ ...item, logId }))).toEqual(kept);
    }
  }
  const first = must(await device().firstDues());
  expect([...first].map(([logId, item]) => ({ ...item, logId })).sort(byLog)).toEqual(
    logIds.map((logId) => ofCase(logId)[0]).sort(byLog),
  );
};

const byLog = (one: CaseDue | undefined, other: CaseDue | undefined): number =>
  (one?.logId ?? "") < (other?.logId ?? "") ? -1 : 1;

/** What folding each case says is due, case by case. */
const dueByFolding = async ({ device }: Handset, logIds: readonly LogId[], now: ReturnType<CaseWorld["now"]>) => {
  const all = [];
  for (const logId of logIds) {
    const { state, due: listed } = must(await device().viewCase(logId));
    expect(listed.map(({ kind }) => kind).sort()).toEqual(
      due(state, now)
        .map(({ kind }) => kind)
        .sort(),
    );
    all.push(...listed.map((item) => ({ ...item, logId })));
  }
  return all;
};

const sorted = (items: readonly object[]): readonly string[] => items.map((item) => JSON.stringify(item)).sort();

type Step =
  | { readonly kind: "tell"; readonly by: number; readonly about: number; readonly what: number }
  | { readonly kind: "sync"; readonly by: number }
  | { readonly kind: "restart"; readonly by: number }
  | { readonly kind: "open"; readonly by: number }
  | { readonly kind: "pass"; readonly hours: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("tell" as const),
      by: fc.nat(2),
      about: fc.nat(3),
      what: fc.nat(commands.length - 1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sync" as const), by: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const), by: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("open" as const), by: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pass" as const), hours: fc.integer({ min: 1, max: 30 }) }) },
);

const walk = async (world: CaseWorld, steps: readonly Step[]): Promise<readonly LogId[]> => {
  const people = [world.shilan, world.nour, world.azad] as const;
  const logIds = [await openNewCase(world.shilan)];
  await syncAll(...people);
  for (const step of steps) {
    if (step.kind === "pass") {
      world.pass(step.hours * 60);
      continue;
    }
    const by = people[step.by] ?? world.shilan;
    if (step.kind === "open") logIds.push(await openNewCase(by));
    else if (step.kind === "sync") must(await by.device().sync());
    else if (step.kind === "restart") await by.restart();
    else await by.device().tell(logIds[step.about % logIds.length] as LogId, commands[step.what] as CaseCommand);
  }
  return logIds;
};

describe("the caseload", () => {
  it(
    "property: after a restart the index says what folding every case says, and so does what is due at any later moment",
    { timeout: 300_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), fc.integer(), fc.nat(60), async (steps, seed, later) => {
          const world = await makeCaseWorld(`caseload ${seed}`);
          const { shilan } = world;
          await walk(world, steps);
          await shilan.restart();
          const kept = await rowsOf(shilan);
          const buckets = await loadBuckets(shilan.unlocked());
          expect([...buckets.values()].flatMap((rows) => rows ?? []).length).toBe(kept.length);
          await shilan.restart(withoutIndex(shilan));
          const made = await rowsOf(shilan);
          // What is due was judged at another moment; it is compared below.
          const lasting = kept.map(({ due: _due, dueUntil: _until, ...row }) => row);
          expect(made.map(({ due: _due, dueUntil: _until, ...row }) => row)).toEqual(lasting);
          world.pass(later * 60);
          const listed = must(await shilan.device().due());
          const held = made.map(({ logId }) => logId);
          expect(sorted(listed)).toEqual(sorted(await dueByFolding(shilan, held, world.now())));
          await expectSameByCase(shilan, listed, later % 4);
        }),
        { numRuns: 12 },
      );
    },
  );

  it("finds a case in whatever spelling, and says how near it comes", async () => {
    const { shilan } = await makeCaseWorld("search");
    const logId = await openNewCase(shilan, { ...openCase, code: codeOf("KRI-2026-0777") });
    for (const command of [commands[0], commands[3], commands[5], commands[6]])
      must(await shilan.device().tell(logId, command as CaseCommand));
    const find = async (names: readonly string[], phones: readonly string[], ids: readonly string[]) =>
      must(await shilan.device().findCases({ names, phones, ids })).map(({ match }) => match);
    expect(await find([], ["0750 123 4567"], [])).toEqual(["same"]);
    expect(await find(["Hala Karim"], [], [])).toEqual(["likely"]);
    expect(await find(["كريم"], [], [])).toEqual(["likely"]);
    expect(await find([], [], ["kri-2026-0777"])).toEqual(["same"]);
    expect(await find(["Dina"], ["0750 999 9999"], [])).toEqual([]);
    const view = must(await shilan.device().viewCase(logId));
    expect(searchKeysOf(view.state).length).toBeGreaterThan(3);
  });

  it("gives of many that are found the nearest, and says how many there are", async () => {
    const { shilan } = await makeCaseWorld("nearest");
    const named = async (text: string): Promise<void> => {
      const logId = await openNewCase(shilan);
      for (const command of [commands[0], commands[3], { ...name, value: { kind: "given", text } } as const])
        must(await shilan.device().tell(logId, command as CaseCommand));
    };
    for (const text of ["Hala Rashid", "Hala Karim", "Hala Osman", "Dina Salih"]) await named(text);
    const query = { names: ["Hala Karim"], phones: [], ids: [] };
    const all = must(await shilan.device().findCases(query));
    expect(all.map(({ match }) => match)).toEqual(["likely", "possible", "possible"]);
    expect(must(await shilan.device().findNearest(query, 2))).toEqual({ count: 3, nearest: all.slice(0, 2) });
    // What is written after the first search, or after one was prepared, is found by the next.
    must(await shilan.device().prepareSearch());
    await named("Hala Jasim");
    expect(must(await shilan.device().findNearest(query, 0))).toEqual({ count: 4, nearest: [] });
  });

  it("says of a case that is found what is due first, as the list of all that is due does", async () => {
    const world = await makeCaseWorld("found and due");
    const { shilan } = world;
    const [calm, danger] = [await openNewCase(shilan), await openNewCase(shilan)];
    must(await shilan.device().tell(danger, commands[8] as CaseCommand));
    must(await shilan.device().tell(calm, commands[7] as CaseCommand));
    for (const laterBy of [0, 60, 60 * 24 * 3, 60 * 24 * 40]) {
      world.pass(laterBy);
      const due = must(await shilan.device().due());
      for (const { codes } of must(await shilan.device().listCases())) {
        const [found] = must(await shilan.device().findCases({ names: [], phones: [], ids: codes }));
        const first = due.find(({ logId }) => logId === found?.summary.logId);
        const { logId: _logId, ...item } = { logId: undefined, ...first };
        expect(found?.firstDue).toEqual(first === undefined ? undefined : item);
      }
    }
  });

  it("knows that something agreed has ended, though all that is due was looked through before", async () => {
    const world = await makeCaseWorld("ended");
    const { shilan } = world;
    const logId = await openNewCase(shilan);
    for (const place of [0, 4, 12]) must(await shilan.device().tell(logId, commands[place] as CaseCommand));
    for (const laterBy of [0, 60 * 29, 60 * 2, 60 * 8, 60 * 4]) {
      world.pass(laterBy);
      const listed = must(await shilan.device().due());
      expect(sorted(listed)).toEqual(sorted(await dueByFolding(shilan, [logId], world.now())));
    }
  });

  it("shows the most pressing first over all cases: overdue, then the more dangerous", async () => {
    const world = await makeCaseWorld("pressing");
    const { shilan } = world;
    const calm = await openNewCase(shilan);
    const danger = await openNewCase(shilan);
    must(await shilan.device().tell(danger, commands[8] as CaseCommand));
    must(await shilan.device().tell(calm, commands[7] as CaseCommand));
    const soon = must(await shilan.device().due()).filter(({ kind }) => kind === "risk-clock");
    expect(soon.map(({ logId, when }) => [logId, when])).toEqual([
      [danger, "due"],
      [calm, "coming"],
    ]);
    world.pass(25 * 60);
    expect(must(await shilan.device().due())[0]).toMatchObject({ logId: danger, kind: "risk-clock", when: "overdue" });
  });

  it("shows no level over a danger that nobody has weighed, and when it must have been assessed (G-SAFE-5)", async () => {
    const world = await makeCaseWorld("told since");
    const { shilan } = world;
    const logId = await openNewCase(shilan);
    must(await shilan.device().tell(logId, { type: "AssessRisk" }));
    const first = async () => must(await shilan.device().due()).find(({ kind }) => kind === "risk-not-assessed");
    const level = async () => must(await shilan.device().listCases()).map((row) => row.level);
    expect([await level(), await first()]).toEqual([["normal"], undefined]);
    must(await shilan.device().tell(logId, commands[2] as CaseCommand));
    const toldAt = world.now();
    expect(await level()).toEqual([undefined]);
    for (const [laterBy, when] of [
      [23 * 60, "due"],
      [2 * 60, "overdue"],
    ] as const) {
      world.pass(laterBy);
      expect(await first()).toMatchObject({ logId, when, dueAt: toldAt + 24 * 3_600_000 });
    }
    must(await shilan.device().tell(logId, { type: "AssessRisk" }));
    expect([await level(), await first()]).toEqual([["high"], undefined]);
  });

  it("is due as soon as the organisation's policy says, once a second person has agreed", async () => {
    const world = await makeCaseWorld("policy");
    const { shilan, nour, azad } = world;
    const logId = await openNewCase(shilan);
    await syncAll(shilan, nour, azad);
    const assessmentDue = async (): Promise<readonly number[]> => {
      const isAsked = ({ kind }: DueItem): boolean => kind === "assessment-to-make";
      const listed = must(await shilan.device().due()).filter(isAsked);
      const viewed = must(await shilan.device().viewCase(logId)).due.filter(isAsked);
      expect(viewed.map(({ dueAt }) => dueAt)).toEqual(listed.map(({ dueAt }) => dueAt));
      return [...new Set(listed.map(({ dueAt }) => (dueAt - startAt) / 3_600_000))];
    };
    expect(await assessmentDue()).toEqual([48]);
    must(await nour.device().setPolicy({ due: { firstAssessmentHours: 6 } }));
    await syncAll(nour, azad, shilan);
    expect(await assessmentDue()).toEqual([48]);
    for (const { entry } of must(await azad.device().proposals())) must(await azad.device().confirmProposal(entry));
    await syncAll(azad, shilan);
    expect(await assessmentDue()).toEqual([6]);
    await shilan.restart();
    expect(await assessmentDue()).toEqual([6]);
  });

  it("starts a clock when this device first saw the entry, if the author's own clock runs ahead", async () => {
    const world = await makeCaseWorld("clock ahead");
    const { shilan, nour } = world;
    const logId = await openNewCase(shilan);
    await syncAll(shilan, nour);
    nour.minutesAhead = 60 * 24 * 365;
    must(await nour.device().tell(logId, commands[8] as CaseCommand));
    await syncAll(nour, shilan);
    const clock = must(await shilan.device().due()).find(({ kind }) => kind === "risk-clock");
    expect((clock?.dueAt ?? 0) - world.now()).toBe(24 * 3_600_000);
    expect(shilan.device().notices()).toContainEqual({ type: "ClockDiffers", logId, minutes: 60 * 24 * 365 });
  });
});
