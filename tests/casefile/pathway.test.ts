/** The case file and the real pathway fit together: whole cases walked with the national pack. */

import { join } from "node:path";
import { type Facts, type PreparedPack, assess, parseFacts, preparePack } from "@amana/pathway";
import { type PackSource, compilePack, readPack } from "@amana/proof";
import { beforeAll, describe, expect, test } from "vitest";
import { isClosed } from "../../packages/casefile/src/closure/closure.ts";
import { riskLevel } from "../../packages/casefile/src/risk/risk.ts";
import { tellsDanger } from "../../packages/casefile/src/risk/weighed.ts";
import {
  consent,
  guardianConsent,
  lawStep,
  recordFact,
  takedown,
} from "../../packages/casefile/src/testing/commands.ts";
import { recipientOf, shilan } from "../../packages/casefile/src/testing/people.ts";
import {
  closeAdult,
  closeChild,
  endAdult,
  walkAdult,
  walkAdultOn,
  walkChild,
  walkChildOn,
} from "../../packages/casefile/src/testing/walks.ts";
import { type World, must, newWorld, refusal, wholeCase } from "../../packages/casefile/src/testing/world.ts";
import { factsOf } from "../../packages/casefile/src/views/facts-of.ts";

let source: PackSource;
let pack: PreparedPack;

beforeAll(() => {
  const read = readPack(join(import.meta.dirname, "../../packs/iraq-online-violence"));
  if (!read.ok) throw new Error("The national pack cannot be read.");
  source = read.value;
  pack = preparePack(compilePack(source));
});

/** Every fact the case file hands on is one the pack knows, with a value it allows. */
const advisedWorld = (): World => {
  const world = newWorld();
  world.adviser = (state, now) => {
    const facts = parseFacts(pack.pack, factsOf(state, now));
    if (!facts.ok) throw new Error(`The pack does not know ${JSON.stringify(facts.error)}`);
    return { answer: assess(pack, facts.value), facts: facts.value };
  };
  return world;
};

describe("with the national pack", () => {
  test("Hala's case goes from first contact to closure", () => {
    const world = advisedWorld();
    walkAdult(world);
    walkAdultOn(world);
    expect(riskLevel(wholeCase(world))).toBe("high");
    expect(refusal(world, shilan, takedown("T-takeitdown", world.now, "takedown-2"))).toBe("ConsentMissing");
    must(world, shilan, consent("removal", "T-takeitdown"));
    expect(refusal(world, shilan, takedown("T-takeitdown", world.now, "takedown-2"))).toBe("ToolNotOpen");
    closeAdult(world, endAdult(world));
    expect(isClosed(wholeCase(world))).toBe(true);
    expect(
      world.entries.flatMap(({ events }) => events).filter(({ type }) => type === "TakedownRequested"),
    ).toMatchObject([{ advice: { pack: { id: "iraq-online-violence" }, because: expect.any(Array) as unknown } }]);
  });

  test("the child's case goes by her own agreement and the best-interests decision", () => {
    const world = advisedWorld();
    walkChild(world);
    const emergency = world.entries.at(-1)?.envelope.entry;
    if (emergency === undefined) throw new Error("The walk wrote nothing.");
    expect(refusal(world, shilan, guardianConsent("removal", "T-takeitdown"))).toBe("GuardianNotToBeAsked");
    walkChildOn(world, emergency);
    expect(refusal(world, shilan, { type: "RecordEvidencePreserved", kept: ["own-files"] })).toBe("OnlyAddresses");
    const alone = lawStep({ agency: recipientOf("A-dcvaw"), accompaniedBy: { kind: "nobody" }, happenedAt: world.now });
    expect(refusal(world, shilan, alone)).toBe("NotAccompanied");
    closeChild(world);
    expect(isClosed(wholeCase(world))).toBe(true);
  });

  test("every answer that raises the level or shortens the time to act is one that tells of danger (S-6, S-14)", () => {
    const scenario = (id: string): Facts => source.scenarios.find((each) => each.id === id)?.facts ?? {};
    const calm = scenario("normal-online-insults");
    expect(Object.keys(calm).length).toBeGreaterThan(10);
    const child = { ...calm, age: "child", "age-in-image": "child", "guardian-unsafe": "no" };
    const bases: readonly Facts[] = [calm, child, { ...calm, "sexual-content": "yes" }, { ...child, harm: [] }, {}];
    const hoursOf = (facts: Facts): number => assess(pack, facts).risk.actWithinHours ?? Infinity;
    const weight = (facts: Facts): number => ["normal", "medium", "high"].indexOf(assess(pack, facts).risk.level);
    let raising = 0;
    for (const base of bases)
      for (const { id, kind, values } of pack.pack.facts)
        for (const value of values) {
          const given = kind === "list" ? [value] : value;
          const facts = { ...base, [id]: given };
          if (weight(facts) <= weight(base) && hoursOf(facts) >= hoursOf(base)) continue;
          raising += 1;
          expect([id, value, tellsDanger(recordFact(id, given))]).toEqual([id, value, true]);
        }
    expect(raising).toBeGreaterThan(30);
  });
});
